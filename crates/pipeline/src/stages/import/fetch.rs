//! Asking a source for a delivery with what is remembered of the last one, and hashing what comes.

use std::fs::File;
use std::path::PathBuf;

use berika_catalog::Digest;
use berika_sources::{Delivery, Got, Surroundings, Validators};
use berika_store::SourceState;
use rand::Rng as _;

use super::{ImportError, config_hash};
use crate::Engine;
use crate::config::SupplierConfig;

/// A delivery that lies on this machine, and how it is recognised.
#[derive(Debug)]
pub(crate) struct Spooled {
    /// The delivery.
    pub(crate) delivery: Delivery,
    /// The hash of its bytes as they came.
    pub(crate) body_hash: Digest,
    /// The hash of the configuration that it is read with.
    pub(crate) config_hash: Digest,
}

/// Gets a supplier's delivery; `None` where the server says that it is the one taken in before.
pub(crate) async fn fetch(
    engine: &Engine,
    supplier: &SupplierConfig,
) -> Result<Option<Spooled>, ImportError> {
    let state = engine.store.source(&supplier.id).await?;
    // What was read with another mapping must come again whole. A held delivery does by itself: the validators are those
    // of the last delivery that was taken in.
    let same_reading = state.config_hash.as_ref() == Some(&config_hash(supplier));
    let known = Some(state).filter(|_| same_reading);
    get(engine, supplier, known.unwrap_or_default()).await
}

/// Gets a supplier's delivery, whether it was taken in before or not.
pub(crate) async fn fetch_whole(
    engine: &Engine,
    supplier: &SupplierConfig,
) -> Result<Option<Spooled>, ImportError> {
    get(engine, supplier, SourceState::default()).await
}

async fn get(
    engine: &Engine,
    supplier: &SupplierConfig,
    known: SourceState,
) -> Result<Option<Spooled>, ImportError> {
    let failed = |source| ImportError::Source { supplier: supplier.id.to_string(), source };
    let known = Validators { etag: known.etag, last_modified: known.last_modified };
    let random = || engine.with_ids(|ids| ids.random().random());
    let around =
        Surroundings { folder: &engine.config.folder, environment: &*engine.environment, random: &random };
    let delivery = match engine.sources.get(&supplier.source, &known, around).await.map_err(failed)? {
        Got::Unchanged => return Ok(None),
        Got::Delivery(delivery) => *delivery,
    };
    Ok(Some(Spooled {
        body_hash: hash_file(supplier, delivery.path.clone()).await?,
        config_hash: config_hash(supplier),
        delivery,
    }))
}

/// Whether a delivery is still what was hashed: a local file may be overwritten while it is read.
pub(crate) async fn is_still(supplier: &SupplierConfig, spooled: &Spooled) -> Result<bool, ImportError> {
    if spooled.delivery.temporary.is_some() {
        return Ok(true);
    }
    Ok(hash_file(supplier, spooled.delivery.path.clone()).await? == spooled.body_hash)
}

async fn hash_file(supplier: &SupplierConfig, path: PathBuf) -> Result<Digest, ImportError> {
    let shown = path.display().to_string();
    let failed =
        |source| ImportError::File { supplier: supplier.id.to_string(), file: shown.clone(), source };
    let hashed = tokio::task::spawn_blocking(move || Digest::of_reader(File::open(path)?)).await;
    hashed.map_err(|_| ImportError::Thread(supplier.id.to_string()))?.map_err(failed)
}
