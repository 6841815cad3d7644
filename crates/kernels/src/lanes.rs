//! Sixteen numbers at once: in one register of AVX-512, in two of AVX2, or in an array.
//!
//! Code written over [`Lanes`] is compiled for each of them and gives the same numbers to the bit on AVX2 and AVX-512; the
//! portable array rounds twice where these fuse a multiplication with an addition, so it agrees within rounding.
//!
//! All of it is `#[inline(always)]`: what is not inlined into a function with the instructions is compiled without them.

/// How many numbers.
pub const LANES: usize = 16;

/// Sixteen f32 numbers on one kind of processor.
pub trait Lanes: Copy {
    /// Sixteen times the number.
    fn splat(x: f32) -> Self;
    /// From memory.
    fn load(xs: &[f32; LANES]) -> Self;
    /// To memory.
    fn store(self, out: &mut [f32; LANES]);
    /// Sum.
    fn plus(self, other: Self) -> Self;
    /// Difference.
    fn minus(self, other: Self) -> Self;
    /// Product.
    fn times(self, other: Self) -> Self;
    /// Quotient.
    fn over(self, other: Self) -> Self;
    /// `self * a + b`.
    fn times_plus(self, a: Self, b: Self) -> Self;
    /// The larger of each two.
    fn max(self, other: Self) -> Self;
    /// The smaller of each two.
    fn min(self, other: Self) -> Self;
    /// Two to the power of each number, where 12,582,912 was added to a whole number between -126 and 127.
    fn power_of_two(self) -> Self;
    /// Rounded to bfloat16, ties to even.
    fn to_bf16(self) -> [u16; LANES];

    /// The first numbers from memory, zeros behind.
    #[inline(always)]
    fn load_some(xs: &[f32]) -> Self {
        let mut padded = [0.0; LANES];
        padded[..xs.len()].copy_from_slice(xs);
        Self::load(&padded)
    }

    /// The first numbers to memory.
    #[inline(always)]
    fn store_some(self, out: &mut [f32]) {
        let mut all = [0.0; LANES];
        self.store(&mut all);
        out.copy_from_slice(&all[..out.len()]);
    }

    /// Their sum, halved four times.
    #[inline(always)]
    fn total(self) -> f32 {
        let mut parts = [0.0; LANES];
        self.store(&mut parts);
        for width in [8, 4, 2, 1] {
            for at in 0..width {
                parts[at] += parts[at + width];
            }
        }
        parts[0]
    }

    /// The largest of them.
    #[inline(always)]
    fn largest(self) -> f32 {
        let mut parts = [0.0; LANES];
        self.store(&mut parts);
        for width in [8, 4, 2, 1] {
            for at in 0..width {
                parts[at] = parts[at].max(parts[at + width]);
            }
        }
        parts[0]
    }
}

/// What [`Lanes::power_of_two`] expects to be added.
pub(crate) const ROUND: f32 = 12_582_912.0;

/// An array that the compiler may do with as it can.
#[derive(Debug, Clone, Copy)]
pub struct Portable([f32; LANES]);

impl Portable {
    #[inline(always)]
    fn each(self, other: Self, f: impl Fn(f32, f32) -> f32) -> Self {
        let mut out = self.0;
        for (x, y) in out.iter_mut().zip(other.0) {
            *x = f(*x, y);
        }
        Self(out)
    }
}

