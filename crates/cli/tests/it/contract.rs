//! Deliveries that are not what is usual of their supplier: held before anything of them is written, until a person
//! lets them through.

use std::time::Duration;

use serde_json::{Value, json};

use crate::assortment::{CSV_FIELDS, Row, csv, rows};
use crate::support::{ACCEPT_ALL, Company, Done, endpoint, supplier};

/// The forty products at so many times their price.
fn at(factor: f64) -> Vec<Row> {
    let mut rows = rows();
    for row in &mut rows {
        row.price = format!("{:.2}", row.price.parse::<f64>().unwrap() * factor);
    }
    rows
}

/// A company that has taken in this delivery.
fn used_to(rows: &[Row]) -> Company {
    let company = Company::with_feed(&csv(rows));
    assert_eq!(outcome(&company.run().with_code(0))["delivery"], "taken-in");
    company
}

fn outcome(done: &Done) -> Value {
    done.supplier("alfa")["outcome"].clone()
}

/// The delivery is held for this rule, in one sentence with these words, and nothing of it is written.
#[track_caller]
fn is_held(company: &Company, rule: &str, parts: &[&str]) {
    let before = company.digest();
    for arguments in [&["run", "--dry-run", "--json"][..], &["run", "--json"], &["run", "--json"]] {
        let done = company.berika(arguments).with_code(2);
        let outcome = outcome(&done);
        assert_eq!(outcome["delivery"], "held", "{outcome}");
        assert_eq!(outcome["breaches"][0]["rule"], rule, "{outcome}");
        let reason = outcome["reason"].as_str().unwrap();
        assert!(done.problems().contains(reason), "{}", done.problems());
        for part in parts {
            assert!(reason.contains(part), "no {part:?} in {reason:?}");
        }
    }
    assert_eq!(company.digest(), before);
    let shown = company.berika(&["run"]).with_code(2);
    assert!(shown.out.contains("the delivery is held: "), "{}", shown.out);
}

#[test]
fn another_price_level_is_held_until_a_person_lets_it_through_and_is_the_usual_one_then() {
    let company = used_to(&rows());
    company.feed("alfa.csv", csv(&at(100.0)));
    let parts = ["100 % of the known products cost 100 times what they did", "perhaps öre or cents"];
    is_held(&company, "price-level", &parts);

    let accepted = company.berika(&["supplier", "accept", "alfa"]).with_code(0);
    assert!(accepted.out.contains("although 100 % of the known products"), "{}", accepted.out);
    let done = outcome(&company.run().with_code(0));
    assert_eq!((&done["let_through"], &done["counts"]["changed"]), (&json!(true), &json!(40)));
    company.berika(&["supplier", "accept", "alfa"]).with_code(1);

    // From here on this is usual: more of it is taken in, and the old level is held.
    company.feed("alfa.csv", csv(&at(101.0)));
    assert_eq!(outcome(&company.run().with_code(0))["delivery"], "taken-in");
    company.feed("alfa.csv", csv(&rows()));
    is_held(&company, "price-level", &["times what they did", "EUR"]);
}

#[test]
fn what_was_let_through_may_differ_in_its_bytes_but_not_get_worse() {
    let company = used_to(&rows());
    company.feed("alfa.csv", csv(&at(100.0)));
    is_held(&company, "price-level", &[]);
    company.berika(&["supplier", "accept", "alfa"]).with_code(0);

    // Nobody has looked at this one.
    let mut renumbered = at(100.0);
    renumbered.iter_mut().for_each(|row| row.sku = format!("N{}", row.sku));
    company.feed("alfa.csv", csv(&renumbered));
    is_held(&company, "keys", &["100 % of the article numbers are unknown", "perhaps renumbered"]);

    // A feed that is made anew for each fetch, with nothing else in it that is unusual.
    let mut again = at(100.0);
    again[3].stock = 8;
    company.feed("alfa.csv", csv(&again));
    assert_eq!(outcome(&company.run().with_code(0))["let_through"], true);
}

#[test]
fn a_lost_column_of_which_fields_are_made_is_held_and_named() {
    let fields = CSV_FIELDS.replace("price = \"price\"", "price = { from = \"price\", default = \"\" }");
    let company = Company::new();
    let alfa = supplier("alfa", "full", &company.suppliers.url("/alfa.csv"), "type = \"csv\"", &fields, "");
    company.configure(&[alfa], &[endpoint("shop", &company.shop.url(), "")], ACCEPT_ALL);
    company.feed("alfa.csv", csv(&rows()));
    company.run().with_code(0);
    company.feed("alfa.csv", csv(&rows()).replacen(",price,", ",cost,", 1));
    let parts = ["column \"price\" is gone and \"cost\" is new: price is filled in 0 %", "was in 100 %"];
    is_held(&company, "fill", &parts);

    // The same column more is news, no breach.
    company.feed("alfa.csv", csv(&rows()).lines().map(|line| format!("{line},new\n")).collect::<String>());
    let done = company.run().with_code(0);
    assert_eq!(outcome(&done)["notes"], json!(["new columns: \"new\""]));
}

#[test]
fn a_delta_with_other_prices_is_held_too() {
    let company = Company::new();
    let url = company.suppliers.url("/alfa.csv");
    let alfa = supplier("alfa", "delta", &url, "type = \"csv\"", CSV_FIELDS, "");
    company.configure(&[alfa], &[endpoint("shop", &company.shop.url(), "")], ACCEPT_ALL);
    company.feed("alfa.csv", csv(&rows()));
    company.run().with_code(0);
    company.feed("alfa.csv", csv(&at(1.2)[..15]));
    company.run().with_code(0);
    company.feed("alfa.csv", csv(&at(100.0)[..15]));
    is_held(&company, "price-level", &["known products cost"]);
}

#[test]
fn a_changed_mapping_is_no_breach() {
    let company = used_to(&rows());
    let fields = CSV_FIELDS.replace("title = \"title\"", "title = \"brand\"");
    let alfa = supplier("alfa", "full", &company.suppliers.url("/alfa.csv"), "type = \"csv\"", &fields, "");
    company.configure(&[alfa], &[endpoint("shop", &company.shop.url(), "")], ACCEPT_ALL);
    assert_eq!(outcome(&company.run().with_code(0))["counts"]["changed"], 40);
}

#[test]
fn a_kill_between_holding_and_the_end_of_taking_in_loses_nobodys_word() {
    let company = used_to(&rows());
    let calm = used_to(&rows());
    for company in [&company, &calm] {
        company.feed("alfa.csv", csv(&at(100.0)));
        company.run().with_code(2);
        company.berika(&["supplier", "accept", "alfa"]).with_code(0);
    }
    for milliseconds in [0, 40, 80, 120, 160, 200] {
        let mut run = company.command(&["run", "--json"]).spawn().unwrap();
        std::thread::sleep(Duration::from_millis(milliseconds));
        run.kill().unwrap();
        run.wait().unwrap();
    }
    assert_ne!(outcome(&company.run().with_code(0))["delivery"], "held");
    calm.run().with_code(0);
    assert_eq!(company.digest(), calm.digest());
    company.berika(&["supplier", "accept", "alfa"]).with_code(1);
}
