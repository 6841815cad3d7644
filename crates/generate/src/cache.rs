//! The keys and values of a text's tokens. What many texts begin with is kept once and shared.

use std::ops::Range;
use std::sync::Arc;

/// Keys and values by layer and head, each token's behind the one before it.
#[derive(Debug, Default)]
pub(crate) struct Kept {
    heads: Vec<(Vec<f32>, Vec<f32>)>,
    tokens: usize,
}

/// The tokens of one text: the first of another's, and its own.
#[derive(Debug)]
pub(crate) struct Sequence {
    shared: Option<(Arc<Kept>, usize)>,
    own: Kept,
    kv_heads: usize,
    width: usize,
}

impl Sequence {
    /// With no tokens, for `layers` layers of `kv_heads` heads of `width` numbers.
    pub(crate) fn new(layers: usize, kv_heads: usize, width: usize) -> Self {
        let heads = vec![(Vec::new(), Vec::new()); layers * kv_heads];
        Self { shared: None, own: Kept { heads, tokens: 0 }, kv_heads, width }
    }

    /// With the first `tokens` tokens of `kept`.
    pub(crate) fn after(mut self, kept: &Arc<Kept>, tokens: usize) -> Self {
        self.shared = Some((Arc::clone(kept), tokens.min(kept.tokens)));
        self
    }

    /// What was computed, to be shared. Its own tokens only.
    pub(crate) fn keep(self) -> Arc<Kept> {
        Arc::new(self.own)
    }

    fn shared_len(&self) -> usize {
        self.shared.as_ref().map_or(0, |(_, tokens)| *tokens)
    }

    /// Tokens whose keys and values are there in every layer.
    pub(crate) fn len(&self) -> usize {
        self.shared_len() + self.own.tokens
    }

    /// The next token's keys and values in a layer, of all heads.
    pub(crate) fn push(&mut self, layer: usize, keys: &[f32], values: &[f32]) {
        let heads = &mut self.own.heads[layer * self.kv_heads..][..self.kv_heads];
        let pairs = keys.chunks_exact(self.width).zip(values.chunks_exact(self.width));
        for ((kept_keys, kept_values), (keys, values)) in heads.iter_mut().zip(pairs) {
            kept_keys.extend_from_slice(keys);
            kept_values.extend_from_slice(values);
        }
    }

    /// Counts tokens that were pushed in every layer.
    pub(crate) fn grow(&mut self, tokens: usize) {
        self.own.tokens += tokens;
    }

    /// Keys and values of a head for a range of tokens, in two runs.
    pub(crate) fn runs(&self, layer: usize, head: usize, range: Range<usize>) -> [(&[f32], &[f32]); 2] {
        let at = layer * self.kv_heads + head;
        let shared_len = self.shared_len();
        let cut = |from: usize, to: usize| from * self.width..to * self.width;
        let mut runs: [(&[f32], &[f32]); 2] = [(&[], &[]), (&[], &[])];
        if let Some((kept, tokens)) = &self.shared
            && range.start < *tokens
        {
            let span = cut(range.start, range.end.min(*tokens));
            let (keys, values) = &kept.heads[at];
            runs[0] = (&keys[span.clone()], &values[span]);
        }
        if range.end > shared_len {
            let span = cut(range.start.saturating_sub(shared_len), range.end - shared_len);
            let (keys, values) = &self.own.heads[at];
            runs[1] = (&keys[span.clone()], &values[span]);
        }
        runs
    }
}
