//! The report: each metric with its interval.

use crate::bootstrap::{percentile_interval, resample};
use crate::metrics::{Metrics, Tally};
use crate::outcome::{EvaluateError, Outcome, score};
use serde::{Deserialize, Serialize};

/// How intervals are made.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Settings {
    /// Bootstrap resamples; with 0 the intervals are the values themselves.
    pub resamples: usize,
    /// Share of resamples inside an interval, from 0 to 1.
    pub confidence: f64,
    /// Seed of the resampling.
    pub seed: u64,
}

impl Default for Settings {
    /// 1,000 resamples, 95 %, seed 1.
    fn default() -> Self {
        Settings { resamples: 1000, confidence: 0.95, seed: 1 }
    }
}

/// A measured share from 0 to 1 with its bootstrap percentile interval.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Estimate {
    /// Measured over all rows.
    pub value: f64,
    /// Lower end of the interval.
    pub low: f64,
    /// Upper end of the interval.
    pub high: f64,
}

/// What a classifier achieved on labelled rows.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Report {
    /// Rows judged.
    pub rows: usize,
    /// Categories that could be chosen, as the caller counted them.
    pub categories: usize,
    /// Share of rows whose first candidate is accepted.
    pub top1: Estimate,
    /// Share of rows with an accepted path among the first three candidates.
    pub top3: Estimate,
    /// Share of rows with an accepted path among the first five candidates.
    pub top5: Estimate,
    /// F1 per true category, averaged with equal weight over the categories that occur as truth. A row with several
    /// accepted paths counts for the one that was predicted, else for its main one.
    ///
    /// A resample misses some rare categories altogether, so where most categories have a row or two the interval
    /// sits a little off the value (percentile intervals are not corrected for that bias).
    pub macro_f1: Estimate,
    /// F1 over ancestor sets, summed over rows before dividing: a prediction in the right branch earns its part.
    /// Kiritchenko, Matwin and Famili, "Functional annotation of genes using hierarchical text categorization",
    /// 2005. The root is left out; of several accepted paths the one with the largest overlap counts.
    pub hierarchical_f1: Estimate,
}

/// Measures `outcomes`. `categories` is the number of categories that could have been chosen, for the record only.
///
/// The report depends on neither the order of `outcomes` nor the number of threads.
///
/// # Errors
/// [`EvaluateError::NoRows`] without outcomes, [`EvaluateError::NoTruth`] for an outcome without an accepted path,
/// [`EvaluateError::NotAShare`] for a confidence outside 0 to 1.
pub fn report(outcomes: &[Outcome], categories: usize, settings: &Settings) -> Result<Report, EvaluateError> {
    if !(0.0..=1.0).contains(&settings.confidence) {
        return Err(EvaluateError::NotAShare { name: "confidence", value: settings.confidence });
    }
    let rows = score(outcomes)?;
    let numbers =
        rows.iter().map(|row| row.truth.max(row.predicted.unwrap_or(0)) + 1).max().unwrap_or_default();
    let mut tally = Tally::new(numbers);
    for row in &rows {
        tally.add(row);
    }
    let over_all = tally.metrics();
    let samples = resample(&rows, numbers, settings.resamples, settings.seed);
    let estimate = |metric: fn(&Metrics) -> f64| {
        let value = metric(&over_all);
        let values = samples.iter().map(metric).collect();
        let (low, high) = percentile_interval(values, settings.confidence).unwrap_or((value, value));
        Estimate { value, low, high }
    };
    Ok(Report {
        rows: rows.len(),
        categories,
        top1: estimate(|m| m.top1),
        top3: estimate(|m| m.top3),
        top5: estimate(|m| m.top5),
        macro_f1: estimate(|m| m.macro_f1),
        hierarchical_f1: estimate(|m| m.hierarchical_f1),
    })
}

#[cfg(test)]
mod tests;
