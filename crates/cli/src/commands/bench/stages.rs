//! How long what takes.

use std::collections::BTreeMap;
use std::time::Instant;

/// Wall-clock seconds of the stages that follow one another.
#[derive(Debug)]
pub(super) struct Stages {
    begun: Instant,
    last: Instant,
    seconds: BTreeMap<&'static str, f64>,
}

impl Stages {
    pub(super) fn new() -> Self {
        let now = Instant::now();
        Self { begun: now, last: now, seconds: BTreeMap::new() }
    }

    /// All since the last call belongs to `stage`, beside what belonged to it before.
    pub(super) fn done(&mut self, stage: &'static str) {
        *self.seconds.entry(stage).or_default() += self.last.elapsed().as_secs_f64();
        self.last = Instant::now();
    }

    pub(super) fn seconds(&self, stage: &str) -> f64 {
        self.seconds.get(stage).copied().unwrap_or_default()
    }

    pub(super) fn finish(mut self) -> BTreeMap<&'static str, f64> {
        self.seconds.insert("total", self.begun.elapsed().as_secs_f64());
        self.seconds
    }
}
