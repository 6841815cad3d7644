//! What a run tells whoever waits for it.

/// Hears how a run goes on. `()` hears nothing.
pub trait Progress: Send + Sync {
    /// A stage begins; `total` is how much there is to do, where that is known.
    fn begin(&self, stage: &'static str, total: Option<u64>);
    /// So much more of the stage is done.
    fn advance(&self, stage: &'static str, by: u64);
    /// The stage has ended.
    fn end(&self, stage: &'static str);
    /// Something worth a line.
    fn note(&self, text: &str);
}

impl Progress for () {
    fn begin(&self, _stage: &'static str, _total: Option<u64>) {}
    fn advance(&self, _stage: &'static str, _by: u64) {}
    fn end(&self, _stage: &'static str) {}
    fn note(&self, _text: &str) {}
}
