//! Sixteen numbers in an array.

use super::{LANES, Lanes, ROUND};

/// An array that the compiler may do with as it can.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Portable([f32; LANES]);

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
    fn store_bf16(self, out: &mut [u16; LANES]) {
        for (o, x) in out.iter_mut().zip(self.0) {
            *o = crate::bf16::to_bf16(x);
        }
    }
    #[inline(always)]
    fn transposed(rows: [Self; LANES]) -> [Self; LANES] {
        let mut out = rows;
        for (i, to) in out.iter_mut().enumerate() {
            for (j, from) in rows.iter().enumerate() {
                to.0[j] = from.0[i];
            }
        }
        out
    }
}
