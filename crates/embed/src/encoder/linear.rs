//! A linear layer in one of the precisions.

use berika_kernels::epilogue::{Activated, ActivatedBf16, Plain};
use berika_kernels::{self as kernels, Activation, Cpu, rows};

use super::scratch::fit;
use crate::error::LoadError;
use crate::precision::Precision;
use crate::weights::Weights;

/// Weights, packed, and bias.
pub(super) struct Linear {
    weights: Packed,
    bias: Vec<f32>,
}

enum Packed {
    F32(kernels::f32::Weights),
    Bf16(kernels::bf16::Weights),
    Int8(kernels::int8::Weights),
}

/// Rows on their way from one product to the next: as f32, or rounded already where the product could do that itself.
#[derive(Default)]
pub(super) struct Rows {
    f32: Vec<f32>,
    bf16: Vec<u16>,
}

/// Room for what goes into a product, in the product's own numbers.
#[derive(Default)]
pub(super) struct Rounded {
    bf16: Vec<u16>,
    int8: Vec<i8>,
    scales: Vec<f32>,
    zeros: Vec<i32>,
}

impl Linear {
    /// Loads `name.weight`, `[outputs, inputs]`, and `name.bias`.
    pub(super) fn load(
        weights: &Weights<'_>,
        name: &str,
        (inputs, outputs): (usize, usize),
        precision: Precision,
    ) -> Result<Self, LoadError> {
        let weight = weights.numbers(&format!("{name}.weight"), &[outputs, inputs])?;
        let bias = weights.numbers(&format!("{name}.bias"), &[outputs])?;
        Ok(Self::pack(&weight, bias, inputs, precision))
    }

    /// Takes over `weight`, `[bias.len(), inputs]`.
    pub(super) fn pack(weight: &[f32], bias: Vec<f32>, inputs: usize, precision: Precision) -> Self {
        let outputs = bias.len();
        let weights = match precision {
            Precision::F32 => Packed::F32(kernels::f32::Weights::pack(weight, outputs, inputs)),
            Precision::Bf16 => Packed::Bf16(kernels::bf16::Weights::pack(weight, outputs, inputs)),
            Precision::Int8 => Packed::Int8(kernels::int8::Weights::pack(weight, outputs, inputs)),
            #[cfg(feature = "cuda")]
            Precision::F16 => unreachable!("f16 is computed by the tensor program"),
        };
        Self { weights, bias }
    }

    /// Numbers of a row that comes out.
    pub(super) fn outputs(&self) -> usize {
        self.bias.len()
    }

    /// The product of `count` rows with the bias. `xs` and `out` have room for whole blocks.
    pub(super) fn forward(&self, cpu: Cpu, xs: &[f32], count: usize, rounded: &mut Rounded, out: &mut [f32]) {
        let mut plain = Plain { bias: &self.bias, out };
        match &self.weights {
            Packed::F32(weights) => kernels::f32::product(cpu, xs, count, weights, &mut plain),
            Packed::Bf16(weights) => {
                let xs = rounded.bf16_rows(cpu, xs, count, weights);
                kernels::bf16::product(cpu, xs, count, weights, &mut plain);
            }
            Packed::Int8(weights) => {
                let xs = rounded.int8_rows(cpu, xs, count, weights);
                kernels::int8::product(cpu, xs, count, weights, &mut plain);
            }
        }
    }

    /// The product of `count` rows with the bias and the activation, for [`Self::forward_rows`] of the next layer.
    pub(super) fn forward_activated(
        &self,
        cpu: Cpu,
        xs: &[f32],
        count: usize,
        activation: Activation,
        rounded: &mut Rounded,
        out: &mut Rows,
    ) {
        let bias = &self.bias;
        match &self.weights {
            Packed::F32(weights) => {
                fit(&mut out.f32, count, bias.len());
                let mut activated = Activated { bias, activation, out: &mut out.f32 };
                kernels::f32::product(cpu, xs, count, weights, &mut activated);
            }
            Packed::Bf16(weights) => {
                let width = bias.len().next_multiple_of(kernels::bf16::INPUTS);
                fit(&mut out.bf16, count, width);
                let xs = rounded.bf16_rows(cpu, xs, count, weights);
                let mut activated = ActivatedBf16 { bias, activation, width, out: &mut out.bf16 };
                kernels::bf16::product(cpu, xs, count, weights, &mut activated);
            }
            Packed::Int8(weights) => {
                fit(&mut out.f32, count, bias.len());
                let xs = rounded.int8_rows(cpu, xs, count, weights);
                let mut activated = Activated { bias, activation, out: &mut out.f32 };
                kernels::int8::product(cpu, xs, count, weights, &mut activated);
            }
        }
    }

    /// As [`Self::forward`] for rows that [`Self::forward_activated`] of the same precision left.
    pub(super) fn forward_rows(
        &self,
        cpu: Cpu,
        xs: &Rows,
        count: usize,
        rounded: &mut Rounded,
        out: &mut [f32],
    ) {
        match &self.weights {
            Packed::Bf16(weights) => {
                let mut plain = Plain { bias: &self.bias, out };
                kernels::bf16::product(cpu, &xs.bf16, count, weights, &mut plain);
            }
            Packed::F32(_) | Packed::Int8(_) => self.forward(cpu, &xs.f32, count, rounded, out),
        }
    }
}

impl Rounded {
    fn bf16_rows(&mut self, cpu: Cpu, xs: &[f32], count: usize, weights: &kernels::bf16::Weights) -> &[u16] {
        fit(&mut self.bf16, count, weights.width());
        rows::round_to_bf16(
            cpu,
            &xs[..count * weights.inputs()],
            weights.inputs(),
            weights.width(),
            &mut self.bf16,
        );
        &self.bf16
    }

    fn int8_rows(
        &mut self,
        cpu: Cpu,
        xs: &[f32],
        count: usize,
        weights: &kernels::int8::Weights,
    ) -> kernels::int8::Rows<'_> {
        fit(&mut self.int8, count, weights.width());
        fit(&mut self.scales, count, 1);
        fit(&mut self.zeros, count, 1);
        let (inputs, width) = (weights.inputs(), weights.width());
        kernels::int8::round_rows(
            cpu,
            &xs[..count * inputs],
            (inputs, width),
            &mut self.int8,
            &mut self.scales,
            &mut self.zeros,
        );
        kernels::int8::Rows { numbers: &self.int8, scales: &self.scales, zeros: &self.zeros }
    }
}
