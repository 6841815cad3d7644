//! Shapes at the edges of blocks, and numbers at the edges of their range: every kernel as its portable twin.

use berika_kernels::epilogue::{Activated, ActivatedBf16, Plain};
use berika_kernels::{Activation, Cpu, attention, bf16, f32, int8, rows};
use std::primitive::f32 as number;

/// The processors that this machine can stand in for, without the portable one.
fn processors() -> Vec<Cpu> {
    let all = Cpu::detected();
    let avx2 = Cpu { avx2: true, ..Cpu::PORTABLE };
    let dots = Cpu { amx_bf16: false, amx_int8: false, ..all };
    let mut processors: Vec<Cpu> =
        [avx2, Cpu { avx_vnni: true, ..avx2 }, dots, all].map(|cpu| cpu.and(all)).to_vec();
    processors.retain(|cpu| *cpu != Cpu::PORTABLE);
    processors.dedup();
    processors
}

/// Numbers from -1 to 1 that look like none in particular.
fn numbers(count: usize, seed: usize) -> Vec<number> {
    (0..count).map(|at| ((at + seed) * 7919 % 2003) as number / 1001.0 - 1.0).collect()
}

/// Rows in whole blocks, with rubbish behind the last.
fn padded<T: Copy>(xs: &[T], rows: usize, width: usize, block: usize, rubbish: T) -> Vec<T> {
    let mut all = xs.to_vec();
    all.resize(rows.next_multiple_of(block) * width, rubbish);
    all
}

/// A matrix `[outputs, inputs]` and rows that go in.
struct Case {
    rows: usize,
    inputs: usize,
    outputs: usize,
    xs: Vec<number>,
    weight: Vec<number>,
}

impl Case {
    fn new(rows: usize, inputs: usize, outputs: usize) -> Self {
        let (xs, weight) = (numbers(rows * inputs, 17), numbers(outputs * inputs, 0));
        Self { rows, inputs, outputs, xs, weight }
    }

    fn f32(&self, cpu: Cpu) -> Vec<number> {
        let weights = f32::Weights::pack(&self.weight, self.outputs, self.inputs);
        let xs = padded(&self.xs, self.rows, self.inputs, f32::ROWS, number::NAN);
        let (bias, mut out) = (vec![0.0; self.outputs], vec![9.0; self.rows * self.outputs]);
        f32::product(cpu, &xs, self.rows, &weights, &mut Plain { bias: &bias, out: &mut out });
        out
    }

    fn bf16(&self, cpu: Cpu) -> Vec<number> {
        const NAN: u16 = 0x7fc0;
        let weights = bf16::Weights::pack(&self.weight, self.outputs, self.inputs);
        let mut xs = padded(&[], self.rows, weights.width(), bf16::ROWS, NAN);
        rows::round_to_bf16(cpu, &self.xs, self.inputs, weights.width(), &mut xs);
        let (bias, mut out) = (vec![0.0; self.outputs], vec![9.0; self.rows * self.outputs]);
        bf16::product(cpu, &xs, self.rows, &weights, &mut Plain { bias: &bias, out: &mut out });
        out
    }

    fn int8(&self, cpu: Cpu) -> Vec<number> {
        let weights = int8::Weights::pack(&self.weight, self.outputs, self.inputs);
        let mut bytes = padded(&[], self.rows, weights.width(), int8::ROWS, -77);
        let (mut scales, mut zeros) = (vec![9.0; self.rows], vec![9; self.rows]);
        let shape = (self.inputs, weights.width());
        int8::round_rows(cpu, &self.xs, shape, &mut bytes, &mut scales, &mut zeros);
        let xs = int8::Rows { numbers: &bytes, scales: &scales, zeros: &zeros };
        let (bias, mut out) = (vec![0.0; self.outputs], vec![9.0; self.rows * self.outputs]);
        int8::product(cpu, xs, self.rows, &weights, &mut Plain { bias: &bias, out: &mut out });
        out
    }