impl Lanes for Portable {
    #[inline(always)]
    fn splat(x: f32) -> Self {
        Self([x; LANES])
    }
    #[inline(always)]
    fn load(xs: &[f32; LANES]) -> Self {
        Self(*xs)
    }
    #[inline(always)]
    fn store(self, out: &mut [f32; LANES]) {
        *out = self.0;
    }
    #[inline(always)]
    fn plus(self, other: Self) -> Self {
        self.each(other, |x, y| x + y)
    }
    #[inline(always)]
    fn minus(self, other: Self) -> Self {
        self.each(other, |x, y| x - y)
    }
    #[inline(always)]
    fn times(self, other: Self) -> Self {
        self.each(other, |x, y| x * y)
    }
    #[inline(always)]
    fn over(self, other: Self) -> Self {
        self.each(other, |x, y| x / y)
    }
    #[inline(always)]
    fn times_plus(self, a: Self, b: Self) -> Self {
        self.times(a).plus(b)
    }
    #[inline(always)]
    fn max(self, other: Self) -> Self {
        self.each(other, f32::max)
    }
    #[inline(always)]
    fn min(self, other: Self) -> Self {
        self.each(other, f32::min)
    }
    #[inline(always)]
    fn power_of_two(self) -> Self {
        self.each(self, |x, _| {
            f32::from_bits(x.to_bits().wrapping_sub(ROUND.to_bits()).wrapping_add(127) << 23)
        })
    }
    #[inline(always)]
    fn to_bf16(self) -> [u16; LANES] {
        self.0.map(crate::bf16::to_bf16)
    }
}

#[cfg(target_arch = "x86_64")]
mod x86 {
    use std::arch::x86_64::*;

    use super::{LANES, Lanes, ROUND};

    /// One register of AVX-512.
    #[derive(Debug, Clone, Copy)]
    pub(crate) struct Avx512(__m512);

    /// Two registers of AVX2.
    #[derive(Debug, Clone, Copy)]
    pub(crate) struct Avx2(__m256, __m256);

    // SAFETY of all that follows: values of these types are made only by code that `dispatch` runs, or that is inlined into a
    // kernel, on a processor with AVX-512, or with AVX2 and FMA; loads and stores are of whole arrays of 16 numbers.
    impl Lanes for Avx512 {
        #[inline(always)]
        fn splat(x: f32) -> Self {
            // SAFETY: see above.
            Self(unsafe { _mm512_set1_ps(x) })
        }
        #[inline(always)]
        fn load(xs: &[f32; LANES]) -> Self {
            // SAFETY: see above.
            Self(unsafe { _mm512_loadu_ps(xs.as_ptr()) })
        }
        #[inline(always)]
        fn store(self, out: &mut [f32; LANES]) {
            // SAFETY: see above.
            unsafe { _mm512_storeu_ps(out.as_mut_ptr(), self.0) }
        }
        #[inline(always)]
        fn plus(self, other: Self) -> Self {
            // SAFETY: see above.
            Self(unsafe { _mm512_add_ps(self.0, other.0) })
        }
        #[inline(always)]
        fn minus(self, other: Self) -> Self {
            // SAFETY: see above.
            Self(unsafe { _mm512_sub_ps(self.0, other.0) })
        }
        #[inline(always)]
        fn times(self, other: Self) -> Self {
            // SAFETY: see above.
            Self(unsafe { _mm512_mul_ps(self.0, other.0) })
        }
        #[inline(always)]
        fn over(self, other: Self) -> Self {
            // SAFETY: see above.
            Self(unsafe { _mm512_div_ps(self.0, other.0) })
        }
        #[inline(always)]
        fn times_plus(self, a: Self, b: Self) -> Self {
            // SAFETY: see above.
            Self(unsafe { _mm512_fmadd_ps(self.0, a.0, b.0) })
        }
        #[inline(always)]
        fn max(self, other: Self) -> Self {
            // SAFETY: see above.
            Self(unsafe { _mm512_max_ps(self.0, other.0) })
        }
        #[inline(always)]
        fn min(self, other: Self) -> Self {
            // SAFETY: see above.
            Self(unsafe { _mm512_min_ps(self.0, other.0) })
        }
        #[inline(always)]
        fn power_of_two(self) -> Self {
            // SAFETY: see above.
            unsafe {
                let offset = _mm512_set1_epi32(127_i32.wrapping_sub(ROUND.to_bits().cast_signed()));
                let bits = _mm512_add_epi32(_mm512_castps_si512(self.0), offset);
                Self(_mm512_castsi512_ps(_mm512_slli_epi32::<23>(bits)))
            }
        }
        #[inline(always)]
        fn to_bf16(self) -> [u16; LANES] {
            // SAFETY: see above; 256 bits are 16 numbers of 16 bits.
            unsafe {
                let bits = _mm512_castps_si512(self.0);
                let odd = _mm512_and_si512(_mm512_srli_epi32::<16>(bits), _mm512_set1_epi32(1));
                let rounded = _mm512_add_epi32(bits, _mm512_add_epi32(odd, _mm512_set1_epi32(0x7fff)));
                let rounded = _mm512_srli_epi32::<16>(rounded);
                let none = _mm512_cmp_ps_mask::<_CMP_UNORD_Q>(self.0, self.0);
                let rounded = _mm512_mask_mov_epi32(rounded, none, _mm512_set1_epi32(0x7fc0));
                let mut out = [0u16; LANES];
                _mm256_storeu_si256(out.as_mut_ptr().cast(), _mm512_cvtepi32_epi16(rounded));
                out
            }
        }
    }

