//! Decisions and products that contradict, repeat or say nothing: no panic, a sane result.

use berika_classify::{BuildError, Ranking};

use crate::catalogue::{Catalogue, Decided, Random, accuracy, category, first, id, rank, rank_one};

fn sane(rankings: &[Ranking]) {
    for ranking in rankings {
        assert!((0.0..=1.0).contains(&ranking.confidence), "{ranking:?}");
        for candidate in &ranking.candidates {
            assert!(
                candidate.score.is_finite() && (0.0..=1.0).contains(&candidate.probability),
                "{ranking:?}"
            );
        }
    }
}

#[test]
fn contradicting_decisions_leave_the_product_between_both() {
    let mut random = Random(1);
    let catalogue = Catalogue::new(5, 0.3, &mut random);
    let between = catalogue.middles[1].iter().zip(&catalogue.middles[2]).map(|(a, b)| a + b).collect();
    let product = Decided { vector: Some(between), group: 1, ..Decided::default() };
    let said = |at: u64, slot: usize| Decided {
        key: format!("p/{at}"),
        category: Some(catalogue.id(slot)),
        group: at,
        ..product.clone()
    };
    // Of one product, and of many that are alike.
    for count in [1, 20] {
        let decided: Vec<Decided> = (0..count).flat_map(|at| [said(at, 1), said(at, 2)]).collect();
        let ranking = rank_one(&catalogue.build(&decided), &product);
        let mut leading: Vec<_> = ranking.candidates[..2].iter().map(|c| c.id.clone()).collect();
        leading.sort();
        assert_eq!(leading, [id("c1"), id("c2")], "{count}: {ranking:?}");
        assert!(ranking.confidence < 0.8, "{count}: {ranking:?}");
    }
}

#[test]
fn a_category_with_one_product_keeps_it_among_many_decisions_on_others() {
    let mut random = Random(2);
    let catalogue = Catalogue::new(6, 0.5, &mut random);
    let mut decided = catalogue.products(300, 0.5, "p", &mut random);
    let rare = decided.iter().position(|d| d.category == Some(id("c5"))).unwrap();
    let rare = decided[rare].clone();
    decided.retain(|d| d.category != Some(id("c5")) || d.key == rare.key);
    let classifier = catalogue.build(&decided);
    assert_eq!(first(&rank_one(&classifier, &rare)), Some(&id("c5")));
    let unseen = catalogue.products(200, 0.5, "new", &mut random);
    assert!(accuracy(&classifier, &unseen) > 0.9, "{}", accuracy(&classifier, &unseen));
}

#[test]
fn decisions_for_categories_that_are_gone_change_nothing() {
    let mut random = Random(3);
    let catalogue = Catalogue::new(5, 0.5, &mut random);
    let decided = catalogue.products(60, 0.6, "p", &mut random);
    let mut with_gone = decided.clone();
    for mut gone in catalogue.products(40, 0.6, "gone", &mut random) {
        gone.category = Some(id("gone"));
        with_gone.push(gone);
    }
    let (one, other) = (catalogue.build(&decided), catalogue.build(&with_gone));
    assert_eq!(other.taught().unknown, [(id("gone"), 40)]);
    assert!(one.trained() == other.trained());
}

#[test]
fn labels_all_of_one_class_leave_the_other_descriptions_their_products() {
    let mut random = Random(4);
    let catalogue = Catalogue::new(5, 0.3, &mut random);
    let mut decided = catalogue.products(500, 0.4, "p", &mut random);
    decided.retain(|decision| decision.category == Some(id("c0")));
    let unseen = catalogue.products(200, 0.4, "new", &mut random);
    for count in [1, 24, 30, decided.len()] {
        let classifier = catalogue.build(&decided[..count]);
        let accuracy = accuracy(&classifier, &unseen);
        assert!(accuracy > 0.95, "{count} of {}: {accuracy}", decided.len());
        sane(&rank(&classifier, &unseen));
    }
}

#[test]
fn decisions_without_vectors_teach_votes_alone() {
    let mut random = Random(5);
    let catalogue = Catalogue::new(5, 0.3, &mut random);
    let mut decided = catalogue.products(60, 0.4, "p", &mut random);
    for (at, decision) in decided.iter_mut().enumerate() {
        decision.vector = [None, Some(vec![f32::NAN; 16]), Some(vec![0.0; 16])][at % 3].clone();
        decision.text = "words of no product".to_owned();
    }
    let classifier = catalogue.build(&decided);
    let taught = classifier.taught();
    assert_eq!((taught.learnt, taught.votes, taught.without_vector), (0, 0, 60));
    assert!(classifier.cross_fitted().is_empty());
    let unseen = catalogue.products(50, 0.4, "new", &mut random);
    assert_eq!(rank(&classifier, &unseen), rank(&catalogue.build(&[]), &unseen));
}

