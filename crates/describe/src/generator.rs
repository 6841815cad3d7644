//! The contract that every writer of descriptions keeps.

use berika_catalog::{Category, Language, ProductValues};

use crate::Outcome;

/// What is to be described.
#[derive(Debug, Clone, Copy)]
pub struct Request<'a> {
    /// The product's values with people's edits over them.
    pub values: &'a ProductValues,
    /// The category's name in `language`; see [`category_name`].
    pub category: Option<&'a str>,
    /// The language to write in.
    pub language: &'a Language,
}

/// Writes descriptions. Whatever writes, facts come from the product, and every sentence names its fields.
pub trait Generator: Send + Sync {
    /// The generator's name, as in [`crate::Description::generator`].
    fn name(&self) -> &'static str;

    /// How it writes: changes whenever the same request would get another text.
    fn recipe(&self) -> String;

    /// Writes a description or says why not. The same request always gets the same answer.
    fn describe(&self, request: &Request<'_>) -> Outcome;
}

/// The category's name if it has one in `language`. Unlike [`Category::name`] this never falls back to another
/// language: a Swedish text carries no English category.
pub fn category_name<'a>(category: &'a Category, language: &Language) -> Option<&'a str> {
    category.names.get(language).map(String::as_str).filter(|name| !name.trim().is_empty())
}
