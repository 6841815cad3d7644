//! What is accepted without a look: nothing at first, then what random decisions prove, until audits say otherwise.

use std::fmt::Write as _;

use crate::assortment::{Row, csv, rows};
use crate::support::{Company, Done, Event, endpoint};

/// Three products of every kind, `P00`, `P00-b` and `P00-c`: of three makers, so that they do not look alike.
fn many() -> Vec<Row> {
    let kinds = [("", "", ""), ("-b", "Linden Vale ", " Classic"), ("-c", "Ostra ", " Original")];
    let of = |row: &Row, (mark, before, after): (&str, &str, &str)| Row {
        sku: format!("{}{mark}", row.sku),
        title: format!("{before}{}{after}", row.title),
        brand: format!("{}{mark}", row.brand),
        ..row.clone()
    };
    kinds.iter().flat_map(|kind| rows().iter().map(|row| of(row, *kind)).collect::<Vec<_>>()).collect()
}

/// The category of the row at this place of [`rows`].
fn truth(at: usize) -> &'static str {
    crate::assortment::LEAVES[at / 5].0
}

fn configure(company: &Company, policy: &str) {
    company.configure(&[company.csv_supplier("alfa")], &[endpoint("shop", &company.shop.url(), "")], policy);
}

fn decide(company: &Company, decided: &[(String, &str)]) {
    let mut text = "supplier,sku,category\n".to_owned();
    for (sku, category) in decided {
        writeln!(text, "alfa,{sku},{category}").unwrap();
    }
    let path = company.path("decisions.csv");
    std::fs::write(&path, text).unwrap();
    company.berika(&["decide", "import", path.to_str().unwrap()]).with_code(0);
}

/// Article numbers of products with such a reason.
fn with_reason(company: &Company, beginning: &str) -> Vec<String> {
    let products = company.store(async |store| store.categorised_products(None, 500).await.unwrap());
    let said = |reasons: &[String]| reasons.iter().any(|reason| reason.starts_with(beginning));
    products.into_iter().filter(|p| said(&p.reasons)).map(|p| p.key.sku).collect()
}

fn accepted(done: &Done) -> u64 {
    done.supplier("alfa")["standing"]["accepted"].as_u64().unwrap()
}

/// Half of what is accepted is audited, so that a small assortment shows both.
const HALF_AUDITED: &str = "[policy]\naudit_share_most = 0.5\naudit_share_least = 0.5\n";

/// Decisions on two of three products of every kind.
fn two_thirds() -> Vec<(String, &'static str)> {
    let names = rows();
    let of = |at: usize| ["", "-b"].map(|mark| (format!("{}{mark}", names[at].sku), truth(at)));
    (0..40).flat_map(of).collect()
}

#[test]
fn a_promise_takes_random_decisions_and_audits_can_end_it() {
    let company = Company::with_feed(&csv(&many()));
    configure(&company, HALF_AUDITED);

    let done = company.run().with_code(0);
    assert_eq!(accepted(&done), 0, "nothing is known yet");
    assert_eq!(done.json()["acceptance"]["evidence"]["not-yet"]["missing"], 45);
    assert_eq!(with_reason(&company, "nothing is accepted without a look yet").len(), 120);

    // A few are not ranked without themselves yet, and count all the same.
    decide(&company, &two_thirds()[..10]);
    let done = company.run().with_code(0);
    assert_eq!(
        done.json()["acceptance"]["evidence"]["not-yet"],
        serde_json::json!({"have": 10, "missing": 35})
    );
    decide(&company, &two_thirds());
    let done = company.run().with_code(0);
    let promised = with_reason(&company, "sure enough");
    let audited = with_reason(&company, "drawn for audit");
    assert_eq!(accepted(&done), 80 + promised.len() as u64);
    assert!(promised.len() >= 5 && audited.len() >= 5, "{promised:?} {audited:?}");
    assert_eq!(done.json()["acceptance"]["audits_open"], audited.len());
    let events: Vec<Event> = company.shop.received().iter().map(Event::of).collect();
    let of = |sku: &str| events.iter().find(|event| event.product == format!("alfa/{sku}")).unwrap();
    assert_eq!(of(&promised[0]).data["document"]["category"]["promise"], 0.95);
    assert!(of("P00").data["document"]["category"].get("promise").is_none(), "a person chose");
    assert_eq!(company.run().with_code(0).items("category"), 0, "the same evidence allows the same");

    // The buyer finds every audit wrong: it stops by itself, and says so wherever one looks.
    let wrong: Vec<_> = audited.iter().map(|sku| (sku.clone(), "")).collect();
    decide(&company, &wrong);
    let done = company.run().with_code(2);
    assert!(done.problems().contains("audits were wrong"), "{}", done.problems());
    assert!(done.problems().contains("berika policy resume"), "{}", done.problems());
    assert_eq!(accepted(&done), 80 + promised.len() as u64, "what is settled stays");
    let shown = company.berika(&["policy", "show", "--json"]).with_code(0).json();
    assert_eq!(shown["acceptance"]["audits_wrong"], audited.len());
    assert!(company.berika(&["doctor"]).with_code(1).out.contains("audits were wrong"));
    company.run().with_code(2);

    company.berika(&["policy", "resume"]).with_code(0);
    company.berika(&["policy", "resume"]).with_code(1);
    let done = company.run().with_code(0);
    assert_eq!(done.json()["acceptance"]["audits"], 0, "the test begins anew");
}

