//! What `berika bench accuracy` writes: the figures, and a prediction a row.

use std::collections::BTreeMap;
use std::io::Write;
use std::path::Path;

use anyhow::Context;
use berika_classify::Ranking;
use berika_evaluate::Report;
use berika_models::Approximation;
use serde::Serialize;

use super::categories::Categories;
use super::labelled_file::LabelledRow;

/// How a confidence is to be read until it is calibrated.
pub(super) const CONFIDENCE_KIND: &str = "uncalibrated";

/// The figures.
#[derive(Debug, Serialize)]
pub(super) struct Figures {
    /// Rows, categories and the metrics with their 95 % intervals.
    #[serde(flatten)]
    pub(super) report: Report,
    /// Rows of the training file used as confirmed decisions.
    pub(super) labels: usize,
    /// Rows of the training file.
    pub(super) train_rows: usize,
    /// Seconds by stage.
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
    /// [`CONFIDENCE_KIND`].
    pub(super) confidence_kind: &'static str,
    /// What the default policy would do.
    pub(super) policy: PolicyFigures,
}

/// What the default policy would do with the test rows.
#[derive(Debug, Default, Serialize)]
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

#[derive(Serialize)]
struct Prediction<'a> {
    id: &'a str,
    category: Option<Vec<String>>,
    confidence: f32,
    confidence_kind: &'static str,
    auto: bool,
    candidates: Vec<Offered>,
}

#[derive(Serialize)]
struct Offered {
    category: Vec<String>,
    score: f32,
}

/// Writes the figures as one JSON object.
///
/// # Errors
/// If the file cannot be written.
pub(super) fn write_figures(file: &Path, figures: &Figures) -> anyhow::Result<()> {
    let mut text = serde_json::to_string_pretty(figures)?;
    text.push('\n');
    std::fs::write(file, text).with_context(|| format!("failed to write {}", file.display()))
}

/// Writes a prediction a line, in the order of the test file.
///
/// # Errors
/// If the file cannot be written.
pub(super) fn write_predictions(
    file: &Path,
    rows: &[LabelledRow],
    rankings: &[Ranking],
    categories: &Categories,
) -> anyhow::Result<()> {
    let failed = || format!("failed to write {}", file.display());
    let open = std::fs::File::create(file).with_context(failed)?;
    let mut writer = std::io::BufWriter::new(open);
    for (row, ranking) in rows.iter().zip(rankings) {
        let candidates: Vec<Offered> = ranking
            .candidates
            .iter()
            .map(|candidate| Offered {
                category: categories.path(candidate.category),
                score: candidate.score,
            })
            .collect();
        let prediction = Prediction {
            id: &row.id,
            category: candidates.first().map(|first| first.category.clone()),
            confidence: ranking.confidence,
            confidence_kind: CONFIDENCE_KIND,
            auto: false,
            candidates,
        };
        serde_json::to_writer(&mut writer, &prediction).with_context(failed)?;
        writer.write_all(b"\n").with_context(failed)?;
    }
    writer.flush().with_context(failed)
}
