//! One request to the server and what it brings.

use std::time::Duration;

use berika_net::{Bytes, CallRequest, Client, ExchangeError, FetchError, Secret, Url, redacted};

use super::answer::{self, Answer};
use super::refusal::Refusal;
use crate::model::Usage;

/// The largest answer that is read.
const ANSWER_BYTES_MOST: usize = 1 << 20;

/// The way to one server.
pub(super) struct Line {
    pub(super) client: Client,
    pub(super) url: Url,
    pub(super) key: Option<Secret>,
    /// For one exchange.
    pub(super) deadline: Duration,
}

/// What one request brought.
pub(super) enum Came {
    Answer(Answer),
    Refusal(Refusal),
    /// A success whose body is no chat completion; how many bytes it is.
    Nonsense(usize),
    Nothing(FetchError),
}

impl Line {
    pub(super) async fn send(&self, body: Vec<u8>) -> Came {
        let mut headers = vec![("content-type".to_owned(), Secret::from("application/json"))];
        if let Some(key) = &self.key {
            headers.push(("authorization".to_owned(), Secret::new(format!("Bearer {}", key.expose()))));
        }
        let request = CallRequest {
            url: self.url.clone(),
            headers,
            body: Some(Bytes::from(body)),
            deadline: self.deadline,
            max_bytes: ANSWER_BYTES_MOST,
        };
        let answer = match self.client.call(request).await {
            Ok(answer) => answer,
            Err(error) => return Came::Nothing(error),
        };
        if !(200..300).contains(&answer.status) {
            return Came::Refusal(Refusal::read(answer.status, answer.retry_after, &answer.body));
        }
        match answer::read(&answer.body) {
            Some(answer) => Came::Answer(answer),
            None => {
                Refusal::in_success(&answer.body).map_or(Came::Nonsense(answer.body.len()), Came::Refusal)
            }
        }
    }

    /// The address without what is secret in it.
    pub(super) fn shown(&self) -> String {
        redacted(&self.url)
    }

    /// A server's words without the key, which it may have repeated. What an address holds may come back in other
    /// spellings: then the words are not shown at all.
    pub(super) fn without_secrets(&self, words: &str) -> String {
        if self.url.password().is_some() || self.url.query().is_some() {
            return "(not shown, for the address holds secrets)".to_owned();
        }
        match &self.key {
            Some(key) => words.replace(key.expose(), "(hidden)"),
            None => words.to_owned(),
        }
    }
}

impl Came {
    /// What it took, where that is known: without it, it may have taken the most that it could.
    pub(super) fn taken(&self) -> Option<Usage> {
        match self {
            Self::Answer(answer) => answer.usage,
            Self::Refusal(refusal) => refusal.is_free().then(Usage::default),
            Self::Nothing(error) => was_not_sent(error).then(Usage::default),
            Self::Nonsense(_) => None,
        }
    }
}

/// Whether no request of this configuration can come through.
pub(super) fn is_misconfigured(error: &FetchError) -> bool {
    let FetchError::Exchange(error) = error else { return false };
    matches!(
        error,
        ExchangeError::Blocked { .. } | ExchangeError::Scheme { .. } | ExchangeError::Header { .. }
    )
}

/// Whether nothing of a request can have reached a model.
fn was_not_sent(error: &FetchError) -> bool {
    let FetchError::Exchange(exchange) = error else { return false };
    is_misconfigured(error)
        || matches!(exchange, ExchangeError::Connect { .. } | ExchangeError::Unresolved { .. })
}
