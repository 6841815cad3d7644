//! One POST with one deadline over the whole exchange.
//!
//! A redirect is an answer like any other: nothing is followed. Of the answer's body a bounded excerpt is read for
//! people to look at; the rest is never received, the connection is closed instead.

use crate::client::Client;
use crate::error::ExchangeError;
use crate::fetch::check_url;
use crate::headers::header_map;
use crate::secret::Secret;
use crate::shown::redacted;
use bytes::Bytes;
use reqwest::{Response, header};
use std::fmt;
use std::time::Duration;
use tokio::time::Instant;
use url::Url;

/// What to post and within which bounds.
#[derive(Clone)]
pub struct PostRequest {
    /// Where to, http or https.
    pub url: Url,
    /// Headers; `content-type: application/json` is added where none is given.
    pub headers: Vec<(String, Secret)>,
    /// The bytes sent, exactly.
    pub body: Bytes,
    /// Time for the whole exchange: name resolution, connecting, sending, and reading the answer with its excerpt.
    pub deadline: Duration,
    /// Bytes of the answer's body that are read at most.
    pub max_response_bytes: usize,
}

/// The URL is shown [`redacted`], and of the body its length only.
impl fmt::Debug for PostRequest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("PostRequest")
            .field("url", &redacted(&self.url))
            .field("body_bytes", &self.body.len())
            .finish_non_exhaustive()
    }
}

/// A complete answer. Every status is one, whether welcome or not.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PostOutcome {
    /// The HTTP status.
    pub status: u16,
    /// `Retry-After` as the server wrote it.
    pub retry_after: Option<String>,
    /// The beginning of the answer's body: not UTF-8 and control characters (except line breaks and tabs) are
    /// replaced by U+FFFD. It is foreign text and may say anything.
    pub excerpt: String,
    /// Whether the body went on after the excerpt, or broke off, or had not ended at the deadline.
    pub excerpt_cut: bool,
    /// From the start of the request to the end of the excerpt.
    pub elapsed: Duration,
}

/// A post that brought no answer.
pub type PostError = ExchangeError;

impl Client {
    /// Sends one POST. Once the status is there the answer counts: a body that then hangs, breaks off or never ends
    /// only cuts the excerpt (at the deadline at the latest).
    ///
    /// # Errors
    /// [`PostError`] where no status arrived; every kind names the URL without its secrets.
    pub async fn post(&self, request: PostRequest) -> Result<PostOutcome, PostError> {
        let PostRequest { url, headers, body, deadline, max_response_bytes } = request;
        check_url(self, &url)?;
        let mut headers = header_map(&headers).map_err(|(header, source)| ExchangeError::Header {
            url: redacted(&url),
            header,
            source,
        })?;
        headers.entry(header::CONTENT_TYPE).or_insert(header::HeaderValue::from_static("application/json"));

        let started = Instant::now();
        let end = started + deadline;
        let sending = self.http.post(url.clone()).headers(headers).body(body).send();
        let response = match tokio::time::timeout_at(end, sending).await {
            Ok(result) => result.map_err(|error| ExchangeError::sending(&url, deadline, error))?,
            Err(_) => return Err(ExchangeError::Timeout { url: redacted(&url), deadline }),
        };
        let status = response.status().as_u16();
        let retry_after = response
            .headers()
            .get(header::RETRY_AFTER)
            .and_then(|value| value.to_str().ok())
            .map(str::to_owned);
        let (excerpt, excerpt_cut) = read_excerpt(response, max_response_bytes, end).await;
        Ok(PostOutcome { status, retry_after, excerpt, excerpt_cut, elapsed: started.elapsed() })
    }
}

async fn read_excerpt(mut response: Response, max: usize, end: Instant) -> (String, bool) {
    let mut bytes = Vec::new();
    let cut = loop {
        match tokio::time::timeout_at(end, response.chunk()).await {
            Ok(Ok(Some(chunk))) => {
                let room = max - bytes.len();
                bytes.extend_from_slice(&chunk[..chunk.len().min(room)]);
                if chunk.len() > room {
                    break true;
                }
            }
            Ok(Ok(None)) => break false,
            Ok(Err(_)) | Err(_) => break true,
        }
    };
    // Dropping the unfinished response here closes its connection.
    (printable(&bytes), cut)
}

fn printable(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes)
        .chars()
        .map(|c| if c.is_control() && !matches!(c, '\n' | '\t') { char::REPLACEMENT_CHARACTER } else { c })
        .collect()
}
