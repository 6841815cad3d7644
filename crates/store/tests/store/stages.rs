//! What is stale, and what the stages write.

use berika_catalog::{DeliveryKind, Digest};
use berika_store::{AttemptResult, ROWS_PER_TRANSACTION, StoredText, TextNumbers};

use crate::scene::{NOW, Scene, attempt};

#[tokio::test]
async fn each_stage_is_stale_once_and_again_after_a_change() {
    let scene = Scene::new().await;
    scene.deliver(DeliveryKind::Full, &[("1", "Mjölk"), ("2", "Smör")]).await;
    assert_eq!(scene.compose_texts().await, 2);
    assert_eq!(scene.store.texts_without_vector("model", None, 10).await.unwrap().len(), 2);
    assert_eq!(scene.categorise("classifier-1", "accept", "dairy").await, 2);
    assert_eq!(scene.describe("sv").await, 2);
    assert_eq!(scene.publish(&["shop"]).await, 2);
    let idle = async || {
        (
            scene.compose_texts().await,
            scene.categorise("classifier-1", "accept", "dairy").await,
            scene.describe("sv").await,
            scene.publish(&["shop"]).await,
        )
    };
    assert_eq!(idle().await, (0, 0, 0, 0));

    scene.deliver(DeliveryKind::Full, &[("1", "Mjölk"), ("2", "Smör")]).await;
    assert_eq!(idle().await, (0, 0, 0, 0), "an unchanged delivery makes nothing stale");

    scene.deliver(DeliveryKind::Delta, &[("2", "Smör 500 g")]).await;
    assert_eq!(idle().await, (1, 1, 1, 1));
}

#[tokio::test]
async fn a_new_recipe_moves_what_is_open_and_not_what_is_settled() {
    let scene = Scene::new().await;
    scene.deliver(DeliveryKind::Full, &[("1", "Mjölk")]).await;
    scene.compose_texts().await;
    assert_eq!(scene.categorise("classifier-1", "review", "dairy").await, 1);
    assert_eq!(scene.categorise("classifier-2", "accept", "dairy").await, 1);
    assert_eq!(scene.categorise("classifier-3", "accept", "bread").await, 0);
    let stale =
        scene.store.stale_categorisations("classifier-3", "model", &["bread"], None, 10).await.unwrap();
    assert_eq!(stale.len(), 1, "but its category is no longer there");
}

#[tokio::test]
async fn a_stage_never_overwrites_what_changed_meanwhile() {
    let scene = Scene::new().await;
    scene.deliver(DeliveryKind::Full, &[("1", "Mjölk")]).await;
    let stale = scene.store.stale_texts(None, 10).await.unwrap();
    scene.deliver(DeliveryKind::Full, &[("1", "Grädde")]).await;
    let hash = Digest::of_bytes(b"late");
    let late = StoredText {
        text: "late".to_owned(),
        text_hash: hash.clone(),
        evidence_hash: hash.clone(),
        facts_hash: hash,
    };
    scene.store.put_texts("template-1", &[(stale[0].id, stale[0].input_hash.clone(), late)]).await.unwrap();
    assert_eq!(scene.store.text(stale[0].id).await.unwrap(), None);
}

#[tokio::test]
async fn batches_longer_than_a_statement_takes_are_written_whole() {
    for count in [ROWS_PER_TRANSACTION + 1, 2 * ROWS_PER_TRANSACTION + 1] {
        let scene = Scene::new().await;
        let rows: Vec<(String, String)> = (0..count).map(|at| (at.to_string(), format!("Te {at}"))).collect();
        let rows: Vec<(&str, &str)> =
            rows.iter().map(|(sku, title)| (sku.as_str(), title.as_str())).collect();
        for chunk in rows.chunks(ROWS_PER_TRANSACTION) {
            scene.deliver(DeliveryKind::Delta, chunk).await;
        }
        assert_eq!(scene.compose_texts().await, count);
        let missing = scene.store.texts_without_vector("model", None, 2000).await.unwrap();
        let vectors: Vec<(&Digest, &[f32])> = missing.iter().map(|(hash, _)| (hash, &[1.0][..])).collect();
        scene.store.put_vectors("model", &vectors).await.unwrap();
        assert_eq!(scene.store.count_texts("model").await.unwrap().with_vector, count as u64);

        let stages = async || {
            (
                scene.compose_texts().await,
                scene.categorise("classifier-1", "accept", "dairy").await,
                scene.describe("sv").await,
                scene.publish(&["shop"]).await,
            )
        };
        assert_eq!(stages().await, (0, count, count, count as u64));
        assert_eq!(stages().await, (0, 0, 0, 0), "every row of {count} was written");

        let due = scene.store.due_events("shop", NOW, 2000).await.unwrap();
        let bodies: Vec<(String, i64, Vec<u8>)> =
            due.iter().map(|due| (due.id.clone(), due.version, due.id.clone().into_bytes())).collect();
        assert_eq!(scene.store.freeze_events(&bodies).await.unwrap().len(), count);
        let due = scene.store.due_events("shop", NOW, 2000).await.unwrap();
        assert!(due.iter().all(|due| due.body.as_deref() == Some(due.id.as_bytes())));
        let made: Vec<_> = due.iter().map(|due| attempt(&due.id, 1, AttemptResult::Delivered)).collect();
        scene.store.record_attempts("shop", &made, NOW).await.unwrap();
        let state = scene.store.endpoint_state("shop", NOW).await.unwrap();
        assert_eq!((state.delivered, state.pending), (count as u64, 0));
    }
}

#[tokio::test]
async fn vectors_come_back_bit_for_bit() {
    let scene = Scene::new().await;
    let hash = Digest::of_bytes(b"text");
    let vector = vec![0.25f32, -1.0, f32::MIN_POSITIVE];
    scene.store.put_vectors("model", &[(&hash, &vector)]).await.unwrap();
    let found = scene.store.vectors("model", &[hash, Digest::of_bytes(b"other")]).await.unwrap();
    assert_eq!(found, [Some(vector), None]);
}

#[tokio::test]
async fn texts_are_counted_with_those_that_are_equal_and_those_that_have_a_vector() {
    let scene = Scene::new().await;
    scene.deliver(DeliveryKind::Full, &[("1", "Mjölk"), ("2", "Mjölk"), ("3", "Kaffe"), ("4", "Te")]).await;
    scene.compose_texts().await;
    let missing = scene.store.texts_without_vector("model", None, 10).await.unwrap();
    assert_eq!(missing.len(), 3);
    scene.store.put_vectors("model", &[(&missing[0].0, &[1.0])]).await.unwrap();
    let counted = scene.store.count_texts("model").await.unwrap();
    assert_eq!(counted, TextNumbers { texts: 4, different: 3, with_vector: 1 });
    assert_eq!(scene.store.count_texts("other").await.unwrap().with_vector, 0);
}
