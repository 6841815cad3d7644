//! Proposals over a real store, with vectors put there by hand.

use std::collections::BTreeMap;

use berika_catalog::{
    ChosenBy, Decision, DeliveryKind, Digest, Gtin, ProductKey, ProductRecord, ProductValues, SupplierId,
};
use berika_store::{Access, JoinedBy, NewImport, ReviewQueue, Store, StoredText};
use jiff::Timestamp;
use serde_json::{Value, json};

use super::*;

const NOW: Timestamp = Timestamp::UNIX_EPOCH;

struct Scene {
    store: Store,
    config: Config,
    _folder: tempfile::TempDir,
}

impl Scene {
    /// Products by key, with their values as JSON and their vectors where they have one.
    async fn of(products: &[(&str, Value, Option<[f32; 2]>)]) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let store = Store::open(&folder.path().join("berika.sqlite"), Access::Work).await.unwrap();
        let supplier = SupplierId::new("any").unwrap();
        let (kind, body_hash) = (DeliveryKind::Delta, Digest::of_bytes(b""));
        let new = NewImport { supplier: &supplier, run: "run", kind, file: "feed", body_hash: &body_hash };
        let import = store.begin_import(new, NOW).await.unwrap();
        let record = |(row, (key, values, _)): (u64, &(&str, Value, Option<[f32; 2]>))| {
            let values: ProductValues = serde_json::from_value(values.clone()).unwrap();
            let provenance = BTreeMap::new();
            (row, ProductRecord { key: ProductKey::parse(key).unwrap(), values, provenance })
        };
        let records: Vec<_> = (2u64..).zip(products).map(record).collect();
        store.import_rows(import, (kind, berika_store::ImportMode::default()), &records, NOW).await.unwrap();
        let hash = |text: &str| Digest::of_bytes(text.as_bytes());
        let stale = store.stale_texts(None, 1000).await.unwrap();
        let texts: Vec<_> = stale
            .iter()
            .map(|stale| {
                let text = stale.product.key.to_string();
                let hashes = || hash(&text);
                let stored = StoredText {
                    text: text.clone(),
                    text_hash: hashes(),
                    evidence_hash: hashes(),
                    facts_hash: hashes(),
                };
                (stale.id, stale.input_hash.clone(), stored)
            })
            .collect();
        store.put_texts("template", &texts).await.unwrap();
        for (key, _, vector) in products {
            if let Some(vector) = vector {
                store.put_vectors("model", &[(&hash(key), vector)]).await.unwrap();
            }
        }
        let config = "markets = [{ language = \"sv\", country = \"SE\", currency = \"SEK\" }]\n\
                      taxonomy = { path = \"taxonomy.jsonl\" }\nduplicates = { order = [\"b\"] }";
        Self { store, config: toml::from_str(config).unwrap(), _folder: folder }
    }

    async fn with_vectors(self) -> Self {
        let queue = ReviewQueue { embedding: "model".to_owned(), ..ReviewQueue::default() };
        self.store.put_review_queue(&queue).await.unwrap();
        self
    }

    async fn proposed(&self, by_rule: bool) -> Proposals {
        proposals(&self.store, &self.config, &Asked { supplier: None, by_rule }).await.unwrap()
    }
}

/// Leader and others of each.
fn groups(found: &Proposals) -> Vec<Vec<String>> {
    let keys = |proposal: &Proposal| {
        std::iter::once(&proposal.leader).chain(&proposal.others).map(|p| p.product.to_string()).collect()
    };
    found.proposals.iter().map(keys).collect()
}

const CAN: &str = "04006381333931";
const POT: &str = "04012345678901";

#[tokio::test]
async fn the_same_gtin_is_proposed_and_one_that_identifies_nothing_is_not() {
    assert!(Gtin::parse(POT).is_ok() && Gtin::parse("2000000000015").is_ok());
    let scene = Scene::of(&[
        ("a/1", json!({"title": "Can", "gtin": CAN, "brand": "Asta"}), None),
        ("a/2", json!({"title": "Bread", "gtin": "02000000000015"}), None),
        ("b/1", json!({"title": "Watering can", "gtin": CAN, "brand": "ASTA®"}), None),
        ("b/2", json!({"title": "Cheese", "gtin": "02000000000015"}), None),
        ("c/1", json!({"title": "Set", "variants": [{"sku": "x", "gtin": POT}]}), None),
        ("c/2", json!({"title": "Pot", "gtin": POT}), None),
    ])
    .await;
    let found = scene.proposed(false).await;
    assert_eq!(groups(&found), [["b/1", "a/1"]], "the order puts b first");
    assert_eq!(found.proposals[0].reason(), format!("same GTIN {CAN}"));
    assert!(found.proposals[0].doubts.is_empty() && !found.compared_texts);
}

