//! What people said of products that are one: it holds for the article, whoever leads, and only suppliers release it.

use berika_store::{EditAction, EditOutcome, NewEdit, Seen};
use jiff::{SignedDuration, Timestamp};
use serde_json::Value;

use super::*;

/// The hour `hours` after the clock of all tests.
fn at(hours: i64) -> Timestamp {
    NOW + SignedDuration::from_hours(hours)
}

async fn edit(store: &Store, text: &str, field: &str, action: EditAction, hour: i64) {
    let stored = product(store, text).await;
    let seen = Seen::of(&stored.product, field);
    let new = NewEdit { product: stored.id, field: field.to_owned(), action, seen, note: None, origin: None };
    assert_eq!(store.edit(&[new], "buyer", at(hour)).await.unwrap(), [EditOutcome::Written]);
}

async fn set(store: &Store, text: &str, field: &str, value: impl Into<Value>, hour: i64) {
    edit(store, text, field, EditAction::Set(value.into()), hour).await;
}

async fn brand(store: &Store, text: &str) -> Option<String> {
    product(store, text).await.product.values().brand
}

/// A store with one article that two suppliers list, led by `a/1`.
async fn pair(order: &FieldOrder) -> Scene {
    let scene = Scene::new().await;
    deliver(&scene.store, "a", &[("1", said("Can", None))]).await;
    deliver(&scene.store, "b", &[("1", said("Pot", None))]).await;
    scene.store.join(&key("a/1"), &[key("b/1")], order, BY).await.unwrap();
    scene
}

#[tokio::test]
async fn what_another_edit_says_releases_none() {
    let order = order(&["b", "a"]);
    let scene = pair(&order).await;
    let store = &scene.store;
    // What a person sets on one of the others counts as its value, and is none of its supplier's.
    set(store, "a/1", "brand", "Ours", 1).await;
    set(store, "b/1", "brand", "Ours", 2).await;
    settle(store, &order).await;
    deliver(store, "a", &[("1", said("Can 1 l", None))]).await;
    settle(store, &order).await;
    assert!(product(store, "a/1").await.product.edits.0.contains_key("brand"));
    edit(store, "b/1", "brand", EditAction::Drop, 3).await;
    settle(store, &order).await;
    assert_eq!(brand(store, "a/1").await.as_deref(), Some("Ours"));

    // Nor does a supplier's value that another edit lies over.
    set(store, "b/1", "title", "Theirs", 4).await;
    settle(store, &order).await;
    set(store, "a/1", "title", "Kettle", 5).await;
    deliver(store, "b", &[("1", said("Kettle", None))]).await;
    settle(store, &order).await;
    assert_eq!(title(store, "a/1").await, "Kettle");
    assert!(product(store, "a/1").await.product.edits.0.contains_key("title"));
}

#[tokio::test]
async fn an_edit_is_released_when_a_joined_products_supplier_comes_round() {
    let order = order(&["a", "b"]);
    let scene = pair(&order).await;
    let store = &scene.store;
    set(store, "a/1", "brand", "Asta", 1).await;
    deliver(store, "b", &[("1", said("Pot", Some("Asta ")))]).await;
    assert_eq!(settle(store, &order).await, 1);
    assert_eq!(settle(store, &order).await, 0);
    let stored = product(store, "a/1").await;
    assert!(stored.product.edits.0.is_empty());
    let log = store.edit_log(stored.id, Some("brand")).await.unwrap();
    let last = log.last().unwrap();
    assert_eq!(
        (last.action.as_str(), last.by.as_str(), last.origin.as_deref()),
        ("released", "supplier", Some("b/1"))
    );
    deliver(store, "b", &[("1", said("Pot", Some("Bolla")))]).await;
    settle(store, &order).await;
    assert_eq!(brand(store, "a/1").await.as_deref(), Some("Bolla"));
}

#[tokio::test]
async fn a_leaders_own_supplier_comes_round_only_where_its_value_would_hold() {
    let order = order(&["b", "a"]);
    let scene = pair(&order).await;
    let store = &scene.store;
    set(store, "a/1", "title", "Kettle", 1).await;
    deliver(store, "a", &[("1", said("Kettle", None))]).await;
    settle(store, &order).await;
    assert_eq!(title(store, "a/1").await, "Kettle", "the order puts b first, which says something else");
    deliver(store, "b", &[("1", said("Kettle", None))]).await;
    settle(store, &order).await;
    assert!(product(store, "a/1").await.product.edits.0.is_empty());
}
