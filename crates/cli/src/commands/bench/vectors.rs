//! The model, and the vectors of texts as the pipeline makes them.

use std::path::PathBuf;

use anyhow::Context;
use berika_catalog::{ProductValues, text};
use berika_classify::prompt;
use berika_embed::{Model, Prompt, Vectors};

/// A model with the prompt that suits comparing products with categories.
pub(super) struct Encoder {
    model: Model,
    prompt: Option<String>,
    most_tokens: usize,
}

impl Encoder {
    /// Loads the model by id, which fetches it where it is missing, or by folder.
    ///
    /// # Errors
    /// If there is no such model or it cannot be loaded; the error says what to do.
    pub(super) fn load(id_or_folder: &str) -> anyhow::Result<Self> {
        let cache = berika_models::default_cache_dir()
            .context("no folder for models: set BERIKA_MODELS, or give --model a folder")?;
        let known = berika_models::find(id_or_folder);
        let folder: PathBuf = match known {
            Some(entry) => berika_models::ensure(&entry.id, &cache, &(), &berika_models::Options::default())?,
            None => berika_models::locate(id_or_folder, &cache)?,
        };
        let model = Model::load(&folder).with_context(|| format!("failed to load model {id_or_folder}"))?;
        // A folder may come without its prompts; the manifest knows those of its models.
        let mut prompts = model.prompts().clone();
        for (name, text) in known.into_iter().flat_map(|entry| &entry.prompts) {
            prompts.entry(name.clone()).or_insert_with(|| text.clone());
        }
        let prompt = prompt::for_both_sides(&prompts).and_then(|name| prompts.get(name).cloned());
        // What the prompt takes: its tokens without the two that stand around any text.
        let front = model.prompt_text(used(prompt.as_ref()))?.to_owned();
        let taken = if front.is_empty() { 0 } else { model.count_tokens(&front).saturating_sub(2) };
        let most_tokens = model.max_tokens().saturating_sub(taken);
        Ok(Self { model, prompt, most_tokens })
    }

    /// The product's text by the product template, within the model's limit.
    pub(super) fn product_text(&self, values: &ProductValues) -> String {
        let count = |text: &str| self.model.count_tokens(text);
        text::product_text(values, &text::TokenLimit { most: self.most_tokens, count: &count })
    }

    /// The vectors of `texts`, in their order. Empty texts must have been left out.
    ///
    /// # Errors
    /// If the model's files are damaged.
    pub(super) fn embed(&self, texts: &[&str]) -> anyhow::Result<Vectors> {
        Ok(self.model.embed(texts, used(self.prompt.as_ref()), &mut |_| {})?)
    }

    /// What decides a vector besides the text.
    ///
    /// # Errors
    /// Never in practice: the prompt is a text.
    pub(super) fn recipe(&self) -> anyhow::Result<String> {
        Ok(self.model.recipe(used(self.prompt.as_ref()))?)
    }
}

fn used(prompt: Option<&String>) -> Prompt<'_> {
    prompt.map_or(Prompt::Default, |text| Prompt::Text(text))
}
