//! In which precision a store's vectors are: chosen once, then the same until the configuration names another.

use serde_json::json;

use crate::assortment::{csv, rows};
use crate::support::{Company, Done};

const PRECISION: &str = "BERIKA__MODEL__PRECISION";

/// `berika ARGUMENTS` with `model.precision` as said.
fn with(company: &Company, precision: &str, arguments: &[&str]) -> Done {
    Done::of(&company.command(arguments).env(PRECISION, precision).output().unwrap())
}

fn recorded(company: &Company) -> Option<String> {
    company.store(async |store| store.precision().await.unwrap())
}

fn model(company: &Company, precision: &str) -> String {
    let checks = with(company, precision, &["doctor", "--json"]).with_code(0).json();
    let checks = checks.as_array().unwrap();
    let finding = |what: &str| {
        let of = |check: &&serde_json::Value| check["what"].as_str().unwrap().starts_with(what);
        checks.iter().find(of).unwrap()["finding"].as_str().unwrap().to_owned()
    };
    assert!(!finding("processor").is_empty());
    finding("model")
}

#[test]
fn the_precision_of_the_first_vectors_holds_under_auto_and_a_named_one_is_a_new_recipe() {
    let company = Company::with_feed(&csv(&rows()));
    assert!(model(&company, "auto").contains("(the fastest here, not recorded yet)"));
    assert_eq!(recorded(&company), None, "doctor looks and decides nothing");
    with(&company, "int8", &["run", "--json"]).with_code(0);
    assert_eq!(recorded(&company).as_deref(), Some("int8"));

    let again = with(&company, "auto", &["run", "--json"]).with_code(0);
    assert_eq!(again.json()["texts"]["embedded"], json!(0));
    assert_eq!(recorded(&company).as_deref(), Some("int8"));
    assert!(model(&company, "auto").contains("in int8 (as recorded in the store)"));

    let named = with(&company, "f32", &["run", "--json"]).with_code(0).json();
    let (wanted, embedded) = (&named["texts"]["wanted"], &named["texts"]["embedded"]);
    assert_eq!(
        embedded.as_u64(),
        Some(wanted.as_u64().unwrap() - 40),
        "the categories; what is settled stays"
    );
    assert_eq!(company.shop.count(), 40, "and nobody is told anything");
    assert_eq!(recorded(&company).as_deref(), Some("f32"));
    let after = with(&company, "auto", &["run", "--json"]).with_code(0);
    assert_eq!((after.items("vector"), recorded(&company).as_deref()), (0, Some("f32")));
}

#[test]
fn a_precision_that_is_none_is_refused_with_those_there_are() {
    let company = Company::with_feed(&csv(&rows()));
    let refused = with(&company, "fp16", &["run", "--json"]).with_code(1);
    for part in [PRECISION, "\"fp16\" is no precision", "f32, bf16, int8; or auto"] {
        assert!(refused.err.contains(part), "{part}: {}", refused.err);
    }
}
