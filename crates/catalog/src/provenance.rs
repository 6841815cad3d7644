//! Where a field's value came from.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

/// One value's origin in a supplier's delivery.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Origin {
    /// The file or address the delivery was read from, without credentials.
    pub file: String,
    /// The row, item or line within it, counted from 1; a CSV's header is row 1.
    pub row: u64,
    /// The column, path or element, as the supplier names it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub column: Option<String>,
    /// The mapping rule where the value is not simply the column's: `constant`, `default`, `detected`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub rule: Option<String>,
}

/// Origins by field name: `title`, `price`, `attributes.Färg`.
pub type Provenance = BTreeMap<String, Origin>;
