//! 8-bit integers on registers: with dot products (VNNI) of 512 and 256 bits, and without on AVX2.
//!
//! VNNI multiplies numbers without sign by numbers with one: 128 is added to the activations, and to their zeros. AVX2's own 8-bit product saturates, so numbers are widened to 16 bits first.

use std::arch::x86_64::{
    __m256i, _mm_cvtepi8_epi16, _mm_cvtsi32_si128, _mm_cvtsi128_si64, _mm_loadu_si128, _mm256_add_epi32,
    _mm256_cvtepi8_epi16, _mm256_dpbusd_avx_epi32, _mm256_hadd_epi32, _mm256_load_si256, _mm256_madd_epi16,
    _mm256_permute4x64_epi64, _mm256_set1_epi32, _mm256_set1_epi64x, _mm256_setzero_si256,
    _mm256_storeu_si256, _mm512_dpbusd_epi32, _mm512_load_si512, _mm512_set1_epi32, _mm512_setzero_si512,
    _mm512_storeu_si512,
};

use super::{INPUTS, Rows, TILE, Weights};
use crate::epilogue::{COLUMNS, Epilogue};
use crate::lanes::{Avx2, Avx512, Lanes};

/// Flips the sign bits of four numbers: adds 128 to each.
const FLIP: i32 = 0x8080_8080_u32 as i32;
/// What was added.
const FLIPPED: i32 = 128;

#[target_feature(enable = "avx512f,avx512bw,avx512vl,avx512dq,avx512vnni,avx2,fma")]
pub(super) fn product_avx512_vnni<E: Epilogue>(
    xs: Rows<'_>,
    rows: usize,
    weights: &Weights,
    epilogue: &mut E,
) {
    const STEP: usize = 8;
    let width = weights.width;
    for (panel, packed) in weights.packed.chunks_exact(width * COLUMNS).enumerate() {
        for first in (0..rows).step_by(STEP) {
            let mut low = [_mm512_setzero_si512(); STEP];
            let mut high = [_mm512_setzero_si512(); STEP];
            let a = xs.numbers[first * width..(first + STEP) * width].as_ptr();
            for (block, tiles) in packed.as_chunks::<{ 2 * TILE }>().0.iter().enumerate() {
                for four in 0..INPUTS / 4 {
                    // SAFETY: `tiles` are two of 16 rows of 64 bytes, of which `four` is one, and aligned as all whole tiles are.
                    // `a` has eight rows of `width`, which is as many blocks of 64 inputs as the panel has.
                    unsafe {
                        let left = _mm512_load_si512(tiles.as_ptr().add(four * 64).cast());
                        let right = _mm512_load_si512(tiles.as_ptr().add(TILE + four * 64).cast());
                        for row in 0..STEP {
                            let x =
                                a.add(row * width + block * INPUTS + 4 * four).cast::<i32>().read_unaligned();
                            let x = _mm512_set1_epi32(x ^ FLIP);
                            low[row] = _mm512_dpbusd_epi32(low[row], x, left);
                            high[row] = _mm512_dpbusd_epi32(high[row], x, right);
                        }
                    }
                }
            }
            for row in 0..STEP.min(rows - first) {
                let mut sums = [0; COLUMNS];
                // SAFETY: `sums` has room for two registers of 16.
                unsafe {
                    _mm512_storeu_si512(sums.as_mut_ptr().cast(), low[row]);
                    _mm512_storeu_si512(sums.as_mut_ptr().add(16).cast(), high[row]);
                }
                give::<FLIPPED, Avx512, E>(xs, first + row, panel, weights, &sums, epilogue);
            }
        }
    }
}

