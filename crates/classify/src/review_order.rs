//! The order in which products are best shown to a person: those first whose confirmation is expected to change most.
//!
//! Confirming product *x* settles what is like *x*. So its gain is the doubt that is near it and that nothing confirmed
//! is nearer to, summed over all products *y* that wait:
//!
//! ```text
//! gain(x) = Σ_y weight(y) · doubt(y) · max(0, likeness(x, y) − likeness of y to the nearest confirmed or chosen)
//! ```
//!
//! `weight` is the product's value times its look-alikes, `doubt` one minus the margin between its first two
//! candidates' probabilities, `likeness` the mean of the centred vectors' cosine and of the cosine of their words. The
//! order is the greedy one: each product is chosen as if those before it had been confirmed, so that any beginning of
//! it is a good batch, and products that say the same do not stand side by side. Sums of that kind (facility location)
//! are submodular, which makes greedy choice near the best (Nemhauser, Wolsey and Fisher 1978) and cheap (Minoux 1978).
//!
//! Early on, when every product is doubtful, this covers the catalogue (as TypiClust and ProbCover do, Hacohen et al.
//! and Yehuda et al. 2022); later it follows doubt. Both come from one rule: there is no number of decisions at which
//! a method is changed, and a category that nothing is confirmed in draws attention by itself, because its products
//! are near nothing confirmed. `berika bench review` measures what it is worth.

mod likeness;
mod words;

use std::cmp::Reverse;
use std::collections::BinaryHeap;

use rayon::prelude::*;

use crate::hash::fnv1a;

use likeness::{Likeness, Text};
pub use words::{Words, words_of};

/// Products that are compared with one another: of more, a sample stands for all.
pub const MOST_COMPARED: usize = 4_096;

/// What even a product without any doubt counts for: a person's look is never worth nothing.
const LEAST_DOUBT: f64 = 0.01;

/// A product that waits for a decision.
#[derive(Debug, Clone, Copy, Default)]
pub struct Waiting<'a> {
    /// A stable name of the product, such as `supplier/sku`.
    pub key: &'a str,
    /// What its words are taken from: brand and title, and the beginning of a description.
    pub text: &'a str,
    /// The vector of the product's text; `None` where it has none.
    pub vector: Option<&'a [f32]>,
    /// The probabilities of the first and the second candidate; zero where there is none.
    pub probabilities: [f32; 2],
    /// Value times the number of look-alikes that the decision also serves. Above zero; 1 where nothing is known.
    pub weight: f64,
}

/// A product that has been decided on.
#[derive(Debug, Clone, Copy, Default)]
pub struct Decided<'a> {
    /// As [`Waiting::text`].
    pub text: &'a str,
    /// As [`Waiting::vector`].
    pub vector: Option<&'a [f32]>,
}

/// A product's place in the order.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Turn {
    /// Which of the products that wait.
    pub row: usize,
    /// The expected gain when those before it are confirmed, in products' worth of doubt.
    pub gain: f64,
    /// One minus the margin between the first two candidates, 0..=1.
    pub doubt: f32,
}

impl Waiting<'_> {
    fn doubt(&self) -> f64 {
        let [first, second] = self.probabilities.map(|p| if p.is_finite() { f64::from(p) } else { 0.0 });
        (1.0 - (first - second)).clamp(LEAST_DOUBT, 1.0)
    }

    fn urgency(&self) -> f64 {
        let weight = if self.weight.is_finite() { self.weight.max(0.0) } else { 1.0 };
        weight * self.doubt()
    }
}

