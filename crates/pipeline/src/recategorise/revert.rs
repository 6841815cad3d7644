//! An application taken back: products that nobody has touched since stand as before, the others are left and listed.

use std::time::{Duration, Instant};

use berika_store::{Application, ApplicationState, NewRevert, NewRun, ROWS_PER_TRANSACTION, StoreError};
use serde::Serialize;

use super::apply::Left;
use crate::flow::{Times, carry_through};
use crate::report::{Delivered, StageTime, endpoint_problems, seconds};
use crate::writers::{VoiceFileError, Voices};
use crate::{Engine, RunError};

/// What a revert's run is called in the log.
const COMMAND: &str = "recategorise revert";

/// How an application is taken back.
#[derive(Debug, Clone, Default)]
pub struct RevertOptions {
    /// Who takes it back.
    pub by: String,
}

/// Why an application is not taken back. Nothing is changed then.
#[derive(Debug, thiserror::Error)]
pub enum RevertError {
    /// There is none.
    #[error("there is no run {0}; `berika runs list` shows those there are")]
    UnknownRun(String),
    /// It is something else.
    #[error("{run} is a run of `berika {command}`, which applied no plan: there is nothing to take back")]
    NoApplication {
        /// The run.
        run: String,
        /// Its command.
        command: String,
    },
    /// It took one back itself.
    #[error("{0} is a revert itself; make a new plan to move the products again")]
    RevertOfRevert(String),
    /// It was done.
    #[error("{run} was taken back already, by {by}")]
    Already {
        /// The application's run.
        run: String,
        /// The revert's.
        by: String,
    },
    /// Too late.
    #[error(
        "what {0} replaced is no longer kept (retention.attempt_days says for how long); make a new plan"
    )]
    Forgotten(String),
    /// The taxonomy it made is history.
    #[error(
        "{run} made version {made} of the taxonomy, and version {latest}, which holds now, says something else; take back what \
         changed it since, or write the change back as a new one (`berika taxonomy apply`)"
    )]
    TaxonomyChanged {
        /// The application's run.
        run: String,
        /// The version it made.
        made: u32,
        /// The latest.
        latest: u32,
    },
    /// The configuration names another taxonomy.
    #[error(
        "{run} moved products within the taxonomy {taxonomy}, and the configuration names {configured}: set taxonomy.id to \
         {taxonomy:?}"
    )]
    OtherTaxonomy {
        /// The application's run.
        run: String,
        /// Its taxonomy.
        taxonomy: String,
        /// The configured one.
        configured: String,
    },
    /// The memory.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// A market's voice.
    #[error(transparent)]
    Voice(#[from] VoiceFileError),
    /// What follows.
    #[error("the products are restored; the same command goes on with what follows from it")]
    CarryThrough(#[from] RunError),
}

/// What taking an application back has come to.
#[derive(Debug, Clone, Serialize)]
pub struct TakenBack {
    /// The run that takes it back.
    pub run: String,
    /// The application's run.
    pub application: String,
    /// Products that stand as before, by this command and before.
    pub restored: u64,
    /// Products left as they are.
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

impl TakenBack {
    /// What keeps it from being a full success, as sentences; empty where nothing does.
    pub fn problems(&self) -> Vec<String> {
        let mut problems = self.failures.clone();
        problems.extend(self.left.iter().map(|left| {
            let are = if left.count == 1 { "product is" } else { "products are" };
            format!("{} {are} left as they are now: {}", left.count, left.why)
        }));
        problems.extend(endpoint_problems(&self.endpoints));
        if self.interrupted {
            problems.push("it was interrupted; the same command goes on where it stopped".to_owned());
        }
        problems
    }
}

/// Takes the application of a plan back, or goes on with it. One that is not finished is taken back as far as it went.
///
/// # Errors
/// [`RevertError`].
pub async fn revert(engine: &Engine, run: &str, options: &RevertOptions) -> Result<TakenBack, RevertError> {
    let began = Instant::now();
    let store = &engine.store;
    let application = find(engine, run).await?;
    let voices = Voices::load(&engine.config)?;
    let own = begin(engine, &application, options).await?;
    let mut times = Times::default();
    let clock = Instant::now();
    let taxonomy = crate::taxonomy::load(engine).await.map_err(RunError::from)?;
    let leaves: Vec<&str> = taxonomy.leaves().map(|leaf| taxonomy.categories()[leaf].id.as_str()).collect();
    engine.progress.begin("restore", None);
    let mut after = None;
    while !engine.stopping() {
        after = store.revert_batch(run, &leaves, after).await?;
        if after.is_none() {
            break;
        }
        engine.progress.advance("restore", ROWS_PER_TRANSACTION as u64);
    }
    engine.progress.end("restore");
    let reverted = store.reverted(run).await?;
    times.add("restore", clock, reverted.restored);

    let mut failures = Vec::new();
    let mut endpoints = Vec::new();
    if !engine.stopping() {
        endpoints = carry_through(engine, &own, &taxonomy, &voices, &mut times, &mut failures).await?;
    }
    let left = reverted.left.into_iter().map(|(why, products)| {
        let mut left = Left::new(why.to_string());
        products.iter().for_each(|product| left.add(product));
        left
    });
    let taken_back = TakenBack {
        run: own,
        application: run.to_owned(),
        restored: reverted.restored,
        left: left.collect(),
        stages: times.0,
        endpoints,
        failures,
        interrupted: engine.stopping(),
        took: began.elapsed(),
    };
    if !taken_back.interrupted {
        let counts = serde_json::to_value(&taken_back).unwrap_or_default();
        store.finish_revert(run, &taken_back.run, &counts, engine.now()).await?;
    }
    Ok(taken_back)
}

/// The application that this run is, where it can be taken back.
async fn find(engine: &Engine, run: &str) -> Result<Application, RevertError> {
    let store = &engine.store;
    let Some(application) = store.application(run).await? else {
        let known = store.runs_beginning(run, 1).await?.into_iter().find(|record| record.id == run);
        return Err(match known {
            None => RevertError::UnknownRun(run.to_owned()),
            Some(record) if record.command == COMMAND => RevertError::RevertOfRevert(record.id),
            Some(record) => RevertError::NoApplication { run: record.id, command: record.command },
        });
    };
    let run = application.run.clone();
    if application.state == ApplicationState::Reverted {
        let by = application.reverted_by.unwrap_or_default();
        return Err(RevertError::Already { run, by });
    }
    if application.forgotten {
        return Err(RevertError::Forgotten(run));
    }
    let (taxonomy, configured) = (&application.taxonomy, &engine.config.taxonomy.id);
    if taxonomy != configured {
        let (taxonomy, configured) = (taxonomy.clone(), configured.clone());
        return Err(RevertError::OtherTaxonomy { run, taxonomy, configured });
    }
    // The taxonomy is changed back with the beginning, so that one that has begun finds another content.
    if application.state != ApplicationState::Reverting
        && let Some((made, latest)) = store.taxonomy_changed_since(&run).await?
    {
        return Err(RevertError::TaxonomyChanged { run, made, latest });
    }
    Ok(application)
}

/// Begins, or goes on. Returns the run.
async fn begin(
    engine: &Engine,
    application: &Application,
    options: &RevertOptions,
) -> Result<String, StoreError> {
    if let (ApplicationState::Reverting, Some(run)) = (application.state, &application.reverted_by) {
        return Ok(run.clone());
    }
    let run = engine.with_ids(|ids| ids.next("run", engine.now()));
    let recipes = serde_json::json!({
        "plan": application.plan,
        "application": application.run,
        "taxonomy": application.taxonomy,
    });
    let new = NewRun { id: &run, command: COMMAND, by: &options.by, recipes: &recipes };
    engine.store.begin_revert(NewRevert { run: new, application: &application.run }, engine.now()).await?;
    Ok(run)
}
