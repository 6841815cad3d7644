//! One field's rule, in its short and long spellings.

use std::collections::BTreeMap;

use serde::de::{self, Deserializer, MapAccess, SeqAccess, Visitor};
use serde::{Deserialize, Serialize};

use crate::FeedProblem;
use crate::rework::Rework;

/// Where one field's value comes from: `"Column"`, `["A", "B"]`, `{ from = …, … }` with further keys, or
/// `{ constant = … }`. What a rule does with a value it does in the order of the keys here.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct FieldRule {
    /// Columns or dotted paths in order of preference: the first that is not blank counts.
    pub from: Vec<String>,
    /// For lists: not the first but every column counts, in order. Pictures are always read so.
    pub all: bool,
    /// For single values: every column counts, and this stands between those that are not blank.
    pub join: Option<String>,
    /// A regular expression: the value is its first group, or the whole match where it has none. What it does not
    /// match counts as blank.
    pub pattern: Option<String>,
    /// Our words for the supplier's; `""` stands for a blank cell, and a value of `""` for none.
    pub map: BTreeMap<String, String>,
    /// What becomes of a value that `map` does not list.
    pub unmapped: Option<Unmapped>,
    /// The unit that an amount is converted to: `7,5 kg` becomes `7500 g`. An amount without a unit is in this one.
    pub unit: Option<String>,
    /// The value where all of them are blank. A rule with a default may name columns that do not exist.
    pub default: Option<String>,
    /// The value for every row, whatever it holds.
    pub constant: Option<String>,
    /// What separates the parts of a list in one cell.
    pub split: Option<String>,
}

impl FieldRule {
    /// Whether the rule can be used.
    ///
    /// # Errors
    /// [`FeedProblem::Rule`]
    pub(crate) fn check(&self, field: &str) -> Result<(), FeedProblem> {
        Rework::new(field, self).map(|_| ())
    }

    /// The value of one column.
    pub fn column(name: &str) -> Self {
        Self { from: vec![name.to_owned()], ..Self::default() }
    }

    /// The first non-blank of several columns.
    pub fn columns(names: &[&str]) -> Self {
        Self { from: names.iter().map(|name| (*name).to_owned()).collect(), ..Self::default() }
    }
}

/// What becomes of a value that a rule's `map` does not list.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Unmapped {
    /// It is kept as it is.
    Keep,
    /// It is dropped with a warning.
    Drop,
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
    join: Option<String>,
    pattern: Option<String>,
    #[serde(default)]
    map: BTreeMap<String, String>,
    unmapped: Option<Unmapped>,
    unit: Option<String>,
    default: Option<String>,
    constant: Option<String>,
    split: Option<String>,
}

impl RuleTable {
    /// The rule, or what is contradictory in it.
    fn rule(self) -> Result<FieldRule, &'static str> {
        let from = self.from.map(|names| names.0).unwrap_or_default();
        let reworked = self.join.is_some()
            || self.pattern.is_some()
            || !self.map.is_empty()
            || self.unit.is_some()
            || self.default.is_some();
        if self.constant.is_some() && (!from.is_empty() || reworked) {
            return Err("a constant cannot stand beside from or default, nor be reworked");
        }
        if self.constant.is_none() && from.is_empty() {
            return Err("a rule needs from or constant");
        }
        if self.map.is_empty() != self.unmapped.is_none() {
            return Err("a map needs unmapped = \"keep\" or \"drop\" beside it, and unmapped a map");
        }
        if self.join.is_some() && (self.all || self.split.is_some()) {
            return Err("join makes one value of several, so it cannot stand beside all or split");
        }
        let Self { all, join, pattern, map, unmapped, unit, default, constant, split, .. } = self;
        Ok(FieldRule { from, all, join, pattern, map, unmapped, unit, default, constant, split })
    }
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
                f.write_str("a column name, a list of them, or a table with from or constant")
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
                table.rule().map_err(de::Error::custom)
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
