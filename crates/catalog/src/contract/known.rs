//! A delivery's products beside what is known of them.

use std::collections::BTreeMap;

use rust_decimal::prelude::ToPrimitive;
use serde::{Deserialize, Serialize};

use super::sample::{Sample, hash_of};
use super::share::median;
use crate::{Money, ProductState, ProductValues};

/// A product as it is remembered.
#[derive(Debug, Clone, PartialEq)]
pub struct KnownProduct {
    /// Its article number.
    pub sku: String,
    /// Whether it was listed last.
    pub state: ProductState,
    /// What its supplier last said.
    pub values: ProductValues,
}

/// What became of the products known before. Shares are of the sample, which is all of a delivery up to 10,000 products.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Known {
    /// Products that were listed before.
    pub active: u64,
    /// Products of this delivery that were known and looked at.
    pub looked_at: u64,
    /// The share of this delivery's products that were not known.
    pub unknown: f64,
    /// The share of the products listed before that this delivery does not list.
    pub gone: f64,
    /// The share of the known ones with another title.
    pub titles_changed: f64,
    /// The share of the known ones with another price.
    pub prices_changed: f64,
    /// How prices moved, by currency.
    pub price_ratios: BTreeMap<String, PriceRatio>,
}

/// How the prices of known products moved.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct PriceRatio {
    /// Products with a price before and now.
    pub products: u64,
    /// The middle one of the factors.
    pub median: f64,
    /// The share of products whose factor is this one, give or take a hundredth.
    pub alike: f64,
}

impl Known {
    /// Compares a delivery's sample with what is remembered of it. `active` products were listed before.
    pub fn compare(sample: &Sample, active: u64, remembered: &[KnownProduct]) -> Self {
        let (mut found, mut listed, mut titles, mut prices) =
            (0u64, 0u64, Changes::default(), Changes::default());
        let mut factors: BTreeMap<&str, Vec<f64>> = BTreeMap::new();
        for known in remembered {
            let Some(product) = sample.get(&known.sku) else { continue };
            found += 1;
            listed += u64::from(known.state == ProductState::Active);
            // A delta says nothing of most fields.
            if let (Some(before), Some(now)) = (&known.values.title, product.title) {
                titles.count(hash_of(before) != now);
            }
            if let (Some(before), Some(now)) = (&known.values.price, &product.price) {
                prices.count(before.amount != now.amount || before.currency != now.currency);
                if let Some(factor) = factor(before, now) {
                    factors.entry(now.currency.as_str()).or_default().push(factor);
                }
            }
        }
        let sampled = sample.len() as f64;
        let still_listed = sample.distinct() as f64 * share(listed as f64, sampled);
        let price_ratios = factors.into_iter().filter_map(|(currency, factors)| {
            let median = median(&factors)?;
            let alike = factors.iter().filter(|factor| (**factor / median - 1.0).abs() <= 0.01).count();
            let alike = share(alike as f64, factors.len() as f64);
            Some((currency.to_owned(), PriceRatio { products: factors.len() as u64, median, alike }))
        });
        Self {
            active,
            looked_at: found,
            unknown: 1.0 - share(found as f64, sampled),
            gone: (1.0 - share(still_listed, active as f64)).clamp(0.0, 1.0),
            titles_changed: titles.share(),
            prices_changed: prices.share(),
            price_ratios: price_ratios.collect(),
        }
    }
}

#[derive(Default)]
struct Changes {
    of: u64,
    changed: u64,
}

impl Changes {
    fn count(&mut self, changed: bool) {
        self.of += 1;
        self.changed += u64::from(changed);
    }

    fn share(&self) -> f64 {
        share(self.changed as f64, self.of as f64)
    }
}

fn factor(before: &Money, now: &Money) -> Option<f64> {
    if before.currency != now.currency {
        return None;
    }
    let factor = now.amount.to_f64()? / before.amount.to_f64()?;
    (factor.is_finite() && factor > 0.0).then_some(factor)
}

fn share(count: f64, of: f64) -> f64 {
    if of == 0.0 { 0.0 } else { count / of }
}
