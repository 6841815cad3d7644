//! What people change, and that no delivery undoes it.

use std::collections::BTreeMap;

use berika_catalog::edit::same;
use berika_catalog::{DeliveryKind, Product, ProductRecord, ProductState, ProductValues};
use berika_store::{EditAction, EditOutcome, ImportMode, NewEdit, ProductId, Seen, Store};
use jiff::{SignedDuration, Timestamp};
use proptest::prelude::*;
use serde_json::{Value, json};

use crate::scene::{NOW, Scene};

async fn product(scene: &Scene, sku: &str) -> (ProductId, Product) {
    let stored = scene.store.product(&scene.key(sku)).await.unwrap().unwrap();
    (stored.id, stored.product)
}

/// A change of what is seen now.
async fn edit(scene: &Scene, sku: &str, field: &str, action: EditAction) -> EditOutcome {
    let (id, product) = product(scene, sku).await;
    let seen = Seen::of(&product, field);
    let new = NewEdit { product: id, field: field.to_owned(), action, seen, note: None, origin: None };
    let outcomes = scene.store.edit(&[new], "buyer", NOW).await.unwrap();
    outcomes[0]
}

async fn set(scene: &Scene, sku: &str, field: &str, value: impl Into<Value>) -> EditOutcome {
    edit(scene, sku, field, EditAction::Set(value.into())).await
}

async fn title(scene: &Scene, sku: &str) -> Option<String> {
    product(scene, sku).await.1.values().title
}

async fn actions(store: &Store, id: ProductId) -> Vec<String> {
    store.edit_log(id, None).await.unwrap().into_iter().map(|logged| logged.action).collect()
}

#[tokio::test]
async fn an_edit_stays_whatever_the_supplier_says_until_it_says_the_same() {
    let scene = Scene::new().await;
    let full = DeliveryKind::Full;
    scene.deliver(full, &[("1", "Mjolk"), ("2", "Ost")]).await;
    assert_eq!(set(&scene, "1", "title", "Mjölk").await, EditOutcome::Written);
    scene.deliver(full, &[("1", "Mjolk"), ("2", "Ost")]).await;
    assert!(product(&scene, "1").await.1.conflicts().is_empty());

    for (kind, said) in [(full, "MJOLK 1 L"), (DeliveryKind::Delta, "Mjolk 1l")] {
        scene.deliver(kind, &[("1", said), ("2", "Ost")]).await;
        let (_, edited) = product(&scene, "1").await;
        assert_eq!(edited.values().title.as_deref(), Some("Mjölk"));
        let conflicts = edited.conflicts();
        assert_eq!(
            (conflicts[0].theirs.clone(), conflicts[0].ours.replaced.clone()),
            (json!(said), json!("Mjolk"))
        );
    }
    // In the other Unicode form.
    scene.deliver(full, &[("1", "Mjo\u{308}lk"), ("2", "Ost")]).await;
    let (id, edited) = product(&scene, "1").await;
    assert!(edited.edits.0.is_empty(), "{:?}", edited.edits);
    assert_eq!(edited.values().title.as_deref(), Some("Mjo\u{308}lk"));
    let log = scene.store.edit_log(id, Some("title")).await.unwrap();
    let said: Vec<_> = log.iter().map(|l| (l.action.as_str(), l.by.as_str(), l.replaced.clone())).collect();
    assert_eq!(said, [("set", "buyer", json!("Mjolk")), ("released", "supplier", json!("Mjölk"))]);
}

#[tokio::test]
async fn a_cleared_field_stays_clear_and_is_released_when_the_supplier_clears_it() {
    let scene = Scene::new().await;
    let record = |brand: Option<&str>| {
        let mut record = scene.record("1", "Mjölk");
        record.values.brand = brand.map(str::to_owned);
        record
    };
    let deliver = async |brand| {
        scene.deliver_records(DeliveryKind::Full, ImportMode::default(), &[record(brand)]).await
    };
    deliver(Some("Asta")).await;
    assert_eq!(set(&scene, "1", "brand", Value::Null).await, EditOutcome::Written);
    deliver(Some("Asta AB")).await;
    let (id, cleared) = product(&scene, "1").await;
    assert_eq!((cleared.values().brand, cleared.conflicts().len()), (None, 1));
    deliver(None).await;
    let (_, released) = product(&scene, "1").await;
    assert!(released.edits.0.is_empty());
    assert_eq!(actions(&scene.store, id).await, ["set", "released"]);
}

