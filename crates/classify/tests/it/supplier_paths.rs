//! What a supplier's own category says, once people have decided on products of it.

use crate::catalogue::{Catalogue, Decided, Random, accuracy, first, rank, rank_one};

/// Gives each product the path of its category, but for a share that gets any path.
fn with_paths(mut products: Vec<Decided>, wrong: f32, random: &mut Random) -> Vec<Decided> {
    for product in &mut products {
        let wrong = (random.below(1_000) as f32) < wrong * 1_000.0;
        let name = if wrong { format!("c{}", random.below(6)) } else { product.category.clone().unwrap().0 };
        product.path = vec!["Assortment".to_owned(), name];
    }
    products
}

/// Products whose text and vector say nothing of what they are.
fn mute(mut products: Vec<Decided>, random: &mut Random) -> Vec<Decided> {
    for product in &mut products {
        product.vector = Some(random.vector());
        product.text = format!("Art {}", random.below(10_000));
    }
    products
}

#[test]
fn a_path_that_decisions_agree_on_decides_alone_where_the_text_says_nothing() {
    let mut random = Random(1);
    let catalogue = Catalogue::new(6, 0.5, &mut random);
    let decided =
        with_paths(mute(catalogue.products(300, 0.0, "p", &mut random), &mut random), 0.0, &mut random);
    let unseen =
        with_paths(mute(catalogue.products(200, 0.0, "new", &mut random), &mut random), 0.0, &mut random);
    let untaught = accuracy(&catalogue.build(&[]), &unseen);
    assert!(untaught < 0.35, "{untaught}");
    let classifier = catalogue.build(&decided);
    let rankings = rank(&classifier, &unseen);
    let sure = rankings
        .iter()
        .zip(&unseen)
        .filter(|(ranking, product)| first(ranking) == product.category.as_ref() && ranking.confidence >= 0.9)
        .count();
    assert!(sure >= 190, "{sure} of 200 are right and sure");
    assert!(rankings.iter().all(|ranking| ranking.candidates[0].parts.supplier_vote > 0.0));
}

#[test]
fn ten_agreeing_decisions_on_each_path_already_tell() {
    let mut random = Random(2);
    let catalogue = Catalogue::new(6, 0.5, &mut random);
    let decided =
        with_paths(mute(catalogue.products(60, 0.0, "p", &mut random), &mut random), 0.0, &mut random);
    let unseen =
        with_paths(mute(catalogue.products(200, 0.0, "new", &mut random), &mut random), 0.0, &mut random);
    let classifier = catalogue.build(&decided);
    assert!(accuracy(&classifier, &unseen) > 0.8, "{}", accuracy(&classifier, &unseen));
}

#[test]
fn a_path_that_is_used_for_anything_decides_nothing() {
    let mut random = Random(3);
    let catalogue = Catalogue::new(6, 0.3, &mut random);
    let decided = with_paths(catalogue.products(300, 0.6, "p", &mut random), 1.0, &mut random);
    let unseen = with_paths(catalogue.products(300, 0.6, "new", &mut random), 1.0, &mut random);
    let with = accuracy(&catalogue.build(&decided), &unseen);
    let without = |products: &[Decided]| -> Vec<Decided> {
        products.iter().map(|product| Decided { path: Vec::new(), ..product.clone() }).collect()
    };
    let bare = accuracy(&catalogue.build(&without(&decided)), &without(&unseen));
    assert!(with >= bare - 0.02, "{with} with paths, {bare} without");
}

/// Decisions under which the path `Assortment > c0` is of the first category, those that make it one of the fourth as
/// often, and a product of that path.
fn reused(catalogue: &Catalogue, random: &mut Random) -> (Vec<Decided>, Vec<Decided>, Decided) {
    let mut decided = with_paths(mute(catalogue.products(300, 0.0, "p", random), random), 0.0, random);
    for (at, decision) in (0..).zip(&mut decided) {
        decision.at = at;
    }
    let path = vec!["Assortment".to_owned(), "c0".to_owned()];
    let product = Decided { path: path.clone(), ..mute(decided[..1].to_vec(), random).remove(0) };
    let others = decided.iter().filter(|decision| decision.path == path).count();
    let new = mute(catalogue.products(others, 0.0, "q", random), random)
        .into_iter()
        .zip(300..)
        .map(|(new, at)| Decided { category: Some(catalogue.id(3)), path: path.clone(), at, ..new });
    let new = new.collect();
    (decided, new, product)
}

#[test]
fn a_supplier_that_reuses_a_name_is_noticed_and_what_it_meant_is_forgotten() {
    let mut random = Random(4);
    let catalogue = Catalogue::new(6, 0.5, &mut random);
    let (mut decided, new, product) = reused(&catalogue, &mut random);
    // What the name meant is sold under another one now.
    let elsewhere = vec!["Assortment".to_owned(), "old c0".to_owned()];
    let kept = decided.iter().find(|decision| decision.path == product.path).unwrap();
    let moved =
        Decided { key: "moved".to_owned(), path: elsewhere, at: 400, group: random.next(), ..kept.clone() };
    decided.push(moved);
    let before = rank_one(&catalogue.build(&decided), &product);
    assert_eq!(first(&before), Some(&catalogue.id(0)));
    assert!(before.confidence > 0.9, "{}", before.confidence);
    // From now on everything under the name is of another kind: a few decisions tell.
    decided.extend(new.into_iter().take(8));
    let after = rank_one(&catalogue.build(&decided), &product);
    assert_eq!(first(&after), Some(&catalogue.id(3)));
    let votes = after.candidates.iter().find(|candidate| candidate.id == catalogue.id(0));
    assert!(votes.is_none_or(|candidate| candidate.parts.supplier_vote == 0.0), "{votes:?}");
}

#[test]
fn decisions_of_one_time_that_disagree_leave_a_path_in_doubt() {
    let mut random = Random(4);
    let catalogue = Catalogue::new(6, 0.5, &mut random);
    let (mut decided, new, product) = reused(&catalogue, &mut random);
    decided.extend(new);
    decided.iter_mut().for_each(|decision| decision.at = 0);
    let ranking = rank_one(&catalogue.build(&decided), &product);
    assert!(ranking.confidence < 0.75, "{}", ranking.confidence);
}
