//! A plan applied: exactly what it says, in one run, or not at all.
//!
//! Refuse or begin, then the change of the taxonomy, then the moves in batches, then what follows from them until it is
//! delivered. Whatever ends in between, the same command goes on: what is made is known from what was copied of it.

use std::collections::BTreeMap;
use std::time::{Duration, Instant};

use berika_catalog::taxonomy_change::{ChangeError, Changed};
use berika_catalog::{ProductKey, Taxonomy};
use berika_store::{
    Application, ApplicationState, Categorisation, NewApplication, NewRun, PlannedMove, ROWS_PER_TRANSACTION,
    Since, StoreError, StoredText,
};
use serde::Serialize;

use super::changed::{self, Differences, DifferencesError};
use super::plan::{Move, Plan};
use super::{canary, plan_file};
use crate::flow::{Times, carry_through};
use crate::report::{Delivered, StageTime, endpoint_problems, seconds};
use crate::writers::{VoiceFileError, Voices};
use crate::{Engine, ModelError, RunError};

/// The most products that are listed of those left for one reason.
const MOST_LISTED: usize = 1_000;

/// How a plan is applied.
#[derive(Debug, Clone, Default)]
pub struct ApplyOptions {
    /// Only this share of the moves for now, above 0 and at most 1.
    pub canary: Option<f64>,
    /// Go on behind the canary.
    pub go_on: bool,
    /// Leave products as they are that have changed since the plan was made.
    pub skip_changed: bool,
    /// Who applies it.
    pub by: String,
}

