//! The same article at two suppliers: proposed, joined by a person or a rule, published as one, and parted.

use serde_json::json;

use crate::support::{ACCEPT_ALL, Company, Event, endpoint, supplier};

const FIELDS: &str = "sku = \"sku\"\ntitle = \"title\"\nbrand = \"brand\"\nprice = \"price\"\ngtin = \"gtin\"\n\
                      description = \"about\"\n";
const HEADER: &str = "sku,title,brand,price,gtin,about\n";
const TEA: &str = "A1,Earl Grey Black Tea 50 Bags,Asta,4.50,4006381333931,\n";
const TEA_TOO: &str = "B1,Black Tea Earl Grey 50 Bags,ASTA,3.90,4006381333931,Scented with bergamot\n";
const COFFEE: &str = "A2,Ground Coffee Medium Roast 500 g,Asta,6.50,4012345678901,\n";
const NOT_COFFEE: &str = "B2,Espresso Coffee Beans 1 kg,Bolla,9.90,4012345678901,\n";

fn feed(company: &Company, supplier: &str, rows: &[&str]) {
    company.feed(&format!("{supplier}.csv"), format!("{HEADER}{}", rows.concat()));
}

fn configure(company: &Company, more: &str) {
    let csv = |id: &str| {
        let url = company.suppliers.url(&format!("/{id}.csv"));
        supplier(id, "full", &url, "type = \"csv\"", FIELDS, "retire_after = 1\nshrink_limit = 1.0")
    };
    let shop = endpoint("shop", &company.shop.url(), "");
    company.configure(&[csv("alfa"), csv("beta")], &[shop], &format!("{ACCEPT_ALL}{more}"));
}

fn company(more: &str) -> Company {
    let company = Company::new();
    feed(&company, "alfa", &[TEA, COFFEE]);
    feed(&company, "beta", &[TEA_TOO, NOT_COFFEE]);
    configure(&company, more);
    company
}

const ORDER: &str = "[duplicates]\norder = [\"alfa\", \"beta\"]\nfields = { price = [\"beta\"] }\n";
const RULE: &str = "[duplicates]\njoin = \"same-gtin\"\norder = [\"alfa\", \"beta\"]\n";

fn events(company: &Company, product: &str) -> Vec<Event> {
    let all = company.shop.received().iter().map(Event::of).collect::<Vec<_>>();
    all.into_iter().filter(|event| event.product == product).collect()
}

#[test]
fn what_a_person_joins_is_published_as_one_and_parted_again() {
    let company = company(ORDER);
    company.run().with_code(0);
    let listed = company.berika(&["duplicates", "list", "--json"]).with_code(0).json();
    assert_eq!(listed["total"], 2);
    let tea = &listed["proposals"][0];
    assert_eq!(
        (&tea["leader"]["product"], &tea["doubts"]),
        (&json!({"supplier": "alfa", "sku": "A1"}), &json!([])),
        "{tea}"
    );
    let doubts = &listed["proposals"][1]["doubts"];
    assert_eq!(doubts, &json!(["brands differ: Asta, Bolla"]));
    let text = company.berika(&["duplicates", "list", "--supplier", "beta", "--limit", "1"]).with_code(0).out;
    assert!(
        text.contains("because: same GTIN 04006381333931") && text.contains("1 of 2 proposals"),
        "{text}"
    );

    let joined = company.berika(&["duplicates", "join", "A1", "B1", "--reason", "same tea"]).with_code(0).out;
    assert!(joined.contains("alfa/A1 takes 2 fields"), "{joined}");
    assert_eq!(company.run().with_code(0).items("publish"), 2);
    let (version, document) = company.published("alfa/A1").unwrap();
    assert_eq!((version, &document["fields"]["price"]["amount"]), (2, &json!("3.90")));
    assert_eq!(document["fields"]["description"], "Scented with bergamot");
    let last = events(&company, "alfa/A1").pop().unwrap();
    assert_eq!(
        last.data["provenance"]["fields.description"],
        json!({"joined_from": {"supplier": "beta", "sku": "B1"}, "reason": "alfa/A1 does not give it"})
    );
    let other = events(&company, "beta/B1").pop().unwrap();
    assert_eq!((other.kind.as_str(), other.version), ("product.joined", 2));
    assert_eq!(
        other.data["document"],
        json!({"state": "joined", "joined_into": {"supplier": "alfa", "sku": "A1"}})
    );
    let explained = company.berika(&["explain", "A1"]).with_code(0).out;
    assert!(explained.contains("beta/B1: alfa/A1 does not give it"), "{explained}");
    assert!(company.berika(&["explain", "B1"]).with_code(0).out.contains("Part of alfa/A1"));
    assert_eq!(company.run().with_code(0).items("publish"), 0, "and nothing is left to say");

    // The other's next delivery is the leader's.
    feed(&company, "beta", &[&TEA_TOO.replace("3.90", "3.80"), NOT_COFFEE]);
    assert_eq!(company.run().with_code(0).items("publish"), 1);
    assert_eq!(company.published("alfa/A1").unwrap().1["fields"]["price"]["amount"], "3.80");

    company.berika(&["duplicates", "part", "beta/B1"]).with_code(0);
    assert_eq!(company.run().with_code(0).items("publish"), 2);
    let (version, document) = company.published("beta/B1").unwrap();
    assert_eq!(
        (version, &document["state"], &document["category"]["id"]),
        (3, &json!("active"), &json!("food.tea"))
    );
    assert_eq!(company.published("alfa/A1").unwrap().1["fields"]["price"]["amount"], "4.50");
    assert!(company.shop.unverified().is_empty());
}

