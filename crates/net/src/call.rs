//! One request whose answer is small and is wanted in memory: a page of an API, a token, a listing.
//!
//! Every status is an answer; redirects are answers like any other, for credentials must not travel.

use crate::client::Client;
use crate::error::{ExchangeError, FetchError};
use crate::fetch::{check_url, retry_after, text};
use crate::headers::header_map;
use crate::secret::Secret;
use crate::shown::redacted;
use bytes::Bytes;
use reqwest::header;
use std::fmt;
use std::time::Duration;
use url::Url;

/// What to ask and within which bounds.
#[derive(Clone)]
pub struct CallRequest {
    /// Where, http or https. User name and password in it are sent as basic authentication.
    pub url: Url,
    /// Further headers.
    pub headers: Vec<(String, Secret)>,
    /// Bytes to post; without them it is a GET.
    pub body: Option<Bytes>,
    /// Time for the whole exchange.
    pub deadline: Duration,
    /// Largest answer accepted.
    pub max_bytes: usize,
}

/// The URL is shown [`redacted`].
impl fmt::Debug for CallRequest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("CallRequest").field("url", &redacted(&self.url)).finish_non_exhaustive()
    }
}

/// A complete answer.
#[derive(Clone, PartialEq, Eq)]
pub struct CallAnswer {
    /// The URL, [`redacted`].
    pub shown: String,
    /// The HTTP status.
    pub status: u16,
    /// How long the server asks to wait.
    pub retry_after: Option<Duration>,
    /// `Link` headers, joined by commas; U+FFFD stands for what is no UTF-8.
    pub link: Option<String>,
    /// The whole body.
    pub body: Vec<u8>,
}

/// Of the body its length only: it may be a token.
impl fmt::Debug for CallAnswer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("CallAnswer")
            .field("url", &self.shown)
            .field("status", &self.status)
            .field("body_bytes", &self.body.len())
            .finish_non_exhaustive()
    }
}

impl CallAnswer {
    /// The answer, if its status is 200 to 299.
    ///
    /// # Errors
    /// [`FetchError::Status`].
    pub fn successful(self) -> Result<Self, FetchError> {
        if (200..300).contains(&self.status) {
            return Ok(self);
        }
        Err(FetchError::Status { url: self.shown, status: self.status, retry_after: self.retry_after })
    }
}

impl Client {
    /// Sends one request and reads its whole answer.
    ///
    /// # Errors
    /// [`FetchError`], never [`FetchError::Status`]; every kind names the URL without its secrets.
    pub async fn call(&self, request: CallRequest) -> Result<CallAnswer, FetchError> {
        let (url, deadline) = (request.url.clone(), request.deadline);
        tokio::time::timeout(deadline, self.call_undated(request))
            .await
            .unwrap_or_else(|_| Err(ExchangeError::Timeout { url: redacted(&url), deadline }.into()))
    }

    async fn call_undated(&self, request: CallRequest) -> Result<CallAnswer, FetchError> {
        let CallRequest { url, headers, body, deadline, max_bytes } = request;
        check_url(self, &url)?;
        let shown = redacted(&url);
        let headers = header_map(&headers).map_err(|(header, source)| ExchangeError::Header {
            url: shown.clone(),
            header,
            source,
        })?;
        let asking = match body {
            Some(body) => self.http.post(url.clone()).body(body),
            None => self.http.get(url.clone()),
        };
        let mut response = asking
            .header(header::ACCEPT_ENCODING, "identity")
            .headers(headers)
            .send()
            .await
            .map_err(|error| ExchangeError::sending(&url, deadline, error))?;
        // Read whatever its bytes are: without its link a page would pass for the last one.
        let links = response.headers().get_all(header::LINK).iter();
        let links: Vec<_> = links.map(|link| String::from_utf8_lossy(link.as_bytes())).collect();
        let mut answer = CallAnswer {
            status: response.status().as_u16(),
            retry_after: retry_after(response.headers()),
            link: (!links.is_empty()).then(|| links.join(", ")),
            body: Vec::new(),
            shown,
        };
        let packed = text(response.headers(), header::CONTENT_ENCODING)
            .filter(|encoding| !encoding.trim().eq_ignore_ascii_case("identity"));
        if let Some(encoding) = packed {
            return Err(FetchError::Packed { url: answer.shown, encoding });
        }
        let expected = response.content_length();
        loop {
            match response.chunk().await {
                Ok(Some(chunk)) if answer.body.len() + chunk.len() > max_bytes => {
                    return Err(FetchError::TooLarge { url: answer.shown, limit: max_bytes as u64 });
                }
                Ok(Some(chunk)) => answer.body.extend_from_slice(&chunk),
                Ok(None) => return Ok(answer),
                Err(error) => {
                    let received = answer.body.len() as u64;
                    let source = Some(error.without_url());
                    return Err(FetchError::Truncated { url: answer.shown, received, expected, source });
                }
            }
        }
    }
}
