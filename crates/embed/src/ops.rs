//! What the encoder does between its matrix products, each in one pass over memory and in place.
//!
//! Rows are independent and each is computed by one thread in a fixed order, so that results do not depend on how many
//! threads there are. The loops are written so that the compiler can use vector instructions.

use candle_core::{CpuStorage, InplaceOp1, InplaceOp2, Layout, Result, bail};
use rayon::prelude::*;

use crate::folder::Activation;

/// Fewer numbers than this are not worth another thread.
const GRAIN: usize = 8 << 10;

/// Adds `bias` to every row of `[rows, bias.len()]`, then applies the activation, if any.
pub(crate) struct Bias<'a> {
    pub(crate) bias: &'a [f32],
    pub(crate) activation: Option<Activation>,
}

impl InplaceOp1 for Bias<'_> {
    fn name(&self) -> &'static str {
        "bias"
    }

    fn cpu_fwd(&self, storage: &mut CpuStorage, layout: &Layout) -> Result<()> {
        each_row(numbers_mut(storage, layout)?, self.bias.len(), |_, row| {
            row.iter_mut().zip(self.bias).for_each(|(x, b)| *x += b);
            match self.activation {
                None => {}
                Some(Activation::Gelu) => row.iter_mut().for_each(|x| *x = gelu(*x)),
                Some(Activation::GeluTanh) => row.iter_mut().for_each(|x| *x = gelu_tanh(*x)),
                Some(Activation::Relu) => row.iter_mut().for_each(|x| *x = x.max(0.0)),
                Some(Activation::Silu) => row.iter_mut().for_each(|x| *x /= 1.0 + exp(-*x)),
            }
        });
        Ok(())
    }
}

/// Adds `bias` and the residual to every row of `[rows, bias.len()]`, then normalises the row (Ba et al. 2016).
pub(crate) struct ResidualNorm<'a> {
    pub(crate) bias: &'a [f32],
    pub(crate) weight: &'a [f32],
    pub(crate) shift: &'a [f32],
    pub(crate) epsilon: f32,
}

impl InplaceOp2 for ResidualNorm<'_> {
    fn name(&self) -> &'static str {
        "residual-norm"
    }

    fn cpu_fwd(
        &self,
        storage: &mut CpuStorage,
        layout: &Layout,
        other: &CpuStorage,
        at: &Layout,
    ) -> Result<()> {
        let (xs, residual) = (numbers_mut(storage, layout)?, numbers(other, at)?);
        let size = self.bias.len();
        if residual.len() != xs.len() {
            bail!("a residual of {} numbers for {}", residual.len(), xs.len());
        }
        each_row(xs, size, |at, row| {
            let residual = &residual[at * size..(at + 1) * size];
            row.iter_mut().zip(residual).zip(self.bias).for_each(|((x, r), b)| *x += r + b);
            normalise(row, self.weight, self.shift, self.epsilon);
        });
        Ok(())
    }
}

/// Makes the rows of `[texts, heads * width, width]` sum to one over the text's own `lengths[text]` columns, and zero over
/// its padding.
pub(crate) struct Softmax<'a> {
    pub(crate) width: usize,
    pub(crate) rows_of_text: usize,
    pub(crate) lengths: &'a [usize],
}

impl InplaceOp1 for Softmax<'_> {
    fn name(&self) -> &'static str {
        "softmax"
    }

    fn cpu_fwd(&self, storage: &mut CpuStorage, layout: &Layout) -> Result<()> {
        each_row(numbers_mut(storage, layout)?, self.width, |at, row| {
            let (own, padding) = row.split_at_mut(self.lengths[at / self.rows_of_text]);
            let largest = own.iter().copied().fold(f32::NEG_INFINITY, f32::max);
            own.iter_mut().for_each(|x| *x = exp(*x - largest));
            let total = 1.0 / sum(own, |x| x);
            own.iter_mut().for_each(|x| *x *= total);
            padding.fill(0.0);
        });
        Ok(())
    }
}

