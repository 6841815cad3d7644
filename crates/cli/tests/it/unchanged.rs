//! What a later run does again, and what not.

use serde_json::json;

use crate::assortment::{Row, csv, rows};
use crate::support::{Company, Done, Event};

/// The events received after the first `known` requests, in the order of products.
fn new_events(company: &Company, known: usize) -> Vec<Event> {
    let mut events: Vec<Event> = company.shop.received()[known..].iter().map(Event::of).collect();
    events.sort_by(|a, b| (&a.product, a.version).cmp(&(&b.product, b.version)));
    events
}

/// The first forty products are taken in and delivered.
fn settled() -> (Company, Vec<Row>) {
    let rows = rows();
    let company = Company::with_feed(&csv(&rows));
    let done = company.run().with_code(0);
    assert_eq!(done.supplier("alfa")["outcome"]["counts"]["new"], 40, "{}", done.out);
    assert_eq!(company.shop.accepted_ids().len(), 40);
    (company, rows)
}

fn run_with(company: &Company, rows: &[Row]) -> Done {
    company.feed("alfa.csv", csv(rows));
    company.run()
}

#[test]
fn a_second_run_computes_nothing_and_sends_nothing() {
    let (company, _) = settled();
    let digest = company.digest();
    let again = company.run().with_code(0);
    for stage in ["text", "vector", "category", "description", "publish", "delivery"] {
        assert_eq!(again.items(stage), 0, "{stage}");
    }
    assert_eq!(again.supplier("alfa")["outcome"]["delivery"], "unchanged");
    assert_eq!(company.suppliers.count_status("/alfa.csv", 304), 1);
    assert_eq!(company.shop.count(), 40);
    assert_eq!(company.digest(), digest);
}

#[test]
fn a_delivery_of_the_same_bytes_under_another_tag_is_unchanged() {
    let (company, rows) = settled();
    let again = berika_testkit::Behaviour::Content(csv(&rows).into_bytes());
    company.suppliers.always("/alfa.csv", again);
    std::fs::remove_file(company.path("feeds/alfa.csv")).unwrap();
    let done = company.run().with_code(0);
    assert_eq!(done.supplier("alfa")["outcome"]["delivery"], "unchanged");
    assert_eq!((done.items("vector"), company.shop.count()), (0, 40));
}

#[test]
fn a_changed_price_sends_one_event_that_says_where_it_stood() {
    let (company, mut rows) = settled();
    let before = rows[2].price.clone();
    rows[2].price = "77.70".to_owned();
    let done = run_with(&company, &rows).with_code(0);
    assert_eq!((done.items("vector"), done.items("category"), done.items("description")), (0, 0, 0));
    let counts = &done.supplier("alfa")["outcome"]["counts"];
    assert_eq!((&counts["stored"], &counts["changed"]), (&json!(40), &json!(1)));

    let events = new_events(&company, 40);
    assert_eq!(events.len(), 1, "{events:?}");
    let Event { kind, product, version, data, .. } = &events[0];
    assert_eq!((kind.as_str(), product.as_str(), *version), ("product.enriched", "alfa/P02", 2));
    assert_eq!(data["changed"], json!(["fields.price"]));
    assert_eq!(data["previous"]["fields.price"]["amount"], json!(before));
    assert_eq!(data["document"]["fields"]["price"], json!({"amount": "77.70", "currency": "EUR"}));
    let file = company.suppliers.url("/alfa.csv");
    assert_eq!(
        data["provenance"],
        json!({"fields.price": {"file": file, "row": 4, "column": "price"}}),
        "the header is row 1"
    );
}

#[test]
fn a_changed_title_embeds_one_text() {
    let (company, mut rows) = settled();
    rows[0].title = "Earl Grey Organic Black Tea 80 Bags".to_owned();
    let done = run_with(&company, &rows).with_code(0);
    assert_eq!((done.items("text"), done.items("vector"), done.items("category")), (1, 1, 1));
    let events = new_events(&company, 40);
    assert_eq!(events.len(), 1);
    let changed = events[0].data["changed"].as_array().unwrap();
    assert!(
        changed.contains(&json!("fields.title")) && changed.contains(&json!("texts.en.title")),
        "{changed:?}"
    );
    assert_eq!(events[0].data["previous"]["fields.title"], json!("Earl Grey Black Tea 50 Bags"));
}

