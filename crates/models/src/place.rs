//! How files of any source become a model folder: gathered and checked aside, renamed into place whole.

use std::fs;
use std::io::{self, Read, Write};
use std::path::{Path, PathBuf};

use sha2::{Digest as _, Sha256};

use crate::checksum::{RECORD, Record, hex, sha256_of};
use crate::manifest::{Entry, ModelFile};

/// Written beside the files of a model that stands in for another: which, and how near it is.
pub(crate) const APPROXIMATE: &str = "approximate.json";

/// The most bytes of a file whose size the manifest does not know.
const UNPINNED_CAP: u64 = 4 << 30;

/// A folder being gathered. Dropped without [`Self::finish`], nothing of it remains.
pub(crate) struct Gathering<'a> {
    folder: tempfile::TempDir,
    entry: &'a Entry,
    record: Record,
}

impl<'a> Gathering<'a> {
    /// Starts in `aside`, which must lie on the same file system as the place that the folder will have.
    pub(crate) fn new(entry: &'a Entry, aside: &Path) -> io::Result<Self> {
        let record =
            Record { repository: entry.repository.clone(), revision: None, sha256: Default::default() };
        Ok(Self { folder: tempfile::Builder::new().prefix("new-").tempdir_in(aside)?, entry, record })
    }

    /// Notes the commit that a source of an unpinned model answered with.
    pub(crate) fn set_revision(&mut self, revision: String) {
        self.record.revision = Some(revision);
    }

    /// Takes a whole file by moving it here, if its bytes are those of the manifest. Returns its size.
    pub(crate) fn take_file(&mut self, file: &ModelFile, from: &Path) -> Result<u64, String> {
        let size = fs::metadata(from).map_err(|error| error.to_string())?.len();
        let sum = sha256_of(from).map_err(|error| error.to_string())?;
        self.check(file, size, sum)?;
        let to = self.path(file).map_err(|error| error.to_string())?;
        fs::rename(from, to).map_err(|error| error.to_string())?;
        Ok(size)
    }

    /// Takes a file by reading it, if its bytes are those of the manifest. `progress` hears of each piece.
    pub(crate) fn take_bytes(
        &mut self,
        file: &ModelFile,
        mut from: impl Read,
        mut progress: impl FnMut(u64),
    ) -> Result<(), String> {
        let failed = |error: io::Error| error.to_string();
        let cap = file.size.unwrap_or(UNPINNED_CAP);
        let mut out = fs::File::create(self.path(file).map_err(failed)?).map_err(failed)?;
        let (mut hasher, mut size) = (Sha256::new(), 0);
        let mut buffer = vec![0; 1 << 18];
        loop {
            let count = match from.read(&mut buffer) {
                Ok(0) => break,
                Ok(count) => count,
                Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
                Err(error) => return Err(failed(error)),
            };
            size += count as u64;
            if size > cap {
                return Err(format!("`{}` has more than {cap} bytes", file.path));
            }
            hasher.update(&buffer[..count]);
            out.write_all(&buffer[..count]).map_err(failed)?;
            progress(count as u64);
        }
        out.sync_all().map_err(failed)?;
        self.check(file, size, hex(&hasher.finalize()))
    }

    /// Puts the folder where it belongs, in the place of whatever is there.
    pub(crate) fn finish(self, place: &Path) -> io::Result<()> {
        let note = |name: &str, value: serde_json::Result<Vec<u8>>| {
            fs::write(self.folder.path().join(name), value.map_err(io::Error::other)?)
        };
        if !self.entry.is_pinned() {
            note(RECORD, serde_json::to_vec_pretty(&self.record))?;
        }
        if let Some(approximate) = &self.entry.approximate {
            note(APPROXIMATE, serde_json::to_vec_pretty(approximate))?;
        }
        let old = match fs::symlink_metadata(place) {
            Ok(_) => {
                let aside = self.folder.path().with_extension("old");
                fs::rename(place, &aside)?;
                Some(aside)
            }
            Err(_) => None,
        };
        let new = self.folder.keep();
        // A temporary folder is its owner's alone; a model may be read by whoever may read the cache.
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt as _;
            fs::set_permissions(&new, fs::Permissions::from_mode(0o755))?;
        }
        fs::rename(&new, place)?;
        if let Some(old) = old {
            remove(&old)?;
        }
        Ok(())
    }

    fn check(&mut self, file: &ModelFile, size: u64, sum: String) -> Result<(), String> {
        if let Some(expected) = file.size.filter(|&expected| expected != size) {
            return Err(format!("`{}` has {size} bytes instead of {expected}", file.path));
        }
        match &file.sha256 {
            Some(expected) if *expected != sum => {
                Err(format!("`{}` was altered: it has sha256 {sum} instead of {expected}", file.path))
            }
            _ => {
                self.record.sha256.insert(file.path.clone(), sum);
                Ok(())
            }
        }
    }

    fn path(&self, file: &ModelFile) -> io::Result<PathBuf> {
        let path = self.folder.path().join(&file.path);
        if let Some(parent) = path.parent() {
            fs::create_dir_all(parent)?;
        }
        Ok(path)
    }
}

/// Removes a folder, a file or a link, if it is there.
fn remove(path: &Path) -> io::Result<()> {
    if fs::symlink_metadata(path)?.is_dir() { fs::remove_dir_all(path) } else { fs::remove_file(path) }
}