    /// The tolerance that the modules promise between a kernel and its twin, for each output.
    fn tolerances(&self) -> Vec<number> {
        let sizes = (0..self.rows * self.outputs).map(|at| {
            let (row, column) = (at / self.outputs, at % self.outputs);
            let (x, w) = (&self.xs[row * self.inputs..], &self.weight[column * self.inputs..]);
            x.iter().zip(&w[..self.inputs]).map(|(x, w)| (x * w).abs()).sum::<number>()
        });
        // Rounded to bfloat16 the terms may be larger by a hundredth.
        let share = 1.01 * self.inputs as number / 8_388_608.0;
        sizes.map(|size| share * size + number::MIN_POSITIVE).collect()
    }
}

fn bits(xs: &[number]) -> Vec<u32> {
    // There are many bit patterns that are no number, and none is promised.
    xs.iter().map(|x| if x.is_nan() { 0x7fc0_0000 } else { x.to_bits() }).collect()
}

fn assert_close(ours: &[number], twin: &[number], tolerances: &[number], what: &str) {
    assert_eq!(ours.len(), twin.len());
    for (at, ((x, y), tolerance)) in ours.iter().zip(twin).zip(tolerances).enumerate() {
        assert!((x - y).abs() <= *tolerance, "{what}, number {at}: {x} for {y}");
    }
}

#[test]
fn shapes_at_the_edges_of_blocks_agree_with_the_twins() {
    for rows in [0, 1, 2, 4, 5, 7, 8, 9, 15, 16, 17, 31, 32, 33, 65] {
        for inputs in [1, 2, 3, 4, 5, 31, 32, 33, 63, 64, 65, 129] {
            for outputs in [1, 15, 16, 17, 31, 32, 33, 64, 65] {
                let case = Case::new(rows, inputs, outputs);
                let tolerances = case.tolerances();
                let (f32, bf16, int8) =
                    (case.f32(Cpu::PORTABLE), case.bf16(Cpu::PORTABLE), case.int8(Cpu::PORTABLE));
                for cpu in processors() {
                    let what = format!("{rows} rows, {inputs} to {outputs} on {cpu:?}");
                    assert_close(&case.f32(cpu), &f32, &tolerances, &what);
                    assert_close(&case.bf16(cpu), &bf16, &tolerances, &what);
                    assert_eq!(bits(&case.int8(cpu)), bits(&int8), "{what}");
                }
            }
        }
    }
}

#[test]
fn a_long_row_keeps_to_the_tolerance() {
    let case = Case::new(3, 65_003, 2);
    let (f32, bf16, int8) = (case.f32(Cpu::PORTABLE), case.bf16(Cpu::PORTABLE), case.int8(Cpu::PORTABLE));
    for cpu in processors() {
        assert_close(&case.f32(cpu), &f32, &case.tolerances(), "f32");
        assert_close(&case.bf16(cpu), &bf16, &case.tolerances(), "bf16");
        assert_eq!(bits(&case.int8(cpu)), bits(&int8));
    }
}

#[test]
fn the_longest_row_of_8_bits_stays_within_32() {
    let inputs = int8::MOST_INPUTS;
    let weight: Vec<number> = [vec![127.0; inputs], vec![-127.0; inputs]].concat();
    let weights = int8::Weights::pack(&weight, 2, inputs);
    for cpu in processors().into_iter().chain([Cpu::PORTABLE]) {
        for (x, zero) in [(127, 0), (-127, 0), (-128, 0), (127, -128), (-128, 127)] {
            let numbers = vec![x; int8::ROWS * weights.width()];
            let xs = int8::Rows { numbers: &numbers, scales: &[1.0], zeros: &[zero] };
            let mut out = [0.0; 2];
            int8::product(cpu, xs, 1, &weights, &mut Plain { bias: &[0.0; 2], out: &mut out });
            let sum = (i64::from(i32::from(x) - zero) * 127 * inputs as i64) as number;
            assert_eq!(out, [sum, -sum], "{x} from {zero} on {cpu:?}");
        }
    }
}

