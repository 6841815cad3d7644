//! Reading `Retry-After`.

use crate::attempt::Outcome;
use jiff::{SignedDuration, Timestamp};
use std::time::SystemTime;

/// No request to wait is obeyed for longer: it is the schedule's longest pause, and a larger value is more often a
/// mistake (milliseconds, a year) than a wish.
pub const LONGEST_RETRY_AFTER: SignedDuration = SignedDuration::from_hours(24);

/// Until when an unsuccessful answer asks to be left alone: seconds from `now`, or an HTTP date. Never before `now`
/// and never after `now` and [`LONGEST_RETRY_AFTER`].
pub(crate) fn asked_until(outcome: &Outcome, now: Timestamp) -> Option<Timestamp> {
    let Outcome::Answered(answer) = outcome else { return None };
    if outcome.is_success() {
        return None;
    }
    let value = answer.retry_after.as_deref()?.trim();
    let wait = if value.bytes().all(|byte| byte.is_ascii_digit()) && !value.is_empty() {
        // More digits than a number holds are a wait longer than any.
        value.parse().map_or(SignedDuration::MAX, SignedDuration::from_secs)
    } else {
        let date = httpdate::parse_http_date(value).ok()?.duration_since(SystemTime::UNIX_EPOCH).ok()?;
        SignedDuration::try_from(date).ok()? - now.as_duration()
    };
    now.checked_add(wait.clamp(SignedDuration::ZERO, LONGEST_RETRY_AFTER)).ok()
}
