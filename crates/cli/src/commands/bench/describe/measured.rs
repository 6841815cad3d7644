//! What is counted over descriptions, by language.

use std::collections::BTreeMap;

use berika_catalog::Language;
use berika_describe::guard::Guard;
use berika_describe::{Description, FactKind, Outcome, Request};
use serde::Serialize;

use super::skeleton::skeleton;
use crate::commands::describe::Product;
use crate::output;

/// Counts by language.
#[derive(Debug, Default)]
pub(super) struct Measured {
    languages: BTreeMap<Language, Counts>,
}

#[derive(Debug, Default)]
struct Counts {
    products: u64,
    described: u64,
    /// Products with a title and at least two facts.
    tellable: u64,
    tellable_described: u64,
    facts_known: u64,
    facts_stated: u64,
    sentences: u64,
    refused: u64,
    over_limit: u64,
    other_language: u64,
    long_enough_to_tell: u64,
    by_model: u64,
    drafted: u64,
    taken_out: u64,
    skeletons: BTreeMap<String, u64>,
    examples: Vec<String>,
}

/// What came of it.
#[derive(Debug, Serialize)]
pub(super) struct Summary {
    languages: Vec<Figures>,
    /// Of each round, in seconds.
    seconds: Vec<f64>,
    /// Descriptions a second, by the median round: five texts each.
    descriptions_a_second: f64,
    /// Descriptions a watt-hour; `None` where the machine does not tell what it uses.
    descriptions_a_watt_hour: Option<f64>,
}

/// Of one language.
#[derive(Debug, Serialize)]
struct Figures {
    language: String,
    products: u64,
    /// Share of all products, and of those with a title and at least two facts.
    described: f64,
    described_of_tellable: f64,
    /// Facts stated in the long text, of those known.
    coverage: f64,
    /// Sentences and titles that the guard would not let through if a model had written them, in 100 descriptions.
    refused_in_100: f64,
    /// Texts over their limit.
    over_limit: u64,
    /// Texts that are more likely in another language, of those long enough to tell.
    other_language: u64,
    long_enough_to_tell: u64,
    /// The largest group of short texts with one skeleton.
    largest_skeleton: u64,
    skeletons: u64,
    /// Descriptions with a model's text, and what was taken out of drafts.
    by_model: u64,
    drafted_sentences: u64,
    taken_out: u64,
    /// Some of what the guard found no grounds for.
    examples: Vec<String>,
}

/// How many unsupported sentences are shown.
const EXAMPLES_MOST: usize = 10;

impl Measured {
    pub(super) fn add(&mut self, product: &Product, request: &Request<'_>, outcome: &Outcome) {
        let counts = self.languages.entry(request.language.clone()).or_default();
        counts.products += 1;
        let facts = request.facts.facts.len();
        let tellable = request.values.title.is_some() && facts >= 2;
        counts.tellable += u64::from(tellable);
        let Outcome::Described(description) = outcome else { return };
        counts.described += 1;
        counts.tellable_described += u64::from(tellable);
        counts.add(product, request, description);
    }

    pub(super) fn descriptions(&self) -> u64 {
        self.languages.values().map(|counts| counts.described).sum()
    }

    pub(super) fn summary(&self, seconds: &[f64], watt_hours: Option<f64>) -> Summary {
        let mut sorted = seconds.to_vec();
        sorted.sort_by(f64::total_cmp);
        let median = sorted.get(sorted.len() / 2).copied().unwrap_or_default();
        let descriptions = self.descriptions() as f64;
        Summary {
            languages: self.languages.iter().map(|(language, counts)| counts.figures(language)).collect(),
            seconds: seconds.to_vec(),
            descriptions_a_second: descriptions / median.max(f64::MIN_POSITIVE),
            descriptions_a_watt_hour: watt_hours.map(|spent| descriptions / spent.max(f64::MIN_POSITIVE)),
        }
    }
}

