use std::collections::BTreeMap;

use berika_catalog::{Category, ChosenBy, Language, ProductKey, SupplierId};

use super::*;

/// food > (milk, tea), tools > saws.
fn taxonomy() -> Taxonomy {
    let category = |id: &str, parent: Option<&str>| Category {
        id: CategoryId(id.to_owned()),
        parent: parent.map(|parent| CategoryId(parent.to_owned())),
        names: [(Language::parse("en").unwrap(), id.to_owned())].into(),
        descriptions: BTreeMap::new(),
        excludes: BTreeMap::new(),
        synonyms: BTreeMap::new(),
        external_ids: BTreeMap::new(),
    };
    let categories = vec![
        category("food", None),
        category("milk", Some("food")),
        category("tea", Some("food")),
        category("tools", None),
        category("saws", Some("tools")),
    ];
    Taxonomy::new("own", 1, categories).unwrap()
}

fn promised() -> Policy {
    Policy::Promised { at: 0.8, promise: 0.95, trials: 812, audit: 0.0, seed: "own".to_owned() }
}

fn judge(policy: &Policy, candidates: &[(&str, f32)]) -> Verdict {
    let ids: Vec<CategoryId> = candidates.iter().map(|(id, _)| CategoryId((*id).to_owned())).collect();
    let candidates = ids.iter().zip(candidates).map(|(id, &(_, probability))| (id, probability)).collect();
    let sight = Sight { key: "nord/7", candidates, parent: None, outside: Outside::No };
    policy.judge(&sight, &taxonomy())
}

fn reasons(verdict: &Verdict) -> Vec<String> {
    verdict.reasons().iter().map(ToString::to_string).collect()
}

#[test]
fn what_reaches_the_threshold_is_accepted_with_the_promise() {
    let verdict = judge(&promised(), &[("milk", 0.8), ("tea", 0.1)]);
    assert_eq!((verdict.word(), verdict.category().unwrap().as_str()), ("accept", "milk"));
    assert_eq!(verdict.promise(), Some(0.95));
    assert_eq!(
        reasons(&verdict),
        [
            "sure enough: confidence 0.80, 0.80 needed so that at least 95 % of what is accepted is right, going by 812 \
          random decisions"
        ]
    );
}

#[test]
fn what_does_not_is_left_to_a_person_with_what_stands_in_the_way() {
    assert_eq!(
        reasons(&judge(&promised(), &[("milk", 0.5), ("tea", 0.4)])),
        [
            "not sure enough: confidence 0.500, 0.800 needed to accept",
            "ambiguous between siblings milk (0.50) and tea (0.40)"
        ]
    );
    let branches = judge(&promised(), &[("milk", 0.4), ("saws", 0.35)]);
    assert_eq!(reasons(&branches)[1], "ambiguous between milk (0.40) and saws (0.35)");
    assert_eq!(reasons(&judge(&promised(), &[("milk", 0.7), ("tea", 0.1)])).len(), 1, "nothing is close");
}

#[test]
fn a_surer_parent_is_offered_with_its_own_confidence() {
    let (milk, food) = (CategoryId("milk".to_owned()), CategoryId("food".to_owned()));
    let sight = Sight {
        key: "n/1",
        candidates: vec![(&milk, 0.4)],
        parent: Some((&food, 0.97)),
        outside: Outside::No,
    };
    let verdict = promised().judge(&sight, &taxonomy());
    assert_eq!(verdict.word(), "review");
    assert_eq!(reasons(&verdict)[1], "the category above, food, is surer: confidence 0.97");
}

#[test]
fn without_evidence_nothing_is_accepted() {
    let sure = [("milk", 1.0)];
    let nothing = judge(&Policy::default(), &sure);
    assert_eq!(nothing.word(), "review");
    assert_eq!(
        reasons(&nothing),
        ["nothing is accepted without a look yet: 0 random decisions, at least 45 more needed"]
    );
    let stopped = judge(&Policy::Stopped, &sure);
    assert_eq!((stopped.word(), stopped.promise()), ("review", None));
}