/// Brings a row to mean 0 and variance 1, then scales and shifts each number.
pub(crate) fn normalise(row: &mut [f32], weight: &[f32], shift: &[f32], epsilon: f32) {
    let share = 1.0 / row.len() as f32;
    let mean = sum(row, |x| x) * share;
    let variance = sum(row, |x| (x - mean) * (x - mean)) * share;
    let scale = 1.0 / (variance + epsilon).sqrt();
    row.iter_mut().zip(weight).zip(shift).for_each(|((x, w), s)| *x = (*x - mean) * scale * w + s);
}

/// Calls `work` with each row and its number, on as many threads as are worth it.
pub(crate) fn each_row(xs: &mut [f32], size: usize, work: impl Fn(usize, &mut [f32]) + Send + Sync) {
    let rows = xs.par_chunks_mut(size.max(1)).with_min_len((GRAIN / size.max(1)).max(1));
    rows.enumerate().for_each(|(at, row)| work(at, row));
}

/// The sum in eight interleaved parts, which is an order that vector instructions can keep.
fn sum(xs: &[f32], term: impl Fn(f32) -> f32) -> f32 {
    let mut parts = [0.0f32; 8];
    let mut chunks = xs.chunks_exact(8);
    for chunk in &mut chunks {
        parts.iter_mut().zip(chunk).for_each(|(part, &x)| *part += term(x));
    }
    parts.iter().sum::<f32>() + chunks.remainder().iter().map(|&x| term(x)).sum::<f32>()
}

/// e to the x: 2 to a whole number, times a polynomial on the rest (coefficients of Cephes' `expf`). Relative error under
/// 2e-7; what would leave the normal numbers is kept within them.
fn exp(x: f32) -> f32 {
    // Adding this rounds to a whole number and leaves it in the low bits.
    const ROUND: f32 = 12_582_912.0;
    let x = x.clamp(-87.0, 88.0);
    let rounded = x * std::f32::consts::LOG2_E + ROUND;
    let whole = rounded - ROUND;
    let rest = (x - whole * 0.693_359_4) - whole * -2.121_944_4e-4;
    let mut p = 1.987_569_1e-4;
    for coefficient in [1.398_199_9e-3, 8.333_452e-3, 4.166_579_6e-2, 1.666_666_5e-1, 5.0e-1] {
        p = p * rest + coefficient;
    }
    let power = rounded.to_bits().wrapping_sub(ROUND.to_bits()).wrapping_add(127) << 23;
    (p * rest * rest + rest + 1.0) * f32::from_bits(power)
}

/// x times the normal distribution up to x, with the error function of Abramowitz and Stegun 7.1.26 (error 1.5e-7).
fn gelu(x: f32) -> f32 {
    let z = x.abs() * std::f32::consts::FRAC_1_SQRT_2;
    let t = 1.0 / (1.0 + 0.327_591_1 * z);
    let mut p = 1.061_405_4;
    for coefficient in [-1.453_152_1, 1.421_413_8, -0.284_496_72, 0.254_829_6] {
        p = p * t + coefficient;
    }
    let tail = 0.5 * p * t * exp(-z * z);
    x * if x < 0.0 { tail } else { 1.0 - tail }
}

/// The approximation by tanh that some models are trained with.
fn gelu_tanh(x: f32) -> f32 {
    // 0.5 * (1 + tanh(y)) is 1 / (1 + exp(-2 y)).
    let y = 0.797_884_6 * (x + 0.044_715 * x * x * x);
    x / (1.0 + exp(-2.0 * y))
}

fn numbers_mut<'a>(storage: &'a mut CpuStorage, layout: &Layout) -> Result<&'a mut [f32]> {
    match (storage, layout.contiguous_offsets()) {
        (CpuStorage::F32(numbers), Some((from, to))) => Ok(&mut numbers[from..to]),
        _ => bail!("contiguous f32 numbers are needed"),
    }
}

