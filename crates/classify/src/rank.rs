//! Products against all categories: one matrix product a block and the words' weights, the best five kept.

use std::collections::BTreeMap;

use berika_catalog::{CategoryId, Language};
use rayon::prelude::*;
use serde::{Deserialize, Serialize};

use crate::belonging::outside;
use crate::learnt::{evidence, silent};
use crate::matrix::Packed;
use crate::product::Product;
use crate::space::Space;
use crate::stack::COMPARED;
use crate::top::best;
use crate::trained::{probabilities, shares, spread};
use crate::vector::usable;
use crate::{CANDIDATES, Classifier};

/// Products ranked at once by one thread: enough that the weights of a common piece of a word are fetched once for several.
const BLOCK: usize = 128;

/// How sure an ancestor must be to be offered where the leaf is not.
const SURE: f32 = 0.9;

/// How sure it must be that a product is like those that were decided to be none of ours.
const OUTSIDE: f32 = 0.5;

/// A product as the classifier sees it.
#[derive(Debug, Clone, Copy, Default)]
pub struct Query<'a> {
    /// The vector of the product's text; `None` where it has no text.
    pub vector: Option<&'a [f32]>,
    /// The product's text; empty where it has none.
    pub text: &'a str,
    /// The product's language, where known.
    pub language: Option<&'a Language>,
    /// The supplier.
    pub supplier: Option<&'a str>,
    /// The supplier's category path, root first; empty where there is none.
    pub supplier_category: &'a [String],
}

/// The best categories of one product.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Ranking {
    /// At most [`CANDIDATES`](crate::CANDIDATES), best first; equal scores in order of the taxonomy. Empty where the
    /// product has no usable vector.
    pub candidates: Vec<Candidate>,
    /// The probability that the first candidate is right, calibrated on decisions where there are enough.
    pub confidence: f32,
    /// The deepest category above the first candidate that is sure while the candidate itself is not.
    pub parent: Option<Ancestor>,
    /// That the product belongs to none of the categories, and how sure that is; `None` where nothing says so. Either
    /// it is farther from the catalogue's products than what belongs is, or decisions on its like were "none of ours".
    pub outside: Option<f32>,
}

/// A category above the candidates, with the probability that the product belongs below it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Ancestor {
    /// The category.
    pub id: CategoryId,
    /// The sum over the categories below it.
    pub confidence: f32,
}

/// One category offered.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Candidate {
    /// Position in the taxonomy.
    pub category: usize,
    /// The category's id.
    pub id: CategoryId,
    /// The probability that it is right; those of all categories sum up to at most one.
    pub probability: f32,
    /// The weighted sum of the parts, by which candidates are ordered. It has no unit.
    pub score: f32,
    /// What the score is made of.
    pub parts: Parts,
}

/// What a score is made of: the evidence itself, before it is weighted.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Parts {
    /// Cosine of the centred product and the centred description, -1..=1.
    pub description: f32,
    /// Cosine of the pieces of words of the product and of the category's texts, -1..=1.
    pub words: f32,
    /// The output of the machine that decisions taught: 1 for an example, 0 for a counter-example. 0 before it was
    /// taught.
    pub learnt: f32,
    /// Cosine of the centred product and the description with the confirmed products blended in, -1..=1.
    pub blended: f32,
    /// Confirmed products that were learnt from.
    pub confirmed: u32,
    /// What decisions on the supplier's own category say for it, 0 for nothing.
    pub supplier_vote: f32,
}

/// Why products could not be ranked.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error(
    "the vector of product {row} (counted from 0) has {found} numbers instead of {expected}; embed it with the classifier's model"
)]
pub struct RankError {
    /// Index of the product.
    pub row: usize,
    /// Its vector's length.
    pub found: usize,
    /// The classifier's.
    pub expected: usize,
}

/// What all products of one space are compared with: computed once, with the classifier.
#[derive(Debug)]
pub(crate) struct Combined {
    /// The evidence on vectors with its weights, added up.
    vectors: Packed,
    /// What each slot's count adds.
    counts: Vec<f32>,
    silent: Vec<usize>,
}

