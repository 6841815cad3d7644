//! The taxonomy changed and changed back: decisions, products, what is published of them.

use std::collections::BTreeMap;

use berika_catalog::taxonomy_change::{
    Change, Confirmed, Delete, Merge, MergeTarget, Rename, Split, changed,
};
use berika_catalog::{
    Category, CategoryId, Decision, DeliveryKind, Document, Language, ProductState, Taxonomy,
};
use berika_store::{
    ApplicationState, AuditDraw, Categorisation, NewApplication, NewRevert, NewRun, Publication, StoreError,
    TaxonomyImport,
};

use crate::scene::{NOW, Scene, decided};

/// A store with the taxonomy food: milk, tea, coffee at version 1, and products m1, m2 in milk, t1 in tea, c1 in coffee, all of
/// them described and published. People confirmed m1 and c1.
struct Shop {
    scene: Scene,
}

fn id(text: &str) -> CategoryId {
    CategoryId(text.to_owned())
}

fn category(own: &str, parent: Option<&str>) -> Category {
    Category {
        id: id(own),
        parent: parent.map(id),
        names: [(Language::parse("en").unwrap(), own.to_uppercase())].into(),
        descriptions: BTreeMap::new(),
        excludes: BTreeMap::new(),
        synonyms: BTreeMap::new(),
        external_ids: BTreeMap::new(),
    }
}

fn food(leaves: &[&str]) -> Taxonomy {
    let leaves = leaves.iter().map(|leaf| category(leaf, Some("food")));
    Taxonomy::new("own", 1, std::iter::once(category("food", None)).chain(leaves).collect()).unwrap()
}

fn rename(from: &str, to: &str) -> Change {
    Change::Rename(Rename { category: id(from), id: Some(id(to)), names: BTreeMap::new() })
}

fn call(category: &str, name: &str) -> Change {
    let names = [(Language::parse("en").unwrap(), name.to_owned())].into();
    Change::Rename(Rename { category: id(category), id: None, names })
}

fn merge(from: &str, into: &str, confirmed: Confirmed) -> Change {
    let into = MergeTarget::Known(id(into));
    Change::Merge(Merge { categories: vec![id(from)], into, confirmed })
}

fn split(from: &str, into: &[&str]) -> Change {
    Change::Split(Split { category: id(from), into: into.iter().map(|part| category(part, None)).collect() })
}

fn delete(category: &str, confirmed: Confirmed) -> Change {
    Change::Delete(Delete { category: id(category), redirect: None, confirmed })
}

impl Shop {
    async fn new() -> Self {
        let scene = Scene::new().await;
        scene.store.import_taxonomy(&food(&["milk", "tea", "coffee"]), NOW).await.unwrap();
        scene
            .deliver(DeliveryKind::Full, &[("m1", "Milk"), ("m2", "Oat"), ("t1", "Tea"), ("c1", "Coffee")])
            .await;
        scene.compose_texts().await;
        let shop = Self { scene };
        shop.decide("m1", "milk", 1).await;
        shop.decide("c1", "coffee", 1).await;
        shop.judge("classifier-1", &[("m1", "milk"), ("m2", "milk"), ("t1", "tea"), ("c1", "coffee")]).await;
        shop.scene.describe("en").await;
        shop.tell().await;
        shop
    }

    async fn decide(&self, sku: &str, category: &str, version: u32) {
        let decision = Decision { taxonomy_version: version, ..decided(&self.scene, sku, Some(category)) };
        self.scene.store.append_decisions(&[decision]).await.unwrap();
    }

