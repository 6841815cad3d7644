//! A figure over several seeds.

use serde::{Deserialize, Serialize};

/// Mean and spread of a figure over seeds.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Spread {
    /// The mean.
    pub mean: f64,
    /// The standard deviation of the sample (divided by one less than the count); 0 for one value.
    pub deviation: f64,
    /// The smallest.
    pub lowest: f64,
    /// The largest.
    pub highest: f64,
    /// How many values there are.
    pub count: usize,
}

/// Sums `values` up; `None` if there are none. The same for every order of them.
#[must_use]
pub fn spread(values: &[f64]) -> Option<Spread> {
    let mut values = values.to_vec();
    values.sort_unstable_by(f64::total_cmp);
    let (&lowest, &highest) = (values.first()?, values.last()?);
    let count = values.len();
    let mean = values.iter().sum::<f64>() / count as f64;
    let squares: f64 = values.iter().map(|value| (value - mean) * (value - mean)).sum();
    let deviation = if count == 1 { 0.0 } else { (squares / (count - 1) as f64).sqrt() };
    Some(Spread { mean, deviation, lowest, highest, count })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spread_agrees_with_numpy() {
        // numpy: mean 0.5125, std(ddof=1) 0.08539125638299666.
        let found = spread(&[0.55, 0.4, 0.6, 0.5]).unwrap();
        assert!((found.mean - 0.5125).abs() < 1e-12, "{found:?}");
        assert!((found.deviation - 0.085_391_256_382_996_66).abs() < 1e-12, "{found:?}");
        assert_eq!((found.lowest, found.highest, found.count), (0.4, 0.6, 4));
        assert_eq!(spread(&[0.5, 0.6, 0.4, 0.55]), Some(found));
    }

    #[test]
    fn one_value_has_no_spread_and_none_has_nothing() {
        assert_eq!(
            spread(&[0.3]),
            Some(Spread { mean: 0.3, deviation: 0.0, lowest: 0.3, highest: 0.3, count: 1 })
        );
        assert_eq!(spread(&[]), None);
    }
}
