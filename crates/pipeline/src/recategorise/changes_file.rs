//! A change of the taxonomy as a person hands it in: a file of changes, or a whole new taxonomy.

use std::path::{Path, PathBuf};

use berika_catalog::taxonomy_change::{ChangeError, changed};
use berika_catalog::{CategoryId, Language, Taxonomy};
use berika_classify::taxonomy_file::{
    ChangesFile, MOST_LEVELS, TaxonomyFileError, looks_like_changes, read_changes,
};

use super::plan::TaxonomyStep;
use crate::taxonomy::{TaxonomyLoadError, file_bytes, read_file};

/// Why a file is no change of the taxonomy.
#[derive(Debug, thiserror::Error)]
pub enum ChangesFileError {
    /// It cannot be read, or it is neither a file of changes nor a taxonomy.
    #[error(transparent)]
    File(#[from] TaxonomyLoadError),
    /// It was written for another version.
    #[error(
        "{} says from_version {says}, and the store's taxonomy is at version {stored}: look at what changed since \
         (`berika taxonomy export`), then put the number right", path.display()
    )]
    Version {
        /// The file.
        path: PathBuf,
        /// What it says.
        says: u32,
        /// The version in the store.
        stored: u32,
    },
    /// It is done.
    #[error("the changes of {} are made: they are version {version} of the taxonomy", path.display())]
    Made {
        /// The file.
        path: PathBuf,
        /// The version in the store.
        version: u32,
    },
    /// A change cannot be made.
    #[error("{}", path.display())]
    Change {
        /// The file.
        path: PathBuf,
        /// Why.
        source: ChangeError,
    },
    /// It makes a taxonomy that could not be read back.
    #[error(
        "{}: category {category} would stand more than {MOST_LEVELS} levels below the root; move it further up",
        path.display()
    )]
    TooDeep {
        /// The file.
        path: PathBuf,
        /// The category.
        category: CategoryId,
    },
    /// It is the taxonomy that is stored already.
    #[error("{} says what version {stored} in the store says: there is nothing to change", path.display())]
    Same {
        /// The file.
        path: PathBuf,
        /// The version in the store.
        stored: u32,
    },
}

/// Reads a file of changes.
///
/// # Errors
/// [`TaxonomyLoadError`], naming the file.
pub fn read(path: &Path) -> Result<ChangesFile, TaxonomyLoadError> {
    let (name, bytes) = file_bytes(path)?;
    read_changes(&name, &bytes).map_err(|source| content(path, source))
}

/// The step from `before` that a file asks for: a file of changes ([`looks_like_changes`]), or a whole taxonomy. Google's
/// taxonomy does not say its language: `language` is taken.
///
/// # Errors
/// [`ChangesFileError`], naming the file.
pub fn step(path: &Path, before: &Taxonomy, language: &Language) -> Result<TaxonomyStep, ChangesFileError> {
    let (name, bytes) = file_bytes(path)?;
    if !looks_like_changes(&name, &bytes) {
        let after = read_file(path, &before.id, language)?;
        if after.digest() == before.digest() {
            return Err(ChangesFileError::Same { path: path.to_owned(), stored: before.version });
        }
        return Ok(TaxonomyStep { changes: Vec::new(), categories: after.categories().to_vec() });
    }
    let file = read_changes(&name, &bytes).map_err(|source| content(path, source))?;
    if let Some(says) = file.from_version.filter(|says| *says != before.version) {
        return Err(ChangesFileError::Version { path: path.to_owned(), says, stored: before.version });
    }
    let changed = changed(before, &file.changes)
        .map_err(|source| ChangesFileError::Change { path: path.to_owned(), source })?;
    let after = &changed.taxonomy;
    let too_deep = |leaf: &usize| after.path(*leaf).len() > MOST_LEVELS;
    if let Some(leaf) = after.leaves().find(too_deep) {
        let category = after.categories()[leaf].id.clone();
        return Err(ChangesFileError::TooDeep { path: path.to_owned(), category });
    }
    Ok(TaxonomyStep::from(&changed))
}

/// The file's name and what is in it.
fn content(path: &Path, source: TaxonomyFileError) -> TaxonomyLoadError {
    TaxonomyLoadError::Content { path: path.to_owned(), source }
}
