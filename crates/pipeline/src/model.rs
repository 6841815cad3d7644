//! The sentence encoder, loaded once and used off the async threads.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use berika_catalog::ProductValues;
use berika_catalog::text::{TokenLimit, product_text};
use berika_classify::prompt::for_both_sides;
use berika_embed::{EmbedError, LoadError, Model, Prompt, Vectors};
use berika_models::{LocateError, Located};

use crate::Config;

/// Why there is no encoder, or it failed.
#[derive(Debug, thiserror::Error)]
pub enum ModelError {
    /// It is not on this machine.
    #[error("no model; `berika model fetch` gets it")]
    Locate(#[from] LocateError),
    /// Its folder cannot be loaded.
    #[error("the model cannot be loaded")]
    Load(#[from] LoadError),
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

/// A loaded model with the prompt that products and categories are embedded with.
#[derive(Debug, Clone)]
pub struct Encoder {
    model: Arc<Model>,
    prompt: String,
    recipe: String,
    text_tokens: usize,
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
        Ok(berika_models::find_here(&id, &cache)?)
    }

    /// Loads the configured model.
    ///
    /// # Errors
    /// [`ModelError`].
    pub async fn load(config: &Config) -> Result<Self, ModelError> {
        let (folder, id) = (Self::folder(config)?, config.model.id.clone());
        tokio::task::spawn_blocking(move || Self::load_folder(&folder, &id)).await?
    }

    /// Loads the model in a folder. Blocks. A folder may come without its prompts: the manifest's for `id` are added.
    ///
    /// # Errors
    /// [`ModelError`].
    pub fn load_folder(folder: &Path, id: &str) -> Result<Self, ModelError> {
        let model = Model::load(folder)?;
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
        Ok(Self { model: Arc::new(model), prompt, recipe, text_tokens })
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

    /// The unit vectors of these texts, in their order. Blocks, on every core.
    ///
    /// # Errors
    /// [`ModelError::Embed`] where the model's files are damaged.
    pub fn embed_here(&self, texts: &[&str]) -> Result<Vectors, ModelError> {
        Ok(self.model.embed(texts, Prompt::Text(&self.prompt), &mut |_| {})?)
    }

    /// The unit vectors of these texts, in their order, computed on the blocking pool.
    ///
    /// # Errors
    /// [`ModelError`].
    pub async fn embed(&self, texts: Vec<String>) -> Result<Vec<Vec<f32>>, ModelError> {
        let encoder = self.clone();
        tokio::task::spawn_blocking(move || {
            let texts: Vec<&str> = texts.iter().map(String::as_str).collect();
            Ok(encoder.embed_here(&texts)?.rows().map(<[f32]>::to_vec).collect())
        })
        .await?
    }
}
