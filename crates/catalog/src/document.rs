//! A product's public document and the difference between two of its versions.
//!
//! Composing one from its parts is the pipeline's publish stage; here is only what a document is.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::Digest;

/// A product as receivers know it: flat, by dotted name (`category.id`, `texts.sv.title`, `fields.price`), so that a
/// difference is a plain comparison of two maps.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Document(pub BTreeMap<String, Value>);

/// What changed between two versions.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Change {
    /// The names of all that is new, gone or different, in order.
    pub changed: Vec<String>,
    /// For each of them that was there before, the value before. A text of over 200 bytes is given as
    /// `{"blake3": …, "length": …}`, its hash and its length in bytes.
    pub previous: BTreeMap<String, Value>,
}

impl Document {
    /// The document as nested JSON: `texts.sv.title` becomes `{"texts":{"sv":{"title":…}}}`.
    ///
    /// Only the first two dots of a name separate, because an attribute's name may hold dots of its own; of texts in
    /// further languages (`fields.localized.da.title`) the third does, too.
    pub fn nested(&self) -> Value {
        let mut root = serde_json::Map::new();
        for (name, value) in &self.0 {
            let depth = if name.starts_with("fields.localized.") { 3 } else { 2 };
            insert(&mut root, name, value.clone(), depth);
        }
        Value::Object(root)
    }

    /// What a receiver who knows `before` must be told to know `self`.
    pub fn change_since(&self, before: &Document) -> Change {
        let names = self.0.keys().chain(before.0.keys()).collect::<std::collections::BTreeSet<_>>();
        let changed: Vec<String> =
            names.into_iter().filter(|name| self.0.get(*name) != before.0.get(*name)).cloned().collect();
        let previous = changed
            .iter()
            .filter_map(|name| before.0.get(name).map(|value| (name.clone(), abridged(value))))
            .collect();
        Change { changed, previous }
    }
}

impl Change {
    /// Whether nothing changed.
    pub fn is_empty(&self) -> bool {
        self.changed.is_empty()
    }
}

fn insert(map: &mut serde_json::Map<String, Value>, name: &str, value: Value, depth: usize) {
    match name.split_once('.').filter(|_| depth > 0) {
        Some((head, tail)) => {
            let inner = map.entry(head).or_insert_with(|| Value::Object(serde_json::Map::new()));
            match inner.as_object_mut() {
                Some(inner) => insert(inner, tail, value, depth - 1),
                None => *inner = value,
            }
        }
        None => {
            map.insert(name.to_owned(), value);
        }
    }
}

fn abridged(value: &Value) -> Value {
    const LONG: usize = 200;
    match value {
        Value::String(text) if text.len() > LONG => serde_json::json!({
            "blake3": Digest::of_bytes(text.as_bytes()).as_str(),
            "length": text.len(),
        }),
        other => other.clone(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn document(pairs: &[(&str, Value)]) -> Document {
        Document(pairs.iter().map(|(k, v)| ((*k).to_owned(), v.clone())).collect())
    }

    #[test]
    fn a_change_names_new_gone_and_different() {
        let long = "x".repeat(201);
        let before = document(&[
            ("fields.price", json!("1")),
            ("fields.brand", json!("A")),
            ("texts.sv.short", json!(long)),
        ]);
        let after = document(&[
            ("fields.price", json!("2")),
            ("fields.mpn", json!("7")),
            ("fields.brand", json!("A")),
        ]);
        let change = after.change_since(&before);
        assert_eq!(change.changed, ["fields.mpn", "fields.price", "texts.sv.short"]);
        assert_eq!(change.previous["fields.price"], json!("1"));
        assert_eq!(change.previous["texts.sv.short"]["length"], json!(201));
        assert!(after.change_since(&after).is_empty());
    }

    #[test]
    fn nesting_keeps_dots_within_attribute_names() {
        let nested = document(&[
            ("category.id", json!("milk")),
            ("fields.attributes.Max. last", json!("5 kg")),
            ("fields.localized.da.title", json!("Mælk")),
            ("texts.sv.title", json!("Mjölk")),
        ])
        .nested();
        assert_eq!(nested["category"]["id"], "milk");
        assert_eq!(nested["texts"]["sv"]["title"], "Mjölk");
        assert_eq!(nested["fields"]["attributes"]["Max. last"], "5 kg");
        assert_eq!(nested["fields"]["localized"]["da"]["title"], "Mælk");
    }
}
