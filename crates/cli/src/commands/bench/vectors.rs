//! The pipeline's encoder on a model that is fetched where it is missing.

use std::path::PathBuf;

use anyhow::Context;
use berika_embed::Cpu;
use berika_pipeline::{ChosenPrecision, Encoder, PrecisionSetting};

/// Loads the model by id, which fetches it where it is missing, or by folder, to compute in `precision`.
///
/// # Errors
/// If there is no such model or it cannot be loaded; the error says what to do.
pub(super) fn encoder(id_or_folder: &str, precision: PrecisionSetting) -> anyhow::Result<Encoder> {
    let precision = ChosenPrecision::of(precision, None, Cpu::detected())?.precision;
    Encoder::load_folder(&folder(id_or_folder)?, id_or_folder, precision, 0)
        .with_context(|| format!("failed to load model {id_or_folder}"))
}

/// The model's folder by id, which fetches it where it is missing, or the folder itself.
///
/// # Errors
/// If there is no such model; the error says what to do.
pub(super) fn folder(id_or_folder: &str) -> anyhow::Result<PathBuf> {
    let cache = berika_models::default_cache_dir()
        .context("no folder for models: set BERIKA_MODELS, or give --model a folder")?;
    Ok(match berika_models::find(id_or_folder) {
        Some(entry) => berika_models::ensure(&entry.id, &cache, &(), &berika_models::Options::default())?,
        None => berika_models::locate(id_or_folder, &cache)?,
    })
}