    /// What a run does: judges what is stale, each product as it is said.
    async fn judge(&self, recipe: &str, verdicts: &[(&str, &str)]) -> Vec<String> {
        let taxonomy = self.taxonomy().await;
        let leaves: Vec<&str> =
            taxonomy.leaves().map(|leaf| taxonomy.categories()[leaf].id.as_str()).collect();
        let stale = self.scene.store.stale_categorisations(recipe, "model", &leaves, None, 99).await.unwrap();
        let skus = stale.iter().map(|stale| stale.key.sku.clone()).collect();
        let batch = stale.into_iter().filter_map(|stale| {
            let (_, category) = verdicts.iter().find(|(sku, _)| *sku == stale.key.sku)?;
            let new = Categorisation {
                verdict: "accept".to_owned(),
                category: Some((*category).to_owned()),
                confidence: 0.5,
                candidates: serde_json::json!([]),
                reasons: vec![],
                recipe: recipe.to_owned(),
                decision: stale.decision,
                promise: Some(0.95),
                audit: None,
            };
            Some((stale, new))
        });
        self.scene.store.put_categorisations("run", &batch.collect::<Vec<_>>()).await.unwrap();
        skus
    }

    async fn taxonomy(&self) -> Taxonomy {
        self.scene.store.taxonomy("own").await.unwrap().unwrap()
    }

    fn run<'a>(run: &'a str, recipes: &'a serde_json::Value) -> NewRun<'a> {
        NewRun { id: run, command: "recategorise apply", by: "buyer", recipes }
    }

    async fn try_apply(&self, run: &str, changes: &[Change]) -> Result<(), StoreError> {
        let changed = changed(&self.taxonomy().await, changes).unwrap();
        let recipes = serde_json::json!({});
        let new = NewApplication { plan: run, digest: "d", taxonomy: "own", moves: 0 };
        self.scene.store.begin_application(Self::run(run, &recipes), new, NOW).await.unwrap();
        if let Err(error) = self.scene.store.apply_taxonomy(run, &changed, NOW).await {
            self.scene.store.abandon_application(run, &recipes, NOW).await.unwrap();
            return Err(error);
        }
        // Doing it once more, as after a kill, does nothing.
        self.scene.store.apply_taxonomy(run, &changed, NOW).await?;
        self.scene.store.finish_application(run, &recipes, NOW).await
    }

    async fn apply(&self, run: &str, changes: &[Change]) {
        self.try_apply(run, changes).await.unwrap();
    }

    async fn revert(&self, run: &str) -> u64 {
        let own = format!("back-{run}");
        let recipes = serde_json::json!({});
        let new = NewRevert { run: Self::run(&own, &recipes), application: run };
        self.scene.store.begin_revert(new, NOW).await.unwrap();
        let taxonomy = self.taxonomy().await;
        let leaves: Vec<&str> =
            taxonomy.leaves().map(|leaf| taxonomy.categories()[leaf].id.as_str()).collect();
        let mut after = None;
        loop {
            after = self.scene.store.revert_batch(run, &leaves, after).await.unwrap();
            if after.is_none() {
                break;
            }
        }
        self.scene.store.finish_revert(run, &own, &recipes, NOW).await.unwrap();
        self.scene.store.reverted(run).await.unwrap().restored
    }

    /// Publishes all of them with the category that they are accepted in.
    async fn tell(&self) {
        let stale = self.scene.store.stale_publications(None, 99).await.unwrap();
        let batch = stale.into_iter().map(|stale| {
            let category = stale.categorisation.as_ref().and_then(|c| c.category.as_deref());
            let said =
                category.map(|id| ("category.id", id)).into_iter().chain([("category.taxonomy", "own")]);
            let said = said.map(|(name, value)| (name.to_owned(), serde_json::json!(value)));
            let document = Document(said.collect());
            (stale, Publication::Version { document, event: "product.enriched" })
        });
        let batch: Vec<_> = batch.collect();
        self.scene.store.publish(&[], &batch, &mut String::new, NOW).await.unwrap();
    }

    /// Judges a product anew whose values changed: it goes to review.
    async fn doubt(&self, sku: &str, title: &str) {
        self.scene.deliver(DeliveryKind::Delta, &[(sku, title)]).await;
        self.scene.compose_texts().await;
        let leaves = ["milk", "tea", "coffee"];
        let stale =
            self.scene.store.stale_categorisations("classifier-1", "model", &leaves, None, 99).await.unwrap();
        let new =
            Categorisation { verdict: "review".to_owned(), category: None, ..self.categorisation(sku).await };
        let stale = stale.into_iter().filter(|stale| stale.key.sku == sku);
        let batch: Vec<_> = stale.map(|stale| (stale, new.clone())).collect();
        assert_eq!(batch.len(), 1);
        self.scene.store.put_categorisations("run", &batch).await.unwrap();
    }

