//! What every store must do, over a real SQLite file.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on panics")]

use std::collections::BTreeMap;

use berika_catalog::contract::{Breach, Profiler, Reading, Rule};
use berika_catalog::{
    CategoryId, ChosenBy, Decision, DeliveryKind, Digest, Document, ProductKey, ProductRecord, ProductState,
    ProductValues, SupplierId,
};
use berika_store::{
    Accepted, Access, AttemptRecord, AttemptResult, AuditDraw, Categorisation, DeliveryFilter,
    FinishedImport, ImportCounts, LearntPromise, NewImport, Publication, QueuedProduct, ROWS_PER_TRANSACTION,
    ReviewQueue, SourceState, Stop, Store, StoreError, StoredDescription, StoredText, TextNumbers,
};
use jiff::{SignedDuration, Timestamp};
use sqlx::Connection as _;

const NOW: Timestamp = Timestamp::UNIX_EPOCH;

/// A delivery read to its end, of which nothing was learnt.
fn finished(source: &SourceState, retire_after: u32) -> FinishedImport<'_> {
    FinishedImport { source, profile: None, let_through: false, retire_after }
}

struct Scene {
    store: Store,
    supplier: SupplierId,
    _folder: tempfile::TempDir,
}

impl Scene {
    async fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let store = Store::open(&folder.path().join("berika.sqlite"), Access::Work).await.unwrap();
        Self { store, supplier: SupplierId::new("nordmat").unwrap(), _folder: folder }
    }

    fn key(&self, sku: &str) -> ProductKey {
        ProductKey { supplier: self.supplier.clone(), sku: sku.to_owned() }
    }

    fn record(&self, sku: &str, title: &str) -> ProductRecord {
        let values = ProductValues { title: Some(title.to_owned()), ..ProductValues::default() };
        ProductRecord { key: self.key(sku), values, provenance: BTreeMap::new() }
    }

    /// Takes in a delivery of (sku, title) rows and returns its counts.
    async fn deliver(&self, kind: DeliveryKind, rows: &[(&str, &str)]) -> ImportCounts {
        let body_hash = Digest::of_json(&rows);
        let new =
            NewImport { supplier: &self.supplier, run: "run", kind, file: "feed.csv", body_hash: &body_hash };
        let import = self.store.begin_import(new.clone(), NOW).await.unwrap();
        let records: Vec<_> =
            (2u64..).zip(rows).map(|(row, (sku, title))| (row, self.record(sku, title))).collect();
        let batch = self.store.import_rows(import, kind, &records, NOW).await.unwrap();
        let counts = ImportCounts {
            read: rows.len() as u64,
            stored: batch.new + batch.changed + batch.unchanged,
            new: batch.new,
            changed: batch.changed,
            folded: batch.folded,
            refused: batch.conflicts.len() as u64,
            ..ImportCounts::default()
        };
        let source = SourceState::default();
        self.store.finish_import(import, &new, &finished(&source, 2), counts, NOW).await.unwrap()
    }

    async fn compose_texts(&self) -> usize {
        let stale = self.store.stale_texts(None, 2000).await.unwrap();
        let texts: Vec<_> = stale
            .iter()
            .map(|stale| {
                let text = stale.product.values().title.unwrap_or_default();
                let hash = Digest::of_bytes(text.as_bytes());
                let stored = StoredText {
                    text,
                    text_hash: hash.clone(),
                    evidence_hash: hash.clone(),
                    facts_hash: hash,
                };
                (stale.id, stale.input_hash.clone(), stored)
            })
            .collect();
        self.store.put_texts("template-1", &texts).await.unwrap();
        stale.len()
    }

    async fn categorise(&self, recipe: &str, verdict: &str, category: &str) -> usize {
        let stale =
            self.store.stale_categorisations(recipe, "model", &["dairy", "bread"], None, 2000).await.unwrap();
        let count = stale.len();
        let new = Categorisation {
            verdict: verdict.to_owned(),
            category: Some(category.to_owned()),
            confidence: 0.5,
            candidates: serde_json::json!([]),
            reasons: vec![],
            recipe: recipe.to_owned(),
            decision: None,
            promise: None,
            audit: None,
        };
        let batch: Vec<_> = stale.into_iter().map(|stale| (stale, new.clone())).collect();
        self.store.put_categorisations("run", &batch).await.unwrap();
        count
    }

    async fn describe(&self, language: &str) -> usize {
        let stale = self.store.stale_descriptions(language, None, 2000).await.unwrap();
        let count = stale.len();
        let batch: Vec<_> = stale
            .into_iter()
            .map(|stale| {
                let description = StoredDescription {
                    language: language.to_owned(),
                    title: stale.values.title.clone(),
                    short: None,
                    reason: None,
                    sentences: serde_json::json!([]),
                    recipe: "composer".to_owned(),
                };
                (stale, description)
            })
            .collect();
        self.store.put_descriptions("run", &batch).await.unwrap();
        count
    }

    /// Publishes every stale product whose title differs from the published one. Returns the new versions.
    async fn publish(&self, endpoints: &[&str]) -> u64 {
        let stale = self.store.stale_publications(None, 2000).await.unwrap();
        let batch: Vec<_> = stale
            .into_iter()
            .map(|stale| {
                let title = serde_json::json!(stale.product.values().title);
                let document = Document(BTreeMap::from([("fields.title".to_owned(), title)]));
                let publication = if stale.published.as_ref() == Some(&document) {
                    Publication::Nothing
                } else {
                    Publication::Version { document, event: "product.enriched" }
                };
                (stale, publication)
            })
            .collect();
        let endpoints: Vec<String> = endpoints.iter().map(|e| (*e).to_owned()).collect();
        let first = self.store.deliveries(&DeliveryFilter { limit: 1000, ..filter() }).await.unwrap().len();
        let mut next = first;
        let mut new_id = || {
            next += 1;
            format!("msg_{next:04}_{}", Digest::of_bytes(&next.to_le_bytes()))
        };
        self.store.publish(&endpoints, &batch, &mut new_id, NOW).await.unwrap().published
    }
}

