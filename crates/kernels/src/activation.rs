//! The functions between the two halves of a feed-forward layer, as the encoders know them.

use crate::lanes::Lanes;
use crate::math::exp;

/// Which function.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Activation {
    /// x times the normal distribution up to x (Hendrycks and Gimpel 2016).
    Gelu,
    /// Its approximation by tanh, which some models are trained with.
    GeluTanh,
    /// x where it is positive, else 0.
    Relu,
    /// x times the logistic function of x.
    Silu,
}

impl Activation {
    /// The function of each number, within 2e-6.
    #[inline(always)]
    pub(crate) fn of<L: Lanes>(self, x: L) -> L {
        match self {
            Self::Gelu => gelu(x),
            Self::GeluTanh => gelu_tanh(x),
            Self::Relu => x.max(L::splat(0.0)),
            Self::Silu => x.over(exp(L::splat(0.0).minus(x)).plus(L::splat(1.0))),
        }
    }

    /// The function of each number as closely as bfloat16 can tell: within 1.2e-4 for inputs up to 12.
    #[inline(always)]
    pub(crate) fn coarsely_of<L: Lanes>(self, x: L) -> L {
        match self {
            Self::Gelu => gelu_coarse(x),
            other => other.of(x),
        }
    }
}

/// With the error function of Abramowitz and Stegun 7.1.26 (error 1.5e-7).
#[inline(always)]
fn gelu<L: Lanes>(x: L) -> L {
    let one = L::splat(1.0);
    let size = x.max(L::splat(0.0).minus(x));
    let z = size.times(L::splat(std::f32::consts::FRAC_1_SQRT_2));
    let t = one.over(z.times_plus(L::splat(0.327_591_1), one));
    let mut p = L::splat(1.061_405_4);
    for coefficient in [-1.453_152_1, 1.421_413_8, -0.284_496_72, 0.254_829_6] {
        p = p.times_plus(t, L::splat(coefficient));
    }
    let tail = p.times(t).times(L::splat(0.5)).times(exp(L::splat(0.0).minus(z.times(z))));
    // Below zero it is x times the tail, above zero x less that.
    x.max(L::splat(0.0)).minus(size.times(tail))
}

/// The normal distribution as a half and an odd polynomial, fitted to the least largest error of the product on -4.2..4.2;
/// beyond, it is taken as at the ends.
#[inline(always)]
fn gelu_coarse<L: Lanes>(x: L) -> L {
    const END: f32 = 4.2;
    let near = x.min(L::splat(END)).max(L::splat(-END));
    let square = near.times(near);
    let mut p = L::splat(4.923_811e-11);
    for coefficient in [
        -4.795_656e-9,
        2.072_474_4e-7,
        -5.289_561e-6,
        8.983_591_4e-5,
        -1.086_458_8e-3,
        9.740_939e-3,
        -6.622_208e-2,
        3.988_346e-1,
    ] {
        p = p.times_plus(square, L::splat(coefficient));
    }
    x.times(near.times_plus(p, L::splat(0.5)))
}

/// 0.5 * (1 + tanh(y)) is 1 / (1 + exp(-2 y)).
#[inline(always)]
fn gelu_tanh<L: Lanes>(x: L) -> L {
    let cubed = x.times(x).times(L::splat(0.044_715));
    let y = cubed.times_plus(x, x).times(L::splat(-2.0 * 0.797_884_6));
    x.over(exp(y).plus(L::splat(1.0)))
}
