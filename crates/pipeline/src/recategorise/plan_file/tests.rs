use super::*;
use crate::recategorise::plan::{Basis, Candidates, Judged, Move, NewText, Selection, Standing};
use crate::recategorise::summary::{Example, Flow, Summary};
use berika_catalog::{CategoryId, ProductKey};
use berika_store::AuditDraw;
use jiff::Timestamp;
use proptest::prelude::*;

fn category(id: &str) -> Option<CategoryId> {
    Some(CategoryId(id.to_owned()))
}

/// A plan of one move.
pub(crate) fn plan() -> Plan {
    let product = ProductKey::parse("alfa/P 00").unwrap();
    Plan {
        berika_plan: FORMAT,
        id: "plan_1".to_owned(),
        made_at: Timestamp::UNIX_EPOCH,
        made_by: "tester".to_owned(),
        basis: Basis {
            store: "store_1".to_owned(),
            taxonomy: "own".to_owned(),
            version: 3,
            taxonomy_digest: Digest::of_bytes(b"taxonomy"),
            decisions: 7,
            model: "some/model".to_owned(),
            encoder: Some("encoder".to_owned()),
            judge: Some("classifier-1 x".to_owned()),
            promise: 0.95,
        },
        selection: Selection { filters: vec!["brand=Asta".to_owned()], ..Selection::default() },
        taxonomy: None,
        summary: Summary {
            products: 3,
            unchanged: 2,
            flows: vec![Flow {
                from: category("tea"),
                from_verdict: "accept".to_owned(),
                to: None,
                to_verdict: "review".to_owned(),
                products: 1,
                confidence_before: 0.9,
                confidence_after: 0.4,
                examples: vec![Example {
                    product: product.clone(),
                    title: Some("Kanna".to_owned()),
                    reason: "unsure".to_owned(),
                    confidence_before: 0.9,
                    confidence_after: 0.4,
                }],
            }],
            ..Summary::default()
        },
        moves: vec![Move {
            product,
            from: Standing {
                verdict: "accept".to_owned(),
                category: category("tea"),
                confidence: 0.9,
                recipe: "classifier-1 y".to_owned(),
            },
            to: Judged {
                verdict: "review".to_owned(),
                category: None,
                confidence: 0.4,
                candidates: Candidates::from(&serde_json::json!([{"id": "tea", "probability": 0.4}])),
                reasons: vec!["unsure".to_owned()],
                recipe: "classifier-1 x".to_owned(),
                promise: None,
                audit: None,
            },
            decision: None,
            evidence: Digest::of_bytes(b"evidence"),
            text: None,
        }],
    }
}

fn moves() -> impl Strategy<Value = Vec<Move>> {
    let text = "\\PC{0,20}";
    let one =
        (text, text, any::<bool>(), 0.0f32..=1.0, 0.0f32..=1.0, text, any::<Option<i64>>(), any::<bool>());
    let one = one.prop_map(|(sku, id, some, before, after, words, decision, anew)| {
        let mut step = plan().moves.remove(0);
        step.product.sku = format!("x{sku}");
        step.from.category = some.then(|| CategoryId(id.clone()));
        step.from.confidence = f64::from(before);
        step.to.confidence = f64::from(after);
        step.to.candidates = Candidates::from(&serde_json::json!([{"id": id, "probability": after}, words]));
        step.to.reasons = vec![words.clone(), String::new()];
        step.to.promise = some.then_some(0.95);
        step.to.audit = anew.then(|| AuditDraw { taxonomy: words.clone(), category: id, threshold: before });
        step.decision = decision;
        step.text = anew.then(|| NewText {
            recipe: "template".to_owned(),
            text: words.clone(),
            text_hash: Digest::of_bytes(words.as_bytes()),
            evidence_hash: Digest::of_bytes(b"e"),
            facts_hash: Digest::of_bytes(b"f"),
        });
        step
    });
    proptest::collection::vec(one, 0..4)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]
    #[test]
    fn a_plan_is_read_back_as_it_was_written_and_any_changed_byte_is_refused(
        moves in moves(), at in any::<prop::sample::Index>(), other in 1u8..=255, cut in any::<prop::sample::Index>(),
    ) {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("plan.json");
        let plan = Plan { moves, ..plan() };
        let written = write(&path, &plan).unwrap();
        let (read_back, read_digest) = read(&path).unwrap();
        prop_assert_eq!(&read_back, &plan);
        prop_assert_eq!(&read_digest, &written);
        prop_assert_eq!(digest(&plan), written);

        let bytes = std::fs::read(&path).unwrap();
        let mut edited = bytes.clone();
        let at = at.index(edited.len());
        edited[at] ^= other;
        prop_assert!(parse(&path, &edited).is_err(), "byte {} became {}", at, edited[at]);
        let cut = cut.index(bytes.len());
        prop_assert!(parse(&path, &bytes[..cut]).is_err(), "cut at {}", cut);
    }
}

#[test]
fn each_fault_of_a_file_has_its_name() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("plan.json");
    write(&path, &plan()).unwrap();
    let text = std::fs::read_to_string(&path).unwrap();
    assert!(serde_json::from_str::<serde_json::Value>(&text).is_ok(), "other programs can read it");
    let fault = |text: &str| {
        std::fs::write(&path, text).unwrap();
        let error = read(&path).unwrap_err();
        assert!(error.to_string().contains("plan.json"), "{error}");
        error
    };
    assert!(matches!(fault("[project]\nname = 1\n"), PlanFileError::NotAPlan(_)));
    assert!(matches!(fault("{\"plan\":{\"other\":1}}\n"), PlanFileError::NotAPlan(_)));
    assert!(matches!(fault(""), PlanFileError::Truncated(_)));
    assert!(matches!(fault(&text[..5]), PlanFileError::Truncated(_)));
    assert!(matches!(fault(&text[..text.len() - 1]), PlanFileError::Truncated(_)));
    assert!(matches!(fault(&text.replace("tester", "taster")), PlanFileError::Edited(_)));
    assert!(
        matches!(fault(&text.replace("\"plan\":{", "\"plan\": {")), PlanFileError::Edited(_)),
        "by an editor"
    );
    let newer = fault(&text.replace("\"berika_plan\":1", "\"berika_plan\":12"));
    assert!(matches!(&newer, PlanFileError::OtherFormat { found, .. } if found == "12"), "{newer}");
    assert!(matches!(read(&folder.path().join("none.json")), Err(PlanFileError::Read { .. })));
}

#[test]
fn a_plan_that_cannot_be_written_leaves_the_one_that_is_there() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("plan.json");
    write(&path, &plan()).unwrap();
    let second = Plan { id: "plan_2".to_owned(), ..plan() };
    write(&path, &second).unwrap();
    assert_eq!(read(&path).unwrap().0.id, "plan_2");
    assert!(matches!(write(&folder.path().join("no/plan.json"), &plan()), Err(PlanFileError::Write { .. })));
    let left: Vec<_> =
        std::fs::read_dir(folder.path()).unwrap().map(|entry| entry.unwrap().file_name()).collect();
    assert_eq!(left, ["plan.json"], "nothing is left beside it");
}
