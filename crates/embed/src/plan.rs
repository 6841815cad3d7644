//! Which texts share a forward pass.
//!
//! A batch is a rectangle: every text in it is padded to the longest. Texts are taken by length, so that neighbours are
//! nearly equal, and a batch is closed when the rectangle would outgrow the token budget or when the next text would be
//! more padding than is worth it. The plan depends on the lengths alone.

use std::cmp::Reverse;

/// How large and how uneven a batch may be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// The most tokens, padding included, in one batch. A single longer text has a batch of its own.
    pub tokens: usize,
    /// A text joins a batch only if it is at most this many tokens, and a quarter of itself, shorter than the longest.
    pub slack: usize,
}

impl Default for Limits {
    /// Small enough for the activations of a small encoder to stay near the processor, found by measuring.
    fn default() -> Self {
        Self { tokens: 512, slack: 4 }
    }
}

/// One forward pass.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Batch {
    /// Positions of the texts in the lengths that were planned, longest text first.
    pub members: Vec<usize>,
    /// Tokens of the longest text: every text of the batch is padded to this.
    pub width: usize,
}

impl Batch {
    /// Tokens of the batch, padding included.
    #[must_use]
    pub fn padded_tokens(&self) -> usize {
        self.members.len() * self.width
    }
}

/// Puts texts of these lengths (in tokens) into batches, longest first; every text is in exactly one.
#[must_use]
pub fn plan(lengths: &[usize], limits: Limits) -> Vec<Batch> {
    let mut order: Vec<usize> = (0..lengths.len()).collect();
    order.sort_by_key(|&at| (Reverse(lengths[at]), at));
    let mut batches: Vec<Batch> = Vec::new();
    for at in order {
        let length = lengths[at];
        if let Some(batch) = batches.last_mut() {
            let fits = (batch.members.len() + 1) * batch.width <= limits.tokens;
            let even = batch.width <= length + length / 4 + limits.slack;
            if fits && even {
                batch.members.push(at);
                continue;
            }
        }
        batches.push(Batch { members: vec![at], width: length });
    }
    batches
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn no_texts_need_no_pass() {
        assert!(plan(&[], Limits::default()).is_empty());
    }

    #[test]
    fn equal_lengths_fill_the_budget() {
        let batches = plan(&[8; 100], Limits { tokens: 256, slack: 4 });
        assert_eq!(batches.iter().map(|b| b.members.len()).collect::<Vec<_>>(), [32, 32, 32, 4]);
    }

    #[test]
    fn a_text_over_the_budget_goes_alone() {
        let batches = plan(&[600, 3, 600], Limits { tokens: 512, slack: 4 });
        assert_eq!(
            batches.iter().map(|b| b.members.clone()).collect::<Vec<_>>(),
            [vec![0], vec![2], vec![1]]
        );
    }

    proptest! {
        #[test]
        fn every_text_is_in_exactly_one_batch(lengths in prop::collection::vec(0usize..600, 0..300), tokens in 1usize..4096) {
            let mut seen: Vec<usize> = plan(&lengths, Limits { tokens, slack: 4 }).into_iter().flat_map(|b| b.members).collect();
            seen.sort_unstable();
            prop_assert_eq!(seen, (0..lengths.len()).collect::<Vec<_>>());
        }

        #[test]
        fn the_budget_is_held_and_padding_is_bounded(
            lengths in prop::collection::vec(1usize..600, 0..300), tokens in 1usize..4096, slack in 0usize..8
        ) {
            for batch in plan(&lengths, Limits { tokens, slack }) {
                prop_assert!(batch.padded_tokens() <= tokens || batch.members.len() == 1);
                prop_assert_eq!(batch.width, batch.members.iter().map(|&at| lengths[at]).max().unwrap());
                for at in batch.members {
                    prop_assert!(batch.width - lengths[at] <= lengths[at] / 4 + slack);
                }
            }
        }

        #[test]
        fn the_plan_depends_on_the_lengths_alone(lengths in prop::collection::vec(0usize..600, 0..200)) {
            prop_assert_eq!(plan(&lengths, Limits::default()), plan(&lengths.clone(), Limits::default()));
            // Longest first, so that memory peaks at once and not at the end.
            let widths: Vec<usize> = plan(&lengths, Limits::default()).iter().map(|b| b.width).collect();
            prop_assert!(widths.is_sorted_by(|a, b| a >= b));
        }
    }
}
