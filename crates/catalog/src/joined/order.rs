//! Whose word counts first.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::{Digest, SupplierId};

/// The suppliers in the order in which fields of joined products are taken.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct FieldOrder {
    /// For every field.
    pub suppliers: Vec<SupplierId>,
    /// Before that for these: `price`, `attributes` for all of them, `attributes.Vikt` for one.
    pub fields: BTreeMap<String, Vec<SupplierId>>,
}

impl FieldOrder {
    /// The supplier's place for a field: the lower, the earlier. Suppliers that are not named share the last.
    pub fn rank(&self, field: &str, supplier: &SupplierId) -> usize {
        let head = field.split('.').next().unwrap_or(field);
        let own = self.fields.get(field).or_else(|| self.fields.get(head)).map_or(&[][..], Vec::as_slice);
        let place = |list: &[SupplierId]| list.iter().position(|listed| listed == supplier);
        let general = || Some(own.len() + place(&self.suppliers)?);
        place(own).or_else(general).unwrap_or(usize::MAX)
    }

    /// The supplier's place as a leader.
    pub fn place(&self, supplier: &SupplierId) -> usize {
        self.suppliers.iter().position(|listed| listed == supplier).unwrap_or(usize::MAX)
    }

    /// Changes with the order.
    pub fn digest(&self) -> Digest {
        Digest::of_json(self)
    }
}
