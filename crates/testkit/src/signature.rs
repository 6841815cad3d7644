//! Verification of Standard Webhooks signatures against a clock that is passed in.

use axum::http::HeaderMap;
use standardwebhooks::{HEADER_WEBHOOK_ID, HEADER_WEBHOOK_SIGNATURE, HEADER_WEBHOOK_TIMESTAMP, Webhook};

/// How far the sender's clock may be off.
const TOLERANCE_SECONDS: i64 = 300;

/// The secrets that a receiver accepts; several while one is being replaced.
pub(crate) struct Verifier {
    secrets: Vec<Webhook>,
}

/// What the headers say, as far as they can be read.
pub(crate) struct Claim {
    pub(crate) id: String,
    pub(crate) timestamp: Option<i64>,
    signatures: String,
}

impl Claim {
    pub(crate) fn read(headers: &HeaderMap) -> Self {
        let text =
            |name| headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or_default().to_owned();
        Self {
            id: text(HEADER_WEBHOOK_ID),
            timestamp: text(HEADER_WEBHOOK_TIMESTAMP).parse().ok(),
            signatures: text(HEADER_WEBHOOK_SIGNATURE),
        }
    }
}

impl Verifier {
    /// Fails with the number (from 1) of the first secret that is not base64.
    pub(crate) fn new(secrets: &[String]) -> Result<Self, usize> {
        let parsed = secrets.iter().enumerate().map(|(at, secret)| Webhook::new(secret).map_err(|_| at + 1));
        Ok(Self { secrets: parsed.collect::<Result<_, _>>()? })
    }

    /// Whether one signature of the claim is right for one secret. The crate's own `verify` is not used because it
    /// reads the machine's clock.
    pub(crate) fn verify(&self, claim: &Claim, body: &[u8], now: i64) -> Result<(), String> {
        if claim.id.is_empty() || claim.id.contains('.') {
            return Err("webhook-id is missing or holds a dot".to_owned());
        }
        let Some(timestamp) = claim.timestamp else {
            return Err("webhook-timestamp is missing or no integer".to_owned());
        };
        let off = now.saturating_sub(timestamp);
        if !(-TOLERANCE_SECONDS..=TOLERANCE_SECONDS).contains(&off) {
            return Err(format!("webhook-timestamp is {off} s away from the receiver's clock"));
        }
        let signed = |secret: &Webhook| secret.sign(&claim.id, timestamp, body).ok();
        let expected: Vec<String> = self.secrets.iter().filter_map(signed).collect();
        if claim.signatures.split(' ').any(|given| expected.iter().any(|right| right == given)) {
            Ok(())
        } else {
            Err("webhook-signature fits no secret".to_owned())
        }
    }
}