#[tokio::test]
async fn ours_is_kept_and_theirs_is_taken() {
    let scene = Scene::new().await;
    let full = DeliveryKind::Full;
    scene.deliver(full, &[("1", "A")]).await;
    set(&scene, "1", "title", "Ours").await;
    scene.deliver(full, &[("1", "B")]).await;
    assert_eq!(edit(&scene, "1", "title", EditAction::Keep).await, EditOutcome::Written);
    assert_eq!(edit(&scene, "1", "title", EditAction::Keep).await, EditOutcome::Nothing);
    assert!(product(&scene, "1").await.1.conflicts().is_empty());
    assert_eq!(title(&scene, "1").await.as_deref(), Some("Ours"));
    scene.deliver(full, &[("1", "C")]).await;
    assert_eq!(product(&scene, "1").await.1.conflicts().len(), 1);
    assert_eq!(edit(&scene, "1", "title", EditAction::Drop).await, EditOutcome::Written);
    assert_eq!(edit(&scene, "1", "title", EditAction::Drop).await, EditOutcome::Nothing);
    assert_eq!(title(&scene, "1").await.as_deref(), Some("C"));
    let (id, _) = product(&scene, "1").await;
    assert_eq!(actions(&scene.store, id).await, ["set", "kept", "dropped"]);
}

#[tokio::test]
async fn the_suppliers_own_value_is_no_edit() {
    let scene = Scene::new().await;
    scene.deliver(DeliveryKind::Full, &[("1", "A")]).await;
    assert_eq!(set(&scene, "1", "title", " A ").await, EditOutcome::Nothing);
    assert_eq!(set(&scene, "1", "title", "B").await, EditOutcome::Written);
    assert_eq!(set(&scene, "1", "title", "B").await, EditOutcome::Nothing);
    assert_eq!(set(&scene, "1", "title", "A").await, EditOutcome::Written);
    let (id, back) = product(&scene, "1").await;
    assert!(back.edits.0.is_empty(), "an unchanged row could never release it");
    assert_eq!(actions(&scene.store, id).await, ["set", "dropped"]);
}

#[tokio::test]
async fn an_edit_of_what_was_not_seen_is_not_written() {
    let scene = Scene::new().await;
    scene.deliver(DeliveryKind::Full, &[("1", "A")]).await;
    let (id, seen) = product(&scene, "1").await;
    let new = |value: &str| NewEdit {
        product: id,
        field: "title".to_owned(),
        action: EditAction::Set(value.into()),
        seen: Seen::of(&seen, "title"),
        note: Some("misspelt".to_owned()),
        origin: Some("edits.csv row 2".to_owned()),
    };
    scene.deliver(DeliveryKind::Full, &[("1", "B")]).await;
    assert_eq!(scene.store.edit(&[new("X")], "buyer", NOW).await.unwrap(), [EditOutcome::Changed]);
    scene.deliver(DeliveryKind::Full, &[("1", "A")]).await;
    let outcomes = scene.store.edit(&[new("X"), new("Y")], "buyer", NOW).await.unwrap();
    assert_eq!(outcomes, [EditOutcome::Written, EditOutcome::Changed]);
    assert_eq!(title(&scene, "1").await.as_deref(), Some("X"));
    let log = scene.store.edit_log(id, None).await.unwrap();
    assert_eq!(
        (log.len(), log[0].note.as_deref(), log[0].origin.as_deref()),
        (1, Some("misspelt"), Some("edits.csv row 2"))
    );
}

#[tokio::test]
async fn more_edits_than_a_transaction_takes_are_written_once_and_a_product_has_a_most() {
    let scene = Scene::new().await;
    scene.deliver(DeliveryKind::Full, &[("1", "A"), ("2", "B")]).await;
    let new = async |sku: &str, count: usize| -> Vec<NewEdit> {
        let (id, seen) = product(&scene, sku).await;
        let field = |number: usize| format!("attributes.Name {number}");
        let edit = |number: usize| NewEdit {
            product: id,
            field: field(number),
            action: EditAction::Set(format!("{number}").into()),
            seen: Seen::of(&seen, &field(number)),
            note: None,
            origin: None,
        };
        (0..count).map(edit).collect()
    };
    let mut edits = new("1", 700).await;
    edits.extend(new("2", 1_003).await);
    let outcomes = scene.store.edit(&edits, "buyer", NOW).await.unwrap();
    let count = |wanted| outcomes.iter().filter(|outcome| **outcome == wanted).count();
    assert_eq!((count(EditOutcome::Written), count(EditOutcome::TooMany)), (1_700, 3));
    let (id, edited) = product(&scene, "1").await;
    assert_eq!((edited.values().attributes.len(), actions(&scene.store, id).await.len()), (700, 700));
    let outcomes = scene.store.edit(&new("1", 700).await, "buyer", NOW).await.unwrap();
    assert!(outcomes.iter().all(|outcome| *outcome == EditOutcome::Nothing));
    assert_eq!(actions(&scene.store, id).await.len(), 700);
}