    /// What the decision on a product names now.
    async fn decided(&self, sku: &str) -> String {
        let decisions = self.scene.store.current_decisions("model", "own").await.unwrap();
        let decision = decisions.iter().find(|stored| stored.decision.product.sku == sku).unwrap();
        decision.decision.category.as_ref().unwrap().to_string()
    }

    async fn categorisation(&self, sku: &str) -> Categorisation {
        let product = self.scene.store.product(&self.scene.key(sku)).await.unwrap().unwrap();
        self.scene.store.categorisation(product.id).await.unwrap().unwrap()
    }

    /// The category that a product is accepted in; empty where it is not.
    async fn stands(&self, sku: &str) -> String {
        self.categorisation(sku).await.category.unwrap_or_default()
    }

    /// Products to compose anew, with whether what is published of them is withdrawn, and how many descriptions hold.
    async fn anew(&self) -> Vec<(String, bool, usize)> {
        let stale = self.scene.store.stale_publications(None, 99).await.unwrap();
        stale
            .iter()
            .map(|stale| (stale.product.key.sku.clone(), stale.withdrawn, stale.descriptions.len()))
            .collect()
    }

    async fn undescribed(&self) -> Vec<String> {
        let stale = self.scene.store.stale_descriptions("en", None, 99).await.unwrap();
        stale.iter().map(|stale| stale.key.sku.clone()).collect()
    }
}

fn owned(list: &[(&str, bool, usize)]) -> Vec<(String, bool, usize)> {
    list.iter().map(|(sku, withdrawn, texts)| ((*sku).to_owned(), *withdrawn, *texts)).collect()
}

#[tokio::test]
async fn decisions_products_and_texts_follow_a_rename_and_its_way_back() {
    let shop = Shop::new().await;
    shop.apply("r1", &[rename("milk", "food.milk")]).await;
    let taxonomy = shop.taxonomy().await;
    assert_eq!((taxonomy.version, taxonomy.get(&id("milk"))), (2, None));
    assert_eq!((shop.decided("m1").await, shop.stands("m1").await), ("food.milk".into(), "food.milk".into()));
    assert_eq!(shop.stands("m2").await, "food.milk");
    assert_eq!(shop.anew().await, owned(&[("m1", true, 1), ("m2", true, 1)]), "with the texts they have");
    assert!(shop.undescribed().await.is_empty());
    assert!(shop.judge("classifier-1", &[]).await.is_empty(), "nothing is judged anew");
    assert_eq!(
        shop.scene.store.taxonomy_at("own", 1).await.unwrap().unwrap(),
        food(&["milk", "tea", "coffee"])
    );

    // Decided since, under the name of then.
    shop.decide("t1", "food.milk", 2).await;
    assert_eq!(shop.revert("r1").await, 2);
    let taxonomy = shop.taxonomy().await;
    assert_eq!((taxonomy.version, taxonomy.digest()), (3, food(&["milk", "tea", "coffee"]).digest()));
    assert_eq!((shop.decided("m1").await, shop.decided("t1").await), ("milk".into(), "milk".into()));
    assert_eq!((shop.stands("m1").await, shop.stands("m2").await), ("milk".into(), "milk".into()));
    assert!(shop.undescribed().await.is_empty());
}

