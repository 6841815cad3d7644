//! The multilingual test model: a real XLM-R-tokenised encoder, fetched once into the folder of models.
//!
//! It is the stand-in for multilingual-e5-small, whose bytes are pinned and which the tests have reference vectors of.
//! Tests do not fetch it themselves: without it, those that need it say that they were skipped.

use anyhow::Context;
use berika_models::{Options, default_cache_dir, ensure};

const MODEL: &str = "multilingual-e5-small-q4";

/// `cargo xtask model`.
///
/// # Errors
/// If the model is not there and cannot be fetched.
pub(crate) fn run() -> anyhow::Result<()> {
    let cache = default_cache_dir().context("no folder for models: set BERIKA_MODELS or HOME")?;
    println!("looking for {MODEL} in {} (once, about 90 MB are fetched)", cache.display());
    let folder = ensure(MODEL, &cache, &(), &Options::default())?;
    println!("{} is there", folder.display());
    Ok(())
}

/// Fetches the model unless it is there. Returns the line to show at the end if the tests have to go without it.
///
/// # Errors
/// If it cannot be fetched where it is `needed`, so that a check never passes without the tests that use it.
pub(crate) fn prepare(needed: bool) -> anyhow::Result<Option<String>> {
    let Err(error) = run() else { return Ok(None) };
    if needed {
        return Err(error.context("failed to fetch the model that tests need"));
    }
    Ok(Some({
        format!(
            "skipped: tests with the multilingual model because it could not be fetched ({error:#}), get it by \
             `cargo xtask model`"
        )
    }))
}
