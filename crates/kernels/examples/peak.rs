//! What this machine's kernels reach on one thread, in GFLOP/s (two operations a multiplication and addition), in the shapes of
//! MiniLM's layers: `cargo run --release -p berika-kernels --example peak`.
//!
//! Each figure is the best of many runs, so other work on the machine matters little; the numbers are in the cache.
#![expect(clippy::print_stdout, reason = "it prints a table")]

use berika_kernels::epilogue::{ActivatedBf16, Plain};
use berika_kernels::{Activation, Cpu, attention, bf16, f32, int8, rows};
use std::time::{Duration, Instant};

fn main() {
    let all = Cpu::detected();
    println!("{all:?}\n");
    let avx2 = Cpu { avx2: true, ..Cpu::PORTABLE };
    let avx_vnni = Cpu { avx_vnni: true, ..avx2 };
    let no_tiles = Cpu { amx_bf16: false, amx_int8: false, ..all };
    let mut kernels = vec![
        ("best", all),
        ("without tiles", no_tiles),
        ("AVX-VNNI", avx_vnni.and(all)),
        ("AVX2", avx2.and(all)),
        ("portable", Cpu::PORTABLE),
    ];
    kernels.dedup_by_key(|(_, cpu)| *cpu);
    println!("{:32}{:>8}{:>8}{:>8}{:>8}", "rows x inputs -> outputs", "f32", "bf16", "int8", "gelu");
    for rows in [32, 512] {
        for (inputs, outputs) in [(384, 1152), (384, 384), (384, 1536), (1536, 384)] {
            for &(name, cpu) in &kernels {
                let shape = Shape { rows, inputs, outputs };
                let [f32, bf16, int8, gelu] = products(cpu, &shape);
                let title = format!("{rows} x {inputs} -> {outputs}, {name}");
                println!("{title:32}{f32:8.0}{bf16:8.0}{int8:8.0}{gelu:8.0}");
            }
        }
    }

    println!("\n{:32}{:>12}{:>12}{:>12}", "between products", "attention", "norm", "round");
    for (texts, length) in [(15, 17), (2, 128), (1, 256)] {
        for &(name, cpu) in &kernels {
            let [attention, norm, round] = between(cpu, texts, length);
            let title = format!("{texts} x {length} tokens, {name}");
            println!("{title:32}{attention:12.1}{norm:12.1}{round:12.1}");
        }
    }
}

struct Shape {
    rows: usize,
    inputs: usize,
    outputs: usize,
}

/// f32, bf16 and int8 with the bias only, and the fastest of them with GELU: bf16, rounded for the next product.
fn products(cpu: Cpu, shape: &Shape) -> [f64; 4] {
    let Shape { rows: count, inputs, outputs } = *shape;
    let operations = 2 * count * inputs * outputs;
    let (xs, weight) = (numbers(count * inputs), numbers(inputs * outputs));
    let (bias, mut out) = (numbers(outputs), vec![0.0; count * outputs]);

    let weights = f32::Weights::pack(&weight, outputs, inputs);
    let f32 = speed(operations, || {
        f32::product(cpu, &xs, count, &weights, &mut Plain { bias: &bias, out: &mut out });
    });

    let weights = bf16::Weights::pack(&weight, outputs, inputs);
    let mut short = vec![0; count * weights.width()];
    rows::round_to_bf16(cpu, &xs, inputs, weights.width(), &mut short);
    let bf16 = speed(operations, || {
        bf16::product(cpu, &short, count, &weights, &mut Plain { bias: &bias, out: &mut out });
    });
    let mut short_out = vec![0; count * outputs];
    let gelu = speed(operations, || {
        let (activation, out) = (Activation::Gelu, &mut short_out[..]);
        let mut epilogue = ActivatedBf16 { bias: &bias, activation, width: outputs, out };
        bf16::product(cpu, &short, count, &weights, &mut epilogue);
    });

    let weights = int8::Weights::pack(&weight, outputs, inputs);
    let mut bytes = vec![0; count * weights.width()];
    let (mut scales, mut zeros) = (vec![0.0; count], vec![0; count]);
    int8::round_rows(cpu, &xs, (inputs, weights.width()), &mut bytes, &mut scales, &mut zeros);
    let int8 = speed(operations, || {
        let xs = int8::Rows { numbers: &bytes, scales: &scales, zeros: &zeros };
        int8::product(cpu, xs, count, &weights, &mut Plain { bias: &bias, out: &mut out });
    });
    [f32, bf16, int8, gelu]
}

/// Attention with 12 heads of 32 (products only are counted), normalisation and rounding of rows of 384 (a number is counted as
/// one operation).
fn between(cpu: Cpu, texts: usize, length: usize) -> [f64; 3] {
    const HIDDEN: usize = 384;
    let tokens = texts * length;
    let (qkv, lengths) = (numbers(tokens * 3 * HIDDEN), vec![length; texts]);
    let (mut out, mut scratch) = (vec![0.0; tokens * HIDDEN], attention::Scratch::default());
    let attention = speed(4 * tokens * length * HIDDEN, || {
        attention::attend(
            cpu,
            &qkv,
            &lengths,
            attention::Heads { count: 12, size: 32, bf16: false },
            0..tokens,
            &mut scratch,
            &mut out,
        );
    });
    let (mut xs, others) = (numbers(tokens * HIDDEN), numbers(tokens * HIDDEN));
    let (weight, shift) = (numbers(HIDDEN), numbers(HIDDEN));
    let norm = speed(tokens * HIDDEN, || {
        let norm = rows::Norm { weight: &weight, shift: &shift, epsilon: 1e-6 };
        rows::add_and_normalise(cpu, &mut xs, &others, norm);
    });
    let mut short = vec![0; tokens * HIDDEN];
    let round = speed(tokens * HIDDEN, || rows::round_to_bf16(cpu, &others, HIDDEN, HIDDEN, &mut short));
    [attention, norm, round]
}

/// Numbers between -0.5 and 0.5 that look like none in particular.
fn numbers(count: usize) -> Vec<std::primitive::f32> {
    (0..count).map(|at| (at * 7919 % 1009) as std::primitive::f32 / 1009.0 - 0.5).collect()
}

/// Billions of operations a second in the best of many runs.
fn speed(operations: usize, mut work: impl FnMut()) -> f64 {
    let started = Instant::now();
    let mut best = Duration::MAX;
    while started.elapsed() < Duration::from_millis(60) {
        let from = Instant::now();
        work();
        best = best.min(from.elapsed());
    }
    operations as f64 / best.as_secs_f64() / 1e9
}
