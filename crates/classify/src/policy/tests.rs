use std::collections::BTreeMap;

use berika_catalog::{Category, ChosenBy, Language, ProductKey, SupplierId};

use super::*;
use crate::Parts;

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

fn judge(scores: &[(&str, f32)]) -> Verdict {
    let taxonomy = taxonomy();
    let candidates = scores
        .iter()
        .map(|&(id, score)| Candidate {
            category: taxonomy.index_of(&CategoryId(id.to_owned())).unwrap(),
            id: CategoryId(id.to_owned()),
            score,
            parts: Parts { description: score, blended: score, confirmed: 0, supplier_vote: 0.0 },
        })
        .collect();
    let policy = Policy { accept_score: 0.5, accept_margin: 0.1, reject_score: 0.2 };
    policy.judge(&Ranking { candidates, confidence: 0.5 }, &taxonomy)
}

fn reasons(verdict: &Verdict) -> Vec<String> {
    verdict.reasons().iter().map(ToString::to_string).collect()
}

#[test]
fn a_good_score_well_ahead_is_accepted() {
    let verdict = judge(&[("milk", 0.7), ("tea", 0.5)]);
    assert_eq!(verdict.word(), "accept");
    assert_eq!(verdict.category().unwrap().as_str(), "milk");
    assert_eq!(reasons(&verdict), ["clear: score 0.70, ahead by 0.20"]);
    assert_eq!(judge(&[("milk", 0.7)]).word(), "accept");
}

#[test]
fn a_close_second_is_left_to_a_person_and_siblings_are_named_as_such() {
    let siblings = judge(&[("milk", 0.7), ("tea", 0.65)]);
    assert_eq!(siblings.word(), "review");
    assert_eq!(reasons(&siblings), ["ambiguous between siblings milk and tea: 0.05 apart, 0.10 needed"]);
    let branches = judge(&[("milk", 0.4), ("saws", 0.35)]);
    assert_eq!(
        reasons(&branches),
        [
            "ambiguous between milk and saws: 0.05 apart, 0.10 needed",
            "low score: 0.40, 0.50 needed to accept"
        ]
    );
}

#[test]
fn what_is_near_nothing_is_put_aside() {
    assert_eq!(reasons(&judge(&[("milk", 0.3), ("tea", 0.1)])), ["low score: 0.30, 0.50 needed to accept"]);
    let outside = judge(&[("milk", 0.1), ("tea", 0.0)]);
    assert_eq!(outside.word(), "reject");
    assert_eq!(reasons(&outside), ["outside the taxonomy: best score 0.10, below 0.20"]);
    let silent = judge(&[]);
    assert_eq!((silent.word(), reasons(&silent)), ("reject", vec!["no text".to_owned()]));
}

#[test]
fn a_score_that_is_no_number_is_never_accepted() {
    assert_eq!(judge(&[("milk", f32::NAN)]).word(), "reject");
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
    for verdict in [judge(&[("milk", 0.7), ("tea", 0.5)]), judge(&[("milk", 0.4), ("tea", 0.35)]), judge(&[])]
    {
        let text = serde_json::to_string(&verdict).unwrap();
        assert_eq!(serde_json::from_str::<Verdict>(&text).unwrap(), verdict, "{text}");
    }
}
