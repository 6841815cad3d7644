//! The arithmetic between the products, over rows of f32. Loops are compiled for each of the processor's extensions by pulp,
//! which wants what it compiles as a struct with a method that is always inlined.

use std::sync::Mutex;

use candle_core::utils::barrier_pool;
use pulp::{Arch, Simd, WithSimd};

/// Below so many numbers a pass over rows stays on one thread.
const ALONE: usize = 1 << 14;

/// Calls `row` with the number of each row of `out` and the row, on candle's threads where that pays.
pub(crate) fn each_row(out: &mut [f32], width: usize, work: usize, row: impl Fn(usize, &mut [f32]) + Sync) {
    let rows = out.len() / width.max(1);
    if rows < 2 || work < ALONE {
        for (index, one) in out.chunks_exact_mut(width.max(1)).enumerate() {
            row(index, one);
        }
        return;
    }
    let slots: Vec<Mutex<&mut [f32]>> = out.chunks_exact_mut(width).map(Mutex::new).collect();
    barrier_pool().execute_chunked(slots.len(), |range| {
        for index in range {
            // Each row is taken once; a lock that another thread left poisoned guards nothing but its row.
            let mut one = slots[index].lock().unwrap_or_else(std::sync::PoisonError::into_inner);
            row(index, &mut one);
        }
    });
}

#[inline(always)]
fn dot<S: Simd>(simd: S, a: &[f32], b: &[f32]) -> f32 {
    let (a, a_rest) = S::as_simd_f32s(a);
    let (b, b_rest) = S::as_simd_f32s(b);
    let (a, a_last) = a.as_chunks::<4>();
    let (b, b_last) = b.as_chunks::<4>();
    let mut sums = [simd.splat_f32s(0.0); 4];
    for (a, b) in a.iter().zip(b) {
        sums[0] = simd.mul_add_e_f32s(a[0], b[0], sums[0]);
        sums[1] = simd.mul_add_e_f32s(a[1], b[1], sums[1]);
        sums[2] = simd.mul_add_e_f32s(a[2], b[2], sums[2]);
        sums[3] = simd.mul_add_e_f32s(a[3], b[3], sums[3]);
    }
    for (&a, &b) in a_last.iter().zip(b_last) {
        sums[0] = simd.mul_add_e_f32s(a, b, sums[0]);
    }
    let all = simd.add_f32s(simd.add_f32s(sums[0], sums[1]), simd.add_f32s(sums[2], sums[3]));
    a_rest.iter().zip(b_rest).fold(simd.reduce_sum_f32s(all), |sum, (a, b)| sum + a * b)
}

/// Adds `share` times `x` to `out`.
#[inline(always)]
fn add_share<S: Simd>(simd: S, out: &mut [f32], share: f32, x: &[f32]) {
    let (out, out_rest) = S::as_mut_simd_f32s(out);
    let (x, x_rest) = S::as_simd_f32s(x);
    let shares = simd.splat_f32s(share);
    for (out, &x) in out.iter_mut().zip(x) {
        *out = simd.mul_add_e_f32s(shares, x, *out);
    }
    out_rest.iter_mut().zip(x_rest).for_each(|(out, x)| *out += share * x);
}

/// e to the power of `x`, to about two units in the last place; what is below the range of f32 becomes the smallest.
#[inline(always)]
fn exp(x: f32) -> f32 {
    const MAGIC: f32 = 12_582_912.0;
    let x = x.clamp(-87.0, 88.0);
    let shifted = x * std::f32::consts::LOG2_E + MAGIC;
    let n = shifted - MAGIC;
    let r = (x - n * 0.693_359_4) + n * 2.121_944_4e-4;
    let p = 1.987_569_1e-4;
    let p = p * r + 1.398_199_9e-3;
    let p = p * r + 8.333_452e-3;
    let p = p * r + 4.166_579_6e-2;
    let p = p * r + 1.666_666_5e-1;
    let p = p * r + 5.0e-1;
    let p = p * r * r + r + 1.0;
    let power = shifted.to_bits().wrapping_sub(MAGIC.to_bits()).wrapping_add(127) << 23;
    p * f32::from_bits(power)
}

struct Norm<'a> {
    row: &'a mut [f32],
    weight: &'a [f32],
    epsilon: f32,
}