#[test]
fn audits_stand_first_in_review_and_those_found_wrong_stop_accepting() {
    let company = Company::with_feed(&csv(&many()));
    configure(&company, HALF_AUDITED);
    company.run().with_code(0);
    decide(&company, &two_thirds());
    let accepts = accepted(&company.run().with_code(0));
    let audited = with_reason(&company, "drawn for audit");
    assert!(accepts > 80 && audited.len() >= 5, "{accepts} {audited:?}");

    let next = || company.berika(&["review", "next", "--limit", "100", "--json"]).with_code(0).json();
    let page = next();
    let offered = page["products"].as_array().unwrap();
    let (first, others) = offered.split_at(audited.len());
    let keys: Vec<&str> = first.iter().map(|product| product["product"].as_str().unwrap()).collect();
    let drawn: Vec<String> = audited.iter().map(|sku| format!("alfa/{sku}")).collect();
    assert_eq!(keys, drawn);
    assert!(first.iter().all(|product| product["audit"] == true && product["gain"] == 0.0), "{page}");
    assert!(others.iter().all(|product| product["audit"] == false), "{page}");
    let shown = company.berika(&["review", "next", "--limit", "1"]).with_code(0).out;
    assert!(shown.contains("[audit]") && shown.contains("because drawn for audit"), "{shown}");

    // The first is right, and corrected to be wrong; so are all others.
    let right = first[0]["candidates"][0]["id"].as_str().unwrap();
    company.berika(&["decide", &drawn[0], right]).with_code(0);
    for product in &drawn {
        company.berika(&["decide", product, "--none-of-ours"]).with_code(0);
    }
    let log = company.berika(&["decide", "export"]).with_code(0).out;
    let drawn_at_random = log.lines().filter(|line| line.contains("random-audit")).count();
    assert_eq!((drawn_at_random, log.matches("active-review").count()), (drawn.len() + 1, 0), "{log}");
    assert!(next()["products"].as_array().unwrap().iter().all(|product| product["audit"] == false));

    let stopped = company.run().with_code(2);
    let wrong = format!("{} of {} audits were wrong", drawn.len(), drawn.len());
    assert!(stopped.problems().contains(&wrong), "{}", stopped.problems());
    assert_eq!(accepted(&stopped), accepts, "what is settled stays");
    let shown = company.berika(&["policy", "show"]).with_code(0).out;
    assert!(shown.contains("nothing: ") && shown.contains(&wrong), "{shown}");
    let resumed = company.berika(&["policy", "resume"]).with_code(0).out;
    assert!(!resumed.contains("audits were wrong"), "{resumed}");
    company.run().with_code(0);
}

#[test]
fn a_configured_threshold_promises_nothing_and_says_so() {
    let company = Company::with_feed(&csv(&rows()[..5]));
    assert_eq!(accepted(&company.run().with_code(0)), 5);
    assert_eq!(with_reason(&company, "confidence ").len(), 5);
    let event = Event::of(&company.shop.received()[0]);
    let category = &event.data["document"]["category"];
    assert_eq!(
        (&category["decided_by"], &category["promise"]),
        (&"machine".into(), &serde_json::Value::Null)
    );
    let shown = company.berika(&["policy", "show"]).with_code(0).out;
    assert!(shown.contains("without a promise"), "{shown}");
}

#[test]
fn a_promise_of_everything_is_refused() {
    let company = Company::with_feed(&csv(&rows()[..1]));
    configure(&company, "[policy]\npromise = 1.0\n");
    let refused = company.berika(&["run"]).with_code(1).err;
    assert!(refused.contains("policy: a promise of 1 cannot be kept"), "{refused}");
}
