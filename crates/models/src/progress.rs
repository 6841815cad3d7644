//! What a fetch tells whoever waits for it.

/// Hears how a fetch goes on. `()` hears nothing.
pub trait Progress {
    /// A source is tried now, such as `huggingface.co`; `total` is the size of all files together in bytes, if known.
    fn begin(&self, source: &str, total: Option<u64>);
    /// So many bytes of all files are here.
    fn position(&self, bytes: u64);
    /// Something worth a line: a source that failed, a wait for another fetch.
    fn note(&self, text: &str);
}

impl Progress for () {
    fn begin(&self, _source: &str, _total: Option<u64>) {}
    fn position(&self, _bytes: u64) {}
    fn note(&self, _text: &str) {}
}
