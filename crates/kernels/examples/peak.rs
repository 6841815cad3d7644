//! peak
#![allow(clippy::print_stdout)]
use berika_kernels::epilogue::*;
use berika_kernels::{Activation, Cpu, aligned::Aligned, bf16, f32 as f, int8};
fn numbers(n: usize, m: usize) -> Vec<f32> {
    (0..n).map(|i| ((i * m) % 101) as f32 / 101.0 - 0.5).collect()
}
fn time(name: &str, flops: f64, mut f: impl FnMut()) {
    f();
    let reps = (4e9 / flops).max(3.0) as usize;
    let t = std::time::Instant::now();
    for _ in 0..reps {
        f();
    }
    print!("  {name} {:.0}", flops * reps as f64 / t.elapsed().as_secs_f64() / 1e9);
}
fn main() {
    let d = Cpu::detected();
    println!("{d:?}");
    let no_amx = Cpu { amx_bf16: false, amx_int8: false, ..d };
    let avx2 = Cpu { avx2: true, ..Cpu::PORTABLE };
    let vnni = Cpu { avx_vnni: true, avx2: true, ..Cpu::PORTABLE };
    for m in [32usize, 256, 512] {
        for (n, k) in [(1152usize, 384usize), (384, 384), (1536, 384), (384, 1536)] {
            let w = numbers(n * k, 7919);
            let x = numbers(m * k, 104729);
            let bias = vec![0.1; n];
            let fl = 2.0 * (m * n * k) as f64;
            let mut out = vec![0.0; m * n];
            print!("m {m} n {n} k {k}:");
            let weights = f::Weights::pack(&w, n, k);
            for (name, cpu) in [("f32-512", d), ("f32-avx2", avx2)] {
                time(name, fl, || {
                    f::product(cpu, &x, m, &weights, &mut Plain { bias: &bias, out: &mut out });
                });
            }
            let weights = bf16::Weights::pack(&w, n, k);
            let mut xs = Aligned::<u16>::zeroed(m * k);
            xs.iter_mut().zip(&x).for_each(|(o, x)| *o = bf16::to_bf16(*x));
            for (name, cpu) in [("bf16-amx", d), ("bf16-512", no_amx)] {
                time(name, fl, || {
                    bf16::product(cpu, &xs, m, &weights, &mut Plain { bias: &bias, out: &mut out });
                });
            }
            let mut o16 = vec![0u16; m * n];
            time("amx+gelu", fl, || {
                bf16::product(
                    d,
                    &xs,
                    m,
                    &weights,
                    &mut ActivatedBf16 { bias: &bias, activation: Activation::Gelu, width: n, out: &mut o16 },
                );
            });
            let weights = int8::Weights::pack(&w, n, k);
            let mut xs = Aligned::<i8>::zeroed(m * k);
            let mut scales = vec![0.0; m];
            int8::round_rows(d, &x, k, k, &mut xs, &mut scales);
            for (name, cpu) in [("i8-amx", d), ("i8-512", no_amx), ("i8-256", vnni), ("i8-avx2", avx2)] {
                time(name, fl, || {
                    int8::product(
                        cpu,
                        int8::Rows { numbers: &xs, scales: &scales },
                        m,
                        &weights,
                        &mut Plain { bias: &bias, out: &mut out },
                    );
                });
            }
            println!();
        }
    }

    for (texts, length) in [(15, 17), (1, 256), (2, 128)] {
        let t = texts * length;
        let qkv = numbers(t * 1152, 7919);
        let mut out = vec![0.0; t * 384];
        let mut scratch = berika_kernels::attention::Scratch::default();
        let lengths = vec![length; texts];
        print!("{texts} x {length}:");
        time("attention", (4 * texts * length * length * 384) as f64, || {
            berika_kernels::attention::attend(d, &qkv, &lengths, (12, 32), &mut scratch, &mut out);
        });
        let other = out.clone();
        let (w, s) = (vec![1.0; 384], vec![0.0; 384]);
        time("norm", (10 * t * 384) as f64, || {
            berika_kernels::rows::add_and_normalise(
                d,
                &mut out,
                &other,
                berika_kernels::rows::Norm { weight: &w, shift: &s, epsilon: 1e-6 },
            );
        });
        let mut o = vec![0u16; t * 384];
        time("round", (10 * t * 384) as f64, || {
            berika_kernels::rows::round_to_bf16(d, &out, 384, 384, &mut o);
        });
        println!();
    }
}
