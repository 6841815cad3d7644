//! What training came to is kept as bytes: read back it ranks the same to the last bit, and damaged it is refused.

use berika_classify::{Trained, TrainedBytesError};

use crate::catalogue::{Catalogue, DIMENSIONS, Decided, Random, rank};

fn decided(catalogue: &Catalogue, count: usize, random: &mut Random) -> Vec<Decided> {
    let mut decided = catalogue.products(count, 0.8, "p", random);
    for decision in &mut decided {
        decision.text = format!("text {}", random.below(40));
        decision.path = vec![format!("path {}", random.below(4))];
    }
    decided
}

#[test]
fn what_was_kept_ranks_as_what_was_learnt() {
    let mut random = Random(1);
    let catalogue = Catalogue::new(6, 0.5, &mut random);
    let unseen = decided(&catalogue, 80, &mut random);
    for (count, with_none) in [(0, false), (1, false), (30, false), (150, true)] {
        let mut known = decided(&catalogue, count, &mut random);
        if with_none {
            known.iter_mut().step_by(9).for_each(|decision| decision.category = None);
        }
        let classifier = catalogue.build(&known);
        let bytes = classifier.trained().to_bytes().unwrap();
        let kept = Trained::from_bytes(&bytes, 6, DIMENSIONS).unwrap();
        assert!(kept == *classifier.trained(), "{count} decisions");
        let again = catalogue.build_with(&known, kept);
        assert_eq!(rank(&again, &unseen), rank(&classifier, &unseen), "{count} decisions");
        assert_eq!(again.cross_fitted(), classifier.cross_fitted());
        assert_eq!(again.taught(), classifier.taught());
    }
}

#[test]
fn bytes_that_are_not_what_was_written_are_refused() {
    let mut random = Random(2);
    let catalogue = Catalogue::new(4, 0.5, &mut random);
    let classifier = catalogue.build(&decided(&catalogue, 40, &mut random));
    let bytes = classifier.trained().to_bytes().unwrap();
    let read = |bytes: &[u8]| Trained::from_bytes(bytes, 4, DIMENSIONS);
    assert!(read(&bytes).is_ok());
    for length in [0, 1, 32, 33, 40, bytes.len() / 2, bytes.len() - 2, bytes.len() - 1] {
        assert!(matches!(read(&bytes[..length]), Err(TrainedBytesError::Damaged { .. })), "{length} bytes");
    }
    assert!(read(&[&bytes[..], &[0, 0]].concat()).is_err());
    // In the hash, the head, at the first weights and the last: a digit of the head that changed is a number still.
    for at in [3, 40, 60, 200, bytes.len() / 2, bytes.len() - 1] {
        let mut flipped = bytes.clone();
        flipped[at] ^= 1;
        assert!(matches!(read(&flipped), Err(TrainedBytesError::Damaged { .. })), "byte {at}");
    }
}

#[test]
fn what_was_learnt_of_other_categories_or_by_another_model_is_refused() {
    let mut random = Random(3);
    let catalogue = Catalogue::new(4, 0.5, &mut random);
    let classifier = catalogue.build(&decided(&catalogue, 40, &mut random));
    let bytes = classifier.trained().to_bytes().unwrap();
    for (categories, dimensions) in [(2, DIMENSIONS), (5, DIMENSIONS), (4, DIMENSIONS + 1)] {
        let refused = Trained::from_bytes(&bytes, categories, dimensions).unwrap_err();
        assert!(matches!(refused, TrainedBytesError::Shape { .. }), "{categories} {dimensions}: {refused}");
    }
}