fn filter() -> DeliveryFilter {
    DeliveryFilter { limit: 100, ..DeliveryFilter::default() }
}

fn attempt(id: &str, number: u32, result: AttemptResult) -> AttemptRecord {
    AttemptRecord {
        id: id.to_owned(),
        number,
        started_at: NOW,
        duration_ms: 3,
        status: Some(200),
        outcome: "200".to_owned(),
        answer: None,
        result,
    }
}

#[tokio::test]
async fn one_process_works_at_a_time_and_reading_needs_no_lock() {
    let scene = Scene::new().await;
    let again = Store::open(scene.store.path(), Access::Work).await;
    assert!(matches!(again, Err(StoreError::InUse(_))));
    let reader = Store::open(scene.store.path(), Access::Read).await.unwrap();
    assert_eq!(reader.active_products(&scene.supplier).await.unwrap(), 0);
    let absent = Store::open(&scene.store.path().with_file_name("none.sqlite"), Access::Read).await;
    assert!(matches!(absent, Err(StoreError::Absent(_))));
}

#[tokio::test]
async fn a_foreign_or_newer_file_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("foreign.sqlite");
    std::fs::write(&path, "not a database, but long enough to look like something".repeat(100)).unwrap();
    let error = Store::open(&path, Access::Work).await.unwrap_err();
    assert!(error.to_string().contains("foreign.sqlite") || error.to_string().contains("schema"), "{error}");
}

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
    scene.store.import_rows(import, kind, &[(2, scene.record("1", "Mjölk"))], NOW).await.unwrap();
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
async fn several_rows_of_a_delta_on_one_product_are_several_changes() {
    let scene = Scene::new().await;
    let counts = scene.deliver(DeliveryKind::Delta, &[("1", "Mjölk"), ("1", "Mjölk 1 l")]).await;
    assert_eq!((counts.stored, counts.folded, counts.refused), (1, 1, 0));
    let known = scene.store.product(&scene.key("1")).await.unwrap().unwrap();
    assert_eq!(known.product.supplier_values.title.as_deref(), Some("Mjölk 1 l"));
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
    let holds = scene.store.current_decisions("model").await.unwrap();
    assert_eq!(holds[0].decision.category, Some(CategoryId("dairy".to_owned())));
}

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

#[tokio::test]
async fn the_precision_recorded_last_holds_for_whoever_opens_the_store() {
    let scene = Scene::new().await;
    assert_eq!(scene.store.precision().await.unwrap(), None);
    scene.store.record_precision("bf16").await.unwrap();
    scene.store.record_precision("int8").await.unwrap();
    let other = Store::open(scene.store.path(), Access::Read).await.unwrap();
    assert_eq!(other.precision().await.unwrap().as_deref(), Some("int8"));
}

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
        scene.store.current_decisions("model").await.unwrap().len(),
        2,
        "the waiting one found its product"
    );
    assert_eq!(scene.store.decision_log(0, 10).await.unwrap().len(), 2);
}

/// A decision of now on `sku`.
fn decided(scene: &Scene, sku: &str, category: Option<&str>) -> Decision {
    Decision {
        product: scene.key(sku),
        category: category.map(|category| CategoryId(category.to_owned())),
        taxonomy: "own".to_owned(),
        taxonomy_version: 1,
        by: "buyer".to_owned(),
        at: NOW,
        run: None,
        reason: None,
        chosen_by: ChosenBy::ActiveReview,
    }
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
    assert_eq!(store.latest_promise("own").await.unwrap().unwrap().outcome, "second");
    assert_eq!(store.latest_promise("other").await.unwrap(), None);

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
        let finished =
            FinishedImport { source: &source, profile: Some(&profile), let_through, retire_after: 3 };
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
    let counts = scene.store.import_rows(import, kind, &records, NOW).await.unwrap();
    assert_eq!((counts.changed, counts.folded, counts.conflicts.len()), (1, 1, 1));
    let message = &counts.conflicts[0].message;
    for part in ["row 7", "\"1\"", "in row 4 already", "different title", "the first row was kept"] {
        assert!(message.contains(part), "{part}: {message}");
    }
}

#[tokio::test]
async fn a_store_of_an_older_program_is_brought_up_to_date_by_work_and_not_read_before() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("berika.sqlite");
    let foundation = include_str!("../migrations/0001_foundation.sql");
    let script = format!("{foundation}\nPRAGMA user_version = 1;");
    let url = format!("sqlite:{}?mode=rwc", path.display());
    let mut old = sqlx::SqliteConnection::connect(&url).await.unwrap();
    sqlx::raw_sql(sqlx::AssertSqlSafe(script)).execute(&mut old).await.unwrap();
    old.close().await.unwrap();
    let refused = Store::open(&path, Access::Read).await.unwrap_err();
    assert!(matches!(refused, StoreError::TooOld { found: 1, .. }), "{refused}");
    Store::open(&path, Access::Work).await.unwrap().close().await;
    Store::open(&path, Access::Read).await.unwrap();
}
