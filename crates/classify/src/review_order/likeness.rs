//! How much alike products are, by vector and by words.

use rayon::prelude::*;

use super::words::Words;
use crate::matrix::Packed;
use crate::vector::{Sum, centred, usable};

/// How many products the centre of nothing weighs as much as: few products move it little.
const CENTRE_SHRINK: f64 = 20.0;

/// Rows that one thread computes at once.
const BLOCK: usize = 64;

/// A product as it is compared.
#[derive(Debug, Clone, Copy)]
pub(super) struct Text<'a> {
    pub(super) words: &'a str,
    pub(super) vector: Option<&'a [f32]>,
}

/// The likeness of each pair of a list of products, 0..=1.
pub(super) struct Likeness {
    count: usize,
    matrix: Vec<f32>,
    words: Words,
    packed: Packed,
    centre: Vec<f32>,
}

impl Likeness {
    /// Compares each with each.
    pub(super) fn of(products: &[Text<'_>]) -> Self {
        let vector = |product: &Text<'_>| product.vector.filter(|vector| usable(vector)).map(<[f32]>::len);
        let dimensions = products.iter().find_map(vector).unwrap_or_default();
        let mut sum = Sum::new(dimensions);
        let mut counted = 0_u32;
        for product in products {
            if let Some(vector) = product.vector.filter(|v| v.len() == dimensions && usable(v)) {
                sum.add(vector, 1.0);
                counted += 1;
            }
        }
        let centre = sum.scaled(1.0 / (f64::from(counted) + CENTRE_SHRINK));
        let rows: Vec<Vec<f32>> = products.iter().map(|product| direction(product, &centre)).collect();
        let words = Words::of(products.iter().map(|product| product.words));
        let packed = Packed::new(&rows, dimensions);
        let mut likeness = Self { count: products.len(), matrix: Vec::new(), words, packed, centre };
        let mut matrix = vec![0.0; products.len() * products.len()];
        let blocks = matrix.par_chunks_mut((BLOCK * products.len()).max(1)).zip(products.par_chunks(BLOCK));
        blocks.for_each(|(out, block)| likeness.compare(block, out));
        likeness.matrix = matrix;
        likeness
    }

    /// How much each product of the list is like product `at`.
    pub(super) fn row(&self, at: usize) -> &[f32] {
        &self.matrix[at * self.count..(at + 1) * self.count]
    }

    /// How much each product of the list is like the nearest of `others`; zero where there are none.
    pub(super) fn nearest_of(&self, others: &[Text<'_>]) -> Vec<f32> {
        let none = || vec![0.0_f32; self.count];
        let larger = |mut left: Vec<f32>, right: &[f32]| {
            for (left, &right) in left.iter_mut().zip(right) {
                *left = left.max(right);
            }
            left
        };
        if self.count == 0 {
            return Vec::new();
        }
        others
            .par_chunks(BLOCK)
            .fold(none, |nearest, block| {
                let mut rows = vec![0.0; block.len() * self.count];
                self.compare(block, &mut rows);
                rows.chunks_exact(self.count).fold(nearest, larger)
            })
            .reduce(none, |left, right| larger(left, &right))
    }

    /// Writes the likeness of each of `products` with the list, a row a product.
    fn compare(&self, products: &[Text<'_>], out: &mut [f32]) {
        let queries: Vec<f32> =
            products.iter().flat_map(|product| direction(product, &self.centre)).collect();
        let stride = self.packed.stride();
        let mut scores = vec![0.0; products.len() * stride];
        self.packed.multiply(&queries, &mut scores);
        let rows = out.chunks_exact_mut(self.count).zip(scores.chunks_exact(stride));
        for (product, (out, scores)) in products.iter().zip(rows) {
            out.fill(0.0);
            self.words.add_likeness(product.words, 0.5, out);
            for (like, &cosine) in out.iter_mut().zip(scores) {
                *like = (*like + 0.5 * cosine).clamp(0.0, 1.0);
            }
        }
    }
}

/// The centred vector, one long; zero where there is none.
fn direction(product: &Text<'_>, centre: &[f32]) -> Vec<f32> {
    match product.vector.filter(|vector| vector.len() == centre.len() && usable(vector)) {
        Some(vector) => centred(vector, centre),
        None => vec![0.0; centre.len()],
    }
}
