//! Sections proposed from files alone: right on the demo's feeds, on hand-written ones of many kinds and, where they
//! are at hand, on real ones.

use std::path::{Path, PathBuf};

use berika_catalog::{Currency, DeliveryKind, Language};
use berika_feeds::{AttributesRule, DeliveryContext, FeedConfig, FieldRule, Fields, Limits, Suggestion};

use crate::suggest_case::Case;
use crate::support::*;

fn suggested(path: &Path) -> Suggestion {
    berika_feeds::suggest(path, &Limits::default()).unwrap_or_else(|error| panic!("{error}"))
}

/// The suggested section as it is after it was pasted and read back.
fn pasted(suggestion: &Suggestion) -> (FeedConfig, toml::Table) {
    let text = suggestion.to_toml();
    let whole: toml::Table = toml::from_str(&text).unwrap_or_else(|error| panic!("{error}\n{text}"));
    let mut supplier = whole["suppliers"][0].as_table().unwrap().clone();
    let mut sections = toml::Table::new();
    for name in ["format", "fields"] {
        if let Some(section) = supplier.remove(name) {
            sections.insert(name.to_owned(), section);
        }
    }
    (sections.try_into().unwrap_or_else(|error| panic!("{error}\n{text}")), supplier)
}

/// Reads the file with what was suggested for it.
fn read_as_suggested(path: &Path, suggestion: &Suggestion) -> Read {
    let (config, supplier) = pasted(suggestion);
    let text = |key: &str| supplier.get(key).and_then(toml::Value::as_str);
    let context = DeliveryContext {
        kind: if text("delivery") == Some("delta") { DeliveryKind::Delta } else { DeliveryKind::Full },
        language: text("language").map(|tag| Language::parse(tag).unwrap()),
        currency: text("currency").map(|code| Currency::parse(code).unwrap()),
        ..context()
    };
    read_with(path, &config, &context, &Limits::default())
}

/// Each field's columns, for comparing.
fn columns(fields: &Fields) -> Vec<(&'static str, Vec<String>)> {
    let of = |rule: &Option<FieldRule>| rule.as_ref().map(|rule| rule.from.clone()).unwrap_or_default();
    [
        ("sku", of(&fields.sku)),
        ("title", of(&fields.title)),
        ("brand", of(&fields.brand)),
        ("gtin", of(&fields.gtin)),
        ("mpn", of(&fields.mpn)),
        ("description", of(&fields.description)),
        ("supplier_category", of(&fields.supplier_category)),
        ("price", of(&fields.price)),
        ("currency", of(&fields.currency)),
        ("images", of(&fields.images)),
        ("language", of(&fields.language)),
        ("best_before", of(&fields.best_before)),
        ("stock", of(&fields.stock)),
        ("group_id", of(&fields.group_id)),
    ]
    .into()
}

#[test]
fn the_demos_feeds_are_mapped_as_people_mapped_them() {
    for (supplier, file, language) in [
        ("nordmat", "nordmat.csv", "sv"),
        ("verktygslagret", "verktygslagret.xlsx", "sv"),
        ("brightfield", "brightfield.json.gz", "en"),
        ("fjordfritid", "fjordfritid.xml", "da"),
        ("werkgut", "werkgut.xml", "de"),
    ] {
        let path = fixture(file);
        let suggestion = suggested(&path);
        let (config, section) = pasted(&suggestion);
        let ours = demo_config(supplier);
        assert_eq!(config.format.name(), ours.format.name(), "{supplier}");
        assert_eq!(columns(&config.fields), columns(&ours.fields), "{supplier}");
        assert_eq!(section["language"].as_str(), Some(language), "{supplier}");
        assert_eq!(section["id"].as_str(), Some(supplier));

        let (theirs, suggested) = (read_file(&path, &ours), read_as_suggested(&path, &suggestion));
        assert_eq!(theirs.products().len(), suggested.products().len(), "{supplier}");
        for (a, b) in theirs.products().into_iter().zip(suggested.products()) {
            assert_eq!(
                (&a.key.sku, &a.values.title, &a.values.supplier_category),
                (&b.key.sku, &b.values.title, &b.values.supplier_category)
            );
            assert_eq!(a.values.price.as_ref().map(|p| p.amount), b.values.price.as_ref().map(|p| p.amount));
        }
    }
}

#[test]
fn hand_written_feeds_are_mapped_right() {
    check("known");
}

#[test]
fn feeds_that_were_held_out_are_mapped_right() {
    check("unseen");
}

/// Compares every case of a folder and names each field that is wrong.
fn check(folder: &str) {
    let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/suggest").join(folder);
    let mut files: Vec<PathBuf> =
        std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    files.sort();
    let (mut wrong, mut expected) = (Vec::new(), 0);
    for file in &files {
        let case = Case::read(file);
        let written = case.write();
        let suggestion = match berika_feeds::suggest(&written.path, &Limits::default()) {
            Ok(suggestion) => suggestion,
            Err(error) => {
                wrong.push(format!("{}: {error}", file.display()));
                continue;
            }
        };
        let (config, section) = pasted(&suggestion);
        let attributes = match &config.fields.attributes {
            Some(AttributesRule::Columns(names)) => names.clone(),
            _ => Vec::new(),
        };
        let misses = case.misses(&config, &section, &columns(&config.fields), &attributes);
        expected += case.expectations();
        wrong.extend(misses.into_iter().map(|miss| format!("{}: {miss}", case.name)));
        let read = read_as_suggested(&written.path, &suggestion);
        if let Err(problem) = &read.end {
            wrong.push(format!("{}: {problem}", case.name));
        } else if read.products().len() != case.products {
            wrong.push(format!("{}: {} products: {:?}", case.name, read.products().len(), read.errors()));
        }
    }
    let sum = format!("{} files, {} of {expected} expectations wrong", files.len(), wrong.len());
    assert!(wrong.is_empty(), "{sum}\n{}", wrong.join("\n"));
}

