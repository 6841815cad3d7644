//! Products of 8-bit integers: weights with one scale an output, activations with one scale and one zero a row, sums exact in 32
//! bits.
//!
//! Weights lie evenly around zero. Activations do not, least of all behind a function that cuts off one side: a row's range, from
//! its least number to its largest and with 0 in it, takes all 256 integers, and one of them, the row's zero, stands for 0. As
//! many weights as it was added to, it is taken off the sums again as a multiple of the column's sum, in whole numbers.
//!
//! Every kernel and the portable twin give the same numbers to the bit: the sums are whole numbers, and what follows is done
//! in one order. No sum leaves 32 bits, since there are at most [`MOST_INPUTS`].
//!
//! A row with a number that is infinite or none has the scale NaN, and every product with it is NaN; other rows are as they would
//! be without it. A row whose range is under 7.5e-37 or so becomes zeros, a weight's whose largest number is under half of that.

#[cfg(target_arch = "x86_64")]
mod amx;
#[cfg(target_arch = "aarch64")]
mod neon;
#[cfg(target_arch = "x86_64")]
mod x86;

use crate::Cpu;
use crate::aligned::Aligned;
use crate::dispatch::{Work, dispatch};
use crate::epilogue::{COLUMNS, Epilogue};
use crate::lanes::{Lanes, ROUND};
use crate::shape;

/// Rows that are computed at once: there must be room for whole blocks of them.
pub const ROWS: usize = 32;
/// Inputs are padded with zeros to whole blocks of so many.
pub const INPUTS: usize = 64;
/// So many products of a weight, at most 127 from zero, with what is at most 255 from a row's zero stay within 32 bits.
pub const MOST_INPUTS: usize = (i32::MAX / (255 * 127)) as usize;

/// Bytes of a tile: 16 rows of 16 fours.
const TILE: usize = 1024;

/// A weight matrix in panels of 32 columns, the panels in blocks of 64 inputs, each block two tiles of 16 columns by 16 fours
/// of inputs.
pub struct Weights {
    packed: Aligned<i8>,
    /// One a column, padded to whole panels.
    scales: Vec<f32>,
    /// The sum of each column, padded to whole panels.
    sums: Vec<i32>,
    inputs: usize,
    width: usize,
    outputs: usize,
}

/// Rows of activations: a number stands for what it is more than its row's zero, times the row's scale.
#[derive(Debug, Clone, Copy)]
pub struct Rows<'a> {
    /// `[.., width]`; what stands behind the inputs may be any numbers, their weights are zero.
    pub numbers: &'a [i8],
    /// One a row.
    pub scales: &'a [f32],
    /// One a row, from -128 to 127: what stands for 0.
    pub zeros: &'a [i32],
}

