use berika_catalog::ChosenBy;
use proptest::prelude::*;

use super::binomial::at_most;
use super::*;

/// Random numbers in 0..1 (SplitMix64).
struct Random(u64);

impl Random {
    fn next(&mut self) -> f64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        ((z ^ (z >> 31)) >> 11) as f64 / 2_f64.powi(53)
    }
}

fn keys(count: usize) -> Vec<String> {
    (0..count).map(|at| format!("s/{at:05}")).collect()
}

fn trial(key: &str, group: u64, confidence: f32, right: bool) -> Trial<'_> {
    Trial { key, group, confidence, right, audit: false }
}

/// Each its own group.
fn trials<'a>(keys: &'a [String], outcomes: &[(f32, bool)]) -> Vec<Trial<'a>> {
    keys.iter()
        .zip(outcomes)
        .zip(0..)
        .map(|((key, &(c, right)), group)| trial(key, group, c, right))
        .collect()
}

fn promise() -> Promise {
    Promise::new(0.95).unwrap()
}

fn at(verification: &Verification) -> Option<f32> {
    match verification {
        Verification::Threshold(threshold) => Some(threshold.at),
        Verification::NotYet(_) => None,
    }
}

fn missing(outcomes: &[(f32, bool)]) -> u64 {
    match threshold(&trials(&keys(outcomes.len()), outcomes), promise()) {
        Verification::NotYet(not_yet) => not_yet.missing,
        Verification::Threshold(found) => panic!("{found:?}"),
    }
}

#[test]
fn a_promise_of_all_is_refused() {
    for share in [1.0, 0.9999, 0.4, 0.0, f64::NAN] {
        assert!(Promise::new(share).is_err(), "{share}");
    }
    assert!(Promise::with_risk(0.95, 0.0).is_err() && Promise::with_risk(0.95, 0.3).is_err());
    assert!(Promise::new(1.0).unwrap_err().to_string().contains("any number of decisions"));
}

#[test]
fn forty_five_flawless_decisions_are_enough_and_forty_four_are_not() {
    let all = vec![(0.9, true); 45];
    let keys = keys(45);
    let Verification::Threshold(found) = threshold(&trials(&keys, &all), promise()) else { panic!() };
    assert_eq!((found.at, found.trials, found.accepted, found.right), (0.9, 45, 45, 45));
    assert!(found.bound >= 0.95);
    assert_eq!(missing(&all[..44]), 1);
    assert_eq!(missing(&[]), 45);
}

#[test]
fn what_is_missing_is_counted_under_the_present_precision() {
    // Half of the decisions are sure, and so will half of the next ones be.
    let half: Vec<_> = (0..20).map(|n| if n % 2 == 0 { (0.99, true) } else { (0.3, false) }).collect();
    assert_eq!(missing(&half), 70);
    // All wrong: as many as would do if the next ones were sure and right.
    let alone = missing(&[(0.9, false)]);
    assert_eq!(at_most(1, 1 + alone, 0.05) <= 0.1, at_most(1, alone, 0.05) > 0.1);
    assert!(missing(&vec![(0.9, false); 200]) > 3000);
}

#[test]
fn all_wrong_or_without_a_number_accept_nothing() {
    assert!(missing(&vec![(0.99, false); 500]) > 0);
    assert_eq!(missing(&vec![(f32::NAN, true); 500]), 45);
}

#[test]
fn equal_confidences_stand_or_fall_together() {
    // 200 sure and right; 200 tied ones of which half are wrong may not be let in by the lucky half.
    let mut outcomes = vec![(0.99, true); 200];
    outcomes.extend((0..200).map(|n| (0.6, n < 100)));
    let keys = keys(400);
    assert_eq!(at(&threshold(&trials(&keys, &outcomes), promise())), Some(0.99));
}

#[test]
fn look_alikes_are_one_trial_and_the_lowest_key_stands_for_them() {
    let keys = keys(100);
    let alike: Vec<_> = keys.iter().map(|key| trial(key, 7, 0.9, true)).collect();
    let Verification::NotYet(not_yet) = threshold(&alike, promise()) else { panic!() };
    assert_eq!(not_yet, NotYet { have: 1, missing: 44 });
    let pairs: Vec<_> = keys.iter().zip(0_u64..).map(|(key, n)| trial(key, n / 2, 0.9, n % 2 == 0)).collect();
    assert_eq!(at(&threshold(&pairs, promise())), Some(0.9), "the wrong one of each pair has the higher key");
}

#[test]
fn a_mistake_at_the_top_does_not_end_it() {
    let mut outcomes = vec![(0.999, false)];
    outcomes.extend((0..299).map(|n| (0.99 - n as f32 * 0.0001, true)));
    let keys = keys(300);
    let found = at(&threshold(&trials(&keys, &outcomes), promise())).unwrap();
    assert!(found < 0.97, "{found}");
    assert_eq!(from_the_strictest(&mut outcomes), None);
}

