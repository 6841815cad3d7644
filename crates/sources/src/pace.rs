//! Not more requests than a supplier permits.

use std::time::Duration;

use tokio::time::Instant;

/// Keeps the beginnings of requests apart.
#[derive(Debug)]
pub(crate) struct Pace {
    interval: Duration,
    next: Option<Instant>,
}

impl Pace {
    /// So many requests in a second at most; as many as one likes where nothing is said.
    pub(crate) fn new(requests_per_second: Option<f64>) -> Self {
        // The configuration's check keeps the rate within what a duration can hold.
        let interval = requests_per_second.map_or(Duration::ZERO, |rate| Duration::from_secs_f64(1.0 / rate));
        Self { interval, next: None }
    }

    /// Waits until the next request may be sent.
    pub(crate) async fn wait(&mut self) {
        tokio::time::sleep_until(self.take(Instant::now())).await;
    }

    /// When a request that could be sent at `now` may be.
    fn take(&mut self, now: Instant) -> Instant {
        let at = self.next.map_or(now, |next| next.max(now));
        self.next = Some(at + self.interval);
        at
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn requests_are_kept_apart_and_the_first_does_not_wait() {
        let begun = Instant::now();
        let after = |millis| begun + Duration::from_millis(millis);
        let mut pace = Pace::new(Some(2.0));
        assert_eq!(pace.take(begun), begun);
        assert_eq!(pace.take(after(100)), after(500));
        assert_eq!(pace.take(after(600)), after(1000));
        assert_eq!(pace.take(after(60_000)), after(60_000));
        assert_eq!(pace.take(after(60_001)), after(60_500), "time not used is not made up for");
        let mut free = Pace::new(None);
        assert_eq!([free.take(begun), free.take(begun)], [begun, begun]);
    }
}
