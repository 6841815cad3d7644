//! The figures as they are written: JSON, from which Markdown and HTML are made.

use std::collections::BTreeMap;
use std::path::Path;

use anyhow::Context;
use berika_evaluate::{
    Bin, CategoryRow, Confusion, Figure, LanguageRow, Point, Report, Settings, Spread, by_category,
    by_language, confusions, precision_over_coverage, reliability, spread,
};
use berika_models::Approximation;
use serde::Serialize;

use super::super::embedded::Embedded;
use super::against::Against;
use super::cells::{Cell, outcomes};
use super::fail_under::Held;
use super::input::Input;
use super::measure::Judged;

/// The most pairs of confused categories that are written.
const MOST_CONFUSIONS: usize = 100;

/// The figures. Where several cells were measured, what is not in `curve` is of the most labels and the first seed.
#[derive(Debug, Serialize)]
pub(super) struct Figures {
    /// Rows, categories and the metrics with their 95 % intervals.
    #[serde(flatten)]
    pub(super) report: Report,
    /// Rows of the training file used as confirmed decisions.
    pub(super) labels: usize,
    /// Rows of the training file.
    pub(super) train_rows: usize,
    /// Seconds by stage, over all cells.
    pub(super) seconds: BTreeMap<&'static str, f64>,
    /// Test rows per second of embedding and ranking.
    pub(super) products_per_second: f64,
    /// The model as it was asked for.
    pub(super) model: String,
    /// Set where another model stood in for it: what was measured is not the model asked for.
    pub(super) approximate: Option<Approximation>,
    /// What decides its vectors.
    pub(super) model_recipe: String,
    /// How the classifier was made.
    pub(super) classifier_recipe: String,
    /// Seed of the choice of labels and of the intervals.
    pub(super) seed: u64,
    /// How a confidence is to be read.
    pub(super) confidence_kind: &'static str,
    /// What is done with the test rows.
    pub(super) policy: PolicyFigures,
    /// The figures by number of labels.
    pub(super) curve: Vec<CurvePoint>,
    /// Other results on the same rows.
    pub(super) against: Vec<Against>,
    /// Figures held against the least they must reach.
    pub(super) fail_under: Vec<Held>,
    /// What a reader of the figures should know.
    pub(super) notes: Vec<String>,
    /// Where the errors are.
    #[serde(flatten)]
    pub(super) details: Details,
}

/// What is done with the test rows.
#[derive(Debug, Serialize)]
pub(super) struct PolicyFigures {
    /// Share that would be accepted without a look.
    pub(super) accepted: f64,
    /// Share of the accepted that is right; `null` where nothing is accepted.
    pub(super) accepted_precision: Option<f64>,
    /// Share left to a person.
    pub(super) review: f64,
    /// Share put aside.
    pub(super) rejected: f64,
}

/// The figures at one number of labels.
#[derive(Debug, Serialize)]
pub(super) struct CurvePoint {
    /// Rows of the training file used as confirmed decisions.
    pub(super) labels: usize,
    /// Mean and spread over seeds. A figure that no seed has is left out.
    pub(super) figures: BTreeMap<Figure, Spread>,
    /// With each seed.
    pub(super) runs: Vec<Run>,
}

/// The figures of one cell.
#[derive(Debug, Serialize)]
pub(super) struct Run {
    /// Seed of the choice of labels and of the intervals.
    pub(super) seed: u64,
    /// The figures.
    #[serde(flatten)]
    pub(super) report: Report,
}

/// Where the errors are, and what confidence is worth.
#[derive(Debug, Serialize)]
pub(super) struct Details {
    /// Mean confidence and share right, in ten bins of equally many rows.
    pub(super) reliability: Vec<Bin>,
    /// Share right of the surest rows, by their share.
    pub(super) precision_over_coverage: Vec<Point>,
    /// By language.
    pub(super) by_language: Vec<LanguageRow>,
    /// By category.
    pub(super) by_category: Vec<CategoryRow>,
    /// The most frequent pairs of confused categories.
    pub(super) confusions: Vec<Confusion>,
}

impl PolicyFigures {
    pub(super) fn of(report: &Report, rows: &[Judged]) -> Self {
        let share = |of: fn(&Judged) -> bool| {
            rows.iter().filter(|row| of(row)).count() as f64 / rows.len().max(1) as f64
        };
        Self {
            accepted: report.accepted.value,
            accepted_precision: report.accepted_precision.map(|precision| precision.value),
            review: share(|row| !row.auto && !row.rejected),
            rejected: share(|row| row.rejected),
        }
    }
}

impl Details {
    pub(super) fn of(input: &Input, embedded: &Embedded, cell: &Cell) -> anyhow::Result<Self> {
        let outcomes = outcomes(input, &cell.measured);
        let settings = Settings { seed: cell.seed, ..Settings::default() };
        let categories = input.categories.len();
        let mut confusions = confusions(&outcomes)?;
        confusions.truncate(MOST_CONFUSIONS);
        Ok(Self {
            reliability: reliability(&outcomes)?,
            precision_over_coverage: precision_over_coverage(&outcomes)?,
            by_language: embedded.encoder.compute(|| by_language(&outcomes, categories, &settings))?,
            by_category: by_category(&outcomes)?,
            confusions,
        })
    }
}

/// The cells by number of labels.
pub(super) fn curve(cells: &[Cell]) -> Vec<CurvePoint> {
    let point = |cells: &[Cell]| {
        let values = |figure: Figure| -> Vec<f64> {
            cells.iter().filter_map(|cell| Some(cell.report.figure(figure)?.value)).collect()
        };
        let figures =
            Figure::ALL.into_iter().filter_map(|figure| Some((figure, spread(&values(figure))?))).collect();
        let run = |cell: &Cell| Run { seed: cell.seed, report: cell.report };
        CurvePoint { labels: cells[0].labels, figures, runs: cells.iter().map(run).collect() }
    };
    cells.chunk_by(|a, b| a.labels == b.labels).map(point).collect()
}

/// Writes the figures as one JSON object.
///
/// # Errors
/// If the file cannot be written.
pub(super) fn write(file: &Path, figures: &Figures) -> anyhow::Result<()> {
    let mut text = serde_json::to_string_pretty(figures)?;
    text.push('\n');
    std::fs::write(file, text).with_context(|| format!("failed to write {}", file.display()))
}
