//! `berika bench accuracy`: how often the category is right, on labelled products that were held out.
//!
//! The product template, the model and the classifier are those of the pipeline. Rows of the test file are not read
//! for anything but the set of categories before they are scored: centring uses the training rows, so the prediction
//! of one test row does not depend on the others.

use std::collections::{BTreeMap, HashMap};
use std::io::Write;
use std::path::PathBuf;
use std::process::ExitCode;
use std::str::FromStr;
use std::time::Instant;

use anyhow::{Context, bail};
use berika_classify::{
    BuildInput, Classifier, Evidence, Parameters, Policy, ProductMeans, Query, Ranking, Verdict,
};
use berika_evaluate::{Outcome, Settings, report, take_labels};

use super::categories::Categories;
use super::labelled_file::{self, LabelledRow};
use super::output::{CONFIDENCE_KIND, Figures, PolicyFigures, write_figures, write_predictions};
use super::vectors;
use berika_pipeline::{Encoder, PrecisionSetting};

/// What `berika bench accuracy` takes.
#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// Labelled products to learn from (JSONL: id, title, brand, description, attributes, language, supplier,
    /// supplier_category, category, category_alt).
    #[arg(long, value_name = "T.jsonl")]
    train: PathBuf,
    /// Labelled products to measure on, in the same form.
    #[arg(long, value_name = "E.jsonl")]
    test: PathBuf,
    /// The categories to choose from: a taxonomy as JSONL, or rows with a category. Without it, those that occur in
    /// the two files.
    #[arg(long, value_name = "C.jsonl")]
    categories: Option<PathBuf>,
    /// How many rows of the training file count as confirmed decisions: a number, or `all`. Of the others only the
    /// texts are used.
    #[arg(long, default_value = "0", value_name = "N|all")]
    labels: Labels,
    /// Seed of the choice of labels and of the intervals.
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// The model: an id of the manifest, fetched where it is missing, or a sentence-transformers folder.
    #[arg(long, default_value = "all-MiniLM-L6-v2", value_name = "ID|DIR")]
    model: String,
    /// What vectors are computed in: f32, bf16, int8, or auto for what is fastest on this machine. Figures of two
    /// precisions may differ.
    #[arg(long, default_value = "f32", value_name = "NAME")]
    precision: PrecisionSetting,
    /// Where the figures are written.
    #[arg(long, value_name = "OUT.json")]
    json: PathBuf,
    /// Where the predictions are written, one a line.
    #[arg(long, value_name = "P.jsonl")]
    predictions: Option<PathBuf>,
}

/// A number of labels.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Labels {
    All,
    Some(usize),
}

impl FromStr for Labels {
    type Err = String;
    fn from_str(text: &str) -> Result<Self, String> {
        match text {
            "all" => Ok(Self::All),
            number => number.parse().map(Self::Some).map_err(|_| "give a number, or `all`".to_owned()),
        }
    }
}

