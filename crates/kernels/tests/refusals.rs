//! What is refused, before any kernel runs: shapes that do not fit, also where their product does not fit a `usize`.

use berika_kernels::aligned::Aligned;
use berika_kernels::epilogue::{Activated, ActivatedBf16, Plain};
use berika_kernels::{Activation, Cpu, attention, bf16, f32, int8, rows};
use std::panic::{AssertUnwindSafe, catch_unwind};

/// What `work` panics with.
fn refusal(work: impl FnOnce()) -> String {
    let caught = catch_unwind(AssertUnwindSafe(work)).expect_err("it is refused");
    match caught.downcast::<String>() {
        Ok(text) => *text,
        Err(other) => other.downcast_ref::<&str>().map_or_else(String::new, |text| (*text).to_owned()),
    }
}

fn assert_refused(why: &str, work: impl FnOnce()) {
    let text = refusal(work);
    assert!(text.contains(why), "refused because of {why:?}, not {text:?}");
}

#[test]
fn a_matrix_has_the_size_that_it_says() {
    let half = usize::MAX / 2 + 1;
    for (numbers, outputs, inputs) in [(5, 2, 3), (0, 0, 3), (0, 3, 0), (0, half, 2), (64, 2, half + 32)] {
        let numbers = vec![0.0; numbers];
        assert_refused("a matrix of", || drop(f32::Weights::pack(&numbers, outputs, inputs)));
        assert_refused("a matrix of", || drop(bf16::Weights::pack(&numbers, outputs, inputs)));
        assert_refused("a matrix of", || drop(int8::Weights::pack(&numbers, outputs, inputs)));
    }
}

#[test]
fn rows_are_there_in_whole_blocks() {
    const ROOM: &str = "room for whole blocks of rows";
    let weights = [0.5; 4 * 8];
    let (inputs, bias) = (8, [0.0; 4]);
    // The last two come to nothing, or to little, where a product of sizes may wrap round.
    for rows in [33, usize::MAX, usize::MAX / inputs + 1] {
        for cpu in [Cpu::PORTABLE, Cpu::detected()] {
            let packed = f32::Weights::pack(&weights, 4, inputs);
            assert_refused(ROOM, || {
                let out = &mut [0.0; 160];
                f32::product(cpu, &[0.0; 32 * 8], rows, &packed, &mut Plain { bias: &bias, out });
            });
            let packed = bf16::Weights::pack(&weights, 4, inputs);
            assert_refused(ROOM, || {
                let out = &mut [0.0; 160];
                bf16::product(cpu, &[0; 32 * 32], rows, &packed, &mut Plain { bias: &bias, out });
            });
            let packed = int8::Weights::pack(&weights, 4, inputs);
            assert_refused(ROOM, || {
                let (out, xs) = (
                    &mut [0.0; 160],
                    int8::Rows { numbers: &[0; 32 * 64], scales: &[0.0; 64], zeros: &[0; 64] },
                );
                int8::product(cpu, xs, rows, &packed, &mut Plain { bias: &bias, out });
            });
        }
    }
    for (scales, zeros) in [(3, 4), (4, 3)] {
        assert_refused("a scale and a zero for each row", || {
            let packed = int8::Weights::pack(&weights, 4, inputs);
            let (scales, zeros) = (&[0.0; 4][..scales], &[0; 4][..zeros]);
            let (out, xs) = (&mut [0.0; 160], int8::Rows { numbers: &[0; 32 * 64], scales, zeros });
            int8::product(Cpu::detected(), xs, 4, &packed, &mut Plain { bias: &bias, out });
        });
    }
}

