//! The sentence encoder, loaded once and used off the async threads.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use berika_catalog::ProductValues;
use berika_catalog::text::{TokenLimit, product_text};
use berika_classify::prompt::for_both_sides;
use berika_embed::{Cpu, EmbedError, LoadError, Model, Precision, Prompt, UnknownPrecision, Vectors};
use berika_models::{Kind, LocateError, Located};
use berika_store::{Store, StoreError};

use crate::precision::ChosenPrecision;
use crate::workers::Workers;
use crate::{Config, Engine};

/// Why there is no encoder, or it failed.
#[derive(Debug, thiserror::Error)]
pub enum ModelError {
    /// It is not on this machine.
    #[error("no model; `berika model fetch` gets it")]
    Locate(#[from] LocateError),
    /// Its folder cannot be loaded.
    #[error("the model cannot be loaded")]
    Load(#[from] LoadError),
    /// The store's vectors are in a precision of a newer program.
    #[error("the store's precision is not known; use a newer berika, or set model.precision")]
    Precision(#[from] UnknownPrecision),
    /// The store.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// There are no threads to compute on.
    #[error("cannot start the computing threads; set model.threads to fewer")]
    Workers(#[from] rayon::ThreadPoolBuildError),
    /// A forward pass failed.
    #[error("the model failed")]
    Embed(#[from] EmbedError),
    /// The thread that computed ended early.
    #[error("the embedding thread ended early; this is a bug in berika")]
    Thread(#[from] tokio::task::JoinError),
    /// There is no folder to keep models in.
    #[error("no folder for models: set BERIKA_MODELS or HOME")]
    NoCache,
}

/// A loaded model with the prompt that products and categories are embedded with, and the threads that compute.
#[derive(Debug, Clone)]
pub struct Encoder {
    model: Arc<Model>,
    prompt: String,
    recipe: String,
    text_tokens: usize,
    workers: Workers,
}

impl Encoder {
    /// Where the configured model is, or its stand-in.
    ///
    /// # Errors
    /// [`ModelError::Locate`] says how to get it.
    pub fn folder(config: &Config) -> Result<PathBuf, ModelError> {
        Self::locate(config).map(|located| located.folder)
    }

    /// As [`Self::folder`], with what is known of the model.
    ///
    /// # Errors
    /// As [`Self::folder`].
    pub fn locate(config: &Config) -> Result<Located, ModelError> {
        let cache = berika_models::default_cache_dir().ok_or(ModelError::NoCache)?;
        let id = &config.model.id;
        // A folder is written relative to the configuration, an id is not.
        let folder = config.resolve(Path::new(id));
        let id = if folder.is_dir() { folder.to_string_lossy().into_owned() } else { id.clone() };
        Ok(berika_models::find_here_for(Kind::Embedding, &id, &cache)?)
    }

    /// What the vectors of `store` are computed in as configured; the fastest precision here where it has none yet.
    ///
    /// # Errors
    /// [`ModelError`].
    pub async fn precision(config: &Config, store: &Store) -> Result<ChosenPrecision, ModelError> {
        let recorded = store.precision().await?;
        Ok(ChosenPrecision::of(config.model.precision, recorded.as_deref(), Cpu::detected())?)
    }

    /// Loads the configured model as the store's vectors are computed.
    ///
    /// # Errors
    /// [`ModelError`].
    pub async fn load(config: &Config, store: &Store) -> Result<Self, ModelError> {
        let ChosenPrecision { precision, .. } = Self::precision(config, store).await?;
        let (folder, model) = (Self::folder(config)?, config.model.clone());
        let load = move || Self::load_folder(&folder, &model.id, precision, model.threads);
        tokio::task::spawn_blocking(load).await?
    }

    /// As [`Self::load`], for computing vectors: their precision is recorded in the store, and that it is slow here or
    /// takes the place of another one is said.
    ///
    /// # Errors
    /// [`ModelError`].
    pub(crate) async fn load_for_work(engine: &Engine) -> Result<Self, ModelError> {
        let chosen = Self::precision(&engine.config, &engine.store).await?;
        let encoder = Self::load(&engine.config, &engine.store).await?;
        let recorded = engine.store.precision().await?;
        if let Some(warning) = chosen.replacement(recorded.as_deref()) {
            tracing::warn!("{warning}");
        }
        if let Some(warning) = chosen.warning(Cpu::detected()) {
            tracing::warn!("{warning}");
        }
        engine.store.record_precision(chosen.precision.as_str()).await?;
        Ok(encoder)
    }

    /// Loads the model in a folder, to compute in `precision` on so many threads (0: as many as the process may use).
    /// Blocks. A folder may come without its prompts: the manifest's for `id` are added.
    ///
    /// # Errors
    /// [`ModelError`].
    pub fn load_folder(
        folder: &Path,
        id: &str,
        precision: Precision,
        threads: usize,
    ) -> Result<Self, ModelError> {
        let workers = Workers::start(threads)?;
        let model = workers.compute(|| Model::load_with(folder, precision, Cpu::detected()))?;
        let mut prompts = berika_models::find(id).map(|entry| entry.prompts.clone()).unwrap_or_default();
        prompts.extend(model.prompts().clone());
        let prompt = match for_both_sides(&prompts) {
            Some(name) => prompts[name].clone(),
            None => model.prompt_text(Prompt::Default)?.to_owned(),
        };
        let recipe = model.recipe(Prompt::Text(&prompt))?;
        // The prompt's own count includes the two tokens around every text.
        let taken = if prompt.is_empty() { 0 } else { model.count_tokens(&prompt).saturating_sub(2) };
        let text_tokens = model.max_tokens().saturating_sub(taken);
        Ok(Self { model: Arc::new(model), prompt, recipe, text_tokens, workers })
    }

    /// What decides a vector besides the text.
    pub fn recipe(&self) -> &str {
        &self.recipe
    }

    /// The most tokens of a text, those of the prompt taken off.
    pub fn text_tokens(&self) -> usize {
        self.text_tokens
    }

    /// How many tokens a text has, with the two around it.
    pub fn count_tokens(&self, text: &str) -> usize {
        self.model.count_tokens(text)
    }

    /// What is embedded of a product.
    pub fn product_text(&self, values: &ProductValues) -> String {
        let count = |text: &str| self.model.count_tokens(text);
        product_text(values, &TokenLimit { most: self.text_tokens, count: &count })
    }

    /// How many threads compute.
    pub fn threads(&self) -> usize {
        self.workers.count()
    }

    /// Computes on the encoder's threads and blocks until it is done: whatever else runs on several threads belongs
    /// there, too.
    pub fn compute<T: Send>(&self, work: impl FnOnce() -> T + Send) -> T {
        self.workers.compute(work)
    }

    /// The unit vectors of these texts, in their order. Blocks.
    ///
    /// # Errors
    /// [`ModelError::Embed`] where the model's files are damaged.
    pub fn embed_here(&self, texts: &[&str]) -> Result<Vectors, ModelError> {
        self.embed_telling(texts, &mut |_| {})
    }

    fn embed_telling(
        &self,
        texts: &[&str],
        done: &mut (dyn FnMut(usize) + Send),
    ) -> Result<Vectors, ModelError> {
        let prompt = Prompt::Text(&self.prompt);
        Ok(self.compute(|| self.model.embed(texts, prompt, &mut |count| done(count)))?)
    }

    /// The unit vectors of these texts, in their order, computed off the async threads. `done` is told now and then how
    /// many there are.
    ///
    /// # Errors
    /// [`ModelError`].
    pub(crate) async fn embed(
        &self,
        texts: Vec<String>,
        mut done: impl FnMut(usize) + Send + 'static,
    ) -> Result<Vectors, ModelError> {
        let encoder = self.clone();
        tokio::task::spawn_blocking(move || {
            let texts: Vec<&str> = texts.iter().map(String::as_str).collect();
            encoder.embed_telling(&texts, &mut done)
        })
        .await?
    }
}
