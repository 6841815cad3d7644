//! Reading twice, and any way, gives the same.

use crate::support::*;

/// Every product and its origins as text.
fn all(supplier: &str, file: &str) -> String {
    let read = read_file(&fixture(file), &demo_config(supplier));
    format!("{:?} {:?}", read.rows, read.delivery())
}

#[test]
fn the_same_file_gives_the_same_rows() {
    for (supplier, file) in [
        ("nordmat", "nordmat.csv"),
        ("verktygslagret", "verktygslagret.xlsx"),
        ("brightfield", "brightfield.json.gz"),
        ("fjordfritid", "fjordfritid.xml"),
        ("werkgut", "werkgut.xml"),
    ] {
        assert_eq!(all(supplier, file), all(supplier, file));
    }
}

#[test]
fn every_value_has_an_origin() {
    for (supplier, file) in [
        ("nordmat", "nordmat.csv"),
        ("verktygslagret", "verktygslagret.xlsx"),
        ("brightfield", "brightfield.json.gz"),
        ("fjordfritid", "fjordfritid.xml"),
        ("werkgut", "werkgut.xml"),
    ] {
        let read = read_file(&fixture(file), &demo_config(supplier));
        for product in read.products() {
            let fields: Vec<String> = product.values.fields().into_keys().collect();
            let origins: Vec<String> = product.provenance.keys().map(ToString::to_string).collect();
            assert_eq!(fields, origins, "{}", product.key);
        }
    }
}
