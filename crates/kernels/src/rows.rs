//! What the encoder does to rows of numbers between its products.

use crate::Cpu;
use crate::dispatch::{Work, dispatch};
use crate::lanes::{LANES, Lanes};
use crate::shape;

/// Scale and shift of a normalisation (Ba et al. 2016), one number each a column.
#[derive(Debug, Clone, Copy)]
pub struct Norm<'a> {
    /// What a normalised number is multiplied with.
    pub weight: &'a [f32],
    /// What is then added.
    pub shift: &'a [f32],
    /// Added to the variance.
    pub epsilon: f32,
}

/// Adds `others` to `xs`, both `[rows, columns]`, and brings each row to mean 0 and variance 1 before scale and shift.
///
/// # Panics
/// If weight and shift are not as long as a row, or `xs` and `others` not whole rows and as many.
pub fn add_and_normalise(cpu: Cpu, xs: &mut [f32], others: &[f32], norm: Norm<'_>) {
    struct Add<'a>(&'a mut [f32], &'a [f32], Norm<'a>);
    impl Work for Add<'_> {
        #[inline(always)]
        fn run<L: Lanes>(self) {
            let Self(xs, others, norm) = self;
            let size = norm.weight.len();
            for (row, other) in xs.chunks_exact_mut(size).zip(others.chunks_exact(size)) {
                add_and_normalise_row::<L>(row, other, norm);
            }
        }
    }
    let columns = norm.weight.len();
    let fits = columns > 0 && xs.len().is_multiple_of(columns);
    assert!(
        fits && norm.shift.len() == columns && xs.len() == others.len(),
        "rows as long as the norm: {} and {} numbers in rows of {columns}, {} to shift by",
        xs.len(),
        others.len(),
        norm.shift.len()
    );
    dispatch(cpu, Add(xs, others, norm));
}

#[inline(always)]
fn add_and_normalise_row<L: Lanes>(row: &mut [f32], other: &[f32], norm: Norm<'_>) {
    let share = 1.0 / row.len() as f32;
    let mut sum = L::splat(0.0);
    let ((xs, x_rest), (ys, y_rest)) = (row.as_chunks_mut::<LANES>(), other.as_chunks::<LANES>());
    for (x, y) in xs.iter_mut().zip(ys) {
        let added = L::load(x).plus(L::load(y));
        added.store(x);
        sum = sum.plus(added);
    }
    let added = L::load_some(x_rest).plus(L::load_some(y_rest));
    added.store_some(x_rest);
    let mean = sum.plus(added).total() * share;

    let mut squares = L::splat(0.0);
    for x in xs.iter() {
        let off = L::load(x).minus(L::splat(mean));
        squares = off.times_plus(off, squares);
    }
    let mut squares = squares.total();
    for x in x_rest.iter() {
        squares += (x - mean) * (x - mean);
    }
    let scale = 1.0 / (squares * share + norm.epsilon).sqrt();

    let ((ws, w_rest), (ss, s_rest)) = (norm.weight.as_chunks::<LANES>(), norm.shift.as_chunks::<LANES>());
    for ((x, w), s) in xs.iter_mut().zip(ws).zip(ss) {
        let y = L::load(x).minus(L::splat(mean)).times(L::splat(scale));
        y.times_plus(L::load(w), L::load(s)).store(x);
    }
    let y = L::load_some(x_rest).minus(L::splat(mean)).times(L::splat(scale));
    y.times_plus(L::load_some(w_rest), L::load_some(s_rest)).store_some(x_rest);
}

/// Rounds rows to bfloat16: `xs`, `[rows, inputs]`, into `out`, `[rows, width]`, with zeros behind each. What is in `out` behind
/// the last row stays.
///
/// # Panics
/// If `xs` are not whole rows, `inputs` is 0 or more than `width`, or `out` has no room.
pub fn round_to_bf16(cpu: Cpu, xs: &[f32], inputs: usize, width: usize, out: &mut [u16]) {
    struct Round<'a>(&'a [f32], usize, usize, &'a mut [u16]);
    impl Work for Round<'_> {
        #[inline(always)]
        fn run<L: Lanes>(self) {
            let Self(xs, inputs, width, out) = self;
            for (xs, out) in xs.chunks_exact(inputs).zip(out.chunks_exact_mut(width)) {
                round_row::<L>(xs, out);
            }
        }
    }
    shape::rows_for(xs.len(), (inputs, width), out.len());
    dispatch(cpu, Round(xs, inputs, width, out));
}

/// Rounds a row to bfloat16, zeros behind.
#[inline(always)]
pub(crate) fn round_row<L: Lanes>(xs: &[f32], out: &mut [u16]) {
    let (out, padding) = out.split_at_mut(xs.len());
    let ((xs, x_rest), (out, o_rest)) = (xs.as_chunks::<LANES>(), out.as_chunks_mut::<LANES>());
    for (x, o) in xs.iter().zip(out) {
        L::load(x).store_bf16(o);
    }
    if !o_rest.is_empty() {
        let mut last = [0; LANES];
        L::load_some(x_rest).store_bf16(&mut last);
        o_rest.copy_from_slice(&last[..o_rest.len()]);
    }
    padding.fill(0);
}
