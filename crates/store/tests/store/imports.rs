//! Deliveries row by row, and what becomes of products that they leave out.

use berika_catalog::{DeliveryKind, Digest, ProductState};
use berika_store::{ImportCounts, ImportMode, NewImport, SourceState};

use crate::scene::{NOW, Scene, finished};

#[tokio::test]
async fn rows_read_are_rows_stored_folded_or_refused() {
    let scene = Scene::new().await;
    let counts = scene
        .deliver(DeliveryKind::Full, &[("1", "Mjölk"), ("2", "Smör"), ("1", "Mjölk"), ("2", "Ost")])
        .await;
    assert_eq!((counts.stored, counts.folded, counts.refused), (2, 1, 1));
    let kept = scene.store.product(&scene.key("2")).await.unwrap().unwrap();
    assert_eq!(kept.product.supplier_values.title.as_deref(), Some("Smör"));
    let reports = scene.store.last_row_reports(&scene.supplier, 10).await.unwrap();
    assert!(reports[0].refused && reports[0].row == 5, "{reports:?}");
}

#[tokio::test]
async fn several_rows_of_a_delta_on_one_product_are_several_changes() {
    let scene = Scene::new().await;
    let counts = scene.deliver(DeliveryKind::Delta, &[("1", "Mjölk"), ("1", "Mjölk 1 l")]).await;
    assert_eq!((counts.stored, counts.folded, counts.refused), (1, 1, 0));
    let known = scene.store.product(&scene.key("1")).await.unwrap().unwrap();
    assert_eq!(known.product.supplier_values.title.as_deref(), Some("Mjölk 1 l"));
}

#[tokio::test]
async fn contradicting_rows_are_named_with_what_they_contradict() {
    let scene = Scene::new().await;
    scene.deliver(DeliveryKind::Full, &[("1", "Mjölk")]).await;
    let body_hash = Digest::of_bytes(b"second");
    let kind = DeliveryKind::Full;
    let new =
        NewImport { supplier: &scene.supplier, run: "run", kind, file: "feed.csv", body_hash: &body_hash };
    let import = scene.store.begin_import(new, NOW).await.unwrap();
    // A refused row lists a product without saying anything of it: the good row that follows is the first.
    scene.store.mark_listed(import, &scene.supplier, &["1".to_owned()]).await.unwrap();
    let rows = [(4, "Mjölk 1 l"), (7, "Mjölk 2 l"), (9, "Mjölk 1 l")];
    let records: Vec<_> = rows.iter().map(|(row, title)| (*row, scene.record("1", title))).collect();
    let counts = scene.store.import_rows(import, (kind, ImportMode::default()), &records, NOW).await.unwrap();
    assert_eq!((counts.changed, counts.folded, counts.conflicts.len()), (1, 1, 1));
    let message = &counts.conflicts[0].message;
    for part in ["row 7", "\"1\"", "in row 4 already", "different title", "the first row was kept"] {
        assert!(message.contains(part), "{part}: {message}");
    }
}

#[tokio::test]
async fn absent_products_go_missing_and_are_retired_in_time() {
    let scene = Scene::new().await;
    let state = async || scene.store.product(&scene.key("2")).await.unwrap().unwrap().product.state;
    scene.deliver(DeliveryKind::Full, &[("1", "Mjölk"), ("2", "Smör")]).await;
    scene.deliver(DeliveryKind::Delta, &[("1", "Mjölk 1 l")]).await;
    assert_eq!(state().await, ProductState::Active);
    let counts = scene.deliver(DeliveryKind::Full, &[("1", "Mjölk 1 l")]).await;
    assert_eq!((state().await, counts.missing, counts.retired), (ProductState::Missing, 1, 0));
    let counts = scene.deliver(DeliveryKind::Full, &[("1", "Mjölk 1 l")]).await;
    let read_again = (state().await, counts.missing, counts.retired);
    assert_eq!(read_again, (ProductState::Missing, 0, 0), "the same bytes are the same delivery");
    let counts = scene.deliver(DeliveryKind::Full, &[("1", "Mjölk 2 l")]).await;
    assert_eq!((state().await, counts.missing, counts.retired), (ProductState::Retired, 0, 1));
    scene.deliver(DeliveryKind::Full, &[("1", "Mjölk 1 l"), ("2", "Smör")]).await;
    assert_eq!(state().await, ProductState::Active);
}

