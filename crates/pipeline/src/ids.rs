//! Ids of runs and events: UUID version 7 (RFC 9562) from the clock and the random numbers passed in, so that ids sort
//! by time.

use jiff::Timestamp;
use rand::RngCore;
use uuid::Builder;

/// Makes ids.
pub struct Ids {
    random: Box<dyn RngCore + Send>,
    last_millisecond: u64,
}

impl std::fmt::Debug for Ids {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Ids").finish_non_exhaustive()
    }
}

impl Ids {
    /// Ids from these random numbers.
    pub fn new(random: Box<dyn RngCore + Send>) -> Self {
        Self { random, last_millisecond: 0 }
    }

    /// The next id, such as `msg_019ab…`: `prefix`, an underscore and 32 hexadecimal digits. Never holds a dot. Does
    /// not go back in time when the clock does.
    pub fn next(&mut self, prefix: &str, now: Timestamp) -> String {
        let millisecond = u64::try_from(now.as_millisecond()).unwrap_or(0).max(self.last_millisecond);
        self.last_millisecond = millisecond;
        let mut bytes = [0u8; 10];
        self.random.fill_bytes(&mut bytes);
        let id = Builder::from_unix_timestamp_millis(millisecond, &bytes).into_uuid();
        format!("{prefix}_{}", id.simple())
    }

    /// The random numbers, for what else needs some.
    pub fn random(&mut self) -> &mut (dyn RngCore + Send) {
        &mut *self.random
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use rand::SeedableRng;

    #[test]
    fn ids_differ_sort_by_time_and_repeat_with_the_seed() {
        let make = || {
            let mut ids = Ids::new(Box::new(rand::rngs::StdRng::seed_from_u64(7)));
            let early = Timestamp::from_millisecond(1_000).unwrap();
            let late = Timestamp::from_millisecond(2_000).unwrap();
            [ids.next("msg", early), ids.next("msg", late), ids.next("msg", early)]
        };
        let [a, b, c] = make();
        assert!(a < b && a != c && c > a, "{a} {b} {c}");
        assert_eq!(make(), [a.clone(), b, c]);
        assert!(a.starts_with("msg_") && !a.contains('.') && a.len() == 36);
    }
}
