//! Where the errors are: by category, by language, and which categories are taken for which.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::metrics::ratio;
use crate::outcome::{EvaluateError, Outcome, score};
use crate::report::{Report, Settings, report};

/// How one category fares.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct CategoryRow {
    /// Its path.
    pub category: Vec<String>,
    /// Rows that belong into it. A row with several accepted paths counts for the one that was predicted, else for its
    /// main one.
    pub rows: u64,
    /// Rows that were put into it.
    pub predicted: u64,
    /// Rows that are both.
    pub right: u64,
    /// Share of `rows` that is right; `None` where there are none.
    pub recall: Option<f64>,
    /// Share of `predicted` that is right; `None` where there are none.
    pub precision: Option<f64>,
    /// The harmonic mean of the two.
    pub f1: f64,
}

/// How one language fares.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct LanguageRow {
    /// The language; `None` for rows that name none.
    pub language: Option<String>,
    /// The report on its rows.
    #[serde(flatten)]
    pub report: Report,
}

/// A category that is taken for another.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Confusion {
    /// Where the rows belong.
    pub category: Vec<String>,
    /// Where they were put.
    pub predicted: Vec<String>,
    /// How many rows.
    pub rows: u64,
}

/// Every category that a row belongs into or was put into, in the order of their names.
///
/// # Errors
/// As [`report`].
pub fn by_category(outcomes: &[Outcome]) -> Result<Vec<CategoryRow>, EvaluateError> {
    let scored = score(outcomes)?;
    let mut counts = vec![[0u64; 3]; scored.paths.len()];
    for row in &scored.rows {
        counts[row.truth][0] += 1;
        if let Some(predicted) = row.predicted {
            counts[predicted][1] += 1;
            counts[row.truth][2] += u64::from(predicted == row.truth);
        }
    }
    let row = |(path, [rows, predicted, right]): (&[String], [u64; 3])| CategoryRow {
        category: path.to_vec(),
        rows,
        predicted,
        right,
        recall: (rows > 0).then(|| ratio(right, rows)),
        precision: (predicted > 0).then(|| ratio(right, predicted)),
        f1: ratio(2 * right, rows + predicted),
    };
    // A path that is only accepted beside another and was never predicted has nothing to say.
    let seen =
        scored.paths.iter().copied().zip(counts).filter(|(_, [rows, predicted, _])| rows + predicted > 0);
    Ok(seen.map(row).collect())
}

/// A report on the rows of each language, in the order of their tags; rows without one come first.
///
/// # Errors
/// As [`report`].
pub fn by_language(
    outcomes: &[Outcome],
    categories: usize,
    settings: &Settings,
) -> Result<Vec<LanguageRow>, EvaluateError> {
    let mut languages: BTreeMap<Option<&str>, Vec<Outcome>> = BTreeMap::new();
    for outcome in outcomes {
        languages.entry(outcome.language.as_deref()).or_default().push(outcome.clone());
    }
    let row = |(language, rows): (Option<&str>, Vec<Outcome>)| {
        Ok(LanguageRow {
            language: language.map(str::to_owned),
            report: report(&rows, categories, settings)?,
        })
    };
    languages.into_iter().map(row).collect()
}

/// The pairs of categories that are confused, the most frequent first, then by name.
///
/// # Errors
/// As [`report`].
pub fn confusions(outcomes: &[Outcome]) -> Result<Vec<Confusion>, EvaluateError> {
    let scored = score(outcomes)?;
    let mut pairs: BTreeMap<(usize, usize), u64> = BTreeMap::new();
    for row in &scored.rows {
        if let Some(predicted) = row.predicted.filter(|&predicted| predicted != row.truth) {
            *pairs.entry((row.truth, predicted)).or_default() += 1;
        }
    }
    let path = |number: usize| scored.paths[number].to_vec();
    let mut confusions: Vec<Confusion> = pairs
        .into_iter()
        .map(|((truth, predicted), rows)| Confusion {
            category: path(truth),
            predicted: path(predicted),
            rows,
        })
        .collect();
    confusions.sort_by_key(|confusion| std::cmp::Reverse(confusion.rows));
    Ok(confusions)
}

#[cfg(test)]
mod tests;