#[tokio::test]
async fn an_edit_makes_stale_what_follows_from_it_and_a_text_of_ours_only_the_document() {
    let scene = Scene::new().await;
    scene.deliver(DeliveryKind::Full, &[("1", "A")]).await;
    scene.compose_texts().await;
    scene.categorise("r", "accept", "dairy").await;
    scene.describe("sv").await;
    assert_eq!(scene.publish(&["shop"]).await, 1);
    set(&scene, "1", "texts.sv.title", "En text").await;
    assert_eq!(scene.compose_texts().await, 0);
    assert_eq!(scene.store.stale_publications(None, 10).await.unwrap().len(), 1);
    set(&scene, "1", "title", "B").await;
    assert_eq!(scene.compose_texts().await, 1);
    assert_eq!(scene.categorise("r", "accept", "dairy").await, 1);
    assert_eq!(scene.describe("sv").await, 1);
    assert_eq!(scene.publish(&["shop"]).await, 1);
    // What the supplier says of texts that we write is nothing, and releases nothing.
    scene.deliver(DeliveryKind::Full, &[("1", "C")]).await;
    let (_, edited) = product(&scene, "1").await;
    assert_eq!(edited.edits.0.len(), 2);
}

#[tokio::test]
async fn a_locked_product_is_published_with_new_values_and_its_old_category() {
    let scene = Scene::new().await;
    let full = DeliveryKind::Full;
    scene.deliver(full, &[("1", "A")]).await;
    scene.compose_texts().await;
    scene.categorise("r", "accept", "dairy").await;
    scene.describe("sv").await;
    scene.publish(&["shop"]).await;
    let (id, _) = product(&scene, "1").await;
    let (by, note) = ("buy\u{202e}er\u{1b}", "audited\ntwice");
    assert!(scene.store.lock(id, true, by, Some(note), NOW).await.unwrap());
    let logged = scene.store.edit_log(id, None).await.unwrap().remove(0);
    assert_eq!((logged.by.as_str(), logged.note.as_deref()), ("buyer ", Some("audited twice")));
    assert!(!scene.store.lock(id, true, "buyer", None, NOW).await.unwrap());
    scene.deliver(full, &[("1", "B")]).await;
    scene.compose_texts().await;
    assert_eq!((scene.categorise("r2", "accept", "bread").await, scene.describe("sv").await), (0, 0));
    let stale = scene.store.stale_publications(None, 10).await.unwrap().remove(0);
    assert_eq!(stale.product.values().title.as_deref(), Some("B"));
    assert_eq!(stale.categorisation.unwrap().category.as_deref(), Some("dairy"));
    assert_eq!(stale.descriptions[0].title.as_deref(), Some("A"));
    // A person's decision holds, locked or not.
    scene.store.append_decisions(&[crate::scene::decided(&scene, "1", Some("bread"))]).await.unwrap();
    assert_eq!(scene.categorise("r2", "accept", "bread").await, 1);
    assert!(scene.store.lock(id, false, "buyer", None, NOW).await.unwrap());
    assert_eq!(scene.describe("sv").await, 1);
    assert_eq!(actions(&scene.store, id).await, ["lock", "unlock"]);
}

#[tokio::test]
async fn an_edit_outlives_its_products_absence() {
    let scene = Scene::new().await;
    let full = DeliveryKind::Full;
    scene.deliver(full, &[("1", "A"), ("2", "B")]).await;
    set(&scene, "2", "title", "Ours").await;
    for other in ["A 1", "A 2"] {
        scene.deliver(full, &[("1", other)]).await;
    }
    assert_eq!(product(&scene, "2").await.1.state, ProductState::Retired);
    assert_eq!(title(&scene, "2").await.as_deref(), Some("Ours"));
    scene.deliver(full, &[("1", "A"), ("2", "C")]).await;
    let (_, back) = product(&scene, "2").await;
    assert_eq!(
        (back.state, back.values().title.as_deref(), back.conflicts().len()),
        (ProductState::Active, Some("Ours"), 1)
    );
}