/// Measures, writes the files and prints a line a figure.
///
/// # Errors
/// If a file cannot be read or written, a row is not as it should be (naming file and line), or the model cannot be
/// had.
pub(super) fn run(args: &Args) -> anyhow::Result<ExitCode> {
    let mut clock = Stages::new();
    let train = labelled_file::read(&args.train)?;
    let test = labelled_file::read(&args.test)?;
    if test.is_empty() {
        bail!("{} has no rows; give at least one labelled product", args.test.display());
    }
    let categories = match &args.categories {
        Some(file) => Categories::of_file(file, &train)?,
        None => Categories::of_rows(&train, &test)?,
    };
    clock.done("read");

    let folder = vectors::folder(&args.model)?;
    let encoder = vectors::encoder(&folder, &args.model, args.precision)?;
    clock.done("load_model");
    let texts = categories.targets.texts();
    let borrowed: Vec<&str> = texts.iter().map(String::as_str).collect();
    let embedded = encoder.embed_here(&borrowed).context("failed to embed the categories")?;
    let category_vectors: HashMap<String, Vec<f32>> =
        texts.into_iter().zip(embedded.rows().map(<[f32]>::to_vec)).collect();
    clock.done("embed_categories");

    let train_vectors = embed_rows(&encoder, &train).context("failed to embed the training rows")?;
    clock.done("embed_train");
    let mut means = ProductMeans::new();
    for (row, vector) in train.iter().zip(&train_vectors) {
        if let Some(vector) = vector {
            means.add(row.values.language.as_ref(), vector);
        }
    }
    let labelled = take_labels(train.len(), args.labels.count(train.len()), args.seed);
    let evidence =
        evidence(&labelled, &train, &train_vectors, &categories, &args.train.display().to_string())?;
    let model_recipe = encoder.recipe().to_owned();
    let input = BuildInput {
        targets: categories.targets.clone(),
        vectors: &category_vectors,
        means: &means,
        evidence: &evidence,
        model_recipe: &model_recipe,
        parameters: Parameters::default(),
    };
    let classifier = encoder.compute(|| Classifier::build(input))?;
    clock.done("build");

    let test_vectors = embed_rows(&encoder, &test).context("failed to embed the test rows")?;
    clock.done("embed_test");
    let queries: Vec<Query<'_>> =
        test.iter().zip(&test_vectors).map(|(row, vector)| query(row, vector.as_deref())).collect();
    let rankings = encoder.compute(|| classifier.rank(&queries))?;
    clock.done("rank");

    let outcomes: Vec<Outcome> = test
        .iter()
        .zip(&rankings)
        .map(|(row, ranking)| Outcome {
            truth: row.truth.clone(),
            candidates: ranking.candidates.iter().map(|c| categories.path(c.category)).collect(),
            confidence: ranking.confidence,
            accepted: matches!(
                Policy::default().judge(ranking, classifier.taxonomy()),
                Verdict::Accept { .. }
            ),
            language: row.values.language.as_ref().map(|language| language.as_str().to_owned()),
        })
        .collect();
    let settings = Settings { seed: args.seed, ..Settings::default() };
    let report = encoder.compute(|| report(&outcomes, categories.len(), &settings))?;
    let policy = judge(&classifier, &rankings, &outcomes);
    clock.done("evaluate");

    let per_second = test.len() as f64 / (clock.seconds("embed_test") + clock.seconds("rank")).max(1e-9);
    let figures = Figures {
        report,
        labels: labelled.len(),
        train_rows: train.len(),
        seconds: clock.finish(),
        products_per_second: per_second,
        model: args.model.clone(),
        approximate: berika_models::approximation(&folder),
        model_recipe,
        classifier_recipe: classifier.recipe().to_owned(),
        seed: args.seed,
        confidence_kind: CONFIDENCE_KIND,
        policy,
    };
    write_figures(&args.json, &figures)?;
    if let Some(file) = &args.predictions {
        write_predictions(file, &test, &rankings, &categories)?;
    }
    print(&figures)?;
    Ok(ExitCode::SUCCESS)
}

impl Labels {
    fn count(self, rows: usize) -> usize {
        match self {
            Self::All => rows,
            Self::Some(count) => count.min(rows),
        }
    }
}

/// The vectors of the rows' texts; `None` where a row has no text.
fn embed_rows(encoder: &Encoder, rows: &[LabelledRow]) -> anyhow::Result<Vec<Option<Vec<f32>>>> {
    let texts: Vec<String> = rows.iter().map(|row| encoder.product_text(&row.values)).collect();
    let spoken: Vec<&str> = texts.iter().map(String::as_str).filter(|text| !text.trim().is_empty()).collect();
    let vectors = encoder.embed_here(&spoken)?;
    let mut vectors = vectors.rows();
    let of = |text: &String| if text.trim().is_empty() { None } else { vectors.next().map(<[f32]>::to_vec) };
    Ok(texts.iter().map(of).collect())
}

