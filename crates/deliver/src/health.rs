//! How an endpoint is doing.

use crate::attempt::Outcome;
use crate::retry_after::asked_until;
use crate::schedule::{SLOW_DOWN, is_overload};
use jiff::{SignedDuration, Timestamp};

/// An endpoint that has failed for this long deserves a person's attention before its events run out of attempts.
pub const WORRYING_AFTER: SignedDuration = SignedDuration::from_hours(24);

/// What is known of an endpoint beyond its events.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Health {
    /// The first failure since the last success.
    pub failing_since: Option<Timestamp>,
    /// Since when and why nothing is sent any more.
    pub disabled: Option<(Timestamp, String)>,
}

impl Health {
    /// What is known after one more attempt. A success ends the failing; 410 disables, and only a person enables.
    #[must_use]
    pub fn after(self, outcome: &Outcome, now: Timestamp) -> Self {
        if outcome.is_success() {
            return Self { failing_since: None, ..self };
        }
        let gone = (outcome.status() == Some(410)).then(|| (now, outcome.summary()));
        Self { failing_since: self.failing_since.or(Some(now)), disabled: self.disabled.or(gone) }
    }

    /// Whether events may be sent.
    pub fn is_enabled(&self) -> bool {
        self.disabled.is_none()
    }

    /// Whether it has failed for [`WORRYING_AFTER`] or longer without a success between.
    pub fn is_worrying(&self, now: Timestamp) -> bool {
        self.failing_since.is_some_and(|since| now.duration_since(since) >= WORRYING_AFTER)
    }
}

/// Until when no other event should be sent to the endpoint either: it asked for time by `Retry-After`, or is
/// overloaded (429, 502, 504; then [`SLOW_DOWN`] at least).
pub fn pause_until(outcome: &Outcome, now: Timestamp) -> Option<Timestamp> {
    let slowed = is_overload(outcome).then(|| now.checked_add(SLOW_DOWN).ok()).flatten();
    // An Option without a value is the smallest.
    asked_until(outcome, now).filter(|until| *until > now).max(slowed)
}

#[cfg(test)]
mod tests {
    use super::*;
    use berika_net::PostOutcome;
    use std::time::Duration;

    fn answered(status: u16, retry_after: Option<&str>) -> Outcome {
        Outcome::Answered(PostOutcome {
            status,
            retry_after: retry_after.map(str::to_owned),
            excerpt: String::new(),
            excerpt_cut: false,
            elapsed: Duration::ZERO,
        })
    }

    fn at(hour: i64) -> Timestamp {
        Timestamp::from_second(1_790_000_000 + hour * 3600).unwrap()
    }

    #[test]
    fn failing_counts_from_the_first_failure_to_the_next_success() {
        let failing = Health::default().after(&answered(500, None), at(0)).after(&answered(302, None), at(5));
        assert_eq!(failing.failing_since, Some(at(0)));
        assert!(!failing.is_worrying(at(23)) && failing.is_worrying(at(24)) && failing.is_enabled());
        assert_eq!(failing.after(&answered(204, None), at(25)), Health::default());
    }

    #[test]
    fn gone_disables_and_stays_so() {
        let gone = Health::default().after(&answered(410, None), at(1)).after(&answered(410, None), at(2));
        assert!(!gone.is_enabled());
        assert_eq!(gone.disabled.as_ref().unwrap().0, at(1));
        assert!(!gone.after(&answered(200, None), at(3)).is_enabled());
    }

    #[test]
    fn an_overloaded_endpoint_is_left_alone_as_a_whole() {
        let minutes =
            |outcome| pause_until(&outcome, at(0)).map(|until| until.duration_since(at(0)).as_mins());
        assert_eq!(minutes(answered(429, None)), Some(1));
        assert_eq!(minutes(answered(429, Some("5"))), Some(1));
        assert_eq!(minutes(answered(503, Some("600"))), Some(10));
        assert_eq!(minutes(answered(503, Some("0"))), None);
        assert_eq!(minutes(answered(500, None)), None);
        assert_eq!(minutes(answered(200, Some("600"))), None);
    }
}
