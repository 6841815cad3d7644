//! The configured taxonomy file and its versions in the store.

use std::io::Read as _;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use berika_catalog::{Language, Taxonomy};
use berika_classify::taxonomy_file::{Format, MOST_BYTES, TaxonomyFileError, read};
use berika_store::{StoreError, TaxonomyImport};

use crate::{Config, Engine};

/// Why there is no taxonomy.
#[derive(Debug, thiserror::Error)]
pub enum TaxonomyLoadError {
    /// The file cannot be read.
    #[error("cannot read the taxonomy {}", path.display())]
    Unreadable {
        /// The file.
        path: PathBuf,
        /// Why.
        source: std::io::Error,
    },
    /// Neither name nor content say what it is.
    #[error("the taxonomy {} is in no known format: name it .jsonl, .csv or .yaml, or use the file of Google (with ids), Shopify or GS1", .0.display())]
    Format(PathBuf),
    /// It is larger than any taxonomy.
    #[error("the taxonomy {} has {size} bytes; at most {MOST_BYTES} are read", path.display())]
    TooLarge {
        /// The file.
        path: PathBuf,
        /// Its size.
        size: u64,
    },
    /// Its content.
    #[error("the taxonomy {}", path.display())]
    Content {
        /// The file.
        path: PathBuf,
        /// What is wrong.
        source: TaxonomyFileError,
    },
    /// The memory.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// Reads a taxonomy file. Google's file does not say its language: `language` is taken.
///
/// # Errors
/// [`TaxonomyLoadError`], naming the file.
pub fn read_file(path: &Path, id: &str, language: &Language) -> Result<Taxonomy, TaxonomyLoadError> {
    let (name, bytes) = file_bytes(path)?;
    let format = Format::of(&name, &bytes).ok_or_else(|| TaxonomyLoadError::Format(path.to_owned()))?;
    read(&name, format, language, id, 1, &bytes)
        .map_err(|source| TaxonomyLoadError::Content { path: path.to_owned(), source })
}

/// A file's name and content; what has no size of its own, such as a pipe, is read no further than a file.
pub(crate) fn file_bytes(path: &Path) -> Result<(String, Vec<u8>), TaxonomyLoadError> {
    let unreadable = |source| TaxonomyLoadError::Unreadable { path: path.to_owned(), source };
    let file = std::fs::File::open(path).map_err(unreadable)?;
    let size = file.metadata().map_err(unreadable)?.len();
    let mut bytes = Vec::new();
    if size <= MOST_BYTES as u64 {
        file.take(MOST_BYTES as u64 + 1).read_to_end(&mut bytes).map_err(unreadable)?;
    }
    if size > MOST_BYTES as u64 || bytes.len() > MOST_BYTES {
        let size = size.max(bytes.len() as u64);
        return Err(TaxonomyLoadError::TooLarge { path: path.to_owned(), size });
    }
    let name = path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
    Ok((name, bytes))
}

/// Reads the configured file, as [`read_file`] does.
///
/// # Errors
/// [`TaxonomyLoadError`].
pub fn read_configured(config: &Config) -> Result<Taxonomy, TaxonomyLoadError> {
    read_file(&config.resolve(&config.taxonomy.path), &config.taxonomy.id, &config.markets[0].language)
}

/// The taxonomy that products are put into now: the stored one. An empty store takes the configured file in; later a
/// file that differs is only mentioned, because a new taxonomy moves products and that is a person's word
/// (`berika taxonomy import`).
///
/// # Errors
/// [`TaxonomyLoadError`].
pub(crate) async fn load(engine: &Engine) -> Result<Arc<Taxonomy>, TaxonomyLoadError> {
    let configured = read_configured(&engine.config);
    if let Some(stored) = engine.store.taxonomy(&engine.config.taxonomy.id).await? {
        match configured {
            Ok(configured) if configured.digest() == stored.digest() => {}
            Ok(configured) => {
                tracing::warn!("{}", differing(engine, &configured, &stored).await?);
            }
            Err(error) => engine.progress.note(&format!(
                "{}; version {} in the store is used",
                berika_net::error_chain(&error),
                stored.version
            )),
        }
        return Ok(Arc::new(stored));
    }
    let configured = configured?;
    import(engine, &configured).await?;
    Ok(Arc::new(configured))
}

/// What to do where the configured file is not what is stored.
async fn differing(
    engine: &Engine,
    configured: &Taxonomy,
    stored: &Taxonomy,
) -> Result<String, TaxonomyLoadError> {
    for version in (1..stored.version).rev() {
        let former = engine.store.taxonomy_at(&stored.id, version).await?;
        if former.is_some_and(|former| former.digest() == configured.digest()) {
            return Ok(format!(
                "the taxonomy file is still that of version {version}, and the store is at version {}: `berika taxonomy \
                 export FILE` writes what is stored",
                stored.version
            ));
        }
    }
    Ok(format!(
        "the taxonomy file differs from version {} in the store: `berika taxonomy import` takes it over, `berika taxonomy \
         export FILE` writes what is stored",
        stored.version
    ))
}

/// A taxonomy as a file that is read back as it is: a category a line.
pub fn jsonl(taxonomy: &Taxonomy) -> String {
    let line = |category| serde_json::to_string(category).unwrap_or_default() + "\n";
    taxonomy.categories().iter().map(line).collect()
}

/// Stores a taxonomy as the next version. Products whose category is gone with it return to review.
///
/// # Errors
/// Any statement's failure.
pub async fn import(engine: &Engine, taxonomy: &Taxonomy) -> Result<TaxonomyImport, StoreError> {
    engine.store.import_taxonomy(taxonomy, engine.now()).await
}
