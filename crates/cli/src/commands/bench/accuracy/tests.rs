//! With the real model, which is fetched where it is missing, on the hand-written labelled files.

use std::collections::BTreeMap;
use std::path::Path;
use std::process::ExitCode;

use berika_evaluate::Figure;
use clap::Parser;
use serde_json::Value;

use super::Args;

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
    let mut line = vec!["accuracy", "--test", test];
    if !more.contains(&"--train") {
        line.extend(["--train", &train]);
    }
    let (json_text, predictions_text) = (json.display().to_string(), predictions.display().to_string());
    line.extend(["--json", &json_text, "--predictions", &predictions_text]);
    line.extend(more);
    super::run(&Line::try_parse_from(line)?.args)?;
    let figures = serde_json::from_slice(&std::fs::read(json)?)?;
    let mut by_id = BTreeMap::new();
    for line in std::fs::read_to_string(predictions)?.lines() {
        let row: Value = serde_json::from_str(line)?;
        by_id.insert(row["id"].as_str().unwrap_or_default().to_owned(), row);
    }
    Ok((figures, by_id))
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
    assert_eq!(figures["confidence_kind"], "calibrated");
    for figure in Figure::ALL {
        let estimate = &figures[figure.name()];
        if figure == Figure::AcceptedPrecision && estimate.is_null() {
            continue;
        }
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
        assert!(row["auto"].is_boolean() && row["labels"].is_null() && row["seed"].is_null());
        assert_eq!(row["confidence_kind"], "calibrated");
        row["category"][0].is_string()
    });
    assert_eq!(right.count(), 20);
    let auto = predictions.values().filter(|row| row["auto"] == true).count();
    assert_eq!(figures["accepted"]["value"], auto as f64 / 20.0);
    assert_eq!(figures["policy"]["accepted"], figures["accepted"]["value"]);
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
    let unknown =
        Line::try_parse_from(["accuracy", "--fail-under", "accuracy=0.5"]).err().unwrap().to_string();
    assert!(unknown.contains("no figure \"accuracy\"; known are top1, top3"), "{unknown}");
}

/// A file of rows or categories.
fn written(folder: &Path, name: &str, text: &str) -> String {
    let file = folder.join(name);
    std::fs::write(&file, text).unwrap();
    file.display().to_string()
}

#[test]
fn files_of_another_taxonomy_are_refused_and_single_strange_rows_noted() {
    let folder = tempfile::tempdir().unwrap();
    let test = fixture("labelled.test.jsonl");
    let taxonomy = fixture("taxonomy.jsonl");
    let refused =
        |test: &str, more: &[&str]| format!("{:#}", measure(folder.path(), test, more).unwrap_err());
    let odd = "{\"id\": \"odd\", \"title\": \"Odd\", \"category\": [\"Odd\"]}\n";
    let odd = written(folder.path(), "odd.jsonl", odd);
    let other = refused(&test, &["--categories", &odd]);
    assert!(other.contains("no row of ") && other.contains("labelled.train.jsonl"), "{other}");
    assert!(other.contains("not among the categories") && other.contains("another taxonomy"), "{other}");
    assert!(refused(&odd, &["--categories", &taxonomy]).contains("no row of"));
    let none = written(folder.path(), "none.jsonl", "");
    let none = refused(&test, &["--categories", &none]);
    assert!(none.contains("none.jsonl has no category"), "{none}");
    let both = std::fs::read_to_string(&test).unwrap() + &std::fs::read_to_string(&odd).unwrap();
    let both = written(folder.path(), "both.jsonl", &both);
    let (figures, _) = measure(folder.path(), &both, &["--categories", &taxonomy]).unwrap();
    let note = figures["notes"][0].as_str().unwrap();
    assert!(note.contains("1 of 21 rows") && note.contains("line 21: \"Odd\""), "{note}");
    // Of the training file every row that counts as a label must have a category, so the line is named.
    let train = std::fs::read_to_string(fixture("labelled.train.jsonl")).unwrap();
    let few = written(folder.path(), "few.jsonl", train.lines().next().unwrap());
    let strange = refused(&test, &["--labels", "all", "--categories", &few]);
    assert!(strange.contains("train.jsonl, line ") || strange.contains("no row of"), "{strange}");
}

