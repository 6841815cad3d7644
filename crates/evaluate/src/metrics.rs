//! The five numbers, computed over rows or over a resample of them.

use crate::outcome::Scored;

/// Point values over one list of rows, each from 0 to 1.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Metrics {
    pub(crate) top1: f64,
    pub(crate) top3: f64,
    pub(crate) top5: f64,
    pub(crate) macro_f1: f64,
    pub(crate) hierarchical_f1: f64,
}

/// Sums over rows, from which [`Metrics`] follow. Integers, so the order of rows never matters.
pub(crate) struct Tally {
    rows: u64,
    top1: u64,
    top3: u64,
    top5: u64,
    shared: u64,
    predicted_levels: u64,
    true_levels: u64,
    /// Per category number: rows that are it, rows predicted as it, rows that are both.
    categories: Vec<[u64; 3]>,
}

impl Tally {
    /// An empty tally for rows whose category numbers are below `categories`.
    pub(crate) fn new(categories: usize) -> Self {
        Tally {
            rows: 0,
            top1: 0,
            top3: 0,
            top5: 0,
            shared: 0,
            predicted_levels: 0,
            true_levels: 0,
            categories: vec![[0; 3]; categories],
        }
    }

    /// Counts one row.
    pub(crate) fn add(&mut self, row: &Scored) {
        self.rows += 1;
        if let Some(rank) = row.rank {
            self.top1 += u64::from(rank < 1);
            self.top3 += u64::from(rank < 3);
            self.top5 += u64::from(rank < 5);
        }
        self.shared += row.shared as u64;
        self.predicted_levels += row.predicted_levels as u64;
        self.true_levels += row.true_levels as u64;
        self.categories[row.truth][0] += 1;
        if let Some(predicted) = row.predicted {
            self.categories[predicted][1] += 1;
            self.categories[row.truth][2] += u64::from(predicted == row.truth);
        }
    }

    /// The metrics of what was counted; all 0 if nothing was.
    pub(crate) fn metrics(&self) -> Metrics {
        let (mut sum, mut present) = (0.0, 0u64);
        for &[truth, predicted, both] in self.categories.iter().filter(|counts| counts[0] > 0) {
            sum += ratio(2 * both, truth + predicted);
            present += 1;
        }
        Metrics {
            top1: ratio(self.top1, self.rows),
            top3: ratio(self.top3, self.rows),
            top5: ratio(self.top5, self.rows),
            macro_f1: if present == 0 { 0.0 } else { sum / present as f64 },
            // 2PR / (P + R) with P = shared / predicted and R = shared / true.
            hierarchical_f1: ratio(2 * self.shared, self.predicted_levels + self.true_levels),
        }
    }
}

fn ratio(part: u64, whole: u64) -> f64 {
    if whole == 0 { 0.0 } else { part as f64 / whole as f64 }
}
