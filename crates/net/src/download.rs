//! The body of an answer into a file, from its start or from where an earlier try broke off.
//!
//! A transfer is gone on with only where the server named the file by a strong validator (RFC 9110, 8.8.1): bytes of
//! two versions of a file are never put together. Everything else starts anew.

use crate::error::FetchError;
use crate::fetch::{FetchedBody, text};
use crate::shown::redacted;
use reqwest::header::{self, HeaderMap};
use reqwest::{Response, StatusCode};
use std::io::SeekFrom;
use std::time::Duration;
use tokio::fs::File;
use tokio::io::{AsyncSeekExt, AsyncWriteExt};
use url::Url;

/// Longer validators are not kept: they would be sent back with every request.
const MAX_VALIDATOR_BYTES: usize = 1024;
/// A transfer from which nothing has come for so long has broken off.
const STALL: Duration = Duration::from_secs(60);

/// How far a fetch came: what [`Client::fetch_on`](crate::Client::fetch_on) goes on from. Belongs to one request and
/// one file.
#[derive(Debug, Default)]
pub struct Partial(Option<Part>);

#[derive(Debug)]
struct Part {
    /// What the server said of the file; `bytes_written` is how much of it has come.
    body: FetchedBody,
    /// The file's length, where it was announced.
    expected: Option<u64>,
    /// What names this version of the file.
    validator: String,
}

impl Partial {
    /// Bytes that need not be sent again.
    pub fn received(&self) -> u64 {
        self.0.as_ref().map_or(0, |part| part.body.bytes_written)
    }

    /// The range still to come and the version it must belong to.
    pub(crate) fn wanted(&self) -> Option<(String, &str)> {
        let part = self.0.as_ref().filter(|part| part.body.bytes_written > 0)?;
        Some((format!("bytes={}-", part.body.bytes_written), &part.validator))
    }

    pub(crate) fn forget(&mut self) {
        self.0 = None;
    }

    /// Whether a 206 is the rest of the file that was begun.
    fn goes_on_with(&self, response: &Response) -> bool {
        let Some(part) = &self.0 else { return false };
        let headers = response.headers();
        let same_version = text(headers, header::ETAG).is_none_or(|etag| Some(etag) == part.body.etag);
        let range = text(headers, header::CONTENT_RANGE);
        let Some((first, last, length)) = range.as_deref().and_then(content_range) else { return false };
        let same_length = match (length, part.expected) {
            (Some(length), Some(expected)) => length == expected,
            _ => true,
        };
        // Less than the rest would be possible, and nobody does it: it starts anew.
        same_version
            && same_length
            && first == part.body.bytes_written
            && length.is_none_or(|l| last + 1 == l)
    }
}

/// `bytes 100-199/200` or `bytes 100-199/*`.
fn content_range(value: &str) -> Option<(u64, u64, Option<u64>)> {
    let (range, length) = value.trim().strip_prefix("bytes ")?.split_once('/')?;
    let (first, last) = range.split_once('-')?;
    let length = if length == "*" { None } else { Some(length.parse().ok()?) };
    Some((first.parse().ok()?, last.parse().ok()?, length))
}

/// Writes the body of a 200 or a fitting 206 into `file`; `None` where a 206 does not fit and the file must be fetched
/// from its start. On an error `partial` says what can be gone on from.
pub(crate) async fn download(
    url: Url,
    response: Response,
    max: u64,
    partial: &mut Partial,
    file: &mut File,
) -> Result<Option<FetchedBody>, FetchError> {
    let shown = redacted(&url);
    let write_error = |source| FetchError::Write { url: shown.clone(), source };
    if response.status() == StatusCode::PARTIAL_CONTENT && !partial.goes_on_with(&response) {
        return Ok(None);
    }
    let begun = if response.status() == StatusCode::PARTIAL_CONTENT { partial.0.take() } else { None };
    let (mut body, expected, validator) = match begun {
        Some(part) => (part.body, part.expected, Some(part.validator)),
        None => {
            partial.forget();
            let headers = response.headers();
            (described(url, headers), response.content_length(), strong_validator(headers))
        }
    };
    if expected.is_some_and(|length| length > max) {
        return Err(FetchError::TooLarge { url: shown, limit: max });
    }
    // What an interrupted try left behind what it counted is cut off.
    file.flush().await.map_err(write_error)?;
    file.set_len(body.bytes_written).await.map_err(write_error)?;
    file.seek(SeekFrom::Start(body.bytes_written)).await.map_err(write_error)?;
    match validator {
        Some(validator) => {
            let part = partial.0.insert(Part { body, expected, validator });
            write(response, max, &shown, expected, &mut part.body.bytes_written, file).await?;
            body = part.body.clone();
            partial.forget();
        }
        None => write(response, max, &shown, expected, &mut body.bytes_written, file).await?,
    }
    Ok(Some(body))
}

