//! When a failed exchange is tried again. The loop that does it is the caller's.

use crate::error::FetchError;
use std::time::Duration;

/// How often and how patiently an exchange is tried.
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

    /// How long to wait after `failures` failed tries (at least 1), or `None` to give up. The pause is made up to 20 %
    /// shorter or longer by `random`, a number from 0 to 1, so that suppliers that failed together are not asked
    /// together again; what the server asks for is never undercut.
    pub fn pause(&self, failures: u32, error: &FetchError, random: f64) -> Option<Duration> {
        if failures >= self.tries || !error.is_retryable() {
            return None;
        }
        let doublings = failures.saturating_sub(1);
        let doubled = self.first_pause.saturating_mul(1_u32.checked_shl(doublings).unwrap_or(u32::MAX));
        let jittered = doubled.min(self.longest_pause).mul_f64(0.8 + 0.4 * random.clamp(0.0, 1.0));
        let asked = error.retry_after().unwrap_or(Duration::ZERO);
        (asked <= self.longest_pause).then(|| jittered.min(self.longest_pause).max(asked))
    }
}

#[cfg(test)]
mod tests {
    use super::RetryPolicy;
    use crate::error::FetchError;
    use std::time::Duration;

    const MIDDLE: f64 = 0.5;

    fn status(status: u16, retry_after: Option<u64>) -> FetchError {
        FetchError::Status { url: String::new(), status, retry_after: retry_after.map(Duration::from_secs) }
    }

    #[test]
    fn pauses_double_up_to_the_longest_and_tries_are_counted() {
        let policy = RetryPolicy { tries: 40, ..RetryPolicy::default() };
        let pause =
            |failures| policy.pause(failures, &status(503, None), MIDDLE).map(|pause| pause.as_secs());
        assert_eq!([1, 2, 3, 5, 6, 33, 39].map(pause), [1, 2, 4, 16, 30, 30, 30].map(Some));
        assert_eq!(pause(40), None);
        assert_eq!(RetryPolicy::once().pause(1, &status(503, None), MIDDLE), None);
    }

    #[test]
    fn chance_makes_a_pause_a_fifth_shorter_or_longer_and_never_longer_than_the_longest() {
        let policy = RetryPolicy { tries: 40, ..RetryPolicy::default() };
        let pause = |failures, random| policy.pause(failures, &status(503, None), random).unwrap();
        assert_eq!(pause(1, 0.0), Duration::from_millis(800));
        assert_eq!(pause(1, 1.0), Duration::from_millis(1200));
        assert_eq!(pause(20, 1.0), Duration::from_secs(30));
    }

    #[test]
    fn a_server_that_asks_for_patience_gets_it_or_is_left_alone() {
        let policy = RetryPolicy::default();
        assert_eq!(policy.pause(1, &status(429, Some(7)), 0.0), Some(Duration::from_secs(7)));
        assert_eq!(policy.pause(1, &status(429, Some(31)), MIDDLE), None);
        assert_eq!(policy.pause(1, &status(404, None), MIDDLE), None);
    }
}