#[tokio::test]
async fn chains_of_renames_are_resolved_and_ids_that_were_given_again_told_apart() {
    let shop = Shop::new().await;
    shop.apply("r1", &[rename("milk", "dairy")]).await;
    shop.decide("m2", "dairy", 2).await;
    shop.apply("r2", &[rename("dairy", "drinks.milk"), rename("tea", "milk")]).await;
    assert_eq!(
        (shop.decided("m1").await, shop.decided("m2").await),
        ("drinks.milk".into(), "drinks.milk".into())
    );
    shop.decide("t1", "milk", 3).await;
    assert_eq!(shop.decided("t1").await, "milk", "the tea of now");
    // A decision of long ago that is read later is one on the milk of then.
    shop.decide("c1", "milk", 1).await;
    assert_eq!(shop.decided("c1").await, "drinks.milk");
    let names = shop.scene.store.category_names("own").await.unwrap();
    let milk = id("milk");
    assert_eq!([1, 3].map(|version| names.now(&milk, version).as_str()), ["drinks.milk", "milk"]);
    assert_eq!(names.now(&id("coffee"), 1), &id("coffee"));

    shop.revert("r2").await;
    assert_eq!((shop.decided("m1").await, shop.decided("m2").await), ("dairy".into(), "dairy".into()));
    assert_eq!((shop.decided("t1").await, shop.decided("c1").await), ("tea".into(), "dairy".into()));
    assert_eq!((shop.stands("m1").await, shop.stands("t1").await), ("dairy".into(), "tea".into()));
    shop.apply("r3", &[rename("dairy", "milk")]).await;
    assert_eq!((shop.decided("m1").await, shop.decided("c1").await), ("milk".into(), "milk".into()));
}

#[tokio::test]
async fn two_categories_that_change_their_ids_take_their_products_along() {
    let shop = Shop::new().await;
    shop.apply("r1", &[rename("milk", "x"), rename("coffee", "milk"), rename("x", "coffee")]).await;
    assert_eq!((shop.decided("m1").await, shop.decided("c1").await), ("coffee".into(), "milk".into()));
    assert_eq!((shop.stands("m1").await, shop.stands("c1").await), ("coffee".into(), "milk".into()));
    shop.revert("r1").await;
    assert_eq!((shop.decided("m1").await, shop.decided("c1").await), ("milk".into(), "coffee".into()));
    assert_eq!((shop.stands("m1").await, shop.stands("c1").await), ("milk".into(), "coffee".into()));
}

#[tokio::test]
async fn products_of_a_leaf_that_is_split_return_to_review_and_are_withdrawn() {
    let shop = Shop::new().await;
    let before = [shop.categorisation("m1").await, shop.categorisation("m2").await];
    shop.apply("r1", &[split("milk", &["cow", "oat"])]).await;
    for sku in ["m1", "m2"] {
        let now = shop.categorisation(sku).await;
        assert_eq!((now.verdict.as_str(), now.category, now.promise), ("review", None, None));
        assert_eq!(now.reasons, ["category milk was split into cow and oat"]);
        assert_eq!(now.recipe, "taxonomy-2");
    }
    assert_eq!(shop.anew().await, owned(&[("m1", true, 0), ("m2", true, 0)]));
    assert_eq!(shop.decided("m1").await, "milk");
    let gone = shop.scene.store.gone_categories("own").await.unwrap();
    assert_eq!((gone[&id("milk")].version, gone[&id("milk")].gone.into.len()), (2, 2));
    assert_eq!(shop.judge("classifier-2", &[("m2", "oat")]).await, ["m1", "m2"], "the next run judges them");
    assert_eq!(shop.stands("m2").await, "oat");

    // What follows from something else since returns to review.
    shop.scene.deliver(DeliveryKind::Delta, &[("t1", "Oat tea")]).await;
    shop.scene.compose_texts().await;
    assert_eq!(shop.judge("classifier-2", &[("t1", "oat"), ("m1", "cow")]).await, ["m1", "t1"]);
    let restored = shop.revert("r1").await;
    assert_eq!(restored, 2, "that a run judged them anew in between is no touch");
    assert_eq!([shop.categorisation("m1").await, shop.categorisation("m2").await], before);
    let other = shop.categorisation("t1").await;
    assert_eq!((other.verdict.as_str(), other.category), ("review", None));
    assert_eq!(other.reasons, ["category oat is not in the taxonomy any more"]);
    assert_eq!(shop.judge("classifier-1", &[]).await, ["t1"]);
    assert_eq!(shop.decided("m1").await, "milk");
}

