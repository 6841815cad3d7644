//! Events: coalesced, frozen, attempted, forgotten.

use berika_catalog::DeliveryKind;
use berika_store::AttemptResult;
use jiff::SignedDuration;

use crate::scene::{NOW, Scene, attempt};

#[tokio::test]
async fn an_endpoint_that_was_never_told_is_told_everything() {
    let scene = Scene::new().await;
    scene.deliver(DeliveryKind::Full, &[("1", "Mjölk")]).await;
    scene.publish(&["shop"]).await;
    let first = scene.store.due_events("shop", NOW, 10).await.unwrap();
    scene.store.freeze_events(&[(first[0].id.clone(), 1, b"{}".to_vec())]).await.unwrap();
    scene
        .store
        .record_attempts("shop", &[attempt(&first[0].id, 1, AttemptResult::Delivered)], NOW)
        .await
        .unwrap();
    scene.deliver(DeliveryKind::Full, &[("1", "Mjölk 1 l")]).await;
    scene.publish(&["shop", "new"]).await;
    assert!(scene.store.due_events("shop", NOW, 10).await.unwrap()[0].base.is_some());
    assert_eq!(scene.store.due_events("new", NOW, 10).await.unwrap()[0].base, None);
}

#[tokio::test]
async fn an_event_nobody_attempted_is_replaced_and_an_attempted_one_stays() {
    let scene = Scene::new().await;
    scene.deliver(DeliveryKind::Full, &[("1", "Mjölk")]).await;
    scene.publish(&["shop"]).await;
    scene.deliver(DeliveryKind::Full, &[("1", "Mjölk 1 l")]).await;
    scene.publish(&["shop"]).await;
    let due = scene.store.due_events("shop", NOW, 10).await.unwrap();
    assert_eq!(due.len(), 1, "coalesced");
    assert_eq!((due[0].version, &due[0].base), (2, &None));

    let frozen = scene.store.freeze_events(&[(due[0].id.clone(), 2, b"bytes".to_vec())]).await.unwrap();
    assert_eq!(frozen, [due[0].id.clone()]);
    scene.deliver(DeliveryKind::Full, &[("1", "Mjölk 2 l")]).await;
    scene.publish(&["shop"]).await;
    let due = scene.store.due_events("shop", NOW, 10).await.unwrap();
    assert_eq!(due.len(), 2, "the attempted event keeps its bytes, the next is its own event");
    assert_eq!(due[0].body.as_deref(), Some(b"bytes".as_slice()));
    assert!(due[1].base.is_some());

    // Back to what the receiver was told: there is nothing left to say.
    scene.deliver(DeliveryKind::Full, &[("1", "Mjölk 1 l")]).await;
    scene.publish(&["shop"]).await;
    assert_eq!(scene.store.due_events("shop", NOW, 10).await.unwrap().len(), 1);
}

#[tokio::test]
async fn attempts_lead_to_delivered_later_dead_or_a_disabled_endpoint() {
    let scene = Scene::new().await;
    scene.deliver(DeliveryKind::Full, &[("1", "Mjölk"), ("2", "Smör")]).await;
    scene.publish(&["shop"]).await;
    let due = scene.store.due_events("shop", NOW, 10).await.unwrap();
    let later = NOW + SignedDuration::from_secs(5);
    for event in &due {
        scene.store.freeze_events(&[(event.id.clone(), event.version, b"{}".to_vec())]).await.unwrap();
    }
    let made =
        [attempt(&due[0].id, 1, AttemptResult::RetryAt(later)), attempt(&due[1].id, 1, AttemptResult::Dead)];
    scene.store.record_attempts("shop", &made, NOW).await.unwrap();
    assert_eq!(scene.store.due_events("shop", NOW, 10).await.unwrap().len(), 0);
    let state = scene.store.endpoint_state("shop", NOW).await.unwrap();
    assert_eq!((state.pending, state.due, state.dead, state.failing_since), (1, 0, 1, Some(NOW)));

    assert_eq!(scene.store.replay(None, Some("shop"), NOW).await.unwrap(), 1);
    let gone = attempt(&due[0].id, 2, AttemptResult::Disable("410 Gone".to_owned()));
    scene.store.record_attempts("shop", &[gone], later).await.unwrap();
    assert_eq!(scene.store.due_events("shop", later, 10).await.unwrap().len(), 0, "switched off");
    assert!(scene.store.enable_endpoint("shop", later).await.unwrap());
    let due_again = scene.store.due_events("shop", later, 10).await.unwrap();
    assert_eq!(due_again.len(), 2);
    let replayed = due_again.iter().find(|event| event.id == due[1].id).unwrap();
    assert_eq!((replayed.attempts, replayed.attempts_before_replay), (1, 1), "the schedule begins anew");

    let done =
        [attempt(&due[0].id, 3, AttemptResult::Delivered), attempt(&due[1].id, 2, AttemptResult::Delivered)];
    scene.store.record_attempts("shop", &done, later).await.unwrap();
    let detail = scene.store.delivery(&due[0].id).await.unwrap().unwrap();
    assert_eq!((detail.row.state.as_str(), detail.made.len()), ("delivered", 3));

    let much_later = later + SignedDuration::from_hours(24 * 100);
    let day = SignedDuration::from_hours(24);
    let forgotten = scene.store.forget_old_deliveries(day * 30, day * 90, much_later).await.unwrap();
    assert_eq!(forgotten, (2, 5));
    assert_eq!(scene.store.delivery(&due[0].id).await.unwrap().unwrap().body, None);
}