#[target_feature(enable = "avx2,fma,avxvnni")]
pub(super) fn product_avx_vnni<E: Epilogue>(xs: Rows<'_>, rows: usize, weights: &Weights, epilogue: &mut E) {
    const STEP: usize = 2;
    let width = weights.width;
    for (panel, packed) in weights.packed.chunks_exact(width * COLUMNS).enumerate() {
        for first in (0..rows).step_by(STEP) {
            let mut parts = [[_mm256_setzero_si256(); 4]; STEP];
            let a = xs.numbers[first * width..(first + STEP) * width].as_ptr();
            for (block, tiles) in packed.as_chunks::<{ 2 * TILE }>().0.iter().enumerate() {
                for four in 0..INPUTS / 4 {
                    // SAFETY: `tiles` are two of 16 rows of 64 bytes, of which `four` is one, and aligned as all whole tiles are.
                    // `a` has two rows of `width`, which is as many blocks of 64 inputs as the panel has.
                    unsafe {
                        let ws = [0, 32, TILE, TILE + 32]
                            .map(|at| _mm256_load_si256(tiles.as_ptr().add(four * 64 + at).cast()));
                        for (row, parts) in parts.iter_mut().enumerate() {
                            let x =
                                a.add(row * width + block * INPUTS + 4 * four).cast::<i32>().read_unaligned();
                            let x = _mm256_set1_epi32(x ^ FLIP);
                            for (part, w) in parts.iter_mut().zip(ws) {
                                *part = _mm256_dpbusd_avx_epi32(*part, x, w);
                            }
                        }
                    }
                }
            }
            for (row, parts) in parts.into_iter().enumerate().take(rows - first) {
                give::<FLIPPED, Avx2, E>(xs, first + row, panel, weights, &stored(parts), epilogue);
            }
        }
    }
}

#[target_feature(enable = "avx2,fma")]
pub(super) fn product_avx2<E: Epilogue>(xs: Rows<'_>, rows: usize, weights: &Weights, epilogue: &mut E) {
    let width = weights.width;
    for (panel, packed) in weights.packed.chunks_exact(width * COLUMNS).enumerate() {
        for row in 0..rows {
            // Each register holds four columns, two halves of a four's sum side by side.
            let mut parts = [_mm256_setzero_si256(); 8];
            let numbers = xs.numbers[row * width..(row + 1) * width].as_chunks::<INPUTS>().0;
            for (numbers, tiles) in numbers.iter().zip(packed.as_chunks::<{ 2 * TILE }>().0) {
                for (four, x) in numbers.as_chunks::<4>().0.iter().enumerate() {
                    let x = i32::from_ne_bytes(x.map(i8::cast_unsigned));
                    let x = _mm256_set1_epi64x(_mm_cvtsi128_si64(_mm_cvtepi8_epi16(_mm_cvtsi32_si128(x))));
                    for (at, part) in parts.iter_mut().enumerate() {
                        let from = at / 4 * TILE + four * 64 + at % 4 * 16;
                        // SAFETY: `tiles` are two of 16 rows of 64 bytes; these are 16 bytes of the row `four`.
                        let w = unsafe { _mm_loadu_si128(tiles.as_ptr().add(from).cast()) };
                        *part = _mm256_add_epi32(*part, _mm256_madd_epi16(x, _mm256_cvtepi8_epi16(w)));
                    }
                }
            }
            let mut sums = [_mm256_setzero_si256(); 4];
            for (at, sum) in sums.iter_mut().enumerate() {
                // Lane by lane: columns 0 1 4 5 2 3 6 7.
                let added = _mm256_hadd_epi32(parts[2 * at], parts[2 * at + 1]);
                *sum = _mm256_permute4x64_epi64::<0b11_01_10_00>(added);
            }
            give::<0, Avx2, E>(xs, row, panel, weights, &stored(sums), epilogue);
        }
    }
}

/// Four registers one behind the other.
#[inline]
#[target_feature(enable = "avx2")]
fn stored(parts: [__m256i; 4]) -> [i32; COLUMNS] {
    let mut sums = [0i32; COLUMNS];
    for (part, sums) in parts.into_iter().zip(sums.as_chunks_mut::<8>().0) {
        // SAFETY: eight numbers are room for one register.
        unsafe { _mm256_storeu_si256(sums.as_mut_ptr().cast(), part) };
    }
    sums
}

/// Scales the sums of a row, to whose numbers `ADDED` was added, and gives them to the epilogue.
#[inline(always)]
fn give<const ADDED: i32, L: Lanes, E: Epilogue>(
    xs: Rows<'_>,
    row: usize,
    panel: usize,
    weights: &Weights,
    sums: &[i32; COLUMNS],
    epilogue: &mut E,
) {
    let mut ys = [[0.0; COLUMNS]];
    weights.scale::<ADDED>(panel, xs, row, &[*sums], &mut ys);
    epilogue.take::<L>(row, panel * COLUMNS, &ys);
}
