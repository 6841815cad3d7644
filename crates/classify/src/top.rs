//! The best few of many scores.

/// Positions of the `most` best scores, best first. Equal scores stand in order of position; scores that are no
/// numbers are left out.
pub(crate) fn best(scores: &[f32], most: usize) -> Vec<usize> {
    let mut kept: Vec<usize> = Vec::with_capacity(most + 1);
    if most == 0 {
        return kept;
    }
    let mut bar = f32::NEG_INFINITY;
    for (at, &score) in scores.iter().enumerate() {
        // The common case first: most scores are below the last one kept.
        if (kept.len() == most && score <= bar) || score.is_nan() {
            continue;
        }
        let place = kept.partition_point(|&other| scores[other] >= score);
        kept.insert(place, at);
        kept.truncate(most);
        bar = scores[kept[kept.len() - 1]];
    }
    kept
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn sorted(scores: &[f32], most: usize) -> Vec<usize> {
        let mut all: Vec<usize> = (0..scores.len()).filter(|&at| !scores[at].is_nan()).collect();
        // Adding zero makes the two zeros one.
        all.sort_by(|&a, &b| (scores[b] + 0.0).total_cmp(&(scores[a] + 0.0)).then(a.cmp(&b)));
        all.truncate(most);
        all
    }

    proptest! {
        #[test]
        fn the_best_few_are_the_head_of_a_full_sort(
            scores in prop::collection::vec(
                prop_oneof![
                    Just(f32::NAN), Just(0.0), Just(-0.0), Just(0.5), Just(f32::INFINITY), -1.0_f32..1.0
                ],
                0..60,
            ),
            most in 0_usize..8,
        ) {
            prop_assert_eq!(best(&scores, most), sorted(&scores, most));
        }
    }
}
