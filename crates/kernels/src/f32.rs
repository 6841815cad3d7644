//! Products of f32 numbers.
//!
//! Every output is one sum over the inputs in their order. Kernels with fused multiplication round once a step where the
//! portable twin rounds twice: they agree within `inputs` times 2^-23 of the sum of the terms' sizes.

#[cfg(target_arch = "x86_64")]
mod x86;

use crate::Cpu;
use crate::aligned::Aligned;
use crate::epilogue::{COLUMNS, Epilogue};
use crate::lanes::Portable;
use crate::shape;

/// Rows that are computed at once: `xs` must have room for whole blocks of them.
pub const ROWS: usize = 8;

/// A weight matrix in panels of 32 columns, each row-major by input.
pub struct Weights {
    packed: Aligned<f32>,
    inputs: usize,
    outputs: usize,
}

impl Weights {
    /// Packs `[outputs, inputs]`, row-major, as a safetensors file holds a linear layer.
    ///
    /// # Panics
    /// If `weight` is empty or not of that size.
    #[must_use]
    pub fn pack(weight: &[f32], outputs: usize, inputs: usize) -> Self {
        let mut packed = Aligned::zeroed(shape::packed(weight.len(), (outputs, inputs), (COLUMNS, 1)));
        for (output, row) in weight.chunks_exact(inputs).enumerate() {
            let panel = output / COLUMNS * inputs;
            for (input, x) in row.iter().enumerate() {
                packed[(panel + input) * COLUMNS + output % COLUMNS] = *x;
            }
        }
        Self { packed, inputs, outputs }
    }

    /// Numbers of a row that goes in.
    #[must_use]
    pub fn inputs(&self) -> usize {
        self.inputs
    }

    /// Numbers of a row that comes out.
    #[must_use]
    pub fn outputs(&self) -> usize {
        self.outputs
    }
}

/// Multiplies the first `rows` rows of `xs`, `[.., inputs]`, with the weights. What stands behind them in the last block is read,
/// and changes nothing.
///
/// # Panics
/// If `xs` has no room for `rows` rounded up to [`ROWS`], or the epilogue is for another size.
pub fn product<E: Epilogue>(cpu: Cpu, xs: &[f32], rows: usize, weights: &Weights, epilogue: &mut E) {
    assert!(shape::holds_blocks(xs.len(), rows, ROWS, weights.inputs), "room for whole blocks of rows");
    epilogue.expect(rows, weights.outputs);
    #[cfg(target_arch = "x86_64")]
    {
        let has = cpu.here();
        if has.avx512 {
            // SAFETY: this processor has AVX-512.
            return unsafe { x86::product_avx512(xs, rows, weights, epilogue) };
        }
        if has.avx2 {
            // SAFETY: this processor has AVX2 and FMA.
            return unsafe { x86::product_avx2(xs, rows, weights, epilogue) };
        }
    }
    let _ = cpu;
    portable(xs, rows, weights, epilogue);
}

/// The rows that [`product`] computes at once on `cpu`: what is over a multiple of them costs as much as all of them.
#[must_use]
pub fn rows_at_once(cpu: Cpu) -> usize {
    let has = cpu.here();
    if has.avx512 {
        ROWS
    } else if has.avx2 {
        4
    } else {
        1
    }
}

fn portable<E: Epilogue>(xs: &[f32], rows: usize, weights: &Weights, epilogue: &mut E) {
    for (panel, packed) in weights.packed.chunks_exact(weights.inputs * COLUMNS).enumerate() {
        for (row, xs) in xs.chunks_exact(weights.inputs).take(rows).enumerate() {
            let mut sums = [0.0; COLUMNS];
            for (x, ws) in xs.iter().zip(packed.as_chunks::<COLUMNS>().0) {
                for (sum, w) in sums.iter_mut().zip(ws) {
                    *sum += x * w;
                }
            }
            epilogue.take::<Portable>(row, panel * COLUMNS, &[sums]);
        }
    }
}
