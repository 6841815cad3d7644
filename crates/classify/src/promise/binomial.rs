//! The binomial distribution, exact to about 12 digits: no table, no approximation by a normal.

/// The chance of `most` or fewer hits in `trials`, each with chance `each`.
pub(super) fn at_most(most: u64, trials: u64, each: f64) -> f64 {
    if most >= trials || each <= 0.0 {
        return 1.0;
    }
    if each >= 1.0 {
        return 0.0;
    }
    incomplete_beta((trials - most) as f64, most as f64 + 1.0, 1.0 - each)
}

/// The most hits of which so few or fewer have a chance of at most `risk`; `None` where even no hit is likelier.
pub(super) fn most_unlikely(trials: u64, each: f64, risk: f64) -> Option<u64> {
    if at_most(0, trials, each) > risk {
        return None;
    }
    // Never as many as are expected: at most half of the mass lies below the mean.
    let (mut passes, mut fails) = (0, (each * trials as f64).ceil() as u64 + 1);
    while fails - passes > 1 {
        let middle = passes.midpoint(fails);
        if at_most(middle, trials, each) <= risk { passes = middle } else { fails = middle }
    }
    Some(passes)
}

/// The share of which it is certain, up to `risk`, that at least as much is right: Clopper and Pearson's bound.
pub(super) fn lower_bound(right: u64, trials: u64, risk: f64) -> f64 {
    let wrong = trials.saturating_sub(right);
    if right == 0 {
        return 0.0;
    }
    let (mut low, mut high) = (0.0, 1.0);
    for _ in 0..60 {
        let middle = f64::midpoint(low, high);
        if at_most(wrong, trials, 1.0 - middle) <= risk { low = middle } else { high = middle }
    }
    low
}

/// The regularised incomplete beta function, by its continued fraction (Lentz's method, as in *Numerical Recipes* 6.4).
fn incomplete_beta(a: f64, b: f64, x: f64) -> f64 {
    let front = (ln_gamma(a + b) - ln_gamma(a) - ln_gamma(b) + a * x.ln() + b * (1.0 - x).ln()).exp();
    if x < (a + 1.0) / (a + b + 2.0) {
        front * fraction(a, b, x) / a
    } else {
        1.0 - front * fraction(b, a, 1.0 - x) / b
    }
}

fn fraction(a: f64, b: f64, x: f64) -> f64 {
    const TINY: f64 = 1e-300;
    let solid = |value: f64| if value.abs() < TINY { TINY } else { value };
    let mut c = 1.0;
    let mut d = 1.0 / solid(1.0 - (a + b) * x / (a + 1.0));
    let mut sum = d;
    // It converges in about the root of the larger of a and b.
    for m in 1..100_000 {
        let m = f64::from(m);
        let even = m * (b - m) * x / ((a + 2.0 * m - 1.0) * (a + 2.0 * m));
        let odd = -(a + m) * (a + b + m) * x / ((a + 2.0 * m) * (a + 2.0 * m + 1.0));
        let mut step = 1.0;
        for term in [even, odd] {
            d = 1.0 / solid(1.0 + term * d);
            c = solid(1.0 + term / c);
            step = c * d;
            sum *= step;
        }
        if (step - 1.0).abs() < 1e-14 {
            break;
        }
    }
    sum
}

/// The logarithm of the gamma function of a positive number (Lanczos, g = 7).
fn ln_gamma(x: f64) -> f64 {
    const COEFFICIENTS: [f64; 8] = [
        676.520_368_121_885_1,
        -1_259.139_216_722_402_8,
        771.323_428_777_653_1,
        -176.615_029_162_140_6,
        12.507_343_278_686_905,
        -0.138_571_095_265_720_12,
        9.984_369_578_019_572e-6,
        1.505_632_735_149_311_6e-7,
    ];
    let x = x - 1.0;
    let base = x + 7.5;
    let series = COEFFICIENTS
        .iter()
        .zip(1_u32..)
        .fold(0.999_999_999_999_809_9, |sum, (coefficient, at)| sum + coefficient / (x + f64::from(at)));
    (2.0 * std::f64::consts::PI).sqrt().ln() + (x + 0.5) * base.ln() - base + series.ln()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Summed term by term.
    fn by_hand(most: u64, trials: u64, each: f64) -> f64 {
        let mut term = (1.0 - each).powi(i32::try_from(trials).unwrap());
        let mut sum = term;
        for hit in 0..most {
            term *= (trials - hit) as f64 / (hit + 1) as f64 * each / (1.0 - each);
            sum += term;
        }
        sum
    }

    #[test]
    fn it_is_the_sum_of_its_terms() {
        for (most, trials, each) in
            [(0, 1, 0.5), (0, 45, 0.05), (3, 60, 0.05), (41, 1000, 0.05), (9, 12, 0.7)]
        {
            let (found, expected) = (at_most(most, trials, each), by_hand(most, trials, each));
            assert!((found - expected).abs() < 1e-11, "{most} {trials} {each}: {found} {expected}");
        }
        assert_eq!((at_most(5, 5, 0.3), at_most(2, 9, 0.0), at_most(2, 9, 1.0)), (1.0, 1.0, 0.0));
        // Half of the mass lies at or below the mean of so many.
        assert!((at_most(50_000, 1_000_000, 0.05) - 0.501).abs() < 1e-3);
    }

    #[test]
    fn forty_five_flawless_trials_are_the_fewest_at_a_tenth() {
        assert_eq!(most_unlikely(44, 0.05, 0.1), None);
        assert_eq!(most_unlikely(45, 0.05, 0.1), Some(0));
        assert_eq!(most_unlikely(1000, 0.05, 0.1), Some(40));
        assert!(at_most(40, 1000, 0.05) <= 0.1 && at_most(41, 1000, 0.05) > 0.1);
    }

    #[test]
    fn the_bound_is_where_the_test_turns() {
        assert!((lower_bound(45, 45, 0.1) - 0.1_f64.powf(1.0 / 45.0)).abs() < 1e-12);
        let bound = lower_bound(960, 1000, 0.1);
        assert!((at_most(40, 1000, 1.0 - bound) - 0.1).abs() < 1e-9, "{bound}");
        assert_eq!((lower_bound(0, 9, 0.1), lower_bound(0, 0, 0.1)), (0.0, 0.0));
    }
}
