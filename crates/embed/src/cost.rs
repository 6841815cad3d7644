//! What embedding texts comes to, counted from the model's sizes and not measured.

use crate::folder::Architecture;

/// The sizes that a forward pass costs by.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Shape {
    /// Layers of the encoder.
    pub layers: usize,
    /// Numbers of a token between layers.
    pub hidden: usize,
    /// Numbers of a token within the feed-forward part.
    pub intermediate: usize,
}

/// What a call of [`Model::embed`](crate::Model::embed) computes.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Cost {
    /// Texts, equal ones included.
    pub texts: usize,
    /// Different texts: what is computed.
    pub unique: usize,
    /// Tokens of the different texts, prompt and special tokens included, cut to what the model reads.
    pub tokens: usize,
    /// Rows that the linear products compute for those tokens: each pass's tokens, rounded up to what a kernel computes at once.
    pub rows: usize,
    /// Forward passes.
    pub passes: usize,
    /// Operations of the linear products on the tokens, a multiplication and an addition counted as two. What is spent on
    /// rows beyond the tokens is not in it.
    pub linear_operations: u64,
    /// Operations of attention on the tokens: scores and weighted sums, counted alike.
    pub attention_operations: u64,
}

impl Shape {
    /// The linear products of one layer, `(inputs, outputs)`: query, key and value in one; attention's output; up; down.
    #[must_use]
    pub fn products(self) -> [(usize, usize); 4] {
        let Self { hidden, intermediate, .. } = self;
        [(hidden, 3 * hidden), (hidden, hidden), (hidden, intermediate), (intermediate, hidden)]
    }

    /// Operations of all linear products on one token.
    fn linear_operations(self) -> usize {
        let of_layer: usize = self.products().iter().map(|(inputs, outputs)| 2 * inputs * outputs).sum();
        self.layers * of_layer
    }

    /// Operations of attention within a text of so many tokens: every token looks at every one, twice.
    fn attention_operations(self, tokens: usize) -> usize {
        self.layers * 4 * tokens * tokens * self.hidden
    }
}

impl From<&Architecture> for Shape {
    fn from(arch: &Architecture) -> Self {
        Self { layers: arch.layers, hidden: arch.hidden, intermediate: arch.intermediate }
    }
}

impl Cost {
    /// The cost of `passes` over texts of these lengths, with products that compute `rows_at_once`.
    pub(crate) fn new(shape: Shape, lengths: &[usize], passes: &[Vec<usize>], rows_at_once: usize) -> Self {
        let tokens: usize = lengths.iter().sum();
        let rows = |pass: &Vec<usize>| {
            pass.iter().map(|&at| lengths[at]).sum::<usize>().next_multiple_of(rows_at_once)
        };
        Self {
            texts: lengths.len(),
            unique: lengths.len(),
            tokens,
            rows: passes.iter().map(rows).sum(),
            passes: passes.len(),
            linear_operations: (tokens * shape.linear_operations()) as u64,
            attention_operations: lengths
                .iter()
                .map(|&length| shape.attention_operations(length) as u64)
                .sum(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const MINILM: Shape = Shape { layers: 6, hidden: 384, intermediate: 1536 };

    #[test]
    fn a_token_of_minilm_costs_21_million_operations() {
        let cost = Cost::new(MINILM, &[10], &[vec![0]], 16);
        assert_eq!(cost.linear_operations, 10 * 2 * 6 * (4 * 384 * 384 + 2 * 384 * 1536));
        assert_eq!(cost.attention_operations, 6 * 2 * (10 * 10 * 384 + 10 * 10 * 384));
    }

    #[test]
    fn each_pass_is_rounded_up_by_itself() {
        let cost = Cost::new(MINILM, &[20, 3, 9], &[vec![0, 1], vec![2]], 16);
        assert_eq!((cost.tokens, cost.rows, cost.passes), (32, 48, 2));
        assert_eq!(Cost::new(MINILM, &[20, 3, 9], &[vec![0, 1], vec![2]], 1).rows, 32);
    }

    #[test]
    fn no_texts_cost_nothing() {
        assert_eq!(Cost::new(MINILM, &[], &[], 8), Cost::default());
    }
}
