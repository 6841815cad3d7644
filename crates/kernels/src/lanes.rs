//! Sixteen numbers at once: in one register of AVX-512, in two of AVX2, or in an array.
//!
//! Code written over [`Lanes`] is compiled for each of them and gives the same numbers to the bit on AVX2 and AVX-512; the
//! portable array rounds twice where these fuse a multiplication with an addition, so it agrees within rounding.
//!
//! All of it is `#[inline(always)]`: what is not inlined into a function with the instructions is compiled without them.

mod portable;

#[cfg(target_arch = "x86_64")]
mod avx2;
#[cfg(target_arch = "x86_64")]
mod avx512;

pub(crate) use portable::Portable;

#[cfg(target_arch = "x86_64")]
pub(crate) use {avx2::Avx2, avx512::Avx512};

/// How many numbers.
pub(crate) const LANES: usize = 16;

/// Sixteen f32 numbers on one kind of processor. Nothing outside this crate can name it or a type that has it: a value of a
/// processor's type may exist on that processor only.
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
    /// The larger of each two; `other` where `self` is no number.
    fn max(self, other: Self) -> Self;
    /// The smaller of each two; `other` where `self` is no number.
    fn min(self, other: Self) -> Self;
    /// Two to the power of each number, where 12,582,912 was added to a whole number between -126 and 127.
    fn power_of_two(self) -> Self;
    /// To memory, rounded to bfloat16, ties to even.
    fn store_bf16(self, out: &mut [u16; LANES]);
    /// The square turned round: number `i` of row `j` becomes number `j` of row `i`.
    fn transposed(rows: [Self; LANES]) -> [Self; LANES];

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
