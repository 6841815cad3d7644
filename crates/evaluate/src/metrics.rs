//! The figures, computed over rows or over a resample of them.

use crate::Figure;
use crate::confidence::Ranked;
use crate::outcome::Scored;

/// Point values over one list of rows, each from 0 to 1, in the order of [`Figure::ALL`]. `None` where there is nothing
/// to take a share of.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Metrics([Option<f64>; Figure::ALL.len()]);

impl Metrics {
    pub(crate) fn get(&self, figure: Figure) -> Option<f64> {
        self.0[figure as usize]
    }
}

/// The metrics of `rows`, which stand in the order of `score`, row `i` counted as often as `count(i)` says; all 0 if
/// nothing is counted. `categories` is above every category number in `rows`.
pub(crate) fn measure(rows: &[Scored], categories: usize, count: impl Fn(usize) -> u64) -> Metrics {
    let mut tally = Tally { categories: vec![[0; 3]; categories], ..Tally::default() };
    for (at, row) in rows.iter().enumerate() {
        tally.add(row, count(at));
    }
    let ranked = Ranked::of(rows, count);
    Metrics(Figure::ALL.map(|figure| match figure {
        Figure::Top1 => Some(ratio(tally.top1, tally.rows)),
        Figure::Top3 => Some(ratio(tally.top3, tally.rows)),
        Figure::Top5 => Some(ratio(tally.top5, tally.rows)),
        Figure::MacroF1 => Some(tally.macro_f1()),
        // 2PR / (P + R) with P = shared / predicted and R = shared / true.
        Figure::HierarchicalF1 => Some(ratio(2 * tally.shared, tally.predicted_levels + tally.true_levels)),
        Figure::Accepted => Some(ratio(tally.accepted, tally.rows)),
        Figure::AcceptedPrecision => {
            (tally.accepted > 0).then(|| ratio(tally.accepted_right, tally.accepted))
        }
        Figure::CoverageAt95 => Some(ranked.coverage_at(95)),
        Figure::CoverageAt98 => Some(ranked.coverage_at(98)),
        Figure::Ece => Some(ranked.ece()),
        Figure::Aurc => Some(ranked.aurc()),
    }))
}

/// Sums over rows. Integers, so the order of rows never matters.
#[derive(Default)]
struct Tally {
    rows: u64,
    top1: u64,
    top3: u64,
    top5: u64,
    accepted: u64,
    accepted_right: u64,
    shared: u64,
    predicted_levels: u64,
    true_levels: u64,
    /// Per category number: rows that are it, rows predicted as it, rows that are both.
    categories: Vec<[u64; 3]>,
}

impl Tally {
    /// Counts one row `times` times.
    fn add(&mut self, row: &Scored, times: u64) {
        let within = |depth| if row.rank.is_some_and(|rank| rank < depth) { times } else { 0 };
        self.rows += times;
        self.top1 += within(1);
        self.top3 += within(3);
        self.top5 += within(5);
        if row.accepted {
            self.accepted += times;
            self.accepted_right += within(1);
        }
        self.shared += row.shared as u64 * times;
        self.predicted_levels += row.predicted_levels as u64 * times;
        self.true_levels += row.true_levels as u64 * times;
        self.categories[row.truth][0] += times;
        if let Some(predicted) = row.predicted {
            self.categories[predicted][1] += times;
            self.categories[row.truth][2] += if predicted == row.truth { times } else { 0 };
        }
    }

    fn macro_f1(&self) -> f64 {
        let (mut sum, mut present) = (0.0, 0u64);
        for &[truth, predicted, both] in self.categories.iter().filter(|counts| counts[0] > 0) {
            sum += ratio(2 * both, truth + predicted);
            present += 1;
        }
        if present == 0 { 0.0 } else { sum / present as f64 }
    }
}

pub(crate) fn ratio(part: u64, whole: u64) -> f64 {
    if whole == 0 { 0.0 } else { part as f64 / whole as f64 }
}