#[test]
fn a_configured_threshold_accepts_without_a_promise_and_says_so() {
    let verdict = judge(&Policy::Unpromised { above: 0.9 }, &[("milk", 0.93)]);
    assert_eq!((verdict.word(), verdict.promise()), ("accept", None));
    assert_eq!(
        reasons(&verdict),
        ["confidence 0.93, above the 0.90 that the configuration asks for; no promise"]
    );
    assert_eq!(judge(&Policy::Unpromised { above: 0.9 }, &[("milk", 0.89)]).word(), "review");
}

#[test]
fn a_random_share_is_audited_instead_and_stays_so() {
    let milk = CategoryId("milk".to_owned());
    let audited = |share: f64| {
        let policy =
            Policy::Promised { at: 0.8, promise: 0.95, trials: 50, audit: share, seed: "own".to_owned() };
        let keys: Vec<String> = (0..2000).map(|n| format!("n/{n}")).collect();
        let judged = |key: &String| {
            let sight = Sight { key, candidates: vec![(&milk, 0.9)], parent: None, outside: Outside::No };
            policy.judge(&sight, &taxonomy())
        };
        keys.iter().filter(|key| judged(key).audit() == Some((&milk, 0.8))).cloned().collect::<Vec<_>>()
    };
    let (many, few) = (audited(0.1), audited(0.01));
    assert!((150..250).contains(&many.len()) && (8..40).contains(&few.len()), "{} {}", many.len(), few.len());
    assert!(few.iter().all(|key| many.contains(key)));
}

#[test]
fn what_has_no_text_or_no_place_is_put_aside() {
    let silent = judge(&promised(), &[]);
    assert_eq!((silent.word(), reasons(&silent)), ("reject", vec!["no text".to_owned()]));
    let milk = CategoryId("milk".to_owned());
    let outside = Outside::Yes { confidence: 0.9 };
    let sight = Sight { key: "n/1", candidates: vec![(&milk, 0.99)], parent: None, outside };
    let verdict = promised().judge(&sight, &taxonomy());
    assert_eq!(
        (verdict.word(), reasons(&verdict)),
        ("reject", vec!["outside the taxonomy: confidence 0.90".to_owned()])
    );
}

#[test]
fn a_confidence_that_is_no_number_is_never_accepted() {
    for policy in [promised(), Policy::Unpromised { above: 0.0 }] {
        assert_eq!(judge(&policy, &[("milk", f32::NAN)]).word(), "review");
    }
}

#[test]
fn a_persons_word_settles_it_either_way() {
    let mut decision = Decision {
        product: ProductKey { supplier: SupplierId::new("nord").unwrap(), sku: "7".to_owned() },
        category: Some(CategoryId("milk".to_owned())),
        taxonomy: "own".to_owned(),
        taxonomy_version: 1,
        by: "Kim".to_owned(),
        at: "2026-01-05T08:00:00Z".parse().unwrap(),
        run: None,
        reason: None,
        chosen_by: ChosenBy::Import,
    };
    let inside = confirmed(&decision);
    assert_eq!((inside.word(), reasons(&inside)), ("accept", vec!["confirmed by Kim".to_owned()]));
    assert_eq!(inside.category().unwrap().as_str(), "milk");
    decision.category = None;
    decision.reason = Some("a gift card".to_owned());
    let outside = confirmed(&decision);
    assert_eq!(
        (outside.word(), reasons(&outside)),
        ("reject", vec!["confirmed by Kim: a gift card".to_owned()])
    );
}

#[test]
fn verdicts_survive_being_stored() {
    let promised = promised();
    for candidates in [&[("milk", 0.9), ("tea", 0.05)][..], &[("milk", 0.5), ("tea", 0.25)], &[]] {
        let verdict = judge(&promised, candidates);
        let text = serde_json::to_string(&verdict).unwrap();
        assert_eq!(serde_json::from_str::<Verdict>(&text).unwrap(), verdict, "{text}");
    }
}
