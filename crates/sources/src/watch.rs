//! A watched folder: which of its files are complete, in the order in which they were written.
//!
//! Whether a file was taken in before is the caller's to know; nothing is moved before it is taken in.

use std::collections::BTreeMap;
use std::ffi::OsString;
use std::io;
use std::path::{Path, PathBuf};
use std::time::SystemTime;

use crate::config::{Ready, Watch};
use crate::error::SourceError;
use crate::pattern;

/// The most files of a folder that are looked at.
const MAX_FILES: usize = 10_000;

/// A file that is complete.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Watched {
    /// When it was last written to.
    pub modified: SystemTime,
    /// Its name.
    pub name: String,
    /// Where it is.
    pub path: PathBuf,
}

/// Size and time of a file at one look.
type Look = BTreeMap<String, (u64, SystemTime)>;

/// The complete files of a folder, oldest first; of the same time in the order of their names. A file that still changes
/// is left for the next run. `folder` is where paths of the configuration are relative to.
///
/// # Errors
/// [`SourceError::Folder`] where the folder cannot be listed.
pub async fn ready_files(watch: &Watch, folder: &Path) -> Result<Vec<Watched>, SourceError> {
    let path = folder.join(&watch.folder);
    let failed = |source| SourceError::Folder { path: path.clone(), source };
    let first = look(&path, &watch.pattern).map_err(failed)?;
    if first.is_empty() {
        return Ok(Vec::new());
    }
    let complete: Look = match watch.ready {
        Ready::Stable => {
            tokio::time::sleep(watch.settle()).await;
            let second = look(&path, &watch.pattern).map_err(failed)?;
            first.into_iter().filter(|(name, seen)| second.get(name) == Some(seen)).collect()
        }
        Ready::DoneFile => {
            first.into_iter().filter(|(name, seen)| is_done(&path.join(name), seen.1)).collect()
        }
    };
    let mut files: Vec<Watched> = complete
        .into_iter()
        .map(|(name, (_, modified))| Watched { modified, path: path.join(&name), name })
        .collect();
    files.sort();
    Ok(files)
}

/// Files that the pattern fits. Links are left out: what they lead to was not put here.
fn look(folder: &Path, pattern: &str) -> io::Result<Look> {
    let mut found = Look::new();
    for entry in std::fs::read_dir(folder)? {
        let entry = entry?;
        let Ok(name) = entry.file_name().into_string() else { continue };
        if !pattern::fits(pattern, &name) || name.ends_with(".done") {
            continue;
        }
        // A file that is gone again between listing and looking is none.
        let Ok(about) = entry.metadata() else { continue };
        if about.is_file() {
            found.insert(name, (about.len(), about.modified()?));
        }
        if found.len() > MAX_FILES {
            return Err(io::Error::other(format!("more than {MAX_FILES} files fit {pattern}: set archive")));
        }
    }
    Ok(found)
}

/// The file that says that another one is complete: `feed.csv.done`, or `feed.done`. One that is older than the file
/// speaks of the file before it.
fn is_done(path: &Path, modified: SystemTime) -> bool {
    done_files(path)
        .iter()
        .filter_map(|done| std::fs::metadata(done).and_then(|about| about.modified()).ok())
        .any(|done| done >= modified)
}

fn done_files(path: &Path) -> [PathBuf; 2] {
    let mut appended = OsString::from(path);
    appended.push(".done");
    [PathBuf::from(appended), path.with_extension("done")]
}

/// Moves a file that was taken in, and what says that it is done, into a folder. A name that is there already gets a
/// number.
///
/// # Errors
/// The system's.
pub fn archive(path: &Path, archive: &Path) -> io::Result<()> {
    std::fs::create_dir_all(archive)?;
    let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
    let free = (0..u32::MAX)
        .map(|n| if n == 0 { archive.join(&name) } else { archive.join(format!("{name}.{n}")) })
        .find(|target| !target.exists())
        .ok_or_else(|| io::Error::other("no name is free"))?;
    let done: Vec<PathBuf> = done_files(path).into_iter().filter(|done| done.exists()).collect();
    if std::fs::rename(path, &free).is_err() {
        // Another file system.
        std::fs::copy(path, &free)?;
        std::fs::remove_file(path)?;
    }
    done.iter().try_for_each(std::fs::remove_file)
}

#[cfg(test)]
mod tests;
