//! With the real model, which is fetched where it is missing, on the hand-written labelled files.

use std::collections::BTreeMap;
use std::path::Path;

use clap::Parser;
use serde_json::Value;

use super::*;

#[derive(Parser)]
struct Line {
    #[command(flatten)]
    args: Args,
}

fn fixture(name: &str) -> String {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../fixtures").join(name).display().to_string()
}

/// The figures, and the predictions by id.
fn measure(folder: &Path, test: &str, more: &[&str]) -> anyhow::Result<(Value, BTreeMap<String, Value>)> {
    let (json, predictions) = (folder.join("out.json"), folder.join("p.jsonl"));
    let train = fixture("labelled.train.jsonl");
    let mut line = vec!["accuracy", "--train", &train, "--test", test];
    let (json_text, predictions_text) = (json.display().to_string(), predictions.display().to_string());
    line.extend(["--json", &json_text, "--predictions", &predictions_text]);
    line.extend(more);
    run(&Line::try_parse_from(line)?.args)?;
    let figures = serde_json::from_slice(&std::fs::read(json)?)?;
    let mut by_id = BTreeMap::new();
    for line in std::fs::read_to_string(predictions)?.lines() {
        let row: Value = serde_json::from_str(line)?;
        by_id.insert(row["id"].as_str().unwrap_or_default().to_owned(), row);
    }
    Ok((figures, by_id))
}

#[test]
fn labels_are_a_number_or_all() {
    assert_eq!("all".parse(), Ok(Labels::All));
    assert_eq!("300".parse(), Ok(Labels::Some(300)));
    assert!("-1".parse::<Labels>().is_err());
    assert_eq!((Labels::All.count(5), Labels::Some(9).count(5)), (5, 5));
}

#[test]
fn figures_and_predictions_have_the_form_that_others_read() {
    let folder = tempfile::tempdir().unwrap();
    let test = fixture("labelled.test.jsonl");
    let (figures, predictions) = measure(folder.path(), &test, &["--labels", "all", "--seed", "3"]).unwrap();
    assert_eq!(figures["rows"], 20);
    assert_eq!(figures["categories"], 20);
    assert_eq!((&figures["seed"], &figures["labels"]), (&Value::from(3), &Value::from(40)));
    assert_eq!(figures["model"], "all-MiniLM-L6-v2");
    assert_eq!(figures["confidence_kind"], "uncalibrated");
    for metric in ["top1", "top3", "top5", "macro_f1", "hierarchical_f1"] {
        let estimate = &figures[metric];
        let value = |name: &str| estimate[name].as_f64().unwrap();
        assert!(0.0 <= value("low") && value("low") <= value("high") && value("high") <= 1.0, "{estimate}");
    }
    assert!(figures["products_per_second"].as_f64().unwrap() > 0.0);
    assert!(figures["seconds"]["embed_test"].as_f64().unwrap() > 0.0);
    assert_eq!(predictions.len(), 20);
    let right = predictions.values().filter(|row| {
        assert_eq!(row["candidates"].as_array().unwrap().len(), 5);
        assert_eq!(row["category"], row["candidates"][0]["category"]);
        assert!((0.0..=1.0).contains(&row["confidence"].as_f64().unwrap()));
        assert_eq!(
            (&row["auto"], &row["confidence_kind"]),
            (&Value::from(false), &Value::from("uncalibrated"))
        );
        row["category"][0].is_string()
    });
    assert_eq!(right.count(), 20);
}

#[test]
fn a_rows_prediction_does_not_depend_on_the_other_test_rows() {
    let folder = tempfile::tempdir().unwrap();
    let test = fixture("labelled.test.jsonl");
    let taxonomy = fixture("taxonomy.jsonl");
    let more = ["--labels", "10", "--categories", &taxonomy];
    let (figures, together) = measure(folder.path(), &test, &more).unwrap();
    assert_eq!(figures["categories"], 75, "those of the file, whatever occurs in the rows");
    let text = std::fs::read_to_string(&test).unwrap();
    let few: Vec<&str> = text.lines().rev().step_by(5).collect();
    let few_file = folder.path().join("few.jsonl");
    std::fs::write(&few_file, few.join("\n")).unwrap();
    let (_, apart) = measure(folder.path(), &few_file.display().to_string(), &more).unwrap();
    assert_eq!(apart.len(), 4);
    for (id, row) in &apart {
        assert_eq!(row["category"], together[id]["category"]);
        let (one, other) =
            (row["confidence"].as_f64().unwrap(), together[id]["confidence"].as_f64().unwrap());
        // The encoder's batches differ, and with them the last digits.
        assert!((one - other).abs() < 1e-4, "{id}: {one} and {other}");
    }
}

#[test]
fn what_cannot_be_measured_says_why() {
    let folder = tempfile::tempdir().unwrap();
    let empty = folder.path().join("empty.jsonl");
    std::fs::write(&empty, "\n").unwrap();
    let refused = |test: &Path, more: &[&str]| {
        format!("{:#}", measure(folder.path(), &test.display().to_string(), more).unwrap_err())
    };
    assert!(refused(&empty, &[]).contains("empty.jsonl has no rows"));
    assert!(refused(&folder.path().join("none.jsonl"), &[]).contains("none.jsonl"));
    let test = fixture("labelled.test.jsonl");
    let model = refused(Path::new(&test), &["--model", "no-such-model"]);
    assert!(model.contains("no-such-model"), "{model}");
    let few = folder.path().join("few.jsonl");
    std::fs::write(&few, "{\"id\": \"a\", \"category\": [\"Odd\"]}\n").unwrap();
    let few = few.display().to_string();
    let strange = refused(Path::new(&test), &["--labels", "5", "--categories", &few]);
    assert!(
        strange.contains("labelled.train.jsonl, line ") && strange.contains("not among the categories"),
        "{strange}"
    );
}
