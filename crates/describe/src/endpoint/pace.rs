//! Not more requests and tokens in a minute than a server permits, and none while it asks for patience.

use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use super::time::Time;

/// The pace of one server's calls.
#[derive(Debug)]
pub(crate) struct Pace(Mutex<State>);

#[derive(Debug)]
struct State {
    requests: Meter,
    tokens: Meter,
    held_until: Duration,
}

/// A bucket without a reserve: what is taken pushes the next taking back, and time not used is not made up for.
#[derive(Debug)]
struct Meter {
    /// For each unit.
    seconds: f64,
    next: Duration,
}

impl Pace {
    /// So many requests and tokens in a minute at most; as many as one likes where nothing is said.
    pub(crate) fn new(requests_per_minute: Option<u32>, tokens_per_minute: Option<u64>) -> Self {
        let seconds = |per_minute: f64| if per_minute > 0.0 { 60.0 / per_minute } else { 0.0 };
        let meter = |per_minute| Meter { seconds: seconds(per_minute), next: Duration::ZERO };
        Self(Mutex::new(State {
            requests: meter(f64::from(requests_per_minute.unwrap_or(0))),
            tokens: meter(tokens_per_minute.unwrap_or(0) as f64),
            held_until: Duration::ZERO,
        }))
    }

    /// Waits until a request that may take `tokens` may be sent.
    pub(crate) async fn wait(&self, time: &dyn Time, tokens: u64) {
        let mut at = self.take(time.now(), tokens);
        while at > time.now() {
            time.sleep_until(at).await;
            // While it slept the server may have asked for patience.
            at = self.with(|state| state.held_until);
        }
    }

    /// Puts right what a request took once that is known.
    pub(crate) fn correct(&self, tokens: u64, taken: u64) {
        self.with(|state| {
            let back = state.tokens.span(tokens.saturating_sub(taken));
            let more = state.tokens.span(taken.saturating_sub(tokens));
            state.tokens.next = state.tokens.next.saturating_add(more).saturating_sub(back);
        });
    }

    /// Lets nothing through before `until`.
    pub(crate) fn hold(&self, until: Duration) {
        self.with(|state| state.held_until = state.held_until.max(until));
    }

    /// When a request that could be sent at `now` may be.
    fn take(&self, now: Duration, tokens: u64) -> Duration {
        self.with(|state| {
            let at = now.max(state.requests.next).max(state.tokens.next).max(state.held_until);
            for (meter, units) in [(&mut state.requests, 1), (&mut state.tokens, tokens)] {
                meter.next = at.saturating_add(meter.span(units));
            }
            at
        })
    }

    fn with<T>(&self, change: impl FnOnce(&mut State) -> T) -> T {
        change(&mut self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

impl Meter {
    fn span(&self, units: u64) -> Duration {
        Duration::try_from_secs_f64(self.seconds * units as f64).unwrap_or(Duration::MAX)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn seconds(seconds: u64) -> Duration {
        Duration::from_secs(seconds)
    }

    #[test]
    fn requests_are_kept_apart_and_the_first_does_not_wait() {
        let pace = Pace::new(Some(30), None);
        assert_eq!(pace.take(seconds(7), 1_000_000), seconds(7));
        assert_eq!(pace.take(seconds(7), 1), seconds(9));
        assert_eq!(pace.take(seconds(10), 1), seconds(11));
        assert_eq!(pace.take(seconds(100), 1), seconds(100), "time not used is not made up for");
        assert_eq!(pace.take(seconds(100), 1), seconds(102));
        let free = Pace::new(None, None);
        assert_eq!([free.take(seconds(1), 9), free.take(seconds(1), 9)], [seconds(1); 2]);
    }

    #[test]
    fn tokens_are_kept_apart_by_what_was_expected_and_then_by_what_was_taken() {
        let pace = Pace::new(None, Some(600));
        assert_eq!(pace.take(seconds(0), 100), seconds(0));
        assert_eq!(pace.take(seconds(0), 100), seconds(10));
        pace.correct(100, 40);
        assert_eq!(pace.take(seconds(0), 100), seconds(14));
        pace.correct(100, 150);
        assert_eq!(pace.take(seconds(0), u64::MAX), seconds(29));
        assert!(pace.take(seconds(0), 1) > seconds(1_000_000));
    }

    #[test]
    fn nothing_is_sent_while_the_server_asks_for_patience() {
        let pace = Pace::new(Some(60), None);
        pace.hold(seconds(20));
        pace.hold(seconds(5));
        assert_eq!([0, 0, 30].map(|now| pace.take(seconds(now), 1)), [20, 21, 30].map(seconds));
    }
}
