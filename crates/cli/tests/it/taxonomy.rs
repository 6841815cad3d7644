//! Taxonomies taken over from files of Shopify and GS1, and looked at.

use std::path::{Path, PathBuf};

use serde_json::{Value, json};

use crate::assortment::{LEAVES, csv, rows};
use crate::support::{Company, Done};

/// A file among the fixtures.
fn fixture(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../fixtures/taxonomies").join(name)
}

fn lint(company: &Company, arguments: &[&str]) -> Value {
    company.berika(&[&["taxonomy", "lint", "--json"], arguments].concat()).with_code(0).json()
}

/// Ids of the categories of each finding of a kind.
fn found(report: &Value, kind: &str) -> Vec<Vec<String>> {
    let ids = |finding: &Value| -> Vec<String> {
        let categories = finding["categories"].as_array().unwrap();
        categories.iter().map(|category| category["id"].as_str().unwrap().to_owned()).collect()
    };
    let findings = report["findings"].as_array().unwrap();
    findings.iter().filter(|finding| finding["kind"] == kind).map(ids).collect()
}

#[test]
fn the_files_of_shopify_and_gs1_are_taken_over_as_they_are() {
    let company = Company::with_feed(&csv(&rows()[..3]));
    let import = |name: &str| -> Done {
        company.berika(&["taxonomy", "import", fixture(name).to_str().unwrap(), "--json"]).with_code(0)
    };
    let shopify = import("shopify.jsonl").json();
    assert_eq!(
        shopify,
        json!({"taxonomy": "own", "version": 1, "changed": true, "categories": 6, "leaves": 3, "confirmed_to_review": 0})
    );
    let gs1 = import("gs1-gpc.jsonl").json();
    let expected = json!({"taxonomy": "own", "version": 2, "changed": true, "categories": 8, "leaves": 3, "confirmed_to_review": 0});
    assert_eq!(gs1, expected);
    company.store(async |store| {
        let taxonomy = store.taxonomy("own").await.unwrap().unwrap();
        let paddles =
            taxonomy.categories().iter().find(|category| category.id.as_str() == "99000002").unwrap();
        let text = |texts: &std::collections::BTreeMap<_, String>| texts.values().next().unwrap().clone();
        assert!(text(&paddles.descriptions).ends_with("for canoes and kayaks."));
        assert_eq!(text(&paddles.excludes), "Excludes products such as Oars and Table Tennis Bats.");
    });
}

#[test]
fn a_taxonomy_is_looked_at_before_there_is_a_store() {
    let company = Company::with_feed(&csv(&rows()[..3]));
    let report = lint(&company, &[]);
    assert_eq!(
        (&report["version"], &report["leaves"], &report["products"]),
        (&Value::Null, &json!(8), &json!(0))
    );
    assert!(report["left_out"].to_string().contains("run first"), "{report}");

    let file = fixture("shopify.jsonl");
    let report = lint(&company, &[file.to_str().unwrap()]);
    assert_eq!(found(&report, "same_text"), [["zz-1-2", "zz-2-1"]]);
    assert_eq!(report["counts"]["same_text"], 1);
    let text = company.berika(&["taxonomy", "lint", file.to_str().unwrap(), "--strict"]).with_code(1).out;
    assert!(text.contains("categories with the same text: 1") && text.contains("to do: "), "{text}");
    assert!(!company.path("data/berika.sqlite").exists(), "nothing is written");
}

#[test]
fn likely_errors_are_found_by_a_classifier_that_did_not_learn_from_them() {
    let company = Company::with_feed(&csv(&rows()));
    company.run().with_code(0);
    let decide = |name: &str, decided: &dyn Fn(usize) -> Option<&'static str>| {
        let mut text = "supplier,sku,category\n".to_owned();
        for (at, row) in rows().iter().enumerate() {
            if let Some(category) = decided(at) {
                text += &format!("alfa,{},{category}\n", row.sku);
            }
        }
        std::fs::write(company.path(name), text).unwrap();
        company.berika(&["decide", "import", company.path(name).to_str().unwrap()]).with_code(0);
    };
    // One of the teas is taken for a hammer.
    let of = |at: usize| if at == 0 { "tools.hammers" } else { LEAVES[at / 5].0 };
    decide("most.csv", &|at| (at < 35).then(|| of(at)));
    // Whether a run has learnt from the decisions or not, what is found is the same, and nothing is written.
    let before = lint(&company, &[]);
    let error = |report: &Value| {
        let findings = report["findings"].as_array().unwrap();
        let error = findings.iter().find(|finding| finding["kind"] == "likely_error");
        error.unwrap_or_else(|| panic!("{report}")).clone()
    };
    let found = error(&before);
    assert_eq!(found["products"][0]["key"], "alfa/P00");
    assert!(found["products"][0]["note"].as_str().unwrap().contains("ranked in food.tea"), "{found}");
    company.run().with_code(0);
    assert_eq!(error(&lint(&company, &[])), found);
    let classifiers = || company.store(async |store| store.training(3).await.unwrap().is_some());
    decide("rest.csv", &|at| (at >= 35).then(|| of(at)));
    assert_eq!(error(&lint(&company, &[]))["products"][0]["key"], "alfa/P00");
    assert!(!classifiers(), "nothing is written");
}

#[test]
fn decisions_that_disagree_or_lost_their_category_are_listed_with_their_products() {
    let company = Company::with_feed(&csv(&rows()));
    company.run().with_code(0);
    let leaf = |sku: &str| company.published(&format!("alfa/{sku}")).unwrap().1["category"]["id"].clone();
    let (tea, other) =
        ("food.tea", rows().iter().map(|row| row.sku.clone()).find(|sku| leaf(sku) != "food.tea"));
    let other = other.unwrap();
    let decisions = company.path("decisions.csv");
    std::fs::write(&decisions, format!("supplier,sku,category\nalfa,P00,{tea}\nalfa,{other},{tea}\n"))
        .unwrap();
    company.berika(&["decide", "import", decisions.to_str().unwrap()]).with_code(0);
    let report = lint(&company, &[]);
    assert_eq!((&report["version"], &report["confirmed"]), (&json!(1), &json!(2)));
    let left_out = report["left_out"].as_array().unwrap();
    assert!(
        left_out.len() == 1 && left_out[0].as_str().unwrap().contains("in sv: the model"),
        "{left_out:?}"
    );
    assert!(found(&report, "gone").is_empty());

    let path = company.path("taxonomy.jsonl");
    let without: String = std::fs::read_to_string(&path)
        .unwrap()
        .lines()
        .filter(|line| !line.contains("\"food.tea\""))
        .map(|line| format!("{line}\n"))
        .collect();
    std::fs::write(&path, without).unwrap();
    company.berika(&["taxonomy", "import"]).with_code(0);
    let report = lint(&company, &[]);
    assert_eq!(found(&report, "gone"), [["food.tea"]]);
    let gone = &report["findings"][0];
    assert_eq!(gone["finding"], "2 products are confirmed in food.tea, which is not in the taxonomy");
    assert_eq!(gone["products"].as_array().unwrap().len(), 2);
}
