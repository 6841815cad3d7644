//! Sixteen numbers in one register of AVX-512.

use std::arch::x86_64::*;

use super::avx2::{largest_of_eight, total_of_eight};
use super::{LANES, Lanes, ROUND};

/// One register of AVX-512; `BF16` where the processor rounds to bfloat16 by itself (and takes what is below the normal
/// numbers for zero).
#[derive(Debug, Clone, Copy)]
pub(crate) struct Avx512<const BF16: bool = false>(__m512);

macro_rules! avx512 {
    ($instructions:expr) => {
        // SAFETY: only `dispatch` and the kernels name the type, in code that is inlined into functions for AVX-512, which
        // run where that was found. Pointers are to whole arrays of 16 numbers, behind references.
        unsafe { $instructions }
    };
}

impl<const BF16: bool> Lanes for Avx512<BF16> {
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
    fn store_bf16(self, out: &mut [u16; LANES]) {
        if BF16 {
            // `dispatch` and the kernels name this type where the processor has the instruction, too.
            return avx512!({
                let rounded = std::mem::transmute::<__m256bh, __m256i>(_mm512_cvtneps_pbh(self.0));
                _mm256_storeu_si256(out.as_mut_ptr().cast(), rounded);
            });
        }
        avx512!({
            let bits = _mm512_castps_si512(self.0);
            let odd = _mm512_and_si512(_mm512_srli_epi32::<16>(bits), _mm512_set1_epi32(1));
            let rounded = _mm512_add_epi32(bits, _mm512_add_epi32(odd, _mm512_set1_epi32(0x7fff)));
            let rounded = _mm512_srli_epi32::<16>(rounded);
            let none = _mm512_cmp_ps_mask::<_CMP_UNORD_Q>(self.0, self.0);
            let rounded = _mm512_mask_mov_epi32(rounded, none, _mm512_set1_epi32(0x7fc0));
            _mm256_storeu_si256(out.as_mut_ptr().cast(), _mm512_cvtepi32_epi16(rounded));
        });
    }
    #[inline(always)]
    fn transposed(rows: [Self; LANES]) -> [Self; LANES] {
        avx512!({
            // Pairs of numbers, then fours, each within a quarter of a register; then the quarters find their places.
            let mut fours = rows;
            for at in (0..LANES).step_by(4) {
                let [a, b, c, d] = [rows[at].0, rows[at + 1].0, rows[at + 2].0, rows[at + 3].0];
                let low = _mm512_castps_pd(_mm512_unpacklo_ps(a, b));
                let high = _mm512_castps_pd(_mm512_unpackhi_ps(a, b));
                let low2 = _mm512_castps_pd(_mm512_unpacklo_ps(c, d));
                let high2 = _mm512_castps_pd(_mm512_unpackhi_ps(c, d));
                fours[at] = Self(_mm512_castpd_ps(_mm512_unpacklo_pd(low, low2)));
                fours[at + 1] = Self(_mm512_castpd_ps(_mm512_unpackhi_pd(low, low2)));
                fours[at + 2] = Self(_mm512_castpd_ps(_mm512_unpacklo_pd(high, high2)));
                fours[at + 3] = Self(_mm512_castpd_ps(_mm512_unpackhi_pd(high, high2)));
            }
            let mut out = rows;
            for at in 0..4 {
                let [a, b, c, d] = [fours[at].0, fours[at + 4].0, fours[at + 8].0, fours[at + 12].0];
                let even = _mm512_shuffle_f32x4::<0x88>(a, b);
                let odd = _mm512_shuffle_f32x4::<0xdd>(a, b);
                let even2 = _mm512_shuffle_f32x4::<0x88>(c, d);
                let odd2 = _mm512_shuffle_f32x4::<0xdd>(c, d);
                out[at] = Self(_mm512_shuffle_f32x4::<0x88>(even, even2));
                out[at + 4] = Self(_mm512_shuffle_f32x4::<0x88>(odd, odd2));
                out[at + 8] = Self(_mm512_shuffle_f32x4::<0xdd>(even, even2));
                out[at + 12] = Self(_mm512_shuffle_f32x4::<0xdd>(odd, odd2));
            }
            out
        })
    }
    #[inline(always)]
    fn load_some(xs: &[f32]) -> Self {
        assert!(xs.len() <= LANES, "at most one register");
        // Only the numbers that are there are read.
        Self(avx512!(_mm512_maskz_loadu_ps(first(xs.len()), xs.as_ptr())))
    }
    #[inline(always)]
    fn store_some(self, out: &mut [f32]) {
        assert!(out.len() <= LANES, "at most one register");
        // Only the places that are there are written.
        avx512!(_mm512_mask_storeu_ps(out.as_mut_ptr(), first(out.len()), self.0));
    }
    #[inline(always)]
    fn total(self) -> f32 {
        avx512!({
            let high = _mm256_castpd_ps(_mm512_extractf64x4_pd::<1>(_mm512_castps_pd(self.0)));
            total_of_eight(_mm256_add_ps(_mm512_castps512_ps256(self.0), high))
        })
    }
    #[inline(always)]
    fn largest(self) -> f32 {
        avx512!({
            let high = _mm256_castpd_ps(_mm512_extractf64x4_pd::<1>(_mm512_castps_pd(self.0)));
            largest_of_eight(_mm256_max_ps(_mm512_castps512_ps256(self.0), high))
        })
    }
}

/// A bit for each of the first `count` lanes, 16 at most.
#[inline(always)]
fn first(count: usize) -> u16 {
    ((1u32 << count) - 1) as u16
}