/// Appends the rest of `response`, counting in `received` what is in the file.
async fn write(
    mut response: Response,
    max: u64,
    shown: &str,
    expected: Option<u64>,
    received: &mut u64,
    file: &mut File,
) -> Result<(), FetchError> {
    let write_error = |source| FetchError::Write { url: shown.to_owned(), source };
    let broken =
        |received, source| FetchError::Truncated { url: shown.to_owned(), received, expected, source };
    loop {
        let chunk = match tokio::time::timeout(STALL, response.chunk()).await {
            Ok(Ok(Some(chunk))) => chunk,
            Ok(Ok(None)) => break,
            Ok(Err(error)) => return Err(broken(*received, Some(error.without_url()))),
            Err(_) => return Err(broken(*received, None)),
        };
        let after = *received + chunk.len() as u64;
        if after > max {
            return Err(FetchError::TooLarge { url: shown.to_owned(), limit: max });
        }
        file.write_all(&chunk).await.map_err(write_error)?;
        *received = after;
    }
    if expected.is_some_and(|length| length != *received) {
        return Err(broken(*received, None));
    }
    file.flush().await.map_err(write_error)
}

fn described(url: Url, headers: &HeaderMap) -> FetchedBody {
    let validator = |name| text(headers, name).filter(|value| value.len() <= MAX_VALIDATOR_BYTES);
    FetchedBody {
        bytes_written: 0,
        etag: validator(header::ETAG),
        last_modified: validator(header::LAST_MODIFIED),
        content_type: text(headers, header::CONTENT_TYPE),
        content_encoding: text(headers, header::CONTENT_ENCODING),
        final_url: url,
    }
}

/// A tag that is not weak, or a date that is at least a minute before the answer's own: only these promise that the
/// file is the same byte for byte.
fn strong_validator(headers: &HeaderMap) -> Option<String> {
    const SETTLED: Duration = Duration::from_secs(60);
    if let Some(etag) = text(headers, header::ETAG) {
        return (etag.starts_with('"') && etag.len() <= MAX_VALIDATOR_BYTES).then_some(etag);
    }
    let written = text(headers, header::LAST_MODIFIED)?;
    let modified = httpdate::parse_http_date(&written).ok()?;
    let now = httpdate::parse_http_date(&text(headers, header::DATE)?).ok()?;
    now.duration_since(modified).is_ok_and(|age| age >= SETTLED).then_some(written)
}

#[cfg(test)]
mod tests {
    use super::{content_range, strong_validator};
    use reqwest::header::{DATE, ETAG, HeaderMap, HeaderValue, LAST_MODIFIED};

    #[test]
    fn content_ranges_are_read_or_refused() {
        assert_eq!(content_range("bytes 100-199/200"), Some((100, 199, Some(200))));
        assert_eq!(content_range("bytes 0-0/*"), Some((0, 0, None)));
        for wrong in ["bytes */200", "items 0-1/2", "bytes 1/2", "bytes a-b/c", ""] {
            assert_eq!(content_range(wrong), None, "{wrong}");
        }
    }

    #[test]
    fn only_what_names_the_bytes_is_a_strong_validator() {
        let of = |pairs: &[(reqwest::header::HeaderName, &'static str)]| {
            let headers: HeaderMap =
                pairs.iter().map(|(name, value)| (name.clone(), HeaderValue::from_static(value))).collect();
            strong_validator(&headers)
        };
        let (noon, later) = ("Sat, 21 Nov 2026 12:00:00 GMT", "Sat, 21 Nov 2026 12:01:00 GMT");
        assert_eq!(of(&[(ETAG, "\"v1\"")]).as_deref(), Some("\"v1\""));
        assert_eq!(of(&[(LAST_MODIFIED, noon), (DATE, later)]).as_deref(), Some(noon));
        assert_eq!(
            of(&[(ETAG, "W/\"v1\""), (LAST_MODIFIED, noon), (DATE, later)]),
            None,
            "a weak tag says so"
        );
        assert_eq!(of(&[(LAST_MODIFIED, noon), (DATE, noon)]), None, "may be written to within the second");
        assert_eq!(of(&[(LAST_MODIFIED, noon)]), None);
    }
}
