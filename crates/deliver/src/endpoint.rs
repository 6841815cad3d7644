//! Where events are sent and with what.

use crate::signing::{Signer, SigningError};
use berika_net::{Secret, Url, redacted};
use std::fmt;
use std::time::Duration;

/// Time for one whole attempt, within the 15 to 30 seconds that the specification recommends.
pub const DEFAULT_DEADLINE: Duration = Duration::from_secs(20);

/// A receiver of events.
pub struct Endpoint {
    pub(crate) id: String,
    pub(crate) url: Url,
    pub(crate) signer: Signer,
    pub(crate) headers: Vec<(String, Secret)>,
    pub(crate) deadline: Duration,
}

/// The URL is shown [`redacted`], the headers not at all.
impl fmt::Debug for Endpoint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Endpoint")
            .field("id", &self.id)
            .field("url", &redacted(&self.url))
            .field("signer", &self.signer)
            .finish_non_exhaustive()
    }
}

/// Why an endpoint cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum EndpointError {
    /// Its secrets cannot sign.
    #[error("endpoint {endpoint:?}: {source}")]
    Signing {
        /// The endpoint's name.
        endpoint: String,
        /// What is wrong.
        source: SigningError,
    },
    /// A further header would collide with the signature's own.
    #[error("endpoint {endpoint:?}: header {header:?} belongs to the signature and cannot be given")]
    Header {
        /// The endpoint's name.
        endpoint: String,
        /// The header.
        header: String,
    },
}

impl Endpoint {
    /// An endpoint named `id` that is signed for with `secrets` (newest first), without further headers and with
    /// [`DEFAULT_DEADLINE`].
    ///
    /// # Errors
    /// Secrets that cannot sign.
    pub fn new(id: impl Into<String>, url: Url, secrets: &[Secret]) -> Result<Self, EndpointError> {
        let id = id.into();
        match Signer::new(secrets) {
            Ok(signer) => Ok(Self { id, url, signer, headers: Vec::new(), deadline: DEFAULT_DEADLINE }),
            Err(source) => Err(EndpointError::Signing { endpoint: id, source }),
        }
    }

    /// Further headers sent with every attempt; the signature does not cover them.
    ///
    /// # Errors
    /// A header whose name starts with `webhook-`.
    pub fn with_headers(self, headers: Vec<(String, Secret)>) -> Result<Self, EndpointError> {
        match headers.iter().find(|(name, _)| name.to_ascii_lowercase().starts_with("webhook-")) {
            Some((name, _)) => Err(EndpointError::Header { endpoint: self.id, header: name.clone() }),
            None => Ok(Self { headers, ..self }),
        }
    }

    /// Another deadline for a whole attempt.
    #[must_use]
    pub fn with_deadline(self, deadline: Duration) -> Self {
        Self { deadline, ..self }
    }

    /// The endpoint's name.
    pub fn id(&self) -> &str {
        &self.id
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn errors_name_the_endpoint_and_hide_the_secret() {
        let url = || Url::parse("https://shop.example/hook?key=s3cret").unwrap();
        let error = Endpoint::new("shop", url(), &[Secret::from("whsec_c2hvcnQ=")]).unwrap_err();
        assert_eq!(
            error.to_string(),
            "endpoint \"shop\": signing secret number 1 has 5 bytes; 24 to 64 random bytes are needed"
        );
        let endpoint =
            Endpoint::new("shop", url(), &[Secret::from("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw")]).unwrap();
        let shown = format!("{endpoint:?}");
        assert!(!shown.contains("MfKQ9r8") && !shown.contains("s3cret"), "{shown}");
        let error = endpoint.with_headers(vec![("Webhook-Id".to_owned(), Secret::from("x"))]).unwrap_err();
        assert!(
            matches!(error, EndpointError::Header { ref header, .. } if header == "Webhook-Id"),
            "{error}"
        );
    }
}
