//! Decisions that say too little: all of one category, or only that products belong nowhere.

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

use berika_catalog::{Category, CategoryId, Language, Taxonomy};
use berika_classify::review_order::{Decided, Waiting, review_order};
use berika_classify::{
    BuildInput, Classifier, Evidence, Parameters, ProductMeans, Query, Targets, WordFrequencies,
};

const KINDS: [(&str, [f32; 3]); 3] =
    [("Milk", [1.0, 0.0, 0.1]), ("Tea", [0.1, 1.0, 0.0]), ("Saws", [0.0, 0.1, 1.0])];

fn classifier(evidence: &[Evidence<'_>]) -> Classifier {
    let english = Language::parse("en").unwrap();
    let categories = KINDS.iter().map(|(name, _)| Category {
        id: CategoryId((*name).to_owned()),
        parent: None,
        names: [(english.clone(), (*name).to_owned())].into(),
        descriptions: BTreeMap::new(),
        synonyms: BTreeMap::new(),
        excludes: BTreeMap::new(),
        external_ids: BTreeMap::new(),
    });
    let taxonomy = Taxonomy::new("own", 1, categories.collect()).unwrap();
    let vectors: HashMap<String, Vec<f32>> =
        KINDS.iter().map(|(name, vector)| ((*name).to_owned(), vector.to_vec())).collect();
    Classifier::build(BuildInput {
        targets: Targets::leaves(Arc::new(taxonomy)),
        vectors: &vectors,
        means: &ProductMeans::new(),
        frequencies: &WordFrequencies::new(),
        evidence,
        model_recipe: "test",
        parameters: Parameters::default(),
    })
    .unwrap()
}

#[test]
fn a_hundred_labels_of_one_category_do_not_swallow_the_others() {
    let milk = CategoryId("Milk".to_owned());
    let keys: Vec<String> = (0..100).map(|n| format!("a/{n}")).collect();
    let products: Vec<[f32; 3]> = (0..100).map(|n| [1.0, 0.002 * n as f32, 0.1]).collect();
    let evidence: Vec<Evidence<'_>> = keys
        .iter()
        .zip(&products)
        .map(|(key, vector)| Evidence {
            key,
            category: Some(&milk),
            text: "",
            group: 1,
            at: 0,
            vector: Some(vector),
            language: None,
            supplier: None,
            supplier_category: &[],
        })
        .collect();
    let classifier = classifier(&evidence);
    for (name, vector) in &KINDS {
        let query = Query { vector: Some(vector), ..Query::default() };
        let ranking = classifier.rank(&[query]).unwrap().remove(0);
        assert_eq!(ranking.candidates[0].id.as_str(), *name);
        assert_eq!(ranking.candidates.len(), 3);
    }
}

#[test]
fn after_many_labels_of_one_category_the_others_are_asked_about() {
    let products: Vec<[f32; 3]> = (0..30).map(|n| KINDS[n % 3].1.map(|x| x + 0.01 * n as f32)).collect();
    let keys: Vec<String> = (0..30).map(|n| format!("a/{n:02}")).collect();
    let waiting: Vec<Waiting<'_>> = keys
        .iter()
        .zip(&products)
        .map(|(key, vector)| Waiting {
            key,
            text: "",
            vector: Some(vector),
            probabilities: [0.5, 0.4],
            weight: 1.0,
        })
        .collect();
    let decided = [Decided { text: "", vector: Some(&KINDS[0].1) }; 100];
    let first = review_order(&waiting, &decided, 2);
    assert!(first.iter().all(|turn| turn.row % 3 != 0), "{first:?}");
}
