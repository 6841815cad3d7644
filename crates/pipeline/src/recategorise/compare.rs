//! Two models on the same products, before anyone plans anything: the classifier that follows from the decisions with each,
//! judged pair by pair. Nothing public changes; vectors computed on the way are kept for the plan that may follow.

mod judged;
mod rows;
mod verdict;

use std::sync::Arc;
use std::time::{Duration, Instant};

use berika_catalog::CategoryId;
use berika_classify::RankError;
use berika_evaluate::{
    Comparison, Estimate, EvaluateError, Pair, Settings, compare as compare_pairs, report,
};
use berika_store::StoreError;
use serde::Serialize;

use super::planning::PlanError;
use super::selection::Chosen;
use super::vectors::{self, Texts};
use crate::judge::{Judge, JudgeError, Light};
use crate::{Config, Encoder, Engine, ModelError};
use judged::JudgedRow;
pub use rows::{LabelledProduct, Rows};
pub use verdict::{Verdict, Winner};

/// The fewest products that say anything of a difference.
pub const FEWEST: usize = 50;

/// The most examples of products that only one model has right, for each.
const EXAMPLES: usize = 10;

/// The texts that a model is timed on.
const TIMED: usize = 64;

/// What to compare.
#[derive(Debug, Clone)]
pub struct CompareOptions {
    /// The two models, as `model.id` names one.
    pub models: [String; 2],
    /// The products.
    pub rows: Rows,
}