impl Weights {
    /// Rounds and packs `[outputs, inputs]`, row-major, as a safetensors file holds a linear layer.
    ///
    /// # Panics
    /// If `weight` is empty or not of that size, or if there are more than [`MOST_INPUTS`].
    #[must_use]
    pub fn pack(weight: &[f32], outputs: usize, inputs: usize) -> Self {
        let size = shape::packed(weight.len(), (outputs, inputs), (COLUMNS, INPUTS));
        assert!(inputs <= MOST_INPUTS, "at most {MOST_INPUTS} inputs, not {inputs}: sums have 32 bits");
        let width = inputs.next_multiple_of(INPUTS);
        let columns = outputs.next_multiple_of(COLUMNS);
        let mut packed = Aligned::zeroed(size);
        let (mut scales, mut sums) = (vec![0.0; columns], vec![0; columns]);
        let mut rounded = vec![0i8; inputs];
        for (output, row) in weight.chunks_exact(inputs).enumerate() {
            scales[output] = round_weights(row, &mut rounded);
            sums[output] = rounded.iter().map(|x| i32::from(*x)).sum();
            for (input, x) in rounded.iter().enumerate() {
                packed[place(output, input, width)] = *x;
            }
        }
        Self { packed, scales, sums, inputs, width, outputs }
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

    /// Sums in 32 bits to numbers, row by row from `first` on. The kernel added `ADDED` to every number of the rows.
    #[inline(always)]
    fn scale<const ADDED: i32>(
        &self,
        panel: usize,
        xs: Rows<'_>,
        first: usize,
        sums: &[[i32; COLUMNS]],
        out: &mut [[f32; COLUMNS]],
    ) {
        let (scales, columns) =
            (&self.scales[panel * COLUMNS..][..COLUMNS], &self.sums[panel * COLUMNS..][..COLUMNS]);
        let rows = xs.scales[first..].iter().zip(&xs.zeros[first..]);
        for (((row, zero), sums), ys) in rows.zip(sums).zip(out) {
            let zero = zero.wrapping_add(ADDED);
            for (((y, sum), scale), column) in ys.iter_mut().zip(sums).zip(scales).zip(columns) {
                // What comes out fits 32 bits; until then all is modulo 2^32.
                *y = sum.wrapping_sub(zero.wrapping_mul(*column)) as f32 * (row * scale);
            }
        }
    }
}

/// Where a weight stands.
fn place(output: usize, input: usize, width: usize) -> usize {
    let block = output / COLUMNS * (width / INPUTS) + input / INPUTS;
    let (tile, column) = (output % COLUMNS / 16, output % 16);
    let (four, part) = (input % INPUTS / 4, input % 4);
    (block * 2 + tile) * TILE + four * 64 + column * 4 + part
}

/// Rounds a row of weights to 8 bits, ties to even, so that its largest number becomes 127; returns what one step is worth: 0 for
/// zeros, NaN (and zeros in `out`) for a row with a number that is infinite or none.
fn round_weights(xs: &[f32], out: &mut [i8]) -> f32 {
    // Without their signs, the bits of numbers are in the numbers' order; infinity, then what is no number, stand last.
    let largest = f32::from_bits(xs.iter().map(|x| x.abs().to_bits()).max().unwrap_or(0));
    let steps = 127.0 / largest;
    if !largest.is_finite() || !steps.is_finite() {
        out.fill(0);
        return if largest.is_finite() { 0.0 } else { f32::NAN };
    }
    for (o, x) in out.iter_mut().zip(xs) {
        *o = last_byte(x * steps + ROUND);
    }
    largest / 127.0
}

/// Rounds a row of activations to 8 bits, ties to even, so that its range, in which 0 is, becomes -128 to 127; returns what one
/// step is worth and what 0 became: 0 and 0 for zeros, NaN and 0 (and zeros in `out`) for a row with a number that is infinite or
/// none.
#[inline(always)]
fn round_row(xs: &[f32], out: &mut [i8]) -> (f32, i32) {
    // The bits of numbers above zero are in the numbers' order and, taken with a sign, above those of all others. Those of numbers
    // below zero are in reverse order and, taken without one, above the rest. Infinity, then what is no number, stand last.
    const NEGATIVE_ZERO: u32 = 1 << 31;
    let (mut most, mut least) = (0i32, NEGATIVE_ZERO);
    for x in xs {
        most = x.to_bits().cast_signed().max(most);
        least = x.to_bits().max(least);
    }
    let (most, least) = (f32::from_bits(most.cast_unsigned()), f32::from_bits(least));
    // Half of the range: the whole of it may be more than any number.
    let half = most * 0.5 - least * 0.5;
    let steps = 127.5 / half;
    if !half.is_finite() || !steps.is_finite() {
        out.fill(0);
        return (if half.is_finite() { 0.0 } else { f32::NAN }, 0);
    }
    let zero = -128.0 - (least * steps + ROUND - ROUND);
    let (zero_rounded, end) = (ROUND + zero, ROUND + 127.0);
    for (o, x) in out.iter_mut().zip(xs) {
        // The least number comes to -128 by what zero is; the largest may come to 128, being half a step above 127.
        let rounded = x * steps + zero_rounded;
        *o = last_byte(if rounded < end { rounded } else { end });
    }
    (half / 127.5, zero as i32)
}

/// The integer from -128 to 127 to which [`ROUND`] was added.
#[inline(always)]
fn last_byte(rounded: f32) -> i8 {
    (rounded.to_bits() & 0xff) as u8 as i8
}

/// Rounds rows to 8 bits: `xs`, `[rows, inputs]`, into `numbers`, `[rows, width]`, and one of `scales` and of `zeros` each. What is
/// in `numbers` behind the inputs of a row, and behind the last row, stays.
///
/// # Panics
/// If `xs` are not whole rows, `inputs` is 0 or more than `width`, or `numbers`, `scales` or `zeros` have no room.
pub fn round_rows(
    cpu: Cpu,
    xs: &[f32],
    (inputs, width): (usize, usize),
    numbers: &mut [i8],
    scales: &mut [f32],
    zeros: &mut [i32],
) {
    struct Round<'a>(&'a [f32], (usize, usize), &'a mut [i8], &'a mut [f32], &'a mut [i32]);
    impl Work for Round<'_> {
        #[inline(always)]
        fn run<L: Lanes>(self) {
            let Self(xs, (inputs, width), numbers, scales, zeros) = self;
            let rows = xs.chunks_exact(inputs).zip(numbers.chunks_exact_mut(width)).zip(scales).zip(zeros);
            for (((xs, numbers), scale), zero) in rows {
                (*scale, *zero) = round_row(xs, &mut numbers[..inputs]);
            }
        }
    }
    let rows = shape::rows_for(xs.len(), (inputs, width), numbers.len());
    assert!(
        scales.len() >= rows && zeros.len() >= rows,
        "whole rows and room for each: {rows} rows, room for {} scales and {} zeros",
        scales.len(),
        zeros.len()
    );
    dispatch(cpu, Round(xs, (inputs, width), numbers, scales, zeros));
}