#[tokio::test]
async fn the_background_says_when_a_value_changed_and_what_stood_there() {
    let scene = Scene::new().await;
    scene.deliver(DeliveryKind::Full, &[("1", "A")]).await;
    let (id, _) = product(&scene, "1").await;
    assert!(scene.store.background(id).await.unwrap().changed_fields.is_empty());
    scene.deliver(DeliveryKind::Full, &[("1", "B")]).await;
    let background = scene.store.background(id).await.unwrap();
    assert_eq!(background.changed_fields["title"].replaced, json!("A"));
    assert_eq!((background.created_at, background.locked), (NOW, false));
}

#[tokio::test]
async fn modes_leave_out_what_they_are_to_leave_out() {
    let scene = Scene::new().await;
    let full = DeliveryKind::Full;
    scene.deliver(full, &[("1", "A"), ("2", "B")]).await;
    let rows = |rows: &[(&str, &str)]| -> Vec<ProductRecord> {
        rows.iter().map(|(sku, title)| scene.record(sku, title)).collect()
    };
    let known = async |sku: &str| {
        let stored = scene.store.product(&scene.key(sku)).await.unwrap();
        stored.map(|stored| (stored.product.state, stored.product.values().title.unwrap()))
    };

    let given = rows(&[("1", "A 1"), ("3", "C"), ("3", "C 2")]);
    let counts = scene.deliver_records(full, ImportMode::UpdateOnly, &given).await;
    assert_eq!((counts.stored, counts.changed, counts.left, counts.missing), (1, 1, 2, 1));
    assert!(counts.agree());
    assert_eq!(known("3").await, None);
    assert_eq!(known("2").await.unwrap().0, ProductState::Missing);

    let given = rows(&[("1", "A 2"), ("3", "C"), ("3", "C"), ("3", "C 2")]);
    let counts = scene.deliver_records(full, ImportMode::CreateOnly, &given).await;
    assert_eq!((counts.new, counts.folded, counts.refused, counts.left, counts.missing), (1, 1, 1, 1, 0));
    assert!(counts.agree());
    assert_eq!(known("1").await, Some((ProductState::Active, "A 1".to_owned())));
    assert_eq!(known("2").await.unwrap().0, ProductState::Missing, "and none is retired");
    assert_eq!(known("3").await, Some((ProductState::Active, "C".to_owned())));
}

/// What may happen to a product's title and brand.
#[derive(Debug, Clone)]
enum Event {
    Full(Option<u8>, Option<u8>),
    Delta(Option<u8>, Option<u8>),
    Set(bool, Option<u8>),
    Drop(bool),
    Keep(bool),
    Lock(bool),
}

fn events() -> impl Strategy<Value = Vec<Event>> {
    let value = || prop::option::weighted(0.8, 0u8..4);
    let event = prop_oneof![
        3 => (value(), value()).prop_map(|(title, brand)| Event::Full(title, brand)),
        2 => (value(), value()).prop_map(|(title, brand)| Event::Delta(title, brand)),
        4 => (any::<bool>(), value()).prop_map(|(field, value)| Event::Set(field, value)),
        1 => any::<bool>().prop_map(Event::Drop),
        1 => any::<bool>().prop_map(Event::Keep),
        1 => any::<bool>().prop_map(Event::Lock),
    ];
    prop::collection::vec(event, 1..24)
}

/// The rules in short: of each field what the supplier says, and our value with what it replaced.
#[derive(Debug, Default)]
struct Model {
    theirs: BTreeMap<&'static str, String>,
    ours: BTreeMap<&'static str, (Option<String>, Option<String>)>,
    logged: usize,
}

