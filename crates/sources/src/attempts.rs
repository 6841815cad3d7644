//! One supplier's requests: at the supplier's pace, with its credentials, tried again where that may help, and all
//! within one deadline.

use std::time::Duration;

use berika_net::{CallAnswer, CallRequest, ExchangeError, FetchError, Secret, Url, redacted};
use tokio::time::Instant;

use crate::auth::{Credentials, bearer};
use crate::config::SourceConfig;
use crate::error::SourceError;
use crate::pace::Pace;
use crate::{Sources, Surroundings};

/// One supplier's requests for one delivery.
pub(crate) struct Attempts<'a> {
    sources: &'a Sources,
    around: Surroundings<'a>,
    credentials: Credentials,
    /// The token that the last request carried.
    token: Option<Secret>,
    pace: Pace,
    timeout: Duration,
    end: Instant,
}

impl<'a> Attempts<'a> {
    pub(crate) fn new(
        sources: &'a Sources,
        config: &SourceConfig,
        around: Surroundings<'a>,
    ) -> Result<Self, SourceError> {
        Ok(Self {
            sources,
            around,
            credentials: Credentials::read(config, around)?,
            token: None,
            pace: Pace::new(config.requests_per_second),
            timeout: config.timeout(),
            end: Instant::now() + config.timeout(),
        })
    }

    /// Makes one exchange with `url` by `ask`, as often as it takes. `ask` gets the headers to send.
    pub(crate) async fn make<T>(
        &mut self,
        url: &Url,
        mut ask: impl AsyncFnMut(Vec<(String, Secret)>) -> Result<T, FetchError>,
    ) -> Result<T, SourceError> {
        let end = self.end;
        let asking = async {
            let mut failures = 0;
            let mut renewed = false;
            loop {
                let error = match self.once(url, &mut ask).await {
                    Ok(answer) => return Ok(answer),
                    Err(SourceError::Fetch(error)) => error,
                    Err(error) => return Err(error),
                };
                if let (FetchError::Status { status: 401, .. }, Some(grant), false) =
                    (&error, &self.credentials.grant, renewed)
                {
                    self.sources.tokens.forget(grant);
                    renewed = true;
                    continue;
                }
                failures += 1;
                let Some(pause) = self.sources.patience.pause(failures, &error, (self.around.random)())
                else {
                    return Err(error.into());
                };
                tracing::debug!(%error, failures, ?pause, "a request failed and is tried again");
                tokio::time::sleep(pause).await;
            }
        };
        match tokio::time::timeout_at(end, asking).await {
            Ok(made) => made,
            Err(_) => Err(self.late(url)),
        }
    }

    /// Makes one call by the request that `request` builds from headers and deadline. A status that is no success is an
    /// error.
    pub(crate) async fn call(
        &mut self,
        url: &Url,
        request: impl Fn(Vec<(String, Secret)>, Duration) -> CallRequest,
    ) -> Result<CallAnswer, SourceError> {
        let (client, deadline) = (&self.sources.client, self.timeout);
        self.make(url, async |headers| client.call(request(headers, deadline)).await?.successful()).await
    }

    /// Waits as long as a server asked for: not beyond the deadline, and not longer than patience goes.
    pub(crate) async fn sleep(&self, url: &Url, wait: Duration) -> Result<(), SourceError> {
        let wait = wait.min(self.sources.patience.longest_pause);
        match tokio::time::timeout_at(self.end, tokio::time::sleep(wait)).await {
            Ok(()) => Ok(()),
            Err(_) => Err(self.late(url)),
        }
    }

    /// A server's words without the secrets that it may have repeated.
    pub(crate) fn without_secrets(&self, text: &str) -> String {
        // What stands behind `Bearer` or `Basic` in a header is a secret by itself.
        let headers = self.credentials.headers.iter().map(|(_, value)| value.expose());
        let in_headers = headers.flat_map(|value| [value, value.rsplit(' ').next().unwrap_or(value)]);
        let others = self.credentials.hidden.iter().chain(&self.token).map(Secret::expose);
        let mut parts: Vec<&str> = in_headers.chain(others).collect();
        parts.retain(|part| !part.is_empty());
        // The longest first: a short one may be a part of it, and what is left of it would be shown.
        parts.sort_unstable_by_key(|part| std::cmp::Reverse(part.len()));
        parts.iter().fold(text.to_owned(), |text, part| text.replace(part, "(hidden)"))
    }

    fn late(&self, url: &Url) -> SourceError {
        FetchError::from(ExchangeError::Timeout { url: redacted(url), deadline: self.timeout }).into()
    }

    async fn once<T>(
        &mut self,
        url: &Url,
        ask: &mut impl AsyncFnMut(Vec<(String, Secret)>) -> Result<T, FetchError>,
    ) -> Result<T, SourceError> {
        let mut headers = self.credentials.headers.clone();
        if let Some(grant) = &self.credentials.grant {
            let token = match self.sources.tokens.known(grant, Instant::now()) {
                Some(token) => token,
                None => {
                    self.pace.wait().await;
                    self.sources.tokens.fetch(&self.sources.client, grant, self.timeout).await?
                }
            };
            headers.push(bearer(&token));
            self.token = Some(token);
        }
        self.pace.wait().await;
        if let Some(signer) = &self.credentials.signer {
            headers.extend(signer.headers(url, (self.around.now)()));
        }
        Ok(ask(headers).await?)
    }
}
