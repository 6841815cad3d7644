//! What a delivery says by what it leaves out, and what is done only when a person says so.

use serde_json::json;

use crate::assortment::{CSV_FIELDS, Row, csv, json as json_feed, rows};
use crate::support::{ACCEPT_ALL, Company, Event, endpoint, supplier};

fn configure(company: &Company, kind: &str, more: &str) {
    let url = company.suppliers.url("/alfa.csv");
    let alfa = supplier("alfa", kind, &url, "type = \"csv\"", CSV_FIELDS, more);
    company.configure(&[alfa], &[endpoint("shop", &company.shop.url(), "")], ACCEPT_ALL);
}

fn last_events(company: &Company, known: usize) -> Vec<Event> {
    company.shop.received()[known..].iter().map(Event::of).collect()
}

#[test]
fn a_product_that_stays_away_is_missing_then_retired_and_may_come_back() {
    let mut rows = rows();
    let company = Company::with_feed(&csv(&rows));
    configure(&company, "full", "retire_after = 2");
    company.run().with_code(0);
    let gone = rows.pop().unwrap();
    let key = format!("alfa/{}", gone.sku);

    company.feed("alfa.csv", csv(&rows));
    let done = company.run().with_code(0);
    assert_eq!(done.supplier("alfa")["outcome"]["counts"]["missing"], 1);
    assert_eq!(company.shop.count(), 40, "a missing product is not announced");
    let explained = company.berika(&["explain", &key, "--json"]).with_code(0).json();
    assert_eq!(explained["state"], "missing");

    // The second complete delivery without it.
    rows[0].price = "8.80".to_owned();
    company.feed("alfa.csv", csv(&rows));
    let done = company.run().with_code(0);
    assert_eq!(done.supplier("alfa")["outcome"]["counts"]["retired"], 1);
    let events = last_events(&company, 40);
    assert_eq!(events.len(), 2);
    let retired = events.iter().find(|e| e.kind == "product.retired").unwrap();
    assert_eq!((retired.product.as_str(), retired.version), (key.as_str(), 2));
    assert_eq!(retired.data["changed"], json!(["state"]));
    assert_eq!(retired.data["document"]["state"], "retired");

    rows.push(gone);
    company.feed("alfa.csv", csv(&rows));
    company.run().with_code(0);
    let events = last_events(&company, 42);
    assert_eq!(events.len(), 1);
    assert_eq!((events[0].kind.as_str(), events[0].version), ("product.enriched", 3));
    assert_eq!(events[0].data["changed"], json!(["state"]));
    assert_eq!(events[0].data["document"]["state"], "active");
}

#[test]
fn a_refused_row_does_not_make_its_product_absent() {
    let mut rows = rows();
    let company = Company::with_feed(&csv(&rows));
    configure(&company, "full", "retire_after = 1");
    company.run().with_code(0);
    rows[3].title = "x".repeat(2 << 20);
    rows[4].price = "3.30".to_owned();
    company.feed("alfa.csv", csv(&rows));
    let done = company.run().with_code(0);
    let counts = done.supplier("alfa")["outcome"]["counts"].clone();
    assert_eq!([&counts["read"], &counts["refused"], &counts["missing"], &counts["retired"]], [40, 1, 0, 0]);
    let events = last_events(&company, 40);
    assert_eq!(events.len(), 1, "{events:?}");
    assert_eq!(company.published("alfa/P03").unwrap().0, 1);
}

#[test]
fn a_delivery_that_breaks_off_makes_nothing_absent() {
    let rows = rows();
    let company = Company::new();
    company.feed("alfa.json", json_feed(&rows));
    let url = company.suppliers.url("/alfa.json");
    let alfa = supplier("alfa", "full", &url, "type = \"json\"", CSV_FIELDS, "retire_after = 1");
    company.configure(&[alfa], &[endpoint("shop", &company.shop.url(), "")], ACCEPT_ALL);
    company.run().with_code(0);
    let mut changed = rows.clone();
    changed[0].price = "1.20".to_owned();
    let whole = json_feed(&changed);
    // In the last quarter, so that it did not shrink too much either.
    company.feed("alfa.json", &whole[..whole.len() * 4 / 5]);
    for _ in 0..2 {
        let done = company.run().with_code(2);
        let outcome = done.supplier("alfa")["outcome"].clone();
        assert_eq!(outcome["delivery"], "failed", "{outcome}");
        assert_eq!((&outcome["counts"]["missing"], &outcome["counts"]["retired"]), (&json!(0), &json!(0)));
        assert_eq!(done.supplier("alfa")["standing"]["products"], 40);
    }
    assert_eq!(last_events(&company, 40).len(), 1, "rows before the break are good, and are told once");
    company.feed("alfa.json", json_feed(&changed[..39]));
    let done = company.run().with_code(0);
    assert_eq!(done.supplier("alfa")["outcome"]["counts"]["retired"], 1);
}

