//! What every stage works with: configuration, store, network, time, randomness.

use std::sync::{Arc, Mutex, PoisonError};

use berika_catalog::Clock;
use berika_net::{AddressPolicy, Client, ClientError, InvalidAddressRange};
use berika_sources::{PATIENCE, Sources};
use berika_store::{Access, Store, StoreError};
use jiff::Timestamp;
use rand::RngCore;
use tokio_util::sync::CancellationToken;

use crate::{Config, Ids, Progress};

/// Looks a variable of the environment up. Passed in, so that nothing below the command line reads the environment.
pub type Environment = Arc<dyn Fn(&str) -> Option<String> + Send + Sync>;

/// All that a run needs.
pub struct Engine {
    /// The configuration.
    pub config: Config,
    /// The memory.
    pub store: Store,
    /// The only way out.
    pub client: Client,
    /// Where deliveries come from.
    pub sources: Sources,
    /// The time.
    pub clock: Arc<dyn Clock>,
    /// Who is told how it goes.
    pub progress: Arc<dyn Progress>,
    /// Set when the run is to end after the batch in hand.
    pub stop: CancellationToken,
    /// Variables, for secrets.
    pub environment: Environment,
    ids: Mutex<Ids>,
    /// Where the store is where there is none yet.
    _scratch: Option<tempfile::TempDir>,
}

/// Why an engine cannot start.
#[derive(Debug, thiserror::Error)]
pub enum EngineError {
    /// `network.allow` holds something that is no address range.
    #[error("the configuration's network.allow")]
    Network(#[source] InvalidAddressRange),
    /// There is no TLS.
    #[error("cannot set up the network")]
    Client(#[source] ClientError),
    /// The store.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// A folder for a store that is not there yet.
    #[error("cannot make a temporary folder")]
    Scratch(#[source] std::io::Error),
}

impl Engine {
    /// Opens the store for work and sets up the network.
    ///
    /// # Errors
    /// [`EngineError`].
    pub async fn start(
        config: Config,
        clock: Arc<dyn Clock>,
        random: Box<dyn RngCore + Send>,
        environment: Environment,
        progress: Arc<dyn Progress>,
    ) -> Result<Self, EngineError> {
        let store = Store::open(&config.resolve(&config.store.path), Access::Work).await?;
        Self::over(store, None, config, (clock, random), environment, progress)
    }

    /// The same for looking only: nothing is locked and nothing written. Where there is no store yet, nothing is known.
    ///
    /// # Errors
    /// [`EngineError`].
    pub async fn look(
        config: Config,
        clock: Arc<dyn Clock>,
        random: Box<dyn RngCore + Send>,
        environment: Environment,
        progress: Arc<dyn Progress>,
    ) -> Result<Self, EngineError> {
        match Store::open(&config.resolve(&config.store.path), Access::Read).await {
            Err(StoreError::Absent(_)) => {
                let scratch = tempfile::tempdir().map_err(EngineError::Scratch)?;
                let store = Store::open(&scratch.path().join("empty.sqlite"), Access::Work).await?;
                Self::over(store, Some(scratch), config, (clock, random), environment, progress)
            }
            store => Self::over(store?, None, config, (clock, random), environment, progress),
        }
    }

    fn over(
        store: Store,
        scratch: Option<tempfile::TempDir>,
        config: Config,
        (clock, random): (Arc<dyn Clock>, Box<dyn RngCore + Send>),
        environment: Environment,
        progress: Arc<dyn Progress>,
    ) -> Result<Self, EngineError> {
        let client = client(&config)?;
        Ok(Self {
            config,
            store,
            sources: Sources::new(client.clone(), PATIENCE),
            client,
            clock,
            progress,
            stop: CancellationToken::new(),
            environment,
            ids: Mutex::new(Ids::new(random)),
            _scratch: scratch,
        })
    }

    /// The present moment.
    pub fn now(&self) -> Timestamp {
        self.clock.now()
    }

    /// Whether the run is to end after the batch in hand.
    pub fn stopping(&self) -> bool {
        self.stop.is_cancelled()
    }

    /// Uses the ids and random numbers. Never across an await.
    pub fn with_ids<T>(&self, use_ids: impl FnOnce(&mut Ids) -> T) -> T {
        use_ids(&mut self.ids.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

/// The network as configured: public addresses and those allowed.
pub(crate) fn client(config: &Config) -> Result<Client, EngineError> {
    let policy = AddressPolicy::allowing(&config.network.allow).map_err(EngineError::Network)?;
    Client::new(policy).map_err(EngineError::Client)
}
