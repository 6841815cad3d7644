//! Decisions make the ranking better, confidence true, and are never judged by what they themselves taught.

use berika_classify::CrossFitted;

use crate::catalogue::{Catalogue, Decided, Random, accuracy, category, first, id, near, rank, rank_one};

#[test]
fn decisions_raise_accuracy_on_products_that_nobody_decided_on() {
    let mut random = Random(1);
    let catalogue = Catalogue::new(12, 1.5, &mut random);
    let unseen = catalogue.products(600, 0.7, "unseen", &mut random);
    let decided = catalogue.products(600, 0.7, "decided", &mut random);
    let by_description = accuracy(&catalogue.build(&[]), &unseen);
    let (few, many) =
        (accuracy(&catalogue.build(&decided[..60]), &unseen), accuracy(&catalogue.build(&decided), &unseen));
    assert!(by_description < 0.9, "{by_description}");
    assert!(few > by_description + 0.05 && many >= few, "{by_description} {few} {many}");
    assert!(many > 0.97, "{many}");
}

#[test]
fn what_decisions_show_of_words_is_learnt_where_vectors_say_nothing() {
    let mut random = Random(2);
    let catalogue = Catalogue::new(6, 0.5, &mut random);
    let words = ["mellanmjölk", "bryggkaffe", "sågklinga", "solstol", "tandkräm", "hundmat"];
    let mut products = |count: usize, name: &str| -> Vec<Decided> {
        let mut products = catalogue.products(count, 0.0, name, &mut random);
        for product in &mut products {
            let slot = (0..6).find(|&slot| Some(catalogue.id(slot)) == product.category).unwrap();
            product.vector = Some(random.vector());
            product.text = format!("{} {}", words[slot], random.below(1_000));
        }
        products
    };
    let (decided, unseen) = (products(200, "decided"), products(300, "unseen"));
    let before = accuracy(&catalogue.build(&[]), &unseen);
    let after = accuracy(&catalogue.build(&decided), &unseen);
    assert!(before < 0.35 && after > 0.95, "{before} {after}");
}

#[test]
fn every_decision_with_a_vector_is_ranked_once_as_if_it_were_not_known_in_the_order_of_keys() {
    let mut random = Random(3);
    let catalogue = Catalogue::new(5, 0.5, &mut random);
    let mut decided = catalogue.products(120, 0.7, "p", &mut random);
    decided.reverse();
    decided[7].vector = None;
    decided[9].category = None;
    decided[11].category = Some(id("gone"));
    let classifier = catalogue.build(&decided);
    let fitted = classifier.cross_fitted();
    let expected: Vec<&str> = (0..decided.len())
        .rev()
        .filter(|at| ![7, 11].contains(at))
        .map(|at| decided[at].key.as_str())
        .collect();
    assert_eq!(fitted.iter().map(|fitted| fitted.key.as_str()).collect::<Vec<_>>(), expected);
    for one in fitted {
        let decision = decided.iter().find(|decision| decision.key == one.key).unwrap();
        assert_eq!((&one.given, one.group), (&decision.category, decision.group));
        assert_eq!(one.candidates.len(), 5);
        assert_eq!(one.confidence, one.candidates[0].1);
        assert!(one.candidates.is_sorted_by(|a, b| a.1 >= b.1));
    }
}

/// Products in pairs of equals, whose labels are drawn: nothing but the other of a pair can know one's label.
fn twins(catalogue: &Catalogue, same_group: bool, random: &mut Random) -> Vec<Decided> {
    let singles = catalogue.products(150, 0.0, "p", random);
    let of_one = |(at, single): (usize, &Decided)| {
        let text = format!("{:x} {:x}", random.next(), random.next());
        let vector = random.vector();
        let twin = |name: &str, group: u64| Decided {
            key: format!("{at:04}/{name}"),
            text: text.clone(),
            vector: Some(vector.clone()),
            group,
            ..single.clone()
        };
        let other = if same_group { single.group } else { random.next() };
        [twin("a", single.group), twin("b", other)]
    };
    singles.iter().enumerate().flat_map(of_one).collect()
}

#[test]
fn look_alikes_never_stand_on_both_sides() {
    let mut random = Random(4);
    let catalogue = Catalogue::new(5, 0.5, &mut random);
    let right = |decided: &[Decided]| {
        let classifier = catalogue.build(decided);
        let fitted = classifier.cross_fitted();
        assert_eq!(fitted.len(), decided.len());
        fitted.iter().filter(|fitted| fitted.right()).count() as f64 / fitted.len() as f64
    };
    let (alike, apart) =
        (right(&twins(&catalogue, true, &mut random)), right(&twins(&catalogue, false, &mut random)));
    assert!(alike < 0.35, "by chance one in five is right: {alike}");
    assert!(apart > 0.5, "or the test would not see it if twins were known: {apart}");
}

