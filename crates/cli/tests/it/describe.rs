//! `berika describe` and `berika voice` from outside: files in, texts out.

use std::path::Path;
use std::process::{Child, Command, Output, Stdio};
use std::time::Duration;

use berika_testkit::{LanguageModelServer, Misbehaviour, ModelOptions, RateLimit};
use serde_json::{Value, json};

use crate::support::wait_until;

/// How many products the misbehaving server is asked about. `BERIKA_TEST_PRODUCTS` asks about more.
fn many() -> usize {
    std::env::var("BERIKA_TEST_PRODUCTS").ok().and_then(|count| count.parse().ok()).unwrap_or(120)
}

fn command(folder: &Path, arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_berika"));
    command.args(arguments).current_dir(folder);
    command
}

fn berika(folder: &Path, arguments: &[&str]) -> Output {
    command(folder, arguments).output().unwrap()
}

fn stderr(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned()
}

fn lines(path: &Path) -> Vec<Value> {
    let text = std::fs::read_to_string(path).unwrap();
    text.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

fn write_products(folder: &Path, count: usize) {
    let product = |number: usize| {
        json!({
            "id": format!("P{number}"), "title": format!("Gjutjärnsgryta {number} med lock {} l", 2 + number % 7),
            "brand": "Nordan", "language": "sv",
            "attributes": { "Färg": "Röd", "Vikt": format!("{} kg", 1 + number % 9), "Material": "Gjutjärn" },
            "category": { "sv": "Grytor", "en": "Pots" },
        })
    };
    let text: String = (0..count).map(|number| format!("{}\n", product(number))).collect();
    std::fs::write(folder.join("products.jsonl"), text).unwrap();
}

const LANGUAGES: &str = "sv,da,no,de,en";

#[test]
fn products_are_described_in_every_language_with_their_grounds() {
    let folder = tempfile::tempdir().unwrap();
    write_products(folder.path(), 3);
    let describe =
        ["describe", "--input", "products.jsonl", "--languages", LANGUAGES, "--output", "out.jsonl"];
    let done = berika(folder.path(), &describe);
    assert!(done.status.success(), "{}", stderr(&done));
    let texts = lines(&folder.path().join("out.jsonl"));
    assert_eq!(texts.len(), 15);
    for text in &texts {
        for part in ["title", "short", "long", "seo_title", "seo_description"] {
            assert!(!text[part].as_str().unwrap().is_empty(), "{part} of {text}");
        }
        assert_eq!(text["generator"], "composer");
        assert_eq!(text["ai"], json!([]));
        let sentences = text["sentences"].as_array().unwrap();
        assert!(
            sentences.iter().all(|sentence| !sentence["fields"].as_array().unwrap().is_empty()),
            "{text}"
        );
    }
    // What is there is not overwritten, and gone on with only if asked.
    let again = berika(folder.path(), &describe);
    assert!(!again.status.success() && stderr(&again).contains("--resume"), "{}", stderr(&again));
    let resumed = berika(folder.path(), &[&describe[..], &["--resume"]].concat());
    assert!(resumed.status.success(), "{}", stderr(&resumed));
    assert_eq!(lines(&folder.path().join("out.jsonl")), texts);
}

#[test]
fn mistakes_are_named() {
    let folder = tempfile::tempdir().unwrap();
    write_products(folder.path(), 1);
    let refused = |more: &[&str], wanted: &str| {
        let arguments = ["describe", "--input", "products.jsonl", "--output", "out.jsonl"];
        let done = berika(folder.path(), &[&arguments[..], more].concat());
        let said = stderr(&done);
        assert!(!done.status.success() && said.contains(wanted), "{said}");
    };
    refused(&["--languages", "klingon"], "language tag");
    refused(&["--languages", "sv", "--generator", "endpoint"], "--url and --model");
    refused(&["--languages", "sv", "--voice", "sv=nowhere.toml"], "nowhere.toml");
    refused(&["--languages", "sv", "--generator", "local", "--model", "products.jsonl"], "products.jsonl");
    std::fs::write(folder.path().join("products.jsonl"), "{\"title\": \"Vas\"}\n").unwrap();
    std::fs::remove_file(folder.path().join("out.jsonl")).unwrap();
    refused(&["--languages", "sv"], "products.jsonl, line 1");
}

#[test]
fn a_voice_file_is_checked_against_its_examples() {
    let folder = tempfile::tempdir().unwrap();
    let voice =
        "name = \"shop\"\nbanned = [\"billig*\"]\n[[examples]]\ntext = \"Grytan är billig.\"\nok = false\n";
    std::fs::write(folder.path().join("good.toml"), voice).unwrap();
    std::fs::write(folder.path().join("bad.toml"), voice.replace("ok = false", "ok = true")).unwrap();
    assert!(berika(folder.path(), &["voice", "check", "good.toml"]).status.success());
    let bad = berika(folder.path(), &["voice", "check", "good.toml", "bad.toml"]);
    let said = String::from_utf8_lossy(&bad.stdout).into_owned();
    assert_eq!(bad.status.code(), Some(1));
    assert!(said.contains("bad.toml: 0 of 1 examples") && said.contains("banned"), "{said}");
    std::fs::write(folder.path().join("typo.toml"), "baned = []\n").unwrap();
    let typo = berika(folder.path(), &["voice", "check", "typo.toml"]);
    assert!(stderr(&typo).contains("typo.toml") && stderr(&typo).contains("baned"), "{}", stderr(&typo));
}

/// A model that says what is true, and one thing that is not.
fn server(options: ModelOptions) -> LanguageModelServer {
    LanguageModelServer::start(options, |messages| {
        let input = messages.iter().rev().find(|message| message.role == "user").map_or("", |m| &m.content);
        let statements: Vec<&str> = input.lines().filter_map(|line| line.strip_prefix("- ")).collect();
        let mut long: Vec<&str> = statements.clone();
        long.push("Grytan är ekologisk och tål 500 grader.");
        json!({ "short": statements.iter().take(2).collect::<Vec<_>>(), "long": long }).to_string()
    })
    .unwrap()
}

#[test]
fn a_bad_endpoint_costs_no_text_and_never_more_than_the_budget_though_the_program_is_killed() {
    let folder = tempfile::tempdir().unwrap();
    let count = many();
    write_products(folder.path(), count);
    let server = server(ModelOptions {
        latency: Duration::from_millis(20),
        rate: Some(RateLimit { calls: 100, window: Duration::from_secs(1) }),
        every: vec![
            (10, Misbehaviour::Answer(berika_testkit::Answer::status(500))),
            (17, Misbehaviour::HalfContent),
            (41, Misbehaviour::BreakOff),
        ],
        ..ModelOptions::default()
    });
    // Enough for about two products of three.
    let budget = (count * 2_000).to_string();
    let url = server.base_url();
    let describe = [
        "describe",
        "--input",
        "products.jsonl",
        "--languages",
        "sv",
        "--output",
        "out.jsonl",
        "--resume",
        "--generator",
        "endpoint",
        "--url",
        &url,
        "--model",
        "loopback",
        "--allow",
        "127.0.0.1",
        "--budget-tokens",
        &budget,
        "--concurrency",
        "16",
        "--json",
    ];
    let out = folder.path().join("out.jsonl");
    let written = || std::fs::read_to_string(&out).map_or(0, |text| text.lines().count());
    for kill in 1..=3 {
        let mut child: Child =
            command(folder.path(), &describe).stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
        // Early in a job of thousands, all over a short one.
        let enough = (count * kill / 5).min(60 * kill);
        wait_until(|| written() >= enough);
        child.kill().unwrap();
        child.wait().unwrap();
    }
    let done = berika(folder.path(), &describe);
    assert!(done.status.success(), "{}", stderr(&done));

    let texts = lines(&out);
    let ids: Vec<String> = texts.iter().map(|text| text["id"].as_str().unwrap().to_owned()).collect();
    assert_eq!(ids, (0..count).map(|number| format!("P{number}")).collect::<Vec<_>>());
    let bill = server.bill();
    assert!(bill.prompt_tokens + bill.output_tokens <= (count * 2_000) as u64, "{bill:?}");
    let mut by = std::collections::BTreeMap::<String, usize>::new();
    for text in &texts {
        *by.entry(text["generator"].as_str().unwrap().to_owned()).or_default() += 1;
        let long = text["long"].as_str().unwrap();
        assert!(!long.is_empty() && !long.contains("ekologisk") && !long.contains("500 grader"), "{text}");
        match text["generator"].as_str().unwrap() {
            "endpoint" => {
                assert_eq!(text["origin"]["model"], "loopback");
                assert!(text["ai"].as_array().unwrap().contains(&json!("long")), "{text}");
                assert_eq!(text["guard"]["removed"][0]["part"], "long", "{text}");
            }
            // A text by the composer says why the model's is not there.
            _ => assert!(!text["guard"]["causes"].as_array().unwrap().is_empty(), "{text}"),
        }
    }
    assert!(by["endpoint"] > count / 4, "{by:?}");
    println!("{count} products: {by:?}, billed {bill:?}");
}
