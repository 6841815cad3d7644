//! What confidence is worth: coverage at a precision, calibration, and the curves behind them.
//!
//! Rows of equal confidence cannot be told apart, so they are taken together, and where a bin cuts through them they
//! share what of them is right. No figure depends on the order in which equally sure rows stand.

use serde::{Deserialize, Serialize};

use crate::metrics::ratio;
use crate::outcome::{EvaluateError, Outcome, Scored, score};

/// Bins of calibration error and reliability curve.
const BINS: u64 = 10;
/// The most points of [`precision_over_coverage`].
const POINTS: u64 = 100;

/// One bin of the reliability curve.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Bin {
    /// Rows in it.
    pub rows: u64,
    /// Their mean confidence.
    pub confidence: f64,
    /// The share of them that is right.
    pub right: f64,
}

/// One point of precision over coverage.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Point {
    /// Share of all rows that are at least as sure as `confidence`.
    pub coverage: f64,
    /// Share of those that is right.
    pub precision: f64,
    /// The least confidence among them.
    pub confidence: f64,
}

/// Calibration by ten bins of equally many rows, from the least sure to the surest. Where rows do not divide by ten, the
/// first bins have one more, as `numpy.array_split` has it. With fewer rows than bins there are as many bins as rows.
///
/// A row without a candidate counts as wrong with confidence 0.
///
/// # Errors
/// As [`report`](crate::report).
pub fn reliability(outcomes: &[Outcome]) -> Result<Vec<Bin>, EvaluateError> {
    let rows = score(outcomes)?.rows;
    Ok(bins(&Ranked::of(&rows, |_| 1)).into_iter().map(Bin::from).collect())
}

/// Precision of the surest rows by their share, at about every hundredth; the last point is over all rows that have a
/// candidate. Empty if none has.
///
/// # Errors
/// As [`report`](crate::report).
pub fn precision_over_coverage(outcomes: &[Outcome]) -> Result<Vec<Point>, EvaluateError> {
    let rows = score(outcomes)?.rows;
    let ranked = Ranked::of(&rows, |_| 1);
    let (mut points, mut taken, mut right): (Vec<(u64, Point)>, u64, u64) = (Vec::new(), 0, 0);
    for tie in &ranked.ties {
        taken += tie.rows;
        right += tie.right;
        let point = Point {
            coverage: taken as f64 / ranked.rows as f64,
            precision: right as f64 / taken as f64,
            confidence: f64::from(tie.confidence),
        };
        // The last point within each hundredth stands for it.
        let place = (taken * POINTS).div_ceil(ranked.rows);
        match points.last_mut().filter(|(last, _)| *last == place) {
            Some(last) => last.1 = point,
            None => points.push((place, point)),
        }
    }
    Ok(points.into_iter().map(|(_, point)| point).collect())
}

/// Rows in order of confidence, those of equal confidence as one.
pub(crate) struct Ranked {
    /// Surest first; only rows with a candidate.
    ties: Vec<Tie>,
    /// All rows.
    rows: u64,
}

/// Rows of one confidence.
#[derive(Clone, Copy)]
struct Tie {
    confidence: f32,
    rows: u64,
    right: u64,
}

impl Ranked {
    /// `rows` in the order of [`score`], row `i` as often as `count(i)` says.
    pub(crate) fn of(rows: &[Scored], count: impl Fn(usize) -> u64) -> Self {
        let (mut ties, mut all): (Vec<Tie>, u64) = (Vec::new(), 0);
        for (at, row) in rows.iter().enumerate() {
            let count = count(at);
            all += count;
            if count == 0 || row.predicted.is_none() {
                continue;
            }
            let right = if row.rank == Some(0) { count } else { 0 };
            match ties.last_mut().filter(|tie| tie.confidence == row.confidence) {
                Some(tie) => (tie.rows, tie.right) = (tie.rows + count, tie.right + right),
                None => ties.push(Tie { confidence: row.confidence, rows: count, right }),
            }
        }
        Self { ties, rows: all }
    }

    /// The largest share of all rows, taken in order of confidence, of which at least `percent` in a hundred are right.
    pub(crate) fn coverage_at(&self, percent: u64) -> f64 {
        let (mut taken, mut right, mut most) = (0, 0, 0);
        for tie in &self.ties {
            taken += tie.rows;
            right += tie.right;
            if right * 100 >= taken * percent {
                most = taken;
            }
        }
        ratio(most, self.rows)
    }

    /// Expected calibration error: the gap between mean confidence and share right of each bin, weighted by rows.
    pub(crate) fn ece(&self) -> f64 {
        let gaps: f64 = bins(self).iter().map(|bin| (bin.confidence - bin.right).abs()).sum();
        if self.rows == 0 { 0.0 } else { gaps / self.rows as f64 }
    }

    /// Area under the curve of risk over coverage (Geifman, Uziel and El-Yaniv 2019): the mean over rows of the share of
    /// wrong ones among those at least as sure.
    pub(crate) fn aurc(&self) -> f64 {
        let (mut taken, mut right, mut area) = (0, 0, 0.0);
        for tie in self.ties.iter().chain(&self.silent()) {
            taken += tie.rows;
            right += tie.right;
            area += tie.rows as f64 * ratio(taken - right, taken);
        }
        if self.rows == 0 { 0.0 } else { area / self.rows as f64 }
    }

    /// The rows without a candidate.
    fn silent(&self) -> Option<Tie> {
        let rows = self.rows - self.ties.iter().map(|tie| tie.rows).sum::<u64>();
        (rows > 0).then_some(Tie { confidence: 0.0, rows, right: 0 })
    }
}

/// Sums over the rows of a bin.
#[derive(Clone, Copy, Default)]
struct Sums {
    rows: u64,
    confidence: f64,
    right: f64,
}

impl From<Sums> for Bin {
    fn from(sums: Sums) -> Self {
        let rows = sums.rows as f64;
        Self { rows: sums.rows, confidence: sums.confidence / rows, right: sums.right / rows }
    }
}

/// The bins that have rows, from the least sure.
fn bins(ranked: &Ranked) -> Vec<Sums> {
    let mut ties: Vec<Tie> = ranked.silent().into_iter().chain(ranked.ties.iter().rev().copied()).collect();
    // Rows without a candidate are as unsure as those of confidence 0.
    if ties.len() > 1 && ties[0].confidence == ties[1].confidence {
        let first = ties.remove(0);
        ties[0].rows += first.rows;
        ties[0].right += first.right;
    }
    let mut bins = Vec::new();
    let (mut ties, mut left) = (ties.iter(), 0);
    let mut tie = None;
    for bin in 0..BINS {
        let mut room = ranked.rows / BINS + u64::from(bin < ranked.rows % BINS);
        let mut sums = Sums { rows: room, ..Sums::default() };
        while room > 0 {
            if left == 0 {
                tie = ties.next();
                left = tie.map_or(room, |tie| tie.rows);
            }
            let taken = left.min(room);
            if let Some(tie) = tie {
                sums.confidence += f64::from(tie.confidence) * taken as f64;
                sums.right += tie.right as f64 * taken as f64 / tie.rows as f64;
            }
            (left, room) = (left - taken, room - taken);
        }
        if sums.rows > 0 {
            bins.push(sums);
        }
    }
    bins
}

#[cfg(test)]
mod tests;
