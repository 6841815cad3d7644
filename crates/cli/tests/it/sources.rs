//! Sources that give more than one file, or less than a whole one.

use std::time::{Duration, SystemTime};

use berika_testkit::{Answer, SeenRequest};
use serde_json::Value;

use crate::support::{ACCEPT_ALL, Company, Done, endpoint};

/// A supplier with this source.
fn supplier(id: &str, kind: &str, format: &str, source: &str) -> String {
    format!(
        "[[suppliers]]\nid = \"{id}\"\ndelivery = \"{kind}\"\nformat = {{ type = \"{format}\" }}\n\
         fields = {{ sku = \"sku\", title = \"title\" }}\n[suppliers.source]\n{source}\n"
    )
}

/// Puts a file into the watched folder, written so many seconds after a fixed moment.
fn put(company: &Company, name: &str, content: &str, seconds: u64) {
    let folder = company.path("incoming");
    std::fs::create_dir_all(&folder).unwrap();
    let path = folder.join(name);
    std::fs::write(&path, content).unwrap();
    let time = SystemTime::UNIX_EPOCH + Duration::from_secs(1_700_000_000 + seconds);
    std::fs::File::options().write(true).open(path).unwrap().set_modified(time).unwrap();
}

fn company(suppliers: &[String]) -> Company {
    let company = Company::new();
    company.configure(suppliers, &[endpoint("shop", &company.shop.url(), "")], ACCEPT_ALL);
    company
}

/// What became of each delivery of a supplier, in order.
fn outcomes(done: &Done, id: &str) -> Vec<Value> {
    let all = done.json()["suppliers"].as_array().unwrap().clone();
    all.into_iter().filter(|entry| entry["id"] == id).map(|entry| entry["outcome"].clone()).collect()
}

fn kinds(outcomes: &[Value]) -> Vec<&str> {
    outcomes.iter().map(|outcome| outcome["delivery"].as_str().unwrap()).collect()
}

fn title(company: &Company, key: &str) -> Option<String> {
    let (_, document) = company.published(key)?;
    Some(document.to_string())
}

const WATCH: &str = "watch = { folder = \"incoming\", pattern = \"*.csv\", settle_seconds = 0";

#[test]
fn deltas_of_a_folder_come_in_one_after_the_other_and_once() {
    let source = format!("{WATCH}, archive = \"incoming/archive\" }}");
    let company = company(&[supplier("alfa", "delta", "csv", &source)]);
    put(&company, "b.csv", "sku,title\n1,Second lamp\n2,Table\n", 20);
    put(&company, "a.csv", "sku,title\n1,Third lamp\n", 30);
    put(&company, "c.csv", "sku,title\n1,First lamp\n3,Chair\n", 10);
    put(&company, "d.csv", "sku,title\n1,Third lamp\n", 40);
    put(&company, "e.csv", "sku,title\n2,Newer table\n", 50);
    let done = company.run().with_code(0);
    let came = outcomes(&done, "alfa");
    assert_eq!(kinds(&came), ["taken-in", "taken-in", "taken-in", "unchanged", "taken-in"], "{}", done.out);
    assert!(title(&company, "alfa/2").unwrap().contains("Newer table"), "the same bytes again stop nothing");
    assert!(title(&company, "alfa/1").unwrap().contains("Third lamp"), "the newest is the last word");
    assert!(title(&company, "alfa/3").is_some());
    assert!(company.path("incoming/archive/c.csv").exists() && !company.path("incoming/a.csv").exists());
    assert_eq!(kinds(&outcomes(&company.run().with_code(0), "alfa")), ["unchanged"]);
}

#[test]
fn a_delta_that_cannot_be_read_keeps_those_after_it_waiting() {
    let company = company(&[supplier("alfa", "delta", "csv", &format!("{WATCH} }}"))]);
    put(&company, "1.csv", "sku,title\n1,Lamp\n", 10);
    put(&company, "2.csv", "<!DOCTYPE html><html><title>Log in</title></html>", 20);
    put(&company, "3.csv", "sku,title\n1,Newest lamp\n", 30);
    let first = company.run().with_code(2);
    assert_eq!(kinds(&outcomes(&first, "alfa")), ["taken-in", "failed"], "{}", first.out);
    assert_eq!(kinds(&outcomes(&company.run().with_code(2), "alfa")), ["failed"]);
    std::fs::remove_file(company.path("incoming/2.csv")).unwrap();
    assert_eq!(kinds(&outcomes(&company.run().with_code(0), "alfa")), ["taken-in"]);
    assert!(title(&company, "alfa/1").unwrap().contains("Newest lamp"));
}

#[test]
fn of_full_deliveries_the_newest_counts_and_an_older_one_does_not_come_back() {
    let company = company(&[supplier("alfa", "full", "csv", &format!("{WATCH} }}"))]);
    put(&company, "1.csv", "sku,title\n1,Old lamp\n", 10);
    assert_eq!(kinds(&outcomes(&company.run().with_code(0), "alfa")), ["taken-in"]);
    put(&company, "2.csv", "sku,title\n1,New lamp\n", 20);
    assert_eq!(kinds(&outcomes(&company.run().with_code(0), "alfa")), ["taken-in"]);
    std::fs::remove_file(company.path("incoming/2.csv")).unwrap();
    assert_eq!(kinds(&outcomes(&company.run().with_code(0), "alfa")), ["unchanged"]);
    assert!(title(&company, "alfa/1").unwrap().contains("New lamp"));
}

#[test]
fn paging_that_repeats_takes_in_what_came_and_nothing_goes_missing() {
    let company = Company::new();
    let source = format!(
        "url = \"{}\"\npaging = {{ type = \"page\", items = \"/items\" }}",
        company.suppliers.url("/api")
    );
    let shop = endpoint("shop", &company.shop.url(), "");
    company.configure(&[supplier("alfa", "full", "jsonl", &source)], &[shop], ACCEPT_ALL);
    let page = |request: &SeenRequest| {
        request.query.as_deref().unwrap().replace("page=", "").parse::<u32>().unwrap()
    };
    let item = |sku: u32, title: &str| format!("{{\"sku\": \"{sku}\", \"title\": \"{title} {sku}\"}}");
    company.suppliers.on("/api", move |request| {
        let items: Vec<_> = (page(request) <= 3).then(|| item(page(request), "Lamp")).into_iter().collect();
        Answer::ok(format!("{{\"items\": [{}]}}", items.join(",")))
    });
    let done = company.run().with_code(0);
    assert_eq!(outcomes(&done, "alfa")[0]["counts"]["stored"], 3, "{}", done.out);

    company.suppliers.on("/api", move |_| Answer::ok(format!("{{\"items\": [{}]}}", item(1, "Better lamp"))));
    let done = company.run().with_code(2);
    let outcome = &outcomes(&done, "alfa")[0];
    let error = outcome["error"].as_str().unwrap();
    assert!(
        error.starts_with("supplier alfa: ") && error.contains("page 2 repeats an earlier one"),
        "{error}"
    );
    assert_eq!(
        (outcome["counts"]["stored"].as_u64(), outcome["counts"]["missing"].as_u64()),
        (Some(1), Some(0))
    );
    assert!(title(&company, "alfa/1").unwrap().contains("Better lamp 1"));
    assert!(title(&company, "alfa/3").unwrap().contains("Lamp 3"));
}
