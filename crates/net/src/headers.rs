//! Request headers given by configuration or by callers.

use crate::secret::Secret;
use reqwest::header::{HeaderMap, HeaderName, HeaderValue};

/// Headers that the client sets itself; given by anyone else they could change where a request goes, how long it is
/// or how its answer is encoded.
const RESERVED: [&str; 16] = [
    "accept-encoding",
    "connection",
    "content-length",
    "expect",
    "host",
    "if-modified-since",
    "if-none-match",
    "if-range",
    "keep-alive",
    "proxy-authorization",
    "proxy-connection",
    "range",
    "te",
    "trailer",
    "transfer-encoding",
    "upgrade",
];

/// What is wrong with a header. The value is never shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum HeaderFault {
    /// The name holds a character that header names may not have.
    #[error("its name is not a header name")]
    Name,
    /// The value holds a line break or another character that header values may not have.
    #[error("its value holds a line break or another forbidden character")]
    Value,
    /// The client sets this header itself.
    #[error("it is set by the client and cannot be given")]
    Reserved,
}

/// Checks and collects headers; the first fault is returned with the name of its header.
pub(crate) fn header_map(headers: &[(String, Secret)]) -> Result<HeaderMap, (String, HeaderFault)> {
    let mut map = HeaderMap::with_capacity(headers.len());
    for (name, value) in headers {
        let fault = |fault| (name.escape_default().to_string(), fault);
        let parsed = HeaderName::from_bytes(name.as_bytes()).map_err(|_| fault(HeaderFault::Name))?;
        if RESERVED.contains(&parsed.as_str()) {
            return Err(fault(HeaderFault::Reserved));
        }
        map.append(parsed, sensitive(value.expose()).map_err(|()| fault(HeaderFault::Value))?);
    }
    Ok(map)
}

/// A header value that the HTTP library does not print either.
pub(crate) fn sensitive(value: &str) -> Result<HeaderValue, ()> {
    let mut value = HeaderValue::from_str(value).map_err(|_| ())?;
    value.set_sensitive(true);
    Ok(value)
}

#[cfg(test)]
mod tests {
    use super::{HeaderFault, header_map};
    use crate::secret::Secret;

    fn fault(name: &str, value: &str) -> HeaderFault {
        header_map(&[(name.to_owned(), Secret::from(value))]).unwrap_err().1
    }

    #[test]
    fn injection_and_reserved_headers_are_refused() {
        assert_eq!(fault("x-key", "a\r\nx-evil: 1"), HeaderFault::Value);
        assert_eq!(fault("x-key", "a\nb"), HeaderFault::Value);
        assert_eq!(fault("x-key", "a\0b"), HeaderFault::Value);
        assert_eq!(fault("x-key: 1\r\nx-evil", "a"), HeaderFault::Name);
        assert_eq!(fault("", "a"), HeaderFault::Name);
        for reserved in ["Host", "content-length", "Transfer-Encoding", "If-None-Match"] {
            assert_eq!(fault(reserved, "1"), HeaderFault::Reserved);
        }
        let good = header_map(&[("Authorization".to_owned(), Secret::from("Bearer abc"))]).unwrap();
        assert_eq!(good["authorization"], "Bearer abc");
        assert!(!format!("{good:?}").contains("abc"));
    }
}
