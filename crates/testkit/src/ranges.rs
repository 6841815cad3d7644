//! The one kind of range that is asked for here: all from a byte on.

use axum::http::HeaderMap;
use axum::http::header::{IF_RANGE, RANGE};

/// Where the rest that is wanted begins; `None` where the whole is to be sent.
pub(crate) fn rest_wanted(asked: &HeaderMap, etag: &str, length: usize) -> Option<usize> {
    let text = |name| asked.get(name).and_then(|value| value.to_str().ok());
    let from = text(RANGE)?.strip_prefix("bytes=")?.strip_suffix('-')?.parse().ok()?;
    let same_version = text(IF_RANGE).is_none_or(|version| version == etag);
    (same_version && from < length).then_some(from)
}
