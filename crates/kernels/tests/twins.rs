//! Every kernel against its portable twin, and the twin against the sum as it is written in books.

use berika_kernels::epilogue::{Activated, ActivatedBf16, Plain};
use berika_kernels::{Activation, Cpu, attention, bf16, f32, int8, rows};
use proptest::prelude::*;

/// The processors that this machine can stand in for, the least first.
fn processors() -> Vec<Cpu> {
    let all = Cpu::detected();
    let avx2 = Cpu { avx2: true, ..Cpu::PORTABLE };
    let vnni = Cpu { avx_vnni: true, ..avx2 };
    let avx512 = Cpu { avx512: true, ..avx2 };
    let dots = Cpu { avx512_vnni: true, avx512_bf16: true, ..avx512 };
    let mut processors: Vec<Cpu> =
        [Cpu::PORTABLE, avx2, vnni, avx512, dots, all].map(|cpu| cpu.and(all)).to_vec();
    processors.dedup();
    processors
}

/// Numbers of mixed sizes around zero, from a seed.
fn numbers(count: usize, seed: u64) -> Vec<f32> {
    let mut state = seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1;
    (0..count)
        .map(|_| {
            state ^= state << 13;
            state ^= state >> 7;
            state ^= state << 17;
            let unit = (state >> 40) as f32 / 8_388_608.0 - 1.0;
            unit * if state & 15 == 0 { 8.0 } else { 1.0 }
        })
        .collect()
}

/// Rows in whole blocks; what stands behind the last must not matter.
fn padded<T: Copy>(xs: &[T], rows: usize, width: usize, block: usize, rubbish: T) -> Vec<T> {
    let mut all = xs.to_vec();
    all.resize(rows.next_multiple_of(block) * width, rubbish);
    all
}

fn close(ours: &[f32], theirs: &[f32], tolerance: f32) -> Result<(), TestCaseError> {
    for (at, (x, y)) in ours.iter().zip(theirs).enumerate() {
        prop_assert!((x - y).abs() <= tolerance, "number {at}: {x} for {y}");
    }
    Ok(())
}

fn shapes() -> impl Strategy<Value = (usize, usize, usize, u64)> {
    (1usize..70, 1usize..100, 1usize..200, any::<u64>())
}