#[tokio::test]
async fn a_part_that_takes_the_id_over_does_not_take_the_decisions() {
    let shop = Shop::new().await;
    shop.apply("r1", &[split("milk", &["milk", "oat"])]).await;
    assert_eq!(shop.decided("m1").await, "milk (until version 1)");
    let gone = shop.scene.store.gone_categories("own").await.unwrap();
    assert_eq!(gone[&id("milk (until version 1)")].gone.into, [id("milk"), id("oat")]);
    shop.decide("m2", "milk", 2).await;
    assert_eq!(shop.decided("m2").await, "milk");
    shop.revert("r1").await;
    assert_eq!((shop.decided("m1").await, shop.stands("m1").await), ("milk".into(), "milk".into()));
    // So it is where the id is given again much later.
    shop.apply("r2", &[delete("coffee", Confirmed::Review)]).await;
    shop.apply("r3", &[Change::Add(category("coffee", Some("food")))]).await;
    assert_eq!(shop.decided("c1").await, "coffee (until version 4)");
}

#[tokio::test]
async fn what_follows_into_another_category_can_be_told_apart_again() {
    let shop = Shop::new().await;
    shop.apply("r0", &[rename("milk", "dairy")]).await;
    shop.apply("r1", &[merge("dairy", "coffee", Confirmed::Follow)]).await;
    assert_eq!((shop.decided("m1").await, shop.decided("c1").await), ("coffee".into(), "coffee".into()));
    assert_eq!((shop.stands("m1").await, shop.stands("m2").await), ("coffee".into(), "coffee".into()));
    assert_eq!(shop.undescribed().await, ["m1", "m2"], "their texts are of another category");
    shop.decide("t1", "coffee", 3).await;
    // Judged anew since, it is not restored as it was, and stands where it was confirmed all the same.
    shop.scene.deliver(DeliveryKind::Delta, &[("m1", "Milk, semi-skimmed")]).await;
    shop.scene.compose_texts().await;
    shop.judge("classifier-2", &[("m1", "coffee")]).await;
    shop.revert("r1").await;
    assert_eq!(shop.stands("m1").await, "dairy");
    assert_eq!((shop.decided("m1").await, shop.decided("c1").await), ("dairy".into(), "coffee".into()));
    assert_eq!(shop.decided("t1").await, "coffee");
    assert_eq!((shop.stands("m2").await, shop.stands("c1").await), ("dairy".into(), "coffee".into()));
    assert_eq!(shop.undescribed().await, ["m1"]);
    assert_eq!(shop.stands("m1").await, "dairy");
}

#[tokio::test]
async fn a_merge_for_review_returns_decided_products_too() {
    let shop = Shop::new().await;
    shop.apply("r1", &[merge("milk", "coffee", Confirmed::Review)]).await;
    assert_eq!((shop.stands("m1").await, shop.stands("m2").await), (String::new(), String::new()));
    assert_eq!(shop.decided("m1").await, "milk", "which is gone");
}

#[tokio::test]
async fn a_category_with_confirmed_products_goes_only_where_that_is_said() {
    let shop = Shop::new().await;
    let refused =
        shop.try_apply("r1", &[delete("tea", Confirmed::Refuse), delete("milk", Confirmed::Refuse)]).await;
    let said = refused.unwrap_err().to_string();
    assert!(
        said.contains("change 2") && said.contains("milk") && said.contains("confirmed 1 products"),
        "{said}"
    );
    assert_eq!((shop.taxonomy().await.version, shop.stands("t1").await), (1, "tea".into()));
    assert!(shop.anew().await.is_empty());
    // What is not delivered yet is confirmed, too.
    shop.decide("t9", "tea", 1).await;
    let refused = shop.try_apply("r2", &[delete("tea", Confirmed::Refuse)]).await;
    assert!(matches!(refused, Err(StoreError::Confirmed { products: 1, .. })), "{refused:?}");
    shop.decide("t9", "coffee", 1).await;
    shop.apply("r3", &[delete("tea", Confirmed::Refuse), delete("milk", Confirmed::Review)]).await;
    assert_eq!(shop.anew().await, owned(&[("m1", true, 0), ("m2", true, 0), ("t1", true, 0)]));
}

