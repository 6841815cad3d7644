//! People's decisions and the order in which they are asked.

use berika_catalog::{CategoryId, ChosenBy, Decision, DeliveryKind, SupplierId};
use berika_store::{QueuedProduct, ROWS_PER_TRANSACTION, ReviewQueue};
use jiff::SignedDuration;

use crate::scene::{NOW, Scene, decided};

#[tokio::test]
async fn decisions_are_logged_once_and_make_the_category_stale() {
    let scene = Scene::new().await;
    scene.deliver(DeliveryKind::Full, &[("1", "Mjölk")]).await;
    scene.compose_texts().await;
    scene.categorise("classifier-1", "accept", "bread").await;
    let decision = |sku: &str| Decision {
        product: scene.key(sku),
        category: Some(CategoryId("dairy".to_owned())),
        taxonomy: "own".to_owned(),
        taxonomy_version: 1,
        by: "buyer".to_owned(),
        at: NOW,
        run: None,
        reason: None,
        chosen_by: ChosenBy::Import,
    };
    let counts = scene.store.append_decisions(&[decision("1"), decision("9")]).await.unwrap();
    assert_eq!((counts.appended, counts.known, counts.waiting), (2, 0, 1));
    let counts = scene.store.append_decisions(&[decision("1")]).await.unwrap();
    assert_eq!((counts.appended, counts.known), (0, 1));

    let stale = scene
        .store
        .stale_categorisations("classifier-1", "model", &["dairy", "bread"], None, 10)
        .await
        .unwrap();
    assert_eq!(stale.len(), 1);
    assert!(stale[0].decision.is_some());
    scene.deliver(DeliveryKind::Delta, &[("9", "Fil")]).await;
    assert_eq!(
        scene.store.current_decisions("model", "own").await.unwrap().len(),
        2,
        "the waiting one found its product"
    );
    assert_eq!(scene.store.decision_log(0, 10).await.unwrap().len(), 2);
}

#[tokio::test]
async fn the_decision_that_was_made_last_holds_whichever_was_imported_last() {
    let scene = Scene::new().await;
    scene.deliver(DeliveryKind::Full, &[("1", "Mjölk")]).await;
    let decision = |category: &str, hour: i64| Decision {
        product: scene.key("1"),
        category: Some(CategoryId(category.to_owned())),
        taxonomy: "own".to_owned(),
        taxonomy_version: 1,
        by: "buyer".to_owned(),
        at: NOW + SignedDuration::from_hours(hour),
        run: None,
        reason: None,
        chosen_by: ChosenBy::Import,
    };
    scene.store.append_decisions(&[decision("dairy", 9)]).await.unwrap();
    scene.store.append_decisions(&[decision("bread", 5)]).await.unwrap();
    let holds = scene.store.current_decisions("model", "own").await.unwrap();
    assert_eq!(holds[0].decision.category, Some(CategoryId("dairy".to_owned())));
}