#[test]
fn a_re_sync_embeds_what_changed_and_nothing_else() {
    let mut all = Vec::new();
    for copy in 0..5 {
        // Variants: other numbers, the same texts.
        all.extend(rows().into_iter().map(|row| Row { sku: format!("{}-{copy}", row.sku), ..row }));
    }
    let company = Company::with_feed(&csv(&all));
    let first = company.run().with_code(0).json()["texts"].clone();
    let number = |texts: &serde_json::Value, name: &str| texts[name].as_u64().unwrap();
    assert_eq!(number(&first, "equal"), 160, "{first}");
    assert_eq!(number(&first, "embedded"), number(&first, "wanted") - 160, "{first}");

    for row in &mut all {
        row.price = row.price.replace(".50", ".95");
    }
    let prices = run_with(&company, &all).with_code(0);
    assert!(prices.items("publish") > 0, "{}", prices.out);
    let texts = &prices.json()["texts"];
    assert_eq!((number(texts, "embedded"), number(texts, "reused")), (0, number(&first, "embedded")));

    for at in [3, 120] {
        all[at].title.push_str(" in a gift box");
    }
    let titles = run_with(&company, &all).with_code(0).json()["texts"].clone();
    assert_eq!((number(&titles, "embedded"), number(&titles, "equal")), (2, 158), "{titles}");
}

#[test]
fn an_event_nobody_attempted_is_replaced_by_its_successor_or_falls_away() {
    let (company, mut rows) = settled();
    let original = rows.clone();
    // An endpoint that answered 410 is attempted no more: what is published now waits.
    company.shop.always(berika_testkit::Reply::Status(410));
    rows[0].price = "1.10".to_owned();
    run_with(&company, &rows).with_code(2);
    assert_eq!(company.shop.count(), 41);
    for row in &mut rows[..3] {
        row.price = "2.20".to_owned();
    }
    run_with(&company, &rows).with_code(2);
    rows[1].price = "3.30".to_owned();
    rows[2].price.clone_from(&original[2].price);
    run_with(&company, &rows).with_code(2);
    assert_eq!(company.shop.count(), 41, "a disabled endpoint is left alone");

    company.shop.normal();
    company.berika(&["deliveries", "enable", "shop"]).with_code(0);
    company.run().with_code(0);
    let events = new_events(&company, 41);
    let seen: Vec<_> = events.iter().map(|e| (e.product.as_str(), e.version)).collect();
    assert_eq!(seen, [("alfa/P00", 2), ("alfa/P00", 3), ("alfa/P01", 3)], "P02 is as it was known");
    let first = Event::of(&company.shop.received()[40]);
    assert_eq!(events[0], first, "bytes and id are those of the first attempt");
    assert_eq!(events[1].data["previous"]["fields.price"]["amount"], json!("1.10"));
    assert_eq!(events[2].data["previous"]["fields.price"]["amount"], json!(original[1].price));
    assert_eq!(events[2].data["document"]["fields"]["price"]["amount"], json!("3.30"));
}

#[test]
fn an_endpoint_that_refuses_connections_gets_the_newest_version_of_what_it_was_not_asked_about() {
    // More than two waves, after which a silent endpoint is left alone for this run.
    let mut all = Vec::new();
    for copy in 0..5 {
        all.extend(rows().into_iter().map(|row| Row { sku: format!("{}-{copy}", row.sku), ..row }));
    }
    let company = Company::with_feed(&csv(&all));
    let off = crate::support::closed_port();
    let shop = |url: &str| {
        let alfa = company.csv_supplier("alfa");
        company.configure(&[alfa], &[crate::support::endpoint("shop", url, "")], crate::support::ACCEPT_ALL);
    };
    shop(&off);
    let done = company.run().with_code(2);
    let standing = done.endpoint("shop");
    assert_eq!(
        (&standing["delivered"], &standing["failed"], &standing["pending"]),
        (&json!(0), &json!(128), &json!(200))
    );
    assert!(done.problems().contains("endpoint shop: 200 events wait"), "{}", done.problems());
    let list = company.berika(&["deliveries", "list", "--state", "pending", "--limit", "500", "--json"]);
    let list = list.with_code(0).json();
    let untried: Vec<_> = list.as_array().unwrap().iter().filter(|row| row["attempts"] == 0).collect();
    assert_eq!(untried.len(), 72);

    for row in &mut all {
        row.price = row.price.replace(".50", ".95");
    }
    shop(&company.shop.url());
    run_with(&company, &all);
    let events = new_events(&company, 0);
    for row in untried {
        let product = format!("alfa/{}", row["product"]["sku"].as_str().unwrap());
        let of_it: Vec<_> = events.iter().filter(|e| e.product == product).collect();
        assert_eq!(of_it.len(), 1, "{product}");
        assert_eq!((of_it[0].version, &of_it[0].data["previous"]), (2, &json!({})));
        assert_eq!(json!(of_it[0].id), row["id"]);
    }
}