    impl Lanes for Avx2 {
        #[inline(always)]
        fn splat(x: f32) -> Self {
            // SAFETY: see above.
            unsafe { Self(_mm256_set1_ps(x), _mm256_set1_ps(x)) }
        }
        #[inline(always)]
        fn load(xs: &[f32; LANES]) -> Self {
            // SAFETY: see above.
            unsafe { Self(_mm256_loadu_ps(xs.as_ptr()), _mm256_loadu_ps(xs.as_ptr().add(8))) }
        }
        #[inline(always)]
        fn store(self, out: &mut [f32; LANES]) {
            // SAFETY: see above.
            unsafe {
                _mm256_storeu_ps(out.as_mut_ptr(), self.0);
                _mm256_storeu_ps(out.as_mut_ptr().add(8), self.1);
            }
        }
        #[inline(always)]
        fn plus(self, other: Self) -> Self {
            // SAFETY: see above.
            unsafe { Self(_mm256_add_ps(self.0, other.0), _mm256_add_ps(self.1, other.1)) }
        }
        #[inline(always)]
        fn minus(self, other: Self) -> Self {
            // SAFETY: see above.
            unsafe { Self(_mm256_sub_ps(self.0, other.0), _mm256_sub_ps(self.1, other.1)) }
        }
        #[inline(always)]
        fn times(self, other: Self) -> Self {
            // SAFETY: see above.
            unsafe { Self(_mm256_mul_ps(self.0, other.0), _mm256_mul_ps(self.1, other.1)) }
        }
        #[inline(always)]
        fn over(self, other: Self) -> Self {
            // SAFETY: see above.
            unsafe { Self(_mm256_div_ps(self.0, other.0), _mm256_div_ps(self.1, other.1)) }
        }
        #[inline(always)]
        fn times_plus(self, a: Self, b: Self) -> Self {
            // SAFETY: see above.
            unsafe { Self(_mm256_fmadd_ps(self.0, a.0, b.0), _mm256_fmadd_ps(self.1, a.1, b.1)) }
        }
        #[inline(always)]
        fn max(self, other: Self) -> Self {
            // SAFETY: see above.
            unsafe { Self(_mm256_max_ps(self.0, other.0), _mm256_max_ps(self.1, other.1)) }
        }
        #[inline(always)]
        fn min(self, other: Self) -> Self {
            // SAFETY: see above.
            unsafe { Self(_mm256_min_ps(self.0, other.0), _mm256_min_ps(self.1, other.1)) }
        }
        #[inline(always)]
        fn power_of_two(self) -> Self {
            // SAFETY: see above.
            unsafe {
                let offset = _mm256_set1_epi32(127_i32.wrapping_sub(ROUND.to_bits().cast_signed()));
                let low = _mm256_add_epi32(_mm256_castps_si256(self.0), offset);
                let high = _mm256_add_epi32(_mm256_castps_si256(self.1), offset);
                Self(
                    _mm256_castsi256_ps(_mm256_slli_epi32::<23>(low)),
                    _mm256_castsi256_ps(_mm256_slli_epi32::<23>(high)),
                )
            }
        }
        #[inline(always)]
        fn to_bf16(self) -> [u16; LANES] {
            let mut all = [0.0; LANES];
            self.store(&mut all);
            all.map(crate::bf16::to_bf16)
        }
    }
}

#[cfg(target_arch = "x86_64")]
pub(crate) use x86::{Avx2, Avx512};
