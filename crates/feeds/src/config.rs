//! How a supplier's delivery is to be read: its format and which of its columns or paths is which field.
//!
//! These are the sections `[suppliers.format]` and `[suppliers.fields]` of `berika.toml`. Both refuse unknown keys.

mod fields;
mod format;
mod rule;

use serde::{Deserialize, Serialize};

pub use fields::{Fields, LocalizedFields, MarketFields};
pub use format::{CsvFormat, Format, JsonFormat, JsonLinesFormat, XlsxFormat, XmlFormat, XmlRowsFormat};
pub use rule::{AttributesRule, FieldRule, Unmapped};

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
    fn languages_and_markets_have_tables_of_their_own() {
        let fields: Fields = toml::from_str(
            r#"
            title = { from = ["Brand", "Name"], join = " " }
            [attributes]
            Laktosfri = { from = "LF", map = { J = "ja", "" = "" }, unmapped = "drop" }
            Vikt = { from = "Vikt", unit = "g" }
            [localized.da]
            title = "Title_DA"
            [markets.DK]
            price = "Pris DKK"
            currency = { constant = "DKK" }
            "#,
        )
        .unwrap();
        fields.check().unwrap();
        let danish = &fields.localized[&"da".to_owned().try_into().unwrap()];
        assert_eq!(danish.title, Some(FieldRule::column("Title_DA")));
        assert_eq!(fields.markets.keys().next().unwrap().as_str(), "DK");
        let Some(AttributesRule::Named(named)) = &fields.attributes else { panic!("{fields:?}") };
        assert_eq!(named["Laktosfri"].unmapped, Some(Unmapped::Drop));
    }

    #[test]
    fn patterns_and_units_that_cannot_be_used_are_named_with_their_field() {
        let said = |text: &str| toml::from_str::<Fields>(text).unwrap().check().unwrap_err().to_string();
        let pattern = said("[attributes]\nSize = { from = 'a', pattern = 'str (\\w+' }");
        assert_eq!(
            pattern,
            "fields.attributes.Size.pattern: unclosed group at character 5 of \"str (\\\\w+\""
        );
        let large = said("title = { from = 'a', pattern = '\\w{2000}{2000}' }");
        assert!(large.starts_with("fields.title.pattern: ") && large.contains("too large"), "{large}");
        let unit = said("attributes = { Vikt = { from = 'a', unit = 'grm' } }");
        assert!(unit.starts_with("fields.attributes.Vikt.unit: \"grm\" is no known unit"), "{unit}");
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
            "[format]\ntype = 'csv'\n[fields]\nmpn = { from = 'x', map = { a = 'b' } }",
            "[format]\ntype = 'csv'\n[fields]\nmpn = { from = 'x', unmapped = 'drop' }",
            "[format]\ntype = 'csv'\n[fields]\nmpn = { from = 'x', join = ' ', split = ',' }",
            "[format]\ntype = 'csv'\n[fields]\nmpn = { constant = 'x', unit = 'g' }",
            "[format]\ntype = 'csv'\n[fields.localized.danish]\ntitle = 'x'",
            "[format]\ntype = 'csv'\n[fields.markets.DK]\ntitle = 'x'",
        ] {
            assert!(toml::from_str::<FeedConfig>(text).is_err(), "{text}");
        }
    }
}
