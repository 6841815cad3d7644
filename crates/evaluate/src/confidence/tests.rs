use super::*;
use crate::{Report, Settings, report};
use proptest::prelude::*;

/// A row that is right or wrong, with its confidence.
fn row(confidence: f32, right: bool) -> Outcome {
    let path = |name: &str| vec![name.to_owned()];
    Outcome {
        truth: vec![path("a")],
        candidates: vec![path(if right { "a" } else { "b" })],
        confidence,
        accepted: false,
        language: None,
    }
}

fn silent(confidence: f32) -> Outcome {
    Outcome { candidates: Vec::new(), ..row(confidence, false) }
}

fn measured(rows: &[Outcome]) -> Report {
    report(rows, 2, &Settings { resamples: 0, ..Settings::default() }).unwrap()
}

fn close(found: f64, expected: f64) {
    assert!((found - expected).abs() < 1e-9, "found {found}, expected {expected}");
}

/// 25 rows of confidence in thousandths, no two alike.
fn twenty_five() -> Vec<Outcome> {
    let right = [980, 903, 675, 448, 734, 627, 565];
    [
        830, 980, 340, 903, 79, 508, 226, 105, 675, 448, 84, 622, 34, 502, 368, 734, 627, 936, 55, 681, 40,
        565, 906, 303, 48,
    ]
    .iter()
    .map(|&thousandths| row(thousandths as f32 / 1000.0, right.contains(&thousandths)))
    .collect()
}

#[test]
fn rows_that_do_not_divide_by_ten_agree_with_numpy() {
    // numpy: np.array_split(np.argsort(confidence), 10), then sum(len * |mean confidence - mean right|) / 25.
    let report = measured(&twenty_five());
    close(report.ece.value, 0.183_959_999_978_542_32);
    // numpy: (1 - cumsum(right from the surest) / (1..25)).mean().
    close(report.aurc.value, 0.552_991_028_688_336_6);
    let bins = reliability(&twenty_five()).unwrap();
    assert_eq!(bins.iter().map(|bin| bin.rows).collect::<Vec<_>>(), [3, 3, 3, 3, 3, 2, 2, 2, 2, 2]);
    close(bins[3].right, 1.0 / 3.0);
    assert!((bins[9].confidence - 0.958).abs() < 1e-6);
    // numpy: the largest k with cumsum(right)[k] / k >= 0.95 is 1 of 25.
    close(report.coverage_at_95.value, 0.04);
}

#[test]
fn coverage_looks_behind_an_early_error() {
    // Right, wrong, then 38 right: 39 of 40 is 0.975. Two of the next wrong: 39 of 42 is 0.929.
    let mut rows = vec![row(0.99, true), row(0.98, false)];
    rows.extend((0..38).map(|at| row(0.9 - at as f32 / 100.0, true)));
    rows.extend([row(0.1, false), row(0.05, false)]);
    let report = measured(&rows);
    // 39 of 41 is 0.951.
    close(report.coverage_at_95.value, 41.0 / 42.0);
    close(report.coverage_at_98.value, 1.0 / 42.0);
}

#[test]
fn exactly_the_precision_asked_for_is_enough() {
    let mut rows: Vec<Outcome> = (0..19).map(|_| row(0.9, true)).collect();
    rows.push(row(0.9, false));
    close(measured(&rows).coverage_at_95.value, 1.0);
    rows.push(row(0.9, false));
    close(measured(&rows).coverage_at_95.value, 0.0);
}

#[test]
fn equally_sure_rows_are_taken_together() {
    // Alone the first nine would be all right; one of the ten is not, whichever it is.
    let rows: Vec<Outcome> = (0..10).map(|at| row(0.8, at != 9)).collect();
    close(measured(&rows).coverage_at_95.value, 0.0);
    // Every bin has one row of confidence 0.8 and a tenth of the error.
    close(measured(&rows).ece.value, f64::from(0.8f32).mul_add(-1.0, 0.9));
    close(measured(&rows).aurc.value, 0.1);
    assert_eq!(precision_over_coverage(&rows).unwrap().len(), 1);
}

