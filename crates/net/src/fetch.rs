//! Conditional GET into a file.
//!
//! `Accept-Encoding: identity` is sent: a supplier's `.gz` then arrives as the bytes it is, is hashed as such and is
//! unpacked by `feeds` under its own cap, and a length announced by the server can be checked. A server that
//! compresses regardless says so in [`FetchedBody::content_encoding`]; the bytes are passed through untouched.

use crate::client::Client;
use crate::download::{Partial, download};
use crate::error::{ExchangeError, FetchError};
use crate::headers::{HeaderFault, header_map, sensitive};
use crate::secret::Secret;
use crate::shown::redacted;
use reqwest::header::{self, HeaderMap, HeaderName};
use reqwest::{Response, StatusCode};
use std::fmt;
use std::time::Duration;
use tokio::fs::File;
use url::Url;

/// What to fetch and within which bounds.
#[derive(Clone)]
pub struct FetchRequest {
    /// The file's URL, http or https. User name and password in it are sent as basic authentication.
    pub url: Url,
    /// Further headers. They are dropped when a redirect leaves the origin (scheme, host, port).
    pub headers: Vec<(String, Secret)>,
    /// `ETag` of the last fetch.
    pub if_none_match: Option<String>,
    /// `Last-Modified` of the last fetch, as the server wrote it.
    pub if_modified_since: Option<String>,
    /// Time for the whole exchange: redirects, head and the last byte of the body.
    pub deadline: Duration,
    /// Largest file accepted.
    pub max_bytes: u64,
    /// Redirects followed.
    pub max_redirects: u32,
}

/// The URL is shown [`redacted`].
impl fmt::Debug for FetchRequest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("FetchRequest").field("url", &redacted(&self.url)).finish_non_exhaustive()
    }
}

impl FetchRequest {
    /// A request without headers and validators: 120 s, 2 GB, 5 redirects.
    pub fn new(url: Url) -> Self {
        Self {
            url,
            headers: Vec::new(),
            if_none_match: None,
            if_modified_since: None,
            deadline: Duration::from_secs(120),
            max_bytes: 2_000_000_000,
            max_redirects: 5,
        }
    }
}

/// What came of a fetch.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Fetched {
    /// The server says that the file is what the validators name. Nothing was written.
    NotModified,
    /// The file was written.
    Body(FetchedBody),
}

/// A fetched file: its bytes are in the given file, this is what the server said about them.
#[derive(Clone, PartialEq, Eq)]
pub struct FetchedBody {
    /// Bytes written.
    pub bytes_written: u64,
    /// `ETag`, to be sent as `if_none_match` next time.
    pub etag: Option<String>,
    /// `Last-Modified` as written by the server, to be sent as `if_modified_since` next time.
    pub last_modified: Option<String>,
    /// `Content-Type` as written by the server.
    pub content_type: Option<String>,
    /// `Content-Encoding`, where the server compressed although asked not to.
    pub content_encoding: Option<String>,
    /// The URL that answered in the end.
    pub final_url: Url,
}

/// The URL is shown [`redacted`].
impl fmt::Debug for FetchedBody {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("FetchedBody")
            .field("bytes_written", &self.bytes_written)
            .field("etag", &self.etag)
            .field("last_modified", &self.last_modified)
            .field("content_type", &self.content_type)
            .field("content_encoding", &self.content_encoding)
            .field("final_url", &redacted(&self.final_url))
            .finish()
    }
}

impl Client {
    /// Fetches into `file`, which is emptied first. On an error its content is undefined; nothing of it may be used.
    ///
    /// # Errors
    /// [`FetchError`]; every kind names the URL without its secrets.
    pub async fn fetch(&self, request: &FetchRequest, file: &mut File) -> Result<Fetched, FetchError> {
        self.fetch_on(request, &mut Partial::default(), file).await
    }

    /// [`Client::fetch`], going on where an earlier try for the same request and file broke off: `partial` holds how far
    /// it came, and after an error how far this one did. Where the server cannot or will not go on (it ignores ranges,
    /// or the file is another one by now) the file is fetched from its start.
    ///
    /// # Errors
    /// As for [`Client::fetch`].
    pub async fn fetch_on(
        &self,
        request: &FetchRequest,
        partial: &mut Partial,
        file: &mut File,
    ) -> Result<Fetched, FetchError> {
        match tokio::time::timeout(request.deadline, self.fetch_undated(request, partial, file)).await {
            Ok(result) => result,
            Err(_) => {
                let url = redacted(&request.url);
                Err(ExchangeError::Timeout { url, deadline: request.deadline }.into())
            }
        }
    }

    async fn fetch_undated(
        &self,
        request: &FetchRequest,
        partial: &mut Partial,
        file: &mut File,
    ) -> Result<Fetched, FetchError> {
        let own_headers =
            header_map(&request.headers).map_err(|(name, fault)| bad_header(request, &name, fault))?;
        let validators = validators(request)?;
        let mut url = request.url.clone();
        let mut redirects = 0;
        loop {
            let resuming = partial.wanted().is_some();
            let mut headers = match partial.wanted() {
                Some((range, version)) => range_of(request, &range, version)?,
                None => validators.clone(),
            };
            if url.origin() == request.url.origin() {
                headers.extend(own_headers.clone());
            }
            let response = self.get(&url, headers, request.deadline).await?;
            let status = response.status();
            if let Some(target) = redirect_target(&url, &response)? {
                if redirects == request.max_redirects {
                    return Err(FetchError::TooManyRedirects {
                        url: redacted(&url),
                        limit: request.max_redirects,
                    });
                }
                redirects += 1;
                url = target;
                continue;
            }
            return match status {
                StatusCode::OK | StatusCode::PARTIAL_CONTENT if resuming || status == StatusCode::OK => {
                    match download(url.clone(), response, request.max_bytes, partial, file).await? {
                        Some(body) => Ok(Fetched::Body(body)),
                        None => {
                            partial.forget();
                            continue;
                        }
                    }
                }
                // The file has become shorter than what has come of it.
                StatusCode::RANGE_NOT_SATISFIABLE if resuming => {
                    partial.forget();
                    continue;
                }
                // A 304 to a request without validators is a server's mistake and holds no file.
                StatusCode::NOT_MODIFIED if !resuming && !validators.is_empty() => Ok(Fetched::NotModified),
                _ => Err(FetchError::Status {
                    url: redacted(&url),
                    status: status.as_u16(),
                    retry_after: retry_after(response.headers()),
                }),
            };
        }
    }

