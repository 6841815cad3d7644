//! bfloat16 on 512-bit registers: eight rows by 32 columns.

use std::arch::x86_64::{
    __m512bh, __m512i, _mm512_dpbf16_ps, _mm512_load_si512, _mm512_set1_epi32, _mm512_setzero_ps,
    _mm512_storeu_ps,
};
use std::mem::transmute;

use super::{INPUTS, TILE, Weights};
use crate::epilogue::{COLUMNS, Epilogue};
use crate::lanes::Avx512;

const STEP: usize = 8;

#[target_feature(enable = "avx512f,avx512bw,avx512vl,avx512dq,avx512bf16,avx2,fma")]
pub(super) fn product<E: Epilogue>(xs: &[u16], rows: usize, weights: &Weights, epilogue: &mut E) {
    let width = weights.width;
    for (panel, packed) in weights.packed.chunks_exact(width * COLUMNS).enumerate() {
        for first in (0..rows).step_by(STEP) {
            let mut low = [_mm512_setzero_ps(); STEP];
            let mut high = [_mm512_setzero_ps(); STEP];
            let a = xs[first * width..(first + STEP) * width].as_ptr();
            for (block, tiles) in packed.as_chunks::<{ 2 * TILE }>().0.iter().enumerate() {
                for pair in 0..INPUTS / 2 {
                    // SAFETY: `tiles` are two of 16 rows of 64 bytes, of which `pair` is one, and aligned as all whole tiles are.
                    // `a` has eight rows of `width`, which is as many blocks of 32 inputs as the panel has.
                    unsafe {
                        let left = bf16s(_mm512_load_si512(tiles.as_ptr().add(pair * 32).cast()));
                        let right = bf16s(_mm512_load_si512(tiles.as_ptr().add(TILE + pair * 32).cast()));
                        for row in 0..STEP {
                            let two =
                                a.add(row * width + block * INPUTS + 2 * pair).cast::<i32>().read_unaligned();
                            let xs = bf16s(_mm512_set1_epi32(two));
                            low[row] = _mm512_dpbf16_ps(low[row], xs, left);
                            high[row] = _mm512_dpbf16_ps(high[row], xs, right);
                        }
                    }
                }
            }
            let mut sums = [[0.0; COLUMNS]; STEP];
            for (sums, (low, high)) in sums.iter_mut().zip(low.into_iter().zip(high)) {
                // SAFETY: `sums` has room for two registers of 16.
                unsafe {
                    _mm512_storeu_ps(sums.as_mut_ptr(), low);
                    _mm512_storeu_ps(sums.as_mut_ptr().add(16), high);
                }
            }
            epilogue.take::<Avx512>(first, panel * COLUMNS, &sums[..STEP.min(rows - first)]);
        }
    }
}

#[inline(always)]
fn bf16s(bits: __m512i) -> __m512bh {
    // SAFETY: both are 512 bits, and any bits are bfloat16 numbers.
    unsafe { transmute(bits) }
}
