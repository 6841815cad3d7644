//! Standard Webhooks signatures (symmetric, `v1`).

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use berika_net::Secret;
use standardwebhooks::{HEADER_WEBHOOK_ID, HEADER_WEBHOOK_SIGNATURE, HEADER_WEBHOOK_TIMESTAMP, Webhook};
use std::fmt;
use std::ops::RangeInclusive;

const PREFIX: &str = "whsec_";
/// The specification's bounds: 192 to 512 bits.
const SECRET_BYTES: RangeInclusive<usize> = 24..=64;

/// Signs with one secret, or with several while one is being replaced: a receiver who knows any of them accepts.
pub struct Signer {
    secrets: Vec<Webhook>,
}

/// Why a signer cannot be made or something cannot be signed. No message holds a secret.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum SigningError {
    /// There is no secret at all.
    #[error("no signing secret is given")]
    NoSecret,
    /// A secret is not `whsec_` followed by base64.
    #[error("signing secret number {number} is not \"whsec_\" followed by base64")]
    Format {
        /// Which one, counted from 1.
        number: usize,
    },
    /// A secret is too short to be safe or longer than receivers accept.
    #[error("signing secret number {number} has {bytes} bytes; 24 to 64 random bytes are needed")]
    Length {
        /// Which one, counted from 1.
        number: usize,
        /// Its length, decoded.
        bytes: usize,
    },
    /// The id cannot be part of what is signed.
    #[error("webhook id {id:?} is empty or holds a character other than letters, digits, '-' and '_'")]
    Id {
        /// The id.
        id: String,
    },
    /// The body is not UTF-8.
    #[error("body of webhook {id} is not UTF-8 and cannot be signed")]
    Body {
        /// The webhook's id.
        id: String,
    },
}

impl Signer {
    /// A signer with these secrets, newest first.
    ///
    /// # Errors
    /// No secret, or one that is not `whsec_` and the base64 of 24 to 64 bytes.
    pub fn new(secrets: &[Secret]) -> Result<Self, SigningError> {
        if secrets.is_empty() {
            return Err(SigningError::NoSecret);
        }
        let parsed = secrets.iter().enumerate().map(|(at, secret)| parse(secret, at + 1));
        Ok(Self { secrets: parsed.collect::<Result<_, _>>()? })
    }

    /// The three headers for one attempt: `webhook-id`, `webhook-timestamp`, `webhook-signature`. `timestamp` is the
    /// attempt's own, in Unix seconds; `body` are the very bytes that are sent.
    ///
    /// # Errors
    /// An id that holds a dot or anything else than letters, digits, `-` and `_`; a body that is not UTF-8.
    pub fn headers(
        &self,
        id: &str,
        timestamp: i64,
        body: &[u8],
    ) -> Result<[(&'static str, String); 3], SigningError> {
        let plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_');
        if id.is_empty() || !id.chars().all(plain) {
            return Err(SigningError::Id { id: id.to_owned() });
        }
        let sign = |secret: &Webhook| secret.sign(id, timestamp, body);
        let signatures: Result<Vec<String>, _> = self.secrets.iter().map(sign).collect();
        let signatures = signatures.map_err(|_| SigningError::Body { id: id.to_owned() })?;
        Ok([
            (HEADER_WEBHOOK_ID, id.to_owned()),
            (HEADER_WEBHOOK_TIMESTAMP, timestamp.to_string()),
            (HEADER_WEBHOOK_SIGNATURE, signatures.join(" ")),
        ])
    }
}

impl fmt::Debug for Signer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Signer({} hidden)", self.secrets.len())
    }
}

fn parse(secret: &Secret, number: usize) -> Result<Webhook, SigningError> {
    let format = || SigningError::Format { number };
    let encoded = secret.expose().strip_prefix(PREFIX).ok_or_else(format)?;
    let key = STANDARD.decode(encoded).map_err(|_| format())?;
    let bytes = key.len();
    if !SECRET_BYTES.contains(&bytes) {
        return Err(SigningError::Length { number, bytes });
    }
    Webhook::from_bytes(key).map_err(|_| format())
}

#[cfg(test)]
mod tests {
    use super::*;

    const OLD: &str = "whsec_C2FVsBQIhrscChlQIMV+b5sSYspob7oD";
    const VECTOR: &str = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";

    fn signer(secrets: &[&str]) -> Result<Signer, SigningError> {
        Signer::new(&secrets.iter().map(|secret| Secret::from(*secret)).collect::<Vec<_>>())
    }

    fn secret_of(bytes: usize) -> String {
        format!("{PREFIX}{}", STANDARD.encode(vec![7; bytes]))
    }

    /// Computed with Python's hmac module, apart from any webhook library.
    #[test]
    fn the_known_vector_is_reproduced() {
        let headers = signer(&[VECTOR])
            .unwrap()
            .headers("msg_p5jXN8AQM9LWM0D4loKWxJek", 1_614_265_330, br#"{"test": 2432232314}"#)
            .unwrap();
        assert_eq!(headers[0], ("webhook-id", "msg_p5jXN8AQM9LWM0D4loKWxJek".to_owned()));
        assert_eq!(headers[1], ("webhook-timestamp", "1614265330".to_owned()));
        assert_eq!(
            headers[2],
            ("webhook-signature", "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=".to_owned())
        );
    }

    #[test]
    fn while_a_secret_is_replaced_both_sign() {
        let signature =
            |secrets: &[&str]| signer(secrets).unwrap().headers("m", 1, b"{}").unwrap()[2].1.clone();
        assert_eq!(signature(&[VECTOR, OLD]), format!("{} {}", signature(&[VECTOR]), signature(&[OLD])));
    }

    #[test]
    fn weak_and_malformed_secrets_are_refused_without_being_shown() {
        assert_eq!(signer(&[]).unwrap_err(), SigningError::NoSecret);
        for bytes in [0, 23, 65] {
            assert_eq!(
                signer(&[VECTOR, &secret_of(bytes)]).unwrap_err(),
                SigningError::Length { number: 2, bytes }
            );
        }
        for bytes in [24, 64] {
            assert!(signer(&[&secret_of(bytes)]).is_ok());
        }
        for wrong in [
            "",
            "hunter2",
            "MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw",
            "whsec_*",
            "whsk_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw",
        ] {
            let error = signer(&[wrong]).unwrap_err();
            assert_eq!(error, SigningError::Format { number: 1 }, "{wrong}");
            assert!(!error.to_string().contains("hunter2"));
        }
        assert_eq!(format!("{:?}", signer(&[VECTOR]).unwrap()), "Signer(1 hidden)");
    }

    #[test]
    fn an_id_cannot_shift_what_is_signed() {
        let signer = signer(&[VECTOR]).unwrap();
        for id in ["", "a.b", "a b", "a\r\nx: 1", "é"] {
            assert_eq!(signer.headers(id, 1, b"{}").unwrap_err(), SigningError::Id { id: id.to_owned() });
        }
        assert!(matches!(signer.headers("a", 1, b"\xff"), Err(SigningError::Body { .. })));
    }
}
