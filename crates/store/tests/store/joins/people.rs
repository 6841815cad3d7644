//! What people said of products that are one: it holds for the article, whoever leads, and only suppliers release it.

use berika_catalog::{CategoryId, ChosenBy, Decision};
use berika_store::{EditAction, EditOutcome, NewEdit, Seen};
use jiff::{SignedDuration, Timestamp};
use serde_json::{Value, json};

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

async fn decide(store: &Store, text: &str, category: &str, hour: i64) {
    let decision = Decision {
        product: key(text),
        category: Some(CategoryId(category.to_owned())),
        taxonomy: "own".to_owned(),
        taxonomy_version: 1,
        by: "buyer".to_owned(),
        at: at(hour),
        run: None,
        reason: None,
        chosen_by: ChosenBy::ActiveReview,
    };
    store.append_decisions(&[decision]).await.unwrap();
}

async fn decided_as(store: &Store, text: &str) -> String {
    let row = store.product_decision(&key(text)).await.unwrap().unwrap();
    store.decision(row).await.unwrap().unwrap().category.unwrap().0
}

/// The supplier lists its product.
async fn lists(store: &Store, supplier: &str, order: &FieldOrder) {
    deliver(store, supplier, &[("1", said(supplier, None))]).await;
    settle(store, order).await;
}

/// The supplier lists its product no more.
async fn retires(store: &Store, supplier: &str, order: &FieldOrder) {
    deliver(store, supplier, &[]).await;
    settle(store, order).await;
}

#[tokio::test]
async fn an_edit_goes_with_the_lead_and_no_delivery_of_the_new_leader_releases_it() {
    let order = order(&["a", "b"]);
    let scene = pair(&order).await;
    let store = &scene.store;
    set(store, "a/1", "brand", "Ours", 1).await;
    retires(store, "a", &order).await;
    assert_eq!(brand(store, "b/1").await.as_deref(), Some("Ours"));
    lists(store, "a", &order).await;
    let leader = product(store, "b/1").await.product;
    assert!(!leader.joined.0.contains_key("brand"), "no supplier says so");
    deliver(store, "b", &[("1", said("Pot 1 l", None))]).await;
    settle(store, &order).await;
    retires(store, "a", &order).await;
    assert_eq!(brand(store, "b/1").await.as_deref(), Some("Ours"));
    assert!(product(store, "b/1").await.product.edits.0.contains_key("brand"));
    let old = product(store, "a/1").await;
    assert!(old.product.edits.0.is_empty());
    let log = store.edit_log(old.id, None).await.unwrap();
    let said: Vec<_> = log.iter().map(|l| (l.action.as_str(), l.by.as_str(), l.value.clone())).collect();
    assert_eq!(said, [("set", "buyer", json!("Ours")), ("moved", "rule retired-leader", Value::Null)]);
}

#[tokio::test]
async fn what_was_said_last_of_an_article_holds_whoever_leads_it() {
    let order = order(&["b", "a"]);
    let scene = pair(&order).await;
    let store = &scene.store;
    set(store, "a/1", "title", "T1", 1).await;
    set(store, "a/1", "brand", "Asta", 1).await;
    decide(store, "a/1", "tea", 1).await;
    retires(store, "a", &order).await;
    assert_eq!((title(store, "b/1").await.as_str(), decided_as(store, "b/1").await.as_str()), ("T1", "tea"));
    set(store, "b/1", "title", "T2", 2).await;
    edit(store, "b/1", "brand", EditAction::Drop, 2).await;
    decide(store, "b/1", "juice", 2).await;
    lists(store, "a", &order).await;
    retires(store, "b", &order).await;
    assert_eq!(
        (title(store, "a/1").await.as_str(), decided_as(store, "a/1").await.as_str()),
        ("T2", "juice")
    );
    assert_eq!(brand(store, "a/1").await, None, "what was taken back does not come back");

    // What nobody changed goes to and fro without becoming more.
    let decisions = store.decision_log(0, 100).await.unwrap().len();
    lists(store, "b", &order).await;
    retires(store, "a", &order).await;
    assert_eq!(
        (title(store, "b/1").await.as_str(), decided_as(store, "b/1").await.as_str()),
        ("T2", "juice")
    );
    assert_eq!(store.decision_log(0, 100).await.unwrap().len(), decisions);
}

#[tokio::test]
async fn of_two_edits_of_one_field_the_later_holds() {
    let order = order(&["a", "b"]);
    for (on_leader, on_other, holds) in [(1, 2, "Other"), (2, 1, "Leader")] {
        let scene = pair(&order).await;
        let store = &scene.store;
        set(store, "a/1", "title", "Leader", on_leader).await;
        set(store, "b/1", "title", "Other", on_other).await;
        decide(store, "a/1", "Leader", on_leader).await;
        decide(store, "b/1", "Other", on_other).await;
        retires(store, "a", &order).await;
        let said = (title(store, "b/1").await, decided_as(store, "b/1").await);
        assert_eq!(said, (holds.to_owned(), holds.to_owned()));
        assert_eq!(product(store, "b/1").await.product.edits.0.len(), 1);
        assert!(product(store, "a/1").await.product.edits.0.is_empty());
        let stale = store.stale_texts(None, 10).await.unwrap();
        let leader = product(store, "b/1").await;
        let hash = stale.iter().find(|stale| stale.id == leader.id).map(|stale| stale.input_hash.clone());
        assert_eq!(hash, Some(leader.product.values().digest()));
    }
}

#[tokio::test]
async fn a_lock_goes_with_the_lead_and_keeps_category_and_texts() {
    let order = order(&["a", "b"]);
    for decided in [false, true] {
        let scene = pair(&order).await;
        let store = &scene.store;
        if decided {
            decide(store, "a/1", "dairy", 1).await;
        }
        scene.compose_texts().await;
        scene.categorise("classifier-1", "accept", "dairy").await;
        let leader = product(store, "a/1").await.id;
        scene.describe("sv").await;
        assert!(store.lock(leader, true, "buyer", None, at(2)).await.unwrap());
        scene.publish(&["shop"]).await;

        retires(store, "a", &order).await;
        scene.compose_texts().await;
        let other = product(store, "b/1").await.id;
        assert!(store.background(other).await.unwrap().locked);
        assert!(!store.background(leader).await.unwrap().locked);
        assert_eq!(scene.categorise("classifier-2", "review", "bread").await, 0, "no machine looks at it");
        assert_eq!(scene.describe("sv").await, 0);
        let stale = store.stale_publications(None, 10).await.unwrap();
        let published = stale.iter().find(|stale| stale.id == other).unwrap();
        let categorisation = published.categorisation.as_ref().unwrap();
        assert_eq!(
            (categorisation.verdict.as_str(), categorisation.category.as_deref()),
            ("accept", Some("dairy"))
        );
        let row = store.product_decision(&key("b/1")).await.unwrap();
        assert_eq!((categorisation.decision, row.is_some()), (row, decided));
        assert_eq!(published.descriptions.len(), 1);

        lists(store, "a", &order).await;
        store.lock(other, false, "buyer", None, at(3)).await.unwrap();
        retires(store, "b", &order).await;
        assert!(!store.background(leader).await.unwrap().locked, "a lifted lock does not come back");
    }
}