#[test]
fn in_8_bits_a_row_with_what_is_not_finite_is_no_number_and_no_other_row_is_changed() {
    let good = Case::new(5, 70, 33);
    let expected = good.int8(Cpu::PORTABLE);
    for x in [number::NAN, -number::NAN, number::INFINITY, number::NEG_INFINITY] {
        for at in [0, 15, 16, 63, 64, 69] {
            let mut bad = Case::new(5, 70, 33);
            bad.xs[2 * 70 + at] = x;
            for cpu in processors().into_iter().chain([Cpu::PORTABLE]) {
                let out = bad.int8(cpu);
                assert!(out[2 * 33..3 * 33].iter().all(|y| y.is_nan()), "{x} at {at} on {cpu:?}");
                assert_eq!(bits(&out[..2 * 33]), bits(&expected[..2 * 33]));
                assert_eq!(bits(&out[3 * 33..]), bits(&expected[3 * 33..]));
            }
        }
        // And a weight: its column.
        let mut bad = Case::new(5, 70, 33);
        bad.weight[32 * 70 + 7] = x;
        for cpu in processors().into_iter().chain([Cpu::PORTABLE]) {
            for (at, (y, expected)) in bad.int8(cpu).iter().zip(&expected).enumerate() {
                assert!(if at % 33 == 32 { y.is_nan() } else { y == expected }, "{x} on {cpu:?}");
            }
        }
    }
}

#[test]
fn what_is_not_finite_goes_through_products_of_floats_as_arithmetic_has_it() {
    let mut case = Case::new(9, 33, 34);
    case.weight.fill(1.0);
    for (row, x) in [(1, number::NAN), (4, number::INFINITY), (8, number::NEG_INFINITY)] {
        case.xs[row * 33 + 32] = x;
        for cpu in processors().into_iter().chain([Cpu::PORTABLE]) {
            for out in [case.f32(cpu), case.bf16(cpu)] {
                assert!(bits(&out[row * 34..][..34]).iter().all(|y| *y == bits(&[x])[0]), "{x} on {cpu:?}");
                assert!(out[5 * 34..8 * 34].iter().all(|y| y.is_finite()));
            }
        }
    }
}

#[test]
fn the_smallest_numbers_are_kept_in_f32_and_are_zero_or_themselves_in_bf16_and_zero_in_8_bits() {
    let tiny = number::from_bits(0x0001_0000);
    let mut case = Case::new(3, 1, 40);
    case.xs = vec![tiny, -tiny, 0.0];
    case.weight.fill(1.0);
    for cpu in processors().into_iter().chain([Cpu::PORTABLE]) {
        let expected: Vec<number> = case.xs.iter().flat_map(|x| [*x; 40]).collect();
        assert_eq!(case.f32(cpu), expected, "on {cpu:?}");
        for (y, x) in case.bf16(cpu).into_iter().zip(expected) {
            assert!(y == x || y == 0.0 && cpu != Cpu::PORTABLE, "{y} on {cpu:?}");
        }
        assert_eq!(case.int8(cpu), vec![0.0; 3 * 40], "on {cpu:?}");
    }
}

#[test]
fn the_largest_numbers_fit_8_bits() {
    let (mut case, most) = (Case::new(1, 3, 1), number::MAX / 2.0);
    (case.xs, case.weight) = (vec![most, -most, 0.0], vec![1.0, 0.0, 0.0]);
    for cpu in processors().into_iter().chain([Cpu::PORTABLE]) {
        let out = case.int8(cpu);
        assert!((out[0] / most - 1.0).abs() < 0.004, "{out:?} on {cpu:?}");
    }
}