impl WithSimd for Norm<'_> {
    type Output = ();

    #[inline(always)]
    fn with_simd<S: Simd>(self, simd: S) {
        let mean = dot(simd, self.row, self.row) / self.row.len() as f32;
        let scale = 1.0 / (mean + self.epsilon).sqrt();
        self.row.iter_mut().zip(self.weight).for_each(|(x, w)| *x = *x * scale * w);
    }
}

/// Each row of `x` divided by the root of its mean square, times `weight`.
pub(crate) fn rms_norm(x: &mut [f32], weight: &[f32], epsilon: f32) {
    let arch = Arch::new();
    let work = x.len();
    each_row(x, weight.len(), work, |_, row| arch.dispatch(Norm { row, weight, epsilon }));
}

/// `x` plus `y`, in `x`.
pub(crate) fn add(x: &mut [f32], y: &[f32]) {
    x.iter_mut().zip(y).for_each(|(x, y)| *x += y);
}

/// What is done to the gate before it multiplies.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Gate {
    /// GELU in its tanh form.
    Gelu,
    /// SiLU.
    Silu,
}

struct Gated<'a> {
    gate: Gate,
    gates: &'a [f32],
    values: &'a [f32],
    out: &'a mut [f32],
}

impl WithSimd for Gated<'_> {
    type Output = ();

    #[inline(always)]
    fn with_simd<S: Simd>(self, _: S) {
        let pairs = self.gates.iter().zip(self.values);
        match self.gate {
            Gate::Silu => {
                for (out, (&g, v)) in self.out.iter_mut().zip(pairs) {
                    *out = g / (1.0 + exp(-g)) * v;
                }
            }
            // x (1 + tanh u) / 2 is x / (1 + exp(-2u)).
            Gate::Gelu => {
                for (out, (&g, v)) in self.out.iter_mut().zip(pairs) {
                    let u = 0.797_884_6 * g * (1.0 + 0.044_715 * g * g);
                    *out = g / (1.0 + exp(-2.0 * u)) * v;
                }
            }
        }
    }
}

/// From rows of `inner` gates and as many values: the gated values.
pub(crate) fn gated(both: &[f32], inner: usize, gate: Gate) -> Vec<f32> {
    let arch = Arch::new();
    let mut out = vec![0.0; both.len() / 2];
    let work = out.len() * 4;
    each_row(&mut out, inner, work, |index, out| {
        let (gates, values) = both[index * inner * 2..][..inner * 2].split_at(inner);
        arch.dispatch(Gated { gate, gates, values, out });
    });
    out
}

/// Attention of the query heads of a group that shares its keys.
pub(crate) struct Attention<'a> {
    /// Heads of `width` numbers.
    pub(crate) queries: &'a [f32],
    pub(crate) width: usize,
    /// Keys and values in runs that follow on one another, of `width` numbers a token.
    pub(crate) runs: [(&'a [f32], &'a [f32]); 2],
    /// As many numbers as `queries` has.
    pub(crate) out: &'a mut [f32],
}

impl Attention<'_> {
    pub(crate) fn compute(self) {
        Arch::new().dispatch(self);
    }
}

impl WithSimd for Attention<'_> {
    type Output = ();

    #[inline(always)]
    fn with_simd<S: Simd>(self, simd: S) {
        let Self { queries, width, runs, out } = self;
        let scale = 1.0 / (width as f32).sqrt();
        let tokens: usize = runs.iter().map(|(keys, _)| keys.len() / width).sum();
        let mut scores = vec![0.0_f32; queries.len() / width * tokens];
        let keys = runs.iter().flat_map(|(keys, _)| keys.chunks_exact(width));
        for (token, key) in keys.enumerate() {
            for (head, query) in queries.chunks_exact(width).enumerate() {
                scores[head * tokens + token] = dot(simd, query, key) * scale;
            }
        }
        for scores in scores.chunks_exact_mut(tokens.max(1)) {
            soften(scores);
        }
        out.fill(0.0);
        let values = runs.iter().flat_map(|(_, values)| values.chunks_exact(width));
        for (token, value) in values.enumerate() {
            for (head, out) in out.chunks_exact_mut(width).enumerate() {
                add_share(simd, out, scores[head * tokens + token], value);
            }
        }
    }
}

/// Scores to shares that sum to one.
#[inline(always)]
fn soften(scores: &mut [f32]) {
    let highest = scores.iter().copied().fold(f32::NEG_INFINITY, f32::max);
    scores.iter_mut().for_each(|score| *score = exp(*score - highest));
    let scale = 1.0 / scores.iter().sum::<f32>();
    scores.iter_mut().for_each(|score| *score *= scale);
}
