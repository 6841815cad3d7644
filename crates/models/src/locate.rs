//! Where models lie on this machine.

use std::path::{Path, PathBuf};

use crate::checksum::present;
use crate::error::LocateError;
use crate::manifest::{Entry, find, list};

/// `$BERIKA_MODELS`, else `berika/models` in the user's cache folder (`$XDG_CACHE_HOME` or `~/.cache`); `None` where
/// the user has no home either.
#[must_use]
pub fn default_cache_dir() -> Option<PathBuf> {
    let set = |name| std::env::var_os(name).filter(|value| !value.is_empty()).map(PathBuf::from);
    set("BERIKA_MODELS").or_else(|| {
        let cache = set("XDG_CACHE_HOME").filter(|path| path.is_absolute());
        Some(cache.or_else(|| Some(std::env::home_dir()?.join(".cache")))?.join("berika").join("models"))
    })
}

/// Where a model's folder is, or would be.
#[must_use]
pub fn folder_of(entry: &Entry, cache_dir: &Path) -> PathBuf {
    cache_dir.join(&entry.id)
}

/// The folder of a model given by its id, its Hub repository or a path. Of a known model it is seen that every file is
/// there and has its size; reading them through is [`crate::verify`]'s work.
///
/// # Errors
/// When there is no such model here; the error says what to run.
pub fn locate(id_or_folder: &str, cache_dir: &Path) -> Result<PathBuf, LocateError> {
    let Some(entry) = find(id_or_folder) else {
        let folder = PathBuf::from(id_or_folder);
        return if folder.is_dir() {
            Ok(folder)
        } else {
            let known = list().iter().map(|entry| entry.id.clone()).collect();
            Err(LocateError::Unknown { asked: id_or_folder.to_owned(), known })
        };
    };
    locate_entry(entry, cache_dir)
}

pub(crate) fn locate_entry(entry: &Entry, cache_dir: &Path) -> Result<PathBuf, LocateError> {
    let folder = folder_of(entry, cache_dir);
    if !folder.is_dir() {
        return Err(LocateError::NotFetched { id: entry.id.clone(), folder });
    }
    match entry.files.iter().find_map(|file| present(&folder, file)) {
        None => Ok(folder),
        Some(problem) => Err(LocateError::Damaged { id: entry.id.clone(), problem: problem.to_string() }),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_not_here_says_what_to_run() {
        let cache = tempfile::tempdir().unwrap();
        let error = locate("all-MiniLM-L6-v2", cache.path()).unwrap_err().to_string();
        assert!(error.contains("berika model fetch all-MiniLM-L6-v2"), "{error}");
        let error = locate("no-such-model", cache.path()).unwrap_err().to_string();
        assert!(error.contains("known are all-MiniLM-L6-v2, multilingual-e5-small"), "{error}");
    }

    #[test]
    fn a_folder_is_taken_as_it_is_and_a_damaged_model_is_named() {
        let cache = tempfile::tempdir().unwrap();
        let folder = cache.path().to_str().unwrap();
        assert_eq!(locate(folder, Path::new("nowhere")).unwrap(), cache.path());
        std::fs::create_dir(cache.path().join("all-MiniLM-L6-v2")).unwrap();
        let error = locate("all-MiniLM-L6-v2", cache.path()).unwrap_err().to_string();
        assert!(error.contains("modules.json is missing"), "{error}");
    }
}
