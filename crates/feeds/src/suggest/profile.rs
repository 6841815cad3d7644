//! What the values of one column are, counted.

use std::collections::{BTreeMap, HashSet};
use std::hash::{DefaultHasher, Hash as _, Hasher as _};

use super::shape::{self, Money, SEPARATORS};
use crate::item::{Cell, CellKind};
use crate::row::shorten_to;
use crate::text;

/// A column of the sample.
#[derive(Debug, Default)]
pub(super) struct Profile {
    pub(super) name: String,
    /// Items of the sample, whether or not they have a value here.
    pub(super) rows: u32,
    /// Items with a value.
    pub(super) filled: u32,
    /// Values: more than items where an item lists several.
    pub(super) values: u32,
    distinct: HashSet<u64>,
    /// The first distinct values.
    pub(super) samples: Vec<String>,
    /// Some of the text, for its language.
    pub(super) text: String,
    pub(super) counts: Counts,
    pub(super) currencies: BTreeMap<&'static str, u32>,
    pub(super) separators: BTreeMap<&'static str, u32>,
    characters: u64,
    words: u64,
    /// The last value was this row number, so the next may be the one after.
    sequence: u32,
}

/// Of how many values something holds.
#[derive(Debug, Default)]
pub(super) struct Counts {
    pub(super) gtin: u32,
    pub(super) like_gtin: u32,
    pub(super) number: u32,
    pub(super) fraction: u32,
    pub(super) two_decimals: u32,
    pub(super) negative: u32,
    pub(super) comma: u32,
    pub(super) point: u32,
    pub(super) amount: u32,
    pub(super) krona: u32,
    pub(super) currency: u32,
    pub(super) url: u32,
    pub(super) picture: u32,
    pub(super) date: u32,
    pub(super) language: u32,
    pub(super) uuid: u32,
    pub(super) truth: u32,
    pub(super) unit: u32,
    pub(super) html: u32,
    pub(super) code: u32,
    pub(super) letters: u32,
}

impl Profile {
    pub(super) fn new(name: &str, rows: u32) -> Self {
        Self { name: name.to_owned(), rows, ..Self::default() }
    }

    /// Counts one item's values in.
    pub(super) fn add<'c>(&mut self, cells: impl IntoIterator<Item = &'c Cell<'c>>) {
        const MOST_VALUES: u32 = 20;
        let before = self.values;
        for cell in cells {
            let value = text::line(&cell.text);
            if value.is_empty() || cell.kind == CellKind::Error || self.values - before >= MOST_VALUES {
                continue;
            }
            self.value(&value, cell.kind);
        }
        self.filled += u32::from(self.values > before);
    }

    fn value(&mut self, value: &str, kind: CellKind) {
        const MOST_TEXT: usize = 4_000;
        self.values += 1;
        let mut hasher = DefaultHasher::new();
        value.hash(&mut hasher);
        if self.distinct.insert(hasher.finish()) && self.samples.len() < 3 {
            self.samples.push(shorten_to(value, 60));
        }
        self.characters += value.chars().count() as u64;
        self.words += value.split_whitespace().count() as u64;
        let short = value.len() <= 200;
        let letters = value.chars().filter(|c| c.is_alphabetic()).count();
        let count = &mut self.counts;
        count.letters += u32::from(letters >= 2 && letters * 3 >= value.chars().count());
        count.html += u32::from(shape::has_html(value));
        count.url += u32::from(shape::is_url(value));
        count.picture += u32::from(shape::is_picture(value));
        if short {
            count.gtin += u32::from(shape::is_gtin(value));
            count.like_gtin += u32::from(shape::is_like_gtin(value));
            count.date += u32::from(shape::is_date(value));
            count.language += u32::from(shape::is_language(value));
            count.uuid += u32::from(shape::is_uuid(value));
            count.truth += u32::from(shape::is_truth(value));
            count.unit += u32::from(shape::has_unit(value));
            count.code += u32::from(shape::is_code(value));
            self.number(value, kind);
            if let Some(code) = shape::currency(value) {
                self.counts.currency += 1;
                *self.currencies.entry(code).or_default() += 1;
            }
        }
        let plain = text::unescape(value);
        if let Some(separator) = SEPARATORS.iter().find(|separator| shape::has_levels(&plain, separator)) {
            *self.separators.entry(separator).or_default() += 1;
        }
        if self.text.len() < MOST_TEXT && letters >= 3 {
            self.text.push_str(&shorten_to(value, 300));
            self.text.push('\n');
        }
    }

    fn number(&mut self, value: &str, kind: CellKind) {
        let count = &mut self.counts;
        if let Some(number) = shape::number(value) {
            count.number += 1;
            count.fraction += u32::from(number.value.fract() != 0.0);
            count.negative += u32::from(number.value < 0.0);
            let decimals = value.len() - value.rfind([',', '.']).map_or(value.len(), |at| at + 1);
            count.two_decimals += u32::from(decimals == 2);
            if kind == CellKind::Text {
                count.comma += u32::from(number.comma == Some(true));
                count.point += u32::from(number.comma == Some(false));
            }
            self.sequence += u32::from((number.value - f64::from(self.sequence + 1)).abs() < f64::EPSILON);
        } else if let Some((_, money)) = shape::amount_with_currency(value) {
            count.amount += 1;
            let digits = value.trim_matches(|c: char| !c.is_ascii_digit());
            if let Some(comma) = shape::number(digits).and_then(|number| number.comma) {
                count.comma += u32::from(comma);
                count.point += u32::from(!comma);
            }
            match money {
                Money::Code(code) => *self.currencies.entry(code).or_default() += 1,
                Money::Krona => count.krona += 1,
            }
        }
    }

    /// The share of items that have a value.
    pub(super) fn fill(&self) -> f64 {
        share(self.filled, self.rows)
    }

    pub(super) fn different(&self) -> u32 {
        self.distinct.len() as u32
    }

    /// Different values among all: 1 where none comes twice.
    pub(super) fn uniqueness(&self) -> f64 {
        share(self.different(), self.values)
    }

    /// The share of the values that `count` counts.
    pub(super) fn share(&self, count: u32) -> f64 {
        share(count, self.values)
    }

    pub(super) fn mean_length(&self) -> f64 {
        if self.values == 0 { 0.0 } else { self.characters as f64 / f64::from(self.values) }
    }

    pub(super) fn mean_words(&self) -> f64 {
        if self.values == 0 { 0.0 } else { self.words as f64 / f64::from(self.values) }
    }

    /// 1, 2, 3, …: the supplier numbers its rows.
    pub(super) fn is_row_number(&self) -> bool {
        self.values >= 3 && self.sequence == self.values
    }

    /// The same value everywhere.
    pub(super) fn is_constant(&self) -> bool {
        self.different() == 1 && self.values >= 3
    }

    /// The separator of levels in most values that have any, and the share of values that have it.
    pub(super) fn separator(&self) -> Option<(&'static str, f64)> {
        let best = self.separators.iter().max_by_key(|(_, count)| **count)?;
        Some((best.0, self.share(*best.1)))
    }
}

fn share(part: u32, whole: u32) -> f64 {
    if whole == 0 { 0.0 } else { f64::from(part) / f64::from(whole) }
}