impl Model {
    fn deliver(&mut self, full: bool, said: [(&'static str, Option<String>); 2]) {
        // A row that says what the last one said is not looked at, which must make no difference.
        for (field, value) in said {
            match value {
                Some(value) => drop(self.theirs.insert(field, value)),
                None if full => drop(self.theirs.remove(field)),
                None => {}
            }
            let theirs = self.theirs.get(field).cloned();
            if self.ours.get(field).is_some_and(|(ours, _)| *ours == theirs) {
                self.ours.remove(field);
                self.logged += 1;
            }
        }
    }

    fn set(&mut self, field: &'static str, value: Option<String>) {
        let theirs = self.theirs.get(field).cloned();
        let known = self.ours.get(field).map(|(ours, _)| ours.clone());
        if value == theirs {
            self.drop(field);
        } else if known.as_ref() != Some(&value) {
            self.ours.insert(field, (value, theirs));
            self.logged += 1;
        }
    }

    fn drop(&mut self, field: &'static str) {
        self.logged += usize::from(self.ours.remove(field).is_some());
    }

    fn keep(&mut self, field: &'static str) {
        let theirs = self.theirs.get(field).cloned();
        if let Some((_, replaced)) = self.ours.get_mut(field)
            && *replaced != theirs
        {
            *replaced = theirs;
            self.logged += 1;
        }
    }

    fn holds(&self, field: &str) -> Option<String> {
        match self.ours.get(field) {
            Some((ours, _)) => ours.clone(),
            None => self.theirs.get(field).cloned(),
        }
    }

    fn conflicts(&self) -> Vec<&'static str> {
        let at_odds = |(field, (_, replaced)): &(&&'static str, &(Option<String>, Option<String>))| {
            self.theirs.get(**field).cloned() != *replaced
        };
        self.ours.iter().filter(at_odds).map(|(field, _)| *field).collect()
    }
}

const FIELDS: [&str; 2] = ["brand", "title"];

async fn follow(events: Vec<Event>) {
    let scene = Scene::new().await;
    let mut model = Model::default();
    let (mut locked, mut revision) = (false, 0);
    let word = |value: Option<u8>| value.map(|value| format!("word {value}"));
    let first = [Event::Full(Some(0), Some(0))];
    for (step, event) in (0i64..).zip(first.into_iter().chain(events)) {
        let now: Timestamp = NOW + SignedDuration::from_secs(step);
        let before = model.logged;
        match event.clone() {
            Event::Full(title, brand) | Event::Delta(title, brand) => {
                let full = matches!(event, Event::Full(..));
                let mut record = scene.record("1", "");
                record.values =
                    ProductValues { title: word(title), brand: word(brand), ..ProductValues::default() };
                let kind = if full { DeliveryKind::Full } else { DeliveryKind::Delta };
                scene.deliver_records(kind, ImportMode::default(), &[record]).await;
                model.deliver(full, [("title", word(title)), ("brand", word(brand))]);
            }
            Event::Lock(lock) => {
                let (id, _) = product(&scene, "1").await;
                let changed = scene.store.lock(id, lock, "buyer", None, now).await.unwrap();
                assert_eq!(changed, lock != locked);
                model.logged += usize::from(changed);
                locked = lock;
            }
            Event::Set(first, value) => {
                let field = FIELDS[usize::from(first)];
                set(&scene, "1", field, json!(word(value))).await;
                model.set(field, word(value));
            }
            Event::Drop(first) => {
                edit(&scene, "1", FIELDS[usize::from(first)], EditAction::Drop).await;
                model.drop(FIELDS[usize::from(first)]);
            }
            Event::Keep(first) => {
                edit(&scene, "1", FIELDS[usize::from(first)], EditAction::Keep).await;
                model.keep(FIELDS[usize::from(first)]);
            }
        }
        let (id, stored) = product(&scene, "1").await;
        let held = stored.values();
        assert_eq!(
            (held.title.clone(), held.brand.clone()),
            (model.holds("title"), model.holds("brand")),
            "{event:?}"
        );
        let conflicts: Vec<String> = stored.conflicts().into_iter().map(|conflict| conflict.field).collect();
        assert_eq!(conflicts, model.conflicts(), "{event:?}");
        assert_eq!(stored.edits.0.len(), model.ours.len());
        let log = scene.store.edit_log(id, None).await.unwrap();
        assert_eq!(log.len(), model.logged, "{event:?}");
        // What is stored beside it agrees: the hash that later stages compare, and the revision that publishing does.
        let stale = scene.store.stale_publications(None, 10).await.unwrap().remove(0);
        assert!(stale.revision >= revision && (stale.revision > revision || model.logged == before));
        revision = stale.revision;
        let texts = scene.store.stale_texts(None, 10).await.unwrap();
        assert_eq!(texts[0].input_hash, held.digest());
    }
    for field in FIELDS {
        let held = product(&scene, "1").await.1.values().fields().remove(field).unwrap_or(Value::Null);
        assert!(same(field, &held, &json!(model.holds(field))));
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 48, ..ProptestConfig::default() })]

    #[test]
    fn no_sequence_of_deliveries_and_edits_loses_an_edit(events in events()) {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        runtime.block_on(follow(events));
    }
}
