//! Whether files are what the manifest says.

use std::collections::BTreeMap;
use std::fmt;
use std::fs::File;
use std::io::{self, Read as _};
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};

use crate::manifest::{Entry, ModelFile};

/// Written beside the files of a model that was fetched without checksums: what they were then.
pub(crate) const RECORD: &str = "fetched-unpinned.json";

/// What was fetched of a model that the manifest does not pin.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct Record {
    pub(crate) repository: String,
    /// The commit that the Hub answered with, if it said.
    pub(crate) revision: Option<String>,
    /// sha256 by path.
    pub(crate) sha256: BTreeMap<String, String>,
}

/// A file of a model folder that is not as it should be.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    /// The file.
    pub file: PathBuf,
    /// What is wrong with it.
    pub trouble: Trouble,
}

/// What can be wrong with a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Trouble {
    /// It is not there.
    Missing,
    /// It cannot be read.
    Unreadable(String),
    /// It has another size.
    Size {
        /// By the manifest.
        expected: u64,
        /// On disk.
        found: u64,
    },
    /// It has another checksum.
    Altered {
        /// By the manifest.
        expected: String,
        /// On disk.
        found: String,
    },
    /// Nobody knows its checksum.
    NoChecksum,
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} ", self.file.display())?;
        match &self.trouble {
            Trouble::Missing => write!(f, "is missing"),
            Trouble::Unreadable(why) => write!(f, "cannot be read: {why}"),
            Trouble::Size { expected, found } => write!(f, "has {found} bytes instead of {expected}"),
            Trouble::Altered { expected, found } => write!(f, "has sha256 {found} instead of {expected}"),
            Trouble::NoChecksum => write!(f, "has no known checksum to compare with"),
        }
    }
}

/// Compares every file of the folder with the size and sha256 of the manifest or, for a model that is not pinned, with
/// what was written down when it was fetched. Reads all bytes. No problems means that the folder is as it should be.
#[must_use]
pub fn verify(folder: &Path, entry: &Entry) -> Vec<Problem> {
    let record: Option<Record> =
        std::fs::read(folder.join(RECORD)).ok().and_then(|bytes| serde_json::from_slice(&bytes).ok());
    entry
        .files
        .iter()
        .filter_map(|file| {
            let expected = file.sha256.as_ref().or_else(|| record.as_ref()?.sha256.get(&file.path));
            let path = folder.join(&file.path);
            if let Some(problem) = present(folder, file) {
                return Some(problem);
            }
            let trouble = match (sha256_of(&path), expected) {
                (Err(error), _) => Trouble::Unreadable(error.to_string()),
                (Ok(_), None) => Trouble::NoChecksum,
                (Ok(found), Some(expected)) if found == *expected => return None,
                (Ok(found), Some(expected)) => Trouble::Altered { expected: expected.clone(), found },
            };
            Some(Problem { file: path, trouble })
        })
        .collect()
}

/// Whether the file is there and has its size, without reading it.
pub(crate) fn present(folder: &Path, file: &ModelFile) -> Option<Problem> {
    let path = folder.join(&file.path);
    let trouble = match std::fs::metadata(&path) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => Trouble::Missing,
        Err(error) => Trouble::Unreadable(error.to_string()),
        Ok(found) if !found.is_file() => Trouble::Missing,
        Ok(found) => match file.size {
            Some(expected) if expected != found.len() => Trouble::Size { expected, found: found.len() },
            _ => return None,
        },
    };
    Some(Problem { file: path, trouble })
}

/// The file's sha256 in hexadecimal.
pub(crate) fn sha256_of(path: &Path) -> io::Result<String> {
    let mut file = File::open(path)?;
    let mut hasher = Sha256::new();
    let mut buffer = vec![0; 1 << 18];
    loop {
        match file.read(&mut buffer)? {
            0 => return Ok(hex(&hasher.finalize())),
            count => hasher.update(&buffer[..count]),
        }
    }
}

pub(crate) fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}
