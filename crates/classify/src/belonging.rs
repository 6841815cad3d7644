//! Whether a product belongs to the catalogue's kinds of goods at all.
//!
//! Every product can be ranked, so a ranking alone cannot say that the right category is not among those ranked. What can
//! is how far a product stands from the products that belong. Two numbers tell: its **distance** from the middle of its
//! language's products, and the **score** of its best category.
//!
//! - **With few decisions** the distance is measured alike in all directions, in units of what is usual in the catalogue
//!   (the root mean square, which follows from the mean of unit vectors alone). Farther than [`FAR`] is outside.
//! - **With decisions** on [`LEAST`] products of the language that belong, the distance is that of Mahalanobis ("On the
//!   generalised distance in statistics", 1936): directions in which what belongs differs count little, those in which it
//!   does not count much. The second moments are those of the decisions, drawn towards a ball as if [`BALL`] products
//!   said so. The distance less the best score, each in standard deviations, is compared with the same number of each
//!   decision, found without it and its look-alikes: a product is outside if fewer than [`REJECTED`] of what belongs are
//!   as far. That is split-conformal prediction (Vovk, Gammerman and Shafer, "Algorithmic learning in a random world",
//!   2005), but for the shape, which is learnt anew from all: of products drawn as the decisions were, about that share is
//!   wrongly outside.
//!
//! Languages are judged apart, and a language that the catalogue has hardly any products of is not judged: what is strange
//! there is the language.

use rayon::prelude::*;
use serde::{Deserialize, Serialize};

use crate::product::Product;
use crate::vector::quick_dot;

/// How many times farther than usual is outside while there are few decisions: of nine catalogues measured
/// nothing that belongs stands beyond it, and at most one in 200 beyond 1.23.
const FAR: f32 = 1.25;
/// How sure that is.
const FAR_SURE: f32 = 0.99;
/// The share of what belongs that may be taken for outside.
const REJECTED: f64 = 0.01;
/// The fewest decisions of a language that say how far is far: with fewer, one in a hundred is no decision.
pub(crate) const LEAST: usize = 100;
/// How many products' worth a ball counts.
const BALL: f64 = 300.0;

/// A decision for one of the categories.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Example<'a> {
    pub(crate) product: &'a Product,
    /// The part that it is held out with.
    pub(crate) fold: usize,
    /// The score of its best category, without knowing it.
    pub(crate) score: f32,
}

/// How far what belongs is, in one language.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Belonging {
    pub(crate) known: Known,
    /// The inverse of the second moments' Cholesky factor, row after row up to the diagonal.
    pub(crate) shape: Vec<f32>,
}

/// What is known of a language besides the shape.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(crate) struct Known {
    /// The index of the language's centre.
    pub(crate) centre: usize,
    /// Mean and standard deviation of distances,
    #[serde(with = "crate::bits")]
    distances: [f64; 2],
    /// and of scores.
    #[serde(with = "crate::bits")]
    scores: [f64; 2],
    /// Decisions measured.
    decisions: usize,
    /// The farthest of them, farthest first; the last is what a product has to exceed.
    #[serde(with = "crate::bits::list")]
    farthest: Vec<f64>,
}

