//! Which rows are labels and which are for testing, by seed.
//!
//! Rows are put in order by the outputs of SplitMix64 (Steele, Lea and Flood 2014), one a row, and the first ones are
//! taken. That is a fair shuffle which a dozen lines repeat in any language (`benches/peers/accuracy.py` does), so
//! other tools can be measured on the very same rows, and no library update ever moves a row.

use crate::EvaluateError;

/// Rows of a file in two parts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Split {
    /// Indices of the part that was asked for, ascending.
    pub first: Vec<usize>,
    /// Indices of the others, ascending.
    pub second: Vec<usize>,
}

/// Chooses `count` of `n_rows` rows (all, if there are fewer) as labels, in the order in which they were drawn.
///
/// A smaller count is always the beginning of a larger one with the same seed, so curves over the number of labels
/// add rows and never swap them.
#[must_use]
pub fn take_labels(n_rows: usize, count: usize, seed: u64) -> Vec<usize> {
    let mut order = shuffled(n_rows, seed ^ LABELS);
    order.truncate(count);
    order
}

/// Splits `n_rows` rows so that the first part holds `fraction` of them, rounded to the nearest row.
///
/// Independent of [`take_labels`] with the same seed.
///
/// # Errors
/// [`EvaluateError::NotAShare`] if `fraction` is no number from 0 to 1.
pub fn split(n_rows: usize, fraction: f64, seed: u64) -> Result<Split, EvaluateError> {
    if !(0.0..=1.0).contains(&fraction) {
        return Err(EvaluateError::NotAShare { name: "fraction", value: fraction });
    }
    let mut first = shuffled(n_rows, seed ^ SPLIT);
    let mut second = first.split_off((n_rows as f64 * fraction).round() as usize);
    first.sort_unstable();
    second.sort_unstable();
    Ok(Split { first, second })
}

/// Sets the two uses of one seed apart: the letters "labels" and "split".
const LABELS: u64 = 0x6c61_6265_6c73;
const SPLIT: u64 = 0x73_706c_6974;

fn shuffled(n_rows: usize, seed: u64) -> Vec<usize> {
    let mut state = seed;
    let mut keyed: Vec<(u64, usize)> = (0..n_rows).map(|row| (split_mix(&mut state), row)).collect();
    keyed.sort_unstable();
    keyed.into_iter().map(|(_, row)| row).collect()
}

fn split_mix(state: &mut u64) -> u64 {
    *state = state.wrapping_add(0x9e37_79b9_7f4a_7c15);
    let mut mixed = *state;
    mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    mixed ^ (mixed >> 31)
}

#[cfg(test)]
mod tests;