#[tokio::test]
async fn a_product_whose_row_was_refused_is_not_absent() {
    let scene = Scene::new().await;
    scene.deliver(DeliveryKind::Full, &[("1", "Mjölk"), ("2", "Smör")]).await;
    let body_hash = Digest::of_bytes(b"second");
    let kind = DeliveryKind::Full;
    let new =
        NewImport { supplier: &scene.supplier, run: "run", kind, file: "feed.csv", body_hash: &body_hash };
    let import = scene.store.begin_import(new.clone(), NOW).await.unwrap();
    scene
        .store
        .import_rows(import, (kind, ImportMode::default()), &[(2, scene.record("1", "Mjölk"))], NOW)
        .await
        .unwrap();
    scene.store.mark_listed(import, &scene.supplier, &["2".to_owned()]).await.unwrap();
    let counts = ImportCounts::default();
    let source = SourceState::default();
    let done = scene.store.finish_import(import, &new, &finished(&source, 1), counts, NOW).await.unwrap();
    assert_eq!((done.missing, done.retired), (0, 0));
}

#[tokio::test]
async fn a_product_withdrawn_by_name_is_retired_and_comes_back_when_listed() {
    let scene = Scene::new().await;
    scene.deliver(DeliveryKind::Full, &[("1", "Mjölk"), ("2", "Ost")]).await;
    let (kind, body_hash) = (DeliveryKind::Delta, Digest::of_bytes(b"update"));
    let new =
        NewImport { supplier: &scene.supplier, run: "run", kind, file: "feed.xml", body_hash: &body_hash };
    let import = scene.store.begin_import(new, NOW).await.unwrap();
    let skus = ["2".to_owned(), "unknown".to_owned()];
    for retired in [1, 0] {
        let done = scene.store.withdraw_products(import, &scene.supplier, &skus, NOW).await.unwrap();
        assert_eq!(done, retired);
    }
    let state = async |sku: &str| scene.store.product(&scene.key(sku)).await.unwrap().unwrap().product.state;
    assert_eq!((state("1").await, state("2").await), (ProductState::Active, ProductState::Retired));
    scene.deliver(DeliveryKind::Delta, &[("2", "Ost")]).await;
    assert_eq!(state("2").await, ProductState::Active);
}

#[tokio::test]
async fn an_import_under_way_forgets_the_delivery_before() {
    let scene = Scene::new().await;
    scene.deliver(DeliveryKind::Full, &[("1", "Mjölk")]).await;
    assert!(scene.store.source(&scene.supplier).await.unwrap().body_hash.is_some());
    let body_hash = Digest::of_bytes(b"half read");
    let kind = DeliveryKind::Full;
    let new =
        NewImport { supplier: &scene.supplier, run: "run", kind, file: "feed.csv", body_hash: &body_hash };
    scene.store.begin_import(new, NOW).await.unwrap();
    let source = scene.store.source(&scene.supplier).await.unwrap();
    assert_eq!(
        (source.body_hash, source.etag),
        (None, None),
        "or the first delivery would pass for unchanged"
    );
}

#[tokio::test]
async fn known_products_are_found_by_their_numbers() {
    let scene = Scene::new().await;
    let rows: Vec<(String, &str)> = (0..1_200).map(|n| (format!("N,\"{n}"), "Mjölk")).collect();
    let rows: Vec<(&str, &str)> = rows.iter().map(|(sku, title)| (sku.as_str(), *title)).collect();
    scene.deliver(DeliveryKind::Full, &rows).await;
    let mut asked: Vec<String> = rows.iter().map(|(sku, _)| (*sku).to_owned()).collect();
    asked.push("other".to_owned());
    let known = scene.store.known_products(&scene.supplier, &asked).await.unwrap();
    assert_eq!(known.len(), 1_200);
    assert!(known.iter().all(|known| known.state == ProductState::Active));
}
