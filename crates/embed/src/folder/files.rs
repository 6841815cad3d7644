//! Files of the folder, read up to a cap and added to the content hash.

use std::fs;
use std::io::Read as _;
use std::path::{Path, PathBuf};

use serde::de::DeserializeOwned;

use crate::error::LoadError;

/// The largest JSON or tokenizer file that is read.
pub(super) const TEXT_CAP: u64 = 256 << 20;
/// The largest weights file that is read.
pub(super) const WEIGHTS_CAP: u64 = 8 << 30;

/// Reads and hashes a JSON file that must be there.
pub(super) fn required<T: DeserializeOwned>(
    folder: &Path,
    name: &str,
    needed_for: &'static str,
    hasher: &mut blake3::Hasher,
) -> Result<(PathBuf, T), LoadError> {
    let file = folder.join(name);
    match optional(folder, name, hasher)? {
        Some(value) => Ok((file, value)),
        None => Err(LoadError::MissingFile { file, needed_for }),
    }
}

/// Reads and hashes a JSON file if it is there.
pub(super) fn optional<T: DeserializeOwned>(
    folder: &Path,
    name: &str,
    hasher: &mut blake3::Hasher,
) -> Result<Option<T>, LoadError> {
    let file = folder.join(name);
    let Some(bytes) = read(&file, TEXT_CAP)? else { return Ok(None) };
    hash(hasher, name, &bytes);
    serde_json::from_slice(&bytes).map(Some).map_err(|source| LoadError::Json { file, source })
}

pub(super) fn hash(hasher: &mut blake3::Hasher, name: &str, bytes: &[u8]) {
    hasher.update(name.as_bytes());
    hasher.update(&(bytes.len() as u64).to_le_bytes());
    hasher.update(bytes);
}

/// The file's bytes, or `None` if there is no such file.
pub(super) fn read(file: &Path, cap: u64) -> Result<Option<Vec<u8>>, LoadError> {
    let failed = |source| LoadError::Read { file: file.to_owned(), source };
    let opened = match fs::File::open(file) {
        Ok(opened) => opened,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(None),
        Err(error) => return Err(failed(error)),
    };
    let size = opened.metadata().map_err(failed)?.len();
    let mut bytes = Vec::with_capacity(size.min(cap) as usize);
    opened.take(cap + 1).read_to_end(&mut bytes).map_err(failed)?;
    if bytes.len() as u64 > cap {
        return Err(LoadError::TooLarge { file: file.to_owned(), size, cap });
    }
    Ok(Some(bytes))
}
