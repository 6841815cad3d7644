//! Sixteen numbers in two registers of AVX2.

use std::arch::x86_64::*;

use super::{LANES, Lanes, ROUND};

/// Two registers of AVX2.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Avx2(__m256, __m256);

macro_rules! avx2 {
    ($instructions:expr) => {
        // SAFETY: only `dispatch` and the kernels name the type, in code that is inlined into functions for AVX2 and FMA, which
        // run where that was found. Pointers are to whole arrays of 16 numbers, behind references.
        unsafe { $instructions }
    };
}

impl Lanes for Avx2 {
    #[inline(always)]
    fn splat(x: f32) -> Self {
        avx2!(Self(_mm256_set1_ps(x), _mm256_set1_ps(x)))
    }
    #[inline(always)]
    fn load(xs: &[f32; LANES]) -> Self {
        avx2!(Self(_mm256_loadu_ps(xs.as_ptr()), _mm256_loadu_ps(xs.as_ptr().add(8))))
    }
    #[inline(always)]
    fn store(self, out: &mut [f32; LANES]) {
        avx2!({
            _mm256_storeu_ps(out.as_mut_ptr(), self.0);
            _mm256_storeu_ps(out.as_mut_ptr().add(8), self.1);
        });
    }
    #[inline(always)]
    fn plus(self, other: Self) -> Self {
        avx2!(Self(_mm256_add_ps(self.0, other.0), _mm256_add_ps(self.1, other.1)))
    }
    #[inline(always)]
    fn minus(self, other: Self) -> Self {
        avx2!(Self(_mm256_sub_ps(self.0, other.0), _mm256_sub_ps(self.1, other.1)))
    }
    #[inline(always)]
    fn times(self, other: Self) -> Self {
        avx2!(Self(_mm256_mul_ps(self.0, other.0), _mm256_mul_ps(self.1, other.1)))
    }
    #[inline(always)]
    fn over(self, other: Self) -> Self {
        avx2!(Self(_mm256_div_ps(self.0, other.0), _mm256_div_ps(self.1, other.1)))
    }
    #[inline(always)]
    fn times_plus(self, a: Self, b: Self) -> Self {
        avx2!(Self(_mm256_fmadd_ps(self.0, a.0, b.0), _mm256_fmadd_ps(self.1, a.1, b.1)))
    }
    #[inline(always)]
    fn max(self, other: Self) -> Self {
        avx2!(Self(_mm256_max_ps(self.0, other.0), _mm256_max_ps(self.1, other.1)))
    }
    #[inline(always)]
    fn min(self, other: Self) -> Self {
        avx2!(Self(_mm256_min_ps(self.0, other.0), _mm256_min_ps(self.1, other.1)))
    }
    #[inline(always)]
    fn power_of_two(self) -> Self {
        avx2!({
            let offset = _mm256_set1_epi32(127_i32.wrapping_sub(ROUND.to_bits().cast_signed()));
            let low = _mm256_add_epi32(_mm256_castps_si256(self.0), offset);
            let high = _mm256_add_epi32(_mm256_castps_si256(self.1), offset);
            Self(
                _mm256_castsi256_ps(_mm256_slli_epi32::<23>(low)),
                _mm256_castsi256_ps(_mm256_slli_epi32::<23>(high)),
            )
        })
    }
    #[inline(always)]
    fn store_bf16(self, out: &mut [u16; LANES]) {
        let mut all = [0.0; LANES];
        self.store(&mut all);
        for (o, x) in out.iter_mut().zip(all) {
            *o = crate::bf16::to_bf16(x);
        }
    }
    #[inline(always)]
    fn transposed(rows: [Self; LANES]) -> [Self; LANES] {
        let mut out = rows;
        for (row, column) in [(0, 0), (0, 8), (8, 0), (8, 8)] {
            // Eight rows from `row`, of them the columns from `column`.
            let mut square = [rows[0].0; 8];
            for (at, x) in square.iter_mut().enumerate() {
                *x = if column == 0 { rows[row + at].0 } else { rows[row + at].1 };
            }
            for (at, x) in avx2!(transposed_eight(square)).into_iter().enumerate() {
                if row == 0 {
                    out[column + at].0 = x;
                } else {
                    out[column + at].1 = x;
                }
            }
        }
        out
    }
    #[inline(always)]
    fn total(self) -> f32 {
        avx2!(total_of_eight(_mm256_add_ps(self.0, self.1)))
    }
    #[inline(always)]
    fn largest(self) -> f32 {
        avx2!(largest_of_eight(_mm256_max_ps(self.0, self.1)))
    }
}

/// # Safety
/// The processor has AVX2; this holds for all that follow.
#[inline(always)]
pub(super) unsafe fn total_of_eight(x: __m256) -> f32 {
    // SAFETY: the caller's.
    unsafe {
        let x = _mm_add_ps(_mm256_castps256_ps128(x), _mm256_extractf128_ps::<1>(x));
        let x = _mm_add_ps(x, _mm_movehl_ps(x, x));
        _mm_cvtss_f32(_mm_add_ss(x, _mm_movehdup_ps(x)))
    }
}

/// # Safety
/// As for [`total_of_eight`].
#[inline(always)]
pub(super) unsafe fn largest_of_eight(x: __m256) -> f32 {
    // SAFETY: the caller's.
    unsafe {
        let x = _mm_max_ps(_mm256_castps256_ps128(x), _mm256_extractf128_ps::<1>(x));
        let x = _mm_max_ps(x, _mm_movehl_ps(x, x));
        _mm_cvtss_f32(_mm_max_ss(x, _mm_movehdup_ps(x)))
    }
}

/// # Safety
/// As for [`total_of_eight`].
#[inline(always)]
unsafe fn transposed_eight(rows: [__m256; 8]) -> [__m256; 8] {
    let (mut fours, mut out) = (rows, rows);
    // SAFETY: the caller's.
    unsafe {
        for at in [0, 4] {
            let [a, b, c, d] = [rows[at], rows[at + 1], rows[at + 2], rows[at + 3]];
            let (low, high) = (_mm256_unpacklo_ps(a, b), _mm256_unpackhi_ps(a, b));
            let (low2, high2) = (_mm256_unpacklo_ps(c, d), _mm256_unpackhi_ps(c, d));
            fours[at] = _mm256_shuffle_ps::<0x44>(low, low2);
            fours[at + 1] = _mm256_shuffle_ps::<0xee>(low, low2);
            fours[at + 2] = _mm256_shuffle_ps::<0x44>(high, high2);
            fours[at + 3] = _mm256_shuffle_ps::<0xee>(high, high2);
        }
        for at in 0..4 {
            out[at] = _mm256_permute2f128_ps::<0x20>(fours[at], fours[at + 4]);
            out[at + 4] = _mm256_permute2f128_ps::<0x31>(fours[at], fours[at + 4]);
        }
    }
    out
}
