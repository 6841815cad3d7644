//! Writes a product's texts by rules per language, from facts alone.
//!
//! Sentences are built from turns of phrase of our own round the values of facts; the only supplier words copied are the
//! product's name, its brand and, in the product's own language, short values and food information word for word. A
//! language is one file here, made of data: nouns with their gender and case, and turns for each kind of sentence.

mod casing;
mod danish;
mod english;
mod german;
mod labels;
mod norwegian;
mod notation;
mod rules;
mod sentences;
mod seo;
mod swedish;
mod texts;
mod title;
mod told;

use berika_catalog::{Digest, Language, ProductValues};

use crate::facts::{FactKind, FactValue};
use crate::guard::Report;
use crate::{
    Author, BoxFuture, Description, Generator, LeftOut, NotDescribed, Origin, Outcome, Reason, Request,
    Sentence, Text,
};
use rules::Rules;
use sentences::Writer;
use told::Told;

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
    let Request { values, facts, category, language, voice } = *request;
    let rules = rules_of(language)
        .ok_or_else(|| NotDescribed::LanguageNotSupported { language: language.clone() })?;
    let raw_title = values.title.as_deref().ok_or(NotDescribed::NoTitle)?;
    let names = title::names(raw_title, facts, rules, voice.limits.title).ok_or(NotDescribed::NoTitle)?;

    let mut left_out = facts.left_out.clone();
    let mut told = Vec::with_capacity(facts.facts.len());
    for fact in facts.facts.iter().filter(|fact| fact.kind != FactKind::Brand) {
        match Told::new(fact, facts, rules, language) {
            Ok(words) => told.push(words),
            Err(reason) => left_out.push(LeftOut { field: fact.source.clone(), reason }),
        }
    }
    let own = rules.is(facts.language.as_ref());
    let writer = Writer { names: &names, told, category, rules, language, voice, own, seed: seed(values) };
    let long = writer.long();

    let stated: Vec<usize> = long.iter().flatten().flat_map(|line| line.told.iter().copied()).collect();
    let known = facts.facts.len();
    let statements = stated.len() + usize::from(names.brand.is_some());
    let enough = match category {
        // The category is a statement of its own, but the only one only where more is known than can be said.
        Some(_) => statements >= 1 || known >= 2,
        None => statements >= 2 || statements == 1 && known >= 2,
    };
    if !enough {
        let needed = if category.is_some() { 1 } else { 2 };
        return Err(NotDescribed::TooFewFacts { known: statements, needed, language: language.clone() });
    }
    for (at, told) in writer.told.iter().enumerate() {
        if !stated.contains(&at) {
            left_out.push(LeftOut { field: told.fact.source.clone(), reason: Reason::NoRoom });
        }
    }
    left_out.sort_by(|a, b| a.field.cmp(&b.field).then_with(|| a.reason.cmp(&b.reason)));
    left_out.dedup();
    let title = Sentence { text: names.title.clone(), fields: names.title_fields.clone() };
    Ok(Description {
        language: language.clone(),
        title: Text { text: names.title.clone(), sentences: vec![title], by: Author::Composer },
        short: sentences::text(&writer.short()),
        long: sentences::paragraphs(&long),
        long_html: None,
        seo_title: writer.seo_title(),
        seo_description: sentences::text(&writer.seo_description()),
        origin: Origin { generator: NAME.to_owned(), model: None, prompt: None, recipe: RECIPE.to_owned() },
        report: Report::default(),
        left_out,
    })
}

/// A property under the supplier's own name, in the words of `language`: name and value; `None` where the closed lists lack
/// either.
pub(crate) fn property_in(
    name: &str,
    value: &FactValue,
    from: Option<&Language>,
    language: &Language,
) -> Option<(String, String)> {
    labels::translated(name, value, from, rules_of(language)?, language)
}

/// The languages with rules.
static RULES: [&Rules; 5] =
    [&swedish::SWEDISH, &english::ENGLISH, &danish::DANISH, &norwegian::NORWEGIAN, &german::GERMAN];

fn rules_of(language: &Language) -> Option<&'static Rules> {
    RULES.into_iter().find(|rules| rules.tag == language.as_str())
}

/// A number that stays with the product.
fn seed(values: &ProductValues) -> u64 {
    let gtin = values.gtin.as_ref().map(|gtin| gtin.as_str()).unwrap_or_default();
    let title = values.title.as_deref().unwrap_or_default();
    let digest = Digest::of_parts([values.brand.as_deref().unwrap_or_default(), title, gtin]);
    u64::from_str_radix(&digest.as_str()[..16], 16).unwrap_or_default()
}

#[cfg(test)]
mod tests;