#[tokio::test]
async fn what_speaks_against_a_group_is_said_and_what_a_person_parted_no_rule_sees() {
    let scene = Scene::of(&[
        ("a/1", json!({"gtin": CAN, "brand": "Asta"}), None),
        ("c/1", json!({"gtin": CAN, "brand": "Bolla"}), None),
        ("a/2", json!({"gtin": CAN}), None),
    ])
    .await;
    let found = scene.proposed(true).await;
    assert_eq!(found.proposals[0].doubts, ["brands differ: Asta, Bolla", "2 of them are a's own"]);

    let order = scene.config.duplicates.field_order();
    let key = |text: &str| ProductKey::parse(text).unwrap();
    let by = JoinedBy { by: "buyer", reason: "", now: NOW };
    scene.store.join(&key("a/1"), &[key("a/2")], &order, by).await.unwrap();
    assert_eq!(groups(&scene.proposed(true).await), [["a/1", "c/1"]], "what leads already leads");
    scene.store.part(&[key("a/2")], &order, by).await.unwrap();
    let found = scene.proposed(true).await;
    assert_eq!(
        (groups(&found), found.proposals[0].doubts.len()),
        (vec![vec!["a/1".into(), "c/1".into()]], 1)
    );
    let listed = scene.proposed(false).await;
    assert!(listed.proposals[0].doubts.contains(&"a person parted a/2 from others".to_owned()));
}

#[tokio::test]
async fn near_texts_of_one_brand_and_size_are_proposed_unless_gtins_differ() {
    let near = |brand: &str, title: &str, gtin: Option<&str>| {
        let mut values = json!({"brand": brand, "title": title});
        if let Some(gtin) = gtin {
            values["gtin"] = gtin.into();
        }
        values
    };
    let (one, close, far) = (Some([1.0, 0.0]), Some([0.98, 0.199]), Some([0.9, 0.4359]));
    let scene = Scene::of(&[
        ("a/1", near("Asta", "Coffee 500 g", None), one),
        ("c/1", near("asta", "Ground coffee 0.5 kg", None), close),
        ("c/2", near("Asta", "Coffee 500 g dark", None), far),
        ("c/3", near("Asta", "Coffee 250 g", None), one),
        ("c/4", near("Bolla", "Coffee 500 g", None), one),
        ("a/5", near("Cera", "Tea 100 g", Some(CAN)), one),
        ("c/5", near("Cera", "Tea 100 g", None), one),
        ("d/5", near("Cera", "Tea 100 g", Some(POT)), close),
    ])
    .await
    .with_vectors()
    .await;
    let found = scene.proposed(false).await;
    assert_eq!(groups(&found), [["a/1", "c/1"], ["a/5", "c/5"]], "never two GTINs in one group");
    assert_eq!(found.proposals[0].reason(), "a/1 and c/1: texts alike (0.980), brand Asta, 500 g");
    assert!(scene.proposed(true).await.proposals.is_empty(), "no rule joins by texts");
}

#[tokio::test]
async fn a_number_that_stands_for_nothing_is_suspicious() {
    let keys: Vec<String> = (0..=MOST_JOINED).map(|sku| format!("a/{sku}")).collect();
    let products: Vec<_> = keys.iter().map(|key| (key.as_str(), json!({"gtin": CAN}), None)).collect();
    let found = Scene::of(&products).await.proposed(true).await;
    assert!(found.proposals.is_empty());
    assert_eq!((found.suspicious.len(), found.suspicious[0].products), (1, MOST_JOINED + 1));
}

#[tokio::test]
async fn what_people_said_of_leads_and_no_rule_joins_two_such() {
    let gtins = [CAN, POT, "04000000000020"];
    let skus = ["can", "pot", "pan"];
    let rows: Vec<(String, Value)> = skus
        .iter()
        .zip(gtins)
        .flat_map(|(sku, gtin)| {
            ["a", "b"].map(|supplier| (format!("{supplier}/{sku}"), json!({"gtin": gtin})))
        })
        .collect();
    let rows: Vec<_> = rows.iter().map(|(key, values)| (key.as_str(), values.clone(), None)).collect();
    let scene = Scene::of(&rows).await;
    let decide = async |key: &str, chosen_by: ChosenBy| {
        let decision = Decision {
            product: ProductKey::parse(key).unwrap(),
            category: None,
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
    let title = async |key: &str| {
        let stored = scene.store.product(&ProductKey::parse(key).unwrap()).await.unwrap().unwrap();
        let seen = berika_store::Seen::of(&stored.product, "title");
        let (product, field) = (stored.id, "title".to_owned());
        let action = berika_store::EditAction::Set("Ours".into());
        let edit = berika_store::NewEdit { product, field, action, seen, note: None, origin: None };
        scene.store.edit(&[edit], "buyer", NOW).await.unwrap();
    };
    // The order puts b first.
    decide("a/can", ChosenBy::ActiveReview).await;
    title("a/pot").await;
    decide("b/pot", ChosenBy::ActiveReview).await;
    decide("a/pan", ChosenBy::Machine).await;
    let found = scene.proposed(true).await;
    assert_eq!(groups(&found), [["a/can", "b/can"], ["b/pot", "a/pot"], ["b/pan", "a/pan"]]);
    let doubts: Vec<_> = found.proposals.iter().map(|proposal| proposal.doubts.clone()).collect();
    let said = "people decided on, edited or locked a/pot, b/pot, and it would hold for one of them only";
    assert_eq!(doubts, [vec![], vec![said.to_owned()], vec![]]);
}
