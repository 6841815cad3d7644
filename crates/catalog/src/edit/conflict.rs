//! An edit beside what the supplier says now: it holds, they are at odds, or they came to agree.

use std::borrow::Cow;
use std::collections::BTreeMap;

use icu_normalizer::ComposingNormalizerBorrowed;
use rust_decimal::Decimal;
use serde_json::Value;

use super::{Edit, Edits};
use crate::{Product, ProductValues};

/// A field that a person edited and the supplier changed since: the edit stays until a person says otherwise.
#[derive(Debug, Clone, PartialEq)]
pub struct Conflict {
    /// The field.
    pub field: String,
    /// The edit: our value, and what it replaced.
    pub ours: Edit,
    /// What the supplier says now; `null` where it says nothing.
    pub theirs: Value,
}

impl Product {
    /// The fields in which a person and the supplier are at odds, by name.
    pub fn conflicts(&self) -> Vec<Conflict> {
        if self.edits.0.is_empty() {
            return Vec::new();
        }
        let theirs = self.unedited().fields();
        self.edits
            .fields()
            .filter_map(|(field, edit)| {
                let theirs = theirs.get(field).unwrap_or(&Value::Null);
                let at_odds = !same(field, theirs, &edit.replaced) && !same(field, theirs, &edit.value);
                at_odds.then(|| Conflict {
                    field: field.to_owned(),
                    ours: edit.clone(),
                    theirs: theirs.clone(),
                })
            })
            .collect()
    }
}

impl Edits {
    /// Takes out and returns the edits that the suppliers came round to: `suppliers`, what would hold if nobody had edited
    /// any product of the group, says the same, and so does `unedited`, what holds without them. What only another edit
    /// says releases none.
    pub fn release(&mut self, suppliers: &ProductValues, unedited: &ProductValues) -> Vec<(String, Edit)> {
        if self.0.is_empty() {
            return Vec::new();
        }
        let (theirs, left) = (suppliers.fields(), unedited.fields());
        let says = |values: &BTreeMap<String, Value>, field: &str, edit: &Edit| {
            same(field, values.get(field).unwrap_or(&Value::Null), &edit.value)
        };
        let agreed: Vec<String> = self
            .fields()
            .filter(|(field, edit)| says(&theirs, field, edit) && says(&left, field, edit))
            .map(|(field, _)| field.to_owned())
            .collect();
        agreed.into_iter().filter_map(|field| self.0.remove_entry(&field)).collect()
    }
}

/// Whether two values of `field` say the same: texts but for blanks around them and for how accents are encoded, decimals
/// by value, lists entry by entry. Nothing, an empty text and an empty list are the same.
pub fn same(field: &str, one: &Value, other: &Value) -> bool {
    match (one, other) {
        (Value::String(one), Value::String(other)) => match field {
            "amount" | "stock" => same_decimal(one, other),
            _ => same_text(one, other),
        },
        (Value::Array(one), Value::Array(other)) => {
            one.len() == other.len() && one.iter().zip(other).all(|(one, other)| same(field, one, other))
        }
        // A price.
        (Value::Object(one), Value::Object(other)) => {
            let known =
                |(name, value): (&String, &Value)| other.get(name).is_some_and(|o| same(name, value, o));
            one.len() == other.len() && one.iter().all(known)
        }
        (one, other) => (is_nothing(one) && is_nothing(other)) || one == other,
    }
}

fn is_nothing(value: &Value) -> bool {
    match value {
        Value::Null => true,
        Value::String(text) => text.trim().is_empty(),
        Value::Array(list) => list.is_empty(),
        _ => false,
    }
}

fn same_text(one: &str, other: &str) -> bool {
    one == other || composed(one.trim()) == composed(other.trim())
}

/// The text in Unicode's form NFC.
fn composed(text: &str) -> Cow<'_, str> {
    ComposingNormalizerBorrowed::new_nfc().normalize(text)
}

fn same_decimal(one: &str, other: &str) -> bool {
    match (one.trim().parse::<Decimal>(), other.trim().parse::<Decimal>()) {
        (Ok(one), Ok(other)) => one == other,
        _ => one == other,
    }
}

#[cfg(test)]
mod tests {
    use jiff::Timestamp;
    use serde_json::json;

    use super::*;
    use crate::{Edit, Edits, Joined, ProductKey, ProductState, Provenance};

    fn product(title: Option<&str>, ours: Value, replaced: Value) -> Product {
        let edit = Edit { value: ours, replaced, by: "x".to_owned(), at: Timestamp::UNIX_EPOCH, note: None };
        Product {
            key: ProductKey::parse("nordmat/1").unwrap(),
            state: ProductState::Active,
            supplier_values: ProductValues { title: title.map(str::to_owned), ..ProductValues::default() },
            provenance: Provenance::new(),
            edits: Edits([("title".to_owned(), edit)].into()),
            joined: Joined::default(),
        }
    }

    #[test]
    fn values_are_compared_by_what_they_say() {
        for (field, one, other) in [
            ("title", json!("Mjölk "), json!("Mjo\u{308}lk")),
            ("title", json!(""), Value::Null),
            ("images", json!([]), Value::Null),
            (
                "price",
                json!({"amount": "12.50", "currency": "SEK"}),
                json!({"amount": "12.5", "currency": "SEK"}),
            ),
            ("stock", json!("4"), json!("4.0")),
            ("supplier_category", json!(["Mat", " Ost"]), json!(["Mat", "Ost"])),
        ] {
            assert!(same(field, &one, &other) && same(field, &other, &one), "{one} {other}");
        }
        for (field, one, other) in [
            ("title", json!("4"), json!("4.0")),
            ("mpn", json!("010"), json!("10")),
            (
                "price",
                json!({"amount": "12.50", "currency": "SEK"}),
                json!({"amount": "12.50", "currency": "DKK"}),
            ),
            ("images", json!(["a", "b"]), json!(["b", "a"])),
            ("title", json!("Mjölk"), json!("mjölk")),
            ("price", Value::Null, json!({"amount": "0", "currency": "SEK"})),
        ] {
            assert!(!same(field, &one, &other), "{one} {other}");
        }
    }

    #[test]
    fn a_conflict_is_a_third_value() {
        let conflicts = |title| product(title, "Ours".into(), "Theirs".into()).conflicts();
        assert!(conflicts(Some("Theirs")).is_empty(), "nothing changed");
        assert!(conflicts(Some(" Ours")).is_empty(), "the supplier came round");
        let conflict = conflicts(Some("Another")).remove(0);
        assert_eq!((conflict.field.as_str(), conflict.theirs), ("title", json!("Another")));
        assert_eq!(conflicts(None)[0].theirs, Value::Null);
    }

    #[test]
    fn what_the_supplier_came_round_to_is_released() {
        for (title, ours, left) in [
            (Some("Ours"), json!("Ours"), 0),
            (None, Value::Null, 0),
            (Some("Theirs"), Value::Null, 1),
            (Some("Theirs"), json!("Ours"), 1),
        ] {
            let mut product = product(title, ours, "Theirs".into());
            let before = product.values();
            let released = product.edits.release(&product.supplier_values, &product.unedited());
            assert_eq!((product.edits.0.len(), released.len()), (left, 1 - left));
            assert_eq!(product.values(), before, "releasing changes no value");
        }
        let mut ours = product(None, Value::Null, Value::Null).edits;
        let edit = ours.0.remove("title").unwrap();
        ours.0.insert("texts.sv.title".to_owned(), edit);
        let nothing = ProductValues::default();
        assert!(ours.release(&nothing, &nothing).is_empty(), "of our texts the supplier says nothing");
    }
}
