//! The BERT encoder (Devlin et al. 2019, post-norm), which XLM-R shares but for its position numbers.
//!
//! Token numbers in, one vector a token out; how texts are tokenised, batched and pooled is not here. Texts stand one behind
//! the other, `[tokens, hidden]`, and nothing is padded: only the attention knows where one ends. Passes of different threads
//! share nothing but the weights; where there are fewer passes than threads, a pass is cut into parts of its rows.

mod layer;
mod linear;
mod scratch;
// Tests run it on the processor, against the encoder here.
#[cfg(any(test, feature = "cuda"))]
mod tensors;

use berika_kernels::{Cpu, rows};
use candle_core::{Storage, Tensor};
use rayon::prelude::*;
use tracing::trace_span;

use crate::error::LoadError;
use crate::folder::Architecture;
use crate::precision::Precision;
use crate::weights::Weights;
use layer::Layer;
use scratch::BLOCK;
pub(crate) use scratch::{Scratch, Shelf};
#[cfg(any(test, feature = "cuda"))]
pub(crate) use tensors::TensorEncoder;

/// A part of a pass that is worth a thread of its own has at least so many tokens.
const PART: usize = 48;

/// A loaded encoder.
pub(crate) struct Encoder {
    cpu: Cpu,
    /// `[vocabulary, hidden]`, f32.
    words: Tensor,
    /// Row `i` is what a text's token `i` gets: its position and token type 0.
    places: Vec<f32>,
    norm: Norm,
    layers: Vec<Layer>,
    hidden: usize,
}

/// Scale and shift of a normalisation.
struct Norm {
    weight: Vec<f32>,
    shift: Vec<f32>,
    epsilon: f32,
}

impl Norm {
    fn load(weights: &Weights<'_>, name: &str, arch: &Architecture) -> Result<Self, LoadError> {
        let numbers = |part: &str| weights.numbers(&format!("{name}.{part}"), &[arch.hidden]);
        Ok(Self { weight: numbers("weight")?, shift: numbers("bias")?, epsilon: arch.epsilon as f32 })
    }

    fn as_rows(&self) -> rows::Norm<'_> {
        rows::Norm { weight: &self.weight, shift: &self.shift, epsilon: self.epsilon }
    }
}

impl Encoder {
    /// Takes the weights over in the order and the precision that the products want.
    pub(crate) fn load(
        weights: &Weights<'_>,
        arch: &Architecture,
        precision: Precision,
        cpu: Cpu,
    ) -> Result<Self, LoadError> {
        let hidden = arch.hidden;
        let words = weights.get("embeddings.word_embeddings.weight", &[arch.vocabulary, hidden])?;
        let positions =
            weights.numbers("embeddings.position_embeddings.weight", &[arch.positions, hidden])?;
        let types = weights.numbers("embeddings.token_type_embeddings.weight", &[arch.types, hidden])?;
        let mut places = positions.get(arch.position_offset * hidden..).unwrap_or_default().to_vec();
        for place in places.chunks_exact_mut(hidden) {
            place.iter_mut().zip(&types).for_each(|(p, t)| *p += t);
        }
        let norm = Norm::load(weights, "embeddings.LayerNorm", arch)?;
        let layers =
            (0..arch.layers).map(|at| Layer::load(weights, at, arch, precision)).collect::<Result<_, _>>()?;
        Ok(Self { cpu, words, places, norm, layers, hidden })
    }

    /// What of the processor is used.
    pub(crate) fn cpu(&self) -> Cpu {
        self.cpu
    }

    /// Rows of the token table.
    pub(crate) fn vocabulary(&self) -> usize {
        self.words.dims()[0]
    }

    /// Runs the encoder on texts of `lengths` tokens each, whose token numbers stand one behind the other in `tokens`, on up to
    /// `threads` threads of the current pool. Returns the last layer, `[tokens.len(), hidden]` row-major, as it stands in
    /// `scratch`; it is the same to the bit whatever else is in the pass and on any number of threads.
    ///
    /// # Panics
    /// If a token is not in the table, or a text longer than there are positions.
    pub(crate) fn forward<'s>(
        &self,
        tokens: &[u32],
        lengths: &[usize],
        threads: usize,
        scratch: &'s mut Scratch,
    ) -> &'s [f32] {
        let _pass = trace_span!("pass", tokens = tokens.len(), texts = lengths.len()).entered();
        let count = tokens.len();
        let parts = threads.min(count / PART).max(1);
        let share = count.div_ceil(parts).next_multiple_of(BLOCK);
        scratch.fit(count, self.hidden, parts, share);
        self.embed(tokens, lengths, scratch);
        for (at, layer) in self.layers.iter().enumerate() {
            let _layer = trace_span!("layer", at).entered();
            let Scratch { xs, qkv, parts } = &mut *scratch;
            let room = count.next_multiple_of(BLOCK);
            let (xs, qkv) = (&mut xs[..room * self.hidden], &mut qkv[..room * 3 * self.hidden]);
            let rows = |part: usize| part * share..count.min((part + 1) * share);

            let all = xs.chunks_mut(share * self.hidden).zip(qkv.chunks_mut(share * 3 * self.hidden));
            each_part(all.zip(&mut *parts), |at, ((xs, qkv), part)| {
                layer.project(self.cpu, xs, rows(at).len(), part, qkv);
            });
            let qkv = &*qkv;
            each_part(xs.chunks_mut(share * self.hidden).zip(parts), |at, (xs, part)| {
                layer.forward(self.cpu, qkv, lengths, rows(at), xs, part);
            });
        }
        &scratch.xs[..count * self.hidden]
    }

    /// Word, position and type of each token, normalised.
    fn embed(&self, tokens: &[u32], lengths: &[usize], scratch: &mut Scratch) {
        let size = self.hidden;
        let (storage, _) = self.words.storage_and_layout();
        let words = match &*storage {
            Storage::Cpu(storage) => storage.as_slice::<f32>().unwrap_or_default(),
            _ => &[],
        };
        let rows = &mut scratch.xs[..tokens.len() * size];
        for (row, token) in rows.chunks_exact_mut(size).zip(tokens) {
            row.copy_from_slice(&words[*token as usize * size..][..size]);
        }
        let mut rest = rows;
        for &length in lengths {
            let (text, others) = rest.split_at_mut(length * size);
            rows::add_and_normalise(self.cpu, text, &self.places[..length * size], self.norm.as_rows());
            rest = others;
        }
    }
}

/// Does the work for each part, with its number, at the same time if there are several.
fn each_part<T: Send>(parts: impl Iterator<Item = T>, work: impl Fn(usize, T) + Sync) {
    let parts: Vec<T> = parts.collect();
    parts.into_par_iter().enumerate().for_each(|(at, part)| work(at, part));
}
