//! A plan in figures, for the person who decides on it.

use std::collections::BTreeMap;

use berika_catalog::{CategoryId, ProductKey};
use serde::{Deserialize, Serialize};

/// What a plan comes to.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Summary {
    /// Products looked at.
    pub products: u64,
    /// Of these, products that stay as they are.
    pub unchanged: u64,
    /// Products that will not be touched, by the reason: confirmed, locked, joined, not judged by a run yet, without a text.
    pub untouched: BTreeMap<String, u64>,
    /// From where to where, the most frequent first.
    pub flows: Vec<Flow>,
    /// Of the products looked at, those under review before.
    pub review_before: u64,
    /// Those under review after.
    pub review_after: u64,
    /// Mean confidence of the products that move, before.
    pub confidence_before: f64,
    /// And after.
    pub confidence_after: f64,
    /// Descriptions that have to be written, by language.
    pub descriptions: BTreeMap<String, u64>,
    /// Events by endpoint.
    pub deliveries: BTreeMap<String, u64>,
    /// How long applying will take, in seconds, by stage; estimated from earlier runs of this store where there are any.
    pub seconds: BTreeMap<String, f64>,
    /// What people should know besides.
    pub notes: Vec<String>,
}

/// Products that go the same way.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Flow {
    /// The category, or `None` for products in none.
    pub from: Option<CategoryId>,
    /// `accept`, `review` or `reject`.
    pub from_verdict: String,
    /// The category, or `None`.
    pub to: Option<CategoryId>,
    /// `accept`, `review` or `reject`.
    pub to_verdict: String,
    /// How many.
    pub products: u64,
    /// Mean confidence before.
    pub confidence_before: f64,
    /// And after.
    pub confidence_after: f64,
    /// A few of them.
    pub examples: Vec<Example>,
}

/// A product that moves, for people.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Example {
    /// The product.
    pub product: ProductKey,
    /// Its title.
    pub title: Option<String>,
    /// Why it goes there.
    pub reason: String,
    /// Confidence before.
    pub confidence_before: f64,
    /// And after.
    pub confidence_after: f64,
}
