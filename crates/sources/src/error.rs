//! Why a delivery could not be got. Every message is one line and shows no secret.

use berika_net::{FetchError, SecretError};

/// Why a delivery could not be got.
#[derive(Debug, thiserror::Error)]
pub enum SourceError {
    /// An address cannot be used.
    #[error("source.{key} is no address")]
    Url {
        /// The key of the configuration.
        key: &'static str,
        /// Why.
        source: url::ParseError,
    },
    /// A secret is not there.
    #[error("{what}")]
    Secret {
        /// What needs it, such as `header X-Api-Key`.
        what: String,
        /// Why.
        source: SecretError,
    },
    /// It did not come.
    #[error(transparent)]
    Fetch(#[from] FetchError),
    /// The token server gave no token.
    #[error("{url}: no access token: {reason}")]
    Token {
        /// The token server, without secrets.
        url: String,
        /// What it answered.
        reason: String,
    },
    /// It cannot be written here.
    #[error("a temporary file cannot be written")]
    Spool(#[source] std::io::Error),
}
