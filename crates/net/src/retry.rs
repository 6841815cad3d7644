//! A few tries for one fetch, with growing pauses.

use crate::client::Client;
use crate::error::FetchError;
use crate::fetch::{FetchRequest, Fetched};
use std::time::Duration;
use tokio::fs::File;

/// How often and how patiently a fetch is tried.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RetryPolicy {
    /// Tries in all; 0 counts as 1.
    pub tries: u32,
    /// Pause after the first failure; it doubles with each further one.
    pub first_pause: Duration,
    /// No pause is longer. A server that asks for a longer one (`Retry-After`) is not asked again at all.
    pub longest_pause: Duration,
}

impl Default for RetryPolicy {
    /// Three tries, after 1 s and 2 s, never waiting more than 30 s.
    fn default() -> Self {
        Self { tries: 3, first_pause: Duration::from_secs(1), longest_pause: Duration::from_secs(30) }
    }
}

impl RetryPolicy {
    /// One try.
    pub fn once() -> Self {
        Self { tries: 1, ..Self::default() }
    }

    /// How long to wait after `failures` failed tries (at least 1), or `None` to give up.
    fn pause(&self, failures: u32, error: &FetchError) -> Option<Duration> {
        if failures >= self.tries || !error.is_retryable() {
            return None;
        }
        let doubled = self.first_pause.saturating_mul(1_u32.checked_shl(failures - 1).unwrap_or(u32::MAX));
        let asked = error.retry_after().unwrap_or(Duration::ZERO);
        (asked <= self.longest_pause).then(|| doubled.min(self.longest_pause).max(asked))
    }
}

impl Client {
    /// [`Client::fetch`], tried again as `policy` says where the error may pass. The deadline holds for each try.
    ///
    /// # Errors
    /// The error of the last try.
    pub async fn fetch_with_retries(
        &self,
        request: &FetchRequest,
        policy: RetryPolicy,
        file: &mut File,
    ) -> Result<Fetched, FetchError> {
        let mut failures = 0;
        loop {
            let error = match self.fetch(request, file).await {
                Ok(fetched) => return Ok(fetched),
                Err(error) => error,
            };
            failures += 1;
            let Some(pause) = policy.pause(failures, &error) else { return Err(error) };
            tracing::debug!(%error, failures, ?pause, "fetch failed, trying again");
            tokio::time::sleep(pause).await;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::RetryPolicy;
    use crate::error::FetchError;
    use std::time::Duration;

    fn status(status: u16, retry_after: Option<u64>) -> FetchError {
        FetchError::Status { url: String::new(), status, retry_after: retry_after.map(Duration::from_secs) }
    }

    #[test]
    fn pauses_double_up_to_the_longest_and_tries_are_counted() {
        let policy = RetryPolicy { tries: 40, ..RetryPolicy::default() };
        let pause = |failures| policy.pause(failures, &status(503, None)).map(|pause| pause.as_secs());
        assert_eq!([1, 2, 3, 5, 6, 33, 39].map(pause), [1, 2, 4, 16, 30, 30, 30].map(Some));
        assert_eq!(pause(40), None);
        assert_eq!(RetryPolicy::once().pause(1, &status(503, None)), None);
    }

    #[test]
    fn a_server_that_asks_for_patience_gets_it_or_is_left_alone() {
        let policy = RetryPolicy::default();
        assert_eq!(policy.pause(1, &status(429, Some(7))), Some(Duration::from_secs(7)));
        assert_eq!(policy.pause(1, &status(429, Some(31))), None);
        assert_eq!(policy.pause(1, &status(404, None)), None);
    }
}