fn query<'a>(row: &'a LabelledRow, vector: Option<&'a [f32]>) -> Query<'a> {
    Query {
        vector,
        language: row.values.language.as_ref(),
        supplier: row.supplier.as_deref(),
        supplier_category: &row.values.supplier_category,
    }
}

/// The rows that count as confirmed decisions.
fn evidence<'a>(
    labelled: &[usize],
    train: &'a [LabelledRow],
    vectors: &'a [Option<Vec<f32>>],
    categories: &'a Categories,
    file: &str,
) -> anyhow::Result<Vec<Evidence<'a>>> {
    labelled
        .iter()
        .map(|&at| {
            let row = &train[at];
            let category = categories.id(&row.truth[0]).with_context(|| {
                let path = row.truth[0].join(" > ");
                format!("{file}, line {}: category {path:?} is not among the categories given", row.line)
            })?;
            Ok(Evidence {
                key: &row.id,
                category,
                vector: vectors[at].as_deref(),
                language: row.values.language.as_ref(),
                supplier: row.supplier.as_deref(),
                supplier_category: &row.values.supplier_category,
            })
        })
        .collect()
}

fn judge(classifier: &Classifier, rankings: &[Ranking], outcomes: &[Outcome]) -> PolicyFigures {
    let policy = Policy::default();
    let (mut accepted, mut right, mut review, mut rejected) = (0, 0, 0, 0);
    for (ranking, outcome) in rankings.iter().zip(outcomes) {
        match policy.judge(ranking, classifier.taxonomy()) {
            Verdict::Accept { .. } => {
                accepted += 1;
                right += usize::from(outcome.candidates.first().is_some_and(|c| outcome.truth.contains(c)));
            }
            Verdict::Review { .. } => review += 1,
            Verdict::Reject { .. } => rejected += 1,
        }
    }
    let share = |count: usize| count as f64 / rankings.len().max(1) as f64;
    PolicyFigures {
        accepted: share(accepted),
        accepted_precision: (accepted > 0).then(|| right as f64 / accepted as f64),
        review: share(review),
        rejected: share(rejected),
    }
}

/// Wall-clock seconds of the stages that follow one another.
struct Stages {
    begun: Instant,
    last: Instant,
    seconds: BTreeMap<&'static str, f64>,
}

impl Stages {
    fn new() -> Self {
        let now = Instant::now();
        Self { begun: now, last: now, seconds: BTreeMap::new() }
    }

    fn done(&mut self, stage: &'static str) {
        self.seconds.insert(stage, self.last.elapsed().as_secs_f64());
        self.last = Instant::now();
    }

    fn seconds(&self, stage: &str) -> f64 {
        self.seconds.get(stage).copied().unwrap_or_default()
    }

    fn finish(mut self) -> BTreeMap<&'static str, f64> {
        self.seconds.insert("total", self.begun.elapsed().as_secs_f64());
        self.seconds
    }
}

fn print(figures: &Figures) -> anyhow::Result<()> {
    let mut out = std::io::stdout().lock();
    let report = &figures.report;
    let model = vectors::shown(&figures.model, figures.approximate.as_ref());
    writeln!(
        out,
        "{} rows, {} categories, {} labels, seed {}, model {} ({})",
        report.rows, report.categories, figures.labels, figures.seed, model, figures.model_recipe
    )?;
    for (name, estimate) in [
        ("top1", report.top1),
        ("top3", report.top3),
        ("top5", report.top5),
        ("macro_f1", report.macro_f1),
        ("hierarchical_f1", report.hierarchical_f1),
    ] {
        writeln!(out, "{name:16} {:.3}  [{:.3}, {:.3}]", estimate.value, estimate.low, estimate.high)?;
    }
    writeln!(out, "{:16} {:.0}", "products/second", figures.products_per_second)?;
    Ok(())
}

#[cfg(test)]
mod tests;
