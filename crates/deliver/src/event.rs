//! The bytes of an event: the envelope of Standard Webhooks, kept under the size that receivers accept.

use crate::fit::shorten;
use jiff::Timestamp;
use serde::Serialize;
use serde_json::{Map, Value};

/// Larger bodies are shortened: the specification recommends to stay under 20 kB, and receivers rely on it.
pub const MAX_BODY_BYTES: usize = 20_000;

/// Why an event has no body.
#[derive(Debug, thiserror::Error)]
pub enum EventError {
    /// The type is not dot-separated words.
    #[error("event type {kind:?} is not made of letters, digits and '_' in parts separated by dots")]
    Type {
        /// The type.
        kind: String,
    },
    /// The data cannot be brought under the limit: too many small values directly in it.
    #[error(
        "event of type {kind} has {bytes} bytes even without its long parts; the limit is {MAX_BODY_BYTES}"
    )]
    TooLarge {
        /// The type.
        kind: String,
        /// The smallest size reached.
        bytes: usize,
    },
    /// The data cannot be written as JSON.
    #[error("event of type {kind} cannot be written as JSON")]
    Json {
        /// The type.
        kind: String,
        /// What the JSON library said.
        #[source]
        source: serde_json::Error,
    },
}

#[derive(Serialize)]
struct Envelope<'a> {
    r#type: &'a str,
    timestamp: String,
    data: &'a Map<String, Value>,
}

/// `{"type": …, "timestamp": …, "data": …}` as the bytes to freeze, sign and send. The timestamp is the event's, not
/// an attempt's, in UTC with milliseconds.
///
/// A body over [`MAX_BODY_BYTES`] is shortened, and only as far as needed:
/// 1. Texts anywhere in `data` are replaced by `{"blake3": H, "length": N}`, the ones that save most first. `H` is
///    the text's [`berika_catalog::Digest`], `N` its length in bytes.
/// 2. Where that is not enough, whole arrays and objects follow, in the same form, with hash and length of the
///    compact JSON that would have stood there: the smallest one that suffices, or else the largest innermost one and again. Direct members of
///    `data` are touched last.
///
/// Then `data.truncated` is `true` and `data.shortened` lists what was replaced as JSON Pointers relative to `data`
/// (RFC 6901). Both names are reserved; they are absent from an event that is whole. Numbers, booleans and the short
/// texts beside them (keys, versions, names of changed fields) are not touched by themselves.
///
/// # Errors
/// A malformed type; data that no shortening brings under the limit.
pub fn event_body(
    kind: &str,
    timestamp: Timestamp,
    mut data: Map<String, Value>,
) -> Result<Vec<u8>, EventError> {
    let word = |part: &str| {
        !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_')
    };
    if !kind.split('.').all(word) {
        return Err(EventError::Type { kind: kind.to_owned() });
    }
    let write = |data: &Map<String, Value>| {
        serde_json::to_vec(&Envelope { r#type: kind, timestamp: format!("{timestamp:.3}"), data })
            .map_err(|source| EventError::Json { kind: kind.to_owned(), source })
    };
    let whole = write(&data)?;
    if whole.len() <= MAX_BODY_BYTES {
        return Ok(whole);
    }
    shorten(&mut data, whole.len(), MAX_BODY_BYTES);
    let short = write(&data)?;
    if short.len() <= MAX_BODY_BYTES {
        Ok(short)
    } else {
        Err(EventError::TooLarge { kind: kind.to_owned(), bytes: short.len() })
    }
}

#[cfg(test)]
mod tests;
