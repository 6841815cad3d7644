//! Two models compared on the same products, before anyone plans anything.

use std::path::{Path, PathBuf};

use serde_json::{Value, json};

use crate::assortment::{LEAVES, csv, rows};
use crate::support::{Company, Done};

const MODEL: &str = "sentence-transformers/all-MiniLM-L6-v2";

/// Words that say what a product is.
const KINDS: [&str; 10] =
    ["Tea", "Coffee", "Hammer", "Screwdriver", "Dog", "Food", "Cat", "Litter", "Light", "Towel"];

/// Labelled products: each of the forty twice, by the category's id, and without the word that says it by its path.
fn labelled(company: &Company, least: usize) -> PathBuf {
    let mut lines = String::new();
    for (at, row) in rows().iter().enumerate().take(least) {
        let (id, name, ..) = LEAVES[at / 5];
        let (branch, _) = id.split_once('.').unwrap();
        for told in [true, false] {
            let words = row.title.split(' ').filter(|word| told || !KINDS.contains(word));
            let title = format!("One of a kind: {}", words.collect::<Vec<_>>().join(" "));
            let category = if told { json!([id]) } else { json!([branch, name]) };
            let product = json!({
                "id": format!("L{at}-{told}"), "title": title, "brand": row.brand,
                "language": "en", "category": category,
            });
            lines.push_str(&format!("{product}\n"));
        }
    }
    let path = company.path("labelled.jsonl");
    std::fs::write(&path, lines).unwrap();
    path
}

/// The model cut short: it reads two tokens of each text.
fn short_sighted(company: &Company) -> String {
    let from = berika_models::locate(MODEL, &berika_models::default_cache_dir().unwrap()).unwrap();
    let folder = company.path("short-sighted");
    copy(&from, &folder);
    std::fs::write(
        folder.join("sentence_bert_config.json"),
        json!({"max_seq_length": 4, "do_lower_case": false}).to_string(),
    )
    .unwrap();
    folder.to_str().unwrap().to_owned()
}

fn copy(from: &Path, to: &Path) {
    std::fs::create_dir_all(to).unwrap();
    for entry in std::fs::read_dir(from).unwrap() {
        let entry = entry.unwrap();
        let target = to.join(entry.file_name());
        if std::fs::metadata(entry.path()).unwrap().is_dir() {
            copy(&entry.path(), &target);
        } else {
            std::fs::copy(entry.path(), target).unwrap();
        }
    }
}

fn compare(company: &Company, arguments: &[&str]) -> Done {
    company.berika(&[&["recategorise", "compare"], arguments].concat())
}

fn estimate(value: &Value) -> [f64; 3] {
    ["value", "low", "high"].map(|name| value[name].as_f64().unwrap())
}

#[test]
fn the_better_of_two_models_is_told_with_its_interval_and_nothing_changes() {
    let company = Company::with_feed(&csv(&rows()));
    company.run().with_code(0);
    let published = company.digest();
    let file = labelled(&company, 40);
    let file = file.to_str().unwrap();
    let short = short_sighted(&company);
    let said = compare(&company, &["--model", MODEL, "--model", &short, "--labelled", file, "--json"]);
    let said = said.with_code(0).json();
    assert_eq!((&said["rows"], &said["notes"]), (&json!(80), &json!([])), "{said}");
    let [first, second] = [&said["models"][0], &said["models"][1]];
    let [value, low, high] = estimate(&first["top1"]);
    assert!(value > 0.6 && low <= value && value <= high, "{first}");
    assert!(estimate(&second["top1"])[0] < value, "{second}");
    assert!(second["computed"].as_u64() > Some(80) && first["dimensions"] == 384, "{second}");
    assert!(
        first["bytes"].as_u64().unwrap() > 10_000_000
            && first["milliseconds_per_text"].as_f64().unwrap() > 0.0
    );
    assert_eq!(said["verdict"]["winner"], "first", "{}", said["verdict"]);
    let split = &said["paired"]["pairs"][0];
    let only = said["only_first"].as_array().unwrap();
    assert_eq!(only.len() as u64, split["only_this"].as_u64().unwrap().min(10));
    assert!(only.iter().all(|one| one["first"] == one["right"][0] && one["second"] != one["right"][0]));
    assert_eq!(company.digest(), published);
    assert_eq!(company.run().with_code(0).items("publish"), 0, "and the next run finds nothing to do");

    let text = compare(&company, &["--model", MODEL, "--model", MODEL, "--labelled", file]).with_code(0).out;
    assert!(text.contains("the two are right on the same 80 products"), "{text}");
    assert!(text.contains("0 vectors"), "what was computed is kept: {text}");
}

#[test]
fn what_cannot_be_compared_is_said() {
    let company = Company::with_feed(&csv(&rows()));
    company.run().with_code(0);
    let refused = |arguments: &[&str], part: &str| {
        let error = compare(&company, arguments).with_code(1).err;
        assert!(error.contains(part), "{error}");
    };
    let both = ["--model", MODEL, "--model", MODEL];
    refused(&[&both[..], &["--audits"]].concat(), "at least 50 more are needed");
    let few = labelled(&company, 10);
    refused(&[&both[..], &["--labelled", few.to_str().unwrap()]].concat(), "20 products are too few");
    refused(&["--model", MODEL, "--audits"], "give --model twice");
    refused(&["--model", MODEL, "--model", "no-such-model", "--audits"], "no-such-model");
    refused(&both, "--labelled");
}
