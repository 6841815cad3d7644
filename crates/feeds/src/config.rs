//! How a supplier's delivery is to be read: its format and which of its columns or paths is which field.
//!
//! These are the sections `[suppliers.format]` and `[suppliers.fields]` of `berika.toml`. Both refuse unknown keys.

use std::collections::BTreeMap;

use serde::de::{self, Deserializer, MapAccess, SeqAccess, Visitor};
use serde::{Deserialize, Serialize};

/// Format and mapping of one supplier's deliveries.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct FeedConfig {
    /// What kind of file it is.
    pub format: Format,
    /// Which column or path is which field.
    #[serde(default)]
    pub fields: Fields,
}

/// The kind of file and what cannot be told from the file itself.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, Serialize)]
#[serde(tag = "type", rename_all = "lowercase", deny_unknown_fields)]
pub enum Format {
    /// Delimited text.
    Csv(CsvFormat),
    /// One JSON document that holds an array of products.
    Json(JsonFormat),
    /// One JSON object a line.
    Jsonl(JsonLinesFormat),
    /// An Excel workbook. Its shared strings are held in memory: the one format whose memory grows with the file.
    Xlsx(XlsxFormat),
    /// Google Merchant Center, RSS 2.0 or Atom.
    Google(XmlFormat),
    /// BMEcat 2005 or 1.2, `T_NEW_CATALOG`.
    Bmecat(XmlFormat),
}

impl Format {
    /// The word that stands for it in the configuration.
    pub fn name(&self) -> &'static str {
        match self {
            Self::Csv(_) => "csv",
            Self::Json(_) => "json",
            Self::Jsonl(_) => "jsonl",
            Self::Xlsx(_) => "xlsx",
            Self::Google(_) => "google",
            Self::Bmecat(_) => "bmecat",
        }
    }

    /// Whether numbers written as text have a decimal comma; `None` where only what is unambiguous may be read.
    pub(crate) fn decimal_comma(&self) -> Option<bool> {
        match self {
            Self::Csv(f) => f.decimal_comma,
            Self::Json(f) => f.decimal_comma,
            Self::Jsonl(f) => f.decimal_comma,
            Self::Xlsx(f) => f.decimal_comma,
            // Both standards write a decimal point.
            Self::Google(f) | Self::Bmecat(f) => Some(f.decimal_comma.unwrap_or(false)),
        }
    }
}

/// Delimited text.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize, Serialize)]
#[serde(default, deny_unknown_fields)]
pub struct CsvFormat {
    /// One ASCII character; detected for each delivery where absent.
    pub delimiter: Option<char>,
    /// A WHATWG label such as `windows-1252`; detected for each delivery where absent.
    pub encoding: Option<String>,
    /// Whether `1,234` is a fraction (true) or a thousand (false).
    pub decimal_comma: Option<bool>,
    /// The header's row, counted from 1 and without blank lines; 1 where absent.
    pub header_row: Option<u32>,
}

/// One JSON document.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize, Serialize)]
#[serde(default, deny_unknown_fields)]
pub struct JsonFormat {
    /// JSON pointer (RFC 6901) to the array of products, such as `/data/products`; absent: the document is the array.
    pub records: Option<String>,
    /// Whether `"1,234"` is a fraction. JSON numbers need no such word.
    pub decimal_comma: Option<bool>,
}

/// One JSON object a line.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize, Serialize)]
#[serde(default, deny_unknown_fields)]
pub struct JsonLinesFormat {
    /// Whether `"1,234"` is a fraction. JSON numbers need no such word.
    pub decimal_comma: Option<bool>,
}

/// An Excel workbook.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize, Serialize)]
#[serde(default, deny_unknown_fields)]
pub struct XlsxFormat {
    /// The sheet's name; the first visible sheet where absent.
    pub sheet: Option<String>,
    /// The header's row as the spreadsheet numbers it; the first row with a cell where absent.
    pub header_row: Option<u32>,
    /// Whether a text `1,234` is a fraction. Number cells need no such word.
    pub decimal_comma: Option<bool>,
}

/// An XML format with a mapping of its own, which `fields` can override.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize, Serialize)]
#[serde(default, deny_unknown_fields)]
pub struct XmlFormat {
    /// Whether `1,234` is a fraction; false where absent, as the standards have it.
    pub decimal_comma: Option<bool>,
}

