//! One attempt to deliver one event, kept typed until everything has been decided from it.

use crate::endpoint::Endpoint;
use crate::signing::SigningError;
use berika_net::{Bytes, Client, PostError, PostOutcome, PostRequest, Secret, error_chain};
use jiff::Timestamp;
use std::time::{Duration, Instant};

/// Of an answer this much is read and kept for people to look at.
const EXCERPT_BYTES: usize = 20_000;

/// An event whose id and bytes no longer change: every attempt sends the same.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FrozenEvent {
    /// The `webhook-id`, by which receivers recognise repetitions.
    pub id: String,
    /// The body, as made by [`crate::event_body`].
    pub body: Bytes,
}

/// What came of an attempt.
#[derive(Debug)]
pub struct Attempt {
    /// The endpoint's name.
    pub endpoint: String,
    /// When it started; this is the `webhook-timestamp`.
    pub started_at: Timestamp,
    /// How long it took, whatever its end.
    pub elapsed: Duration,
    /// What happened.
    pub outcome: Outcome,
}

/// What happened in an attempt.
#[derive(Debug)]
pub enum Outcome {
    /// The endpoint answered, with whatever status.
    Answered(PostOutcome),
    /// The endpoint did not answer.
    NoAnswer(PostError),
    /// Nothing was sent because the event cannot be signed.
    Unsigned(SigningError),
}

impl Outcome {
    /// Whether the event is delivered: a status from 200 to 299, nothing else.
    pub fn is_success(&self) -> bool {
        self.status().is_some_and(|status| (200..300).contains(&status))
    }

    /// The status answered.
    pub fn status(&self) -> Option<u16> {
        match self {
            Self::Answered(answer) => Some(answer.status),
            Self::NoAnswer(_) | Self::Unsigned(_) => None,
        }
    }

    /// The beginning of the answer's body: foreign text.
    pub fn excerpt(&self) -> Option<&str> {
        match self {
            Self::Answered(answer) => Some(&answer.excerpt),
            Self::NoAnswer(_) | Self::Unsigned(_) => None,
        }
    }

    /// What happened, on one line, for people.
    pub fn summary(&self) -> String {
        match self {
            Self::Answered(answer) if self.is_success() => format!("answered {}", answer.status),
            Self::Answered(answer) => {
                let hint = match answer.status {
                    300..=399 => " (redirects are not followed; configure the final URL)",
                    401 | 403 => " (does the receiver know the signing secret?)",
                    410 => " (gone: no more events are wanted)",
                    _ => "",
                };
                format!("answered {}{hint}", answer.status)
            }
            Self::NoAnswer(error) => error_chain(error),
            Self::Unsigned(error) => error_chain(error),
        }
    }
}

impl Attempt {
    /// [`Outcome::summary`] with the endpoint's name in front.
    pub fn summary(&self) -> String {
        format!("endpoint {:?}: {}", self.endpoint, self.outcome.summary())
    }
}

/// Makes one attempt: signs the frozen bytes with `now` as timestamp, posts them, and says what happened. It ends
/// within the endpoint's deadline and never fails: every failure is an outcome.
pub async fn attempt(client: &Client, endpoint: &Endpoint, event: &FrozenEvent, now: Timestamp) -> Attempt {
    let stopwatch = Instant::now();
    let outcome = match endpoint.signer.headers(&event.id, now.as_second(), &event.body) {
        Ok(signature) => {
            let signature = signature.into_iter().map(|(name, value)| (name.to_owned(), Secret::from(value)));
            let request = PostRequest {
                url: endpoint.url.clone(),
                headers: signature.chain(endpoint.headers.iter().cloned()).collect(),
                body: event.body.clone(),
                deadline: endpoint.deadline,
                max_response_bytes: EXCERPT_BYTES,
            };
            client.post(request).await.map_or_else(Outcome::NoAnswer, Outcome::Answered)
        }
        Err(error) => Outcome::Unsigned(error),
    };
    Attempt { endpoint: endpoint.id.clone(), started_at: now, elapsed: stopwatch.elapsed(), outcome }
}
