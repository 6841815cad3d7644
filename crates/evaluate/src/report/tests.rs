use super::*;
use proptest::prelude::*;

fn path(text: &str) -> Vec<String> {
    text.split('>').map(str::to_owned).collect()
}

fn outcome(truth: &[&str], candidates: &[&str]) -> Outcome {
    Outcome {
        truth: truth.iter().map(|p| path(p)).collect(),
        candidates: candidates.iter().map(|p| path(p)).collect(),
        confidence: 0.5,
        accepted: false,
        language: None,
    }
}

/// Six rows small enough to count on paper.
fn six() -> Vec<Outcome> {
    vec![
        outcome(&["food>bread"], &["food>bread", "food>milk", "tools"]),
        outcome(&["food>bread"], &["food>milk", "food>bread"]),
        outcome(&["food>milk"], &["tools", "x", "y", "food>milk"]),
        outcome(&["tools"], &["tools"]),
        outcome(&["food>milk", "food>bread"], &["food>bread"]),
        outcome(&["tools"], &[]),
    ]
}

fn close(found: f64, expected: f64) {
    assert!((found - expected).abs() < 1e-12, "found {found}, expected {expected}");
}

#[test]
fn six_rows_agree_with_a_count_on_paper() {
    let report = report(&six(), 5, &Settings::default()).unwrap();
    assert_eq!((report.rows, report.categories), (6, 5));
    close(report.top1.value, 3.0 / 6.0);
    close(report.top3.value, 4.0 / 6.0);
    close(report.top5.value, 5.0 / 6.0);
    // bread: true 3 (the fifth row counts for what was predicted), predicted 2, both 2 -> 4/5.
    // milk: true 1, predicted 1, both 0 -> 0.  tools: true 2, predicted 2, both 1 -> 1/2.
    close(report.macro_f1.value, (0.8 + 0.0 + 0.5) / 3.0);
    // shared 2+1+0+1+2+0 = 6, predicted 2+2+1+1+2+0 = 8, true 2+2+2+1+2+1 = 10.
    close(report.hierarchical_f1.value, 12.0 / 18.0);
}

#[test]
fn of_several_accepted_paths_the_one_with_the_largest_overlap_counts() {
    let rows = [outcome(&["a>b>c", "d>e>f", "d>e"], &["d>e>x"])];
    // "d>e" and "d>e>f" both share two levels; the shorter one counts: 2*2 / (3 + 2).
    close(report(&rows, 1, &Settings::default()).unwrap().hierarchical_f1.value, 0.8);
}

#[test]
fn a_name_that_recurs_under_another_parent_earns_nothing() {
    let rows = [outcome(&["dogs>food"], &["cats>food"])];
    close(report(&rows, 1, &Settings::default()).unwrap().hierarchical_f1.value, 0.0);
}

#[test]
fn the_interval_of_a_share_is_about_as_wide_as_the_binomial_says() {
    let right = outcome(&["a"], &["a"]);
    let wrong = outcome(&["a"], &["b"]);
    let rows: Vec<Outcome> =
        (0..400).map(|i| if i % 4 == 0 { right.clone() } else { wrong.clone() }).collect();
    let top1 = report(&rows, 2, &Settings::default()).unwrap().top1;
    close(top1.value, 0.25);
    // 1.96 * sqrt(0.25 * 0.75 / 400) = 0.0424.
    assert!((top1.low - (0.25 - 0.0424)).abs() < 0.01, "{top1:?}");
    assert!((top1.high - (0.25 + 0.0424)).abs() < 0.01, "{top1:?}");
}

#[test]
fn what_is_accepted_is_counted_with_its_precision() {
    let mut rows = six();
    let none = report(&rows, 5, &Settings::default()).unwrap();
    assert_eq!((none.accepted.value, none.accepted_precision), (0.0, None));
    // Right, wrong, right; and one without a candidate, which nobody can accept.
    for row in [0, 1, 3, 5] {
        rows[row].accepted = true;
    }
    let some = report(&rows, 5, &Settings::default()).unwrap();
    close(some.accepted.value, 3.0 / 6.0);
    let precision = some.accepted_precision.unwrap();
    close(precision.value, 2.0 / 3.0);
    assert!(precision.low < 0.5 && precision.high == 1.0, "{precision:?}");
}

#[test]
fn another_seed_moves_the_interval_and_never_the_value() {
    let one = report(&six(), 5, &Settings { seed: 1, resamples: 101, ..Settings::default() }).unwrap();
    let two = report(&six(), 5, &Settings { seed: 2, resamples: 101, ..Settings::default() }).unwrap();
    assert_eq!(one.macro_f1.value, two.macro_f1.value);
    assert_ne!(one, two);
}

