//! What was predicted for one product and what is right, and how that is reduced to the few numbers metrics need.

use std::collections::BTreeMap;

/// One judged product.
///
/// A path is a category's names from the top level down, as in `["Food", "Canned Goods"]`. Two paths are the same
/// category if they are equal name by name; nothing is trimmed or folded.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Outcome {
    /// The accepted paths: any of them is right, the first is the main one. At least one.
    pub truth: Vec<Vec<String>>,
    /// The paths offered, best first. Empty where the classifier abstained, which counts as wrong.
    pub candidates: Vec<Vec<String>>,
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
    /// A share that is no number between 0 and 1.
    #[error("{name} is {value}: give a number from 0 to 1")]
    NotAShare {
        /// What the number is for.
        name: &'static str,
        /// The number given.
        value: f64,
    },
}

/// One outcome reduced to numbers. Ordered, so that a sorted list does not depend on the order of the rows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Scored {
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

/// Reduces outcomes to sorted [`Scored`] rows. Category numbers follow the order of the paths' names, so the result
/// is the same for every order of `outcomes`.
///
/// # Errors
/// [`EvaluateError::NoRows`] and [`EvaluateError::NoTruth`].
pub(crate) fn score(outcomes: &[Outcome]) -> Result<Vec<Scored>, EvaluateError> {
    if outcomes.is_empty() {
        return Err(EvaluateError::NoRows);
    }
    if let Some(row) = outcomes.iter().position(|o| o.truth.is_empty() || o.truth.iter().any(Vec::is_empty)) {
        return Err(EvaluateError::NoTruth { row });
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
    let mut scored: Vec<Scored> = outcomes.iter().map(|outcome| score_one(outcome, &numbers)).collect();
    scored.sort_unstable();
    Ok(scored)
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