/// Multiplies the first `rows` rows with the weights.
///
/// # Panics
/// If there is no room for `rows` rounded up to [`ROWS`], no scale or zero for each, or the epilogue is for another size.
pub fn product<E: Epilogue>(cpu: Cpu, xs: Rows<'_>, rows: usize, weights: &Weights, epilogue: &mut E) {
    assert!(
        shape::holds_blocks(xs.numbers.len(), rows, ROWS, weights.width),
        "room for whole blocks of rows"
    );
    assert!(xs.scales.len() >= rows && xs.zeros.len() >= rows, "a scale and a zero for each row");
    epilogue.expect(rows, weights.outputs);
    #[cfg(target_arch = "x86_64")]
    {
        let has = cpu.here();
        if has.amx_int8 {
            // SAFETY: this processor has AVX-512 and tile products of 8-bit integers, and the tiles are granted.
            return unsafe { amx::product(xs, rows, weights, epilogue) };
        }
        if has.avx512_vnni {
            // SAFETY: this processor has AVX-512 and its VNNI.
            return unsafe { x86::product_avx512_vnni(xs, rows, weights, epilogue) };
        }
        if has.avx_vnni {
            // SAFETY: this processor has AVX2, FMA and AVX-VNNI.
            return unsafe { x86::product_avx_vnni(xs, rows, weights, epilogue) };
        }
        if has.avx2 {
            // SAFETY: this processor has AVX2 and FMA.
            return unsafe { x86::product_avx2(xs, rows, weights, epilogue) };
        }
    }
    #[cfg(target_arch = "aarch64")]
    if cpu.here().dotprod {
        // SAFETY: this processor has NEON and its dot products.
        return unsafe { neon::product(xs, rows, weights, epilogue) };
    }
    portable(cpu, xs, rows, weights, epilogue);
}

/// The rows that [`product`] computes at once on `cpu`: what is over a multiple of them costs as much as all of them.
#[must_use]
pub fn rows_at_once(cpu: Cpu) -> usize {
    let has = cpu.here();
    if has.amx_int8 {
        ROWS
    } else if has.avx512_vnni {
        8
    } else if has.avx_vnni {
        2
    } else {
        1
    }
}

fn portable<E: Epilogue>(cpu: Cpu, xs: Rows<'_>, rows: usize, weights: &Weights, epilogue: &mut E) {
    struct Portable<'a, E>(Rows<'a>, usize, &'a Weights, &'a mut E);
    impl<E: Epilogue> Work for Portable<'_, E> {
        #[inline(always)]
        fn run<L: Lanes>(self) {
            let Self(xs, rows, weights, epilogue) = self;
            for (panel, packed) in weights.packed.chunks_exact(weights.width * COLUMNS).enumerate() {
                let numbers = xs.numbers.chunks_exact(weights.width).take(rows);
                for (row, numbers) in numbers.enumerate() {
                    let mut sums = [0i32; COLUMNS];
                    let blocks =
                        numbers.as_chunks::<INPUTS>().0.iter().zip(packed.as_chunks::<{ 2 * TILE }>().0);
                    for (numbers, block) in blocks {
                        for (four, xs) in numbers.as_chunks::<4>().0.iter().enumerate() {
                            for (column, sum) in sums.iter_mut().enumerate() {
                                let at = column / 16 * TILE + four * 64 + column % 16 * 4;
                                for (x, w) in xs.iter().zip(&block[at..at + 4]) {
                                    *sum += i32::from(*x) * i32::from(*w);
                                }
                            }
                        }
                    }
                    let mut ys = [[0.0; COLUMNS]];
                    weights.scale::<0>(panel, xs, row, &[sums], &mut ys);
                    epilogue.take::<L>(row, panel * COLUMNS, &ys);
                }
            }
        }
    }
    dispatch(cpu, Portable(xs, rows, weights, epilogue));
}
