//! The promise: audits, what was found of it, and when accepting stopped.

use berika_catalog::{CategoryId, ChosenBy, Decision, DeliveryKind, Digest};
use berika_store::{AuditDraw, Categorisation, LearntPromise, Stop};

use crate::scene::{NOW, Scene};

#[tokio::test]
async fn a_draw_for_audit_lasts_until_the_next_judgement_or_for_ever_once_decided() {
    let scene = Scene::new().await;
    scene.deliver(DeliveryKind::Full, &[("1", "Mjölk"), ("2", "Fil"), ("3", "Bröd")]).await;
    scene.compose_texts().await;
    let judge = async |recipe: &str, drawn: bool| {
        let stale = scene.store.stale_categorisations(recipe, "model", &["dairy"], None, 10).await.unwrap();
        let new = Categorisation {
            verdict: "review".to_owned(),
            category: None,
            confidence: 0.9,
            candidates: serde_json::json!([]),
            reasons: vec![],
            recipe: recipe.to_owned(),
            decision: None,
            promise: None,
            audit: drawn.then(|| AuditDraw {
                taxonomy: "own".to_owned(),
                category: "dairy".to_owned(),
                threshold: 0.75,
            }),
        };
        let decided = |id: Option<i64>| Categorisation { decision: id, ..new.clone() };
        let batch: Vec<_> = stale.into_iter().map(|stale| (stale.clone(), decided(stale.decision))).collect();
        scene.store.put_categorisations("run", &batch).await.unwrap();
    };
    judge("classifier-1", true).await;
    assert_eq!(scene.store.open_audits("own").await.unwrap(), 3);
    assert_eq!(scene.store.open_audits("other").await.unwrap(), 0);
    assert!(scene.store.drawn_for_audit(&scene.key("1")).await.unwrap());
    assert!(scene.store.decided_audits("own").await.unwrap().is_empty());

    let decide = async |sku: &str, category: Option<&str>, chosen_by: ChosenBy| {
        let decision = Decision {
            product: scene.key(sku),
            category: category.map(|id| CategoryId(id.to_owned())),
            taxonomy: "own".to_owned(),
            taxonomy_version: 1,
            by: "buyer".to_owned(),
            at: NOW,
            run: None,
            reason: None,
            chosen_by,
        };
        scene.store.append_decisions(&[decision]).await.unwrap();
    };
    decide("2", Some("dairy"), ChosenBy::RandomAudit).await;
    decide("1", None, ChosenBy::Import).await;
    // Judged again, nobody is drawn: of the undecided the draw is taken back, the decided stay as they were drawn.
    judge("classifier-2", false).await;
    assert_eq!(scene.store.open_audits("own").await.unwrap(), 0);
    let decided = scene.store.decided_audits("own").await.unwrap();
    let found: Vec<_> = decided
        .iter()
        .map(|a| (a.product.sku.as_str(), a.decided.as_ref() == Some(&a.category), a.threshold, a.chosen_by))
        .collect();
    assert_eq!(
        found,
        [("2", true, 0.75, ChosenBy::RandomAudit), ("1", false, 0.75, ChosenBy::Import)],
        "in the order of the log"
    );
}

#[tokio::test]
async fn what_is_promised_and_stopped_is_remembered() {
    let scene = Scene::new().await;
    let store = &scene.store;
    let classifier = store.classifier_version("a", NOW).await.unwrap();
    let learnt = |outcome: &str| LearntPromise {
        classifier,
        share: 0.95,
        outcome: outcome.to_owned(),
        learnt_at: NOW,
    };
    let evidence = Digest::of_bytes(b"1");
    store.put_promise("own", &evidence, &learnt("first")).await.unwrap();
    store.put_promise("own", &evidence, &learnt("again")).await.unwrap();
    let found = store.learnt_promise("own", classifier, &evidence).await.unwrap();
    assert_eq!(found, Some(learnt("first")), "the same evidence allows the same");
    store.put_promise("own", &Digest::of_bytes(b"2"), &learnt("second")).await.unwrap();
    assert_eq!(store.latest_promise("own", 0.95).await.unwrap().unwrap().outcome, "second");
    assert_eq!(store.latest_promise("other", 0.95).await.unwrap(), None);

    let stop = Stop { stopped_at: NOW, reason: "9 of 40 wrong".to_owned(), decision: 7, resumed_at: None };
    assert_eq!(store.stops("own").await.unwrap(), []);
    assert!(!store.resume_accepting("own", "buyer", NOW).await.unwrap(), "nothing is stopped");
    store.stop_accepting("own", &stop).await.unwrap();
    store.stop_accepting("own", &Stop { decision: 9, ..stop.clone() }).await.unwrap();
    assert_eq!(store.stops("own").await.unwrap(), std::slice::from_ref(&stop), "the first stands");
    assert!(store.resume_accepting("own", "buyer", NOW).await.unwrap());
    assert_eq!(store.stops("own").await.unwrap()[0].resumed_at, Some(NOW));
    store.stop_accepting("own", &Stop { decision: 9, ..stop }).await.unwrap();
    let stops = store.stops("own").await.unwrap();
    assert_eq!((stops.len(), stops[1].decision, stops[1].resumed_at), (2, 9, None));
}
