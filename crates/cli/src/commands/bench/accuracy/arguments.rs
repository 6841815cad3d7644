//! What `berika bench accuracy` takes.

use std::path::PathBuf;

use berika_pipeline::PrecisionSetting;

use super::fail_under::Least;
use super::labels::Labels;

/// What `berika bench accuracy` takes.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// Labelled products to learn from (JSONL: id, title, brand, description, attributes, language, supplier,
    /// supplier_category, category, category_alt).
    #[arg(long, value_name = "T.jsonl")]
    pub(super) train: PathBuf,
    /// Labelled products to measure on, in the same form.
    #[arg(long, value_name = "E.jsonl")]
    pub(super) test: PathBuf,
    /// The categories to choose from: a taxonomy as JSONL, or rows with a category. Without it, those that occur in
    /// the two files.
    #[arg(long, value_name = "C.jsonl")]
    pub(super) categories: Option<PathBuf>,
    /// How many rows of the training file count as confirmed decisions: a number, or `all`; several, with commas
    /// between, for a learning curve. Of the other rows only the texts are used.
    #[arg(long, default_value = "0", value_name = "N|all,...", value_delimiter = ',')]
    pub(super) labels: Vec<Labels>,
    /// Seed of the choice of labels and of the intervals.
    #[arg(long, default_value_t = 1)]
    pub(super) seed: u64,
    /// How many seeds to measure with, --seed and those that follow it.
    #[arg(long, default_value_t = 1, value_name = "COUNT", value_parser = clap::value_parser!(u64).range(1..=1000))]
    pub(super) seeds: u64,
    /// What is promised of rows that are accepted without a look: at least this share is right.
    #[arg(long, default_value_t = 0.95, value_name = "SHARE")]
    pub(super) promise: f64,
    /// The model: an id of the manifest, fetched where it is missing, or a sentence-transformers folder.
    #[arg(long, default_value = "all-MiniLM-L6-v2", value_name = "ID|DIR")]
    pub(super) model: String,
    /// What vectors are computed in: f32, bf16, int8, or auto for what is fastest on this machine. Figures of two
    /// precisions may differ.
    #[arg(long, default_value = "f32", value_name = "NAME")]
    pub(super) precision: PrecisionSetting,
    /// Another model to compare with on the same rows.
    #[arg(long, value_name = "ID|DIR")]
    pub(super) against_model: Option<String>,
    /// Another precision to compare with on the same rows, of this model or of --against-model.
    #[arg(long, value_name = "NAME")]
    pub(super) against_precision: Option<PrecisionSetting>,
    /// Predictions of another program, or of an earlier run, to compare with on the same rows: in the form that
    /// --predictions writes.
    #[arg(long, value_name = "P.jsonl")]
    pub(super) against_predictions: Option<PathBuf>,
    /// Where the figures are written.
    #[arg(long, value_name = "OUT.json")]
    pub(super) json: PathBuf,
    /// Where the predictions are written, one a line.
    #[arg(long, value_name = "P.jsonl")]
    pub(super) predictions: Option<PathBuf>,
    /// Where the figures are written as Markdown, for the summary of a build.
    #[arg(long, value_name = "OUT.md")]
    pub(super) markdown: Option<PathBuf>,
    /// Where the figures are written as one HTML page with their curves.
    #[arg(long, value_name = "OUT.html")]
    pub(super) html: Option<PathBuf>,
    /// The least that figures must reach, such as top1=0.6,coverage_at_95=0.3: with the most labels, the mean over
    /// seeds. Below it the exit code is 1.
    #[arg(long, value_name = "FIGURE=LEAST,...", value_delimiter = ',')]
    pub(super) fail_under: Vec<Least>,
}
