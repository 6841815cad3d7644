//! How a supplier's delivery is to be read: its format and which of its columns or paths is which field.
//!
//! These are the sections `[suppliers.format]` and `[suppliers.fields]` of `berika.toml`. Both refuse unknown keys.

mod fields;
mod format;
mod rule;

use serde::{Deserialize, Serialize};

pub use fields::Fields;
pub use format::{CsvFormat, Format, JsonFormat, JsonLinesFormat, XlsxFormat, XmlFormat, XmlRowsFormat};
pub use rule::{AttributesRule, FieldRule};

/// Format and mapping of one supplier's deliveries.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct FeedConfig {
    /// What kind of file it is.
    pub format: Format,
    /// Which column or path is which field.
    #[serde(default)]
    pub fields: Fields,
    /// The file to be read where a delivery is a zip archive of several; `*` stands for anything.
    #[serde(default)]
    pub member: Option<String>,
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
