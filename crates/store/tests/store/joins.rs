//! Products that are one: what the leader takes, who may be joined, and what parting restores.

mod model;
mod people;

use std::collections::BTreeMap;

use berika_catalog::{
    DeliveryKind, Digest, FieldOrder, ProductKey, ProductRecord, ProductState, ProductValues, SupplierId,
};
use berika_store::{
    ImportCounts, ImportMode, JoinError, JoinedBy, NewGroup, NewImport, SourceState, Store, StoredProduct,
};

use crate::scene::{NOW, Scene, decided, finished};

const BY: JoinedBy<'_> = JoinedBy { by: "buyer", reason: "the same can", now: NOW };

fn key(text: &str) -> ProductKey {
    ProductKey::parse(text).unwrap()
}

fn order(suppliers: &[&str]) -> FieldOrder {
    let suppliers = suppliers.iter().map(|id| SupplierId::new(id).unwrap()).collect();
    FieldOrder { suppliers, fields: BTreeMap::new() }
}

/// Values as JSON of (sku, values).
fn said(title: &str, brand: Option<&str>) -> ProductValues {
    ProductValues {
        title: Some(title.to_owned()),
        brand: brand.map(str::to_owned),
        ..ProductValues::default()
    }
}

/// A full delivery after which a product that it does not list is retired.
async fn deliver(store: &Store, supplier: &str, rows: &[(&str, ProductValues)]) {
    let supplier = SupplierId::new(supplier).unwrap();
    let body_hash = Digest::of_json(&rows);
    let kind = DeliveryKind::Full;
    let new = NewImport { supplier: &supplier, run: "run", kind, file: "feed.csv", body_hash: &body_hash };
    let import = store.begin_import(new.clone(), NOW).await.unwrap();
    let record = |(row, (sku, values)): (u64, &(&str, ProductValues))| {
        let key = ProductKey { supplier: supplier.clone(), sku: (*sku).to_owned() };
        (row, ProductRecord { key, values: values.clone(), provenance: BTreeMap::new() })
    };
    let records: Vec<_> = (2u64..).zip(rows).map(record).collect();
    store.import_rows(import, (kind, ImportMode::default()), &records, NOW).await.unwrap();
    let source = SourceState::default();
    let counts = ImportCounts::default();
    store.finish_import(import, &new, &finished(&source, 1), counts, NOW).await.unwrap();
}

async fn settle(store: &Store, order: &FieldOrder) -> u64 {
    let stale = store.stale_groups(order, None, 100).await.unwrap();
    store.settle_groups(&stale, order, NOW).await.unwrap();
    stale.len() as u64
}

async fn product(store: &Store, text: &str) -> StoredProduct {
    store.product(&key(text)).await.unwrap().unwrap()
}

async fn title(store: &Store, text: &str) -> String {
    product(store, text).await.product.values().title.unwrap()
}

#[tokio::test]
async fn a_leader_follows_deliveries_of_its_whole_group_and_parting_restores_it() {
    let scene = Scene::new().await;
    let store = &scene.store;
    deliver(store, "a", &[("1", said("Can", None))]).await;
    deliver(store, "b", &[("1", said("Watering can", Some("Asta")))]).await;
    scene.compose_texts().await;
    let order = order(&["a", "b"]);
    let joined = store.join(&key("a/1"), &[key("b/1")], &order, BY).await.unwrap();
    assert_eq!((joined.joined, joined.known, joined.fields), (vec![key("b/1")], vec![], 1));
    let values = product(store, "a/1").await.product.values();
    assert_eq!((values.title.as_deref(), values.brand.as_deref()), (Some("Can"), Some("Asta")));
    assert_eq!(scene.compose_texts().await, 1, "its text follows");
    assert_eq!(scene.categorise("classifier-1", "accept", "dairy").await, 1, "the other is not categorised");

    assert_eq!(settle(store, &order).await, 1, "its category raised the revision");
    assert_eq!(settle(store, &order).await, 0, "and nothing is left to do");
    deliver(store, "b", &[("1", said("Watering can", Some("Bolla")))]).await;
    assert_eq!(settle(store, &order).await, 1);
    assert_eq!(product(store, "a/1").await.product.values().brand.as_deref(), Some("Bolla"));
    deliver(store, "a", &[("1", said("Can", Some("Asta")))]).await;
    settle(store, &order).await;
    assert_eq!(product(store, "a/1").await.product.values().brand.as_deref(), Some("Asta"));

    let other_way = self::order(&["b"]);
    assert_eq!(settle(store, &other_way).await, 1, "another order");
    assert_eq!(title(store, "a/1").await, "Watering can");

    assert_eq!(store.part(&[key("b/1")], &other_way, BY).await.unwrap(), [key("b/1")]);
    assert_eq!(title(store, "a/1").await, "Can");
    assert_eq!(store.standing(product(store, "a/1").await.id).await.unwrap(), Default::default());
    let parted = store.parted_products().await.unwrap();
    assert!(parted.contains(&product(store, "b/1").await.id) && parted.len() == 1);
    store.join(&key("a/1"), &[key("b/1")], &order, BY).await.unwrap();
    assert!(store.parted_products().await.unwrap().is_empty(), "a person joined them again");
}