impl Classifier {
    /// Ranks all `queries`, in their order. A product's ranking depends on that product alone: it is the same bit
    /// for bit in any batch and on any number of threads. Memory does not grow with products × categories.
    ///
    /// A vector that is zero or holds a value that is no number counts as none.
    ///
    /// # Errors
    /// [`RankError`] if a vector is of another length than the classifier's.
    pub fn rank(&self, queries: &[Query<'_>]) -> Result<Vec<Ranking>, RankError> {
        let wrong = |q: &Query<'_>| q.vector.is_some_and(|vector| vector.len() != self.dimensions);
        if let Some(row) = queries.iter().position(wrong) {
            let found = queries[row].vector.map_or(0, <[f32]>::len);
            return Err(RankError { row, found, expected: self.dimensions });
        }
        let mut by_space: BTreeMap<usize, Vec<usize>> = BTreeMap::new();
        for (row, query) in queries.iter().enumerate() {
            if query.vector.is_some_and(usable) {
                by_space.entry(self.space(query.language)).or_default().push(row);
            }
        }
        let blocks: Vec<(&Combined, &[usize])> = by_space
            .iter()
            .flat_map(|(space, rows)| rows.chunks(BLOCK).map(|block| (&self.combined[*space], block)))
            .collect();
        let ranked: Vec<Vec<Ranking>> =
            blocks.par_iter().map(|(combined, block)| self.rank_block(combined, block, queries)).collect();
        let mut rankings = vec![Ranking::default(); queries.len()];
        for ((_, rows), block) in blocks.iter().zip(ranked) {
            for (&row, ranking) in rows.iter().zip(block) {
                rankings[row] = ranking;
            }
        }
        Ok(rankings)
    }

    /// What products of one space are compared with.
    pub(crate) fn combine(&self, space: usize) -> Combined {
        let [description, _, learnt, blended, count, _] = self.trained.weights.0;
        let described: &Space = &self.spaces[space];
        let slots = self.counted.confirmed.len();
        let rows: Vec<Vec<f32>> = (0..slots)
            .into_par_iter()
            .map(|slot| {
                let mut row = vec![0.0_f64; self.dimensions];
                let mut add = |weight: f64, vector: &[f32]| {
                    row.iter_mut().zip(vector).for_each(|(sum, &x)| *sum += weight * f64::from(x));
                };
                add(description, described.vectors.get(slot).map_or(&[], Vec::as_slice));
                add(blended, self.counted.blended(&self.spaces, space, slot));
                if let Some(machine) = &self.trained.machine {
                    add(learnt, &machine.dense[slot]);
                }
                row.into_iter().map(|x| x as f32).collect()
            })
            .collect();
        Combined {
            vectors: Packed::new(&rows, self.dimensions),
            counts: (0..slots).map(|slot| count as f32 * self.counted.count(slot)).collect(),
            silent: silent(described, &self.counted),
        }
    }

    /// Ranks products of one space.
    fn rank_block(&self, combined: &Combined, rows: &[usize], queries: &[Query<'_>]) -> Vec<Ranking> {
        let products: Vec<Product> = rows.iter().map(|&row| self.product(&queries[row])).collect();
        let vectors: Vec<f32> = products.iter().flat_map(|product| product.vector.iter().copied()).collect();
        let stride = combined.vectors.stride();
        let mut scores = vec![0.0; rows.len() * stride];
        combined.vectors.multiply(&vectors, &mut scores);
        drop(vectors);
        self.add_words(&products, stride, &mut scores);
        let slots = self.counted.confirmed.len();
        let scores = scores.chunks_exact_mut(stride);
        products
            .iter()
            .zip(scores)
            .map(|(product, scores)| self.rank_one(combined, product, &mut scores[..slots]))
            .collect()
    }

    /// Adds what the machine says of words, place by place: each place's weights are fetched once for all products of the
    /// block. A product's sums run in the order of places, whatever products stand beside it.
    fn add_words(&self, products: &[Product], stride: usize, scores: &mut [f32]) {
        let Some(machine) = &self.trained.machine else { return };
        let slots = machine.stride();
        let weight = self.trained.weights.0[2] as f32;
        let mut entries: Vec<(u16, u16, f32)> = products
            .iter()
            .enumerate()
            .flat_map(|(row, product)| {
                product.sketch.entries.iter().map(move |&(place, x)| (place, row as u16, x))
            })
            .collect();
        entries.sort_unstable_by_key(|&(place, row, _)| (place, row));
        for (place, row, x) in entries {
            let x = weight * x;
            let weights = &machine.lexical[usize::from(place) * slots..][..slots];
            let row = &mut scores[usize::from(row) * stride..][..slots];
            for (score, w) in row.iter_mut().zip(weights) {
                *score += x * w;
            }
        }
    }

    fn rank_one(&self, combined: &Combined, product: &Product, scores: &mut [f32]) -> Ranking {
        let weights = &self.trained.weights;
        if let Some(machine) = &self.trained.machine {
            let weight = weights.0[2] as f32;
            scores
                .iter_mut()
                .zip(&machine.constant)
                .for_each(|(score, constant)| *score += weight * constant);
        }
        self.spaces[product.space].add_pieces(&product.sketch, weights.0[1] as f32, scores);
        scores.iter_mut().zip(&combined.counts).for_each(|(score, count)| *score += count);
        for (slot, vote) in self.counted.votes(product) {
            scores[slot] += weights.0[5] as f32 * vote;
        }
        for &slot in &combined.silent {
            scores[slot] = f32::NAN;
        }
        let kept = best(scores, COMPARED);
        let top: Vec<f32> = kept.iter().map(|&slot| scores[slot]).collect();
        let shares: Vec<_> = shares(&top).into_iter().map(|(place, share)| (kept[place], share)).collect();
        self.ranking(product, scores, &shares)
    }

    /// The ranking of slots with their shares of the softmax, best first. "None of ours" is a slot beyond the categories.
    fn ranking(&self, product: &Product, scores: &[f32], shares: &[(usize, f64)]) -> Ranking {
        let calibration = &self.trained.calibration;
        let ranked = probabilities(shares, calibration);
        let categories = self.targets.categories().len();
        let candidates: Vec<Candidate> = ranked
            .iter()
            .filter(|(slot, _)| *slot < categories)
            .take(CANDIDATES)
            .map(|&(slot, probability)| Candidate {
                category: self.targets.categories()[slot],
                id: self.targets.id(slot).clone(),
                probability,
                score: scores[slot],
                parts: self.parts(product, slot),
            })
            .collect();
        let none = ranked.iter().find(|(slot, _)| *slot == categories).map_or(0.0, |(_, share)| *share);
        let confidence = candidates.first().map_or(0.0, |candidate| candidate.probability);
        let parent = if confidence < SURE { self.parent(&spread(shares, calibration)) } else { None };
        let taught = (none >= OUTSIDE).then_some(none);
        let best = candidates.first().map(|candidate| candidate.score);
        let far = best.and_then(|score| outside(&self.trained.belonging, product, score));
        let outside = match (taught, far) {
            (Some(taught), Some(far)) => Some(taught.max(far)),
            (taught, far) => taught.or(far),
        };
        Ranking { candidates, confidence, parent, outside }
    }

    fn parts(&self, product: &Product, slot: usize) -> Parts {
        let machine = self.trained.machine.as_ref();
        let [description, words, learnt, blended, _, supplier_vote] =
            evidence(&self.spaces, machine, &self.counted, product, slot);
        Parts { description, words, learnt, blended, confirmed: self.counted.confirmed[slot], supplier_vote }
    }

    /// The deepest ancestor of the first category that is sure.
    fn parent(&self, ranked: &[(usize, f32)]) -> Option<Ancestor> {
        let taxonomy = self.targets.taxonomy();
        let position = |slot: usize| self.targets.categories().get(slot).copied();
        let mut at = position(ranked.first()?.0)?;
        while let Some(above) = taxonomy.parent(at) {
            let below = |slot: usize| position(slot).is_some_and(|at| taxonomy.path(at).contains(&above));
            let confidence: f32 =
                ranked.iter().filter(|(slot, _)| below(*slot)).map(|(_, share)| share).sum();
            if confidence >= SURE {
                let id = taxonomy.categories()[above].id.clone();
                return Some(Ancestor { id, confidence: confidence.min(1.0) });
            }
            at = above;
        }
        None
    }
}
