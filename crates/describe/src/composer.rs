//! Writes titles and short texts by rules per language, from facts alone.
//!
//! Sentences are built from clauses of our own round the values of facts; the only supplier words copied are the
//! product's name, its brand and, in the product's own language, short values. A language is one file here.

mod casing;
mod english;
mod plan;
mod rules;
mod swedish;
mod title;

use berika_catalog::{Digest, Language, ProductValues};

use crate::facts::Facts;
use crate::{Description, Generator, NotDescribed, Outcome, Request};
use plan::Plan;
use rules::Rules;

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

/// The name in [`Description::generator`].
const NAME: &str = "composer";

/// How texts are written: changes whenever a rule or a word does.
pub fn recipe() -> &'static str {
    "composer-1"
}

/// Writes title and short text of a product in `language`; `category` is the category's name in that language.
///
/// The same product always gets the same text; different products get different turns of phrase, chosen by a hash of
/// brand, title and GTIN. A product of which too little can be said gets no text.
pub fn compose(values: &ProductValues, category: Option<&str>, language: &Language) -> Outcome {
    match described(values, category, language) {
        Ok(description) => Outcome::Described(description),
        Err(reason) => Outcome::NotDescribed(reason),
    }
}

fn described(
    values: &ProductValues,
    category: Option<&str>,
    language: &Language,
) -> Result<Description, NotDescribed> {
    let rules = rules_of(language)
        .ok_or_else(|| NotDescribed::LanguageNotSupported { language: language.clone() })?;
    let raw_title = values.title.as_deref().ok_or(NotDescribed::NoTitle)?;
    let mut facts = Facts::of(values);
    let names = title::names(raw_title, &facts, rules).ok_or(NotDescribed::NoTitle)?;
    let mut left_out = std::mem::take(&mut facts.left_out);

    let plan = Plan { facts: &facts, names: &names, category, rules, turn: turn(values) };
    let written = plan.sentences();
    let needed = if category.is_some() { 1 } else { 2 };
    if written.stated < needed {
        return Err(NotDescribed::TooFewFacts { known: written.stated, needed, language: language.clone() });
    }
    left_out.extend(written.left_out);
    left_out.sort_by(|a, b| a.field.cmp(&b.field).then_with(|| a.reason.cmp(&b.reason)));
    left_out.dedup();
    let short: Vec<&str> = written.sentences.iter().map(|sentence| sentence.text.as_str()).collect();
    Ok(Description {
        language: language.clone(),
        short: short.join(" "),
        title: names.title,
        title_fields: names.title_fields,
        sentences: written.sentences,
        generator: NAME.to_owned(),
        recipe: recipe().to_owned(),
        left_out,
    })
}

/// The languages with rules.
fn rules_of(language: &Language) -> Option<&'static dyn Rules> {
    match language.as_str() {
        "sv" => Some(&swedish::Swedish),
        "en" => Some(&english::English),
        _ => None,
    }
}

/// A number that stays with the product.
fn turn(values: &ProductValues) -> usize {
    let gtin = values.gtin.as_ref().map(|gtin| gtin.as_str()).unwrap_or_default();
    let title = values.title.as_deref().unwrap_or_default();
    let digest = Digest::of_parts([values.brand.as_deref().unwrap_or_default(), title, gtin]);
    usize::from_str_radix(&digest.as_str()[..6], 16).unwrap_or_default()
}

#[cfg(test)]
mod tests;
