//! Leaves a server alone that answers nothing, so that a dead one does not cost hours.

use std::sync::{Mutex, PoisonError};
use std::time::Duration;

/// So many calls in a row must fail.
const FAILURES: u32 = 8;

/// The first rest; each that follows is twice as long.
const FIRST_REST: Duration = Duration::from_secs(15);

/// So many rests are waited for: 15, 30, 60 and 120 s. After that calls fail at once, but for one as each further rest
/// of [`LONG_REST`] ends.
const RESTS: u32 = 4;

/// The time between two calls that try whether a server given up has come back.
const LONG_REST: Duration = Duration::from_secs(240);

/// Whether a server answers.
#[derive(Debug, Default)]
pub(crate) struct Circuit(Mutex<State>);

#[derive(Debug, Default)]
struct State {
    failures: u32,
    rests: u32,
    until: Duration,
}

/// What a call may do.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Admission {
    /// Go on, and say afterwards how it went, with this number.
    Go(u32),
    /// Ask again at this moment.
    Wait(Duration),
    /// Fail.
    Refuse,
}

impl Circuit {
    /// What a call may do at `now`.
    pub(crate) fn admit(&self, now: Duration) -> Admission {
        self.with(|state| {
            let given_up = state.rests > RESTS;
            match (now < state.until, given_up) {
                (true, true) => Admission::Refuse,
                (true, false) => Admission::Wait(state.until),
                (false, true) => {
                    // This one tries; the others need not.
                    state.until = now.saturating_add(LONG_REST);
                    Admission::Go(state.rests)
                }
                (false, false) => Admission::Go(state.rests),
            }
        })
    }

    /// The server answered, whatever it said.
    pub(crate) fn answered(&self) {
        self.with(|state| *state = State::default());
    }

    /// A call with this number failed for good.
    pub(crate) fn failed(&self, number: u32, now: Duration) {
        self.with(|state| {
            // A call from before the rest says nothing about what came after it.
            if number != state.rests || now < state.until {
                return;
            }
            state.failures += 1;
            if state.failures >= FAILURES || state.rests > 0 {
                state.until = now.saturating_add(FIRST_REST.saturating_mul(1 << state.rests.min(RESTS)));
                state.rests = (state.rests + 1).min(RESTS + 1);
            }
        });
    }

    fn with<T>(&self, change: impl FnOnce(&mut State) -> T) -> T {
        change(&mut self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Fails a call at `now` and says what the next may do.
    fn fail(circuit: &Circuit, now: u64) -> Admission {
        let now = Duration::from_secs(now);
        let Admission::Go(number) = circuit.admit(now) else { panic!("no call at {now:?}") };
        circuit.failed(number, now);
        circuit.admit(now)
    }

    fn wait(seconds: u64) -> Admission {
        Admission::Wait(Duration::from_secs(seconds))
    }

    #[test]
    fn eight_failures_in_a_row_earn_rests_that_double_and_then_no_patience() {
        let circuit = Circuit::default();
        for _ in 1..FAILURES {
            assert_eq!(fail(&circuit, 0), Admission::Go(0));
        }
        assert_eq!(fail(&circuit, 0), wait(15));
        assert_eq!(fail(&circuit, 15), wait(45));
        assert_eq!(fail(&circuit, 45), wait(105));
        assert_eq!(fail(&circuit, 105), wait(225));
        assert_eq!(fail(&circuit, 225), Admission::Refuse);
        let later = Duration::from_secs(465);
        assert!(matches!(circuit.admit(later), Admission::Go(_)));
        assert_eq!(circuit.admit(later), Admission::Refuse, "one is enough to try");
    }

    #[test]
    fn an_answer_makes_all_good() {
        let circuit = Circuit::default();
        for _ in 1..FAILURES {
            fail(&circuit, 0);
        }
        circuit.answered();
        assert_eq!(fail(&circuit, 0), Admission::Go(0));
        for _ in 2..FAILURES {
            fail(&circuit, 0);
        }
        fail(&circuit, 0);
        circuit.answered();
        assert_eq!(circuit.admit(Duration::ZERO), Admission::Go(0));
    }

    #[test]
    fn calls_that_failed_together_rest_once() {
        let circuit = Circuit::default();
        for _ in 0..FAILURES {
            circuit.failed(0, Duration::ZERO);
        }
        for _ in 0..20 {
            circuit.failed(0, Duration::from_secs(1));
        }
        assert_eq!(circuit.admit(Duration::from_secs(2)), wait(15));
    }
}
