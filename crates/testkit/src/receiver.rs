//! A webhook endpoint that verifies signatures, remembers everything, and misbehaves on request.

use crate::body::{ENDLESS_BYTES, endless};
use crate::host::{Host, StartError};
use crate::journal::{Journal, Received};
use crate::signature::{Claim, Verifier};
use crate::supplier::{lock, plain_headers, status_answer};
use axum::Router;
use axum::body::Bytes;
use axum::extract::State;
use axum::http::header::{CONTENT_LENGTH, LOCATION, RETRY_AFTER};
use axum::http::{HeaderMap, StatusCode, Uri};
use axum::response::{IntoResponse, Response};
use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::path::PathBuf;
use std::sync::{Arc, Mutex};

/// An answer other than the usual 200.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Reply {
    /// This status and a short text.
    Status(u16),
    /// This status with `Retry-After` (seconds or an HTTP date).
    RetryAfter(u16, String),
    /// 307 to this target.
    Redirect(String),
    /// The request is taken and never answered.
    Hang,
    /// Status 200, 10 GB announced, as much sent as the sender takes.
    Endless,
}

/// How a receiver is set up.
pub struct ReceiverOptions {
    /// Signing secrets accepted, as `whsec_…`; several while one is being replaced.
    pub secrets: Vec<String>,
    /// The receiver's clock: Unix seconds.
    pub now: Box<dyn Fn() -> i64 + Send + Sync>,
    /// A file to append every request to, before it is answered.
    pub journal: Option<PathBuf>,
}

impl ReceiverOptions {
    /// One secret, a clock, no journal.
    pub fn new(secret: impl Into<String>, now: impl Fn() -> i64 + Send + Sync + 'static) -> Self {
        Self { secrets: vec![secret.into()], now: Box::new(now), journal: None }
    }
}

/// A webhook endpoint on loopback; it runs until it is dropped.
///
/// It accepts a POST to any path. Without a script it answers 200 to what is verified and 401 to what is not.
/// Everything that arrives is remembered, whatever is answered.
#[derive(Debug)]
pub struct WebhookReceiver {
    host: Host,
    shared: Arc<Shared>,
}

struct Shared {
    verifier: Verifier,
    now: Box<dyn Fn() -> i64 + Send + Sync>,
    /// One lock for script, memory and journal: what is remembered is in the order in which it was answered.
    state: Mutex<Memory>,
}

impl std::fmt::Debug for Shared {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Shared").finish_non_exhaustive()
    }
}

struct Memory {
    next: VecDeque<Reply>,
    always: Option<Reply>,
    received: Vec<Received>,
    journal: Option<Journal>,
}

impl WebhookReceiver {
    /// Starts the endpoint.
    ///
    /// # Errors
    /// A secret that is not base64, a journal that cannot be opened, no socket or thread.
    pub fn start(options: ReceiverOptions) -> Result<Self, StartError> {
        let ReceiverOptions { secrets, now, journal } = options;
        let verifier = Verifier::new(&secrets).map_err(|number| StartError::Secret { number })?;
        let journal = match journal {
            Some(path) => Some(Journal::open(&path).map_err(|source| StartError::Journal { path, source })?),
            None => None,
        };
        let memory = Memory { next: VecDeque::new(), always: None, received: Vec::new(), journal };
        let shared = Arc::new(Shared { verifier, now, state: Mutex::new(memory) });
        let router = Router::new().fallback(axum::routing::post(receive)).with_state(Arc::clone(&shared));
        Ok(Self { host: Host::start("webhook-receiver", router)?, shared })
    }

    /// Where to send webhooks: `http://127.0.0.1:PORT/webhooks`.
    pub fn url(&self) -> String {
        format!("{}/webhooks", self.host.base_url())
    }

    /// The next requests are answered like this, one each; afterwards as before.
    pub fn next(&self, replies: impl IntoIterator<Item = Reply>) {
        lock(&self.shared.state).next.extend(replies);
    }

    /// From now on every request is answered like this.
    pub fn always(&self, reply: Reply) {
        lock(&self.shared.state).always = Some(reply);
    }