#[test]
fn an_epilogue_fits_the_product_before_it_begins() {
    let weights = f32::Weights::pack(&[0.5; 40 * 8], 40, 8);
    let (xs, activation) = ([0.0; 8 * 8], Activation::Relu);
    for columns in [39, 41, 3, 100] {
        let bias = &vec![0.0; columns][..];
        assert_refused("a bias for each of 40 outputs", || {
            let out = &mut [0.0; 8 * 100];
            f32::product(Cpu::detected(), &xs, 8, &weights, &mut Plain { bias, out });
        });
    }
    let bias = &[0.0; 40];
    assert_refused("room for 8 rows of 40", || {
        let out = &mut [0.0; 8 * 40 - 1];
        f32::product(Cpu::detected(), &xs, 8, &weights, &mut Activated { bias, activation, out });
    });
    assert_refused("room for 8 rows of 64", || {
        let out = &mut [0; 8 * 64 - 1];
        let mut epilogue = ActivatedBf16 { bias, activation, width: 64, out };
        f32::product(Cpu::detected(), &xs, 8, &weights, &mut epilogue);
    });
    assert_refused("rows of at least 40", || {
        let out = &mut [0; 8 * 64];
        let mut epilogue = ActivatedBf16 { bias, activation, width: 39, out };
        f32::product(Cpu::detected(), &xs, 8, &weights, &mut epilogue);
    });
}

#[test]
fn what_stands_between_products_refuses_rows_that_do_not_fit() {
    let cpu = Cpu::detected();
    for (xs, others, weight, shift) in [(8, 4, 4, 4), (6, 6, 4, 4), (8, 8, 4, 3), (0, 0, 0, 0)] {
        let [others, weight, shift] = [others, weight, shift].map(|count| vec![0.0; count]);
        assert_refused("rows as long as the norm", || {
            let norm = rows::Norm { weight: &weight, shift: &shift, epsilon: 1e-6 };
            rows::add_and_normalise(cpu, &mut vec![0.0; xs], &others, norm);
        });
    }
    // Numbers, inputs, width, room, scales, zeros.
    for (xs, inputs, width, room, scales, zeros) in [
        (8, 4, 4, 7, 2, 2),
        (8, 4, 4, 8, 1, 2),
        (8, 4, 4, 8, 2, 1),
        (7, 4, 4, 8, 2, 2),
        (8, 4, 3, 8, 2, 2),
        (0, 0, 4, 8, 2, 2),
        (0, 4, 0, 8, 2, 2),
    ] {
        let (xs, mut scales, mut zeros) = (vec![0.0; xs], vec![0.0; scales], vec![0; zeros]);
        assert_refused("whole rows and room for each", || {
            let room = &mut vec![0; room];
            int8::round_rows(cpu, &xs, (inputs, width), room, &mut scales, &mut zeros);
        });
        if scales.len() == 2 && zeros.len() == 2 {
            assert_refused("whole rows and room for each", || {
                rows::round_to_bf16(cpu, &xs, inputs, width, &mut vec![0; room]);
            });
        }
    }
    for (lengths, queries, refused) in [
        (&[3, 2][..], 0..5, "a row for each token"),
        (&[usize::MAX, 5], 0..1, "a row for each token"),
        (&[usize::MAX / 12 + 1], 0..1, "a row for each token"),
        (&[2, 2], 1..5, "queries among the texts' tokens"),
        (&[2, 2], 1..4, "a row for each query"),
    ] {
        assert_refused(refused, || {
            let (qkv, out, scratch) = ([0.0; 4 * 24], &mut [0.0; 2 * 8], &mut attention::Scratch::default());
            attention::attend(
                cpu,
                &qkv,
                lengths,
                attention::Heads { count: 2, size: 4, bf16: false },
                queries.clone(),
                scratch,
                out,
            );
        });
    }
}

#[test]
fn no_vector_is_longer_than_memory() {
    // A length whose bytes come to 64 where they may wrap round.
    for length in [usize::MAX, usize::MAX / 4 + 17] {
        assert_refused("capacity overflow", || drop(Aligned::<f32>::zeroed(length)));
    }
    let mut empty = Aligned::<u16>::zeroed(0);
    assert!(empty.is_empty() && empty.iter_mut().next().is_none());
}

#[test]
fn a_row_of_8_bits_is_as_long_as_its_sums_fit_32() {
    assert_refused("at most 66311 inputs", || {
        drop(int8::Weights::pack(&vec![1.0; int8::MOST_INPUTS + 1], 1, int8::MOST_INPUTS + 1));
    });
}
