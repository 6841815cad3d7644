use super::*;
use crate::retry_after::LONGEST_RETRY_AFTER;
use berika_net::{ExchangeError, PostOutcome};
use proptest::prelude::*;
use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::SeedableRng;
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

fn timeout() -> Outcome {
    Outcome::NoAnswer(ExchangeError::Timeout {
        url: "http://e/".to_owned(),
        deadline: Duration::from_secs(20),
    })
}

fn now() -> Timestamp {
    "2026-11-21T10:00:00Z".parse().unwrap()
}

fn decide(attempt: u32, outcome: &Outcome, seed: u64) -> Next {
    next(attempt, outcome, now(), &mut ChaCha8Rng::seed_from_u64(seed))
}

fn wait(attempt: u32, outcome: &Outcome, seed: u64) -> SignedDuration {
    match decide(attempt, outcome, seed) {
        Next::RetryAt(at) => at.duration_since(now()),
        other => panic!("{other:?}"),
    }
}

#[test]
fn the_schedule_is_the_specifications() {
    let total: SignedDuration = PAUSES.iter().fold(SignedDuration::ZERO, |sum, pause| sum + *pause);
    assert_eq!(total, SignedDuration::from_hours(75) + SignedDuration::from_secs(35 * 60 + 5));
    assert!(PAUSES.is_sorted());
}

#[test]
fn only_2xx_is_success_and_only_410_disables() {
    for status in 100..600 {
        let next = decide(1, &answered(status, None), 1);
        match status {
            200..=299 => assert_eq!(next, Next::Delivered),
            410 => assert!(matches!(next, Next::DisableEndpoint { .. })),
            _ => assert!(matches!(next, Next::RetryAt(_)), "{status}"),
        }
    }
}

#[test]
fn an_exhausted_schedule_ends_dead_with_the_last_reason() {
    assert!(matches!(decide(9, &timeout(), 1), Next::RetryAt(_)));
    for attempt in [10, 11, u32::MAX] {
        let Next::Dead { reason } = decide(attempt, &timeout(), 1) else { panic!("not dead") };
        assert!(reason.contains("no complete answer within 20 s"), "{reason}");
    }
    assert_eq!(decide(10, &answered(200, None), 1), Next::Delivered, "a late success is a success");
    assert!(matches!(decide(10, &answered(410, None), 1), Next::DisableEndpoint { .. }));
}

#[test]
fn overload_slows_down() {
    for status in [429, 502, 504] {
        assert!(wait(1, &answered(status, None), 1) >= SLOW_DOWN);
    }
    assert!(wait(1, &answered(500, None), 1) <= SignedDuration::from_secs(6));
}

#[test]
fn retry_after_is_read_as_seconds_or_date() {
    let hour = SignedDuration::from_hours(1);
    assert_eq!(wait(1, &answered(503, Some("3600")), 1), hour);
    assert_eq!(wait(1, &answered(503, Some(" Sat, 21 Nov 2026 11:00:00 GMT ")), 1), hour);
    for beyond in ["86401", "99999999999999999999999", "Tue, 21 Nov 2028 11:00:00 GMT"] {
        assert_eq!(wait(1, &answered(503, Some(beyond)), 1), LONGEST_RETRY_AFTER, "{beyond}");
    }
    let plain = wait(1, &answered(503, None), 1);
    for ignored in ["0", "", "soon", "-5", "1.5", "Sat, 21 Nov 2020 11:00:00 GMT", "\u{661}"] {
        assert_eq!(wait(1, &answered(503, Some(ignored)), 1), plain, "{ignored}");
    }
}

#[test]
fn the_calendar_has_an_end_and_nothing_panics_there() {
    let mut rng = ChaCha8Rng::seed_from_u64(1);
    assert!(matches!(next(1, &timeout(), Timestamp::MAX, &mut rng), Next::Dead { .. }));
    assert!(matches!(next(1, &answered(429, Some("7")), Timestamp::MAX, &mut rng), Next::Dead { .. }));
}

proptest! {
    #[test]
    fn jitter_stays_within_a_fifth_and_the_seed_decides(attempt in 1_u32..10, seed: u64) {
        let pause = PAUSES[attempt as usize];
        let waited = wait(attempt, &timeout(), seed);
        prop_assert!(waited * 10 >= pause * 8 && waited * 10 <= pause * 12, "{pause} became {waited}");
        prop_assert_eq!(waited, wait(attempt, &timeout(), seed));
    }

    #[test]
    fn retry_after_is_never_undercut_and_never_without_bound(
        attempt in 1_u32..10, status in 300_u16..600, seconds in 0_i64..200_000, seed: u64,
    ) {
        prop_assume!(status != 410);
        let asked = answered(status, Some(&seconds.to_string()));
        let waited = wait(attempt, &asked, seed);
        prop_assert!(waited >= SignedDuration::from_secs(seconds).min(LONGEST_RETRY_AFTER));
        prop_assert!(waited > SignedDuration::ZERO && waited <= LONGEST_RETRY_AFTER * 12 / 10);
        prop_assert!(waited >= wait(attempt, &answered(status, None), seed), "asking for time never shortens");
    }

    #[test]
    fn no_header_value_is_too_odd(value in "\\PC{0,40}", attempt in 0_u32..12) {
        decide(attempt, &answered(503, Some(&value)), 1);
    }
}