    /// From now on requests are answered as usual.
    pub fn normal(&self) {
        let mut state = lock(&self.shared.state);
        state.always = None;
        state.next.clear();
    }

    /// Every request since the start, in order of arrival.
    pub fn received(&self) -> Vec<Received> {
        lock(&self.shared.state).received.clone()
    }

    /// How many requests arrived.
    pub fn count(&self) -> usize {
        lock(&self.shared.state).received.len()
    }

    /// The ids seen, each once.
    pub fn distinct_ids(&self) -> BTreeSet<String> {
        lock(&self.shared.state).received.iter().map(|received| received.id.clone()).collect()
    }

    /// The ids that were verified and answered with success: what a sender may regard as delivered.
    pub fn accepted_ids(&self) -> BTreeSet<String> {
        let accepted = |received: &&Received| {
            received.verified && received.answered.is_some_and(|status| (200..300).contains(&status))
        };
        lock(&self.shared.state)
            .received
            .iter()
            .filter(accepted)
            .map(|received| received.id.clone())
            .collect()
    }

    /// The requests whose signature or timestamp was not right.
    pub fn unverified(&self) -> Vec<Received> {
        lock(&self.shared.state).received.iter().filter(|received| !received.verified).cloned().collect()
    }

    /// The ids that arrived with different bodies. A correct sender never causes one.
    pub fn ids_with_differing_bodies(&self) -> BTreeSet<String> {
        let state = lock(&self.shared.state);
        let mut first: BTreeMap<&str, &str> = BTreeMap::new();
        let mut differing = BTreeSet::new();
        for Received { id, raw, .. } in &state.received {
            if first.entry(id).or_insert(raw) != raw {
                differing.insert(id.clone());
            }
        }
        differing
    }

    /// Closes the listener and every connection.
    pub fn stop(self) {
        drop(self);
    }
}

async fn receive(State(shared): State<Arc<Shared>>, uri: Uri, headers: HeaderMap, body: Bytes) -> Response {
    let now = (shared.now)();
    let claim = Claim::read(&headers);
    let verdict = shared.verifier.verify(&claim, &body, now);
    let reply = {
        let mut state = lock(&shared.state);
        let reply = state.next.pop_front().or_else(|| state.always.clone());
        let received = Received {
            id: claim.id,
            timestamp: claim.timestamp,
            received_at: now,
            verified: verdict.is_ok(),
            answered: answered(reply.as_ref(), verdict.is_ok()),
            reason: verdict.err(),
            path: uri.path().to_owned(),
            headers: plain_headers(&headers),
            raw: String::from_utf8_lossy(&body).into_owned(),
        };
        if let Some(Err(error)) = state.journal.as_mut().map(|journal| journal.append(&received)) {
            // Answering with success would claim what is not on disk.
            return (StatusCode::INTERNAL_SERVER_ERROR, format!("journal: {error}\n")).into_response();
        }
        let verified = received.verified;
        state.received.push(received);
        reply.ok_or(verified)
    };
    match reply {
        Err(true) => StatusCode::OK.into_response(),
        Err(false) => StatusCode::UNAUTHORIZED.into_response(),
        Ok(Reply::Status(status)) => status_answer(status, None),
        Ok(Reply::RetryAfter(status, value)) => status_answer(status, Some((RETRY_AFTER, &value))),
        Ok(Reply::Redirect(target)) => status_answer(307, Some((LOCATION, &target))),
        Ok(Reply::Endless) => ([(CONTENT_LENGTH, ENDLESS_BYTES.to_string())], endless()).into_response(),
        Ok(Reply::Hang) => std::future::pending().await,
    }
}

fn answered(reply: Option<&Reply>, verified: bool) -> Option<u16> {
    match reply {
        None => Some(if verified { 200 } else { 401 }),
        Some(Reply::Status(status) | Reply::RetryAfter(status, _)) => Some(*status),
        Some(Reply::Redirect(_)) => Some(307),
        Some(Reply::Endless) => Some(200),
        Some(Reply::Hang) => None,
    }
}