#[tokio::test]
async fn the_order_of_review_is_paged_and_leaves_out_who_was_decided_on_since() {
    let scene = Scene::new().await;
    let count = ROWS_PER_TRANSACTION + 3;
    let rows: Vec<(String, String)> = (0..count).map(|at| (format!("{at:04}"), format!("Te {at}"))).collect();
    let rows: Vec<(&str, &str)> = rows.iter().map(|(sku, title)| (sku.as_str(), title.as_str())).collect();
    scene.deliver(DeliveryKind::Full, &rows).await;
    scene.compose_texts().await;
    let before = scene.store.review_fingerprint("model").await.unwrap();
    scene.categorise("classifier-1", "review", "dairy").await;
    let seen = scene.store.review_fingerprint("model").await.unwrap();
    assert_ne!(before, seen);
    assert_ne!(scene.store.review_fingerprint("other").await.unwrap(), seen);
    assert_eq!(scene.store.count_waiting().await.unwrap(), count as u64);

    let first = scene.store.waiting_products("model", None, 2).await.unwrap();
    let mut waiting = scene.store.waiting_products("model", Some(first[1].id), count).await.unwrap();
    assert_eq!((first.len(), waiting.len()), (2, count - 2));
    waiting.splice(0..0, first);
    // The last comes first, and the last three look alike.
    let products = waiting.iter().rev().map(|p| QueuedProduct { id: p.id, gain: 1.0, doubt: 0.5 }).collect();
    let look_alikes = waiting.iter().rev().take(3).map(|p| (p.id, 7)).collect();
    let queue = ReviewQueue { products, look_alikes, seen: seen.clone(), embedding: "model".to_owned() };
    scene.store.put_review_queue(&queue).await.unwrap();
    scene.store.put_review_queue(&queue).await.unwrap();
    assert_eq!(scene.store.review_state().await.unwrap(), Some((seen.clone(), "model".to_owned())));
    let page = async |after, limit| {
        let page = scene.store.review_queue(None, after, limit).await.unwrap();
        page.into_iter().map(|row| (row.place, row.product.key.sku)).collect::<Vec<_>>()
    };
    let last = |back: usize| format!("{:04}", count - back);
    assert_eq!(page(0, 2).await, [(1, last(1)), (2, last(2))]);
    assert_eq!(page(2, 1).await, [(3, last(3))]);
    let other = SupplierId::new("other").unwrap();
    assert!(scene.store.review_queue(Some(&other), 0, 10).await.unwrap().is_empty());

    scene.store.append_decisions(&[decided(&scene, &last(2), None)]).await.unwrap();
    assert_eq!(page(0, 2).await, [(1, last(1)), (3, last(3))]);
    assert_eq!(scene.store.count_waiting().await.unwrap(), count as u64 - 1);
    assert_ne!(scene.store.review_fingerprint("model").await.unwrap(), seen);
    let alike = scene.store.look_alikes(waiting[count - 1].id).await.unwrap();
    let shown: Vec<_> = alike.iter().map(|other| (other.key.sku.clone(), other.decided)).collect();
    assert_eq!(shown, [(last(3), false), (last(2), true)]);
    assert!(scene.store.look_alikes(waiting[0].id).await.unwrap().is_empty());
    let known = scene.store.decided_products("model").await.unwrap();
    assert_eq!(
        (known.len(), known[0].title.clone(), known[0].category.clone()),
        (1, Some(format!("Te {}", count - 2)), None)
    );

    let tea = CategoryId("tea".to_owned());
    for at in [4, 5, 6] {
        scene.store.append_decisions(&[decided(&scene, &last(at), Some("tea"))]).await.unwrap();
    }
    scene.store.append_decisions(&[decided(&scene, &last(4), Some("milk"))]).await.unwrap();
    let lately = async |categories: &[CategoryId], latest, of_each| {
        let known = scene.store.decided_lately("model", categories, latest, of_each).await.unwrap();
        known.into_iter().map(|product| product.key.sku).collect::<Vec<_>>()
    };
    let tea = std::slice::from_ref(&tea);
    assert_eq!(lately(&[], 2, 9).await, [last(6), last(4)], "the decision that holds, and as it was made");
    assert_eq!(lately(tea, 1, 1).await, [last(6), last(4)]);
    assert_eq!(lately(tea, 0, 9).await, [last(5), last(6)]);
    assert_eq!(lately(tea, 9, 9).await, [last(2), last(5), last(6), last(4)], "each once");
    assert_eq!(scene.store.count_confirmed(tea).await.unwrap(), [(tea[0].clone(), 2)].into());
    assert!(scene.store.count_confirmed(&[]).await.unwrap().is_empty());
}

#[tokio::test]
async fn a_product_whose_category_is_gone_waits_and_an_accepted_one_does_not() {
    let scene = Scene::new().await;
    scene.deliver(DeliveryKind::Full, &[("1", "Mjölk"), ("2", "Bröd")]).await;
    scene.compose_texts().await;
    scene.store.append_decisions(&[decided(&scene, "1", Some("gone"))]).await.unwrap();
    // As judged: the decision cannot be followed, and was seen.
    scene.categorise("classifier-1", "review", "dairy").await;
    assert_eq!(scene.store.count_waiting().await.unwrap(), 2);
    scene.store.append_decisions(&[decided(&scene, "2", Some("bread"))]).await.unwrap();
    scene.categorise("classifier-1", "accept", "bread").await;
    let waiting = scene.store.waiting_products("model", None, 10).await.unwrap();
    assert_eq!(waiting.iter().map(|p| p.key.sku.as_str()).collect::<Vec<_>>(), ["1"]);
}
