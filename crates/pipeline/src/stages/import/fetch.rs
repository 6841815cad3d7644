//! Asking a source for a delivery with what is remembered of the last one, and hashing what comes.

use std::fs::File;
use std::path::PathBuf;

use berika_catalog::{DeliveryKind, Digest};
use berika_sources::{Delivery, Got, Surroundings, Validators, Watched, archive, ready_files};
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
    /// Of a watched folder: the deltas that come after it.
    pub(crate) following: Vec<Watched>,
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
    get(engine, supplier, known.unwrap_or_default(), false).await
}

/// Gets a supplier's delivery, whether it was taken in before or not.
pub(crate) async fn fetch_whole(
    engine: &Engine,
    supplier: &SupplierConfig,
) -> Result<Option<Spooled>, ImportError> {
    get(engine, supplier, SourceState::default(), true).await
}

/// A file of this machine in a delivery's stead.
pub(crate) async fn local(
    engine: &Engine,
    supplier: &SupplierConfig,
    path: &std::path::Path,
) -> Result<Spooled, ImportError> {
    spooled(supplier, Delivery::of_file(&engine.config.resolve(path)), Vec::new()).await
}

async fn get(
    engine: &Engine,
    supplier: &SupplierConfig,
    known: SourceState,
    whole: bool,
) -> Result<Option<Spooled>, ImportError> {
    let failed = |source| ImportError::Source { supplier: supplier.id.to_string(), source };
    if let Some(watch) = &supplier.source.watch {
        let files = ready_files(watch, &engine.config.folder).await.map_err(failed)?;
        return match supplier.delivery {
            DeliveryKind::Full => newest(engine, supplier, files, whole).await,
            DeliveryKind::Delta => next_delta(engine, supplier, files).await,
        };
    }
    let known = Validators { etag: known.etag, last_modified: known.last_modified };
    let random = || engine.with_ids(|ids| ids.random().random());
    let around = Surroundings {
        folder: &engine.config.folder,
        environment: &*engine.environment,
        now: &|| engine.now(),
        random: &random,
    };
    let delivery = match engine.sources.get(&supplier.source, &known, around).await.map_err(failed)? {
        Got::Unchanged => return Ok(None),
        Got::Delivery(delivery) => *delivery,
    };
    spooled(supplier, delivery, Vec::new()).await.map(Some)
}

/// The newest file of a watched folder, which is the whole assortment. One that was taken in before the last one is no
/// news: the newer file is gone.
async fn newest(
    engine: &Engine,
    supplier: &SupplierConfig,
    files: Vec<Watched>,
    whole: bool,
) -> Result<Option<Spooled>, ImportError> {
    let Some(file) = files.last() else { return Ok(None) };
    let found = spooled(supplier, Delivery::of_file(&file.path), Vec::new()).await?;
    // The last one may have to be read again with another mapping.
    let last = engine.store.source(&supplier.id).await?.body_hash;
    let is_news = whole
        || last.as_ref() == Some(&found.body_hash)
        || !was_taken_in(engine, supplier, file, &found).await?;
    Ok(is_news.then_some(found))
}

/// The first file of a watched folder that was not taken in since it was written, and those after it.
pub(crate) async fn next_delta(
    engine: &Engine,
    supplier: &SupplierConfig,
    files: Vec<Watched>,
) -> Result<Option<Spooled>, ImportError> {
    let mut files = files.into_iter();
    while let Some(file) = files.next() {
        let mut found = spooled(supplier, Delivery::of_file(&file.path), Vec::new()).await?;
        if !was_taken_in(engine, supplier, &file, &found).await? {
            found.following = files.collect();
            return Ok(Some(found));
        }
    }
    Ok(None)
}

async fn was_taken_in(
    engine: &Engine,
    supplier: &SupplierConfig,
    file: &Watched,
    found: &Spooled,
) -> Result<bool, ImportError> {
    let begun = engine.store.taken_in(&supplier.id, &file.name, &found.body_hash).await?;
    let written = jiff::Timestamp::try_from(file.modified).ok();
    Ok(begun.is_some_and(|begun| written.is_none_or(|written| begun >= written)))
}

async fn spooled(
    supplier: &SupplierConfig,
    delivery: Delivery,
    following: Vec<Watched>,
) -> Result<Spooled, ImportError> {
    Ok(Spooled {
        body_hash: hash_file(supplier, delivery.path.clone()).await?,
        config_hash: config_hash(supplier),
        delivery,
        following,
    })
}

/// Moves a file of a watched folder out of the way once it is taken in. Where that fails it stays, and is known.
pub(crate) fn put_away(engine: &Engine, supplier: &SupplierConfig, spooled: &Spooled) {
    let folder = supplier.source.watch.as_ref().and_then(|watch| watch.archive.as_ref());
    let Some(folder) = folder else { return };
    let folder = engine.config.resolve(folder);
    if let Err(error) = archive(&spooled.delivery.path, &folder) {
        tracing::warn!(supplier = %supplier.id, file = spooled.delivery.shown, folder = %folder.display(), %error,
            "a file that was taken in cannot be moved");
    }
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