/// Why nothing can be compared.
#[derive(Debug, thiserror::Error)]
pub enum CompareError {
    /// The memory.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// A model.
    #[error("{model}")]
    Model {
        /// The model.
        model: String,
        /// What is wrong.
        source: ModelError,
    },
    /// Vectors cannot be computed.
    #[error(transparent)]
    Vectors(#[from] PlanError),
    /// A classifier cannot be built.
    #[error("cannot judge products")]
    Judge(#[from] JudgeError),
    /// A vector does not fit.
    #[error("a stored vector does not fit the model")]
    Rank(#[from] RankError),
    /// The figures.
    #[error(transparent)]
    Evaluate(#[from] EvaluateError),
    /// Nothing was ever categorised.
    #[error("there is nothing to compare on: the store has no taxonomy {0} yet; `berika run` first")]
    NoTaxonomy(String),
    /// There are not enough products.
    #[error("{have} products are too few to tell two models apart: at least {} more are needed; {hint}", FEWEST - have)]
    TooFew {
        /// How many there are.
        have: usize,
        /// Where more come from.
        hint: &'static str,
    },
}

/// How two models compare.
#[derive(Debug, Clone, Serialize)]
pub struct ModelComparison {
    /// Products that were compared.
    pub rows: usize,
    /// What a reader of the figures should know.
    pub notes: Vec<String>,
    /// The two, in the order asked for.
    pub models: [ModelResult; 2],
    /// The first less the second, paired.
    pub paired: Comparison,
    /// Products that only the first has right: the first few.
    pub only_first: Vec<Example>,
    /// Products that only the second has right: the first few.
    pub only_second: Vec<Example>,
    /// What follows.
    pub verdict: Verdict,
}

/// How a model does.
#[derive(Debug, Clone, Serialize)]
pub struct ModelResult {
    /// The model.
    pub model: String,
    /// How its vectors are computed.
    pub recipe: String,
    /// Numbers in a vector.
    pub dimensions: usize,
    /// Bytes of its files.
    pub bytes: u64,
    /// Milliseconds a text, on the threads configured, over a few of these products.
    pub milliseconds_per_text: f64,
    /// Vectors that had to be computed.
    pub computed: u64,
    /// The share of products whose first candidate is right.
    pub top1: Estimate,
    /// The share that would be accepted without a look.
    pub accepted: Estimate,
    /// The share of these that is right; `None` where none would be accepted.
    pub accepted_right: Option<Estimate>,
    /// What would be accepted, in one sentence.
    pub acceptance: String,
}

/// A product on which the two disagree.
#[derive(Debug, Clone, Serialize)]
pub struct Example {
    /// The product.
    pub product: String,
    /// Its title.
    pub title: Option<String>,
    /// What is right; none where it belongs to none of ours.
    pub right: Vec<CategoryId>,
    /// What the first model says.
    pub first: Option<CategoryId>,
    /// What the second one says.
    pub second: Option<CategoryId>,
}

/// Compares two models. The store is locked meanwhile; nothing public is written.
///
/// # Errors
/// [`CompareError`].
pub async fn compare(engine: &Engine, options: &CompareOptions) -> Result<ModelComparison, CompareError> {
    let taxonomy = &engine.config.taxonomy.id;
    let known = engine.store.taxonomy(taxonomy).await?;
    let known = Arc::new(known.ok_or_else(|| CompareError::NoTaxonomy(taxonomy.clone()))?);
    let mut notes = Vec::new();
    let mut results = Vec::with_capacity(2);
    for model in &options.models {
        results.push(of_model(engine, model, &known, &options.rows, &mut notes).await?);
    }
    let (Some((second, mut second_rows)), Some((first, mut first_rows))) = (results.pop(), results.pop())
    else {
        unreachable!("there are two models")
    };
    // One of them may lack a product: a decision may be cross-fitted with one classifier and have no vector with the other.
    judged::keep_shared(&mut first_rows, &mut second_rows);
    let rows = first_rows.len();
    if rows < FEWEST {
        return Err(CompareError::TooFew { have: rows, hint: options.rows.hint() });
    }
    notes.dedup();
    let settings = Settings::default();
    let right = |rows: &[JudgedRow]| rows.iter().map(JudgedRow::is_right).collect();
    let pair = Pair { this: right(&first_rows), other: right(&second_rows) };
    let paired = compare_pairs(&[pair], &settings)?;
    let examples = |wanted: fn(&JudgedRow, &JudgedRow) -> bool| {
        let both = first_rows.iter().zip(&second_rows).filter(|(first, second)| wanted(first, second));
        both.take(EXAMPLES).map(|(first, second)| judged::example(first, second)).collect()
    };
    let only_first = examples(|first, second| first.is_right() && !second.is_right());
    let only_second = examples(|first, second| !first.is_right() && second.is_right());
    let verdict = Verdict::of(&paired, &options.models);
    let categories = known.leaves().count();
    let models = [
        measured(first, &first_rows, categories, &settings)?,
        measured(second, &second_rows, categories, &settings)?,
    ];
    Ok(ModelComparison { rows, notes, models, paired, only_first, only_second, verdict })
}

/// A model before its figures are known.
struct Loaded {
    model: String,
    recipe: String,
    dimensions: usize,
    bytes: u64,
    milliseconds_per_text: f64,
    computed: u64,
    acceptance: String,
}

async fn of_model(
    engine: &Engine,
    model: &str,
    taxonomy: &Arc<berika_catalog::Taxonomy>,
    rows: &Rows,
    notes: &mut Vec<String>,
) -> Result<(Loaded, Vec<JudgedRow>), CompareError> {
    let failed = |source| CompareError::Model { model: model.to_owned(), source };
    let mut config: Config = engine.config.clone();
    config.model.id = model.to_owned();
    let encoder = Encoder::load(&config, &engine.store).await.map_err(failed)?;
    let bytes = size(&Encoder::folder(&config).map_err(failed)?);
    let texts = Texts { encoder: &encoder, other_model: model != engine.config.model.id };
    let mut computed = vectors::complete(engine, texts, taxonomy, &Chosen::default()).await?;
    let mut decisions = engine.store.current_decisions(encoder.recipe(), &config.taxonomy.id).await?;
    vectors::of_decided(engine, texts, &mut decisions).await?;
    let judge =
        Judge::of(engine, &config, &encoder, taxonomy.clone(), decisions.clone(), Light::Shadow).await?;
    let (judged, more) = match rows {
        Rows::Audits => (judged::audits(&judge, &decisions), 0),
        Rows::Labelled(products) => {
            judged::labelled(engine, &judge, &encoder, taxonomy, products, &decisions, notes).await?
        }
    };
    computed += more;
    let timed: Vec<String> = judged.iter().take(TIMED).map(|row| encoder.product_text(&row.values)).collect();
    let (milliseconds_per_text, dimensions) = time(&encoder, timed).await.map_err(failed)?;
    let loaded = Loaded {
        model: model.to_owned(),
        recipe: encoder.recipe().to_owned(),
        dimensions,
        bytes,
        milliseconds_per_text,
        computed,
        acceptance: judge.acceptance.to_string(),
    };
    Ok((loaded, judged))
}

fn measured(
    loaded: Loaded,
    rows: &[JudgedRow],
    categories: usize,
    settings: &Settings,
) -> Result<ModelResult, EvaluateError> {
    let outcomes: Vec<_> = rows.iter().map(JudgedRow::outcome).collect();
    let figures = report(&outcomes, categories, settings)?;
    let Loaded { model, recipe, dimensions, bytes, milliseconds_per_text, computed, acceptance } = loaded;
    Ok(ModelResult {
        model,
        recipe,
        dimensions,
        bytes,
        milliseconds_per_text,
        computed,
        top1: figures.top1,
        accepted: figures.accepted,
        accepted_right: figures.accepted_precision,
        acceptance,
    })
}

/// How long a text takes, and how many numbers its vector has. Measured, and decides nothing.
async fn time(encoder: &Encoder, texts: Vec<String>) -> Result<(f64, usize), ModelError> {
    let count = texts.len();
    let began = Instant::now();
    let vectors = encoder.embed(texts, |_| {}).await?;
    let took: Duration = began.elapsed();
    let dimensions = vectors.rows().next().map_or(0, <[f32]>::len);
    Ok((took.as_secs_f64() * 1000.0 / count.max(1) as f64, dimensions))
}

/// Bytes of the files in a folder.
fn size(folder: &std::path::Path) -> u64 {
    let entries = std::fs::read_dir(folder).into_iter().flatten().flatten();
    entries
        .filter_map(|entry| std::fs::metadata(entry.path()).ok())
        .filter(|m| m.is_file())
        .map(|m| m.len())
        .sum()
}
