//! Sixteen numbers in one register of AVX-512.

use std::arch::x86_64::*;

use super::{LANES, Lanes, ROUND};

/// One register of AVX-512.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Avx512(__m512);

macro_rules! avx512 {
    ($instructions:expr) => {
        // SAFETY: only `dispatch` and the kernels name the type, in code that is inlined into functions for AVX-512, which
        // run where that was found. Pointers are to whole arrays of 16 numbers, behind references.
        unsafe { $instructions }
    };
}

impl Lanes for Avx512 {
    #[inline(always)]
    fn splat(x: f32) -> Self {
        Self(avx512!(_mm512_set1_ps(x)))
    }
    #[inline(always)]
    fn load(xs: &[f32; LANES]) -> Self {
        Self(avx512!(_mm512_loadu_ps(xs.as_ptr())))
    }
    #[inline(always)]
    fn store(self, out: &mut [f32; LANES]) {
        avx512!(_mm512_storeu_ps(out.as_mut_ptr(), self.0));
    }
    #[inline(always)]
    fn plus(self, other: Self) -> Self {
        Self(avx512!(_mm512_add_ps(self.0, other.0)))
    }
    #[inline(always)]
    fn minus(self, other: Self) -> Self {
        Self(avx512!(_mm512_sub_ps(self.0, other.0)))
    }
    #[inline(always)]
    fn times(self, other: Self) -> Self {
        Self(avx512!(_mm512_mul_ps(self.0, other.0)))
    }
    #[inline(always)]
    fn over(self, other: Self) -> Self {
        Self(avx512!(_mm512_div_ps(self.0, other.0)))
    }
    #[inline(always)]
    fn times_plus(self, a: Self, b: Self) -> Self {
        Self(avx512!(_mm512_fmadd_ps(self.0, a.0, b.0)))
    }
    #[inline(always)]
    fn max(self, other: Self) -> Self {
        Self(avx512!(_mm512_max_ps(self.0, other.0)))
    }
    #[inline(always)]
    fn min(self, other: Self) -> Self {
        Self(avx512!(_mm512_min_ps(self.0, other.0)))
    }
    #[inline(always)]
    fn power_of_two(self) -> Self {
        avx512!({
            let offset = _mm512_set1_epi32(127_i32.wrapping_sub(ROUND.to_bits().cast_signed()));
            let bits = _mm512_add_epi32(_mm512_castps_si512(self.0), offset);
            Self(_mm512_castsi512_ps(_mm512_slli_epi32::<23>(bits)))
        })
    }
    #[inline(always)]
    fn to_bf16(self) -> [u16; LANES] {
        avx512!({
            let bits = _mm512_castps_si512(self.0);
            let odd = _mm512_and_si512(_mm512_srli_epi32::<16>(bits), _mm512_set1_epi32(1));
            let rounded = _mm512_add_epi32(bits, _mm512_add_epi32(odd, _mm512_set1_epi32(0x7fff)));
            let rounded = _mm512_srli_epi32::<16>(rounded);
            let none = _mm512_cmp_ps_mask::<_CMP_UNORD_Q>(self.0, self.0);
            let rounded = _mm512_mask_mov_epi32(rounded, none, _mm512_set1_epi32(0x7fc0));
            let mut out = [0u16; LANES];
            _mm256_storeu_si256(out.as_mut_ptr().cast(), _mm512_cvtepi32_epi16(rounded));
            out
        })
    }
}
