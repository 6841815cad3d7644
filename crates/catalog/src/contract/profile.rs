//! What one delivery is like.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::broken::is_broken;
use super::sample::{Sample, hash_of};
use super::{Known, prices};
use crate::{Language, ProductRecord};

/// Rises when the numbers mean something else than before: what was learnt by another version is not compared with.
const VERSION: u32 = 1;

/// Different names that are counted in one delivery: columns, attributes, categories. Further ones are left out.
const MOST_NAMES: usize = 300;

/// One delivery in numbers. As JSON it is remembered with the import.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Profile {
    version: u32,
    /// How it was read.
    pub reading: Reading,
    /// Rows, refused ones among them.
    pub rows: u64,
    /// Rows that are products.
    pub products: u64,
    /// Refused rows by kind.
    pub refused: BTreeMap<String, u64>,
    /// Fields by name, attributes as `attributes.NAME`.
    pub fields: BTreeMap<String, Field>,
    /// Prices by currency.
    pub prices: BTreeMap<String, Prices>,
    /// Products by the first level of the supplier's category.
    pub categories: BTreeMap<String, u64>,
    /// Products by the language that their texts seem to be in, of those looked at.
    pub languages: BTreeMap<String, u64>,
    /// Products with a text that holds broken characters.
    pub broken: u64,
    /// What became of the products known before; absent in a first delivery.
    pub known: Option<Known>,
}

/// How a delivery was read.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Reading {
    /// Its encoding.
    pub encoding: Option<String>,
    /// Its delimiter.
    pub delimiter: Option<char>,
    /// A table's columns in their order, as many as are kept.
    pub columns: Vec<String>,
}

/// How often a field is filled, and from where.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Field {
    /// Products that have it.
    pub products: u64,
    /// Of these, by the column or path it came from.
    pub columns: BTreeMap<String, u64>,
}

/// Prices in one currency.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Prices {
    /// Products with such a price.
    pub products: u64,
    /// The middle one.
    pub median: f64,
}

impl Profile {
    /// A profile read back from where it was stored; `None` where this program would have counted otherwise.
    pub fn from_stored(json: &str) -> Option<Self> {
        serde_json::from_str::<Self>(json).ok().filter(|profile| profile.version == VERSION)
    }

    /// Rows that were refused.
    pub fn refused_rows(&self) -> u64 {
        self.refused.values().sum()
    }
}

/// Gathers a profile row by row.
#[derive(Debug, Clone, Default)]
pub struct Profiler {
    profile: Profile,
    sample: Sample,
}

impl Profiler {
    /// Counts a product.
    pub fn product(&mut self, record: &ProductRecord) {
        let profile = &mut self.profile;
        profile.rows += 1;
        profile.products += 1;
        for (name, origin) in &record.provenance {
            if name == "language" {
                continue;
            }
            let Some(field) = entry(&mut profile.fields, name) else { continue };
            field.products += 1;
            if let Some(column) = &origin.column
                && let Some(count) = entry(&mut field.columns, column)
            {
                *count += 1;
            }
        }
        let values = &record.values;
        if let Some(price) = &values.price
            && let Some(prices) = entry(&mut profile.prices, price.currency.as_str())
        {
            prices.products += 1;
        }
        if let Some(root) = values.supplier_category.first()
            && let Some(count) = entry(&mut profile.categories, root)
        {
            *count += 1;
        }
        let texts = [&values.title, &values.brand, &values.description];
        if texts.into_iter().flatten().chain(&values.supplier_category).any(|text| is_broken(text)) {
            profile.broken += 1;
        }
        let hash = hash_of(&record.key.sku);
        if is_read_for_language(profile.products, hash) {
            let title = values.title.as_deref().unwrap_or_default();
            let description = values.description.as_deref().unwrap_or_default();
            if let Some(language) = Language::detect(&format!("{title} {description}")) {
                *profile.languages.entry(language.as_str().to_owned()).or_default() += 1;
            }
        }
        self.sample.add(hash, record);
    }

    /// Counts a row that is no product, by what is wrong with it.
    pub fn refused(&mut self, kind: &str) {
        self.profile.rows += 1;
        if let Some(count) = entry(&mut self.profile.refused, kind) {
            *count += 1;
        }
    }

    /// The delivery's profile, and the products by which it is compared with what is known.
    pub fn finish(mut self, mut reading: Reading) -> (Profile, Sample) {
        reading.columns.truncate(MOST_NAMES);
        self.profile.version = VERSION;
        self.profile.reading = reading;
        for (currency, prices) in &mut self.profile.prices {
            prices.median = prices::median_of(&self.sample, currency);
        }
        (self.profile, self.sample)
    }
}

/// Recognising a language costs as much as all the rest: the first products are looked at, and some of the others.
fn is_read_for_language(nth: u64, hash: u64) -> bool {
    const FIRST: u64 = 300;
    const OF_OTHERS: u64 = 64;
    nth <= FIRST || hash.is_multiple_of(OF_OTHERS)
}

/// The value of `name`, made where there is room for it.
fn entry<'m, T: Default>(map: &'m mut BTreeMap<String, T>, name: &str) -> Option<&'m mut T> {
    if !map.contains_key(name) {
        if map.len() >= MOST_NAMES {
            return None;
        }
        map.insert(name.to_owned(), T::default());
    }
    map.get_mut(name)
}
