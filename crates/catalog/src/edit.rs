//! What people changed, kept apart from what the supplier says, so that no delivery can undo it.

use std::collections::BTreeMap;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::ProductValues;
use crate::product::with_field;

/// One field's value as a person set it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Edit {
    /// The value that holds; `null` where the person cleared the field.
    pub value: Value,
    /// The supplier's value at that time, `null` where there was none.
    pub replaced: Value,
    /// Who set it.
    pub by: String,
    /// When.
    pub at: Timestamp,
}

/// A product's edits by field name, as in [`ProductValues::fields`].
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Edits(pub BTreeMap<String, Edit>);

impl Edits {
    /// The supplier's values with the edits over them.
    ///
    /// An edit whose value no longer fits its field (a schema changed since) is passed over rather than losing the
    /// product: the supplier's value then holds.
    pub fn over(&self, supplier: &ProductValues) -> ProductValues {
        self.0.iter().fold(supplier.clone(), |values, (field, edit)| {
            with_field(&values, field, &edit.value).unwrap_or(values)
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn edit(value: Value) -> Edit {
        Edit { value, replaced: Value::Null, by: "reviewer".to_owned(), at: Timestamp::UNIX_EPOCH }
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
}
