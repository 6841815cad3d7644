//! `berika supplier suggest`: what it prints works when it is pasted.

use crate::support::{ACCEPT_ALL, Company, endpoint};

/// A wholesaler's list as its program exports it: nothing in it is named as in our configuration.
const LIST: &str = "Varenr.;Navn;Mærke;Stregkode;Varegruppe;Pris ekskl. moms (DKK);Beholdning\n\
    100-1;Gryde 5 l støbejern;Kobberhus;5700000100018;Køkken > Gryder;219,50;14\n\
    100-2;Pande 28 cm støbejern;Kobberhus;5700000100025;Køkken > Pander;189,00;3\n\
    100-3;Grydeske i olietræ;Trøndborg;5700000100032;Køkken > Redskaber;24,95;240\n";

#[test]
fn a_suggested_section_takes_the_file_in() {
    let company = Company::new();
    let file = company.path("feeds/nordhandel_varer.csv");
    std::fs::write(&file, LIST).unwrap();
    let file = file.to_str().unwrap();

    let suggested = company.berika(&["supplier", "suggest", file, "--id", "nordhandel"]).with_code(0);
    assert!(suggested.out.contains("berika supplier check nordhandel"), "{}", suggested.out);
    company.configure(
        std::slice::from_ref(&suggested.out),
        &[endpoint("shop", &company.shop.url(), "")],
        ACCEPT_ALL,
    );
    let done = company.run().with_code(0);
    let outcome = &done.supplier("nordhandel")["outcome"];
    assert_eq!(outcome["delivery"], "taken-in", "{outcome}");
    assert_eq!(outcome["counts"]["stored"], 3, "{outcome}");
    let (_, document) = company.published("nordhandel/100-2").unwrap();
    assert!(document.to_string().contains("189"), "{document}");
}

#[test]
fn the_same_is_said_as_json_and_what_is_no_feed_is_named() {
    let company = Company::new();
    let file = company.path("feeds/liste.csv");
    std::fs::write(&file, LIST).unwrap();
    let json = company.berika(&["supplier", "suggest", file.to_str().unwrap(), "--json"]).with_code(0).json();
    let suggestion = &json["suggestion"];
    assert_eq!(suggestion["format"]["type"], "csv");
    assert_eq!(
        (suggestion["language"]["value"].as_str(), suggestion["currency"]["value"].as_str()),
        (Some("da"), Some("DKK"))
    );
    let sku = suggestion["mapping"].as_array().unwrap().iter().find(|field| field["field"] == "sku").unwrap();
    assert_eq!(sku["columns"], serde_json::json!(["Varenr."]));
    assert!(sku["confidence"].as_f64().unwrap() > 0.9);
    assert_eq!(sku["samples"].as_array().unwrap().len(), 3);

    let page = company.path("feeds/login.csv");
    std::fs::write(&page, "<!DOCTYPE html><html><head><title>Log ind</title></head></html>").unwrap();
    let refused = company.berika(&["supplier", "suggest", page.to_str().unwrap()]).with_code(1);
    assert!(refused.err.contains("a web page"), "{}", refused.err);
}