#[test]
fn a_delta_clears_nothing_and_retires_nothing() {
    let mut rows = rows();
    let company = Company::with_feed(&csv(&rows));
    configure(&company, "delta", "retire_after = 1");
    company.run().with_code(0);
    for price in ["8.10", "8.20"] {
        let row = &mut rows[5];
        (row.title, row.brand, row.category) = (String::new(), String::new(), String::new());
        row.price = price.to_owned();
        company.feed("alfa.csv", csv(&rows[5..6]));
        let known = company.shop.count();
        let done = company.run().with_code(0);
        let counts = done.supplier("alfa")["outcome"]["counts"].clone();
        assert_eq!(
            (&counts["read"], &counts["missing"], &counts["retired"]),
            (&json!(1), &json!(0), &json!(0))
        );
        let events = last_events(&company, known);
        assert_eq!(events.len(), 1);
        assert_eq!(events[0].data["changed"], json!(["fields.price"]));
        assert_eq!(events[0].data["document"]["fields"]["brand"], "Brand1");
        assert_eq!(done.supplier("alfa")["standing"]["products"], 40);
    }
    let explained = company.berika(&["explain", "alfa/P00", "--json"]).with_code(0).json();
    assert_eq!(explained["state"], "active");
}

#[test]
fn a_full_delivery_that_shrank_too_much_waits_for_a_person() {
    let rows = rows();
    let company = Company::with_feed(&csv(&rows));
    company.run().with_code(0);
    let nothing = company.berika(&["supplier", "accept", "alfa"]).with_code(1);
    assert!(nothing.out.contains("no delivery of alfa is held"), "{}", nothing.out);

    company.feed("alfa.csv", csv(&rows[..26]));
    for _ in 0..2 {
        let done = company.run().with_code(2);
        let outcome = done.supplier("alfa")["outcome"].clone();
        assert_eq!(outcome["delivery"], "held");
        let problems = done.problems();
        for part in ["supplier alfa", "26 products where 40", "35 % fewer", "berika supplier accept alfa"] {
            assert!(problems.contains(part), "{part}: {problems}");
        }
        assert_eq!(company.shop.count(), 40);
    }
    company.berika(&["supplier", "accept", "alfa"]).with_code(0);
    let done = company.run().with_code(0);
    assert_eq!(done.supplier("alfa")["outcome"]["counts"]["missing"], 14);
    assert_eq!(company.run().with_code(0).supplier("alfa")["outcome"]["delivery"], "unchanged");

    // Up to 30 % less is taken in without a look; what went missing no longer counts.
    company.feed("alfa.csv", csv(&rows[..19]));
    let done = company.run().with_code(0);
    assert_eq!(done.supplier("alfa")["outcome"]["counts"]["missing"], 7);
}

#[test]
fn a_held_delivery_that_was_corrected_needs_nobody() {
    let rows = rows();
    let company = Company::with_feed(&csv(&rows));
    company.run().with_code(0);
    company.feed("alfa.csv", csv(&rows[..10]));
    company.run().with_code(2);
    let mut corrected = rows.clone();
    corrected[0].price = "4.40".to_owned();
    company.feed("alfa.csv", csv(&corrected));
    let done = company.run().with_code(0);
    assert_eq!(done.supplier("alfa")["outcome"]["counts"]["changed"], 1);
    company.berika(&["supplier", "accept", "alfa"]).with_code(1);
}

#[test]
fn a_changed_mapping_reads_an_unchanged_file_again() {
    let company = Company::with_feed(&csv(&rows()));
    company.run().with_code(0);
    let fields = CSV_FIELDS.replace("stock = \"stock\"\n", "");
    let url = company.suppliers.url("/alfa.csv");
    let alfa = supplier("alfa", "full", &url, "type = \"csv\"", &fields, "");
    company.configure(&[alfa], &[endpoint("shop", &company.shop.url(), "")], ACCEPT_ALL);
    let done = company.run().with_code(0);
    assert_eq!(done.supplier("alfa")["outcome"]["counts"]["changed"], 40);
    assert_eq!(done.items("vector"), 0);
    assert!(last_events(&company, 40).iter().all(|e| e.data["changed"] == json!(["fields.stock"])));
    assert_eq!(company.shop.count(), 80);
    assert_eq!(company.run().with_code(0).supplier("alfa")["outcome"]["delivery"], "unchanged");
}