/// Which column or path is which field.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize, Serialize)]
#[serde(default, deny_unknown_fields)]
pub struct Fields {
    /// The supplier's article number: with the supplier's name it is the product's key.
    pub sku: Option<FieldRule>,
    /// The product's name.
    pub title: Option<FieldRule>,
    /// The brand.
    pub brand: Option<FieldRule>,
    /// The global trade item number.
    pub gtin: Option<FieldRule>,
    /// The maker's part number.
    pub mpn: Option<FieldRule>,
    /// The description; HTML becomes plain text.
    pub description: Option<FieldRule>,
    /// The supplier's category, root first. `split` cuts one column into levels; with `all` each column is a level.
    pub supplier_category: Option<FieldRule>,
    /// The price, with or without its currency.
    pub price: Option<FieldRule>,
    /// The price's currency where the price does not name it.
    pub currency: Option<FieldRule>,
    /// Addresses of pictures. Several columns are all taken; `split` cuts one column into several addresses.
    pub images: Option<FieldRule>,
    /// The language of the texts.
    pub language: Option<FieldRule>,
    /// The date of minimum durability.
    pub best_before: Option<FieldRule>,
    /// Units in stock.
    pub stock: Option<FieldRule>,
    /// What ties variants together that the supplier lists apart.
    pub group_id: Option<FieldRule>,
    /// The named properties.
    pub attributes: Option<AttributesRule>,
}

impl Fields {
    /// The rules of single fields with their names.
    pub(crate) fn rules(&self) -> [(&'static str, Option<&FieldRule>); 14] {
        [
            ("sku", self.sku.as_ref()),
            ("title", self.title.as_ref()),
            ("brand", self.brand.as_ref()),
            ("gtin", self.gtin.as_ref()),
            ("mpn", self.mpn.as_ref()),
            ("description", self.description.as_ref()),
            ("supplier_category", self.supplier_category.as_ref()),
            ("price", self.price.as_ref()),
            ("currency", self.currency.as_ref()),
            ("images", self.images.as_ref()),
            ("language", self.language.as_ref()),
            ("best_before", self.best_before.as_ref()),
            ("stock", self.stock.as_ref()),
            ("group_id", self.group_id.as_ref()),
        ]
    }
}

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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_supplier_section_reads_as_it_is_written() {
        let config: FeedConfig = toml::from_str(
            r#"
            [format]
            type = "csv"
            delimiter = ";"
            decimal_comma = true
            [fields]
            sku = "Artikelnr"
            title = { from = ["Namn", "Benämning"], default = "okänd" }
            currency = { constant = "SEK" }
            supplier_category = { from = "Varugrupp", split = "/" }
            attributes = ["Vikt"]
            "#,
        )
        .unwrap();
        let Format::Csv(csv) = &config.format else { panic!("{config:?}") };
        assert_eq!((csv.delimiter, csv.decimal_comma), (Some(';'), Some(true)));
        assert_eq!(config.fields.title.as_ref().unwrap().from, ["Namn", "Benämning"]);
        assert_eq!(config.fields.currency.as_ref().unwrap().constant.as_deref(), Some("SEK"));
        assert_eq!(config.fields.attributes, Some(AttributesRule::Columns(vec!["Vikt".to_owned()])));
    }

    #[test]
    fn attributes_have_four_spellings() {
        let of = |text: &str| toml::from_str::<Fields>(text).unwrap().attributes.unwrap();
        assert_eq!(of("attributes = '*'"), AttributesRule::Rest);
        assert_eq!(of("attributes = 'details'"), AttributesRule::Columns(vec!["details".to_owned()]));
        assert_eq!(
            of("attributes = ['a', 'b']"),
            AttributesRule::Columns(vec!["a".to_owned(), "b".to_owned()])
        );
        let named = AttributesRule::Named([("Färg".to_owned(), FieldRule::column("Color"))].into());
        assert_eq!(of("attributes = { 'Färg' = 'Color' }"), named);
    }

    #[test]
    fn what_means_nothing_is_refused() {
        for text in [
            "[format]\ntype = 'csv'\nsheet = 'a'",
            "[format]\ntype = 'pdf'",
            "[format]\ntype = 'csv'\n[fields]\nskuu = 'a'",
            "[format]\ntype = 'csv'\n[fields]\nsku = { constant = 'x', from = 'y' }",
            "[format]\ntype = 'csv'\n[fields]\nsku = { split = 'x' }",
            "[format]\ntype = 'csv'\n[fields]\nsku = { form = 'x' }",
        ] {
            assert!(toml::from_str::<FeedConfig>(text).is_err(), "{text}");
        }
    }
}
