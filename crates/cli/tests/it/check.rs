//! `berika supplier check`: what taking a delivery in would come to, with nothing written.

use std::path::Path;

use serde_json::{Value, json};

use crate::assortment::{csv, rows};
use crate::support::{ACCEPT_ALL, Company, endpoint, supplier};

const FIELDS: &str = "sku = \"Artikelnr\"\ntitle = \"Benämning\"\ngtin = \"EAN\"\nprice = \"Pris\"\n";

/// A feed with one of everything: good rows, a restored and two damaged GTINs, a bad price, refused and double rows.
const MIXED: &str = "Artikelnr;Benämning;EAN;Pris;Lager\n\
    A-1;Kanna av stengods, en liter;4006381333931;129,00;3\n\
    A-2;Hammare;36000291452;89,50;1\n\
    A-3;Lampa;4,00638E+12;gratis;1\n\
    A-4;Kruka;4006381333932;10,00;1\n\
    ;Utan nummer;;1,00;\n\
    A-1;Kanna av stengods, en liter;4006381333931;129,00;3\n\
    A-2;Hammare;36000291452;99,50;1\n\
    A-5;Matta;;20,00;2\n";

fn company(feed: &str) -> Company {
    let company = Company::new();
    company.feed("alfa.csv", feed);
    let url = company.suppliers.url("/alfa.csv");
    let format = "type = \"csv\"\ndecimal_comma = true";
    let alfa = supplier("alfa", "full", &url, format, FIELDS, "");
    company.configure(&[alfa], &[endpoint("shop", &company.shop.url(), "")], ACCEPT_ALL);
    company
}

#[track_caller]
fn kind<'c>(kinds: &'c Value, kind: &str) -> &'c Value {
    kinds
        .as_array()
        .unwrap()
        .iter()
        .find(|k| k["kind"] == kind)
        .unwrap_or_else(|| panic!("no {kind}: {kinds}"))
}

#[test]
fn a_delivery_is_shown_as_it_will_be_stored_and_nothing_is_written() {
    let company = company(MIXED);
    let checked = company.berika(&["supplier", "check", "alfa", "--rows", "2", "--json"]).with_code(0).json();

    let reading = &checked["reading"];
    assert_eq!(
        (&reading["format"], &reading["encoding"], &reading["delimiter"], &reading["header_row"]),
        (&json!("csv"), &json!("UTF-8"), &json!(";"), &json!(1))
    );
    let used: Vec<&Value> = reading["used"].as_array().unwrap().iter().map(|used| &used["column"]).collect();
    assert_eq!(used, ["Artikelnr", "Benämning", "EAN", "Pris"]);
    assert_eq!(reading["unused"], json!(["Lager"]));

    let shown = checked["rows"].as_array().unwrap();
    assert_eq!(shown.len(), 2);
    assert_eq!((&shown[1]["row"], &shown[1]["sku"]), (&json!(3), &json!("A-2")));
    let field =
        |name: &str| shown[1]["fields"].as_array().unwrap().iter().find(|f| f["field"] == name).unwrap();
    assert_eq!(
        (&field("gtin")["value"], &field("gtin")["column"]),
        (&json!("00036000291452"), &json!("EAN"))
    );
    assert!(field("gtin")["rule"].as_str().unwrap().contains("zeros"), "{}", field("gtin"));
    assert_eq!(field("price")["value"]["amount"], "89.50");

    let counts = &checked["counts"];
    let sums = ["read", "stored", "folded", "refused", "new"].map(|name| counts[name].as_u64().unwrap());
    assert_eq!(sums, [8, 5, 1, 2, 5]);
    let example = &kind(&checked["refused"], "no-sku")["examples"][0];
    assert_eq!((&example["row"], &example["column"]), (&json!(6), &json!("Artikelnr")));
    let double = &kind(&checked["refused"], "duplicate-sku")["examples"][0];
    assert_eq!(double["row"], 8);
    assert!(double["message"].as_str().unwrap().contains("row 3"), "{double}");
    assert_eq!(kind(&checked["dropped"], "gtin")["count"], 1);
    assert_eq!(kind(&checked["dropped"], "gtin-damaged")["count"], 1);
    assert_eq!(kind(&checked["dropped"], "number")["examples"][0]["value"], "gratis");
    assert_eq!(checked["gtins"]["good"], 2);
    assert_eq!(checked["gtins"]["damaged"], json!({"check-digit": 1, "scientific-notation": 1}));
    assert_eq!(checked["gtins"]["restored"].as_object().unwrap().values().next(), Some(&json!(2)));
    assert_eq!(checked["contract"]["held"], Value::Null);

    assert!(!company.path("data").exists(), "looking makes no store");
}

#[test]
fn a_person_reads_the_same() {
    let company = company(MIXED);
    let text = company.berika(&["supplier", "check", "alfa"]).with_code(0).out;
    for part in [
        "encoding: UTF-8",
        "delimiter: ';'",
        "not used: Lager",
        "row 3: A-2",
        "<- EAN (",
        "Rows read: 8 = 5 stored + 1 folded + 2 refused",
        "1 no-sku",
        "row 6, column \"Artikelnr\": the article number is missing",
        "Nothing was written.",
    ] {
        assert!(text.contains(part), "no {part:?} in {text}");
    }
}

#[test]
fn what_would_change_and_be_held_is_told_beforehand() {
    let company = Company::with_feed(&csv(&rows()));
    company.run().with_code(0);
    let before = company.digest();
    let check = |code: i32| company.berika(&["supplier", "check", "alfa", "--json"]).with_code(code).json();

    let mut changed = rows();
    changed[3].title = "Claw Hammer 600 g".to_owned();
    changed.truncate(38);
    company.feed("alfa.csv", csv(&changed));
    let counts = check(0)["counts"].clone();
    assert_eq!(
        ["stored", "new", "changed", "missing"].map(|name| counts[name].as_u64().unwrap()),
        [38, 0, 1, 2]
    );

    company.feed("alfa.csv", csv(&rows()[..10]));
    let checked = check(2);
    assert!(checked["contract"]["held"].as_str().unwrap().contains("10 products where 40"), "{checked}");
    assert_eq!(company.digest(), before);
    // Nothing is held by looking.
    company.berika(&["supplier", "accept", "alfa"]).with_code(1);
}

#[test]
fn a_file_is_checked_in_the_suppliers_stead() {
    let company = company(MIXED);
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../fixtures/feeds/broken/duplicate_skus.csv");
    let checked = company.berika(&["supplier", "check", "alfa", "--json", "--file", file.to_str().unwrap()]);
    let checked = checked.with_code(0).json();
    assert_eq!(checked["file"], "duplicate_skus.csv");
    assert_eq!(kind(&checked["refused"], "duplicate-sku")["count"], 2);
    assert_eq!(company.suppliers.count("/alfa.csv"), 0);
}

#[test]
fn what_cannot_be_read_says_so() {
    let company = company("Nummer;Namn\n1;Kanna\n");
    let unreadable = company.berika(&["supplier", "check", "alfa"]).with_code(1);
    assert!(unreadable.out.contains("\"Artikelnr\""), "{}", unreadable.out);
    let unknown = company.berika(&["supplier", "check", "beta"]).with_code(1);
    assert!(unknown.err.contains("there is no supplier beta"), "{}", unknown.err);
    let nowhere = company.berika(&["supplier", "check", "alfa", "--file", "nowhere.csv"]).with_code(1);
    assert!(nowhere.err.contains("nowhere.csv"), "{}", nowhere.err);
}
