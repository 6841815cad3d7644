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
    fn to_bf16(self) -> [u16; LANES] {
        let mut all = [0.0; LANES];
        self.store(&mut all);
        all.map(crate::bf16::to_bf16)
    }
}