#[tokio::test]
async fn a_new_name_makes_texts_stale_that_name_it_and_the_way_back_restores_them() {
    let shop = Shop::new().await;
    shop.apply("r1", &[call("milk", "Milk drinks")]).await;
    assert_eq!(shop.anew().await, owned(&[("m1", false, 0), ("m2", false, 0)]));
    assert_eq!(shop.undescribed().await, ["m1", "m2"]);
    shop.scene.describe("en").await;
    assert_eq!(shop.revert("r1").await, 2);
    assert!(shop.undescribed().await.is_empty());
    shop.apply("r2", &[call("food", "Groceries")]).await;
    assert!(shop.undescribed().await.is_empty());
    assert_eq!(shop.anew().await.len(), 4);
}

#[tokio::test]
async fn what_was_drawn_for_audit_follows() {
    let shop = Shop::new().await;
    shop.scene.deliver(DeliveryKind::Delta, &[("m3", "Cream")]).await;
    shop.scene.compose_texts().await;
    let stale = shop
        .scene
        .store
        .stale_categorisations("classifier-1", "model", &["milk", "tea", "coffee"], None, 9)
        .await
        .unwrap();
    let audit = AuditDraw { taxonomy: "own".to_owned(), category: "milk".to_owned(), threshold: 0.5 };
    let review = Categorisation {
        verdict: "review".to_owned(),
        category: None,
        audit: Some(audit),
        ..shop.categorisation("t1").await
    };
    let batch: Vec<_> = stale.into_iter().map(|stale| (stale, review.clone())).collect();
    shop.scene.store.put_categorisations("run", &batch).await.unwrap();
    shop.decide("m3", "milk", 1).await;
    let audited = async || {
        let audits = shop.scene.store.decided_audits("own").await.unwrap();
        audits
            .iter()
            .map(|audit| format!("{} {}", audit.category, audit.decided.as_ref().unwrap()))
            .collect::<Vec<_>>()
    };
    assert_eq!(audited().await, ["milk milk"]);
    shop.apply("r1", &[merge("tea", "milk", Confirmed::Follow)]).await;
    shop.apply("r2", &[rename("milk", "dairy"), rename("coffee", "tea")]).await;
    assert_eq!(audited().await, ["dairy dairy"]);
    shop.revert("r2").await;
    assert_eq!(audited().await, ["milk milk"]);
    assert_eq!((shop.stands("t1").await, shop.stands("c1").await), ("milk".into(), "coffee".into()));
}

#[tokio::test]
async fn a_taxonomy_that_moved_on_is_neither_changed_nor_changed_back() {
    let shop = Shop::new().await;
    let made = changed(&shop.taxonomy().await, &[rename("milk", "dairy")]).unwrap();
    shop.apply("r1", &[rename("tea", "chai")]).await;
    let recipes = serde_json::json!({});
    let new = NewApplication { plan: "r2", digest: "d", taxonomy: "own", moves: 0 };
    shop.scene.store.begin_application(Shop::run("r2", &recipes), new, NOW).await.unwrap();
    let refused = shop.scene.store.apply_taxonomy("r2", &made, NOW).await;
    assert!(matches!(refused, Err(StoreError::TaxonomyMoved { found: 2, expected: 1, .. })), "{refused:?}");
    let refused = shop.scene.store.import_taxonomy(&food(&["milk"]), NOW).await;
    assert!(matches!(refused, Err(StoreError::UnderWay { .. })), "{refused:?}");
    // A run that changed no taxonomy has none to change back.
    assert_eq!(shop.revert("r2").await, 0);
    assert_eq!(shop.taxonomy().await.version, 2);
    shop.scene.store.import_taxonomy(&food(&["milk"]), NOW).await.unwrap();
    let back = NewRevert { run: Shop::run("back", &recipes), application: "r1" };
    let refused = shop.scene.store.begin_revert(back, NOW).await;
    assert!(matches!(refused, Err(StoreError::TaxonomyMoved { found: 3, expected: 2, .. })), "{refused:?}");
    assert_eq!(shop.scene.store.taxonomy_changed_since("r1").await.unwrap(), Some((2, 3)));
    let state = shop.scene.store.application("r1").await.unwrap().unwrap().state;
    assert_eq!((state, shop.taxonomy().await.version), (ApplicationState::Applied, 3));
}

