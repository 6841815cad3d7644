//! The pipeline's encoder on a model that is fetched where it is missing.

use std::path::{Path, PathBuf};

use anyhow::Context;
use berika_embed::Cpu;
use berika_models::Approximation;
use berika_pipeline::{ChosenPrecision, Encoder, PrecisionSetting};

/// Loads the model in a folder that [`folder`] gave for `id_or_folder`, to compute in `precision`.
///
/// # Errors
/// If it cannot be loaded; the error says what to do.
pub(super) fn encoder(
    folder: &Path,
    id_or_folder: &str,
    precision: PrecisionSetting,
) -> anyhow::Result<Encoder> {
    let precision = ChosenPrecision::of(precision, None, Cpu::detected())?.precision;
    Encoder::load_folder(folder, id_or_folder, precision, 0)
        .with_context(|| format!("failed to load model {id_or_folder}"))
}

/// The model as it was asked for, and what it is where another one stands in for it.
pub(super) fn shown(model: &str, approximate: Option<&Approximation>) -> String {
    approximate.map_or_else(|| model.to_owned(), |approximate| format!("{model} ({approximate})"))
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_model_that_stands_in_for_another_says_so() {
        assert_eq!(shown("small", None), "small");
        let approximate = Approximation { of: "small".to_owned(), how: "4 bits".to_owned() };
        assert_eq!(shown("small", Some(&approximate)), "small (approximate, stands in for small: 4 bits)");
    }
}
