//! f32 on AVX-512 and AVX2: eight rows by 32 columns, and four by 16, in registers.

use std::arch::x86_64::{
    _mm256_broadcast_ss, _mm256_fmadd_ps, _mm256_load_ps, _mm256_setzero_ps, _mm256_storeu_ps,
    _mm512_fmadd_ps, _mm512_load_ps, _mm512_set1_ps, _mm512_setzero_ps, _mm512_storeu_ps,
};

use super::{ROWS, Weights};
use crate::epilogue::{COLUMNS, Epilogue};
use crate::lanes::{Avx2, Avx512};

/// # Safety
/// The processor has AVX-512; `xs` holds `rows` rounded up to [`ROWS`] rows of `weights.inputs` numbers.
#[target_feature(enable = "avx512f,avx512bw,avx512vl,avx512dq,avx2,fma")]
pub(super) unsafe fn product_avx512<E: Epilogue>(
    xs: &[f32],
    rows: usize,
    weights: &Weights,
    epilogue: &mut E,
) {
    let inputs = weights.inputs;
    for (panel, packed) in weights.packed.chunks_exact(inputs * COLUMNS).enumerate() {
        for first in (0..rows).step_by(ROWS) {
            let mut low = [_mm512_setzero_ps(); ROWS];
            let mut high = [_mm512_setzero_ps(); ROWS];
            let (mut a, mut b) = (xs[first * inputs..].as_ptr(), packed.as_ptr());
            for _ in 0..inputs {
                // SAFETY: `b` walks over the panel, which is aligned and has 32 numbers an input; `a` over the first of eight
                // rows that are all within `xs`.
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

/// # Safety
/// The processor has AVX2 and FMA; `xs` as above.
#[target_feature(enable = "avx2,fma")]
pub(super) unsafe fn product_avx2<E: Epilogue>(xs: &[f32], rows: usize, weights: &Weights, epilogue: &mut E) {
    const STEP: usize = 4;
    let inputs = weights.inputs;
    for (panel, packed) in weights.packed.chunks_exact(inputs * COLUMNS).enumerate() {
        for first in (0..rows).step_by(STEP) {
            let mut block = [[0.0f32; COLUMNS]; STEP];
            for half in [0, 16] {
                let mut sums = [[_mm256_setzero_ps(); 2]; STEP];
                let (mut a, mut b) = (xs[first * inputs..].as_ptr(), packed[half..].as_ptr());
                for _ in 0..inputs {
                    // SAFETY: as above, for four rows and half a panel's columns.
                    unsafe {
                        let ws = [_mm256_load_ps(b), _mm256_load_ps(b.add(8))];
                        for row in 0..STEP {
                            let x = _mm256_broadcast_ss(&*a.add(row * inputs));
                            sums[row][0] = _mm256_fmadd_ps(x, ws[0], sums[row][0]);
                            sums[row][1] = _mm256_fmadd_ps(x, ws[1], sums[row][1]);
                        }
                        a = a.add(1);
                        b = b.wrapping_add(COLUMNS);
                    }
                }
                for row in 0..STEP {
                    // SAFETY: half a row of `block` has room for two registers of eight.
                    unsafe {
                        _mm256_storeu_ps(block[row][half..].as_mut_ptr(), sums[row][0]);
                        _mm256_storeu_ps(block[row][half + 8..].as_mut_ptr(), sums[row][1]);
                    }
                }
            }
            epilogue.take::<Avx2>(first, panel * COLUMNS, &block[..STEP.min(rows - first)]);
        }
    }
}