#[tokio::test]
async fn changes_are_taken_back_one_after_the_other_the_last_first() {
    let shop = Shop::new().await;
    shop.apply("r1", &[rename("milk", "dairy")]).await;
    shop.apply("r2", &[rename("dairy", "drinks"), delete("tea", Confirmed::Review)]).await;
    shop.decide("m2", "drinks", 3).await;
    assert_eq!(shop.scene.store.taxonomy_changed_since("r1").await.unwrap(), Some((2, 3)));
    shop.revert("r2").await;
    assert_eq!((shop.decided("m1").await, shop.stands("t1").await), ("dairy".into(), "tea".into()));
    assert_eq!(shop.scene.store.taxonomy_changed_since("r1").await.unwrap(), None);
    shop.revert("r1").await;
    let taxonomy = shop.taxonomy().await;
    assert_eq!((taxonomy.version, taxonomy.digest()), (5, food(&["milk", "tea", "coffee"]).digest()));
    assert_eq!((shop.decided("m1").await, shop.decided("m2").await), ("milk".into(), "milk".into()));
    assert_eq!((shop.stands("m1").await, shop.stands("m2").await), ("milk".into(), "milk".into()));
}

#[tokio::test]
async fn a_file_from_before_a_rename_calls_the_category_as_before() {
    let shop = Shop::new().await;
    shop.apply("r1", &[rename("milk", "dairy")]).await;
    shop.apply("r2", &[rename("dairy", "mjolk")]).await;
    shop.decide("m2", "mjolk", 3).await;
    let imported = shop.scene.store.import_taxonomy(&food(&["milk", "tea", "coffee"]), NOW).await.unwrap();
    assert_eq!(imported, TaxonomyImport::NewVersion { version: 4, confirmed: 0 });
    assert_eq!((shop.decided("m1").await, shop.decided("m2").await), ("milk".into(), "milk".into()));
    assert_eq!((shop.stands("m1").await, shop.stands("m2").await), ("milk".into(), "milk".into()));
    assert!(shop.undescribed().await.is_empty());
    shop.decide("t1", "milk", 4).await;
    assert_eq!(shop.decided("t1").await, "milk");

    // What was merged cannot be told apart: products return to review, and what was said under an id that is back holds again.
    shop.apply("r3", &[merge("milk", "coffee", Confirmed::Follow)]).await;
    shop.apply("r4", &[rename("coffee", "drinks")]).await;
    assert_eq!((shop.decided("m1").await, shop.decided("c1").await), ("drinks".into(), "drinks".into()));
    shop.decide("t1", "drinks", 6).await;
    let imported = shop.scene.store.import_taxonomy(&food(&["milk", "tea", "coffee"]), NOW).await.unwrap();
    // Of t1 it was said under an id that is gone, and so of m2, as mjolk.
    assert_eq!(imported, TaxonomyImport::NewVersion { version: 7, confirmed: 2 });
    assert_eq!((shop.decided("m1").await, shop.decided("c1").await), ("milk".into(), "coffee".into()));
    assert_eq!((shop.decided("t1").await, shop.stands("m1").await), ("drinks".into(), String::new()));
}

