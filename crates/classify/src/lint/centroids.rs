//! Opinions by the nearest mean, each product left out of its own category's mean.
//!
//! The plainest out-of-fold classifier there is, for the first decisions: with enough of them the classifier's own
//! cross-fitted rankings are handed in as [`LintInput::opinions`](super::LintInput::opinions).

use std::collections::{BTreeMap, HashMap};

use rayon::prelude::*;

use super::LintInput;
use crate::matrix::Packed;
use crate::top::best;
use crate::vector::{Sum, centred, dot, normalise, usable};
use crate::{CANDIDATES, Parameters};

/// Products ranked at once.
const BLOCK: usize = 64;

/// An opinion with what it borrows.
pub(super) struct Owned {
    /// Index of the product.
    pub(super) product: usize,
    pub(super) given: usize,
    pub(super) probabilities: Vec<(usize, f32)>,
}

/// Confirmed products with a centred vector: index of the product, position of the category, vector.
pub(super) type Confirmed = Vec<(usize, usize, Vec<f32>)>;

/// The confirmed products that have a vector, centred by language.
pub(super) fn confirmed(input: &LintInput<'_>) -> Confirmed {
    let mut rows: Confirmed = Vec::new();
    for (at, product) in input.products.iter().enumerate() {
        let Some(category) = product.confirmed.and_then(|id| input.leaf(id)) else { continue };
        let dimensions = rows.first().map(|(.., vector)| vector.len());
        let fits = |vector: &&[f32]| usable(vector) && dimensions.is_none_or(|length| length == vector.len());
        let Some(vector) = product.vector.filter(fits) else { continue };
        let mut unit = vector.to_vec();
        if normalise(&mut unit) {
            rows.push((at, category, unit));
        }
    }
    let mut means = crate::ProductMeans::new();
    for (at, _, vector) in &rows {
        means.add(input.products[*at].language, vector);
    }
    let nowhere = vec![0.0; means.dimensions().unwrap_or(0)];
    let shrink = Parameters::default().centre_shrink;
    for (at, _, vector) in &mut rows {
        *vector = centred(vector, &means.centre(input.products[*at].language, &nowhere, shrink));
    }
    rows.retain(|(.., vector)| usable(vector));
    rows
}

/// Ranks each confirmed product by the categories' means without it. A category's description weighs as much in its mean
/// as in the classifier.
pub(super) fn opinions(input: &LintInput<'_>, confirmed: &Confirmed) -> Vec<Owned> {
    let Some(dimensions) = confirmed.first().map(|(.., vector)| vector.len()) else { return Vec::new() };
    let Parameters { prior_weight, .. } = Parameters::default();
    let leaves = input.targets.categories();
    let slots: HashMap<usize, usize> = leaves.iter().enumerate().map(|(slot, &leaf)| (leaf, slot)).collect();
    let priors = descriptions(input, dimensions);
    let mut sums: BTreeMap<usize, Sum> = BTreeMap::new();
    for (_, category, vector) in confirmed {
        let slot = slots[category];
        let with_prior = || {
            let mut sum = Sum::new(dimensions);
            sum.add(&priors[slot], prior_weight);
            sum
        };
        sums.entry(slot).or_insert_with(with_prior).add(vector, 1.0);
    }
    let rows: Vec<Vec<f32>> = priors
        .iter()
        .enumerate()
        .map(|(slot, prior)| sums.get(&slot).map_or_else(|| prior.clone(), Sum::normalised))
        .collect();
    let silent: Vec<usize> = (0..rows.len()).filter(|&slot| !usable(&rows[slot])).collect();
    let packed = Packed::new(&rows, dimensions);
    let rank = |block: &[(usize, usize, Vec<f32>)]| {
        let vectors: Vec<f32> = block.iter().flat_map(|(.., vector)| vector).copied().collect();
        let mut scores = vec![0.0; block.len() * packed.stride()];
        packed.multiply(&vectors, &mut scores);
        let rows = scores.chunks_mut(packed.stride()).zip(block);
        rows.map(|(scores, (product, given, vector))| {
            let scores = &mut scores[..leaves.len()];
            silent.iter().for_each(|&slot| scores[slot] = f32::NAN);
            let slot = slots[given];
            let mut without = sums[&slot].clone();
            without.add(vector, -1.0);
            scores[slot] = dot(&without.normalised(), vector);
            let probabilities = probabilities(scores).into_iter();
            let probabilities =
                probabilities.map(|(slot, probability)| (leaves[slot], probability)).collect();
            Owned { product: *product, given: *given, probabilities }
        })
        .collect::<Vec<_>>()
    };
    confirmed.par_chunks(BLOCK).flat_map_iter(rank).collect()
}

/// The centred mean of each leaf's texts; zero where there is none.
fn descriptions(input: &LintInput<'_>, dimensions: usize) -> Vec<Vec<f32>> {
    let mean = |&leaf: &usize| {
        let mut sum = Sum::new(dimensions);
        for language in input.targets.languages() {
            for text in input.targets.texts_of(leaf, language) {
                let vector = input.vectors.and_then(|vectors| vectors.get(&text));
                if let Some(vector) = vector.filter(|vector| vector.len() == dimensions) {
                    let mut unit = vector.clone();
                    normalise(&mut unit);
                    sum.add(&unit, 1.0);
                }
            }
        }
        sum.normalised()
    };
    let means: Vec<Vec<f32>> = input.targets.categories().iter().map(mean).collect();
    let mut sum = Sum::new(dimensions);
    let described: Vec<&Vec<f32>> = means.iter().filter(|mean| usable(mean)).collect();
    described.iter().for_each(|mean| sum.add(mean, 1.0));
    let centre = sum.scaled(1.0 / described.len().max(1) as f64);
    means.iter().map(|mean| if usable(mean) { centred(mean, &centre) } else { mean.clone() }).collect()
}

/// The temperature of the softmax: with it the mean probability was nearest to the accuracy over the catalogues measured.
const TEMPERATURE: f64 = 0.06;

/// The best few by the softmax over all.
fn probabilities(scores: &[f32]) -> Vec<(usize, f32)> {
    let kept = best(scores, CANDIDATES);
    let Some(&first) = kept.first() else { return Vec::new() };
    let weight = |score: f32| (f64::from(score - scores[first]) / TEMPERATURE).exp();
    let all: f64 = scores.iter().filter(|score| !score.is_nan()).map(|&score| weight(score)).sum();
    kept.into_iter().map(|slot| (slot, (weight(scores[slot]) / all) as f32)).collect()
}
