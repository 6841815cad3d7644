//! `berika review next` and decisions on what it offers.

use serde_json::Value;

use crate::assortment::{Row, csv, rows};
use crate::support::{Company, Done, endpoint};

/// Nothing is accepted but what a person decided.
const REVIEW_ALL: &str = "[policy]\nwithout_evidence = \"review\"\n";

/// The assortment, and one cup in five sizes and colours.
fn with_cups() -> Vec<Row> {
    let mut rows = rows();
    for (at, kind) in
        ["blue 25 cl", "red 25 cl", "white 33 cl", "black 33 cl", "green 40 cl"].iter().enumerate()
    {
        let title = format!("Zorbex Quill mug {kind}");
        let (brand, category) = ("Zorbex".to_owned(), "Sundries".to_owned());
        rows.push(Row { sku: format!("Z{at}"), title, brand, category, ..rows[0].clone() });
    }
    rows
}

fn company(rows: &[Row]) -> Company {
    let company = Company::with_feed(&csv(rows));
    company.configure(
        &[company.csv_supplier("alfa")],
        &[endpoint("shop", &company.shop.url(), "")],
        REVIEW_ALL,
    );
    company
}

fn next(company: &Company, more: &[&str]) -> Value {
    let arguments: Vec<&str> = ["review", "next", "--json"].iter().chain(more).copied().collect();
    company.berika(&arguments).with_code(0).json()
}

fn products(page: &Value) -> Vec<String> {
    page["products"].as_array().unwrap().iter().map(|p| p["product"].as_str().unwrap().to_owned()).collect()
}

fn decide(company: &Company, more: &[&str]) -> Done {
    let arguments: Vec<&str> = ["decide", "--json"].iter().chain(more).copied().collect();
    company.berika(&arguments)
}

#[test]
fn one_decision_serves_the_look_alikes_and_no_other_product() {
    let company = company(&with_cups());
    company.run().with_code(0);
    let page = next(&company, &["--limit", "100"]);
    assert_eq!(page["waiting"], 45);
    let all = products(&page);
    assert_eq!(
        all.iter().filter(|key| key.starts_with("alfa/Z")).count(),
        1,
        "a group speaks with one voice"
    );
    let mug = page["products"].as_array().unwrap().iter().find(|p| p["product"] == "alfa/Z0").unwrap();
    assert_eq!(mug["look_alikes"]["count"], 4);
    assert_eq!(mug["candidates"].as_array().unwrap().len(), 5);
    assert!(mug["candidates"][0]["path"].as_array().is_some_and(|path| !path.is_empty()), "{mug}");
    assert!(mug["nearest"].as_array().unwrap().is_empty(), "nothing has been decided");

    // One of them was decided by somebody before, and otherwise.
    decide(&company, &["alfa/Z3", "food.tea"]).with_code(0);
    let done = decide(&company, &["alfa/Z0", "food.coffee", "--with-look-alikes", "--note", "cups"])
        .with_code(0)
        .json();
    assert_eq!(done["decided"], serde_json::json!(["alfa/Z0", "alfa/Z1", "alfa/Z2", "alfa/Z4"]));
    assert_eq!(done["left"], serde_json::json!([{"product": "alfa/Z3", "category": "food.tea"}]));
    let log = company.berika(&["decide", "export"]).with_code(0).out;
    let chosen = |word: &str| log.lines().filter(|line| line.contains(word)).count();
    assert_eq!((chosen("active-review"), chosen("look-alike-group"), chosen("import")), (2, 3, 0), "{log}");
    // They leave the order at once, not with the next run.
    let page = next(&company, &["--limit", "100"]);
    assert_eq!(page["waiting"], 40);
    assert!(products(&page).iter().all(|key| !key.starts_with("alfa/Z")));

    let done = company.run().with_code(0);
    assert_eq!(done.supplier("alfa")["standing"]["accepted"], 5);
    assert_eq!(company.run().with_code(0).items("review"), 0, "an order that holds is not made anew");
    let page = next(&company, &["--limit", "3"]);
    assert_eq!(page["products"][0]["nearest"].as_array().unwrap().len(), 3);
    let second =
        next(&company, &["--limit", "2", "--after", page["products"][0]["place"].to_string().as_str()]);
    assert_eq!(products(&second), products(&page)[1..]);
    let explained = company.berika(&["explain", "alfa/Z1", "--json"]).with_code(0).json();
    let near = &explained["help"]["nearest"];
    assert!(near[0]["product"].as_str().unwrap().starts_with("alfa/Z"), "{near}");

    let text = company.berika(&["review", "next", "--limit", "1"]).with_code(0).out;
    for part in ["probability", "near: alfa/", "berika decide", "40 products wait"] {
        assert!(text.contains(part), "{part}: {text}");
    }
}

#[test]
fn none_of_ours_is_a_decision_like_any_other() {
    let company = company(&with_cups());
    company.run().with_code(0);
    decide(&company, &["alfa/Z0", "--none-of-ours", "--with-look-alikes"]).with_code(0);
    let done = company.run().with_code(0);
    assert_eq!(done.supplier("alfa")["standing"]["rejected"], 5);
    let page = next(&company, &["--limit", "100"]);
    assert_eq!(page["waiting"], 40);
    let nearest = |p: &Value| p["nearest"].as_array().unwrap().iter().all(|near| near["category"].is_null());
    assert!(page["products"].as_array().unwrap().iter().all(nearest));
}

#[test]
fn what_cannot_be_decided_is_said_and_nothing_logged() {
    let company = company(&rows());
    assert!(company.berika(&["review", "next"]).with_code(1).err.contains("berika run"));
    company.run().with_code(0);
    let refused = |more: &[&str], part: &str| {
        let said = decide(&company, more).with_code(1).err;
        assert!(said.contains(part), "{part}: {said}");
    };
    refused(&[], "name a product");
    refused(&["alfa/P00"], "--none-of-ours");
    refused(&["alfa/P00", "food.te"], "the nearest is food.tea");
    refused(&["alfa/P00", "food"], "categories below it");
    refused(&["alfa/P99", "food.tea"], "P99");
    refused(&["alfa/P00", "food.tea", "--none-of-ours"], "cannot be used with");
    let said = company.berika(&["review", "next", "--supplier", "beta"]).with_code(1).err;
    assert!(said.contains("no supplier beta") && said.contains("alfa"), "{said}");
    assert_eq!(company.berika(&["decide", "export"]).with_code(0).out.lines().count(), 0);
}

#[test]
fn decisions_that_contradict_are_named() {
    let company = company(&with_cups());
    company.run().with_code(0);
    let path = company.path("decisions.csv");
    let text = "supplier,sku,category\nalfa,Z0,food.tea\nalfa,Z1,food.coffee\nalfa,P00,food.tea\nalfa,P00,food.coffee\n";
    std::fs::write(&path, text).unwrap();
    let imported =
        company.berika(&["decide", "import", path.to_str().unwrap(), "--json"]).with_code(0).json();
    let notices: Vec<&str> =
        imported["notices"].as_array().unwrap().iter().map(|n| n.as_str().unwrap()).collect();
    assert_eq!(notices.len(), 2, "{notices:?}");
    assert!(
        notices[0].starts_with("alfa/P00 is decided 2 times and differently: food.coffee holds"),
        "{notices:?}"
    );
    assert!(
        notices[1].starts_with("alfa/Z0 and alfa/Z1 look alike and are decided differently"),
        "{notices:?}"
    );
    company.run().with_code(0);
    assert_eq!(company.published("alfa/P00").unwrap().1["category"]["id"], "food.coffee");
}
