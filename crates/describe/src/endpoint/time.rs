//! Time and chance, as arguments.

use std::fmt;
use std::time::Duration;

use tokio::time::Instant;

use crate::generator::BoxFuture;

/// What an endpoint knows of time and chance.
pub trait Time: Send + Sync {
    /// How long it is since a moment that stays the same; never goes back.
    fn now(&self) -> Duration;

    /// Waits until `now` says `at`, or later.
    fn sleep_until(&self, at: Duration) -> BoxFuture<'_, ()>;

    /// A number from 0 to 1.
    fn random(&self) -> f64;
}

/// Tokio's time.
pub struct TokioTime {
    begun: Instant,
    random: Box<dyn Fn() -> f64 + Send + Sync>,
}

impl TokioTime {
    /// Time from `begun` on; `random` gives numbers from 0 to 1.
    pub fn new(begun: Instant, random: impl Fn() -> f64 + Send + Sync + 'static) -> Self {
        Self { begun, random: Box::new(random) }
    }
}

impl Time for TokioTime {
    fn now(&self) -> Duration {
        self.begun.elapsed()
    }

    fn sleep_until(&self, at: Duration) -> BoxFuture<'_, ()> {
        Box::pin(tokio::time::sleep_until(self.begun + at))
    }

    fn random(&self) -> f64 {
        (self.random)()
    }
}

impl fmt::Debug for TokioTime {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("TokioTime").field("begun", &self.begun).finish_non_exhaustive()
    }
}
