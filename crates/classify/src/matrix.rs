//! The matrix product of products and categories, written so that one element's sum runs in the same order whatever
//! block it is in: a product scores the same bit for bit alone and in any batch, on any number of threads.
//!
//! Multiplication and addition stay apart (no fused multiply-add), so machines agree too. Categories are packed into
//! panels of [`WIDTH`] columns that the compiler turns into vector instructions.

/// Categories in a panel.
const WIDTH: usize = 16;
/// Products multiplied with a panel at once.
const HEIGHT: usize = 4;

/// Category vectors packed into panels: panel by panel, dimension by dimension, [`WIDTH`] categories side by side.
#[derive(Debug)]
pub(crate) struct Packed {
    categories: usize,
    dimensions: usize,
    panels: Vec<f32>,
}

impl Packed {
    /// Packs `rows`, each `dimensions` long.
    pub(crate) fn new(rows: &[Vec<f32>], dimensions: usize) -> Self {
        let mut panels = vec![0.0; rows.len().div_ceil(WIDTH) * WIDTH * dimensions];
        for (index, row) in rows.iter().enumerate() {
            let panel = index / WIDTH * WIDTH * dimensions;
            for (k, &x) in row.iter().enumerate() {
                panels[panel + k * WIDTH + index % WIDTH] = x;
            }
        }
        Self { categories: rows.len(), dimensions, panels }
    }

    /// Columns of a row of scores: the categories, padded to whole panels. What is padded scores zero.
    pub(crate) fn stride(&self) -> usize {
        self.categories.div_ceil(WIDTH) * WIDTH
    }

    /// Writes the scalar products of `queries` (n × dimensions) with all categories to `scores` (n × stride).
    pub(crate) fn multiply(&self, queries: &[f32], scores: &mut [f32]) {
        let (dimensions, stride) = (self.dimensions, self.stride());
        if dimensions == 0 || stride == 0 {
            scores.fill(0.0);
            return;
        }
        for (at, panel) in self.panels.chunks_exact(WIDTH * dimensions).enumerate() {
            let blocks = queries.chunks(HEIGHT * dimensions).zip(scores.chunks_mut(HEIGHT * stride));
            for (block, out) in blocks {
                if block.len() == HEIGHT * dimensions {
                    let rows: [&[f32]; HEIGHT] =
                        std::array::from_fn(|m| &block[m * dimensions..(m + 1) * dimensions]);
                    for (sums, out) in panel_products(rows, panel).iter().zip(out.chunks_exact_mut(stride)) {
                        out[at * WIDTH..(at + 1) * WIDTH].copy_from_slice(sums);
                    }
                } else {
                    for (row, out) in block.chunks_exact(dimensions).zip(out.chunks_exact_mut(stride)) {
                        out[at * WIDTH..(at + 1) * WIDTH].copy_from_slice(&panel_products([row], panel)[0]);
                    }
                }
            }
        }
    }
}

/// `N` products with one panel. Each sum runs over the dimensions from first to last.
fn panel_products<const N: usize>(rows: [&[f32]; N], panel: &[f32]) -> [[f32; WIDTH]; N] {
    let mut sums = [[0.0_f32; WIDTH]; N];
    let (columns, _) = panel.as_chunks::<WIDTH>();
    let rows = rows.map(|row| &row[..columns.len()]);
    for (k, column) in columns.iter().enumerate() {
        for (sums, row) in sums.iter_mut().zip(&rows) {
            let x = row[k];
            for (sum, &y) in sums.iter_mut().zip(column) {
                *sum += x * y;
            }
        }
    }
    sums
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn every_element_is_the_plain_scalar_product_bit_for_bit(
            (queries, categories) in (1_usize..9).prop_flat_map(|dimensions| {
                let vector = prop::collection::vec(-1.0_f32..1.0, dimensions);
                (prop::collection::vec(vector.clone(), 0..11), prop::collection::vec(vector, 0..40))
            })
        ) {
            let dimensions = queries.iter().chain(&categories).map(Vec::len).max().unwrap_or(1);
            let packed = Packed::new(&categories, dimensions);
            let mut scores = vec![f32::NAN; queries.len() * packed.stride()];
            packed.multiply(&queries.concat(), &mut scores);
            for (q, query) in queries.iter().enumerate() {
                for (c, category) in categories.iter().enumerate() {
                    let mut plain = 0.0;
                    for k in 0..dimensions {
                        plain += query[k] * category[k];
                    }
                    prop_assert_eq!(scores[q * packed.stride() + c].to_bits(), plain.to_bits());
                }
            }
        }
    }
}