#[tokio::test]
async fn a_group_whose_leader_is_retired_is_led_by_the_next_with_what_people_said() {
    let scene = Scene::new().await;
    let store = &scene.store;
    for supplier in ["a", "b", "c"] {
        deliver(store, supplier, &[("1", said(supplier, None))]).await;
    }
    let order = order(&["a", "c", "b"]);
    store.join(&key("a/1"), &[key("b/1"), key("c/1")], &order, BY).await.unwrap();
    let mut decision = decided(&scene, "1", Some("dairy"));
    decision.product = key("a/1");
    store.append_decisions(&[decision]).await.unwrap();

    deliver(store, "a", &[]).await;
    let stale = store.stale_groups(&order, None, 10).await.unwrap();
    let settled = store.settle_groups(&stale, &order, NOW).await.unwrap();
    assert_eq!((settled.groups, settled.led_anew), (1, 1));
    let leader = product(store, "c/1").await;
    let standing = store.standing(leader.id).await.unwrap();
    assert_eq!((standing.joined_into, standing.others), (None, vec![key("a/1"), key("b/1")]));
    let row = store.product_decision(&key("c/1")).await.unwrap().unwrap();
    let taken = store.decision(row).await.unwrap().unwrap();
    assert_eq!((taken.category.unwrap().as_str(), taken.by.as_str()), ("dairy", "buyer"));
    assert_eq!(taken.reason.unwrap(), "decided for a/1, which is the same article");
    settle(store, &order).await;
    assert_eq!(settle(store, &order).await, 0);

    deliver(store, "a", &[("1", said("back", Some("Asta")))]).await;
    settle(store, &order).await;
    let leader = product(store, "c/1").await.product;
    assert_eq!(leader.values().title.as_deref(), Some("back"), "it gives its fields again and leads no more");
    deliver(store, "a", &[]).await;
    settle(store, &order).await;
    assert_eq!(title(store, "c/1").await, "c", "a retired product gives nothing");
}

#[tokio::test]
async fn parting_one_product_of_a_retired_leader_leaves_no_group_without_another() {
    let scene = Scene::new().await;
    let store = &scene.store;
    for supplier in ["a", "b", "c"] {
        deliver(store, supplier, &[("1", said(supplier, None))]).await;
    }
    let order = order(&["a", "b", "c"]);
    store.join(&key("c/1"), &[key("a/1"), key("b/1")], &order, BY).await.unwrap();
    deliver(store, "c", &[]).await;
    store.part(&[key("b/1")], &order, BY).await.unwrap();
    assert_eq!(settle(store, &order).await, 1);
    let standing = store.standing(product(store, "c/1").await.id).await.unwrap();
    assert_eq!(standing.joined_into, Some(key("a/1")));
    deliver(store, "a", &[]).await;
    settle(store, &order).await;
    assert_eq!(settle(store, &order).await, 0, "nobody is left to lead");
}