#[test]
fn the_number_of_threads_changes_nothing() {
    let on = |threads| {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
        pool.install(|| report(&six(), 5, &Settings::default()).unwrap())
    };
    assert_eq!(on(1), on(7));
}

#[test]
fn without_resamples_the_interval_is_the_value() {
    let top1 = report(&six(), 5, &Settings { resamples: 0, ..Settings::default() }).unwrap().top1;
    assert_eq!((top1.low, top1.high), (top1.value, top1.value));
}

#[test]
fn what_cannot_be_measured_is_refused_and_named() {
    let settings = Settings::default();
    assert_eq!(report(&[], 0, &settings), Err(EvaluateError::NoRows));
    let rows = [outcome(&["a"], &["a"]), outcome(&[], &["a"])];
    assert_eq!(report(&rows, 1, &settings), Err(EvaluateError::NoTruth { row: 1 }));
    let rows = [Outcome { truth: vec![Vec::new()], ..outcome(&[], &[]) }];
    assert_eq!(report(&rows, 1, &settings), Err(EvaluateError::NoTruth { row: 0 }));
    for confidence in [-0.1, 1.1, f64::NAN] {
        let refused = report(&six(), 5, &Settings { confidence, ..settings });
        assert!(matches!(refused, Err(EvaluateError::NotAShare { name: "confidence", .. })), "{refused:?}");
    }
}

#[test]
fn a_report_survives_json() {
    let report = report(&six(), 5, &Settings::default()).unwrap();
    let text = serde_json::to_string(&report).unwrap();
    assert!(text.contains(r#""top1":{"value":0.5,"low":"#), "{text}");
    let read: Report = serde_json::from_str(&text).unwrap();
    assert_eq!((read.rows, read.categories), (report.rows, report.categories));
    // serde_json reads a number to within one unit in the last place unless asked for more.
    close(read.macro_f1.low, report.macro_f1.low);
    close(read.hierarchical_f1.high, report.hierarchical_f1.high);
}

/// Paths of one to three levels over few names, so that they often share a beginning.
fn any_path() -> impl Strategy<Value = Vec<String>> {
    prop::collection::vec("[abc]", 1..=3)
}

fn any_outcomes() -> impl Strategy<Value = Vec<Outcome>> {
    let paths = (prop::collection::vec(any_path(), 1..=3), prop::collection::vec(any_path(), 0..=6));
    let one = (paths, 0u8..=4, any::<bool>()).prop_map(|((truth, candidates), quarters, accepted)| Outcome {
        truth,
        candidates,
        confidence: f32::from(quarters) / 4.0,
        accepted,
        language: None,
    });
    prop::collection::vec(one, 1..=30)
}

proptest! {
    #[test]
    fn every_number_is_a_share_and_hits_only_grow_with_depth(outcomes in any_outcomes(), seed: u64) {
        let settings = Settings { resamples: 25, seed, ..Settings::default() };
        let r = report(&outcomes, 39, &settings).unwrap();
        for e in Figure::ALL.into_iter().filter_map(|figure| r.figure(figure)) {
            for number in [e.value, e.low, e.high] {
                prop_assert!((0.0..=1.0).contains(&number), "{:?}", e);
            }
            prop_assert!(e.low <= e.high, "{:?}", e);
        }
        prop_assert!(r.top1.value <= r.top3.value && r.top3.value <= r.top5.value);
        prop_assert!(r.coverage_at_98.value <= r.coverage_at_95.value);
    }

    #[test]
    fn the_order_of_rows_changes_nothing(outcomes in any_outcomes(), seed: u64) {
        let settings = Settings { resamples: 25, ..Settings::default() };
        let mut shuffled = Vec::new();
        for &index in &crate::take_labels(outcomes.len(), outcomes.len(), seed) {
            shuffled.push(outcomes[index].clone());
        }
        prop_assert_eq!(report(&outcomes, 39, &settings), report(&shuffled, 39, &settings));
    }

    #[test]
    fn predicting_the_truth_is_perfect(outcomes in any_outcomes()) {
        let perfect: Vec<Outcome> = outcomes
            .into_iter()
            .map(|o| Outcome { candidates: vec![o.truth.last().unwrap().clone()], confidence: 1.0, ..o })
            .collect();
        let r = report(&perfect, 39, &Settings { resamples: 5, ..Settings::default() }).unwrap();
        for e in [r.top1, r.top3, r.top5, r.macro_f1, r.hierarchical_f1, r.coverage_at_95, r.coverage_at_98] {
            prop_assert_eq!((e.value, e.low, e.high), (1.0, 1.0, 1.0));
        }
        prop_assert_eq!((r.ece.value, r.aurc.value), (0.0, 0.0));
    }
}
