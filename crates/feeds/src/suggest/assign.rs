//! Which column is which field: every pair is scored, and the best pairs are taken one after the other.

use super::header::{Header, Senses, senses_of_path};
use super::sample::Sample;
use super::score::{evidence, fit};
use super::vocabulary::Meaning;
use super::{price, properties};

/// The fields that one column fills.
pub(super) const FIELDS: [Meaning; 14] = [
    Meaning::Sku,
    Meaning::Gtin,
    Meaning::Title,
    Meaning::Brand,
    Meaning::Mpn,
    Meaning::Description,
    Meaning::Category,
    Meaning::Price,
    Meaning::Currency,
    Meaning::Images,
    Meaning::Language,
    Meaning::BestBefore,
    Meaning::Stock,
    Meaning::GroupId,
];

/// Pairs below are not believed.
pub(super) const LEAST: f64 = 0.3;

/// A header this sure of its meaning means it.
const PLAIN: f64 = 0.55;

/// What is known of one column before fields are chosen.
#[derive(Debug)]
pub(super) struct Column {
    pub(super) header: Header,
    pub(super) senses: Senses,
    /// The kind of price that the header names.
    pub(super) price: Option<price::Kind>,
    /// Per field, in the order of [`FIELDS`].
    pub(super) scores: [f64; FIELDS.len()],
    /// The header's plainest meaning, where it has one.
    pub(super) plain: Option<Meaning>,
}

/// A field and its column.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Pair {
    pub(super) meaning: Meaning,
    pub(super) column: usize,
    pub(super) score: f64,
}

/// Every column of the sample, scored for every field.
pub(super) fn columns(sample: &Sample) -> Vec<Column> {
    let mut columns: Vec<Column> = sample.columns.iter().enumerate().map(|(i, p)| column(i, p)).collect();
    let title = best(&columns, Meaning::Title);
    for (at, column) in columns.iter_mut().enumerate() {
        column.scores[place(Meaning::Brand)] = brand(sample, column, at, title);
    }
    columns
}

fn column(at: usize, profile: &super::profile::Profile) -> Column {
    let header = Header::new(&profile.name);
    let senses = senses_of_path(&profile.name);
    let price = price::Kind::of(&header.words);
    let sense = |meaning| senses.get(&meaning).copied().unwrap_or(0.0);
    let plain = senses.iter().filter(|(_, sure)| **sure >= PLAIN).max_by(|a, b| a.1.total_cmp(b.1));
    let plain = plain.map(|(meaning, _)| *meaning);
    let scores = FIELDS.map(|meaning| {
        let mut name = sense(meaning);
        if meaning == Meaning::Price {
            name *= price.map_or(0.9, price::Kind::weight);
        }
        if properties::holder(&profile.name).is_some() {
            // What a list of properties holds is one of them, whatever it is called.
            name *= 0.4;
        }
        let by_name = name * fit(meaning, profile);
        // A header that plainly means something else outweighs what the values look like.
        let contradicted = senses
            .iter()
            .filter(|(other, _)| **other != meaning)
            .map(|(_, sure)| *sure)
            .fold(0.0_f64, f64::max);
        // A text is a text, unless its header plainly says otherwise; a number may be anything.
        let least = if meaning == Meaning::Title { name.max(PLAIN) } else { name };
        let contradicted = if contradicted > least { contradicted } else { 0.0 };
        // What check digits and addresses prove, a header can hardly talk away.
        let trust = if matches!(meaning, Meaning::Gtin | Meaning::Images) { 0.5 } else { 0.9 };
        let by_values = evidence(meaning, profile, at == 0) * (1.0 - trust * contradicted);
        1.0 - (1.0 - by_name) * (1.0 - by_values)
    });
    Column { header, senses, price, scores, plain }
}

/// A brand's own name stands in the titles of its products.
fn brand(sample: &Sample, column: &Column, at: usize, title: Option<usize>) -> f64 {
    let by_name = column.scores[place(Meaning::Brand)];
    let profile = &sample.columns[at];
    let Some(title) = title.filter(|title| *title != at) else { return by_name };
    let repeated = profile.values >= 5 && profile.uniqueness() <= 0.6 && profile.mean_words() <= 3.0;
    let within = sample.contained(at, title);
    let by_values = if repeated && within >= 0.4 && column.plain.is_none() { 0.55 * within } else { 0.0 };
    1.0 - (1.0 - by_name) * (1.0 - by_values * fit(Meaning::Brand, profile))
}

/// Where a field's score stands.
pub(super) fn place(meaning: Meaning) -> usize {
    FIELDS.iter().position(|field| *field == meaning).unwrap_or_default()
}

/// The column with the highest score for a field.
pub(super) fn best(columns: &[Column], meaning: Meaning) -> Option<usize> {
    let at = place(meaning);
    let scored = columns.iter().enumerate().filter(|(_, column)| column.scores[at] >= LEAST);
    scored.rev().max_by(|a, b| a.1.scores[at].total_cmp(&b.1.scores[at])).map(|(i, _)| i)
}

/// Each field's column: the best pair first, then the best of what is left. A field without a pair of at least
/// [`LEAST`] has none.
pub(super) fn assign(columns: &[Column]) -> Vec<Pair> {
    let mut pairs: Vec<Pair> = Vec::new();
    for (column, scored) in columns.iter().enumerate() {
        for (at, meaning) in FIELDS.iter().enumerate() {
            let score = scored.scores[at];
            if score >= LEAST {
                pairs.push(Pair { meaning: *meaning, column, score });
            }
        }
    }
    // Without an article number nothing else counts, so a doubtful pair for it goes before.
    let rank = |pair: &Pair| pair.score + if pair.meaning == Meaning::Sku { 0.1 } else { 0.0 };
    pairs.sort_by(|a, b| {
        rank(b).total_cmp(&rank(a)).then(a.meaning.cmp(&b.meaning)).then(a.column.cmp(&b.column))
    });
    let mut taken: Vec<Pair> = Vec::new();
    for pair in pairs {
        if taken.iter().all(|known| known.meaning != pair.meaning && known.column != pair.column) {
            taken.push(pair);
        }
    }
    taken.sort_by_key(|pair| pair.meaning);
    taken
}
