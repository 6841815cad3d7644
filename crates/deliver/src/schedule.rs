//! What becomes of an event after an attempt: the retry schedule of Standard Webhooks.

use crate::attempt::Outcome;
use crate::retry_after::asked_until;
use jiff::{SignedDuration, Timestamp};
use rand::Rng;

/// Attempts at most, the first included.
pub const ATTEMPTS: u32 = 10;

/// The pause before each attempt, from the specification: the last attempt comes 75 h 35 min 5 s after the first.
pub const PAUSES: [SignedDuration; ATTEMPTS as usize] = [
    SignedDuration::ZERO,
    SignedDuration::from_secs(5),
    SignedDuration::from_mins(5),
    SignedDuration::from_mins(30),
    SignedDuration::from_hours(2),
    SignedDuration::from_hours(5),
    SignedDuration::from_hours(10),
    SignedDuration::from_hours(14),
    SignedDuration::from_hours(20),
    SignedDuration::from_hours(24),
];

/// The least pause after 429, 502 and 504: the endpoint, or what stands before it, is overloaded.
pub const SLOW_DOWN: SignedDuration = SignedDuration::from_mins(1);

/// What becomes of an event.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Next {
    /// It has arrived.
    Delivered,
    /// It is tried again, not before this moment.
    RetryAt(Timestamp),
    /// It is given up, and waits for a person to replay it.
    Dead {
        /// Why, for people.
        reason: String,
    },
    /// The endpoint wants no more events: none is sent there, this one included, until a person enables the endpoint
    /// again.
    DisableEndpoint {
        /// Why, for people.
        reason: String,
    },
}

/// Decides after attempt number `attempt` (the first is 1) ended with `outcome` at `now`.
///
/// - A status from 200 to 299 is success, and nothing else is: redirects are failures.
/// - 410 disables the endpoint.
/// - Everything else is tried again after the next of [`PAUSES`], made up to 20 % shorter or longer by `rng` so that
///   events that failed together do not come back together. That holds for a blocked address or a refused signature
///   too: it is a mistake of the configuration, and whoever corrects it in time loses no event.
/// - After 429, 502 and 504 the pause is at least [`SLOW_DOWN`].
/// - `Retry-After` (seconds or HTTP date, with any failing status) is never undercut, up to
///   [`crate::LONGEST_RETRY_AFTER`].
/// - After attempt number [`ATTEMPTS`] the event is dead.
pub fn next(attempt: u32, outcome: &Outcome, now: Timestamp, rng: &mut (impl Rng + ?Sized)) -> Next {
    if outcome.is_success() {
        return Next::Delivered;
    }
    if outcome.status() == Some(410) {
        return Next::DisableEndpoint { reason: outcome.summary() };
    }
    let pause = usize::try_from(attempt).ok().and_then(|at| PAUSES.get(at));
    let Some(pause) = pause else {
        return Next::Dead {
            reason: format!("{attempt} attempts failed, the last one: {}", outcome.summary()),
        };
    };
    let mut pause = jittered(*pause, rng);
    if is_overload(outcome) {
        pause = pause.max(SLOW_DOWN);
    }
    match now.checked_add(pause) {
        Ok(scheduled) => Next::RetryAt(scheduled.max(asked_until(outcome, now).unwrap_or(scheduled))),
        Err(_) => Next::Dead { reason: "the calendar ends before the next attempt".to_owned() },
    }
}

pub(crate) fn is_overload(outcome: &Outcome) -> bool {
    matches!(outcome.status(), Some(429 | 502 | 504))
}

/// Between 80 % and 120 %, evenly, in whole milliseconds.
fn jittered(pause: SignedDuration, rng: &mut (impl Rng + ?Sized)) -> SignedDuration {
    let thousandths = rng.random_range(800..=1200);
    pause * thousandths / 1000
}

#[cfg(test)]
mod tests;