#[test]
fn audits_that_came_out_right_prove_nothing_and_wrong_ones_count() {
    let keys = keys(200);
    let mut all: Vec<_> = trials(&keys, &vec![(0.95, true); 100]);
    let found = threshold(&all, promise());
    assert_eq!(at(&found), Some(0.95));
    // A hundred audits, all right: the same as without them.
    all.extend(
        keys[100..]
            .iter()
            .zip(1000..)
            .map(|(key, group)| Trial { audit: true, ..trial(key, group, 0.4, true) }),
    );
    assert_eq!(threshold(&all, promise()), found);
    // Ten of them wrong, and the classifier has come to doubt them: accepted is what is surer than they are.
    for audit in &mut all[100..110] {
        audit.right = false;
    }
    let Verification::Threshold(now) = threshold(&all, promise()) else { panic!() };
    assert_eq!((now.at, now.accepted, now.right), (0.95, 100, 100));
    // As sure as the rest: nothing is accepted any more.
    for audit in &mut all[100..110] {
        audit.confidence = 0.95;
    }
    assert_eq!(at(&threshold(&all, promise())), None);
}

#[test]
fn only_random_draws_are_evidence() {
    let kinds = [
        ChosenBy::Import,
        ChosenBy::RandomAudit,
        ChosenBy::ActiveReview,
        ChosenBy::LookAlikeGroup,
        ChosenBy::Machine,
    ];
    assert_eq!(kinds.map(is_evidence), [true, true, false, false, false]);
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 60, ..ProptestConfig::default() })]

    #[test]
    fn it_holds_for_any_evidence(
        outcomes in prop::collection::vec((0_u8..40, 0_u8..20), 0..250),
        groups in 1_u64..400,
        shift in 0_usize..250,
        lucky in any::<bool>(),
    ) {
        let keys = keys(outcomes.len());
        let all: Vec<Trial<'_>> = outcomes
            .iter()
            .zip(&keys)
            .zip(0_u64..)
            .map(|((&(c, right), key), n)| Trial {
                audit: right % 4 == 0,
                ..trial(key, n * 31 % groups, f32::from(c) / 39.0, lucky || right > 0)
            })
            .collect();
        let found = threshold(&all, promise());
        // The order says nothing.
        let mut turned = all.clone();
        turned.rotate_left(shift % all.len().max(1));
        turned.reverse();
        prop_assert_eq!(threshold(&turned, promise()), found);
        // A higher risk accepts as much or more.
        let bolder = threshold(&all, Promise::with_risk(0.95, 0.2).unwrap());
        let shyer = threshold(&all, Promise::with_risk(0.95, 0.01).unwrap());
        for (less, more) in [(&shyer, &found), (&found, &bolder)] {
            prop_assert!(at(less).is_none_or(|less| at(more).is_some_and(|more| more <= less)), "{less:?} {more:?}");
        }
        match found {
            Verification::Threshold(found) => {
                prop_assert!(found.accepted >= promise().least_trials());
                prop_assert!(found.bound >= 0.95 - 1e-9 && found.right <= found.accepted);
                let passes = at_most(found.accepted - found.right, found.accepted, 0.05) <= 0.1;
                prop_assert!(passes && found.accepted <= found.trials);
            }
            Verification::NotYet(not_yet) => prop_assert!(not_yet.missing >= 1),
        }
    }
}

/// A made-up catalogue: how sure the classifier is of a product, and how often it is right when so sure.
struct Shape {
    name: &'static str,
    confidence: fn(f64) -> f64,
    right: fn(f64) -> f64,
}

const SHAPES: [Shape; 5] = [
    Shape { name: "calibrated, half right", confidence: |u| u, right: |c| c },
    Shape { name: "calibrated, four of five right", confidence: |u| 1.0 - (1.0 - u).powi(4), right: |c| c },
    Shape {
        name: "one in forty decisions is wrong",
        confidence: |u| 1.0 - (1.0 - u).powi(3),
        right: |c| c.min(0.975),
    },
    Shape { name: "too sure", confidence: |u| 1.0 - (1.0 - u).powi(4), right: |c| c.powf(1.5) },
    Shape { name: "never good enough", confidence: |u| 1.0 - (1.0 - u).powi(4), right: |c| c.min(0.93) },
];

/// From the strictest threshold on: what the sequence would be without a chosen beginning.
fn from_the_strictest(outcomes: &mut [(f32, bool)]) -> Option<f32> {
    outcomes.sort_by(|a, b| b.0.total_cmp(&a.0));
    let (mut wrong, mut reached) = (0, None);
    for (accepted, &(confidence, right)) in (1..).zip(outcomes.iter()) {
        wrong += u64::from(!right);
        if accepted >= promise().least_trials() {
            if at_most(wrong, accepted, 0.05) > 0.1 {
                break;
            }
            reached = Some(confidence);
        }
    }
    reached
}

