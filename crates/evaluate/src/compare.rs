//! Whether one result is better than another on the same rows.

use serde::{Deserialize, Serialize};

use crate::bootstrap::{draw, percentile_interval};
use crate::metrics::ratio;
use crate::outcome::EvaluateError;
use crate::report::{Estimate, Settings};

/// Two results on the same rows, in the same order: whether the first candidate was right.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Pair {
    /// Right or wrong, of the one.
    pub this: Vec<bool>,
    /// Right or wrong, of the other.
    pub other: Vec<bool>,
}

/// How two results differ on the same rows.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Comparison {
    /// Rows compared.
    pub rows: usize,
    /// Top-1 of the one, the mean over pairs.
    pub this: f64,
    /// Top-1 of the other, the mean over pairs.
    pub other: f64,
    /// `this` less `other`, with its paired bootstrap interval: rows are drawn, each with all that was predicted for it
    /// under every seed.
    pub difference: Estimate,
    /// Per pair, where the two disagree.
    pub pairs: Vec<Discordance>,
}

/// Where the two results of a pair disagree.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Discordance {
    /// Rows that only the one has right.
    pub only_this: u64,
    /// Rows that only the other has right.
    pub only_other: u64,
    /// How likely a disagreement at least as lopsided is if the two are equally good: [`mcnemar`].
    pub p_value: f64,
}

/// Compares results on the same rows, one pair a seed.
///
/// # Errors
/// [`EvaluateError::NoRows`] without a pair or rows, [`EvaluateError::NotTheSameRows`] if the lists are not equally
/// long, [`EvaluateError::NotAShare`] for a confidence outside 0 to 1.
pub fn compare(pairs: &[Pair], settings: &Settings) -> Result<Comparison, EvaluateError> {
    settings.check()?;
    let rows = pairs.first().map_or(0, |pair| pair.this.len());
    if rows == 0 {
        return Err(EvaluateError::NoRows);
    }
    for pair in pairs {
        if let Some(&len) = [pair.this.len(), pair.other.len()].iter().find(|&&len| len != rows) {
            return Err(EvaluateError::NotTheSameRows { this: rows, other: len });
        }
    }
    // Per row, under how many seeds more the one is right. Sorted, so that the order of rows does not matter.
    let mut ahead: Vec<i64> = (0..rows)
        .map(|row| pairs.iter().map(|pair| i64::from(pair.this[row]) - i64::from(pair.other[row])).sum())
        .collect();
    ahead.sort_unstable();
    let judged = (rows * pairs.len()) as f64;
    let value = ahead.iter().sum::<i64>() as f64 / judged;
    let samples = draw(rows, settings.resamples, settings.seed, |times| {
        ahead.iter().zip(times).map(|(&ahead, &times)| ahead * i64::from(times)).sum::<i64>() as f64 / judged
    });
    let (low, high) = percentile_interval(samples, settings.confidence).unwrap_or((value, value));
    let right = |of: fn(&Pair) -> &[bool]| {
        let count = pairs.iter().map(|pair| of(pair).iter().filter(|&&right| right).count() as u64).sum();
        ratio(count, (rows * pairs.len()) as u64)
    };
    Ok(Comparison {
        rows,
        this: right(|pair| &pair.this),
        other: right(|pair| &pair.other),
        difference: Estimate { value, low, high },
        pairs: pairs.iter().map(discordance).collect(),
    })
}

fn discordance(pair: &Pair) -> Discordance {
    let count = |this: bool| {
        let both = pair.this.iter().zip(&pair.other);
        both.filter(|&(&a, &b)| a != b && a == this).count() as u64
    };
    let (only_this, only_other) = (count(true), count(false));
    Discordance { only_this, only_other, p_value: mcnemar(only_this, only_other) }
}

/// McNemar's exact test, two-sided: how likely a split of the rows on which two results disagree is, at least as
/// lopsided as this one, if each is as likely to be right. 1 where they never disagree.
#[must_use]
pub fn mcnemar(only_this: u64, only_other: u64) -> f64 {
    let (fewer, all) = (only_this.min(only_other), only_this + only_other);
    if 2 * fewer >= all {
        return 1.0;
    }
    // Logarithms, because a half to the power of a thousand is no f64.
    let mut log_term = -(all as f64) * std::f64::consts::LN_2;
    let mut tail = log_term.exp();
    for k in 1..=fewer {
        log_term += ((all - k + 1) as f64).ln() - (k as f64).ln();
        tail += log_term.exp();
    }
    (2.0 * tail).min(1.0)
}

#[cfg(test)]
mod tests;