/// Attention as it is written in books, in 64 bits.
fn attention_as_written(qkv: &[f32], lengths: &[usize], heads: usize, size: usize) -> Vec<f32> {
    let (tokens, hidden) = (lengths.iter().sum::<usize>(), heads * size);
    let part =
        |token: usize, which: usize, head: usize| &qkv[(token * 3 + which) * hidden + head * size..][..size];
    let mut exact = vec![0.0; tokens * hidden];
    let mut from = 0;
    for &length in lengths {
        for (token, head) in (0..length).flat_map(|token| (0..heads).map(move |head| (token, head))) {
            let dot = |other: usize| {
                let pairs = part(from + token, 0, head).iter().zip(part(from + other, 1, head));
                pairs.map(|(q, k)| f64::from(*q) * f64::from(*k)).sum::<f64>()
            };
            let scores: Vec<f64> = (0..length).map(dot).collect();
            let most = scores.iter().copied().fold(f64::NEG_INFINITY, f64::max);
            let shares: Vec<f64> = scores.iter().map(|score| (score - most).exp()).collect();
            let total: f64 = shares.iter().sum();
            for at in 0..size {
                let mix = shares.iter().enumerate();
                let mix: f64 = mix.map(|(other, s)| s * f64::from(part(from + other, 2, head)[at])).sum();
                exact[(from + token) * hidden + head * size + at] = (mix / total) as f32;
            }
        }
        from += length;
    }
    exact
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    #[test]
    fn f32_products_agree((rows, outputs, inputs, seed) in shapes()) {
        let (xs, ws, bias) = (numbers(rows * inputs, seed), numbers(outputs * inputs, seed ^ 1), numbers(outputs, seed ^ 2));
        let exact: Vec<f32> = (0..rows * outputs)
            .map(|at| {
                let (x, w) = (&xs[at / outputs * inputs..][..inputs], &ws[at % outputs * inputs..][..inputs]);
                let sum: f64 = x.iter().zip(w).map(|(x, w)| f64::from(*x) * f64::from(*w)).sum();
                (sum + f64::from(bias[at % outputs])) as f32
            })
            .collect();
        let weights = f32::Weights::pack(&ws, outputs, inputs);
        let xs = padded(&xs, rows, inputs, f32::ROWS, std::primitive::f32::NAN);
        for cpu in processors() {
            let mut out = vec![0.0; rows * outputs];
            f32::product(cpu, &xs, rows, &weights, &mut Plain { bias: &bias, out: &mut out });
            close(&out, &exact, 1e-6 * inputs as f32 * 16.0)?;
        }
    }

    #[test]
    fn bf16_products_agree((rows, outputs, inputs, seed) in shapes()) {
        let (xs, ws, bias) = (numbers(rows * inputs, seed), numbers(outputs * inputs, seed ^ 1), numbers(outputs, seed ^ 2));
        let rounded = |x: &f32| f64::from(bf16::from_bf16(bf16::to_bf16(*x)));
        let exact: Vec<f32> = (0..rows * outputs)
            .map(|at| {
                let (x, w) = (&xs[at / outputs * inputs..][..inputs], &ws[at % outputs * inputs..][..inputs]);
                (x.iter().zip(w).map(|(x, w)| rounded(x) * rounded(w)).sum::<f64>() + f64::from(bias[at % outputs])) as f32
            })
            .collect();
        let weights = bf16::Weights::pack(&ws, outputs, inputs);
        let width = weights.width();
        let mut short = vec![0u16; rows * width];
        rows::round_to_bf16(Cpu::PORTABLE, &xs, inputs, width, &mut short);
        let short = padded(&short, rows, width, bf16::ROWS, 0x7fc0);
        for cpu in processors() {
            let mut again = vec![0u16; rows * width];
            rows::round_to_bf16(cpu, &xs, inputs, width, &mut again);
            prop_assert_eq!(&again[..], &short[..rows * width]);
            let mut out = vec![0.0; rows * outputs];
            bf16::product(cpu, &short, rows, &weights, &mut Plain { bias: &bias, out: &mut out });
            close(&out, &exact, 1e-6 * inputs as f32 * 16.0)?;
        }
    }

    #[test]
    fn int8_products_are_equal_to_the_bit((rows, outputs, inputs, seed) in shapes()) {
        let (xs, ws, bias) = (numbers(rows * inputs, seed), numbers(outputs * inputs, seed ^ 1), numbers(outputs, seed ^ 2));
        let weights = int8::Weights::pack(&ws, outputs, inputs);
        let width = weights.width();
        let mut expected: Option<(Vec<i8>, Vec<u32>)> = None;
        for cpu in processors() {
            let (mut bytes, mut scales, mut zeros) = (vec![0i8; rows * width], vec![0.0; rows], vec![0; rows]);
            int8::round_rows(cpu, &xs, (inputs, width), &mut bytes, &mut scales, &mut zeros);
            let bytes = padded(&bytes, rows, width, int8::ROWS, 77);
            let mut out = vec![0.0; rows * outputs];
            let xs = int8::Rows { numbers: &bytes, scales: &scales, zeros: &zeros };
            int8::product(cpu, xs, rows, &weights, &mut Plain { bias: &bias, out: &mut out });
            let bits: Vec<u32> = out.iter().map(|x| x.to_bits()).collect();
            match &expected {
                None => expected = Some((bytes, bits)),
                Some((first, sums)) => {
                    prop_assert_eq!(first, &bytes);
                    prop_assert_eq!(sums, &bits);
                }
            }
        }
        // And they are near the product that is not rounded.
        let (_, bits) = expected.unwrap_or_default();
        for (at, bits) in bits.into_iter().enumerate() {
            let (x, w) = (&xs[at / outputs * inputs..][..inputs], &ws[at % outputs * inputs..][..inputs]);
            let sum: f32 = x.iter().zip(w).map(|(x, w)| x * w).sum::<f32>() + bias[at % outputs];
            prop_assert!((f32::from_bits(bits) - sum).abs() < 0.06 * (inputs as f32).sqrt() * 4.0 + 0.6);
        }
    }

    #[test]
    fn attention_agrees_with_the_formula(
        lengths in prop::collection::vec(1usize..40, 1..5), heads in 1usize..4, size in 1usize..70, seed in any::<u64>()
    ) {
        let (tokens, hidden) = (lengths.iter().sum::<usize>(), heads * size);
        let qkv = numbers(tokens * 3 * hidden, seed);
        let exact = attention_as_written(&qkv, &lengths, heads, size);
        let mut scratch = attention::Scratch::default();
        for cpu in processors() {
            let mut out = vec![0.0; tokens * hidden];
            attention::attend(cpu, &qkv, &lengths, attention::Heads { count: heads, size, bf16: false }, 0..tokens, &mut scratch, &mut out);
            close(&out, &exact, 2e-4)?;
            // A part of the queries gets the same answers.
            let some = tokens / 3..tokens - tokens / 4;
            let mut part = vec![0.0; some.len() * hidden];
            attention::attend(cpu, &qkv, &lengths, attention::Heads { count: heads, size, bf16: false }, some.clone(), &mut scratch, &mut part);
            prop_assert_eq!(&part, &out[some.start * hidden..some.end * hidden]);
        }
    }

    #[test]
    fn attention_of_long_texts_agrees_within_what_bfloat16_can_tell(
        long in 100usize..180, short in 1usize..20, heads in 1usize..3, size in 1usize..70, seed in any::<u64>()
    ) {
        let (lengths, hidden) = ([short, long], heads * size);
        let tokens = short + long;
        let mut qkv = numbers(tokens * 3 * hidden, seed);
        qkv.iter_mut().for_each(|x| *x /= 8.0);
        let exact = attention_as_written(&qkv, &lengths, heads, size);
        let mut scratch = attention::Scratch::default();
        let heads = attention::Heads { count: heads, size, bf16: true };
        for cpu in processors() {
            let mut out = vec![0.0; tokens * hidden];
            attention::attend(cpu, &qkv, &lengths, heads, 0..tokens, &mut scratch, &mut out);
            close(&out, &exact, 4e-3)?;
            // Short texts are as they are without it, and a part of the queries gets the same answers.
            let mut exactly = vec![0.0; tokens * hidden];
            let f32 = attention::Heads { bf16: false, ..heads };
            attention::attend(cpu, &qkv, &lengths, f32, 0..tokens, &mut scratch, &mut exactly);
            prop_assert_eq!(&out[..short * hidden], &exactly[..short * hidden]);
            prop_assert!(long < 112 || out[short * hidden..] != exactly[short * hidden..]);
            let some = tokens / 3..tokens - 5;
            let mut part = vec![0.0; some.len() * hidden];
            attention::attend(cpu, &qkv, &lengths, heads, some.clone(), &mut scratch, &mut part);
            prop_assert_eq!(&part, &out[some.start * hidden..some.end * hidden]);
        }
    }

    #[test]
    fn rows_are_normalised(rows in 1usize..6, size in 1usize..70, seed in any::<u64>()) {
        let (xs, others) = (numbers(rows * size, seed), numbers(rows * size, seed ^ 1));
        let (weight, shift) = (numbers(size, seed ^ 2), numbers(size, seed ^ 3));
        let exact: Vec<f32> = (0..rows)
            .flat_map(|row| {
                let sums: Vec<f64> =
                    (0..size).map(|at| f64::from(xs[row * size + at]) + f64::from(others[row * size + at])).collect();
                let mean = sums.iter().sum::<f64>() / size as f64;
                let variance = sums.iter().map(|x| (x - mean) * (x - mean)).sum::<f64>() / size as f64;
                let scale = 1.0 / (variance + 1e-3).sqrt();
                let (weight, shift) = (&weight, &shift);
                let scaled = sums.into_iter().enumerate();
                let scaled = scaled.map(move |(at, x)| {
                    ((x - mean) * scale * f64::from(weight[at]) + f64::from(shift[at])) as f32
                });
                scaled.collect::<Vec<_>>()
            })
            .collect();
        for cpu in processors() {
            let mut out = xs.clone();
            let norm = rows::Norm { weight: &weight, shift: &shift, epsilon: 1e-3 };
            rows::add_and_normalise(cpu, &mut out, &others, norm);
            close(&out, &exact, 2e-4)?;
        }
    }
}

