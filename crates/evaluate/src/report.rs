//! The report: each metric with its interval.

use crate::Figure;
use crate::bootstrap::{percentile_interval, resample};
use crate::metrics::{Metrics, measure};
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
    /// Share of rows whose first candidate was accepted without a look.
    pub accepted: Estimate,
    /// Share of the rows accepted without a look that are right; `None` where none was accepted.
    pub accepted_precision: Option<Estimate>,
    /// In hindsight: the largest share of rows, taken in order of confidence, of which at least 95 % are right. Rows of
    /// equal confidence are taken together, rows without a candidate never.
    pub coverage_at_95: Estimate,
    /// The same with 98 %.
    pub coverage_at_98: Estimate,
    /// Expected calibration error: rows in order of confidence, in ten bins of equally many; the gap between mean
    /// confidence and share right, weighted by rows. A row without a candidate is wrong with confidence 0.
    ///
    /// Chance alone makes gaps, and a resample has more of it than the rows: the interval sits above the value where
    /// calibration is good or rows are few.
    pub ece: Estimate,
    /// Area under the curve of risk over coverage: the mean over rows of the share of wrong ones among those at least
    /// as sure. Less is better; it rewards an order in which errors come last.
    pub aurc: Estimate,
}

impl Report {
    /// A figure by name; `None` where there was nothing to take a share of.
    #[must_use]
    pub fn figure(&self, figure: Figure) -> Option<Estimate> {
        match figure {
            Figure::Top1 => Some(self.top1),
            Figure::Top3 => Some(self.top3),
            Figure::Top5 => Some(self.top5),
            Figure::MacroF1 => Some(self.macro_f1),
            Figure::HierarchicalF1 => Some(self.hierarchical_f1),
            Figure::Accepted => Some(self.accepted),
            Figure::AcceptedPrecision => self.accepted_precision,
            Figure::CoverageAt95 => Some(self.coverage_at_95),
            Figure::CoverageAt98 => Some(self.coverage_at_98),
            Figure::Ece => Some(self.ece),
            Figure::Aurc => Some(self.aurc),
        }
    }
}

/// Measures `outcomes`. `categories` is the number of categories that could have been chosen, for the record only.
///
/// The report depends on neither the order of `outcomes` nor the number of threads.
///
/// # Errors
/// [`EvaluateError::NoRows`] without outcomes, [`EvaluateError::NoTruth`] for an outcome without an accepted path,
/// [`EvaluateError::NotAConfidence`] and [`EvaluateError::NotAShare`] for numbers outside 0 to 1.
pub fn report(outcomes: &[Outcome], categories: usize, settings: &Settings) -> Result<Report, EvaluateError> {
    settings.check()?;
    let scored = score(outcomes)?;
    let (rows, numbers) = (&scored.rows, scored.paths.len());
    let over_all = measure(rows, numbers, |_| 1);
    let samples = resample(rows, numbers, settings.resamples, settings.seed);
    let figure =
        |figure: Figure| Some(estimate(over_all.get(figure)?, &samples, figure, settings.confidence));
    let always = |name| figure(name).expect("only the precision of the accepted may be missing");
    Ok(Report {
        rows: rows.len(),
        categories,
        top1: always(Figure::Top1),
        top3: always(Figure::Top3),
        top5: always(Figure::Top5),
        macro_f1: always(Figure::MacroF1),
        hierarchical_f1: always(Figure::HierarchicalF1),
        accepted: always(Figure::Accepted),
        accepted_precision: figure(Figure::AcceptedPrecision),
        coverage_at_95: always(Figure::CoverageAt95),
        coverage_at_98: always(Figure::CoverageAt98),
        ece: always(Figure::Ece),
        aurc: always(Figure::Aurc),
    })
}

impl Settings {
    pub(crate) fn check(&self) -> Result<(), EvaluateError> {
        if (0.0..=1.0).contains(&self.confidence) {
            return Ok(());
        }
        Err(EvaluateError::NotAShare { name: "confidence", value: self.confidence })
    }
}

fn estimate(value: f64, samples: &[Metrics], figure: Figure, confidence: f64) -> Estimate {
    let values = samples.iter().filter_map(|sample| sample.get(figure)).collect();
    let (low, high) = percentile_interval(values, confidence).unwrap_or((value, value));
    Estimate { value, low, high }
}

#[cfg(test)]
mod tests;