/// The first `limit` products to look at, best first. Products of one look-alike group should come as one, with its
/// size in the weight.
///
/// Does not depend on the order of `waiting` and `decided` but in ties, nor on the number of threads. Of more than
/// [`MOST_COMPARED`] products a sample by priority (Duffield, Lund and Thorup 2007), drawn by the hash of the keys,
/// stands for all: the more urgent a product, the surer it is in it. Takes a few seconds and 70 MB at most. A vector
/// that is zero, holds a value that is no number or is of another length than the first by key counts as none.
pub fn review_order(waiting: &[Waiting<'_>], decided: &[Decided<'_>], limit: usize) -> Vec<Turn> {
    let (rows, urgency) = sample(waiting);
    let texts: Vec<Text<'_>> =
        rows.iter().map(|&row| Text { words: waiting[row].text, vector: waiting[row].vector }).collect();
    let known: Vec<Text<'_>> =
        decided.iter().map(|known| Text { words: known.text, vector: known.vector }).collect();
    let likeness = Likeness::of(&texts);
    let mut covered = likeness.nearest_of(&known);
    let gain = |covered: &[f32], at: usize| -> f64 {
        let new =
            likeness.row(at).iter().zip(covered).map(|(&like, &known)| f64::from((like - known).max(0.0)));
        new.zip(&urgency).map(|(new, urgency)| new * urgency).sum()
    };
    let first: Vec<f64> = (0..rows.len()).into_par_iter().map(|at| gain(&covered, at)).collect();
    // Gains only ever fall, so whoever still leads after a fresh look leads truly.
    let mut heap: BinaryHeap<Place> =
        first.into_iter().enumerate().map(|(at, gain)| Place { gain, at: Reverse(at), chosen: 0 }).collect();
    let mut order = Vec::with_capacity(limit.min(rows.len()));
    while order.len() < limit
        && let Some(mut best) = heap.pop()
    {
        let at = best.at.0;
        if best.chosen < order.len() {
            (best.gain, best.chosen) = (gain(&covered, at), order.len());
            heap.push(best);
            continue;
        }
        let doubt = waiting[rows[at]].doubt() as f32;
        order.push(Turn { row: rows[at], gain: best.gain, doubt });
        for (known, &like) in covered.iter_mut().zip(likeness.row(at)) {
            *known = known.max(like);
        }
    }
    order
}

/// The rows that are compared, in the order of keys, and for how much urgency each of them stands.
fn sample(waiting: &[Waiting<'_>]) -> (Vec<usize>, Vec<f64>) {
    let mut rows: Vec<usize> = (0..waiting.len()).collect();
    let mut least = 0.0;
    if rows.len() > MOST_COMPARED {
        let priority: Vec<f64> =
            waiting.iter().map(|product| product.urgency() / uniform(product.key)).collect();
        rows.sort_by(|&a, &b| {
            priority[b].total_cmp(&priority[a]).then_with(|| waiting[a].key.cmp(waiting[b].key))
        });
        least = priority[rows[MOST_COMPARED]];
        rows.truncate(MOST_COMPARED);
    }
    rows.sort_by(|&a, &b| waiting[a].key.cmp(waiting[b].key).then(a.cmp(&b)));
    let urgency = rows.iter().map(|&row| waiting[row].urgency().max(least)).collect();
    (rows, urgency)
}

/// A number in 0..=1 without 0 that follows from the key alone: FNV-1a, mixed.
fn uniform(key: &str) -> f64 {
    let hash = fnv1a(key.bytes());
    let mixed = (hash ^ (hash >> 29)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    ((mixed >> 11) as f64 + 1.0) / (1_u64 << 53) as f64
}

/// A product in the queue of greedy choice: the largest gain first, of equal ones the first key.
#[derive(PartialEq)]
struct Place {
    gain: f64,
    at: Reverse<usize>,
    /// How many were chosen when the gain was computed.
    chosen: usize,
}

impl Eq for Place {}

impl Ord for Place {
    fn cmp(&self, other: &Self) -> std::cmp::Ordering {
        self.gain.total_cmp(&other.gain).then(self.at.cmp(&other.at))
    }
}

impl PartialOrd for Place {
    fn partial_cmp(&self, other: &Self) -> Option<std::cmp::Ordering> {
        Some(self.cmp(other))
    }
}

#[cfg(test)]
mod tests;
