//! The sentence encoder, loaded once and used off the async threads.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use berika_classify::prompt::for_both_sides;
use berika_embed::{EmbedError, LoadError, Model, Prompt};
use berika_models::LocateError;

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
}

impl Encoder {
    /// Where the configured model is.
    ///
    /// # Errors
    /// [`ModelError::Locate`] says how to get it.
    pub fn folder(config: &Config) -> Result<PathBuf, ModelError> {
        let cache = berika_models::default_cache_dir().ok_or(ModelError::NoCache)?;
        let id = &config.model.id;
        // A folder is written relative to the configuration, an id is not.
        let folder = config.resolve(Path::new(id));
        let id = if folder.is_dir() { folder.to_string_lossy().into_owned() } else { id.clone() };
        Ok(berika_models::locate(&id, &cache)?)
    }

    /// Loads the configured model.
    ///
    /// # Errors
    /// [`ModelError`].
    pub async fn load(config: &Config) -> Result<Self, ModelError> {
        let (folder, id) = (Self::folder(config)?, config.model.id.clone());
        tokio::task::spawn_blocking(move || Self::load_folder(&folder, &id)).await?
    }

    /// Loads the model in a folder. Blocks. Where the folder names no prompts, those that the manifest has for `id` are
    /// used.
    ///
    /// # Errors
    /// [`ModelError`].
    pub fn load_folder(folder: &Path, id: &str) -> Result<Self, ModelError> {
        let model = Model::load(folder)?;
        let of_manifest = berika_models::find(id).map(|entry| entry.prompts.clone()).unwrap_or_default();
        let prompts = if model.prompts().is_empty() { &of_manifest } else { model.prompts() };
        let prompt = match for_both_sides(prompts) {
            Some(name) => prompts[name].clone(),
            None => model.prompt_text(Prompt::Default)?.to_owned(),
        };
        let recipe = model.recipe(Prompt::Text(&prompt))?;
        Ok(Self { model: Arc::new(model), prompt, recipe })
    }

    /// What decides a vector besides the text.
    pub fn recipe(&self) -> &str {
        &self.recipe
    }

    /// The most tokens of a text, those of the prompt taken off.
    pub fn text_tokens(&self) -> usize {
        // The prompt's own count includes the two tokens around every text.
        let prompt =
            if self.prompt.is_empty() { 0 } else { self.model.count_tokens(&self.prompt).saturating_sub(2) };
        self.model.max_tokens().saturating_sub(prompt)
    }

    /// How many tokens a text has, with the two around it.
    pub fn count_tokens(&self, text: &str) -> usize {
        self.model.count_tokens(text)
    }

    /// The unit vectors of these texts, in their order, computed on the blocking pool.
    ///
    /// # Errors
    /// [`ModelError`].
    pub async fn embed(&self, texts: Vec<String>) -> Result<Vec<Vec<f32>>, ModelError> {
        let encoder = self.clone();
        tokio::task::spawn_blocking(move || {
            let texts: Vec<&str> = texts.iter().map(String::as_str).collect();
            let vectors = encoder.model.embed(&texts, Prompt::Text(&encoder.prompt), &mut |_| {})?;
            Ok(vectors.rows().map(<[f32]>::to_vec).collect())
        })
        .await?
    }
}