#[test]
fn fewer_decisions_than_parts_and_decisions_of_one_group_are_learnt_from() {
    let mut random = Random(6);
    let catalogue = Catalogue::new(5, 0.5, &mut random);
    let decided = catalogue.products(60, 0.5, "p", &mut random);
    let unseen = catalogue.products(50, 0.5, "new", &mut random);
    for count in 1..5 {
        let classifier = catalogue.build(&decided[..count]);
        assert_eq!((classifier.taught().learnt, classifier.cross_fitted().len()), (count, 0));
        sane(&rank(&classifier, &unseen));
    }
    let alike: Vec<Decided> = decided.iter().map(|d| Decided { group: 1, ..d.clone() }).collect();
    let classifier = catalogue.build(&alike);
    assert!(classifier.cross_fitted().is_empty(), "nothing is left to rank them by");
    sane(&rank(&classifier, &unseen));
    assert!(accuracy(&classifier, &unseen) > 0.9);
}

#[test]
fn thousands_of_equal_products_count_as_what_they_are() {
    let mut random = Random(7);
    let catalogue = Catalogue::new(5, 0.3, &mut random);
    let mut decided = catalogue.products(40, 0.4, "p", &mut random);
    let one = decided[0].clone();
    for at in 0..3_000 {
        decided.push(Decided { key: format!("same/{at}"), group: random.next(), ..one.clone() });
    }
    let classifier = catalogue.build(&decided);
    assert_eq!(first(&rank_one(&classifier, &one)), one.category.as_ref());
    let unseen = catalogue.products(200, 0.4, "new", &mut random);
    assert!(accuracy(&classifier, &unseen) > 0.9, "{}", accuracy(&classifier, &unseen));
}

#[test]
fn texts_without_words_or_without_end_are_ranked_by_their_vectors() {
    let mut random = Random(8);
    let catalogue = Catalogue::new(5, 0.3, &mut random);
    let mut decided = catalogue.products(40, 0.3, "p", &mut random);
    let texts = ["...---!!!".to_owned(), "🥛🧀🪚".to_owned(), "ö".repeat(5 << 20), "a b ".repeat(1 << 20)];
    for (decision, text) in decided.iter_mut().zip(&texts) {
        decision.text.clone_from(text);
    }
    let classifier = catalogue.build(&decided);
    let rankings = rank(&classifier, &decided);
    sane(&rankings);
    for (ranking, decision) in rankings.iter().zip(&decided) {
        assert_eq!(first(ranking), decision.category.as_ref());
    }
}

#[test]
fn vectors_that_are_no_numbers_have_no_ranking_and_teach_nothing() {
    let mut random = Random(9);
    let catalogue = Catalogue::new(5, 0.3, &mut random);
    let mut decided = catalogue.products(60, 0.4, "p", &mut random);
    let whole = catalogue.build(&decided[10..]);
    for (at, decision) in decided[..10].iter_mut().enumerate() {
        let vector = decision.vector.as_mut().unwrap();
        vector[at] = [f32::NAN, f32::INFINITY, f32::NEG_INFINITY][at % 3];
    }
    let classifier = catalogue.build(&decided);
    assert!(classifier.trained() == whole.trained());
    let rankings = rank(&classifier, &decided);
    assert!(rankings[..10].iter().all(|ranking| *ranking == Ranking::default()));
    assert!(rankings[10..].iter().all(|ranking| ranking.candidates.len() == 5));
}

#[test]
fn categories_without_a_description_and_with_the_same_text_are_told_apart_by_decisions() {
    let mut random = Random(10);
    let names = [("a", "same"), ("b", "same"), ("c", "other"), ("empty", "---")];
    let categories = names.iter().map(|(id, name)| category(id, None, name)).collect();
    let mut catalogue = Catalogue::of(categories, 0.3, &mut random);
    catalogue.vectors.insert("---".to_owned(), vec![0.0; 16]);
    let unseen = catalogue.products(200, 0.4, "new", &mut random);
    let untaught = rank(&catalogue.build(&[]), &unseen);
    sane(&untaught);
    for ranking in &untaught {
        let found = |wanted: &str| ranking.candidates.iter().find(|c| c.id == id(wanted));
        assert!(found("empty").is_none(), "nothing speaks for it");
        let (a, b) = (found("a").unwrap(), found("b").unwrap());
        assert_eq!((a.score, a.parts), (b.score, b.parts));
        let place = |wanted: &str| ranking.candidates.iter().position(|c| c.id == id(wanted));
        assert_eq!(place("b"), place("a").map(|place| place + 1), "equals stand in order of the taxonomy");
    }
    let decided = catalogue.products(120, 0.4, "p", &mut random);
    let taught = accuracy(&catalogue.build(&decided), &unseen);
    assert!(taught > 0.95, "{taught}");
}

#[test]
fn a_taxonomy_without_categories_is_refused_by_name() {
    let mut random = Random(11);
    let mut catalogue = Catalogue::new(3, 0.3, &mut random);
    catalogue.targets = berika_classify::Targets::at(catalogue.targets.taxonomy().clone(), []);
    let refused = catalogue.try_build(&[]).unwrap_err();
    assert!(matches!(refused, BuildError::NoTargets { .. }));
    assert!(refused.to_string().contains("taxonomy own has no category"), "{refused}");
}
