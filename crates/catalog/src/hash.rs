//! Content hashes: how a stage knows that its input is still what it computed from.

use std::fmt;

use serde::{Deserialize, Serialize};

/// 128 bits of BLAKE3 as 32 lower-case hexadecimal digits.
///
/// 128 bits keep the chance of any collision among a billion contents below 10⁻²⁰, at half the index size of the
/// whole hash.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Digest(String);

impl Digest {
    /// The hash of `bytes`.
    pub fn of_bytes(bytes: &[u8]) -> Self {
        Self::from_hash(blake3::hash(bytes))
    }

    /// The hash of all that a reader gives, in bounded memory.
    ///
    /// # Errors
    /// The reader's.
    pub fn of_reader(reader: impl std::io::Read) -> std::io::Result<Self> {
        let mut hasher = blake3::Hasher::new();
        hasher.update_reader(reader)?;
        Ok(Self::from_hash(hasher.finalize()))
    }

    /// The hash of several parts. Lengths are hashed too, so `["ab", "c"]` and `["a", "bc"]` differ.
    pub fn of_parts<'a>(parts: impl IntoIterator<Item = &'a str>) -> Self {
        let mut hasher = blake3::Hasher::new();
        for part in parts {
            hasher.update(&(part.len() as u64).to_le_bytes());
            hasher.update(part.as_bytes());
        }
        Self::from_hash(hasher.finalize())
    }

    /// The hash of a value's JSON. Maps in this crate are ordered, so equal values have equal hashes.
    pub fn of_json(value: &impl Serialize) -> Self {
        let bytes =
            serde_json::to_vec(value).expect("types of this crate have string keys and serialise to JSON");
        Self::of_bytes(&bytes)
    }

    /// A hash read back from where it was stored. Nothing is checked: a foreign text equals no real hash.
    pub fn from_stored(text: impl Into<String>) -> Self {
        Self(text.into())
    }

    /// The hexadecimal digits.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    fn from_hash(hash: blake3::Hash) -> Self {
        Self(hash.to_hex()[..32].to_owned())
    }
}

impl fmt::Display for Digest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parts_are_kept_apart() {
        assert_ne!(Digest::of_parts(["ab", "c"]), Digest::of_parts(["a", "bc"]));
        assert_eq!(Digest::of_parts(["ab", "c"]), Digest::of_parts(["ab", "c"]));
        assert_eq!(Digest::of_bytes(b"").as_str().len(), 32);
    }
}