impl Belonging {
    /// What decisions of one language show; `None` where they are fewer than [`LEAST`] or all on one side of a fold.
    pub(crate) fn fit(centre: usize, folds: usize, examples: &[Example<'_>]) -> Option<Self> {
        let offsets: Vec<Vec<f32>> = examples.iter().filter_map(|e| offset(e.product)).collect();
        if offsets.len() < LEAST || offsets.len() != examples.len() {
            return None;
        }
        let dimensions = offsets[0].len();
        let sums: Vec<(usize, Vec<f64>)> = (0..folds)
            .into_par_iter()
            .map(|fold| {
                let held = || examples.iter().zip(&offsets).filter(|(e, _)| e.fold == fold);
                (held().count(), squares(dimensions, held().map(|(_, offset)| offset.as_slice())))
            })
            .collect();
        // The last is of all.
        let shapes: Vec<Vec<f32>> = (0..=folds)
            .into_par_iter()
            .map(|held| {
                let kept = || sums.iter().enumerate().filter(|(fold, _)| *fold != held);
                let count = kept().map(|(_, (count, _))| count).sum();
                shape(dimensions, count, kept().map(|(_, (_, sum))| sum.as_slice()))
            })
            .collect::<Option<_>>()?;
        let distances: Vec<f64> = examples
            .par_iter()
            .zip(&offsets)
            .map(|(example, offset)| distance(&shapes[example.fold], offset))
            .collect();
        let scores: Vec<f64> = examples.iter().map(|e| f64::from(e.score)).collect();
        let mut known = Known {
            centre,
            distances: usual(&distances),
            scores: usual(&scores),
            decisions: examples.len(),
            farthest: Vec::new(),
        };
        let mut far: Vec<f64> = distances.iter().zip(&scores).map(|(&d, &s)| known.far(d, s)).collect();
        far.sort_by(|a, b| b.total_cmp(a));
        far.truncate((REJECTED * (examples.len() + 1) as f64) as usize);
        known.farthest = far;
        Some(Self { known, shape: shapes.into_iter().next_back()? })
    }

    /// Numbers in the shape of vectors of so many dimensions.
    pub(crate) fn shape_len(dimensions: usize) -> usize {
        dimensions * (dimensions + 1) / 2
    }

    fn outside(&self, offset: &[f32], score: f32) -> Option<f32> {
        let far = self.known.far(distance(&self.shape, offset), f64::from(score));
        // Written so that what is no number is not outside.
        if self.known.farthest.last().is_some_and(|&last| far > last) {
            let as_far = self.known.farthest.iter().filter(|&&other| other >= far).count();
            return Some((1.0 - (as_far + 1) as f64 / (self.known.decisions + 1) as f64) as f32);
        }
        None
    }
}

impl Known {
    /// How far it is, in standard deviations, the score taken off.
    fn far(&self, distance: f64, score: f64) -> f64 {
        let (distances, scores) = (self.distances, self.scores);
        (distance - distances[0]) / distances[1] - (score - scores[0]) / scores[1]
    }
}

/// How sure it is that a product is outside, where it is; `score` is that of its best category.
pub(crate) fn outside(languages: &[Belonging], product: &Product, score: f32) -> Option<f32> {
    let apart = product.apart?;
    match languages.iter().find(|language| language.known.centre == product.centre) {
        Some(language) if Belonging::shape_len(product.vector.len()) == language.shape.len() => {
            language.outside(&offset(product)?, score)
        }
        _ => (apart > FAR).then_some(FAR_SURE),
    }
}

/// From the middle of the catalogue to the product, in units of the usual distance.
fn offset(product: &Product) -> Option<Vec<f32>> {
    let apart = product.apart?;
    Some(product.vector.iter().map(|x| x * apart).collect())
}

/// The sum of outer products, row after row up to the diagonal.
fn squares<'a>(dimensions: usize, offsets: impl Iterator<Item = &'a [f32]>) -> Vec<f64> {
    let mut sum = vec![0.0; Belonging::shape_len(dimensions)];
    for offset in offsets {
        let mut rest = sum.as_mut_slice();
        for (row, &x) in offset.iter().enumerate() {
            let (cells, after) = rest.split_at_mut(row + 1);
            let x = f64::from(x);
            cells.iter_mut().zip(offset).for_each(|(cell, &y)| *cell += x * f64::from(y));
            rest = after;
        }
    }
    sum
}

/// The inverse of the Cholesky factor of the mean outer product times the dimensions, drawn towards the ball: a distance
/// is then about 1 where it is usual.
fn shape<'a>(dimensions: usize, count: usize, sums: impl Iterator<Item = &'a [f64]>) -> Option<Vec<f32>> {
    let mut matrix = vec![0.0; Belonging::shape_len(dimensions)];
    for sum in sums {
        matrix.iter_mut().zip(sum).for_each(|(cell, x)| *cell += x * dimensions as f64);
    }
    let at = |row: usize, column: usize| row * (row + 1) / 2 + column;
    for row in 0..dimensions {
        matrix[at(row, row)] += BALL;
    }
    let weight = count as f64 + BALL;
    matrix.iter_mut().for_each(|cell| *cell /= weight);
    // Cholesky, in place.
    for row in 0..dimensions {
        for column in 0..=row {
            let (left, right) = (&matrix[at(row, 0)..][..column], &matrix[at(column, 0)..][..column]);
            let known: f64 = left.iter().zip(right).map(|(a, b)| a * b).sum();
            let rest = matrix[at(row, column)] - known;
            matrix[at(row, column)] = if row == column {
                if !(rest.is_finite() && rest > 0.0) {
                    return None;
                }
                rest.sqrt()
            } else {
                rest / matrix[at(column, column)]
            };
        }
    }
    // Its inverse, row by row: row `r` follows from the rows above it.
    let mut inverse: Vec<f64> = Vec::with_capacity(matrix.len());
    for row in 0..dimensions {
        let mut cells = vec![0.0; row + 1];
        for above in 0..row {
            let factor = matrix[at(row, above)];
            let known = &inverse[at(above, 0)..][..above + 1];
            cells.iter_mut().zip(known).for_each(|(cell, x)| *cell -= factor * x);
        }
        cells[row] = 1.0;
        let diagonal = matrix[at(row, row)];
        inverse.extend(cells.into_iter().map(|cell| cell / diagonal));
    }
    Some(inverse.into_iter().map(|x| x as f32).collect())
}

/// How long an offset is, measured by a shape.
fn distance(shape: &[f32], offset: &[f32]) -> f64 {
    let mut rest = shape;
    let mut sum = 0.0;
    for length in 1..=offset.len() {
        let (row, after) = rest.split_at(length);
        sum += f64::from(quick_dot(row, &offset[..length])).powi(2);
        rest = after;
    }
    sum.sqrt()
}

/// Mean and standard deviation.
fn usual(numbers: &[f64]) -> [f64; 2] {
    let count = numbers.len() as f64;
    let mean = numbers.iter().sum::<f64>() / count;
    let variance = numbers.iter().map(|x| (x - mean).powi(2)).sum::<f64>() / count;
    [mean, variance.sqrt().max(1e-6)]
}

#[cfg(test)]
mod tests;