#[test]
fn a_dry_run_counts_and_writes_nothing() {
    let mut rows = rows();
    let company = Company::with_feed(&csv(&rows));
    let dry = |company: &Company| company.berika(&["run", "--dry-run", "--json"]).with_code(0);
    let counts = dry(&company).supplier("alfa")["outcome"]["counts"].clone();
    assert_eq!((&counts["read"], &counts["new"]), (&json!(40), &json!(40)));
    let standing = |company: &Company| {
        company.store(async |store| {
            let runs = store.runs(100).await.unwrap().len();
            let alfa = berika_catalog::SupplierId::new("alfa").unwrap();
            let taxonomy = store.taxonomy("own").await.unwrap().is_some();
            let digest = store.published_digest().await.unwrap();
            (
                runs,
                store.active_products(&alfa).await.unwrap(),
                taxonomy,
                store.source(&alfa).await.unwrap(),
                digest,
            )
        })
    };
    let fresh = standing(&company);
    assert_eq!((fresh.0, fresh.1, fresh.2), (0, 0, false));
    assert_eq!(company.shop.count(), 0);

    company.run().with_code(0);
    let before = standing(&company);
    rows[3].price = "6.60".to_owned();
    rows.truncate(38);
    company.feed("alfa.csv", csv(&rows));
    let counts = dry(&company).supplier("alfa")["outcome"]["counts"].clone();
    assert_eq!((&counts["new"], &counts["changed"]), (&json!(0), &json!(1)));
    assert_eq!(standing(&company), before);
    assert_eq!(company.shop.count(), 40);
    let text = company.berika(&["run", "--dry-run"]).with_code(0);
    assert!(text.out.contains("Nothing was written"), "{}", text.out);
}

#[test]
fn a_run_for_one_supplier_leaves_the_others_alone() {
    let company = Company::new();
    company.feed("alfa.csv", csv(&rows()[..5]));
    company.feed("beta.json", json_feed(&rows()[5..10]));
    let url = company.suppliers.url("/beta.json");
    let beta = supplier("beta", "full", &url, "type = \"json\"", CSV_FIELDS, "");
    let shop = endpoint("shop", &company.shop.url(), "");
    company.configure(&[company.csv_supplier("alfa"), beta], &[shop], ACCEPT_ALL);
    let done = company.berika(&["run", "--supplier", "beta", "--json"]).with_code(0);
    assert_eq!(done.json()["suppliers"].as_array().unwrap().len(), 1);
    assert_eq!((company.suppliers.count("/alfa.csv"), company.shop.count()), (0, 5));
    let unknown = company.berika(&["run", "--supplier", "gamma"]).with_code(1);
    assert!(
        unknown.err.contains("no supplier gamma") && unknown.err.contains("alfa, beta"),
        "{}",
        unknown.err
    );
}

#[test]
fn a_new_taxonomy_is_taken_over_on_a_persons_word_and_moves_nothing_settled() {
    let mut rows = rows();
    let company = Company::with_feed(&csv(&rows));
    company.run().with_code(0);
    let path = company.path("taxonomy.jsonl");
    let juice = json!({
        "id": "food.juice", "parent": "food", "names": {"en": "Fruit juice", "sv": "Fruktjuice"},
        "descriptions": {"en": "Orange juice, apple juice and other fruit juices.", "sv": "Juice av frukt."},
    });
    std::fs::write(&path, format!("{}{juice}\n", std::fs::read_to_string(&path).unwrap())).unwrap();
    let mut add = |sku: &str, title: &str| {
        let row = Row {
            sku: sku.to_owned(),
            title: title.to_owned(),
            category: "Juices".to_owned(),
            ..rows[0].clone()
        };
        rows.push(row);
        company.feed("alfa.csv", csv(&rows));
    };

    add("J1", "Orange Juice 1 l");
    company.run().with_code(0);
    assert_ne!(
        company.published("alfa/J1").unwrap().1["category"]["id"],
        "food.juice",
        "nobody took it over"
    );
    let imported = company.berika(&["taxonomy", "import", "--json"]).with_code(0).json();
    assert_eq!((&imported["version"], &imported["changed"]), (&json!(2), &json!(true)));
    let imported = company.berika(&["taxonomy", "import", "--json"]).with_code(0).json();
    assert_eq!((&imported["version"], &imported["changed"]), (&json!(2), &json!(false)));

    add("J2", "Apple Juice 1 l");
    let known = company.shop.count();
    company.run().with_code(0);
    assert_eq!(company.published("alfa/J2").unwrap().1["category"]["id"], "food.juice");
    let events = last_events(&company, known);
    let products: Vec<_> = events.iter().map(|event| event.product.as_str()).collect();
    assert_eq!(products, ["alfa/J2"], "what was settled stays where it is");
}