impl Counts {
    fn add(&mut self, product: &Product, request: &Request<'_>, description: &Description) {
        let stated: Vec<&str> =
            description.long.sentences.iter().flat_map(|s| &s.fields).map(String::as_str).collect();
        let known = request.facts.facts.iter().filter(|fact| fact.kind != FactKind::Brand);
        for fact in known {
            self.facts_known += 1;
            self.facts_stated += u64::from(fact.fields().any(|field| stated.contains(&field)));
        }
        let guard = Guard::new(request);
        for (part, text) in description.texts() {
            self.over_limit += u64::from(text.text.chars().count() > request.voice.limits.of(part));
            for sentence in &text.sentences {
                self.sentences += 1;
                // Food information is copied in the supplier's own words, which no guard weighs.
                if copied(request, &sentence.text) {
                    continue;
                }
                if let Err((why, words)) = guard.sentence(&sentence.text) {
                    self.refused += 1;
                    if self.examples.len() < EXAMPLES_MOST {
                        self.examples.push(format!("{} ({words}): {}", why.as_str(), sentence.text));
                    }
                }
            }
        }
        if let Some(found) = Language::detect(&description.long.text) {
            self.long_enough_to_tell += 1;
            // The detector cannot tell Danish from Norwegian in texts so short.
            let close = |language: &Language| matches!(language.as_str(), "da" | "no");
            let same = found == *request.language || close(&found) && close(request.language);
            self.other_language += u64::from(!same);
        }
        let short = skeleton(&description.short.text, request.values, product.category(request.language));
        *self.skeletons.entry(short).or_default() += 1;
        self.by_model += u64::from(description.by_model());
        self.drafted += u64::from(description.report.checked);
        self.taken_out += description.report.removed.len() as u64;
    }

    fn figures(&self, language: &Language) -> Figures {
        let share = |part: u64, whole: u64| part as f64 / whole.max(1) as f64;
        Figures {
            language: language.to_string(),
            products: self.products,
            described: share(self.described, self.products),
            described_of_tellable: share(self.tellable_described, self.tellable),
            coverage: share(self.facts_stated, self.facts_known),
            refused_in_100: 100.0 * share(self.refused, self.described),
            over_limit: self.over_limit,
            other_language: self.other_language,
            long_enough_to_tell: self.long_enough_to_tell,
            largest_skeleton: self.skeletons.values().copied().max().unwrap_or_default(),
            skeletons: self.skeletons.len() as u64,
            by_model: self.by_model,
            drafted_sentences: self.drafted,
            taken_out: self.taken_out,
            examples: self.examples.clone(),
        }
    }
}

/// Whether a sentence carries food information word for word.
fn copied(request: &Request<'_>, sentence: &str) -> bool {
    request.facts.facts.iter().any(|fact| match &fact.value {
        berika_describe::FactValue::Verbatim(text) => sentence.contains(text.trim_end_matches('.')),
        _ => false,
    })
}

impl Summary {
    pub(super) fn refused_per_100(&self) -> f64 {
        self.languages.iter().map(|figures| figures.refused_in_100).fold(0.0, f64::max)
    }

    pub(super) fn print(&self) {
        let mut table = output::table(&[
            "language",
            "described",
            "of tellable",
            "coverage",
            "guard refuses/100",
            "over limit",
            "other language",
            "largest skeleton",
            "by model",
            "taken out",
        ]);
        for figures in &self.languages {
            table.add_row([
                figures.language.clone(),
                format!("{:.1} %", 100.0 * figures.described),
                format!("{:.1} %", 100.0 * figures.described_of_tellable),
                format!("{:.3}", figures.coverage),
                format!("{:.2}", figures.refused_in_100),
                figures.over_limit.to_string(),
                format!("{} of {}", figures.other_language, figures.long_enough_to_tell),
                format!("{} of {}", figures.largest_skeleton, figures.products),
                figures.by_model.to_string(),
                format!("{} of {}", figures.taken_out, figures.drafted_sentences),
            ]);
        }
        output::line(table);
        for example in self.languages.iter().flat_map(|figures| &figures.examples) {
            output::line(format!("  {example}"));
        }
        let energy = match self.descriptions_a_watt_hour {
            Some(rate) => format!("{rate:.0} a watt-hour of the whole machine"),
            None => "this machine does not tell what it uses".to_owned(),
        };
        output::line(format!("{:.0} descriptions a second; {energy}", self.descriptions_a_second));
    }
}
