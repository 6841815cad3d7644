//! Products against all categories: one matrix product a block, the best five kept.

use std::collections::BTreeMap;

use berika_catalog::{CategoryId, Language};
use rayon::prelude::*;
use serde::{Deserialize, Serialize};

use crate::space::Space;
use crate::top::best;
use crate::vector::{centred, dot, usable};
use crate::{CANDIDATES, Classifier};

/// Products ranked at once by one thread; their scores stay in the cache.
const BLOCK: usize = 64;

/// A product as the classifier sees it.
#[derive(Debug, Clone, Copy, Default)]
pub struct Query<'a> {
    /// The vector of the product's text; `None` where it has no text.
    pub vector: Option<&'a [f32]>,
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
    /// How sure the first candidate is, in 0..=1: a softmax over the scores of all categories. **Uncalibrated**: it
    /// orders products, but 0.9 does not mean that nine of ten are right.
    pub confidence: f32,
}

/// One category offered.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Candidate {
    /// Position in the taxonomy.
    pub category: usize,
    /// The category's id.
    pub id: CategoryId,
    /// The whole score: [`Parts::blended`] and [`Parts::supplier_vote`] together.
    pub score: f32,
    /// What the score is made of.
    pub parts: Parts,
}

/// What a score is made of.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Parts {
    /// Cosine of the centred product and the centred description, -1..=1.
    pub description: f32,
    /// Cosine of the centred product and the description with the confirmed products blended in, -1..=1.
    pub blended: f32,
    /// Confirmed products that were blended in. The description weighs as much as
    /// [`prior_weight`](crate::Parameters::prior_weight) of them.
    pub confirmed: u32,
    /// What the supplier's own category added, 0..=[`vote_weight`](crate::Parameters::vote_weight).
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
        let mut by_language: BTreeMap<Option<&Language>, Vec<usize>> = BTreeMap::new();
        for (row, query) in queries.iter().enumerate() {
            if query.vector.is_some_and(usable) {
                by_language.entry(query.language.filter(|l| self.knows(l))).or_default().push(row);
            }
        }
        let blocks: Vec<(Option<&Language>, &[usize])> = by_language
            .iter()
            .flat_map(|(language, rows)| rows.chunks(BLOCK).map(|block| (*language, block)))
            .collect();
        let ranked: Vec<Vec<Ranking>> =
            blocks.par_iter().map(|(language, block)| self.rank_block(*language, block, queries)).collect();
        let mut rankings = vec![Ranking::default(); queries.len()];
        for ((_, rows), block) in blocks.iter().zip(ranked) {
            for (&row, ranking) in rows.iter().zip(block) {
                rankings[row] = ranking;
            }
        }
        Ok(rankings)
    }

    /// Ranks products of one language.
    fn rank_block(&self, language: Option<&Language>, rows: &[usize], queries: &[Query<'_>]) -> Vec<Ranking> {
        let (space, centre) = (self.space(language), self.centre(language));
        let mut products = Vec::with_capacity(rows.len() * self.dimensions);
        for &row in rows {
            products.extend(centred(queries[row].vector.unwrap_or_default(), centre));
        }
        let stride = space.blended.stride();
        let mut scores = vec![0.0; rows.len() * stride];
        space.blended.multiply(&products, &mut scores);
        let products = products.chunks_exact(self.dimensions);
        rows.iter()
            .zip(products.zip(scores.chunks_exact_mut(stride)))
            .map(|(&row, (product, scores))| {
                let scores = &mut scores[..self.targets.categories().len()];
                self.rank_one(space, product, scores, &queries[row])
            })
            .collect()
    }

    fn rank_one(&self, space: &Space, product: &[f32], scores: &mut [f32], query: &Query<'_>) -> Ranking {
        for &slot in &space.silent {
            scores[slot] = f32::NAN;
        }
        let votes = self.votes.of(query.supplier, query.supplier_category, &self.parameters);
        for &(slot, bonus) in &votes {
            scores[slot] += bonus;
        }
        let kept = best(scores, CANDIDATES);
        let candidates: Vec<Candidate> = kept
            .iter()
            .map(|&slot| {
                let vote = votes.iter().find(|(voted, _)| *voted == slot).map_or(0.0, |(_, bonus)| *bonus);
                let blended = dot(product, &space.blended.row(slot));
                let description = space.described.get(&slot).map_or(blended, |vector| dot(product, vector));
                Candidate {
                    category: self.targets.categories()[slot],
                    id: self.targets.id(slot).clone(),
                    score: scores[slot],
                    parts: Parts {
                        description,
                        blended,
                        confirmed: self.confirmed[slot],
                        supplier_vote: vote,
                    },
                }
            })
            .collect();
        let confidence = candidates.first().map_or(0.0, |first| self.confidence(first.score, scores));
        Ranking { candidates, confidence }
    }

    /// The softmax of the best score among all.
    fn confidence(&self, top: f32, scores: &[f32]) -> f32 {
        let temperature = (self.parameters.temperature as f32).max(1e-3);
        let sum: f32 =
            scores.iter().filter(|s| !s.is_nan()).map(|score| ((score - top) / temperature).exp()).sum();
        (1.0 / sum).clamp(0.0, 1.0)
    }
}
