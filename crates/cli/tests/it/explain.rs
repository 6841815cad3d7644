//! `berika explain`: why a product stands where it stands.

use serde_json::json;

use crate::assortment::{CSV_FIELDS, csv, json as json_feed, rows};
use crate::support::{ACCEPT_ALL, Company, endpoint, supplier};

fn company() -> Company {
    let company = Company::new();
    company.feed("alfa.csv", csv(&rows()[..6]));
    company.feed("beta.json", json_feed(&rows()[5..8]));
    let url = company.suppliers.url("/beta.json");
    let beta = supplier("beta", "full", &url, "type = \"json\"", CSV_FIELDS, "");
    let shop = endpoint("shop", &company.shop.url(), "");
    company.configure(&[company.csv_supplier("alfa"), beta], &[shop], ACCEPT_ALL);
    company
}

#[test]
fn a_product_is_explained_from_its_cells_to_its_deliveries() {
    let company = company();
    company.run().with_code(0);
    let explained = company.berika(&["explain", "alfa/P00", "--json"]).with_code(0).json();
    let place = &explained["provenance"]["title"];
    let file = company.suppliers.url("/alfa.csv");
    assert_eq!(place, &json!({"file": file, "row": 2, "column": "title"}));
    assert!(explained["text"]["text"].as_str().unwrap().contains("Earl Grey"), "{}", explained["text"]);
    let category = &explained["category"];
    let candidates = category["candidates"].as_array().unwrap();
    assert_eq!((candidates.len(), &candidates[0]["id"]), (5, &json!("food.tea")));
    let scores: Vec<f64> = candidates.iter().map(|c| c["score"].as_f64().unwrap()).collect();
    assert!(scores.is_sorted_by(|a, b| a >= b), "{scores:?}");
    assert_eq!(category["reasons"].as_array().unwrap().len(), 1);
    let languages: Vec<_> =
        explained["descriptions"].as_array().unwrap().iter().map(|d| d["language"].clone()).collect();
    assert_eq!(languages, ["en", "sv"]);
    for description in explained["descriptions"].as_array().unwrap() {
        assert!(description["written_at"].is_string(), "{description}");
        for part in ["title", "short", "long", "seo_title", "seo_description"] {
            let text = &description["description"][part];
            for sentence in text["sentences"].as_array().unwrap() {
                assert!(!sentence["fields"].as_array().unwrap().is_empty(), "{sentence}");
            }
            assert_eq!(text["by"], "composer");
        }
    }
    assert_eq!(explained["version"], 1);
    let delivery = &explained["deliveries"][0];
    assert_eq!((&delivery["endpoint"], &delivery["state"]), (&json!("shop"), &json!("delivered")));

    let text = company.berika(&["explain", "alfa/P00"]).with_code(0).out;
    for part in ["Earl Grey", "food.tea", "because", "seo_title:", "Published version: 1", "shop"] {
        assert!(text.contains(part), "{part}: {text}");
    }
}

#[test]
fn an_article_number_alone_is_enough_where_one_supplier_has_it() {
    let company = company();
    assert!(
        company.berika(&["explain", "P00"]).with_code(1).err.contains("berika run"),
        "there is no store yet"
    );
    company.run().with_code(0);
    let one = company.berika(&["explain", "P00", "--json"]).with_code(0).json();
    assert_eq!(one["product"], "alfa/P00");
    let several = company.berika(&["explain", "P10"]).with_code(1).err;
    assert!(several.contains("alfa/P10") && several.contains("beta/P10"), "{several}");
    assert!(company.berika(&["explain", "P99"]).with_code(1).err.contains("P99"));
}
