//! The mean product vector, by which products are centred before they are compared.
//!
//! Sentence vectors share a large common part (a language, "this is a product title") that says nothing of the
//! category; taking it away is worth one to six points of accuracy. What is taken away must be the same tomorrow and
//! for every batch, so the means are counted once over the catalogue's vectors (or a sample of them), kept with the
//! classifier's version, and never counted over the batch in hand.

use std::collections::BTreeMap;

use berika_catalog::Language;
use serde::{Deserialize, Serialize};

use crate::vector::usable;

/// Sums of product vectors, over all and per language. Serialisable, to be kept with a classifier's version.
///
/// Feed vectors in a fixed order (by product key) where bit-equal results matter: the sums are in double precision,
/// so another order changes the last bit at most.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct ProductMeans {
    overall: Mean,
    by_language: BTreeMap<Language, Mean>,
}

#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
struct Mean {
    count: u64,
    sum: Vec<f64>,
}

impl ProductMeans {
    /// No product seen: centring falls back to the mean of the category vectors.
    pub fn new() -> Self {
        Self::default()
    }

    /// Counts one product's vector. Vectors that are zero, hold a value that is no number, or are of another length
    /// than the first are left out.
    pub fn add(&mut self, language: Option<&Language>, vector: &[f32]) {
        if !usable(vector) || (self.overall.count > 0 && self.overall.sum.len() != vector.len()) {
            return;
        }
        self.overall.add(vector);
        if let Some(language) = language {
            self.by_language.entry(language.clone()).or_default().add(vector);
        }
    }

    /// Products counted.
    pub fn count(&self) -> u64 {
        self.overall.count
    }

    /// Length of the vectors counted; `None` before the first.
    pub fn dimensions(&self) -> Option<usize> {
        (self.overall.count > 0).then_some(self.overall.sum.len())
    }

    /// The centre for products of `language`: their mean drawn towards the mean of all products, and that towards
    /// `fallback`, each by as much as `shrink` products would weigh. Few products move little.
    pub(crate) fn centre(&self, language: Option<&Language>, fallback: &[f32], shrink: f64) -> Vec<f32> {
        let overall = self.overall.drawn_towards(fallback, shrink);
        match language.and_then(|language| self.by_language.get(language)) {
            Some(mean) => mean.drawn_towards(&overall, shrink),
            None => overall,
        }
    }

    /// The mean squared distance of the products of `language`, one long each, from `centre`. `None` where there are too
    /// few, or they are not told apart.
    pub(crate) fn spread(&self, language: Option<&Language>, centre: &[f32]) -> Option<f64> {
        const FEWEST: u64 = 100;
        const LEAST: f64 = 1e-3;
        let mean = match language {
            Some(language) => self.by_language.get(language)?,
            None => &self.overall,
        };
        if mean.count < FEWEST {
            return None;
        }
        let (mut to_mean, mut squared) = (0.0, 0.0);
        for (sum, &c) in mean.sum.iter().zip(centre) {
            to_mean += sum / mean.count as f64 * f64::from(c);
            squared += f64::from(c) * f64::from(c);
        }
        let spread = 1.0 - 2.0 * to_mean + squared;
        (spread > LEAST).then_some(spread)
    }

    pub(crate) fn languages(&self) -> impl Iterator<Item = &Language> {
        self.by_language.keys()
    }
}

impl Mean {
    fn add(&mut self, vector: &[f32]) {
        self.sum.resize(vector.len(), 0.0);
        self.count += 1;
        for (sum, &x) in self.sum.iter_mut().zip(vector) {
            *sum += f64::from(x);
        }
    }

    fn drawn_towards(&self, prior: &[f32], shrink: f64) -> Vec<f32> {
        if self.count == 0 {
            return prior.to_vec();
        }
        let weight = self.count as f64 + shrink;
        self.sum.iter().zip(prior).map(|(sum, &p)| ((sum + shrink * f64::from(p)) / weight) as f32).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn language(tag: &str) -> Language {
        Language::parse(tag).unwrap()
    }

    #[test]
    fn without_products_the_fallback_is_the_centre() {
        assert_eq!(ProductMeans::new().centre(None, &[0.5, 0.25], 10.0), [0.5, 0.25]);
    }

    #[test]
    fn few_products_move_little_and_many_decide() {
        let mut means = ProductMeans::new();
        means.add(Some(&language("sv")), &[1.0, 0.0]);
        let few = means.centre(None, &[0.0, 1.0], 10.0);
        assert!(few[0] < 0.1 && few[1] > 0.9, "{few:?}");
        for _ in 0..10_000 {
            means.add(Some(&language("sv")), &[1.0, 0.0]);
        }
        let many = means.centre(None, &[0.0, 1.0], 10.0);
        assert!(many[0] > 0.99, "{many:?}");
    }

    #[test]
    fn languages_have_centres_of_their_own() {
        let mut means = ProductMeans::new();
        for _ in 0..1_000 {
            means.add(Some(&language("sv")), &[1.0, 0.0]);
            means.add(Some(&language("en")), &[0.0, 1.0]);
        }
        assert!(means.centre(Some(&language("sv")), &[0.0, 0.0], 10.0)[0] > 0.95);
        assert!(means.centre(Some(&language("en")), &[0.0, 0.0], 10.0)[1] > 0.95);
        let unknown = means.centre(Some(&language("de")), &[0.0, 0.0], 10.0);
        assert_eq!(unknown, means.centre(None, &[0.0, 0.0], 10.0));
    }

    #[test]
    fn broken_vectors_are_left_out() {
        let mut means = ProductMeans::new();
        means.add(None, &[f32::NAN, 1.0]);
        means.add(None, &[0.0, 0.0]);
        means.add(None, &[1.0, 0.0]);
        means.add(None, &[1.0, 0.0, 0.0]);
        assert_eq!((means.count(), means.dimensions()), (1, Some(2)));
    }
}
