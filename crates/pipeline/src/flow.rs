//! The order of stages, and nothing else:
//!
//! feed → product → text → vector → category → description → published document → delivery
//!
//! Every stage asks the store what is stale and ends when nothing is. Nothing is handed from stage to stage but
//! through the store, so a run that was killed is gone on with by the next, wherever it was.

use std::sync::Arc;
use std::time::{Duration, Instant};

use berika_catalog::{SupplierId, Taxonomy};
use berika_store::{NewRun, StoreError};

use crate::judge::JudgeError;
use crate::model::{Encoder, ModelError};
use crate::report::{Delivered, RunReport, StageTime, SupplierOutcome, SupplierReport, TextCounts};
use crate::stages::{categorise, deliver, describe, embed, import, publish, text};
use crate::taxonomy::TaxonomyLoadError;
use crate::writers::{VoiceFileError, Voices, Writers};
use crate::{Acceptance, Engine, duplicates, review, taxonomy};

/// What to run.
#[derive(Debug, Clone, Default)]
pub struct RunOptions {
    /// Only these suppliers' deliveries; all where empty.
    pub suppliers: Vec<SupplierId>,
    /// Only look at deliveries and count what they would change.
    pub dry_run: bool,
    /// Who started it.
    pub by: String,
}

/// Why a run could not go on. A supplier's or an endpoint's failure is no such reason: it is in the report.
#[derive(Debug, thiserror::Error)]
pub enum RunError {
    /// The memory.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The encoder.
    #[error(transparent)]
    Model(#[from] ModelError),
    /// A market's voice.
    #[error(transparent)]
    Voice(#[from] VoiceFileError),
    /// The taxonomy.
    #[error(transparent)]
    Taxonomy(#[from] TaxonomyLoadError),
    /// The classifier cannot be built.
    #[error("cannot categorise")]
    Classify(#[from] JudgeError),
    /// A supplier that is not configured.
    #[error("there is no supplier {asked} in the configuration; there are: {known}")]
    UnknownSupplier {
        /// The one asked for.
        asked: SupplierId,
        /// Those there are.
        known: String,
    },
}

/// Runs the whole flow once.
///
/// # Errors
/// [`RunError`]; everything done up to then is kept.
pub async fn run(engine: &Engine, options: &RunOptions) -> Result<RunReport, RunError> {
    let began = Instant::now();
    let mut times = Times::default();
    let configured = &engine.config.suppliers;
    if let Some(asked) = options.suppliers.iter().find(|id| configured.iter().all(|s| s.id != **id)) {
        let known = configured.iter().map(|s| s.id.as_str()).collect::<Vec<_>>().join(", ");
        return Err(RunError::UnknownSupplier { asked: asked.clone(), known });
    }
    let run = engine.with_ids(|ids| ids.next("run", engine.clock.now()));
    // A dry run looks at deliveries only and leaves the store as it is.
    let taxonomy = if options.dry_run { None } else { Some(taxonomy::load(engine).await?) };
    let mut encoder = None;
    let mut failures = Vec::new();
    if let Some(taxonomy) = &taxonomy {
        // Without a model nothing new is categorised, but what is settled still goes out.
        match Encoder::load_for_work(engine).await {
            Ok(loaded) => encoder = Some(loaded),
            Err(ModelError::Store(error)) => return Err(error.into()),
            Err(error) => {
                let why = berika_net::error_chain(&error);
                failures.push(format!("nothing was categorised: {why}"));
            }
        }
        let recipes = serde_json::json!({
            "model": model_shown(engine),
            "encoder": encoder.as_ref().map(Encoder::recipe),
            "taxonomy": format!("{} version {}", taxonomy.id, taxonomy.version),
        });
        let command = if options.suppliers.is_empty() { "run" } else { "run --supplier" };
        let new = NewRun { id: &run, command, by: &options.by, recipes: &recipes };
        engine.store.begin_run(new, engine.now()).await?;
    }

    let clock = Instant::now();
    let outcomes = import::stage(engine, &run, options).await?;
    let rows = outcomes.iter().map(|(_, outcome)| rows_read(outcome)).sum();
    times.add("feeds", clock, rows);

    let voices = Voices::load(&engine.config)?;
    let (mut texts, mut acceptance) = (None, None);
    let mut endpoints = Vec::new();
    if let Some(taxonomy) = taxonomy {
        let clock = Instant::now();
        times.add("duplicates", clock, duplicates::stage(engine).await?);

        if let Some(encoder) = encoder {
            let (counts, accepts) = categorise_all(engine, &run, &encoder, &taxonomy, &mut times).await?;
            (texts, acceptance) = (Some(counts), accepts);
        }

        endpoints = carry_through(engine, &run, &taxonomy, &voices, &mut times, &mut failures).await?;

        let days = |days: u32| jiff::SignedDuration::from_hours(24 * i64::from(days));
        let retention = &engine.config.retention;
        engine
            .store
            .forget_old_deliveries(days(retention.payload_days), days(retention.attempt_days), engine.now())
            .await?;
        engine.store.forget_replaced(days(retention.attempt_days), engine.now()).await?;
    }

    let mut suppliers = Vec::with_capacity(outcomes.len());
    for (supplier, outcome) in outcomes {
        suppliers.push(SupplierReport {
            name: supplier.shown().to_owned(),
            standing: engine.store.supplier_counts(&supplier.id).await?,
            id: supplier.id,
            outcome,
        });
    }
    let configured: Vec<&str> = engine.config.endpoints.iter().map(|e| e.id.as_str()).collect();
    for (endpoint, waiting) in engine.store.waiting_by_endpoint().await? {
        if !configured.contains(&endpoint.as_str()) {
            failures.push(format!(
                "{waiting} events wait for endpoint {endpoint}, which is no longer configured"
            ));
        }
    }
    let report = RunReport {
        failures,
        run,
        suppliers,
        stages: times.0,
        texts,
        acceptance,
        endpoints,
        interrupted: engine.stopping(),
        took: began.elapsed(),
    };
    if !options.dry_run {
        let counts = serde_json::to_value(&report).unwrap_or_default();
        engine.store.finish_run(&report.run, &counts, engine.now()).await?;
    }
    Ok(report)
}

/// Description, publishing and delivery: what follows from categories, whoever settled them.
pub(crate) async fn carry_through(
    engine: &Engine,
    run: &str,
    taxonomy: &Taxonomy,
    voices: &Voices,
    times: &mut Times,
    failures: &mut Vec<String>,
) -> Result<Vec<Delivered>, RunError> {
    let clock = Instant::now();
    let writers = match Writers::of(engine) {
        Ok(writers) => writers,
        // A model that cannot be had is no reason to publish nothing.
        Err(error) => {
            let why = berika_net::error_chain(&error);
            failures.push(format!("the composer wrote all descriptions: {why}"));
            Writers::composer(engine.config.model.threads).map_err(ModelError::Workers)?
        }
    };
    let described = describe::stage(engine, run, taxonomy, &writers, voices).await?;
    failures.extend(writers.out_of_use().into_iter().map(|(model, why)| format!("{model}: {why}")));
    times.add("description", clock, described);

    let clock = Instant::now();
    times.add("publish", clock, publish::stage(engine, taxonomy).await?);

    let clock = Instant::now();
    let endpoints = deliver::stage(engine).await?;
    times.add("delivery", clock, endpoints.iter().map(|e| e.delivered + e.failed).sum());
    Ok(endpoints)
}

/// The model as the store remembers it, with what it stands in for.
fn model_shown(engine: &Engine) -> String {
    let id = &engine.config.model.id;
    let approximate = Encoder::locate(&engine.config).ok().and_then(|located| located.approximate);
    approximate.map_or_else(|| id.clone(), |approximate| format!("{id} ({approximate})"))
}

/// Text, vector and category, and the order of review that follows from them: the stages that need the model.
async fn categorise_all(
    engine: &Engine,
    run: &str,
    encoder: &Encoder,
    taxonomy: &Arc<Taxonomy>,
    times: &mut Times,
) -> Result<(TextCounts, Option<Acceptance>), RunError> {
    let clock = Instant::now();
    times.add("text", clock, text::stage(engine, encoder).await?);

    let clock = Instant::now();
    let category_texts = categorise::category_texts(engine, taxonomy);
    let texts = embed::stage(engine, encoder, category_texts).await?;
    times.add("vector", clock, texts.embedded);

    // Stopped before every category has its vector, there is nothing to compare with.
    let mut acceptance = None;
    if !engine.stopping() {
        let clock = Instant::now();
        let (items, accepts) = categorise::stage(engine, run, encoder, taxonomy.clone()).await?;
        times.add("category", clock, items);
        acceptance = Some(accepts);

        let clock = Instant::now();
        times.add("review", clock, review::stage(engine, encoder).await?);
    }
    Ok((texts, acceptance))
}

/// How long each stage took. Elapsed time is measured, never used to decide anything.
#[derive(Default)]
pub(crate) struct Times(pub(crate) Vec<StageTime>);

impl Times {
    pub(crate) fn add(&mut self, stage: &'static str, since: Instant, items: u64) {
        let took: Duration = since.elapsed();
        tracing::info!(stage, items, seconds = took.as_secs_f64(), "stage ended");
        self.0.push(StageTime { stage, took, items });
    }
}

fn rows_read(outcome: &SupplierOutcome) -> u64 {
    match outcome {
        SupplierOutcome::TakenIn(taken) | SupplierOutcome::Reported(taken) => taken.counts.read,
        SupplierOutcome::Failed { counts, .. } => counts.read,
        SupplierOutcome::Unchanged | SupplierOutcome::Held { .. } | SupplierOutcome::NotReached => 0,
    }
}
