//! What this machine reaches with nothing but the model's matrix products: the bound that the encoder is compared with.

use std::time::{Duration, Instant};

use berika_embed::{Cpu, Precision, Shape};
use berika_kernels::aligned::Aligned;
use berika_kernels::epilogue::Plain;
use berika_kernels::{bf16, f32, int8};
use serde::Serialize;

/// How long a product is repeated, and how often that is done: the best counts.
const ROUND: Duration = Duration::from_millis(250);
const ROUNDS: usize = 3;

/// The peak, and how it was found.
#[derive(Debug, Serialize)]
pub(super) struct Peak {
    /// Billions of operations a second of the best shape, all threads together; a multiplication and an addition are two.
    pub(super) gflops: f64,
    /// Rows that went into each product: those of a full pass.
    pub(super) rows: usize,
    /// One for each of a layer's products.
    pub(super) shapes: Vec<OfShape>,
}

/// One product's speed.
#[derive(Debug, Serialize)]
pub(super) struct OfShape {
    pub(super) inputs: usize,
    pub(super) outputs: usize,
    pub(super) gflops: f64,
}

/// Measures each product of a layer by itself, on all threads of the pool at once. Threads share the weights, as in the
/// encoder, and have rows of their own. `None` for a precision that
/// is not computed on the processor.
pub(super) fn measure(
    pool: &rayon::ThreadPool,
    shape: Shape,
    precision: Precision,
    cpu: Cpu,
    rows: usize,
) -> Option<Peak> {
    // Blocks of 32 rows are the largest that a kernel asks for.
    let rows = rows.next_multiple_of(32);
    let shapes: Option<Vec<OfShape>> = shape
        .products()
        .into_iter()
        .map(|(inputs, outputs)| {
            let product = Product::new(precision, cpu, rows, inputs, outputs)?;
            let rounds = (0..ROUNDS).map(|_| pool.broadcast(|_| product.gflops()).iter().sum());
            Some(OfShape { inputs, outputs, gflops: rounds.fold(0.0, f64::max) })
        })
        .collect();
    let shapes = shapes?;
    let gflops = shapes.iter().map(|shape| shape.gflops).fold(0.0, f64::max);
    Some(Peak { gflops, rows, shapes })
}

struct Product {
    cpu: Cpu,
    rows: usize,
    inputs: usize,
    bias: Vec<f32>,
    weights: Weights,
}

enum Weights {
    F32(f32::Weights),
    Bf16(bf16::Weights),
    Int8(int8::Weights),
}

impl Product {
    fn new(precision: Precision, cpu: Cpu, rows: usize, inputs: usize, outputs: usize) -> Option<Self> {
        let numbers = numbers(outputs * inputs, 7919);
        let weights = match precision {
            Precision::F32 => Weights::F32(f32::Weights::pack(&numbers, outputs, inputs)),
            Precision::Bf16 => Weights::Bf16(bf16::Weights::pack(&numbers, outputs, inputs)),
            Precision::Int8 => Weights::Int8(int8::Weights::pack(&numbers, outputs, inputs)),
            #[cfg(feature = "cuda")]
            Precision::F16 => return None,
        };
        Some(Self { cpu, rows, inputs, bias: vec![0.1; outputs], weights })
    }

    /// The speed of one thread over one round.
    fn gflops(&self) -> f64 {
        let Self { cpu, rows, inputs, .. } = *self;
        let xs = numbers(rows * inputs, 104_729);
        let mut out = vec![0.0; rows * self.bias.len()];
        let mut plain = Plain { bias: &self.bias, out: &mut out };
        match &self.weights {
            Weights::F32(weights) => self.repeat(|| f32::product(cpu, &xs, rows, weights, &mut plain)),
            Weights::Bf16(weights) => {
                let mut rounded = Aligned::<u16>::zeroed(rows * weights.width());
                berika_kernels::rows::round_to_bf16(cpu, &xs, inputs, weights.width(), &mut rounded);
                self.repeat(|| bf16::product(cpu, &rounded, rows, weights, &mut plain))
            }
            Weights::Int8(weights) => {
                let mut rounded = Aligned::<i8>::zeroed(rows * weights.width());
                let (mut scales, mut zeros) = (vec![0.0; rows], vec![0; rows]);
                let shape = (inputs, weights.width());
                int8::round_rows(cpu, &xs, shape, &mut rounded, &mut scales, &mut zeros);
                let xs = int8::Rows { numbers: &rounded, scales: &scales, zeros: &zeros };
                self.repeat(|| int8::product(cpu, xs, rows, weights, &mut plain))
            }
        }
    }

    fn repeat(&self, mut product: impl FnMut()) -> f64 {
        product();
        let began = Instant::now();
        let mut times = 0;
        while began.elapsed() < ROUND {
            product();
            times += 1;
        }
        let operations = 2 * times * self.rows * self.inputs * self.bias.len();
        operations as f64 / began.elapsed().as_secs_f64() / 1e9
    }
}

/// Numbers between -0.5 and 0.5, none of them far below the normal ones.
fn numbers(count: usize, step: usize) -> Vec<f32> {
    (0..count).map(|at| (at * step % 101) as f32 / 101.0 - 0.5).collect()
}
