//! Products that people put into none of the categories.

use berika_classify::{Policy, Reason, Sight, Verdict};

use crate::catalogue::{Catalogue, Decided, Random, first, near, rank};

/// Products of a kind that the taxonomy has no place for, decided to be none of ours.
fn foreign(count: usize, middle: &[f32], name: &str, random: &mut Random) -> Vec<Decided> {
    (0..count)
        .map(|at| Decided {
            key: format!("{name}/{at}"),
            vector: Some(near(middle, 0.5, random)),
            group: random.next(),
            ..Decided::default()
        })
        .collect()
}

#[test]
fn a_kind_that_was_often_none_of_ours_is_outside_and_our_own_kinds_are_not() {
    let mut random = Random(1);
    let catalogue = Catalogue::new(6, 0.5, &mut random);
    let middle = random.vector();
    let mut decided = catalogue.products(120, 0.6, "ours", &mut random);
    decided.extend(foreign(40, &middle, "foreign", &mut random));
    let classifier = catalogue.build(&decided);
    let strangers = foreign(50, &middle, "new", &mut random);
    let rankings = rank(&classifier, &strangers);
    let outside = rankings.iter().filter(|ranking| ranking.outside.is_some()).count();
    assert!(outside >= 45, "{outside} of 50");
    let taxonomy = catalogue.targets.taxonomy();
    for ranking in rankings.iter().filter(|ranking| ranking.outside.is_some()) {
        assert!(ranking.confidence < 0.5, "{ranking:?}");
        let verdict = Policy::Unpromised { above: 0.0 }.judge(&Sight::of("new", ranking), taxonomy);
        assert!(matches!(verdict, Verdict::Reject { reason: Reason::OutsideTaxonomy { .. } }), "{verdict:?}");
    }
    let ours = catalogue.products(100, 0.6, "more", &mut random);
    let right = rank(&classifier, &ours)
        .iter()
        .zip(&ours)
        .filter(|(ranking, product)| ranking.outside.is_none() && first(ranking) == product.category.as_ref())
        .count();
    assert!(right >= 95, "{right} of 100");
    // As they would have been ranked unknown: never sure of a category of ours.
    for fitted in classifier.cross_fitted().iter().filter(|fitted| fitted.given.is_none()) {
        assert!(!fitted.right() && fitted.confidence < 0.9, "{fitted:?}");
    }
}

#[test]
fn one_product_that_is_none_of_ours_does_not_take_others_with_it() {
    let mut random = Random(2);
    let catalogue = Catalogue::new(5, 0.3, &mut random);
    let one = foreign(1, &random.vector(), "foreign", &mut random);
    let classifier = catalogue.build(&one);
    let ours = catalogue.products(100, 0.5, "ours", &mut random);
    let rankings = rank(&classifier, &ours);
    assert!(rankings.iter().all(|ranking| ranking.outside.is_none() && ranking.candidates.len() == 5));
}

#[test]
fn nothing_but_none_of_ours_still_leaves_the_descriptions_their_products() {
    let mut random = Random(3);
    let catalogue = Catalogue::new(5, 0.3, &mut random);
    let middle = random.vector();
    for count in [3, 24, 60] {
        let classifier = catalogue.build(&foreign(count, &middle, "foreign", &mut random));
        assert_eq!(classifier.taught().learnt, count);
        let ours = catalogue.products(100, 0.4, "ours", &mut random);
        let rankings = rank(&classifier, &ours);
        let right = rankings.iter().zip(&ours).filter(|(r, p)| first(r) == p.category.as_ref()).count();
        assert!(right >= 90, "{count} decisions: {right} of 100 are ranked right");
        let outside = rankings.iter().filter(|ranking| ranking.outside.is_some()).count();
        assert!(outside <= 10, "{count} decisions: {outside} of 100 of ours are outside");
    }
}
