//! What was predicted for one product and what is right, and how that is reduced to the few numbers metrics need.

use std::collections::BTreeMap;

/// One judged product.
///
/// A path is a category's names from the top level down, as in `["Food", "Canned Goods"]`. Two paths are the same
/// category if they are equal name by name; nothing is trimmed or folded.
#[derive(Debug, Clone, PartialEq)]
pub struct Outcome {
    /// The accepted paths: any of them is right, the first is the main one. At least one.
    pub truth: Vec<Vec<String>>,
    /// The paths offered, best first. Empty where the classifier abstained, which counts as wrong.
    pub candidates: Vec<Vec<String>>,
    /// How sure the first candidate is, 0..=1. Without a candidate it counts as 0, whatever it says.
    pub confidence: f32,
    /// Whether the first candidate was accepted without a look.
    pub accepted: bool,
    /// The product's language, where known.
    pub language: Option<String>,
}

impl Outcome {
    /// Whether the first candidate is right.
    #[must_use]
    pub fn is_right(&self) -> bool {
        self.candidates.first().is_some_and(|first| self.truth.contains(first))
    }
}

/// Why nothing could be measured.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum EvaluateError {
    /// There was not one outcome.
    #[error("no rows to evaluate: give at least one labelled row")]
    NoRows,
    /// An outcome has no accepted path, or one without any name in it.
    #[error("row {row} (counted from 0) has no true category: give every row a path of at least one name")]
    NoTruth {
        /// Index of the outcome, from 0.
        row: usize,
    },
    /// A confidence that is no number between 0 and 1.
    #[error("row {row} (counted from 0) has confidence {confidence}: give a number from 0 to 1")]
    NotAConfidence {
        /// Index of the outcome, from 0.
        row: usize,
        /// The confidence given.
        confidence: f32,
    },
    /// Two results to compare are not on the same rows.
    #[error("results on {this} and on {other} rows cannot be compared: give both on the same rows")]
    NotTheSameRows {
        /// Rows of the one.
        this: usize,
        /// Rows of the other, or of an earlier pair.
        other: usize,
    },
    /// A share that is no number between 0 and 1.
    #[error("{name} is {value}: give a number from 0 to 1")]
    NotAShare {
        /// What the number is for.
        name: &'static str,
        /// The number given.
        value: f64,
    },
}

/// One outcome reduced to numbers.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Scored {
    /// How sure the prediction is; 0 where there is none.
    pub(crate) confidence: f32,
    /// Whether it was accepted without a look; never where there is none.
    pub(crate) accepted: bool,
    /// The category this row counts for: the accepted path that was predicted, else the main one.
    pub(crate) truth: usize,
    /// The category predicted; `None` where nothing was.
    pub(crate) predicted: Option<usize>,
    /// Position of the first accepted candidate, from 0; `None` where none was accepted.
    pub(crate) rank: Option<usize>,
    /// Levels that the prediction shares with the accepted path it shares most with.
    pub(crate) shared: usize,
    /// Levels of the prediction.
    pub(crate) predicted_levels: usize,
    /// Levels of that accepted path.
    pub(crate) true_levels: usize,
}

/// Outcomes reduced to numbers.
#[derive(Debug)]
pub(crate) struct ScoredRows<'a> {
    /// The rows, the surest first; equally sure ones in an order of their own, so that a list does not depend on the
    /// order of the outcomes.
    pub(crate) rows: Vec<Scored>,
    /// The path of each category number. Numbers follow the order of the paths' names.
    pub(crate) paths: Vec<&'a [String]>,
}

/// Reduces outcomes to numbers. The result is the same for every order of `outcomes`.
///
/// # Errors
/// [`EvaluateError::NoRows`], [`EvaluateError::NoTruth`] and [`EvaluateError::NotAConfidence`].
pub(crate) fn score(outcomes: &[Outcome]) -> Result<ScoredRows<'_>, EvaluateError> {
    if outcomes.is_empty() {
        return Err(EvaluateError::NoRows);
    }
    if let Some(row) = outcomes.iter().position(|o| o.truth.is_empty() || o.truth.iter().any(Vec::is_empty)) {
        return Err(EvaluateError::NoTruth { row });
    }
    if let Some(row) = outcomes.iter().position(|o| !(0.0..=1.0).contains(&o.confidence)) {
        return Err(EvaluateError::NotAConfidence { row, confidence: outcomes[row].confidence });
    }
    let mut numbers: BTreeMap<&[String], usize> = BTreeMap::new();
    for outcome in outcomes {
        for path in outcome.truth.iter().chain(outcome.candidates.first()) {
            numbers.insert(path, 0);
        }
    }
    for (number, slot) in numbers.values_mut().enumerate() {
        *slot = number;
    }
    let mut rows: Vec<Scored> = outcomes.iter().map(|outcome| score_one(outcome, &numbers)).collect();
    rows.sort_unstable_by(|a, b| {
        b.confidence.total_cmp(&a.confidence).then_with(|| a.beside_confidence().cmp(&b.beside_confidence()))
    });
    Ok(ScoredRows { rows, paths: numbers.into_keys().collect() })
}

impl Scored {
    fn beside_confidence(&self) -> impl Ord + use<> {
        let levels = (self.shared, self.predicted_levels, self.true_levels);
        (self.accepted, self.truth, self.predicted, self.rank, levels)
    }
}

fn score_one(outcome: &Outcome, numbers: &BTreeMap<&[String], usize>) -> Scored {
    let rank = outcome.candidates.iter().position(|candidate| outcome.truth.contains(candidate));
    let predicted = outcome.candidates.first();
    let reference = match (predicted, rank) {
        (Some(path), Some(0)) => path,
        _ => &outcome.truth[0],
    };
    let predicted_path = predicted.map_or(&[][..], Vec::as_slice);
    // The most levels in common; among those the shortest path, which flatters neither precision nor recall.
    let (shared, true_levels) = outcome
        .truth
        .iter()
        .map(|path| (shared_levels(path, predicted_path), path.len()))
        .max_by_key(|&(shared, levels)| (shared, std::cmp::Reverse(levels)))
        .unwrap_or_default();
    Scored {
        // Adding 0 makes of -0 what it is equal to.
        confidence: if predicted.is_some() { outcome.confidence + 0.0 } else { 0.0 },
        accepted: outcome.accepted && predicted.is_some(),
        truth: numbers[reference.as_slice()],
        predicted: predicted.map(|path| numbers[path.as_slice()]),
        rank,
        shared,
        predicted_levels: predicted_path.len(),
        true_levels,
    }
}

/// Size of the overlap of two ancestor sets (each node with its ancestors, without the root): in a tree named by
/// paths that is the length of the common beginning.
fn shared_levels(left: &[String], right: &[String]) -> usize {
    left.iter().zip(right).take_while(|(a, b)| a == b).count()
}
