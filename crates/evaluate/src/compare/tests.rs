use super::*;
use proptest::prelude::*;

fn pair(this: &[u8], other: &[u8]) -> Pair {
    let flags = |digits: &[u8]| digits.iter().map(|&digit| digit == 1).collect();
    Pair { this: flags(this), other: flags(other) }
}

fn close(found: f64, expected: f64) {
    assert!(
        (found - expected).abs() <= 1e-9 * expected.abs().max(1e-9),
        "found {found}, expected {expected}"
    );
}

#[test]
fn the_exact_test_agrees_with_scipy() {
    // scipy.stats.binomtest(this, this + other, 0.5).pvalue
    for (this, other, expected) in [
        (1, 7, 0.070_312_5),
        (10, 3, 0.092_285_156_25),
        (5, 5, 1.0),
        (0, 0, 1.0),
        (0, 1, 1.0),
        (0, 5, 0.0625),
        (120, 160, 0.019_606_727_290_281_328),
        (700, 800, 0.010_559_255_466_711_506),
        (1500, 2000, 2.942_363_832_253_349e-17),
    ] {
        close(mcnemar(this, other), expected);
        close(mcnemar(other, this), expected);
    }
}

#[test]
fn two_seeds_agree_with_a_count_on_paper() {
    let pairs = [pair(&[1, 1, 0, 1], &[1, 0, 0, 0]), pair(&[1, 0, 0, 1], &[0, 0, 1, 0])];
    let found = compare(&pairs, &Settings::default()).unwrap();
    assert_eq!((found.rows, found.this, found.other), (4, 5.0 / 8.0, 2.0 / 8.0));
    close(found.difference.value, 3.0 / 8.0);
    let disagree: Vec<(u64, u64)> = found.pairs.iter().map(|p| (p.only_this, p.only_other)).collect();
    assert_eq!(disagree, [(2, 0), (2, 1)]);
    assert_eq!((found.pairs[0].p_value, found.pairs[1].p_value), (0.5, 1.0));
    // Per row the one is ahead by 1, 1, -1 and 2 of 2.
    assert!(found.difference.low < 0.1 && found.difference.high > 0.7, "{found:?}");
}

#[test]
fn the_interval_of_a_difference_is_about_as_wide_as_its_variance_says() {
    // 400 rows: 60 only the one has right, 20 only the other.
    let this: Vec<u8> = (0..400).map(|row| u8::from(!(60..200).contains(&row))).collect();
    let other: Vec<u8> = (0..400).map(|row| u8::from((60..80).contains(&row) || row >= 200)).collect();
    let found = compare(&[pair(&this, &other)], &Settings::default()).unwrap().difference;
    close(found.value, 0.1);
    // 1.96 * sqrt((80 / 400 - 0.1 ^ 2) / 400) = 0.0427; unpaired it would be 0.068.
    assert!((found.low - (0.1 - 0.0427)).abs() < 0.008, "{found:?}");
    assert!((found.high - (0.1 + 0.0427)).abs() < 0.008, "{found:?}");
}

#[test]
fn another_number_of_threads_gives_the_same_bits() {
    let this: Vec<u8> = (0..97).map(|row| u8::from(row % 3 > 0)).collect();
    let other: Vec<u8> = (0..97).map(|row| u8::from(row % 5 > 0)).collect();
    let on = |threads| {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
        pool.install(|| compare(&[pair(&this, &other)], &Settings::default()).unwrap())
    };
    assert_eq!(on(1), on(5));
}

#[test]
fn what_is_not_on_the_same_rows_is_refused() {
    let settings = Settings::default();
    assert_eq!(compare(&[], &settings), Err(EvaluateError::NoRows));
    assert_eq!(compare(&[pair(&[], &[])], &settings), Err(EvaluateError::NoRows));
    let refused = compare(&[pair(&[1, 0], &[1])], &settings);
    assert_eq!(refused, Err(EvaluateError::NotTheSameRows { this: 2, other: 1 }));
    let refused = compare(&[pair(&[1], &[1]), pair(&[1, 0], &[1, 1])], &settings);
    assert_eq!(refused, Err(EvaluateError::NotTheSameRows { this: 1, other: 2 }));
}

proptest! {
    #[test]
    fn the_order_of_rows_changes_nothing_and_sides_mirror(
        flags in prop::collection::vec((any::<bool>(), any::<bool>()), 1..40)
    ) {
        let settings = Settings { resamples: 20, ..Settings::default() };
        let of = |flags: &[(bool, bool)]| {
            let (this, other) = flags.iter().copied().unzip();
            compare(&[Pair { this, other }], &settings).unwrap()
        };
        let found = of(&flags);
        let turned: Vec<(bool, bool)> = flags.iter().rev().copied().collect();
        prop_assert_eq!(&of(&turned), &found);
        let mirrored: Vec<(bool, bool)> = flags.iter().map(|&(this, other)| (other, this)).collect();
        prop_assert_eq!(of(&mirrored).difference.value, -found.difference.value);
        prop_assert!((0.0..=1.0).contains(&found.pairs[0].p_value));
        prop_assert!(found.difference.low <= found.difference.high);
    }
}