/// Over draws of 600 decisions: the promise is broken no more often than the risk, and what is accepted is more than from
/// the strictest threshold, and well over half of what the best threshold in hindsight accepts where that is much.
#[test]
fn the_promise_is_kept_over_many_draws() {
    const DRAWS: u32 = 300;
    let (mut ours, mut strictest) = (0.0, 0.0);
    for (shape, seed) in SHAPES.iter().zip(1..) {
        // What is right among the surest share of all products.
        let catalogue: Vec<f64> =
            (0..20_000).map(|n| (shape.confidence)(1.0 - (f64::from(n) + 0.5) / 20_000.0)).collect();
        let mut right = 0.0;
        let precision: Vec<f64> = (1_u32..)
            .zip(&catalogue)
            .map(|(count, &c)| {
                right += (shape.right)(c);
                right / f64::from(count)
            })
            .collect();
        let best = precision.iter().rposition(|&p| p >= 0.95).map_or(0, |at| at + 1);
        let accepted = |at: Option<f32>| at.map_or(0, |at| catalogue.partition_point(|&c| c as f32 >= at));

        let mut random = Random(seed);
        let (mut broken, mut shares, mut naive) = (0, 0.0, 0.0);
        let keys = keys(600);
        for _ in 0..DRAWS {
            let mut outcomes: Vec<(f32, bool)> = (0..600)
                .map(|_| {
                    let confidence = (shape.confidence)(random.next());
                    (confidence as f32, random.next() < (shape.right)(confidence))
                })
                .collect();
            let count = accepted(at(&threshold(&trials(&keys, &outcomes), promise())));
            broken += u32::from(count > 0 && precision[count - 1] < 0.95);
            shares += count as f64 / best.max(1) as f64;
            naive += accepted(from_the_strictest(&mut outcomes)) as f64 / best.max(1) as f64;
        }
        // 30 of 300 are allowed; 46 would be three standard deviations more.
        assert!(broken <= 46, "{}: broken {broken} times of {DRAWS}", shape.name);
        if best > 0 {
            ours += shares / f64::from(DRAWS) / 4.0;
            strictest += naive / f64::from(DRAWS) / 4.0;
        }
    }
    assert!(ours > strictest + 0.05 && ours > 0.5, "ours {ours:.2}, from the strictest {strictest:.2}");
}

#[test]
fn clean_audits_become_fewer_and_mistakes_bring_them_back() {
    let share = AuditShare::default();
    let mut audits = Audits::new(promise());
    let mut after = Vec::new();
    for count in 1..=900 {
        audits.add(true);
        if [44, 45, 90, 450, 900].contains(&count) {
            after.push(audits.share(share));
        }
    }
    let expected = [0.10, 0.10, 0.05, 0.01, 0.01];
    assert!(
        after.iter().zip(expected).all(|(share, expected)| (share - expected).abs() < 1e-12),
        "{after:?}"
    );
    assert!(!audits.broken());
    let mut shaken = Audits::new(promise());
    (0..90).for_each(|n| shaken.add(n % 20 != 0));
    assert_eq!((shaken.share(share), shaken.count(), shaken.wrong()), (0.10, 90, 5));
}

#[test]
fn audits_that_break_the_promise_are_noticed_and_those_that_keep_it_are_not() {
    let alarm = |rate: f64, seed: u64, most: u32| {
        let mut audits = Audits::new(promise());
        let mut random = Random(seed);
        (1..=most).find(|_| {
            audits.add(random.next() >= rate);
            audits.broken()
        })
    };
    let broken = |rate: f64| (0..100).filter(|&seed| alarm(rate, seed, 1500).is_some()).count();
    assert!(broken(0.05) <= 19, "at the very edge: {}", broken(0.05));
    assert_eq!(broken(0.02), 0);
    assert_eq!(broken(0.15), 100);
    let mut took: Vec<u32> = (0..100).filter_map(|seed| alarm(0.25, seed, 1500)).collect();
    took.sort_unstable();
    assert!(took[50] < 40, "half of the catalogues notice after {}", took[50]);
}

#[test]
fn trouble_that_comes_late_is_noticed_too_and_an_alarm_stays() {
    let mut audits = Audits::new(promise());
    (0..500).for_each(|_| audits.add(true));
    (0..60).for_each(|n| audits.add(n % 2 == 0));
    assert!(audits.broken());
    (0..500).for_each(|_| audits.add(true));
    assert!(audits.fortune() < 10.0 && audits.broken());
}

#[test]
fn the_draw_follows_from_the_product_alone() {
    let keys = keys(10_000);
    let count = |seed: &str, share: f64| keys.iter().filter(|key| drawn(key, seed, share)).count();
    assert!((900..1100).contains(&count("own", 0.1)), "{}", count("own", 0.1));
    assert!(keys.iter().all(|key| !drawn(key, "own", 0.01) || drawn(key, "own", 0.1)));
    assert_ne!(drawn(&keys[0], "own", 0.0), drawn(&keys[0], "own", 1.0));
    let other = keys.iter().filter(|key| drawn(key, "own", 0.1) && drawn(key, "theirs", 0.1)).count();
    assert!((50..150).contains(&other), "{other}");
}
