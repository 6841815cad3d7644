//! With a real store and the real model.

use std::collections::BTreeMap;

use berika_catalog::{Category, CategoryId, Decision, ManualClock, ProductKey, ProductValues, SupplierId};
use berika_classify::{Query, Ranking};
use berika_embed::Precision;
use jiff::Timestamp;
use rand::SeedableRng as _;

use super::*;
use crate::Config;

const CONFIG: &str = r#"
[taxonomy]
path = "taxonomy.jsonl"
[[markets]]
language = "en"
country = "IE"
currency = "EUR"
[[suppliers]]
id = "nord"
delivery = "full"
source = { url = "https://feeds.example.com/a.csv" }
format = { type = "csv" }
"#;

const KINDS: [&str; 3] = ["Coffee", "Cheese", "Saws"];

struct Scene {
    engine: Engine,
    encoder: Encoder,
    taxonomy: Arc<Taxonomy>,
    _folder: tempfile::TempDir,
}

impl Scene {
    async fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("berika.toml");
        std::fs::write(&path, CONFIG).unwrap();
        let config = Config::read(&path, &[]).unwrap();
        let random = Box::new(rand::rngs::StdRng::seed_from_u64(7));
        let clock = Arc::new(ManualClock::new(Timestamp::UNIX_EPOCH));
        let engine =
            Engine::start(config, clock, random, Arc::new(|_: &str| None), Arc::new(())).await.unwrap();
        let cache = berika_models::default_cache_dir().unwrap();
        let model = "all-MiniLM-L6-v2";
        let options = berika_models::Options::default();
        let load = move || {
            let folder = berika_models::ensure(model, &cache, &(), &options).unwrap();
            Encoder::load_folder(&folder, model, Precision::F32, 2).unwrap()
        };
        let encoder = tokio::task::spawn_blocking(load).await.unwrap();
        let category = |name: &&str| Category {
            id: CategoryId(name.to_lowercase()),
            parent: None,
            names: [(Language::parse("en").unwrap(), (*name).to_owned())].into(),
            descriptions: BTreeMap::new(),
            excludes: BTreeMap::new(),
            synonyms: BTreeMap::new(),
            external_ids: BTreeMap::new(),
        };
        let taxonomy = Taxonomy::new("own", 1, KINDS.iter().map(category).collect()).unwrap();
        let scene = Self { engine, encoder, taxonomy: Arc::new(taxonomy), _folder: folder };
        let texts = targets(&scene.engine, scene.taxonomy.clone()).texts();
        for text in texts {
            let (hash, vector) = (Digest::of_bytes(text.as_bytes()), scene.embed(&text));
            scene.engine.store.put_vectors(scene.encoder.recipe(), &[(&hash, &vector)]).await.unwrap();
        }
        scene
    }

    fn embed(&self, text: &str) -> Vec<f32> {
        self.encoder.embed_here(&[text]).unwrap().row(0).to_vec()
    }

    /// Decisions on so many products of every kind.
    fn decisions(&self, each: usize) -> Vec<StoredDecision> {
        let products = (0..each).flat_map(|at| KINDS.map(|kind| (kind, format!("{kind} no {}", at * 37))));
        products
            .enumerate()
            .map(|(at, (kind, text))| StoredDecision {
                id: at as i64 + 1,
                decision: Decision {
                    product: ProductKey { supplier: SupplierId::new("nord").unwrap(), sku: at.to_string() },
                    category: Some(CategoryId(kind.to_lowercase())),
                    taxonomy: "own".to_owned(),
                    taxonomy_version: 1,
                    by: "buyer".to_owned(),
                    at: Timestamp::UNIX_EPOCH,
                    run: None,
                    reason: None,
                    chosen_by: ChosenBy::Import,
                },
                vector: Some(self.embed(&text)),
                values: ProductValues { title: Some(text), ..ProductValues::default() },
            })
            .collect()
    }

    async fn classifier(&self, decisions: &[StoredDecision]) -> (Classifier, i64) {
        classifier(&self.engine, &self.encoder, self.taxonomy.clone(), decisions).await.unwrap()
    }

    fn rank(&self, classifier: &Classifier) -> Vec<Ranking> {
        let texts = ["Ground coffee 500 g", "Gouda cheese", "Hand saw", "Something else"];
        let vectors = texts.map(|text| self.embed(text));
        let queries: Vec<Query<'_>> = texts
            .iter()
            .zip(&vectors)
            .map(|(text, vector)| Query { vector: Some(vector), text, ..Query::default() })
            .collect();
        classifier.rank(&queries).unwrap()
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_learnt_is_kept_and_where_it_is_damaged_or_of_another_taxonomy_learnt_anew() {
    let scene = Scene::new().await;
    let store = &scene.engine.store;
    let decisions = scene.decisions(12);
    let (built, version) = scene.classifier(&decisions).await;
    assert_eq!((built.taught().learnt, built.cross_fitted().len()), (36, 36));
    let kept = store.training(version).await.unwrap().unwrap();

    let (read, same) = scene.classifier(&decisions).await;
    assert_eq!(same, version);
    assert!(read.trained() == built.trained());
    assert_eq!(scene.rank(&read), scene.rank(&built));

    // That the kept bytes are what is read, and not learnt anew each time: those of other decisions are taken at their word.
    let (other, other_version) = scene.classifier(&scene.decisions(2)).await;
    assert!(other_version > version);
    let planted = other.trained().to_bytes().unwrap();
    store.put_training(version, &planted).await.unwrap();
    assert!(scene.classifier(&decisions).await.0.trained() == other.trained());

    let mut flipped = kept.clone();
    flipped[60] ^= 1;
    for damaged in [&flipped[..], &kept[..kept.len() / 2], b"", b"{}\n"] {
        store.put_training(version, damaged).await.unwrap();
        let (anew, same) = scene.classifier(&decisions).await;
        assert_eq!(same, version);
        assert!(anew.trained() == built.trained());
        assert_eq!(store.training(version).await.unwrap().as_ref(), Some(&kept), "put right");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn with_nothing_decided_nothing_is_kept_and_machines_teach_nothing() {
    let scene = Scene::new().await;
    let (untaught, version) = scene.classifier(&[]).await;
    assert_eq!(scene.engine.store.training(version).await.unwrap(), None);
    let mut decisions = scene.decisions(2);
    for stored in &mut decisions {
        stored.decision.chosen_by = ChosenBy::Machine;
    }
    let (again, same) = scene.classifier(&decisions).await;
    assert_eq!((same, again.taught().learnt), (version, 0));
    assert_eq!(scene.rank(&again), scene.rank(&untaught));
    assert_eq!(scene.rank(&again)[2].candidates[0].id.as_str(), "saws");
}
