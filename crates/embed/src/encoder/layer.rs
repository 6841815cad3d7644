//! One layer of the encoder: attention, then feed-forward, each added to what came in and normalised.

use std::ops::Range;

use berika_kernels::{Activation, Cpu, attention, rows};

use tracing::trace_span;

use super::Norm;
use super::linear::Linear;
use super::scratch::Part;
use crate::error::LoadError;
use crate::folder::Architecture;
use crate::precision::Precision;
use crate::weights::Weights;

pub(super) struct Layer {
    /// Query (already divided by the root of the head's size), key and value in one product.
    qkv: Linear,
    attention_out: Linear,
    attention_norm: Norm,
    up: Linear,
    down: Linear,
    out_norm: Norm,
    heads: attention::Heads,
    activation: Activation,
}

impl Layer {
    pub(super) fn load(
        weights: &Weights<'_>,
        at: usize,
        arch: &Architecture,
        precision: Precision,
    ) -> Result<Self, LoadError> {
        let (hidden, inner) = (arch.hidden, arch.intermediate);
        let name = |part: &str| format!("encoder.layer.{at}.{part}");
        let (mut weight, mut bias) = (Vec::new(), Vec::new());
        for part in ["query", "key", "value"] {
            let scale = if part == "query" { 1.0 / ((hidden / arch.heads) as f32).sqrt() } else { 1.0 };
            let numbers = |which: &str, shape: &[usize]| {
                weights.numbers(&name(&format!("attention.self.{part}.{which}")), shape)
            };
            weight.extend(numbers("weight", &[hidden, hidden])?.into_iter().map(|x| x * scale));
            bias.extend(numbers("bias", &[hidden])?.into_iter().map(|x| x * scale));
        }
        let linear = |part: &str, shape| Linear::load(weights, &name(part), shape, precision);
        Ok(Self {
            qkv: Linear::pack(&weight, bias, hidden, precision),
            attention_out: linear("attention.output.dense", (hidden, hidden))?,
            attention_norm: Norm::load(weights, &name("attention.output.LayerNorm"), arch)?,
            up: linear("intermediate.dense", (hidden, inner))?,
            down: linear("output.dense", (inner, hidden))?,
            out_norm: Norm::load(weights, &name("output.LayerNorm"), arch)?,
            heads: attention::Heads {
                count: arch.heads,
                size: hidden / arch.heads,
                bf16: precision == Precision::Bf16,
            },
            activation: arch.activation,
        })
    }

    /// The queries, keys and values of `rows` rows of `xs`: into `qkv`, `[rows, 3, hidden]`. Both have room for whole blocks.
    pub(super) fn project(&self, cpu: Cpu, xs: &[f32], rows: usize, part: &mut Part, qkv: &mut [f32]) {
        let _step = trace_span!("qkv").entered();
        self.qkv.forward(cpu, xs, rows, &mut part.rounded, qkv);
    }

    /// Turns `xs`, the rows `rows` of all the texts', from what the layer gets into what it gives. `qkv` holds what
    /// [`Self::project`] made of all rows.
    pub(super) fn forward(
        &self,
        cpu: Cpu,
        qkv: &[f32],
        lengths: &[usize],
        rows: Range<usize>,
        xs: &mut [f32],
        part: &mut Part,
    ) {
        let count = rows.len();
        let hidden = self.down.outputs();
        let whole = count * hidden;
        let Part { attended, sums, inner, rounded, attention } = part;

        let step = trace_span!("attention").entered();
        attention::attend(cpu, qkv, lengths, self.heads, rows, attention, attended);
        drop(step);
        let step = trace_span!("attention_out").entered();
        self.attention_out.forward(cpu, attended, count, rounded, sums);
        rows::add_and_normalise(cpu, &mut xs[..whole], &sums[..whole], self.attention_norm.as_rows());
        drop(step);

        let step = trace_span!("up").entered();
        self.up.forward_activated(cpu, xs, count, self.activation, rounded, inner);
        drop(step);
        let _step = trace_span!("down").entered();
        self.down.forward_rows(cpu, inner, count, rounded, sums);
        rows::add_and_normalise(cpu, &mut xs[..whole], &sums[..whole], self.out_norm.as_rows());
    }
}