/// A real feed, which is not part of the project, and what must come of it.
struct Real {
    file: &'static str,
    format: &'static str,
    products: usize,
    language: &'static str,
    currency: Option<&'static str>,
    /// What every product has.
    fields: &'static [&'static str],
}

const fn real(
    file: &'static str,
    format: &'static str,
    products: usize,
    language: &'static str,
    currency: Option<&'static str>,
    fields: &'static [&'static str],
) -> Real {
    Real { file, format, products, language, currency, fields }
}

const REAL: &[Real] = &[
    real("WEI_BMECat_1351590000.xml", "bmecat", 1, "de", None, &["title", "gtin", "brand"]),
    real("WEI_BMECat_1609801044.xml", "bmecat", 1, "de", None, &["title", "gtin", "brand"]),
    real("WEI_BMECat_7760056106.xml", "bmecat", 1, "de", None, &["title", "gtin", "brand"]),
    real("abalight_produkte_de.tsv", "csv", 408, "de", None, &["title", "description", "supplier_category"]),
    real(
        "bmecat12_new_catalog.golden.xml",
        "bmecat",
        1,
        "de",
        Some("EUR"),
        &["title", "price", "supplier_category"],
    ),
    real(
        "bmecat2005_new_catalog.golden.xml",
        "bmecat",
        1,
        "de",
        Some("EUR"),
        &["title", "price", "supplier_category"],
    ),
    real("firepartshub_google_en.xml", "google", 2039, "en", Some("USD"), &["title", "brand", "images"]),
    real("bmecat12_update_prices.golden.xml", "bmecat", 1, "", Some("EUR"), &["price"]),
    real("shopify_ronne_nl.csv", "shopify", 155, "en", None, &["title", "brand"]),
    real("shopifypartners_apparel.csv", "shopify", 20, "en", None, &["title", "brand", "images"]),
    real("shopifypartners_home-and-garden.csv", "shopify", 20, "en", None, &["title", "brand", "images"]),
    real("velofant_prisjakt_15.xml", "google", 12, "sv", Some("SEK"), &["title", "brand", "price", "images"]),
    real("velofant_prisjakt_26.xml", "google", 26, "sv", Some("SEK"), &["title", "brand", "price", "images"]),
];

#[test]
fn real_feeds_are_read_without_a_hint() {
    let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../../shared/data/feeds");
    if !folder.is_dir() {
        println!("skipped: the real feeds are not at hand");
        return;
    }
    for Real { file, format, products, language, currency, fields } in REAL {
        let path = folder.join(file);
        let suggestion = suggested(&path);
        let (config, section) = pasted(&suggestion);
        assert_eq!(config.format.name(), *format, "{file}");
        let found = section.get("language").and_then(toml::Value::as_str).unwrap_or_default();
        assert_eq!(found, *language, "{file}");
        assert_eq!(section.get("currency").and_then(toml::Value::as_str), *currency, "{file}");
        let read = read_as_suggested(&path, &suggestion);
        println!("{file}: {format} {} products, {} rejected", read.products().len(), read.errors().len());
        assert_eq!(read.products().len(), *products, "{file}");
        for product in read.products() {
            let held = product.values.fields();
            let missing: Vec<_> = fields.iter().filter(|field| !held.contains_key(**field)).collect();
            assert!(missing.is_empty(), "{file}: {} lacks {missing:?}", product.key);
        }
    }
}

#[test]
fn the_same_file_gives_the_same_section() {
    for file in ["nordmat.csv", "verktygslagret.xlsx", "brightfield.json.gz", "werkgut.xml"] {
        assert_eq!(suggested(&fixture(file)).to_toml(), suggested(&fixture(file)).to_toml());
    }
}

#[test]
fn supplier_text_cannot_break_out_of_the_section() {
    let feed =
        "Artikelnr;Namn\"]\nid = \"x;Pris\n1;\"a\n[[suppliers]]\nb\";2,50\n2;c\\;3,50\n3;\u{7f}\u{1};4,50\n";
    let suggestion = suggested(file_of(feed.as_bytes()).path());
    let (_, section) = pasted(&suggestion);
    assert_eq!(section["id"].as_str(), Some(suggestion.id.as_str()));
}

#[test]
fn what_is_no_feed_is_refused() {
    for (bytes, part) in [
        (&b"<!DOCTYPE html><html><head><title>Logga in</title></head></html>"[..], "web page"),
        (b"%PDF-1.7 ...", "PDF"),
        (b"", "empty"),
        (b"{\n\"error\": {\"code\": 1}\n}", "no array"),
    ] {
        let error = berika_feeds::suggest(file_of(bytes).path(), &Limits::default());
        let error = error.err().map(|error| error.to_string()).unwrap_or_default();
        assert!(error.contains(part), "{part}: {error}");
    }
}
