//! Functions of numbers, sixteen at a time.

use crate::lanes::{Lanes, ROUND};

/// e to the x: 2 to a whole number, times a polynomial on the rest (coefficients of Cephes' `expf`). Relative error under
/// 3e-7; what would leave the normal numbers is kept within them.
#[inline(always)]
pub(crate) fn exp<L: Lanes>(x: L) -> L {
    let x = x.max(L::splat(-87.0)).min(L::splat(88.0));
    // Adding this rounds to a whole number and leaves it in the low bits.
    let rounded = x.times_plus(L::splat(std::f32::consts::LOG2_E), L::splat(ROUND));
    let whole = rounded.minus(L::splat(ROUND));
    let rest = whole.times_plus(L::splat(-0.693_359_4), x);
    let rest = whole.times_plus(L::splat(2.121_944_4e-4), rest);
    let mut p = L::splat(1.987_569_1e-4);
    for coefficient in [1.398_199_9e-3, 8.333_452e-3, 4.166_579_6e-2, 1.666_666_5e-1, 5.0e-1] {
        p = p.times_plus(rest, L::splat(coefficient));
    }
    p.times(rest).times_plus(rest, rest.plus(L::splat(1.0))).times(rounded.power_of_two())
}

/// e to the x for x up to 0, as closely as bfloat16 can tell: relative error under 1.2e-4. What is less than e to the -87 is that.
#[inline(always)]
pub(crate) fn exp_coarsely<L: Lanes>(x: L) -> L {
    let x = x.max(L::splat(-87.0));
    let rounded = x.times_plus(L::splat(std::f32::consts::LOG2_E), L::splat(ROUND));
    let whole = rounded.minus(L::splat(ROUND));
    let rest = whole.times_plus(L::splat(-std::f32::consts::LN_2), x);
    let mut p = L::splat(0.16566756);
    for coefficient in [0.50496334, 1.0001643, 0.99992806] {
        p = p.times_plus(rest, L::splat(coefficient));
    }
    p.times(rounded.power_of_two())
}