#[tokio::test]
async fn what_is_published_of_a_category_is_told_anew_whatever_became_of_the_product() {
    let shop = Shop::new().await;
    for (sku, title) in [("m2", "Oat milk"), ("t1", "Teas"), ("c1", "Beans")] {
        shop.doubt(sku, title).await;
    }
    shop.scene.publish_nothing().await;
    for beans in ["Beans 1", "Beans 2", "Beans 3"] {
        shop.scene.deliver(DeliveryKind::Full, &[("m1", "Milk"), ("m2", "Oat milk"), ("c1", beans)]).await;
    }
    let t1 = shop.scene.store.product(&shop.scene.key("t1")).await.unwrap().unwrap();
    assert_eq!(t1.product.state, ProductState::Retired);
    shop.scene.publish_nothing().await;
    assert!(shop.anew().await.is_empty());

    // In review, retired: neither stands in a category any more.
    let standings = shop.scene.store.category_standings("own").await.unwrap();
    assert_eq!([&standings[&id("milk")], &standings[&id("tea")]].map(|standing| standing.published), [2, 1]);
    shop.apply("r1", &[delete("milk", Confirmed::Review), rename("tea", "chai"), call("coffee", "Kaffe")])
        .await;
    let anew = shop.anew().await.into_iter().map(|(sku, withdrawn, _)| (sku, withdrawn));
    let expected = [("m1", true), ("m2", true), ("t1", true), ("c1", false)];
    assert_eq!(anew.collect::<Vec<_>>(), expected.map(|(sku, withdrawn)| (sku.to_owned(), withdrawn)));
}

#[tokio::test]
async fn a_whole_taxonomy_taken_over_withdraws_what_it_leaves_out() {
    let shop = Shop::new().await;
    let mut categories = food(&["milk", "coffee"]).categories().to_vec();
    categories.push(category("coffee.beans", Some("coffee")));
    let after = Taxonomy::new("own", 1, categories).unwrap();
    shop.scene.store.import_taxonomy(&after, NOW).await.unwrap();
    assert_eq!(shop.anew().await, owned(&[("t1", true, 0), ("c1", true, 0)]));
    assert_eq!(
        shop.categorisation("c1").await.reasons,
        ["category coffee has categories below it now: coffee.beans"]
    );
    // Known by their ids alone, categories are what they were once they are there again.
    shop.scene.store.import_taxonomy(&food(&["milk", "tea", "coffee"]), NOW).await.unwrap();
    assert_eq!(shop.decided("c1").await, "coffee");
    assert_eq!(shop.judge("classifier-2", &[("t1", "tea"), ("c1", "coffee")]).await, ["t1", "c1"]);
}

#[tokio::test]
async fn what_stands_in_categories_is_counted() {
    let shop = Shop::new().await;
    let standings = shop.scene.store.category_standings("own").await.unwrap();
    let milk = &standings[&id("milk")];
    assert_eq!(
        (milk.accepted, milk.confirmed, milk.decided, milk.published, milk.descriptions),
        (2, 1, 1, 2, 2)
    );
    // A decision that no run has followed yet, and one on what was not delivered yet.
    shop.decide("t1", "milk", 1).await;
    shop.decide("m9", "milk", 1).await;
    let locked = shop.scene.store.product(&shop.scene.key("m2")).await.unwrap().unwrap().id;
    shop.scene.store.lock(locked, true, "buyer", None, NOW).await.unwrap();
    let standings = shop.scene.store.category_standings("own").await.unwrap();
    let milk = &standings[&id("milk")];
    assert_eq!((milk.accepted, milk.confirmed, milk.decided, milk.descriptions), (2, 1, 3, 1));
    assert_eq!((standings[&id("tea")].accepted, standings[&id("tea")].confirmed), (1, 0));
    shop.apply("r1", &[rename("milk", "dairy")]).await;
    shop.tell().await;
    let standings = shop.scene.store.category_standings("own").await.unwrap();
    assert_eq!((standings.get(&id("milk")), standings[&id("dairy")].confirmed), (None, 1));
    // A product that is retired is not accepted; what people said of it stays.
    for oat in ["Oat 1", "Oat 2", "Oat 3"] {
        shop.scene.deliver(DeliveryKind::Full, &[("m2", oat), ("t1", "Tea"), ("c1", "Coffee")]).await;
    }
    let dairy = &shop.scene.store.category_standings("own").await.unwrap()[&id("dairy")];
    assert_eq!((dairy.accepted, dairy.confirmed, dairy.decided), (1, 0, 3));
}
