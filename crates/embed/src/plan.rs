//! Which texts share a forward pass.
//!
//! Nothing is padded: a pass costs what its tokens cost, whatever the texts' lengths. Texts are taken by length, so that passes
//! are alike and the dearest come first, and a pass is closed when it would outgrow the token budget. The plan depends on the
//! lengths alone.

use std::cmp::Reverse;

/// How large a pass may be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// The most tokens in one pass. A single longer text has a pass of its own.
    pub tokens: usize,
}

impl Default for Limits {
    /// Small enough for what a pass works on to stay near the processor, large enough to make use of weights once fetched;
    /// found by measuring.
    fn default() -> Self {
        Self { tokens: 512 }
    }
}

/// A pass of fewer tokens leaves a part of the products' blocks empty.
const SMALLEST: usize = 64;

impl Limits {
    /// Smaller passes where these texts are so few that some of the threads would have none.
    pub(crate) fn shared_by(self, threads: usize, lengths: &[usize]) -> Self {
        let share = lengths.iter().sum::<usize>().div_ceil(threads.max(1));
        Self { tokens: self.tokens.min(share.max(SMALLEST)) }
    }
}

/// Puts texts of these lengths (in tokens) into passes, longest first: the positions of each pass's texts. Every text is in
/// exactly one.
#[must_use]
pub fn plan(lengths: &[usize], limits: Limits) -> Vec<Vec<usize>> {
    let mut order: Vec<usize> = (0..lengths.len()).collect();
    order.sort_by_key(|&at| (Reverse(lengths[at]), at));
    let mut passes: Vec<Vec<usize>> = Vec::new();
    let mut tokens = 0;
    for at in order {
        tokens += lengths[at];
        match passes.last_mut() {
            Some(pass) if tokens <= limits.tokens => pass.push(at),
            _ => {
                passes.push(vec![at]);
                tokens = lengths[at];
            }
        }
    }
    passes
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
    fn texts_fill_the_budget() {
        let passes = plan(&[8; 100], Limits { tokens: 256 });
        assert_eq!(passes.iter().map(Vec::len).collect::<Vec<_>>(), [32, 32, 32, 4]);
    }

    #[test]
    fn a_text_over_the_budget_goes_alone() {
        assert_eq!(plan(&[600, 3, 600], Limits { tokens: 512 }), [vec![0], vec![2], vec![1]]);
    }

    proptest! {
        #[test]
        fn every_text_is_in_exactly_one_pass_within_the_budget(
            lengths in prop::collection::vec(1usize..600, 0..300), tokens in 1usize..4096
        ) {
            let passes = plan(&lengths, Limits { tokens });
            for pass in &passes {
                prop_assert!(pass.len() == 1 || pass.iter().map(|&at| lengths[at]).sum::<usize>() <= tokens);
            }
            let mut seen: Vec<usize> = passes.concat();
            // Longest first, so that memory peaks at once and not at the end.
            prop_assert!(seen.iter().map(|&at| lengths[at]).is_sorted_by(|a, b| a >= b));
            seen.sort_unstable();
            prop_assert_eq!(seen, (0..lengths.len()).collect::<Vec<_>>());
        }
    }
}