#[tokio::test]
async fn what_cannot_be_joined_is_said_and_nothing_is_half_done() {
    let scene = Scene::new().await;
    let store = &scene.store;
    let skus: Vec<String> = (1..=60).map(|sku| sku.to_string()).collect();
    let rows: Vec<_> = skus.iter().map(|sku| (sku.as_str(), said(sku, None))).collect();
    deliver(store, "a", &rows).await;
    deliver(store, "b", &[("gone", said("gone", None))]).await;
    deliver(store, "b", &[]).await;
    let order = order(&[]);
    let join = async |leader: &str, others: &[&str]| {
        let others: Vec<ProductKey> = others.iter().map(|other| key(other)).collect();
        store.join(&key(leader), &others, &order, BY).await
    };
    join("a/1", &["a/2"]).await.unwrap();
    let again = join("a/1", &["a/2", "a/2"]).await.unwrap();
    assert_eq!((again.joined, again.known), (vec![], vec![key("a/2")]), "once is enough");
    let refused = [
        (join("a/9", &["a/404"]).await, "there is no product a/404"),
        (join("a/9", &["a/3", "a/9"]).await, "a/9 cannot be joined into itself"),
        (
            join("a/9", &["a/2"]).await,
            "a/2 is joined into a/1 already; `berika duplicates part a/2` takes it out",
        ),
        (
            join("a/2", &["a/3"]).await,
            "a/2 is itself joined into a/1; name a/1 as the leader, or part a/2 first",
        ),
        (
            join("a/9", &["b/gone"]).await,
            "b/gone is retired: its supplier no longer lists it, and there is nothing to take from it",
        ),
    ];
    for (result, message) in refused {
        assert_eq!(result.unwrap_err().to_string(), message);
    }
    let all: Vec<String> = (3..=60).map(|sku| format!("a/{sku}")).collect();
    let all: Vec<&str> = all.iter().map(String::as_str).collect();
    assert!(matches!(join("a/1", &all).await, Err(JoinError::TooMany(_, 59))));
    assert_eq!(store.standing(product(store, "a/3").await.id).await.unwrap(), Default::default());
    let parted = store.part(&[key("a/3")], &order, BY).await;
    assert_eq!(parted.unwrap_err().to_string(), "a/3 is not joined with any product");

    // A leader brings its own along.
    join("a/5", &["a/1"]).await.unwrap();
    let standing = store.standing(product(store, "a/5").await.id).await.unwrap();
    assert_eq!(standing.others, [key("a/1"), key("a/2")]);
    let parted = store.part(&[key("a/5"), key("a/2")], &order, BY).await.unwrap();
    assert_eq!(parted, [key("a/1"), key("a/2")], "parting the leader dissolves the group");
    assert_eq!(product(store, "a/1").await.product.state, ProductState::Active);
}

#[tokio::test]
async fn what_people_said_of_the_others_is_told_and_what_was_published_of_them_follows() {
    let scene = Scene::new().await;
    let store = &scene.store;
    scene.deliver(DeliveryKind::Full, &[("1", "Milk"), ("2", "Milk 1 l")]).await;
    store.append_decisions(&[decided(&scene, "2", Some("dairy"))]).await.unwrap();
    scene.compose_texts().await;
    scene.publish(&["shop"]).await;
    let order = order(&[]);
    let outcome = store.join(&scene.key("1"), &[scene.key("2")], &order, BY).await.unwrap();
    assert_eq!(outcome.decided, [scene.key("2")]);
    let stale = store.stale_publications(None, 10).await.unwrap();
    let other = stale.iter().find(|stale| stale.joined_into.is_some()).unwrap();
    assert_eq!((other.joined_into.as_ref(), other.version), (Some(&scene.key("1")), 1));
    scene.publish(&["shop"]).await;
    assert_eq!(store.stale_publications(None, 10).await.unwrap().len(), 0);
    store.part(&[scene.key("2")], &order, BY).await.unwrap();
    let stale = store.stale_publications(None, 10).await.unwrap();
    assert_eq!(stale.len(), 1, "the parted one, and not the leader that took nothing");
    assert_eq!(
        (stale[0].joined_into.as_ref(), stale[0].withdrawn),
        (None, false),
        "it was not published as joined"
    );
}

#[tokio::test]
async fn of_many_groups_each_is_joined_or_answered_for_itself() {
    let scene = Scene::new().await;
    let store = &scene.store;
    let rows: Vec<_> = ["1", "2", "3", "4", "5"].map(|sku| (sku, said(sku, None))).into();
    deliver(store, "a", &rows).await;
    let group = |leader: &str, others: &[&str]| NewGroup {
        leader: key(leader),
        others: others.iter().map(|other| key(other)).collect(),
        reason: "the same".to_owned(),
    };
    // The second group fails at its second product: its first one must stand alone again.
    let groups = [group("a/1", &["a/2"]), group("a/3", &["a/4", "a/2"]), group("a/5", &["a/4"])];
    let outcomes = store.join_groups(&groups, &order(&[]), "rule test", NOW).await.unwrap();
    let ok: Vec<bool> = outcomes.iter().map(Result::is_ok).collect();
    assert_eq!(ok, [true, false, true]);
    let four = store.standing(product(store, "a/4").await.id).await.unwrap();
    assert_eq!(four.joined_into, Some(key("a/5")));
}
