//! One supplier's requests: at the supplier's pace, with its credentials, tried again where that may help, and all
//! within one deadline.

use berika_net::{ExchangeError, FetchError, Secret, Url, redacted};
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
    pace: Pace,
    timeout: std::time::Duration,
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
        let (end, deadline) = (self.end, self.timeout);
        let asking = async {
            let mut failures = 0;
            let mut renewed = false;
            loop {
                let error = match self.once(&mut ask).await {
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
            Err(_) => Err(FetchError::from(ExchangeError::Timeout { url: redacted(url), deadline }).into()),
        }
    }

    async fn once<T>(
        &mut self,
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
        }
        self.pace.wait().await;
        Ok(ask(headers).await?)
    }
}
