//! Resampling of rows with replacement, on any number of threads with the same result.

use crate::metrics::{Metrics, measure};
use crate::outcome::Scored;
use rand::{Rng, SeedableRng};
use rand_chacha::ChaCha8Rng;
use rayon::prelude::*;

/// The metrics of `resamples` samples of `rows`, each as long as `rows` and drawn from it with replacement.
///
/// `rows` stand in the order of `score`, and `categories` is above every category number in them.
pub(crate) fn resample(rows: &[Scored], categories: usize, resamples: usize, seed: u64) -> Vec<Metrics> {
    draw(rows.len(), resamples, seed, |times| measure(rows, categories, |row| u64::from(times[row])))
}

/// What `measure` makes of `resamples` samples of `rows` rows, drawn with replacement: it is given how often each row
/// was drawn.
///
/// Resample `i` draws from stream `i` of the generator that `seed` names, so no resample depends on another, nor on
/// the thread it ran on.
pub(crate) fn draw<T: Send>(
    rows: usize,
    resamples: usize,
    seed: u64,
    measure: impl Fn(&[u32]) -> T + Sync,
) -> Vec<T> {
    (0..resamples)
        .into_par_iter()
        .map(|number| {
            let mut generator = ChaCha8Rng::seed_from_u64(seed);
            generator.set_stream(number as u64);
            let mut times = vec![0; rows];
            for _ in 0..rows {
                times[generator.random_range(0..rows)] += 1;
            }
            measure(&times)
        })
        .collect()
}

/// The central interval that holds `confidence` of `values`, by percentiles with linear interpolation between
/// neighbours. `None` if `values` is empty.
pub(crate) fn percentile_interval(mut values: Vec<f64>, confidence: f64) -> Option<(f64, f64)> {
    if values.is_empty() {
        return None;
    }
    values.sort_unstable_by(f64::total_cmp);
    let tail = (1.0 - confidence) / 2.0;
    Some((quantile(&values, tail), quantile(&values, 1.0 - tail)))
}

/// The quantile of a sorted, non-empty list, as numpy's default ("linear") has it.
fn quantile(sorted: &[f64], share: f64) -> f64 {
    let position = share.clamp(0.0, 1.0) * (sorted.len() - 1) as f64;
    let below = position.floor() as usize;
    let above = (below + 1).min(sorted.len() - 1);
    sorted[below] + (sorted[above] - sorted[below]) * (position - below as f64)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn percentiles_interpolate_as_numpy_does() {
        // numpy.percentile([1, 2, 4, 8, 16], [2.5, 97.5]) is [1.1, 15.2].
        let (low, high) = percentile_interval(vec![8.0, 1.0, 16.0, 2.0, 4.0], 0.95).unwrap();
        assert!((low - 1.1).abs() < 1e-12, "{low}");
        assert!((high - 15.2).abs() < 1e-12, "{high}");
    }

    #[test]
    fn full_confidence_spans_every_value_and_nothing_gives_nothing() {
        assert_eq!(percentile_interval(vec![3.0, 1.0, 2.0], 1.0), Some((1.0, 3.0)));
        assert_eq!(percentile_interval(vec![7.0], 0.95), Some((7.0, 7.0)));
        assert_eq!(percentile_interval(Vec::new(), 0.95), None);
    }
}
