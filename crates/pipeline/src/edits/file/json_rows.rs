//! Edits as JSON, a product a line.

use std::fmt;

use serde::Deserialize;
use serde::de::{Deserializer, MapAccess, Visitor};
use serde_json::Value;

use super::{Asked, EditsFile, Wish, note_of, product_of};

/// The most bytes of a line.
const LINE_MOST: usize = 1 << 20;

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Line {
    product: Option<String>,
    supplier: Option<String>,
    sku: Option<String>,
    #[serde(default)]
    set: Pairs,
    #[serde(default)]
    drop: Vec<String>,
    note: Option<String>,
}

/// An object's names and values, also those that stand there twice: they contradict one another.
#[derive(Debug, Default)]
struct Pairs(Vec<(String, Value)>);

impl<'de> Deserialize<'de> for Pairs {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Of;
        impl<'de> Visitor<'de> for Of {
            type Value = Pairs;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an object of fields and values")
            }
            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Pairs, A::Error> {
                let mut pairs = Vec::new();
                while let Some(pair) = map.next_entry()? {
                    pairs.push(pair);
                }
                Ok(Pairs(pairs))
            }
        }
        deserializer.deserialize_map(Of)
    }
}

/// Reads lines of JSON.
pub(super) fn read(name: &str, content: &[u8], file: &mut EditsFile) {
    for (line, bytes) in (1u64..).zip(content.split(|byte| *byte == b'\n')) {
        let bytes = bytes.trim_ascii();
        if bytes.is_empty() {
            continue;
        }
        match asked(name, line, bytes) {
            Ok(asked) => file.asked.extend(asked.into_iter().map(|asked| (line, asked))),
            Err(problem) => file.refuse(line, problem),
        }
        if file.is_full() {
            return;
        }
    }
}

fn asked(name: &str, line: u64, bytes: &[u8]) -> Result<Vec<Asked>, String> {
    if bytes.len() > LINE_MOST {
        return Err(format!("the line is longer than {LINE_MOST} bytes"));
    }
    let said: Line = serde_json::from_slice(bytes).map_err(|error| error.to_string())?;
    let product = product_of(said.product.as_deref(), said.supplier.as_deref(), said.sku.as_deref())?;
    let note = note_of(said.note.as_deref())?;
    if said.set.0.is_empty() && said.drop.is_empty() {
        return Err("it neither sets nor drops a field".to_owned());
    }
    let set = said.set.0.into_iter().map(|(field, value)| (field, Wish::Set(value)));
    let wishes = set.chain(said.drop.into_iter().map(|field| (field, Wish::Drop)));
    let origin = Some(format!("{name} line {line}"));
    Ok(wishes
        .map(|(field, wish)| Asked {
            product: product.clone(),
            field,
            wish,
            note: note.clone(),
            origin: origin.clone(),
        })
        .collect())
}