#[test]
fn activations_are_close_everywhere() {
    let xs: Vec<f32> = (-1200..=1200).map(|i| i as f32 / 100.0).collect();
    let logistic = |x: f64| 1.0 / (1.0 + (-x).exp());
    let normal = |x: f64| {
        // Simpson's rule from far below.
        let (from, steps) = (-14.0, 4000);
        let width = (x - from) / f64::from(steps);
        let density = |t: f64| (-t * t / 2.0).exp();
        let inner: f64 = (1..steps)
            .map(|i| density(from + f64::from(i) * width) * if i % 2 == 1 { 4.0 } else { 2.0 })
            .sum();
        (density(from) + inner + density(x)) * width / 3.0 / (2.0 * std::f64::consts::PI).sqrt()
    };
    let exact: [(Activation, &dyn Fn(f64) -> f64); 4] = [
        (Activation::Gelu, &|x| x * normal(x)),
        (Activation::GeluTanh, &|x| x * logistic(2.0 * 0.797_884_560_8 * (x + 0.044_715 * x * x * x))),
        (Activation::Relu, &|x| x.max(0.0)),
        (Activation::Silu, &|x| x * logistic(x)),
    ];
    // A product with one is the number itself.
    let one = f32::Weights::pack(&[1.0], 1, 1);
    let room = padded(&xs, xs.len(), 1, f32::ROWS, 0.0);
    let short: Vec<u16> = xs.iter().flat_map(|x| [bf16::to_bf16(*x)].into_iter().chain([0; 31])).collect();
    let short = padded(&short, xs.len(), bf16::INPUTS, bf16::ROWS, 0);
    let one_bf16 = bf16::Weights::pack(&[1.0], 1, 1);
    for (activation, exact) in exact {
        for cpu in processors() {
            let mut out = vec![0.0; xs.len()];
            f32::product(
                cpu,
                &room,
                xs.len(),
                &one,
                &mut Activated { bias: &[0.0], activation, out: &mut out },
            );
            for (x, y) in xs.iter().zip(&out) {
                let exact = exact(f64::from(*x));
                assert!(
                    (f64::from(*y) - exact).abs() < 2e-6 * exact.abs().max(1.0),
                    "{activation:?} of {x}: {y}, {exact}"
                );
            }
            let mut out = vec![0; xs.len()];
            let mut to_bf16 = ActivatedBf16 { bias: &[0.0], activation, width: 1, out: &mut out };
            bf16::product(cpu, &short, xs.len(), &one_bf16, &mut to_bf16);
            for (x, y) in xs.iter().zip(&out) {
                let exact = exact(f64::from(bf16::from_bf16(bf16::to_bf16(*x))));
                let y = f64::from(bf16::from_bf16(*y));
                assert!(
                    (y - exact).abs() < 1.5e-4 + exact.abs() / 256.0,
                    "{activation:?} of {x}: {y}, {exact}"
                );
            }
        }
    }
}

