//! The mapping: `[suppliers.fields]`.

use std::collections::BTreeMap;

use berika_catalog::{Country, Language};
use serde::{Deserialize, Serialize};

use super::{AttributesRule, FieldRule};
use crate::FeedProblem;

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
    /// Texts in further languages that stand beside those of the fields above.
    pub localized: BTreeMap<Language, LocalizedFields>,
    /// Prices that hold in one country only.
    pub markets: BTreeMap<Country, MarketFields>,
}

/// The texts in one further language: `[suppliers.fields.localized.da]`.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize, Serialize)]
#[serde(default, deny_unknown_fields)]
pub struct LocalizedFields {
    /// The product's name.
    pub title: Option<FieldRule>,
    /// The description.
    pub description: Option<FieldRule>,
}

/// What holds in one country: `[suppliers.fields.markets.DK]`.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize, Serialize)]
#[serde(default, deny_unknown_fields)]
pub struct MarketFields {
    /// The price, with or without its currency.
    pub price: Option<FieldRule>,
    /// The price's currency where the price does not name it.
    pub currency: Option<FieldRule>,
}

impl Fields {
    /// Whether every rule can be used: patterns can be read and units are known.
    ///
    /// # Errors
    /// [`FeedProblem::Rule`], naming field and key.
    pub fn check(&self) -> Result<(), FeedProblem> {
        for (field, rule) in self.all_rules() {
            rule.check(&field)?;
        }
        Ok(())
    }

    /// Every rule with the name of its field.
    fn all_rules(&self) -> Vec<(String, &FieldRule)> {
        let mut all: Vec<(String, Option<&FieldRule>)> =
            self.rules().into_iter().map(|(name, rule)| (name.to_owned(), rule)).collect();
        for (language, texts) in &self.localized {
            all.extend(texts.rules().map(|(name, rule)| (format!("localized.{language}.{name}"), rule)));
        }
        for (country, market) in &self.markets {
            all.extend(market.rules().map(|(name, rule)| (format!("markets.{country}.{name}"), rule)));
        }
        if let Some(AttributesRule::Named(named)) = &self.attributes {
            all.extend(named.iter().map(|(name, rule)| (format!("attributes.{name}"), Some(rule))));
        }
        all.into_iter().filter_map(|(name, rule)| Some((name, rule?))).collect()
    }

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

impl LocalizedFields {
    /// The rules with their names.
    pub(crate) fn rules(&self) -> [(&'static str, Option<&FieldRule>); 2] {
        [("title", self.title.as_ref()), ("description", self.description.as_ref())]
    }
}

impl MarketFields {
    /// The rules with their names.
    pub(crate) fn rules(&self) -> [(&'static str, Option<&FieldRule>); 2] {
        [("price", self.price.as_ref()), ("currency", self.currency.as_ref())]
    }
}
