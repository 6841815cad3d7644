//! OAuth 2 client credentials (RFC 6749, 4.4): a token for an id and a secret, kept for as long as it holds.

use std::collections::HashMap;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use berika_net::{CallAnswer, CallRequest, Client, Secret, Url, redacted};
use serde::Deserialize;
use serde_json::Value;
use tokio::time::Instant;

use crate::auth::basic;
use crate::error::SourceError;

/// A token is renewed so long before its end, so that no request carries one that ends on its way.
const BEFORE_ITS_END: Duration = Duration::from_secs(30);
/// A token whose life is not told, or told longer, is renewed after a day.
const LONGEST_LIFE: Duration = Duration::from_secs(86_400);
/// The largest answer of a token server.
const MAX_ANSWER: usize = 256 * 1024;

/// What a token is got for.
#[derive(Debug, Clone)]
pub(crate) struct Grant {
    pub(crate) url: Url,
    pub(crate) client_id: String,
    pub(crate) client_secret: Secret,
    pub(crate) scope: Option<String>,
    pub(crate) audience: Option<String>,
}

/// Tokens by what they were got for.
#[derive(Debug, Default)]
pub(crate) struct Tokens {
    known: Mutex<HashMap<String, Token>>,
}

#[derive(Debug, Clone)]
struct Token {
    secret: Secret,
    until: Instant,
}

/// A token server's answer, good or bad.
#[derive(Deserialize)]
struct Answer {
    access_token: Option<String>,
    token_type: Option<String>,
    /// A number; some servers write it as a text.
    expires_in: Option<Value>,
    error: Option<String>,
}

impl Tokens {
    /// A token that is known and still holds.
    pub(crate) fn known(&self, grant: &Grant, now: Instant) -> Option<Secret> {
        let known = self.lock();
        known.get(&grant.key()).filter(|token| now < token.until).map(|token| token.secret.clone())
    }

    fn keep(&self, grant: &Grant, secret: Secret, life: Duration, begun: Instant) {
        let until = begun + life.min(LONGEST_LIFE) - BEFORE_ITS_END.min(life / 2);
        self.lock().insert(grant.key(), Token { secret, until });
    }

    /// Forgets a token that was refused.
    pub(crate) fn forget(&self, grant: &Grant) {
        self.lock().remove(&grant.key());
    }

    /// Fetches a token and keeps it. The id and secret are sent as basic authentication, which every server must take;
    /// one that refuses them so gets them in the body, as some want it.
    pub(crate) async fn fetch(
        &self,
        client: &Client,
        grant: &Grant,
        deadline: Duration,
    ) -> Result<Secret, SourceError> {
        let begun = Instant::now();
        let mut answer = client.call(grant.request(true, deadline)).await?;
        if matches!(answer.status, 400 | 401) {
            answer = client.call(grant.request(false, deadline)).await?;
        }
        let (secret, life) = read(grant, answer)?;
        self.keep(grant, secret.clone(), life, begun);
        Ok(secret)
    }

    fn lock(&self) -> MutexGuard<'_, HashMap<String, Token>> {
        self.known.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Grant {
    fn key(&self) -> String {
        let Self { url, client_id, scope, audience, .. } = self;
        format!("{url}\n{client_id}\n{scope:?}\n{audience:?}")
    }

    fn request(&self, in_header: bool, deadline: Duration) -> CallRequest {
        let mut form = url::form_urlencoded::Serializer::new(String::new());
        form.append_pair("grant_type", "client_credentials");
        for (name, value) in [("scope", &self.scope), ("audience", &self.audience)] {
            if let Some(value) = value {
                form.append_pair(name, value);
            }
        }
        let kind = Secret::from("application/x-www-form-urlencoded");
        let mut headers =
            vec![("content-type".to_owned(), kind), ("accept".to_owned(), Secret::from("application/json"))];
        if in_header {
            let encoded =
                |text: &str| url::form_urlencoded::byte_serialize(text.as_bytes()).collect::<String>();
            let secret = Secret::new(encoded(self.client_secret.expose()));
            headers.push(("authorization".to_owned(), basic(&encoded(&self.client_id), &secret)));
        } else {
            form.append_pair("client_id", &self.client_id);
            form.append_pair("client_secret", self.client_secret.expose());
        }
        let body = Some(form.finish().into());
        CallRequest { url: self.url.clone(), headers, body, deadline, max_bytes: MAX_ANSWER }
    }
}

fn read(grant: &Grant, answer: CallAnswer) -> Result<(Secret, Duration), SourceError> {
    let refused = |reason: String| SourceError::Token { url: redacted(&grant.url), reason };
    let said: Option<Answer> = serde_json::from_slice(&answer.body).ok();
    let error = said.as_ref().and_then(|said| said.error.as_deref()).filter(|error| is_code(error));
    if let Some(error) = error {
        return Err(refused(format!("the server says {error:?} ({})", answer.status)));
    }
    let answer = answer.successful()?;
    let Some(Answer { access_token: Some(token), token_type, expires_in, .. }) = said else {
        return Err(refused(format!("the answer ({}) holds none", answer.status)));
    };
    if token_type.is_some_and(|kind| !kind.eq_ignore_ascii_case("bearer")) {
        return Err(refused("it is of a kind other than bearer".to_owned()));
    }
    let told = expires_in.and_then(|told| match told {
        Value::String(text) => text.trim().parse().ok(),
        other => other.as_f64(),
    });
    let seconds = told.filter(|seconds| *seconds > 0.0).unwrap_or(f64::MAX);
    let life = Duration::try_from_secs_f64(seconds).unwrap_or(LONGEST_LIFE);
    Ok((Secret::new(token), life))
}

/// Whether it is one of OAuth's words (RFC 6749, 5.2), which may be shown: a server may repeat the secret in any other.
fn is_code(error: &str) -> bool {
    matches!(
        error,
        "invalid_request"
            | "invalid_client"
            | "invalid_grant"
            | "unauthorized_client"
            | "unsupported_grant_type"
            | "invalid_scope"
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_token_is_kept_until_shortly_before_its_end() {
        let grant = |id: &str| Grant {
            url: Url::parse("https://a.example/token").unwrap(),
            client_id: id.to_owned(),
            client_secret: Secret::from("s"),
            scope: None,
            audience: None,
        };
        let (tokens, begun) = (Tokens::default(), Instant::now());
        let after = |seconds| begun + Duration::from_secs(seconds);
        let held = |id, seconds| tokens.known(&grant(id), after(seconds)).is_some();
        for (id, life) in [("hour", 3600), ("short", 10), ("ever", u64::MAX)] {
            tokens.keep(&grant(id), Secret::from("t"), Duration::from_secs(life), begun);
        }
        assert!(held("hour", 3569) && !held("hour", 3570));
        assert!(held("short", 4) && !held("short", 5));
        assert!(held("ever", 86_369) && !held("ever", 86_370));
        tokens.forget(&grant("hour"));
        assert!(!held("hour", 0) && !held("other", 0));
    }
}