/// Expected calibration error over ten bins of equal mass.
fn calibration_error(mut trials: Vec<(f32, bool)>) -> f64 {
    trials.sort_by(|a, b| a.0.total_cmp(&b.0));
    let (count, bin) = (trials.len() as f64, trials.len().div_ceil(10));
    trials
        .chunks(bin)
        .map(|bin| {
            let claimed: f64 = bin.iter().map(|(confidence, _)| f64::from(*confidence)).sum();
            let right = bin.iter().filter(|(_, right)| *right).count() as f64;
            (claimed - right).abs() / count
        })
        .sum()
}

#[test]
fn confidence_is_how_often_the_first_candidate_is_right() {
    let mut random = Random(5);
    let catalogue = Catalogue::new(10, 1.0, &mut random);
    // So noisy that about a quarter cannot be told.
    let decided = catalogue.products(800, 2.2, "decided", &mut random);
    let unseen = catalogue.products(4_000, 2.2, "unseen", &mut random);
    let classifier = catalogue.build(&decided);
    let rankings = rank(&classifier, &unseen);
    let trials: Vec<(f32, bool)> = rankings
        .iter()
        .zip(&unseen)
        .map(|(ranking, product)| (ranking.confidence, first(ranking) == product.category.as_ref()))
        .collect();
    let right = trials.iter().filter(|(_, right)| *right).count() as f64 / trials.len() as f64;
    assert!((0.5..0.9).contains(&right), "{right}");
    let error = calibration_error(trials);
    assert!(error < 0.05, "{error}");
    let fitted: Vec<(f32, bool)> = classifier
        .cross_fitted()
        .iter()
        .map(|fitted| (fitted.confidence, CrossFitted::right(fitted)))
        .collect();
    let error = calibration_error(fitted);
    assert!(error < 0.07, "{error}");
}

#[test]
fn where_the_children_cannot_be_told_apart_their_parent_is_offered() {
    let mut random = Random(6);
    let categories = vec![
        category("drinks", None, "Drinks"),
        category("tea", Some("drinks"), "Tea"),
        category("coffee", Some("drinks"), "Coffee"),
        category("tools", None, "Tools"),
        category("saws", Some("tools"), "Saws"),
        category("drills", Some("tools"), "Drills"),
    ];
    let mut catalogue = Catalogue::of(categories, 0.3, &mut random);
    // Tea and coffee stand in one place; which of them a product is was decided by a coin.
    catalogue.middles[1] = catalogue.middles[0].clone();
    let decided = catalogue.products(300, 0.5, "decided", &mut random);
    let classifier = catalogue.build(&decided);
    let at = |slot: usize, random: &mut Random| Decided {
        vector: Some(near(&catalogue.middles[slot], 0.2, random)),
        ..Decided::default()
    };
    for _ in 0..20 {
        let drink = rank_one(&classifier, &at(0, &mut random));
        assert!(drink.confidence < 0.9, "{drink:?}");
        let parent = drink.parent.unwrap();
        assert_eq!(parent.id, id("drinks"));
        assert!(parent.confidence > drink.confidence && parent.confidence >= 0.9, "{parent:?}");
        let saw = rank_one(&classifier, &at(2, &mut random));
        assert_eq!((first(&saw), saw.parent.as_ref()), (Some(&id("saws")), None), "{saw:?}");
    }
}

#[test]
fn any_order_of_decisions_and_any_number_of_threads_teach_the_same_bits() {
    let mut random = Random(7);
    let catalogue = Catalogue::new(7, 0.8, &mut random);
    let mut decided = catalogue.products(200, 1.0, "p", &mut random);
    for decision in decided.iter_mut().step_by(3) {
        decision.text = format!("text {}", random.below(30));
        decision.path = vec![format!("path {}", random.below(5))];
    }
    decided[20].category = None;
    let unseen = catalogue.products(100, 1.0, "unseen", &mut random);
    let on = |threads: usize, decided: &[Decided]| {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
        pool.install(|| {
            let classifier = catalogue.build(decided);
            (
                classifier.trained().to_bytes().unwrap(),
                rank(&classifier, &unseen),
                classifier.recipe().to_owned(),
            )
        })
    };
    let one = on(1, &decided);
    for at in (1..decided.len()).rev() {
        decided.swap(at, random.below(at + 1));
    }
    let four = on(4, &decided);
    assert!(one.0 == four.0, "the bytes of what was learnt differ");
    assert_eq!((one.1, one.2), (four.1, four.2));
}
