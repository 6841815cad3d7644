//! The mapping: `[suppliers.fields]`.

use serde::{Deserialize, Serialize};

use super::{AttributesRule, FieldRule};

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
