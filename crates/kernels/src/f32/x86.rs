//! f32 on AVX-512 and AVX2: eight rows by 32 columns, and four by 16, in registers.

use std::arch::x86_64::{
    _mm256_broadcast_ss, _mm256_fmadd_ps, _mm256_load_ps, _mm256_setzero_ps, _mm256_storeu_ps,
    _mm512_fmadd_ps, _mm512_load_ps, _mm512_set1_ps, _mm512_setzero_ps, _mm512_storeu_ps,
};

use super::{ROWS, Weights};
use crate::epilogue::{COLUMNS, Epilogue};
use crate::lanes::{Avx2, Avx512};

#[target_feature(enable = "avx512f,avx512bw,avx512vl,avx512dq,avx2,fma")]
pub(super) fn product_avx512<E: Epilogue>(xs: &[f32], rows: usize, weights: &Weights, epilogue: &mut E) {
    let inputs = weights.inputs;
    for (panel, packed) in weights.packed.chunks_exact(inputs * COLUMNS).enumerate() {
        for first in (0..rows).step_by(ROWS) {
            let mut low = [_mm512_setzero_ps(); ROWS];
            let mut high = [_mm512_setzero_ps(); ROWS];
            let block = &xs[first * inputs..(first + ROWS) * inputs];
            let (mut a, mut b) = (block.as_ptr(), packed.as_ptr());
            for _ in 0..inputs {
                // SAFETY: `a` walks over the first of the block's eight rows of `inputs`, `b` over the panel of as many times 32.
                // A panel is a multiple of 64 bytes, and the first is aligned to them.
                unsafe {
                    let (left, right) = (_mm512_load_ps(b), _mm512_load_ps(b.add(16)));
                    for row in 0..ROWS {
                        let x = _mm512_set1_ps(*a.add(row * inputs));
                        low[row] = _mm512_fmadd_ps(x, left, low[row]);
                        high[row] = _mm512_fmadd_ps(x, right, high[row]);
                    }
                    a = a.add(1);
                    b = b.add(COLUMNS);
                }
            }
            let mut sums = [[0.0; COLUMNS]; ROWS];
            for (sums, (low, high)) in sums.iter_mut().zip(low.into_iter().zip(high)) {
                // SAFETY: `sums` has room for two registers of 16.
                unsafe {
                    _mm512_storeu_ps(sums.as_mut_ptr(), low);
                    _mm512_storeu_ps(sums.as_mut_ptr().add(16), high);
                }
            }
            epilogue.take::<Avx512>(first, panel * COLUMNS, &sums[..ROWS.min(rows - first)]);
        }
    }
}

#[target_feature(enable = "avx2,fma")]
pub(super) fn product_avx2<E: Epilogue>(xs: &[f32], rows: usize, weights: &Weights, epilogue: &mut E) {
    const STEP: usize = 4;
    let inputs = weights.inputs;
    for (panel, packed) in weights.packed.chunks_exact(inputs * COLUMNS).enumerate() {
        for first in (0..rows).step_by(STEP) {
            let mut sums = [[0.0f32; COLUMNS]; STEP];
            let block = &xs[first * inputs..(first + STEP) * inputs];
            for half in [0, 16] {
                let mut parts = [[_mm256_setzero_ps(); 2]; STEP];
                let (mut a, mut b) = (block.as_ptr(), packed[half..].as_ptr());
                for _ in 0..inputs {
                    // SAFETY: `a` walks over the first of the block's four rows of `inputs`, `b` over half the columns of the
                    // panel of as many times 32. A panel is a multiple of 64 bytes, and the first is aligned to them.
                    unsafe {
                        let ws = [_mm256_load_ps(b), _mm256_load_ps(b.add(8))];
                        #[expect(clippy::needless_range_loop, reason = "unrolled: each row has registers")]
                        for row in 0..STEP {
                            let x = _mm256_broadcast_ss(&*a.add(row * inputs));
                            parts[row][0] = _mm256_fmadd_ps(x, ws[0], parts[row][0]);
                            parts[row][1] = _mm256_fmadd_ps(x, ws[1], parts[row][1]);
                        }
                        a = a.add(1);
                        b = b.wrapping_add(COLUMNS);
                    }
                }
                for (sums, parts) in sums.iter_mut().zip(parts) {
                    let sums = &mut sums[half..half + 16];
                    // SAFETY: 16 numbers are room for two registers of eight.
                    unsafe {
                        _mm256_storeu_ps(sums.as_mut_ptr(), parts[0]);
                        _mm256_storeu_ps(sums.as_mut_ptr().add(8), parts[1]);
                    }
                }
            }
            epilogue.take::<Avx2>(first, panel * COLUMNS, &sums[..STEP.min(rows - first)]);
        }
    }
}