#[test]
fn rows_for_the_next_product_are_written_to_their_end() {
    let (case, columns) = (Case::new(3, 8, 40), 40);
    let weights = f32::Weights::pack(&case.weight, columns, 8);
    let xs = padded(&case.xs, 3, 8, f32::ROWS, 0.0);
    let bias = vec![0.5; columns];
    for activation in [Activation::Gelu, Activation::GeluTanh, Activation::Relu, Activation::Silu] {
        for cpu in processors().into_iter().chain([Cpu::PORTABLE]) {
            let mut out = vec![0x7fc0; 3 * 64];
            f32::product(
                cpu,
                &xs,
                3,
                &weights,
                &mut ActivatedBf16 { bias: &bias, activation, width: 64, out: &mut out },
            );
            assert!(out.chunks(64).all(|row| row[columns..].iter().all(|x| bf16::from_bf16(*x) == 0.0)));
            let mut whole = vec![number::NAN; 3 * columns];
            f32::product(cpu, &xs, 3, &weights, &mut Activated { bias: &bias, activation, out: &mut whole });
            for (short, x) in
                out.chunks(64).flat_map(|row| &row[..columns]).map(|x| bf16::from_bf16(*x)).zip(whole)
            {
                assert!((short - x).abs() <= x.abs() / 256.0 + 1.5e-4, "{short} for {x} on {cpu:?}");
            }
        }
    }
}

#[test]
fn a_text_that_is_not_finite_changes_no_other() {
    let (lengths, heads, size) = ([5, 0, 7, 1, 18], 2, 20);
    let (tokens, hidden) = (31, heads * size);
    let good = numbers(tokens * 3 * hidden, 5);
    for x in [number::NAN, number::INFINITY, number::NEG_INFINITY] {
        for part in 0..3 {
            let mut bad = good.clone();
            bad[((5 + 3) * 3 + part) * hidden + 2] = x;
            for cpu in processors().into_iter().chain([Cpu::PORTABLE]) {
                let mut scratch = attention::Scratch::default();
                let [mut out, mut expected] = [vec![9.0; tokens * hidden], vec![9.0; tokens * hidden]];
                attention::attend(
                    cpu,
                    &bad,
                    &lengths,
                    attention::Heads { count: heads, size, bf16: false },
                    0..tokens,
                    &mut scratch,
                    &mut out,
                );
                attention::attend(
                    cpu,
                    &good,
                    &lengths,
                    attention::Heads { count: heads, size, bf16: false },
                    0..tokens,
                    &mut scratch,
                    &mut expected,
                );
                assert_eq!(bits(&out[..5 * hidden]), bits(&expected[..5 * hidden]));
                assert_eq!(bits(&out[12 * hidden..]), bits(&expected[12 * hidden..]));
            }
        }
    }
}

#[test]
fn a_processor_claims_nothing() {
    let claims = Cpu {
        avx2: true,
        avx512: true,
        avx512_vnni: true,
        avx_vnni: true,
        avx512_bf16: true,
        amx_bf16: true,
        amx_int8: true,
        dotprod: true,
    };
    let (case, detected) = (Case::new(33, 70, 40), Cpu::detected());
    assert_eq!(bits(&case.f32(claims)), bits(&case.f32(detected)));
    assert_eq!(bits(&case.bf16(claims)), bits(&case.bf16(detected)));
    assert_eq!(bits(&case.int8(claims)), bits(&case.int8(detected)));
    // What builds on a thing that is switched off is off as well.
    let no_avx512 = Cpu { avx512: false, ..claims };
    let avx2 = Cpu { avx2: true, avx_vnni: true, ..Cpu::PORTABLE };
    assert_eq!(bits(&case.f32(no_avx512)), bits(&case.f32(avx2)));
    assert_eq!(bits(&case.bf16(no_avx512)), bits(&case.bf16(avx2)));
}

#[test]
fn threads_have_tiles_of_their_own() {
    let (case, cpu) = (Case::new(33, 70, 40), Cpu::detected());
    let expected = (bits(&case.bf16(cpu)), bits(&case.int8(cpu)));
    std::thread::scope(|scope| {
        for _ in 0..4 {
            scope.spawn(|| {
                for _ in 0..50 {
                    assert_eq!((bits(&case.bf16(cpu)), bits(&case.int8(cpu))), expected);
                }
            });
        }
    });
}