    async fn get(
        &self,
        url: &Url,
        headers: HeaderMap,
        deadline: Duration,
    ) -> Result<Response, ExchangeError> {
        check_url(self, url)?;
        self.http
            .get(url.clone())
            .header(header::ACCEPT_ENCODING, "identity")
            .headers(headers)
            .send()
            .await
            .map_err(|error| ExchangeError::sending(url, deadline, error))
    }
}

/// Refuses other schemes and literal addresses that the policy blocks.
pub(crate) fn check_url(client: &Client, url: &Url) -> Result<(), ExchangeError> {
    if !matches!(url.scheme(), "http" | "https") || !url.has_host() {
        return Err(ExchangeError::Scheme { url: redacted(url) });
    }
    client.policy.check_literal(url).map_err(|blocked| ExchangeError::blocked(url, blocked))
}

fn bad_header(request: &FetchRequest, name: &str, source: HeaderFault) -> ExchangeError {
    ExchangeError::Header { url: redacted(&request.url), header: name.to_owned(), source }
}

fn validators(request: &FetchRequest) -> Result<HeaderMap, ExchangeError> {
    let mut map = HeaderMap::new();
    for (name, value) in [
        (header::IF_NONE_MATCH, &request.if_none_match),
        (header::IF_MODIFIED_SINCE, &request.if_modified_since),
    ] {
        if let Some(value) = value {
            let value =
                sensitive(value).map_err(|()| bad_header(request, name.as_str(), HeaderFault::Value))?;
            map.insert(name, value);
        }
    }
    Ok(map)
}

/// Asks for the rest of a file, if it is still the same version, for the whole file otherwise.
fn range_of(request: &FetchRequest, range: &str, version: &str) -> Result<HeaderMap, ExchangeError> {
    let mut map = HeaderMap::new();
    for (name, value) in [(header::RANGE, range), (header::IF_RANGE, version)] {
        let value = sensitive(value).map_err(|()| bad_header(request, name.as_str(), HeaderFault::Value))?;
        map.insert(name, value);
    }
    Ok(map)
}

fn redirect_target(url: &Url, response: &Response) -> Result<Option<Url>, FetchError> {
    if !matches!(response.status().as_u16(), 301 | 302 | 303 | 307 | 308) {
        return Ok(None);
    }
    let bad = |reason| FetchError::BadRedirect { url: redacted(url), reason };
    let location =
        text(response.headers(), header::LOCATION).ok_or_else(|| bad("it has no readable target"))?;
    let target = url.join(&location).map_err(|_| bad("its target is not a URL"))?;
    match (url.scheme(), target.scheme()) {
        ("https", "http") => Err(bad("it leads from https to http")),
        (_, "http" | "https") => Ok(Some(target)),
        _ => Err(bad("its target is neither http nor https")),
    }
}

pub(crate) fn text(headers: &HeaderMap, name: HeaderName) -> Option<String> {
    headers.get(name)?.to_str().ok().map(str::to_owned)
}

/// `Retry-After` in seconds, or as a date relative to the answer's own `Date`, so that no clock is asked.
pub(crate) fn retry_after(headers: &HeaderMap) -> Option<Duration> {
    let value = text(headers, header::RETRY_AFTER)?;
    if let Ok(seconds) = value.trim().parse::<u64>() {
        return Some(Duration::from_secs(seconds));
    }
    let until = httpdate::parse_http_date(value.trim()).ok()?;
    let now = httpdate::parse_http_date(&text(headers, header::DATE)?).ok()?;
    Some(until.duration_since(now).unwrap_or(Duration::ZERO))
}

#[cfg(test)]
mod tests {
    use super::retry_after;
    use reqwest::header::{DATE, HeaderMap, HeaderValue, RETRY_AFTER};
    use std::time::Duration;

    #[test]
    fn retry_after_is_read_as_seconds_or_relative_to_the_servers_date() {
        let mut headers = HeaderMap::new();
        let read = |headers: &HeaderMap| retry_after(headers).map(|wait| wait.as_secs());
        assert_eq!(read(&headers), None);
        headers.insert(RETRY_AFTER, HeaderValue::from_static("120"));
        assert_eq!(retry_after(&headers), Some(Duration::from_secs(120)));
        headers.insert(RETRY_AFTER, HeaderValue::from_static("Sat, 21 Nov 2026 10:00:30 GMT"));
        assert_eq!(read(&headers), None, "without a Date there is nothing to compare with");
        headers.insert(DATE, HeaderValue::from_static("Sat, 21 Nov 2026 10:00:00 GMT"));
        assert_eq!(read(&headers), Some(30));
        headers.insert(DATE, HeaderValue::from_static("Sat, 21 Nov 2026 11:00:00 GMT"));
        assert_eq!(read(&headers), Some(0));
        headers.insert(RETRY_AFTER, HeaderValue::from_static("soon"));
        assert_eq!(read(&headers), None);
    }
}
