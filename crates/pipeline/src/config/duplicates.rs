//! `[duplicates]`: which products are one, and whose fields they take.

use std::collections::{BTreeMap, HashSet};

use berika_catalog::{FieldOrder, SupplierId};
use serde::Deserialize;

/// `[duplicates]`.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct DuplicatesConfig {
    /// What is joined without a person.
    pub join: Option<JoinRule>,
    /// The suppliers in the order in which a joined product's fields are taken; the first one's product leads.
    pub order: Vec<SupplierId>,
    /// Another order for single fields.
    pub fields: BTreeMap<String, Vec<SupplierId>>,
}

/// A rule by which products are joined without a person.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum JoinRule {
    /// The same valid GTIN at different suppliers, under brands that do not contradict.
    SameGtin,
}

/// Fields that may have an order of their own. `supplier_category` and `group_id` mean something beside their own supplier
/// only, and are the leader's.
const FIELDS: [&str; 13] = [
    "title",
    "brand",
    "gtin",
    "mpn",
    "description",
    "attributes",
    "price",
    "images",
    "market_prices",
    "localized",
    "best_before",
    "stock",
    "variants",
];

impl DuplicatesConfig {
    /// The order in which fields are taken.
    pub fn field_order(&self) -> FieldOrder {
        FieldOrder { suppliers: self.order.clone(), fields: self.fields.clone() }
    }

    /// What types cannot say. `suppliers` are those configured.
    pub(super) fn check(&self, suppliers: &HashSet<&str>) -> Result<(), String> {
        let named = |list: &[SupplierId], key: &str| {
            let mut seen = HashSet::new();
            for id in list {
                if !suppliers.contains(id.as_str()) {
                    return Err(format!("{key} names supplier {id}, which is not configured"));
                }
                if !seen.insert(id) {
                    return Err(format!("{key} names supplier {id} twice"));
                }
            }
            Ok(())
        };
        named(&self.order, "order")?;
        for (field, list) in &self.fields {
            let head = field.split('.').next().unwrap_or(field);
            if !FIELDS.contains(&head) {
                return Err(format!("there is no field {field} to take; there are: {}", FIELDS.join(", ")));
            }
            named(list, &format!("fields.{field}"))?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn problem(text: &str) -> String {
        let config: DuplicatesConfig = toml::from_str(text).unwrap();
        config.check(&["a", "b"].into()).err().unwrap_or_default()
    }

    #[test]
    fn an_order_names_suppliers_and_fields_that_there_are() {
        assert_eq!(problem("order = [\"b\", \"a\"]\n[fields]\n\"attributes.Vikt\" = [\"a\"]"), "");
        assert_eq!(problem("order = [\"c\"]"), "order names supplier c, which is not configured");
        assert_eq!(problem("fields = { price = [\"a\", \"a\"] }"), "fields.price names supplier a twice");
        assert!(problem("fields = { prise = [\"a\"] }").starts_with("there is no field prise to take"));
        assert!(problem("fields = { group_id = [\"a\"] }").starts_with("there is no field group_id"));
        assert!(toml::from_str::<DuplicatesConfig>("join = \"same-title\"").is_err());
    }
}