#[test]
fn a_row_without_a_candidate_is_never_taken_and_counts_as_wrong() {
    let mut rows: Vec<Outcome> = (0..39).map(|_| row(1.0, true)).collect();
    // What it says of itself does not matter.
    rows.push(silent(1.0));
    let report = measured(&rows);
    close(report.coverage_at_95.value, 39.0 / 40.0);
    close(report.ece.value, 0.0);
    close(report.aurc.value, 1.0 / 40.0 / 40.0);
    let points = precision_over_coverage(&rows).unwrap();
    assert_eq!(points, [Point { coverage: 39.0 / 40.0, precision: 1.0, confidence: 1.0 }]);
    assert_eq!(precision_over_coverage(&[silent(0.5)]).unwrap(), []);
    close(measured(&[silent(0.5)]).coverage_at_98.value, 0.0);
}

#[test]
fn fewer_rows_than_bins_make_fewer_bins() {
    let bins = reliability(&[row(0.25, false), row(0.75, true), silent(0.9)]).unwrap();
    let expected = [(0.0, 0.0), (0.25, 0.0), (0.75, 1.0)];
    let expected = expected.map(|(confidence, right)| Bin { rows: 1, confidence, right });
    assert_eq!(bins, expected);
}

#[test]
fn the_curve_of_many_rows_has_about_a_hundred_points_and_ends_with_all() {
    let rows: Vec<Outcome> = (0..1234).map(|at| row(at as f32 / 1234.0, at % 3 > 0)).collect();
    let points = precision_over_coverage(&rows).unwrap();
    assert_eq!(points.len(), 100);
    assert!(points.is_sorted_by(|a, b| a.coverage < b.coverage && a.confidence > b.confidence));
    let last = points[99];
    close(last.coverage, 1.0);
    close(last.precision, measured(&rows).top1.value);
}

#[test]
fn a_confidence_that_is_no_share_is_refused() {
    for confidence in [-0.1, 1.1, f32::NAN, f32::INFINITY] {
        let refused = reliability(&[row(0.5, true), row(confidence, true)]);
        assert!(matches!(refused, Err(EvaluateError::NotAConfidence { row: 1, .. })), "{refused:?}");
    }
}

fn any_rows() -> impl Strategy<Value = Vec<Outcome>> {
    // Few different confidences, so that many are equal.
    let one = (0u8..=8, any::<bool>(), 0u8..10).prop_map(|(eighths, right, candidate)| {
        let confidence = f32::from(eighths) / 8.0;
        if candidate == 0 { silent(confidence) } else { row(confidence, right) }
    });
    prop::collection::vec(one, 1..60)
}

proptest! {
    #[test]
    fn bins_lose_no_row_and_no_error(rows in any_rows()) {
        let bins = reliability(&rows).unwrap();
        prop_assert_eq!(bins.iter().map(|bin| bin.rows).sum::<u64>(), rows.len() as u64);
        let right: f64 = bins.iter().map(|bin| bin.right * bin.rows as f64).sum();
        prop_assert!((right - rows.iter().filter(|row| row.is_right()).count() as f64).abs() < 1e-9);
        prop_assert!(bins.is_sorted_by(|a, b| a.confidence <= b.confidence + 1e-12));
        let most = bins.iter().map(|bin| bin.rows).max().unwrap();
        prop_assert!(bins.iter().all(|bin| bin.rows + 1 >= most));
    }

    #[test]
    fn coverage_is_that_of_a_threshold_and_the_largest_one(rows in any_rows()) {
        // Every threshold tried, one after another.
        let offered = |least: f32| rows.iter().filter(move |row| !row.candidates.is_empty() && row.confidence >= least);
        let mut most = 0;
        for eighths in 0u8..=8 {
            let least = f32::from(eighths) / 8.0;
            let (taken, right) = (offered(least).count(), offered(least).filter(|row| row.is_right()).count());
            if right * 100 >= taken * 95 {
                most = most.max(taken);
            }
        }
        prop_assert_eq!(measured(&rows).coverage_at_95.value, most as f64 / rows.len() as f64);
    }
}