#[test]
fn labels_of_one_class_are_noted() {
    let folder = tempfile::tempdir().unwrap();
    let test = fixture("labelled.test.jsonl");
    let row = |id| format!("{{\"id\": {id}, \"title\": \"Oat milk\", \"category\": [\"Food\", \"Milk\"]}}\n");
    let one = written(folder.path(), "one.jsonl", &(row(1) + &row(2)));
    let (figures, _) = measure(folder.path(), &test, &["--train", &one, "--labels", "all"]).unwrap();
    let note = figures["notes"][0].as_str().unwrap();
    assert!(note.contains("all 2 labels are of one category, \"Food > Milk\""), "{note}");
}

#[test]
fn a_curve_has_a_cell_for_every_number_of_labels_and_seed() {
    let folder = tempfile::tempdir().unwrap();
    let test = fixture("labelled.test.jsonl");
    let curve = ["--labels", "all,10,0,1000", "--seeds", "2", "--fail-under", "top1=0.99,top5=0.1"];
    let (figures, _) = measure(folder.path(), &test, &curve).unwrap();
    let lines = std::fs::read_to_string(folder.path().join("p.jsonl")).unwrap();
    let lines: Vec<Value> = lines.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert_eq!(lines.len(), 3 * 2 * 20);
    let points = figures["curve"].as_array().unwrap();
    assert_eq!(points.iter().map(|point| point["labels"].as_u64().unwrap()).collect::<Vec<_>>(), [0, 10, 40]);
    assert!(figures["notes"][0].as_str().unwrap().contains("1000 labels left out"));
    assert_eq!((&figures["labels"], &figures["seed"]), (&40.into(), &1.into()));
    let last = points[2]["figures"]["top1"]["mean"].as_f64().unwrap();
    let held = figures["fail_under"].as_array().unwrap();
    assert_eq!(held[0]["found"], last);
    assert_eq!((&held[0]["reached"], &held[1]["reached"]), (&false.into(), &true.into()));
    // The same cell measured alone.
    let (alone, predictions) = measure(folder.path(), &test, &["--labels", "10", "--seed", "2"]).unwrap();
    let run = &points[1]["runs"][1];
    assert_eq!(run["seed"], 2);
    for figure in Figure::ALL {
        assert_eq!(run[figure.name()], alone[figure.name()], "{figure:?}");
    }
    let cell = lines.iter().filter(|line| line["labels"] == 10 && line["seed"] == 2);
    let mut met = 0;
    for line in cell {
        let alone = &predictions[line["id"].as_str().unwrap()];
        assert_eq!((&line["candidates"], &line["confidence"]), (&alone["candidates"], &alone["confidence"]));
        met += 1;
    }
    assert_eq!(met, 20);
}

#[test]
fn results_on_the_same_rows_are_compared() {
    let folder = tempfile::tempdir().unwrap();
    let test = fixture("labelled.test.jsonl");
    let (_, predictions) = measure(folder.path(), &test, &["--labels", "10"]).unwrap();
    let rows: Vec<Value> = predictions.into_values().collect();
    let file = |name: &str, rows: &[Value]| {
        let lines: Vec<String> = rows.iter().map(Value::to_string).collect();
        written(folder.path(), name, &lines.join("\n"))
    };
    let same = file("same.jsonl", &rows);
    let more = ["--labels", "0,10", "--against-precision", "int8", "--against-predictions", &same];
    let (figures, _) = measure(folder.path(), &test, &more).unwrap();
    let against = figures["against"].as_array().unwrap();
    assert!(against[0]["name"].as_str().unwrap().contains("int8"), "{}", against[0]["name"]);
    assert_eq!(against[0]["comparisons"].as_array().unwrap().len(), 2);
    assert_eq!(against[0]["curve"][1]["labels"], 10);
    let itself = &against[1]["comparisons"][0];
    assert_eq!((&itself["labels"], &itself["this"]), (&10.into(), &figures["top1"]["value"]));
    assert_eq!((&itself["difference"]["value"], &itself["pairs"][0]["p_value"]), (&0.0.into(), &1.0.into()));
    // What says nothing is wrong, whatever the program is that says it.
    let silent: Vec<Value> =
        rows.iter().map(|row| serde_json::json!({"id": row["id"], "category": null})).collect();
    let silent = file("silent.jsonl", &silent);
    let (figures, _) = measure(folder.path(), &test, &["--against-predictions", &silent]).unwrap();
    let compared = &figures["against"][0]["comparisons"][0];
    assert_eq!((&compared["other"], &compared["pairs"][0]["only_other"]), (&0.0.into(), &0.into()));

    let refused = |rows: &[Value]| {
        let file = file("bad.jsonl", rows);
        format!("{:#}", measure(folder.path(), &test, &["--against-predictions", &file]).unwrap_err())
    };
    assert!(refused(&rows[3..]).contains("no prediction for 3 of 20 test rows"));
    let twice = [&rows[..], &rows[..1]].concat();
    assert!(refused(&twice).contains("bad.jsonl, line 21: there is a prediction for"));
    assert!(refused(&[Value::from(1)]).contains("bad.jsonl, line 1 is no prediction"));
}

