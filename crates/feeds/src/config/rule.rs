//! One field's rule, in its short and long spellings.

use std::collections::BTreeMap;

use serde::de::{self, Deserializer, MapAccess, SeqAccess, Visitor};
use serde::{Deserialize, Serialize};

/// Where one field's value comes from: `"Column"`, `["A", "B"]`, `{ from = …, default = …, split = …, all = … }` or
/// `{ constant = … }`.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct FieldRule {
    /// Columns or dotted paths in order of preference: the first that is not blank counts.
    pub from: Vec<String>,
    /// For lists: not the first but every column counts, in order. Pictures are always read so.
    pub all: bool,
    /// The value where all of them are blank. A rule with a default may name columns that do not exist.
    pub default: Option<String>,
    /// The value for every row, whatever it holds.
    pub constant: Option<String>,
    /// What separates the parts of a list in one cell.
    pub split: Option<String>,
}

impl FieldRule {
    /// The value of one column.
    pub fn column(name: &str) -> Self {
        Self { from: vec![name.to_owned()], ..Self::default() }
    }

    /// The first non-blank of several columns.
    pub fn columns(names: &[&str]) -> Self {
        Self { from: names.iter().map(|name| (*name).to_owned()).collect(), ..Self::default() }
    }
}

/// Which columns become named properties.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub enum AttributesRule {
    /// `"*"`: every column that no field uses.
    Rest,
    /// `["Vikt", "Färg"]` or `"details"`: each under its own name; of a JSON object all members.
    Columns(Vec<String>),
    /// `{ Färg = "Color" }`: under a name of our own.
    Named(BTreeMap<String, FieldRule>),
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RuleTable {
    from: Option<OneOrMany>,
    #[serde(default)]
    all: bool,
    default: Option<String>,
    constant: Option<String>,
    split: Option<String>,
}

struct OneOrMany(Vec<String>);

impl<'de> Deserialize<'de> for OneOrMany {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Names;
        impl<'de> Visitor<'de> for Names {
            type Value = OneOrMany;
            fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str("a column name or a list of column names")
            }
            fn visit_str<E: de::Error>(self, name: &str) -> Result<OneOrMany, E> {
                Ok(OneOrMany(vec![name.to_owned()]))
            }
            fn visit_seq<A: SeqAccess<'de>>(self, seq: A) -> Result<OneOrMany, A::Error> {
                Vec::deserialize(de::value::SeqAccessDeserializer::new(seq)).map(OneOrMany)
            }
        }
        deserializer.deserialize_any(Names)
    }
}

impl<'de> Deserialize<'de> for FieldRule {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Rule;
        impl<'de> Visitor<'de> for Rule {
            type Value = FieldRule;
            fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str(
                    "a column name, a list of them, or a table with from, all, default, split or constant",
                )
            }
            fn visit_str<E: de::Error>(self, name: &str) -> Result<FieldRule, E> {
                Ok(FieldRule::column(name))
            }
            fn visit_seq<A: SeqAccess<'de>>(self, seq: A) -> Result<FieldRule, A::Error> {
                let from = Vec::deserialize(de::value::SeqAccessDeserializer::new(seq))?;
                Ok(FieldRule { from, ..FieldRule::default() })
            }
            fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<FieldRule, A::Error> {
                let table = RuleTable::deserialize(de::value::MapAccessDeserializer::new(map))?;
                let from = table.from.map(|names| names.0).unwrap_or_default();
                if table.constant.is_some() && (!from.is_empty() || table.default.is_some()) {
                    return Err(de::Error::custom("a constant cannot stand beside from or default"));
                }
                if table.constant.is_none() && from.is_empty() {
                    return Err(de::Error::custom("a rule needs from or constant"));
                }
                let RuleTable { all, default, constant, split, .. } = table;
                Ok(FieldRule { from, all, default, constant, split })
            }
        }
        deserializer.deserialize_any(Rule)
    }
}

impl<'de> Deserialize<'de> for AttributesRule {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Rule;
        impl<'de> Visitor<'de> for Rule {
            type Value = AttributesRule;
            fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str("\"*\", a list of columns, a path to an object, or a table of name = column")
            }
            fn visit_str<E: de::Error>(self, name: &str) -> Result<AttributesRule, E> {
                Ok(match name {
                    "*" => AttributesRule::Rest,
                    name => AttributesRule::Columns(vec![name.to_owned()]),
                })
            }
            fn visit_seq<A: SeqAccess<'de>>(self, seq: A) -> Result<AttributesRule, A::Error> {
                Vec::deserialize(de::value::SeqAccessDeserializer::new(seq)).map(AttributesRule::Columns)
            }
            fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<AttributesRule, A::Error> {
                BTreeMap::deserialize(de::value::MapAccessDeserializer::new(map)).map(AttributesRule::Named)
            }
        }
        deserializer.deserialize_any(Rule)
    }
}
