//! When an endpoint wants to be left alone as a whole.

use crate::attempt::Outcome;
use crate::retry_after::asked_until;
use crate::schedule::{SLOW_DOWN, is_overload};
use jiff::Timestamp;

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
