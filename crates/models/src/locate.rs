//! Where models lie on this machine.

use std::fs::File;
use std::io::Read as _;
use std::path::{Path, PathBuf};

use crate::checksum::present;
use crate::error::LocateError;
use crate::manifest::{Approximation, Entry, Kind, find_in, list, stand_in};
use crate::place::APPROXIMATE;

/// The most bytes of the file that marks a folder as approximate.
const APPROXIMATE_CAP: u64 = 64 << 10;

/// A model that is on this machine.
#[derive(Clone, Debug, PartialEq)]
pub struct Located {
    /// Its folder.
    pub folder: PathBuf,
    /// What the manifest says of the model in that folder: of its stand-in, if that is what is here. `None` for a folder
    /// of one's own.
    pub entry: Option<&'static Entry>,
    /// Set where the folder's model stands in for another.
    pub approximate: Option<Approximation>,
}

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
/// there and has its size; reading them through is [`crate::verify`]'s work. Where a known model is not here but its
/// stand-in is, it is that one's folder.
///
/// # Errors
/// When there is no such model here; the error says what to run.
pub fn locate(id_or_folder: &str, cache_dir: &Path) -> Result<PathBuf, LocateError> {
    find_here(id_or_folder, cache_dir).map(|located| located.folder)
}

/// As [`locate`], with what is known of the model that was found.
///
/// # Errors
/// As [`locate`].
pub fn find_here(id_or_folder: &str, cache_dir: &Path) -> Result<Located, LocateError> {
    if let Some(entry) = find_in(list(), id_or_folder) {
        let (entry, folder) = locate_in(list(), entry, cache_dir)?;
        return Ok(Located { folder, entry: Some(entry), approximate: entry.approximate.clone() });
    }
    let folder = PathBuf::from(id_or_folder);
    if folder.is_dir() {
        let approximate = approximation(&folder);
        return Ok(Located { folder, entry: None, approximate });
    }
    let known = list().iter().map(|entry| entry.id.clone()).collect();
    Err(LocateError::Unknown { asked: id_or_folder.to_owned(), known })
}

/// As [`find_here`], of a model that is wanted for `kind`. A folder of one's own with a GGUF file and no `modules.json` is
/// one for generation, any other one for embedding. A GGUF file itself is taken as well where that is wanted.
///
/// # Errors
/// As [`locate`], and when the model is for something else.
pub fn find_here_for(kind: Kind, id_or_path: &str, cache_dir: &Path) -> Result<Located, LocateError> {
    let path = Path::new(id_or_path);
    if kind == Kind::Generation && find_in(list(), id_or_path).is_none() && path.is_file() {
        return Ok(Located { folder: path.to_owned(), entry: None, approximate: None });
    }
    let located = find_here(id_or_path, cache_dir)?;
    let found = located.entry.map_or_else(|| kind_of(&located.folder), |entry| entry.kind);
    if found == kind {
        return Ok(located);
    }
    let known = list().iter().filter(|entry| entry.kind == kind).map(|entry| entry.id.clone()).collect();
    Err(LocateError::OtherKind { asked: id_or_path.to_owned(), found, wanted: kind, known })
}

fn kind_of(folder: &Path) -> Kind {
    let files = std::fs::read_dir(folder).into_iter().flatten().flatten();
    let gguf = files.map(|entry| entry.path()).any(|path| path.extension().is_some_and(|end| end == "gguf"));
    if gguf && !folder.join("modules.json").exists() { Kind::Generation } else { Kind::Embedding }
}

/// What the model in a folder stands in for, as was written into the folder when it was fetched.
#[must_use]
pub fn approximation(folder: &Path) -> Option<Approximation> {
    let file = File::open(folder.join(APPROXIMATE)).ok()?;
    serde_json::from_reader(file.take(APPROXIMATE_CAP)).ok()
}

/// The model, or its stand-in where only that is here.
pub(crate) fn locate_in<'a>(
    manifest: &'a [Entry],
    entry: &'a Entry,
    cache_dir: &Path,
) -> Result<(&'a Entry, PathBuf), LocateError> {
    let missing = match locate_entry(entry, cache_dir) {
        Err(error @ LocateError::NotFetched { .. }) => error,
        found => return found.map(|folder| (entry, folder)),
    };
    let Some(other) = stand_in(manifest, entry) else { return Err(missing) };
    match locate_entry(other, cache_dir) {
        Err(LocateError::NotFetched { .. }) => Err(missing),
        found => found.map(|folder| (other, folder)),
    }
}

fn locate_entry(entry: &Entry, cache_dir: &Path) -> Result<PathBuf, LocateError> {
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
    #[test]
    fn a_model_for_something_else_is_refused() {
        let cache = tempfile::tempdir().unwrap();
        let folder = |id: &str, files: &[&str]| {
            std::fs::create_dir(cache.path().join(id)).unwrap();
            for file in files {
                std::fs::write(cache.path().join(id).join(file), "").unwrap();
            }
            cache.path().join(id).to_str().unwrap().to_owned()
        };
        let (own, encoder) = (folder("own", &["m.gguf"]), folder("encoder", &["modules.json"]));
        let nowhere = Path::new("nowhere");
        assert!(find_here_for(Kind::Generation, &own, nowhere).is_ok());
        assert!(find_here_for(Kind::Generation, &format!("{own}/m.gguf"), nowhere).is_ok());
        assert!(find_here_for(Kind::Embedding, &encoder, nowhere).is_ok());
        let error = find_here_for(Kind::Embedding, &own, nowhere).unwrap_err().to_string();
        assert!(error.contains("is for generation, and one for embedding is wanted"), "{error}");
        let error = find_here_for(Kind::Generation, &encoder, nowhere).unwrap_err().to_string();
        assert!(error.ends_with("known are gemma-3-270m-q4"), "{error}");
    }
}
