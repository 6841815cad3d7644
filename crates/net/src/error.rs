//! What can go wrong in an exchange. Whether to try again is decided by type, never by the text of an error.

use crate::address::BlockedAddress;
use crate::headers::HeaderFault;
use crate::resolver::ResolveError;
use crate::shown::redacted;
use std::error::Error;
use std::io;
use std::time::Duration;
use url::Url;

/// An exchange that brought no answer. `url` is [`redacted`] everywhere.
#[derive(Debug, thiserror::Error)]
pub enum ExchangeError {
    /// Only http and https are spoken.
    #[error("{url}: only http and https URLs with a host can be used")]
    Scheme {
        /// The URL.
        url: String,
    },
    /// A header cannot be sent.
    #[error("{url}: header \"{header}\" cannot be sent")]
    Header {
        /// The URL.
        url: String,
        /// The header's name.
        header: String,
        /// What is wrong with it.
        #[source]
        source: HeaderFault,
    },
    /// The address policy forbids the address.
    #[error("{url}: connection refused by the address guard")]
    Blocked {
        /// The URL.
        url: String,
        /// The address and why it is blocked.
        #[source]
        source: BlockedAddress,
    },
    /// The host name leads to no address.
    #[error("{url}: host cannot be found")]
    Unresolved {
        /// The URL.
        url: String,
        /// What the resolver said.
        #[source]
        source: Box<dyn Error + Send + Sync>,
    },
    /// No connection, or no TLS session, came about.
    #[error("{url}: cannot connect")]
    Connect {
        /// The URL.
        url: String,
        /// What the HTTP library said.
        #[source]
        source: reqwest::Error,
    },
    /// The deadline of the whole exchange, or of connecting, passed.
    #[error("{url}: no complete answer within {}", seconds(*.deadline))]
    Timeout {
        /// The URL.
        url: String,
        /// The deadline of the exchange.
        deadline: Duration,
    },
    /// The connection broke, or what came over it is not HTTP.
    #[error("{url}: the exchange broke off")]
    Broken {
        /// The URL.
        url: String,
        /// What the HTTP library said.
        #[source]
        source: reqwest::Error,
    },
}

impl ExchangeError {
    /// Whether the same request may succeed later.
    pub fn is_retryable(&self) -> bool {
        match self {
            Self::Unresolved { .. } | Self::Connect { .. } | Self::Timeout { .. } | Self::Broken { .. } => {
                true
            }
            Self::Scheme { .. } | Self::Header { .. } | Self::Blocked { .. } => false,
        }
    }

    pub(crate) fn blocked(url: &Url, source: BlockedAddress) -> Self {
        Self::Blocked { url: redacted(url), source }
    }

    /// Sorts an error of the HTTP library by the types in its chain of causes.
    pub(crate) fn sending(url: &Url, deadline: Duration, error: reqwest::Error) -> Self {
        let shown = redacted(url);
        // The library's own message would repeat the URL with its secrets.
        let error = error.without_url();
        if let Some(resolve) = find::<ResolveError>(&error) {
            return match resolve {
                ResolveError::Blocked { source, .. } => Self::Blocked { url: shown, source: source.clone() },
                ResolveError::Lookup { .. } | ResolveError::NoAddress { .. } => {
                    Self::Unresolved { url: shown, source: Box::new(error) }
                }
            };
        }
        if error.is_timeout() {
            Self::Timeout { url: shown, deadline }
        } else if error.is_connect() {
            Self::Connect { url: shown, source: error }
        } else {
            Self::Broken { url: shown, source: error }
        }
    }
}

/// A file that could not be fetched. `url` is [`redacted`] everywhere.
#[derive(Debug, thiserror::Error)]
pub enum FetchError {
    /// No answer.
    #[error(transparent)]
    Exchange(#[from] ExchangeError),
    /// An answer that is not the file.
    #[error("{url}: the server answered {status}")]
    Status {
        /// The URL that answered.
        url: String,
        /// The HTTP status.
        status: u16,
        /// How long the server asks to wait, from `Retry-After` (a date is taken relative to the answer's own
        /// `Date`).
        retry_after: Option<Duration>,
    },
    /// More redirects than permitted.
    #[error("{url}: more than {limit} redirects")]
    TooManyRedirects {
        /// The URL that redirected once too often.
        url: String,
        /// The limit.
        limit: u32,
    },
    /// A redirect that cannot be followed.
    #[error("{url}: redirect cannot be followed: {reason}")]
    BadRedirect {
        /// The URL that redirected.
        url: String,
        /// What is wrong with the target.
        reason: &'static str,
    },
    /// The file is larger than permitted.
    #[error("{url}: the file is larger than the limit of {limit} bytes")]
    TooLarge {
        /// The URL.
        url: String,
        /// The limit.
        limit: u64,
    },
    /// An answer that was to be read here came compressed although that was not asked for.
    #[error("{url}: the answer is compressed ({encoding:?}) although it was asked for as it is")]
    Packed {
        /// The URL.
        url: String,
        /// The `Content-Encoding`.
        encoding: String,
    },
    /// The connection ended before the announced end of the file, or nothing came over it any more.
    #[error("{url}: the download broke off after {received} bytes{}", of_expected(*.expected))]
    Truncated {
        /// The URL.
        url: String,
        /// Bytes received.
        received: u64,
        /// Bytes announced, where the server announced any.
        expected: Option<u64>,
        /// What the HTTP library said, where it noticed.
        #[source]
        source: Option<reqwest::Error>,
    },
    /// The file could not be written here.
    #[error("{url}: the download cannot be written")]
    Write {
        /// The URL.
        url: String,
        /// What the system said.
        #[source]
        source: io::Error,
    },
}

impl FetchError {
    /// Whether the same request may succeed later: no connection, a timeout, a truncated download, and the statuses
    /// 408, 425, 429 and 5xx (but not 501 and 505, which do not pass).
    pub fn is_retryable(&self) -> bool {
        match self {
            Self::Exchange(error) => error.is_retryable(),
            Self::Status { status, .. } => {
                matches!(status, 408 | 425 | 429 | 500..=599) && !matches!(status, 501 | 505)
            }
            Self::Truncated { .. } => true,
            Self::TooManyRedirects { .. }
            | Self::BadRedirect { .. }
            | Self::TooLarge { .. }
            | Self::Packed { .. }
            | Self::Write { .. } => false,
        }
    }

    /// How long the server asked to wait.
    pub fn retry_after(&self) -> Option<Duration> {
        match self {
            Self::Status { retry_after, .. } => *retry_after,
            _ => None,
        }
    }
}

fn find<'a, E: Error + 'static>(error: &'a (dyn Error + 'static)) -> Option<&'a E> {
    let mut current = Some(error);
    while let Some(cause) = current {
        if let Some(found) = cause.downcast_ref::<E>() {
            return Some(found);
        }
        current = cause.source();
    }
    None
}

fn seconds(duration: Duration) -> String {
    format!("{} s", duration.as_secs_f64())
}

fn of_expected(expected: Option<u64>) -> String {
    expected.map(|bytes| format!(" of {bytes}")).unwrap_or_default()
}