#[test]
fn bf16_rounds_ties_to_even_and_keeps_what_is_no_number() {
    for (bits, rounded) in [
        (0x3f80_0000, 0x3f80),
        (0x3f80_8000, 0x3f80),
        (0x3f81_8000, 0x3f82),
        (0x3f80_8001, 0x3f81),
        (0xff80_0000, 0xff80),
        (0x7f80_0001, 0x7fc0),
    ] {
        let x = std::primitive::f32::from_bits(bits);
        assert_eq!(bf16::to_bf16(x), rounded, "{bits:x}");
        for cpu in processors() {
            let mut out = [0];
            rows::round_to_bf16(cpu, &[x], 1, 1, &mut out);
            assert_eq!(out, [rounded], "{bits:x} on {cpu:?}");
        }
    }
}

#[test]
fn a_row_of_zeros_stays_one_in_8_bits() {
    let weights = int8::Weights::pack(&[0.0; 40], 2, 20);
    for cpu in processors() {
        let (mut bytes, mut scales, mut zeros) = (vec![9i8; 32 * weights.width()], [9.0], [9]);
        int8::round_rows(cpu, &[0.0; 20], (20, weights.width()), &mut bytes, &mut scales, &mut zeros);
        assert!(bytes[..20] == [0; 20] && scales == [0.0] && zeros == [0]);
        let mut out = [9.0; 2];
        let xs = int8::Rows { numbers: &bytes, scales: &scales, zeros: &zeros };
        int8::product(cpu, xs, 1, &weights, &mut Plain { bias: &[0.5, -0.5], out: &mut out });
        assert_eq!(out, [0.5, -0.5]);
    }
}

#[test]
fn activations_of_8_bits_take_all_integers_from_the_least_number_to_the_largest() {
    // The least and the largest number, and what becomes of them. Where both lie between two integers, the largest is held back.
    for (least, most, rounded) in [
        (-0.17, 4.0, (-128, 127)),
        (-3.0, 0.2, (-128, 127)),
        (0.5, 2.0, (-128 + 64, 127)),
        (-2.0, -0.5, (-128, 127 - 64)),
        (-1.5, 253.5, (-128, 127)),
        (-2.5, 252.5, (-128, 126)),
        (-1.7e38, 3.4e38, (-128, 127)),
        (-3.4e38, 3.4e38, (-128, 127)),
        (-1e-30, 1e-36, (-128, 127)),
    ] {
        let between = numbers(75, 3).into_iter().map(|x| least * (0.5 - x / 16.0) + most * (0.5 + x / 16.0));
        let xs: Vec<f32> = [most, least].into_iter().chain(between).collect();
        for cpu in processors() {
            let (mut bytes, mut scales, mut zeros) = (vec![0; xs.len()], [0.0], [9]);
            int8::round_rows(cpu, &xs, (xs.len(), xs.len()), &mut bytes, &mut scales, &mut zeros);
            assert_eq!((bytes[1], bytes[0]), rounded, "{least} to {most} on {cpu:?}");
            for (x, byte) in xs.iter().zip(&bytes) {
                let off = f64::from(i32::from(*byte) - zeros[0]) - f64::from(*x) / f64::from(scales[0]);
                assert!(off.abs() < 0.5001, "{x} of {least} to {most} is {byte} on {cpu:?}");
            }
        }
    }
}