/// Why a plan is not applied.
#[derive(Debug, thiserror::Error)]
pub enum ApplyError {
    /// It is about other products.
    #[error("the plan was made on another store ({plan}, this is {here}); make one on this store")]
    OtherStore {
        /// The plan's store.
        plan: String,
        /// This one.
        here: String,
    },
    /// What it follows from no longer holds.
    #[error("the plan no longer fits, and nothing was changed; make a new one{}:{differences}", hint(.differences))]
    Changed {
        /// What.
        differences: Differences,
    },
    /// The same, of a plan that is under way.
    #[error(
        "the plan no longer fits what is left to do of it, and {made} moves stay made; `berika recategorise revert {run}` \
         takes them back{}:{differences}", hint(.differences)
    )]
    ChangedUnderWay {
        /// The application's run.
        run: String,
        /// Moves made.
        made: u64,
        /// What.
        differences: Differences,
    },
    /// It is done.
    #[error("the plan was applied already, in {0}")]
    AppliedAlready(String),
    /// It was taken back.
    #[error("the plan was applied in {run} and taken back by {by}; make a new plan")]
    TakenBack {
        /// The application's run.
        run: String,
        /// The revert's.
        by: String,
    },
    /// Its canary waits.
    #[error(
        "the canary of this plan ({0}) is made; look at it, then go on with --continue or take it back with \
         `berika recategorise revert {0}`"
    )]
    CanaryWaits(String),
    /// Nothing has begun.
    #[error("there is no canary of this plan to go on behind; apply it without --continue")]
    NothingToContinue,
    /// A changed taxonomy holds for all products.
    #[error(
        "the plan changes the taxonomy, which holds for all products at once: apply it without --canary, `berika \
         recategorise revert` takes it back"
    )]
    CanaryOfTaxonomy,
    /// Another plan of the same id.
    #[error("a plan of the same id and other content was begun in {0}; make a new plan")]
    OtherContent(String),
    /// It does not hang together.
    #[error("what the plan says of {0} means nothing; make the plan anew")]
    Faulty(ProductKey),
    /// Its change of the taxonomy.
    #[error("the plan's change of the taxonomy cannot be made, and nothing was changed")]
    Taxonomy(#[from] ChangeError),
    /// The memory.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The model.
    #[error(transparent)]
    Model(#[from] ModelError),
    /// A market's voice.
    #[error(transparent)]
    Voice(#[from] VoiceFileError),
    /// What follows from the moves.
    #[error("the moves are made; the same command goes on with what follows from them")]
    CarryThrough(#[from] RunError),
}

impl From<DifferencesError> for ApplyError {
    fn from(error: DifferencesError) -> Self {
        match error {
            DifferencesError::Store(error) => Self::Store(error),
            DifferencesError::Model(error) => Self::Model(error),
        }
    }
}

fn hint(differences: &Differences) -> &'static str {
    if differences.can_be_skipped() { ", or pass over what has changed with --skip-changed" } else { "" }
}

/// Products left as they are, for one reason.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Left {
    /// Why.
    pub why: String,
    /// How many.
    pub count: u64,
    /// The first of them.
    pub products: Vec<String>,
}

impl Left {
    pub(super) fn new(why: String) -> Self {
        Self { why, count: 0, products: Vec::new() }
    }

    pub(super) fn add(&mut self, product: &ProductKey) {
        self.count += 1;
        if self.products.len() < MOST_LISTED {
            self.products.push(product.to_string());
        }
    }
}

/// What applying a plan has come to.
#[derive(Debug, Clone, Serialize)]
pub struct Applied {
    /// The run that applies it.
    pub run: String,
    /// The plan's id.
    pub plan: String,
    /// How far it is.
    pub state: ApplicationState,
    /// Moves of the whole plan.
    pub moves: u64,
    /// Of these, moves made, by this command and before.
    pub moved: u64,
    /// Products left as they are although the plan moves them.
    pub left: Vec<Left>,
    /// Per stage.
    pub stages: Vec<StageTime>,
    /// Per endpoint.
    pub endpoints: Vec<Delivered>,
    /// What failed apart from endpoints, as sentences.
    pub failures: Vec<String>,
    /// Whether it was asked to end before all was done.
    pub interrupted: bool,
    /// How long this command took.
    #[serde(serialize_with = "seconds")]
    pub took: Duration,
}

impl Applied {
    /// What keeps it from being a full success, as sentences; empty where nothing does.
    pub fn problems(&self) -> Vec<String> {
        let run = &self.run;
        let mut problems = self.failures.clone();
        problems.extend(self.left.iter().map(|left| {
            let are = if left.count == 1 { "product stays" } else { "products stay" };
            format!("{} {are} as before: {}", left.count, left.why)
        }));
        problems.extend(endpoint_problems(&self.endpoints));
        if self.interrupted {
            problems.push("it was interrupted; the same command goes on where it stopped".to_owned());
        } else if self.state == ApplicationState::Canary {
            problems.push(format!(
                "{} of {} moves are made and carried through: look at them (`berika runs show {run}`), then go on with \
                 --continue, or take them back with `berika recategorise revert {run}`",
                self.moved, self.moves
            ));
        }
        problems
    }
}

/// Applies a plan, or goes on with it.
///
/// # Errors
/// [`ApplyError`]; where it says so nothing was changed, and everything done up to then is kept otherwise.
pub async fn apply(engine: &Engine, plan: &Plan, options: &ApplyOptions) -> Result<Applied, ApplyError> {
    let began = Instant::now();
    let store = &engine.store;
    let here = store.identity(&engine.with_ids(|ids| ids.next("store", engine.now()))).await?;
    if here != plan.basis.store {
        return Err(ApplyError::OtherStore { plan: plan.basis.store.clone(), here });
    }
    let digest = plan_file::digest(plan);
    let begun = store.application_of_plan(&plan.id).await?;
    match &begun {
        Some(application) => may_go_on(application, digest.as_str(), options)?,
        None if options.go_on => return Err(ApplyError::NothingToContinue),
        None => store.nothing_under_way().await?,
    }
    if options.canary.is_some() && plan.taxonomy.is_some() {
        return Err(ApplyError::CanaryOfTaxonomy);
    }
    let step = step(engine, plan).await?;
    let differences = changed::since(engine, plan, step.as_ref(), begun.as_ref()).await?;
    let passed_over = options.skip_changed && differences.can_be_skipped();
    if !differences.0.is_empty() && !passed_over {
        return Err(match begun {
            None => ApplyError::Changed { differences },
            Some(application) => {
                let made = store.moves_made(&application.run).await?;
                ApplyError::ChangedUnderWay { run: application.run, made, differences }
            }
        });
    }
    let voices = Voices::load(&engine.config)?;
    let mut times = Times::default();
    let (run, taxonomy) =
        begin(engine, plan, digest.as_str(), step.as_ref(), begun, options, &mut times).await?;

    let places = match options.canary {
        Some(share) => canary::first(plan, share),
        None => (0..plan.moves.len()).collect(),
    };
    let clock = Instant::now();
    let left = make_moves(engine, &run, plan, step.as_ref(), &places).await?;
    let mut applied = Applied {
        plan: plan.id.clone(),
        state: ApplicationState::Applying,
        moves: plan.moves.len() as u64,
        moved: store.moves_made(&run).await?,
        left,
        stages: Vec::new(),
        endpoints: Vec::new(),
        failures: Vec::new(),
        interrupted: false,
        took: Duration::ZERO,
        run,
    };
    times.add("moves", clock, applied.moved);
    if !engine.stopping() {
        applied.endpoints =
            carry_through(engine, &applied.run, &taxonomy, &voices, &mut times, &mut applied.failures)
                .await?;
    }
    applied.interrupted = engine.stopping();
    applied.stages = times.0;
    applied.took = began.elapsed();
    if applied.interrupted {
        return Ok(applied);
    }
    let part = places.len() < plan.moves.len();
    applied.state = if part { ApplicationState::Canary } else { ApplicationState::Applied };
    let counts = serde_json::to_value(&applied).unwrap_or_default();
    if part {
        store.pause_application(&applied.run, &counts).await?;
    } else {
        store.finish_application(&applied.run, &counts, engine.now()).await?;
    }
    Ok(applied)
}

/// Whether an application that has begun is gone on with.
fn may_go_on(application: &Application, digest: &str, options: &ApplyOptions) -> Result<(), ApplyError> {
    let run = application.run.clone();
    if application.digest != digest {
        return Err(ApplyError::OtherContent(run));
    }
    match application.state {
        ApplicationState::Applied => Err(ApplyError::AppliedAlready(run)),
        ApplicationState::Reverting | ApplicationState::Reverted => {
            Err(ApplyError::TakenBack { run, by: application.reverted_by.clone().unwrap_or_default() })
        }
        ApplicationState::Canary if !options.go_on => Err(ApplyError::CanaryWaits(run)),
        ApplicationState::Canary | ApplicationState::Applying => Ok(()),
    }
}

/// What the plan makes of the taxonomy that it was made on; `None` where it leaves it, or that version is not here.
async fn step(engine: &Engine, plan: &Plan) -> Result<Option<Changed>, ApplyError> {
    let (Some(step), basis) = (&plan.taxonomy, &plan.basis) else { return Ok(None) };
    let before = engine.store.taxonomy_at(&basis.taxonomy, basis.version).await?;
    let before = before.filter(|before| before.digest() == basis.taxonomy_digest);
    Ok(before.map(|before| step.changed(&before)).transpose()?)
}

/// Begins, or goes on, and makes the change of the taxonomy. Returns the run and the taxonomy that holds from now on.
async fn begin(
    engine: &Engine,
    plan: &Plan,
    digest: &str,
    step: Option<&Changed>,
    begun: Option<Application>,
    options: &ApplyOptions,
    times: &mut Times,
) -> Result<(String, Taxonomy), ApplyError> {
    let store = &engine.store;
    let Some(now) = store.taxonomy(&plan.basis.taxonomy).await? else {
        return Err(ApplyError::Changed { differences: Differences::no_taxonomy(plan) });
    };
    let step = step.filter(|_| !changed::is_made(plan, &now));
    let after = step.map_or(&now, |step| &step.taxonomy);
    if let Some(product) = changed::fault(plan, after) {
        return Err(ApplyError::Faulty(product.clone()));
    }
    let first = begun.is_none();
    let run = match begun {
        Some(application) => {
            if application.state == ApplicationState::Canary {
                store.resume_application(&application.run).await?;
            }
            application.run
        }
        None => {
            let run = engine.with_ids(|ids| ids.next("run", engine.now()));
            let recipes = serde_json::json!({
                "plan": plan.id,
                "judge": plan.basis.judge,
                "model": plan.basis.model,
                "encoder": plan.basis.encoder,
                "taxonomy": format!("{} version {}", after.id, after.version),
            });
            let new_run =
                NewRun { id: &run, command: "recategorise apply", by: &options.by, recipes: &recipes };
            let (moves, taxonomy) = (plan.moves.len() as u64, plan.basis.taxonomy.as_str());
            let new = NewApplication { plan: &plan.id, digest, taxonomy, moves };
            store.begin_application(new_run, new, engine.now()).await?;
            run
        }
    };
    let Some(step) = step else { return Ok((run, now)) };
    let clock = Instant::now();
    if let Err(error) = store.apply_taxonomy(&run, step, engine.now()).await {
        if first {
            let counts = serde_json::json!({ "failures": [berika_net::error_chain(&error)] });
            store.abandon_application(&run, &counts, engine.now()).await?;
        }
        return Err(error.into());
    }
    times.add("taxonomy", clock, 1);
    Ok((run, step.taxonomy.clone()))
}

/// Makes these moves, batch by batch, until it is done or asked to end. Returns what was left.
async fn make_moves(
    engine: &Engine,
    run: &str,
    plan: &Plan,
    step: Option<&Changed>,
    places: &[usize],
) -> Result<Vec<Left>, StoreError> {
    let mut left: BTreeMap<Since, Left> = BTreeMap::new();
    engine.progress.begin("moves", Some(places.len() as u64));
    for batch in places.chunks(ROWS_PER_TRANSACTION) {
        if engine.stopping() {
            break;
        }
        let moves: Vec<PlannedMove> = batch.iter().map(|place| planned(&plan.moves[*place], step)).collect();
        let moved = engine.store.make_moves(run, &moves).await?;
        for (place, since) in moved.left {
            let left = left.entry(since).or_insert_with(|| Left::new(since.to_string()));
            left.add(&moves[place].from.product);
        }
        engine.progress.advance("moves", batch.len() as u64);
    }
    engine.progress.end("moves");
    Ok(left.into_values().collect())
}

fn planned(planned: &Move, step: Option<&Changed>) -> PlannedMove {
    let (from, to) = (changed::standing(planned, step), &planned.to);
    PlannedMove {
        to: Categorisation {
            verdict: to.verdict.clone(),
            category: to.category.as_ref().map(ToString::to_string),
            confidence: to.confidence,
            candidates: to.candidates.to_value(),
            reasons: to.reasons.clone(),
            recipe: to.recipe.clone(),
            decision: from.decision,
            promise: to.promise,
            audit: to.audit.clone(),
        },
        text: planned.text.as_ref().map(|text| {
            let stored = StoredText {
                text: text.text.clone(),
                text_hash: text.text_hash.clone(),
                evidence_hash: text.evidence_hash.clone(),
                facts_hash: text.facts_hash.clone(),
            };
            (text.recipe.clone(), stored)
        }),
        from,
    }
}
