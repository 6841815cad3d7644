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

use crate::description::{SEO_DESCRIPTION_MOST, SEO_TITLE_MOST};
use crate::guard::Report;
use crate::{
    Author, BoxFuture, Description, Generator, NotDescribed, Origin, Outcome, Request, Sentence, Text,
};
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
        RECIPE.to_owned()
    }

    fn describe<'a>(&'a self, request: &'a Request<'a>) -> BoxFuture<'a, Outcome> {
        Box::pin(std::future::ready(compose(request)))
    }
}

/// The name in [`Origin::generator`].
pub const NAME: &str = "composer";

/// How texts are written: changes whenever a rule or a word does.
pub const RECIPE: &str = "composer-2";

/// Writes a product's texts.
///
/// The same product always gets the same texts; different products get different turns of phrase, chosen by a hash of
/// brand, title and GTIN. A product of which too little can be said gets no text.
pub fn compose(request: &Request<'_>) -> Outcome {
    match described(request) {
        Ok(description) => Outcome::Described(description),
        Err(reason) => Outcome::NotDescribed(reason),
    }
}

fn described(request: &Request<'_>) -> Result<Description, NotDescribed> {
    let Request { values, facts, category, language, .. } = *request;
    let rules = rules_of(language)
        .ok_or_else(|| NotDescribed::LanguageNotSupported { language: language.clone() })?;
    let raw_title = values.title.as_deref().ok_or(NotDescribed::NoTitle)?;
    let names = title::names(raw_title, facts, rules).ok_or(NotDescribed::NoTitle)?;

    let plan = Plan { facts, names: &names, category, rules, turn: turn(values) };
    let written = plan.sentences();
    let needed = if category.is_some() { 1 } else { 2 };
    if written.stated < needed {
        return Err(NotDescribed::TooFewFacts { known: written.stated, needed, language: language.clone() });
    }
    let mut left_out = facts.left_out.clone();
    left_out.extend(written.left_out);
    left_out.sort_by(|a, b| a.field.cmp(&b.field).then_with(|| a.reason.cmp(&b.reason)));
    left_out.dedup();
    let line = |text: String| {
        let sentence = Sentence { text: text.clone(), fields: names.title_fields.clone() };
        Text { text, sentences: vec![sentence], by: Author::Composer }
    };
    let joined = |sentences: &[Sentence]| Text {
        text: sentences.iter().map(|sentence| sentence.text.as_str()).collect::<Vec<_>>().join(" "),
        sentences: sentences.to_vec(),
        by: Author::Composer,
    };
    let fitting = (1..=written.sentences.len())
        .rev()
        .map(|most| joined(&written.sentences[..most]))
        .find(|text| text.text.chars().count() <= SEO_DESCRIPTION_MOST);
    Ok(Description {
        language: language.clone(),
        short: joined(&written.sentences),
        long: joined(&written.sentences),
        seo_title: line(title::shortened(&names.title, SEO_TITLE_MOST)),
        seo_description: fitting
            .unwrap_or_else(|| line(title::shortened(&names.title, SEO_DESCRIPTION_MOST))),
        title: line(names.title.clone()),
        origin: Origin { generator: NAME.to_owned(), model: None, prompt: None, recipe: RECIPE.to_owned() },
        report: Report::default(),
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
