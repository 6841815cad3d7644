//! The contract that every writer of descriptions keeps.

use std::future::Future;
use std::pin::Pin;

use berika_catalog::{Category, Language, ProductValues};

use crate::Outcome;
use crate::facts::Facts;
use crate::voice::Voice;

/// A future on the heap, so that writers of different kinds can stand side by side.
pub type BoxFuture<'a, T> = Pin<Box<dyn Future<Output = T> + Send + 'a>>;

/// What is to be described.
#[derive(Debug, Clone, Copy)]
pub struct Request<'a> {
    /// The product's values with people's edits over them.
    pub values: &'a ProductValues,
    /// [`Facts::of`] the values: the same in every language, so read once.
    pub facts: &'a Facts,
    /// The category's name in `language`; see [`category_name`].
    pub category: Option<&'a str>,
    /// The language to write in.
    pub language: &'a Language,
    /// How the market speaks and how long its texts may be.
    pub voice: &'a Voice,
}

/// Writes descriptions. Whatever writes, facts come from the product, and every sentence names its fields.
pub trait Generator: Send + Sync {
    /// The generator's name, as in [`crate::Origin::generator`].
    fn name(&self) -> &'static str;

    /// How it writes: changes whenever the same request would get another text.
    fn recipe(&self) -> String;

    /// Writes a description or says why not.
    fn describe<'a>(&'a self, request: &'a Request<'a>) -> BoxFuture<'a, Outcome>;
}

/// The category's name if it has one in `language`. Unlike [`Category::name`] this never falls back to another
/// language: a Swedish text carries no English category.
pub fn category_name<'a>(category: &'a Category, language: &Language) -> Option<&'a str> {
    category.names.get(language).map(String::as_str).filter(|name| !name.trim().is_empty())
}
