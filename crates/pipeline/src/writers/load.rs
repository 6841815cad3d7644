//! From the configuration to writers.

use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError};

use berika_describe::LanguageModel;
use berika_describe::endpoint::{Endpoint, Ledger, PATIENCE, SettingsError, Surroundings, Time, TokioTime};
use berika_describe::phrase::Phraser;
use berika_describe::prompt::Form;
use berika_net::Client;
use rand::rngs::StdRng;
use rand::{Rng, SeedableRng};
use tokio::time::Instant;

use super::Writers;
use super::local::{LocalError, LocalModel};
use super::spending::StoreLedger;
use crate::Engine;
use crate::config::{DescriptionsConfig, GeneratorKind};

/// What writers are made of besides their configuration.
pub struct WriterSetup<'a> {
    /// Who writes.
    pub descriptions: &'a DescriptionsConfig,
    /// The folder that paths of the configuration are relative to.
    pub folder: &'a Path,
    /// How many threads the composer computes on; 0: as many as the process may use.
    pub threads: usize,
    /// The way to endpoints.
    pub client: Client,
    /// Looks a variable up.
    pub environment: &'a dyn Fn(&str) -> Option<String>,
    /// Time and chance, for an endpoint's pauses.
    pub time: Arc<dyn Time>,
    /// The books of an endpoint's budget.
    pub ledger: Arc<dyn Ledger>,
}

/// Why there are no writers.
#[derive(Debug, thiserror::Error)]
pub enum WritersError {
    /// The model on this machine.
    #[error("the local model cannot be used")]
    Local(#[from] LocalError),
    /// The model behind a server.
    #[error("descriptions.endpoint")]
    Endpoint(#[from] SettingsError),
    /// There are no threads to compute on.
    #[error("cannot start the computing threads; set model.threads to fewer")]
    Workers(#[from] rayon::ThreadPoolBuildError),
}

impl Writers {
    /// The writers of a run: an endpoint's spending is counted in the store.
    ///
    /// # Errors
    /// [`WritersError`].
    pub(crate) fn of(engine: &Engine) -> Result<Self, WritersError> {
        let descriptions = &engine.config.descriptions;
        let (model, budget) = descriptions
            .endpoint
            .as_ref()
            .map(|settings| (settings.model.clone(), settings.budget.clone()))
            .unwrap_or_default();
        let books = StoreLedger::new(
            engine.store.clone(),
            Arc::clone(&engine.clock),
            model,
            budget,
            descriptions.budget_hours,
        );
        let seed = engine.with_ids(|ids| ids.random().next_u64());
        Self::load(&WriterSetup {
            descriptions,
            folder: &engine.config.folder,
            threads: engine.config.model.threads,
            client: engine.client.clone(),
            environment: &*engine.environment,
            time: Arc::new(TokioTime::new(Instant::now(), jitter(seed))),
            ledger: Arc::new(books),
        })
    }

    /// The writers that a configuration names. A model on this machine is loaded; blocks for as long as that takes.
    ///
    /// # Errors
    /// [`WritersError`].
    pub fn load(setup: &WriterSetup<'_>) -> Result<Self, WritersError> {
        let mut models: Vec<(Box<dyn LanguageModel>, Form)> = Vec::new();
        let mut concurrency = 1;
        for kind in &setup.descriptions.generators {
            match (kind, &setup.descriptions.endpoint) {
                (GeneratorKind::Composer, _) | (GeneratorKind::Endpoint, None) => {}
                (GeneratorKind::Local, _) => {
                    let local = LocalModel::start(&setup.descriptions.local, setup.folder)?;
                    concurrency = concurrency.max(local.side_by_side());
                    let form = local.form();
                    models.push((Box::new(local), form));
                }
                (GeneratorKind::Endpoint, Some(settings)) => {
                    concurrency = concurrency.max(settings.concurrency);
                    let around = Surroundings {
                        client: setup.client.clone(),
                        patience: PATIENCE,
                        time: Arc::clone(&setup.time),
                        ledger: Arc::clone(&setup.ledger),
                    };
                    let endpoint = Endpoint::new(settings.clone(), setup.folder, setup.environment, around)?;
                    models.push((Box::new(endpoint), Form::Json));
                }
            }
        }
        if models.is_empty() {
            return Ok(Self::composer(setup.threads)?);
        }
        Ok(Self::models(Phraser::new(models), concurrency))
    }
}

/// Numbers from 0 to 1 for the lengths of pauses.
pub fn jitter(seed: u64) -> impl Fn() -> f64 + Send + Sync + 'static {
    let random = Mutex::new(StdRng::seed_from_u64(seed));
    move || random.lock().unwrap_or_else(PoisonError::into_inner).random::<f64>()
}
