//! Getting a delivery onto this machine: a file as it lies, or a conditional fetch into a temporary file.

use std::fs::File;
use std::path::PathBuf;
use std::time::Duration;

use berika_catalog::Digest;
use berika_net::{FetchRequest, Fetched, RetryPolicy, Url, redacted};
use berika_store::SourceState;

use super::{ImportError, config_hash};
use crate::Engine;
use crate::config::SupplierConfig;

/// A delivery that lies on this machine.
#[derive(Debug)]
pub(crate) struct Spooled {
    /// Its file.
    pub(crate) path: PathBuf,
    /// Its file or address as it is shown, without credentials.
    pub(crate) shown: String,
    /// The hash of its bytes as they came.
    pub(crate) body_hash: Digest,
    /// The hash of the configuration that it is read with.
    pub(crate) config_hash: Digest,
    /// Validators for the next fetch.
    pub(crate) etag: Option<String>,
    /// Validators for the next fetch.
    pub(crate) last_modified: Option<String>,
    /// Deletes the file in the end.
    _temporary: Option<tempfile::TempPath>,
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
    match (&supplier.source.path, &supplier.source.url) {
        (Some(path), _) => local(engine, supplier, path).await.map(Some),
        (None, url) => remote(engine, supplier, url.as_deref().unwrap_or_default(), known).await,
    }
}

async fn local(
    engine: &Engine,
    supplier: &SupplierConfig,
    path: &std::path::Path,
) -> Result<Spooled, ImportError> {
    let path = engine.config.resolve(path);
    let shown =
        path.file_name().map_or_else(|| path.display().to_string(), |n| n.to_string_lossy().into_owned());
    let body_hash = hash_file(supplier, path.clone()).await?;
    let config_hash = config_hash(supplier);
    Ok(Spooled { path, shown, body_hash, config_hash, etag: None, last_modified: None, _temporary: None })
}

async fn remote(
    engine: &Engine,
    supplier: &SupplierConfig,
    url: &str,
    known: SourceState,
) -> Result<Option<Spooled>, ImportError> {
    let name = || supplier.id.to_string();
    let url = Url::parse(url).map_err(|source| ImportError::Url { supplier: name(), source })?;
    let shown = redacted(&url);
    let io = |file: &str| {
        let file = file.to_owned();
        move |source| ImportError::File { supplier: name(), file, source }
    };
    let mut request = FetchRequest::new(url);
    request.deadline = Duration::from_secs(supplier.source.timeout_seconds.max(1));
    request.max_bytes = supplier.source.max_megabytes << 20;
    request.if_none_match = known.etag;
    request.if_modified_since = known.last_modified;
    for (header, source) in &supplier.source.headers {
        let secret = source
            .read(&engine.config.folder, &*engine.environment)
            .map_err(|source| ImportError::Secret { supplier: name(), header: header.clone(), source })?;
        request.headers.push((header.clone(), secret));
    }

    let temporary = tempfile::NamedTempFile::new().map_err(io("a temporary file"))?;
    let (file, temporary) = temporary.into_parts();
    let mut file = tokio::fs::File::from_std(file);
    let fetched = engine
        .client
        .fetch_with_retries(&request, RetryPolicy::default(), &mut file)
        .await
        .map_err(|source| ImportError::Fetch { supplier: name(), source })?;
    drop(file);
    let body = match fetched {
        Fetched::NotModified => return Ok(None),
        Fetched::Body(body) => body,
    };
    Ok(Some(Spooled {
        body_hash: hash_file(supplier, temporary.to_path_buf()).await?,
        path: temporary.to_path_buf(),
        shown,
        config_hash: config_hash(supplier),
        etag: body.etag,
        last_modified: body.last_modified,
        _temporary: Some(temporary),
    }))
}

/// Whether a delivery is still what was hashed: a local file may be overwritten while it is read.
pub(crate) async fn is_still(supplier: &SupplierConfig, spooled: &Spooled) -> Result<bool, ImportError> {
    if supplier.source.path.is_none() {
        return Ok(true);
    }
    Ok(hash_file(supplier, spooled.path.clone()).await? == spooled.body_hash)
}

async fn hash_file(supplier: &SupplierConfig, path: PathBuf) -> Result<Digest, ImportError> {
    let shown = path.display().to_string();
    let failed =
        |source| ImportError::File { supplier: supplier.id.to_string(), file: shown.clone(), source };
    let hashed = tokio::task::spawn_blocking(move || Digest::of_reader(File::open(path)?)).await;
    hashed.map_err(|_| ImportError::Thread(supplier.id.to_string()))?.map_err(failed)
}
