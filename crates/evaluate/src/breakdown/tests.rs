use super::*;

fn row(truth: &[&str], predicted: Option<&str>, language: Option<&str>) -> Outcome {
    let path = |name: &&str| vec![(*name).to_owned()];
    Outcome {
        truth: truth.iter().map(path).collect(),
        candidates: predicted.iter().map(path).collect(),
        confidence: 0.5,
        accepted: false,
        language: language.map(str::to_owned),
    }
}

fn six() -> Vec<Outcome> {
    vec![
        row(&["a"], Some("a"), Some("sv")),
        row(&["a"], Some("b"), Some("sv")),
        row(&["a"], Some("b"), Some("da")),
        row(&["b"], Some("b"), None),
        row(&["b"], Some("a"), Some("da")),
        row(&["c"], Some("d"), Some("da")),
    ]
}

#[test]
fn a_table_of_categories_agrees_with_scikit_learn() {
    // sklearn.metrics.precision_recall_fscore_support(labels=[a, b, c, d], zero_division=nan)
    let found: Vec<_> = by_category(&six())
        .unwrap()
        .into_iter()
        .map(|row| (row.category.join(">"), row.rows, row.precision, row.recall, row.f1))
        .collect();
    assert_eq!(
        found,
        [
            ("a".to_owned(), 3, Some(0.5), Some(1.0 / 3.0), 0.4),
            ("b".to_owned(), 2, Some(1.0 / 3.0), Some(0.5), 0.4),
            ("c".to_owned(), 1, None, Some(0.0), 0.0),
            ("d".to_owned(), 0, Some(0.0), None, 0.0),
        ]
    );
}

#[test]
fn a_row_with_several_right_paths_counts_for_the_predicted_one() {
    let rows = [row(&["a", "b"], Some("b"), None), row(&["a", "b"], Some("c"), None)];
    let found: Vec<(String, u64, u64)> = by_category(&rows)
        .unwrap()
        .into_iter()
        .map(|row| (row.category.join(">"), row.rows, row.right))
        .collect();
    assert_eq!(found, [("a".to_owned(), 1, 0), ("b".to_owned(), 1, 1), ("c".to_owned(), 0, 0)]);
    let wrong = confusions(&rows).unwrap();
    assert_eq!(wrong.len(), 1);
    assert_eq!((wrong[0].category[0].as_str(), wrong[0].predicted[0].as_str()), ("a", "c"));
}

#[test]
fn confusions_are_ordered_by_count_then_name_and_leave_out_what_was_not_predicted() {
    let mut rows = six();
    rows.push(row(&["a"], None, None));
    let found: Vec<(String, String, u64)> = confusions(&rows)
        .unwrap()
        .into_iter()
        .map(|pair| (pair.category.join(">"), pair.predicted.join(">"), pair.rows))
        .collect();
    let pair = |a: &str, b: &str, rows| (a.to_owned(), b.to_owned(), rows);
    assert_eq!(found, [pair("a", "b", 2), pair("b", "a", 1), pair("c", "d", 1)]);
    assert_eq!(by_category(&rows).unwrap()[0].rows, 4);
}

#[test]
fn languages_are_measured_apart() {
    let settings = Settings { resamples: 10, ..Settings::default() };
    let found: Vec<(Option<String>, usize, f64)> = by_language(&six(), 4, &settings)
        .unwrap()
        .into_iter()
        .map(|row| (row.language, row.report.rows, row.report.top1.value))
        .collect();
    let tag = |text: &str| Some(text.to_owned());
    assert_eq!(found, [(None, 1, 1.0), (tag("da"), 3, 0.0), (tag("sv"), 2, 0.5)]);
}
