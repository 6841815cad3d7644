use proptest::prelude::*;

use super::*;

const CATEGORIES: usize = 50;

fn path(supplier: &str, names: &[&str]) -> Path {
    let names: Vec<String> = names.iter().map(|&name| name.to_owned()).collect();
    Path::of(Some(supplier), &names).unwrap()
}

/// (time, path, slot) counted.
fn votes(decided: &[(i64, &Path, usize)]) -> Votes {
    Votes::of(decided.iter().map(|&(at, path, slot)| Ballot { path, at, slot }), CATEGORIES)
}

fn now(votes: &Votes, path: &Path) -> Vec<(usize, f32)> {
    votes.for_product(Some(path), None, CATEGORIES)
}

#[test]
fn votes_rise_with_agreement_and_disagreement_evens_them_out() {
    let tools = path("nord", &["Tools", "Drills"]);
    let (mut decided, mut last) = (Vec::new(), 0.0);
    for _ in 0..100 {
        decided.push((0, &tools, 7));
        let [(7, evidence)] = now(&votes(&decided), &tools)[..] else { panic!() };
        assert!(evidence > last);
        last = evidence;
    }
    decided.extend([(0, &tools, 3); 100]);
    let [(3, one), (7, other)] = now(&votes(&decided), &tools)[..] else { panic!() };
    assert_eq!(one, other);
}

#[test]
fn suppliers_do_not_share_names() {
    let misc = path("nord", &["Misc"]);
    let votes = votes(&[(0, &misc, 1)]);
    assert!(now(&votes, &path("syd", &["Misc"])).is_empty());
    assert!(votes.for_product(None, None, CATEGORIES).is_empty());
    assert_eq!((Path::of(Some("nord"), &[" ".to_owned()]), Path::of(Some("nord"), &[])), (None, None));
}

#[test]
fn after_a_change_only_what_is_decided_since_counts_and_what_was_decided_before_is_seen_as_then() {
    let (misc, other) = (path("nord", &["Misc"]), path("nord", &["Other"]));
    let mut decided: Vec<_> = (0..26).map(|at| (at, &misc, if at < 20 { 1 } else { 2 })).collect();
    // What the path meant is still decided on, elsewhere.
    decided.push((26, &other, 1));
    let votes = votes(&decided);
    let slots =
        |at| votes.for_product(Some(&misc), at, CATEGORIES).iter().map(|vote| vote.0).collect::<Vec<_>>();
    assert_eq!(
        (slots(None), slots(Some(20)), slots(Some(19)), slots(Some(-9))),
        (vec![2], vec![2], vec![1], vec![1])
    );
    let six = (6.0 * CATEGORIES as f64).ln_1p() as f32;
    assert_eq!(now(&votes, &misc), [(2, six)]);
}

proptest! {
    #[test]
    fn only_the_order_in_time_matters(
        decided in prop::collection::vec((0_i64..20, 0_usize..3, 0_usize..4), 0..60),
        turn in 0_usize..60,
    ) {
        let paths = [path("nord", &["A", "B"]), path("nord", &["A", "C"]), path("syd", &["A", "B"])];
        let counted = |order: &[(i64, usize, usize)], scale: i64| {
            let order: Vec<_> = order.iter().map(|&(at, of, slot)| (at * scale - 3, &paths[of], slot)).collect();
            let votes = votes(&order);
            paths.iter().map(|path| now(&votes, path)).collect::<Vec<_>>()
        };
        let mut turned = decided.clone();
        turned.rotate_left(if decided.is_empty() { 0 } else { turn % decided.len() });
        prop_assert_eq!(counted(&decided, 1), counted(&turned, 1_000));
    }
}
