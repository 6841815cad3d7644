use super::*;
use proptest::prelude::*;

#[test]
fn the_generator_gives_the_published_vector() {
    // The vector that implementations of SplitMix64 share, for seed 1234567.
    let mut state = 1_234_567;
    let found = [split_mix(&mut state), split_mix(&mut state), split_mix(&mut state)];
    assert_eq!(found, [6_457_827_717_110_365_317, 3_203_168_211_198_807_973, 9_817_491_932_198_370_423]);
}

#[test]
fn rows_chosen_never_move() {
    // Computed by the Python of benches/peers/accuracy.py: published figures rest on these very rows.
    assert_eq!(take_labels(10, 4, 1), [8, 4, 3, 1]);
    let halves = split(10, 0.6, 1).unwrap();
    assert_eq!(halves.first, [1, 2, 5, 6, 7, 9]);
    assert_eq!(halves.second, [0, 3, 4, 8]);
}

#[test]
fn asking_for_more_labels_than_rows_gives_every_row_and_none_twice() {
    let mut rows = take_labels(5, 300, 9);
    rows.sort_unstable();
    assert_eq!(rows, [0, 1, 2, 3, 4]);
    assert_eq!(take_labels(0, 300, 9), [0; 0]);
}

#[test]
fn every_row_is_drawn_about_equally_often() {
    let mut drawn = [0u32; 20];
    for seed in 0..4000 {
        for row in take_labels(20, 5, seed) {
            drawn[row] += 1;
        }
    }
    // 1000 expected, standard deviation sqrt(4000 * 0.25 * 0.75) = 27.
    assert!(drawn.iter().all(|&count| (850..1150).contains(&count)), "{drawn:?}");
}

#[test]
fn a_fraction_that_is_no_share_is_refused() {
    for fraction in [-0.01, 1.01, f64::NAN, f64::INFINITY] {
        assert!(matches!(split(10, fraction, 1), Err(EvaluateError::NotAShare { name: "fraction", .. })));
    }
}

proptest! {
    #[test]
    fn a_split_loses_no_row_and_doubles_none(n_rows in 0usize..500, fraction in 0.0f64..=1.0, seed: u64) {
        let parts = split(n_rows, fraction, seed).unwrap();
        prop_assert_eq!(parts.first.len(), (n_rows as f64 * fraction).round() as usize);
        prop_assert!(parts.first.is_sorted() && parts.second.is_sorted());
        let mut all = [parts.first, parts.second].concat();
        all.sort_unstable();
        prop_assert_eq!(all, (0..n_rows).collect::<Vec<_>>());
    }

    #[test]
    fn fewer_labels_are_the_beginning_of_more(n_rows in 0usize..300, few in 0usize..300, more in 0usize..300, seed: u64) {
        let (few, more) = (few.min(more), few.max(more));
        let longer = take_labels(n_rows, more, seed);
        prop_assert_eq!(&take_labels(n_rows, few, seed)[..], &longer[..few.min(longer.len())]);
    }
}