#[test]
fn the_rule_joins_what_is_clear_and_never_what_a_person_parted() {
    let company = company(RULE);
    assert_eq!(company.run().with_code(0).items("duplicates"), 1, "the coffees have different brands");
    assert!(company.published("beta/B1").is_none(), "it was never published, and is not now");
    assert!(company.published("beta/B2").is_some());
    assert_eq!(company.published("alfa/A1").unwrap().1["fields"]["description"], "Scented with bergamot");

    company.berika(&["duplicates", "part", "alfa/A1"]).with_code(0);
    company.run().with_code(0);
    assert_eq!(company.published("beta/B1").unwrap().0, 1, "the rule did not join it again");
    let again = company.berika(&["duplicates", "join", "--proposed", "--same-gtin"]).with_code(0).out;
    assert!(again.contains("0 groups would be joined"), "{again}");
}

#[test]
fn all_proposals_are_joined_at_once_after_a_dry_run() {
    let company = company(ORDER);
    company.run().with_code(0);
    let join = |more: &[&str]| {
        let arguments = [&["duplicates", "join", "--proposed", "--same-gtin"], more].concat();
        company.berika(&arguments).with_code(0)
    };
    let dry = join(&[]).out;
    assert!(dry.contains("alfa/A1 + beta/B1: same GTIN 04006381333931"), "{dry}");
    assert!(dry.contains("1 more are left to you") && dry.contains("nothing was written"), "{dry}");
    assert!(company.berika(&["duplicates", "list"]).with_code(0).out.contains("2 proposals"));
    let done = join(&["--apply", "--json"]).json();
    assert_eq!((&done["applied"], &done["doubtful"]), (&json!(true), &json!(1)));
    assert_eq!(done["groups"][0]["outcome"]["joined"][0]["sku"], "B1");
    assert!(join(&["--apply"]).out.contains("0 groups joined"));
}

#[test]
fn an_offer_stays_when_the_supplier_that_led_it_drops_it() {
    let company = company(RULE);
    company.run().with_code(0);
    company.berika(&["decide", "alfa/A1", "food.tea"]).with_code(0);
    company.run().with_code(0);
    feed(&company, "alfa", &[COFFEE]);
    company.run().with_code(0);
    let (_, document) = company.published("beta/B1").unwrap();
    assert_eq!(
        (&document["state"], &document["category"]["decided_by"]),
        (&json!("active"), &json!("person"))
    );
    let last = events(&company, "alfa/A1").pop().unwrap();
    assert_eq!(
        (last.kind.as_str(), &last.data["document"]["joined_into"]["sku"]),
        ("product.joined", &json!("B1"))
    );

    feed(&company, "alfa", &[TEA, COFFEE]);
    company.run().with_code(0);
    let (_, document) = company.published("beta/B1").unwrap();
    assert_eq!(document["fields"]["title"], "Earl Grey Black Tea 50 Bags", "it gives its fields again");
    assert_eq!(company.run().with_code(0).items("publish"), 0);
}

#[test]
fn what_cannot_be_is_answered() {
    let company = company(ORDER);
    company.run().with_code(0);
    let refused = |arguments: &[&str], part: &str| {
        let error = company.berika(&[&["duplicates"], arguments].concat()).with_code(1).err;
        assert!(error.contains(part), "{error}");
    };
    refused(&["join", "A1", "nobody"], "there is no product \"nobody\"");
    refused(&["join", "A1", "A1"], "alfa/A1 cannot be joined into itself");
    refused(&["join", "A1"], "2 values required");
    refused(&["join", "A1", "B1", "--apply"], "--proposed");
    refused(&["join", "--proposed"], "--same-gtin");
    refused(&["part", "A1"], "alfa/A1 is not joined with any product");
    refused(&["list", "--supplier", "gamma"], "gamma");
    company.berika(&["duplicates", "join", "A1", "B1"]).with_code(0);
    refused(&["join", "A2", "B1"], "beta/B1 is joined into alfa/A1 already");
    refused(&["join", "B1", "A2"], "beta/B1 is itself joined into alfa/A1");
    configure(&company, "[duplicates]\norder = [\"gamma\"]\n");
    refused(&["list"], "duplicates: order names supplier gamma, which is not configured");
}
