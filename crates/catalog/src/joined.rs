//! What a product takes from others that are the same article.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::product::with_field;
use crate::{ProductKey, ProductValues};

/// One field that is taken from a joined product.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct JoinedField {
    /// The value.
    pub value: Value,
    /// Whose it is.
    pub from: ProductKey,
    /// Why it is taken: the rule that says so, in one sentence.
    pub reason: String,
}

/// The fields that a product takes from those joined into it, by name as in [`ProductValues::fields`]. Fields that it
/// keeps of its own are not listed.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Joined(pub BTreeMap<String, JoinedField>);

impl Joined {
    /// The supplier's values with these over them. A value that does not fit its field is passed over.
    pub fn over(&self, supplier: &ProductValues) -> ProductValues {
        self.0.iter().fold(supplier.clone(), |values, (field, joined)| {
            with_field(&values, field, &joined.value).unwrap_or(values)
        })
    }
}
