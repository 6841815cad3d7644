//! What people changed, kept apart from what the supplier says, so that no delivery can undo it.
//!
//! Which fields may be written, and how, is in `parse.rs`; what becomes of an edit when the supplier says something else
//! is in `conflict.rs`.

mod conflict;
mod parse;

use std::collections::BTreeMap;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::Value;

pub use conflict::{Conflict, same};
pub use parse::{EditField, FieldError, TEXT_MOST, visible};

use crate::product::with_fields;
use crate::{Language, Product, ProductValues};

/// One field's value as a person set it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Edit {
    /// The value that holds; `null` where the person cleared the field.
    pub value: Value,
    /// What would have held without it at that time: the supplier's value, `null` where there was none.
    pub replaced: Value,
    /// Who set it.
    pub by: String,
    /// When.
    pub at: Timestamp,
    /// Why, in the person's words.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub note: Option<String>,
}

/// A product's edits by field name, as in [`ProductValues::fields`]; `texts.LANGUAGE.PART` is a text that we write.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Edits(pub BTreeMap<String, Edit>);

/// How the names of texts that we write begin.
const OURS: &str = "texts.";

impl Edits {
    /// The most fields of one product that people may have edited.
    pub const MOST: usize = 1_000;

    /// The supplier's values with the edits over them.
    ///
    /// An edit whose value no longer fits its field (a schema changed since) is passed over rather than losing the
    /// product: the supplier's value then holds. Texts that we write are no values of the product.
    pub fn over(&self, supplier: &ProductValues) -> ProductValues {
        let fields: Vec<_> = self.fields().map(|(field, edit)| (field, &edit.value)).collect();
        with_fields(supplier, &fields)
    }

    /// The edits of the product's own fields, without those of texts that we write.
    pub fn fields(&self) -> impl Iterator<Item = (&str, &Edit)> {
        self.0.iter().map(|(field, edit)| (field.as_str(), edit)).filter(|(field, _)| !is_ours(field))
    }

    /// The texts that a person wrote in `language`, by part (`title`, `short`); `None` where the person wants none.
    pub fn texts(&self, language: &Language) -> BTreeMap<&str, Option<&str>> {
        let prefix = format!("{OURS}{language}.");
        let texts = self.0.iter().filter_map(|(field, edit)| {
            Some((field.strip_prefix(&prefix)?, edit.value.as_str().filter(|text| !text.is_empty())))
        });
        texts.collect()
    }
}

impl Product {
    /// What would hold without people's edits: the supplier's values with those of joined products over them.
    pub fn unedited(&self) -> ProductValues {
        self.joined.over(&self.supplier_values)
    }
}

/// Whether a field is a text that we write.
pub fn is_ours(field: &str) -> bool {
    field.starts_with(OURS)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn edit(value: Value) -> Edit {
        Edit {
            value,
            replaced: Value::Null,
            by: "reviewer".to_owned(),
            at: Timestamp::UNIX_EPOCH,
            note: None,
        }
    }

    #[test]
    fn edits_lie_over_supplier_values() {
        let supplier = ProductValues {
            title: Some("Mjolk".to_owned()),
            brand: Some("X".to_owned()),
            ..ProductValues::default()
        };
        let edits = Edits(BTreeMap::from([
            ("title".to_owned(), edit("Mjölk".into())),
            ("brand".to_owned(), edit(Value::Null)),
            ("attributes.Fetthalt".to_owned(), edit("3 %".into())),
            ("attributes.Max. last".to_owned(), edit("5 kg".into())),
            ("localized.da.title".to_owned(), edit("Mælk".into())),
            ("price".to_owned(), edit("not a price".into())),
        ]));
        let values = edits.over(&supplier);
        assert_eq!(values.title.as_deref(), Some("Mjölk"));
        assert_eq!(values.brand, None);
        assert_eq!(values.attributes["Fetthalt"], "3 %");
        assert_eq!(values.attributes["Max. last"], "5 kg");
        let danish = &values.localized[&crate::Language::parse("da").unwrap()];
        assert_eq!(danish.title.as_deref(), Some("Mælk"));
        assert_eq!(values.price, None);
    }

    #[test]
    fn of_many_edits_only_those_that_do_not_fit_are_passed_over() {
        let attribute = |at: usize| (format!("attributes.{at:03}"), edit(at.to_string().into()));
        let mut edits = Edits((0..Edits::MOST).map(attribute).collect());
        for at in [0, 499, 500, 999] {
            edits.0.insert(format!("attributes.{at:03}"), edit(serde_json::json!({ "no": "text" })));
        }
        edits.0.insert("gtin".to_owned(), edit("no GTIN".into()));
        edits.0.insert("stock.of".to_owned(), edit("4".into()));
        edits.0.insert("title".to_owned(), edit("Ost".into()));
        let supplier = ProductValues {
            attributes: [("000".to_owned(), "theirs".to_owned())].into(),
            ..ProductValues::default()
        };
        let values = edits.over(&supplier);
        assert_eq!(values.attributes.len(), Edits::MOST - 3);
        assert_eq!((values.attributes["000"].as_str(), values.attributes["998"].as_str()), ("theirs", "998"));
        assert_eq!((values.title.as_deref(), values.gtin, values.stock), (Some("Ost"), None, None));
    }

    #[test]
    fn texts_that_we_write_are_no_fields_of_the_product() {
        let edits = Edits(BTreeMap::from([
            ("texts.sv.title".to_owned(), edit("Mjölk, 1 liter".into())),
            ("texts.sv.seo_title".to_owned(), edit(Value::Null)),
            ("texts.da.title".to_owned(), edit("Mælk".into())),
        ]));
        assert_eq!(edits.over(&ProductValues::default()), ProductValues::default());
        assert_eq!(edits.fields().count(), 0);
        let swedish = edits.texts(&Language::parse("sv").unwrap());
        assert_eq!(swedish, [("seo_title", None), ("title", Some("Mjölk, 1 liter"))].into());
    }

    #[test]
    fn edits_written_before_there_were_notes_are_read() {
        let known = r#"{"title":{"value":"A","replaced":null,"by":"x","at":"1970-01-01T00:00:00Z"}}"#;
        let edits: Edits = serde_json::from_str(known).unwrap();
        assert_eq!(serde_json::to_string(&edits).unwrap(), known);
    }
}
