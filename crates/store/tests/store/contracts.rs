//! Held deliveries, and what is usual of a supplier's.

use berika_catalog::contract::{Breach, Profiler, Reading, Rule};
use berika_catalog::{DeliveryKind, Digest};
use berika_store::{Accepted, FinishedImport, ImportCounts, ImportMode, NewImport, SourceState};

use crate::scene::{NOW, Scene};

#[tokio::test]
async fn held_deliveries_wait_for_a_person_and_are_settled_by_what_comes_in() {
    let scene = Scene::new().await;
    let body = Digest::of_bytes(b"small");
    let breach = Breach {
        rule: Rule::Shrunk,
        subject: String::new(),
        severity: 0.8,
        reason: "shrank by 80 %".to_owned(),
    };
    let breaches = [breach];
    scene.store.hold_delivery(&scene.supplier, &body, "shrank by 80 %", &breaches).await.unwrap();
    let source = scene.store.source(&scene.supplier).await.unwrap();
    assert_eq!(source.held, Some((body.clone(), "shrank by 80 %".to_owned())));
    assert_eq!(source.accepted, None);
    let reason = scene.store.accept_held_delivery(&scene.supplier).await.unwrap();
    assert_eq!(reason.as_deref(), Some("shrank by 80 %"));
    let accepted = Accepted { body_hash: Some(body), breaches: breaches.to_vec() };
    assert_eq!(scene.store.source(&scene.supplier).await.unwrap().accepted, Some(accepted.clone()));

    // What begins to come in is not there yet: a kill leaves the person's word as it was.
    let new_body = Digest::of_bytes(b"large");
    let new = NewImport {
        supplier: &scene.supplier,
        run: "run",
        kind: DeliveryKind::Full,
        file: "feed.csv",
        body_hash: &new_body,
    };
    scene.store.begin_import(new, NOW).await.unwrap();
    assert_eq!(scene.store.source(&scene.supplier).await.unwrap().accepted, Some(accepted));
    scene.deliver(DeliveryKind::Full, &[("1", "Mjölk")]).await;
    let source = scene.store.source(&scene.supplier).await.unwrap();
    assert_eq!((source.held, source.accepted), (None, None));
}

#[tokio::test]
async fn what_is_usual_goes_back_to_what_was_last_let_through() {
    let scene = Scene::new().await;
    let (one, other) = (Digest::of_bytes(b"one mapping"), Digest::of_bytes(b"another"));
    let deliver = async |mapping: &Digest, columns: usize, let_through: bool| {
        let body_hash = Digest::of_json(&columns);
        let kind = DeliveryKind::Full;
        let new = NewImport { supplier: &scene.supplier, run: "r", kind, file: "f", body_hash: &body_hash };
        let import = scene.store.begin_import(new.clone(), NOW).await.unwrap();
        let reading = Reading { columns: vec!["c".to_owned(); columns], ..Reading::default() };
        let (profile, _) = Profiler::default().finish(reading);
        let source = SourceState { config_hash: Some(mapping.clone()), ..SourceState::default() };
        let finished = FinishedImport {
            source: &source,
            profile: Some(&profile),
            let_through,
            retire_after: 3,
            mode: ImportMode::default(),
        };
        scene.store.finish_import(import, &new, &finished, ImportCounts::default(), NOW).await.unwrap();
    };
    let columns = async |mapping: &Digest| -> Vec<usize> {
        let profiles = scene.store.profiles(&scene.supplier, mapping, DeliveryKind::Full).await.unwrap();
        profiles.iter().map(|profile| profile.reading.columns.len()).collect()
    };
    deliver(&one, 1, false).await;
    deliver(&one, 2, false).await;
    deliver(&other, 3, false).await;
    assert_eq!((columns(&one).await, columns(&other).await), (vec![2, 1], vec![3]));
    deliver(&one, 4, true).await;
    deliver(&one, 5, false).await;
    assert_eq!(columns(&one).await, [5, 4]);
}