fn numbers<'a>(storage: &'a CpuStorage, layout: &Layout) -> Result<&'a [f32]> {
    match (storage, layout.contiguous_offsets()) {
        (CpuStorage::F32(numbers), Some((from, to))) => Ok(&numbers[from..to]),
        _ => bail!("contiguous f32 numbers are needed"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use candle_core::{Device, Tensor};

    fn range() -> impl Iterator<Item = f32> {
        (-1200..=1200).map(|i| i as f32 / 100.0)
    }

    #[test]
    fn exp_is_close_everywhere() {
        for x in range() {
            let exact = f64::from(x).exp();
            assert!((f64::from(exp(x)) / exact - 1.0).abs() < 3e-7, "{x}");
        }
        assert!(exp(-1e30) < 1e-37 && exp(f32::NEG_INFINITY) < 1e-37 && exp(1e30).is_finite());
    }

    #[test]
    fn activations_are_candles() {
        let xs = Tensor::from_iter(range(), &Device::Cpu).unwrap();
        for (activation, expected) in [
            (Activation::Gelu, xs.gelu_erf().unwrap()),
            (Activation::GeluTanh, xs.gelu().unwrap()),
            (Activation::Relu, xs.relu().unwrap()),
            (Activation::Silu, xs.silu().unwrap()),
        ] {
            let ours = xs.copy().unwrap();
            let bias = vec![0.0; xs.elem_count()];
            ours.inplace_op1(&Bias { bias: &bias, activation: Some(activation) }).unwrap();
            let pairs = ours.to_vec1::<f32>().unwrap().into_iter().zip(expected.to_vec1::<f32>().unwrap());
            for (ours, theirs) in pairs {
                assert!(
                    (ours - theirs).abs() <= 2e-6 * theirs.abs().max(1.0),
                    "{activation:?}: {ours} {theirs}"
                );
            }
        }
    }

    #[test]
    fn softmax_leaves_padding_out() {
        let xs = Tensor::new(
            &[[[1.0f32, 2.0, 9.0], [3.0, 3.0, 9.0]], [[0.0, 0.0, 0.0], [-1e30, 0.0, 1.0]]],
            &Device::Cpu,
        );
        let xs = xs.unwrap();
        xs.inplace_op1(&Softmax { width: 3, rows_of_text: 2, lengths: &[2, 3] }).unwrap();
        let rows = xs.to_vec3::<f32>().unwrap().concat();
        assert!((rows[0][1] / rows[0][0] - std::f32::consts::E).abs() < 1e-5);
        assert_eq!(rows[1], [0.5, 0.5, 0.0]);
        assert!((rows[2][0] - 1.0 / 3.0).abs() < 1e-6 && rows[3][0] < 1e-30);
        assert!(rows.iter().all(|row| (row.iter().sum::<f32>() - 1.0).abs() < 1e-6));
    }

    #[test]
    fn the_norm_is_candles() {
        let data: Vec<f32> = range().take(2 * 50).collect();
        let residual: Vec<f32> = range().skip(900).take(2 * 50).map(|x| x * x).collect();
        let (bias, weight, shift) = (vec![0.5; 50], vec![1.5; 50], vec![-0.25; 50]);
        let tensor = |data: &[f32]| Tensor::from_slice(data, data.len(), &Device::Cpu).unwrap();
        let xs = tensor(&data).reshape((2, 50)).unwrap();
        let residual = tensor(&residual).reshape((2, 50)).unwrap();
        let sums = ((&xs + &residual).unwrap() + 0.5).unwrap();
        let expected = candle_nn::ops::layer_norm(&sums, &tensor(&weight), &tensor(&shift), 1e-5).unwrap();
        let op = ResidualNorm { bias: &bias, weight: &weight, shift: &shift, epsilon: 1e-5 };
        xs.inplace_op2(&residual, &op).unwrap();
        for (ours, theirs) in
            xs.to_vec2::<f32>().unwrap().concat().iter().zip(expected.to_vec2::<f32>().unwrap().concat())
        {
            assert!((ours - theirs).abs() < 2e-5 * theirs.abs().max(1.0), "{ours} {theirs}");
        }
    }
}