#[test]
fn names_of_categories_mean_nothing_in_the_pages() {
    let folder = tempfile::tempdir().unwrap();
    let row = |id: usize, name: &str| {
        let row = serde_json::json!({"id": id, "title": "mug", "language": "en", "category": ["<script>alert(1)</script>", name]});
        format!("{row}\n")
    };
    let name = "<img src='http://x.example/a.png' onerror=\"a()\">|`x`\n# y";
    let train = written(folder.path(), "t.jsonl", &(row(1, name) + &row(2, "Cups")));
    let test = written(folder.path(), "e.jsonl", &(row(3, name) + &row(4, "Cups")));
    let page = |name: &str| folder.path().join(name).display().to_string();
    let (markdown, html) = (page("out.md"), page("out.html"));
    let more =
        ["--train", &train, "--labels", "0,1,all", "--seeds", "2", "--markdown", &markdown, "--html", &html];
    measure(folder.path(), &test, &more).unwrap();
    let html = std::fs::read_to_string(html).unwrap();
    for outside in ["<script", "<img", "src=", "href", "url(", "@import"] {
        assert!(!html.replace("src=&#39;", "").contains(outside), "{outside}");
    }
    assert!(html.contains("&lt;script&gt;alert(1)&lt;/script&gt; &gt; Cups"));
    assert_eq!(html.matches("<svg ").count(), 3, "learning curve, reliability, precision over coverage");
    let markdown = std::fs::read_to_string(markdown).unwrap();
    assert!(markdown.contains("## By number of labels") && markdown.contains("## Most often confused"));
    assert!(!markdown.contains("<script") && !markdown.contains("<img") && !markdown.contains("`x`"));
    for line in markdown.lines().filter(|line| line.starts_with('|') && line.contains("Cups")) {
        assert!(line.starts_with("| &#60;script&#62;") && line.ends_with(" |"), "{line}");
    }
    // Written again, the pages are the same: they hold no time.
    let again = page("again.html");
    let more = ["--train", &train, "--labels", "0,1,all", "--seeds", "2", "--html", &again];
    measure(folder.path(), &test, &more).unwrap();
    assert_eq!(std::fs::read_to_string(again).unwrap(), html);
}

#[test]
fn a_figure_below_the_least_sets_the_exit_code() {
    let folder = tempfile::tempdir().unwrap();
    let (train, test) = (fixture("labelled.train.jsonl"), fixture("labelled.test.jsonl"));
    let json = folder.path().join("out.json").display().to_string();
    let ended = |least: &str| {
        let line = ["accuracy", "--train", &train, "--test", &test, "--json", &json, "--fail-under", least];
        super::run(&Line::try_parse_from(line).unwrap().args).unwrap()
    };
    assert_eq!(ended("top1=0,top5=0.1"), ExitCode::SUCCESS);
    assert_eq!(ended("top1=0,top5=1"), ExitCode::FAILURE);
}
