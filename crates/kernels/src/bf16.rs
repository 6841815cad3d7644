//! Products of bfloat16 numbers, summed in f32.
//!
//! Kernels add the products of two inputs at a time and may round once where the portable twin rounds twice; numbers below
//! the normal ones count as zero in them and not in the twin. Besides that they agree within `inputs` times 2^-23 of the sum of
//! the terms' sizes.

#[cfg(target_arch = "x86_64")]
mod amx;
#[cfg(target_arch = "x86_64")]
mod avx512;

use crate::Cpu;
use crate::aligned::Aligned;
use crate::dispatch::{Work, dispatch};
use crate::epilogue::{COLUMNS, Epilogue};
use crate::lanes::Lanes;
use crate::shape;

/// Rows that are computed at once: `xs` must have room for whole blocks of them.
pub const ROWS: usize = 32;
/// Inputs are padded with zeros to whole blocks of so many.
pub const INPUTS: usize = 32;

/// A number's nearest bfloat16, ties to even; what is no number stays none.
#[inline(always)]
#[must_use]
pub fn to_bf16(x: f32) -> u16 {
    let bits = x.to_bits();
    let rounded = bits.wrapping_add(0x7fff + ((bits >> 16) & 1)) >> 16;
    if x.is_nan() { 0x7fc0 } else { rounded as u16 }
}

/// The f32 that a bfloat16 is.
#[inline(always)]
#[must_use]
pub fn from_bf16(x: u16) -> f32 {
    f32::from_bits(u32::from(x) << 16)
}

/// A weight matrix in panels of 32 columns, the panels in blocks of 32 inputs, each block two tiles of 16 columns by 16 pairs
/// of inputs.
#[derive(Default)]
pub struct Weights {
    packed: Aligned<u16>,
    inputs: usize,
    width: usize,
    outputs: usize,
}

/// Numbers of a tile: 16 rows of 16 pairs.
const TILE: usize = 512;

impl Weights {
    /// Packs `[outputs, inputs]`, row-major, as a safetensors file holds a linear layer.
    ///
    /// # Panics
    /// If `weight` is empty or not of that size.
    #[must_use]
    pub fn pack(weight: &[f32], outputs: usize, inputs: usize) -> Self {
        let mut packed = Aligned::zeroed(shape::packed(weight.len(), (outputs, inputs), (COLUMNS, INPUTS)));
        let width = inputs.next_multiple_of(INPUTS);
        for (output, row) in weight.chunks_exact(inputs).enumerate() {
            for (input, x) in row.iter().enumerate() {
                packed[place(output, input, width)] = to_bf16(*x);
            }
        }
        Self { packed, inputs, width, outputs }
    }

    /// Makes it a matrix of `outputs` by `inputs`, neither 0, whose tiles are all still to be written.
    pub(crate) fn reshape(&mut self, outputs: usize, inputs: usize) {
        self.packed.resize(shape::packed(outputs * inputs, (outputs, inputs), (COLUMNS, INPUTS)));
        (self.inputs, self.width, self.outputs) = (inputs, inputs.next_multiple_of(INPUTS), outputs);
    }

    /// The tile that holds a weight: 16 pairs of inputs, of each 16 outputs.
    pub(crate) fn tile_mut(&mut self, output: usize, input: usize) -> &mut [u16] {
        let from = place(output, input, self.width) / TILE * TILE;
        &mut self.packed[from..from + TILE]
    }

    /// Numbers of a row that goes in, without padding.
    #[must_use]
    pub fn inputs(&self) -> usize {
        self.inputs
    }

    /// Numbers of a row that goes in, with padding.
    #[must_use]
    pub fn width(&self) -> usize {
        self.width
    }

    /// Numbers of a row that comes out.
    #[must_use]
    pub fn outputs(&self) -> usize {
        self.outputs
    }
}

/// Where a weight stands.
fn place(output: usize, input: usize, width: usize) -> usize {
    let block = output / COLUMNS * (width / INPUTS) + input / INPUTS;
    let (tile, column) = (output % COLUMNS / 16, output % 16);
    let (pair, half) = (input % INPUTS / 2, input % 2);
    (block * 2 + tile) * TILE + pair * 32 + column * 2 + half
}

/// Multiplies the first `rows` rows of `xs`, `[.., width]`, with the weights. What stands behind the inputs of a row must be finite
/// (their weights are zero); what stands behind the rows in the last block is read, and changes nothing.
///
/// # Panics
/// If `xs` has no room for `rows` rounded up to [`ROWS`], or the epilogue is for another size.
pub fn product<E: Epilogue>(cpu: Cpu, xs: &[u16], rows: usize, weights: &Weights, epilogue: &mut E) {
    assert!(shape::holds_blocks(xs.len(), rows, ROWS, weights.width), "room for whole blocks of rows");
    epilogue.expect(rows, weights.outputs);
    #[cfg(target_arch = "x86_64")]
    {
        let has = cpu.here();
        if has.amx_bf16 && has.avx512_bf16 {
            // SAFETY: this processor has AVX-512, rounds to bfloat16 and has tile products of it, and the tiles are granted.
            return unsafe { amx::product(xs, rows, weights, epilogue) };
        }
        if has.avx512_bf16 {
            // SAFETY: this processor has AVX-512 and its dot products of bfloat16.
            return unsafe { avx512::product(xs, rows, weights, epilogue) };
        }
    }
    portable(cpu, xs, rows, weights, epilogue);
}

/// The rows that [`product`] computes at once on `cpu`: what is over a multiple of them costs as much as all of them.
#[must_use]
pub fn rows_at_once(cpu: Cpu) -> usize {
    let has = cpu.here();
    if has.amx_bf16 && has.avx512_bf16 {
        16
    } else if has.avx512_bf16 {
        8
    } else {
        1
    }
}

fn portable<E: Epilogue>(cpu: Cpu, xs: &[u16], rows: usize, weights: &Weights, epilogue: &mut E) {
    struct Portable<'a, E>(&'a [u16], usize, &'a Weights, &'a mut E);
    impl<E: Epilogue> Work for Portable<'_, E> {
        #[inline(always)]
        fn run<L: Lanes>(self) {
            let Self(xs, rows, weights, epilogue) = self;
            for (panel, packed) in weights.packed.chunks_exact(weights.width * COLUMNS).enumerate() {
                for (row, xs) in xs.chunks_exact(weights.width).take(rows).enumerate() {
                    let mut sums = [0.0f32; COLUMNS];
                    for (xs, block) in
                        xs.as_chunks::<INPUTS>().0.iter().zip(packed.as_chunks::<{ 2 * TILE }>().0)
                    {
                        for (pair, xs) in xs.as_chunks::<2>().0.iter().enumerate() {
                            for (column, sum) in sums.iter_mut().enumerate() {
                                let at = column / 16 * TILE + pair * 32 + column % 16 * 2;
                                *sum += from_bf16(xs[0]) * from_bf16(block[at]);
                                *sum += from_bf16(xs[1]) * from_bf16(block[at + 1]);
                            }
                        }
                    }
                    epilogue.take::<L>(row, panel * COLUMNS, &[sums]);
                }
            }
        }
    }
    dispatch(cpu, Portable(xs, rows, weights, epilogue));
}
