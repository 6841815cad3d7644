use std::collections::{BTreeMap, HashMap};

use berika_catalog::Category;
use proptest::prelude::*;

use super::*;
use crate::{Query, Ranking};

fn language(tag: &str) -> Language {
    Language::parse(tag).unwrap()
}

fn id(text: &str) -> CategoryId {
    CategoryId(text.to_owned())
}

/// Roots with these names, in English.
fn taxonomy(names: &[&str]) -> Arc<Taxonomy> {
    let categories = names
        .iter()
        .enumerate()
        .map(|(at, name)| Category {
            id: id(&format!("c{at}")),
            parent: None,
            names: [(language("en"), (*name).to_owned())].into(),
            descriptions: BTreeMap::new(),
            excludes: BTreeMap::new(),
            synonyms: BTreeMap::new(),
            external_ids: BTreeMap::new(),
        })
        .collect();
    Arc::new(Taxonomy::new("own", 1, categories).unwrap())
}

/// A classifier over categories with these names and vectors.
struct Made {
    targets: Targets,
    vectors: HashMap<String, Vec<f32>>,
    means: ProductMeans,
    frequencies: WordFrequencies,
}

impl Made {
    fn new(categories: &[(&str, &[f32])]) -> Self {
        let names: Vec<&str> = categories.iter().map(|(name, _)| *name).collect();
        let vectors = categories.iter().map(|(name, v)| ((*name).to_owned(), v.to_vec())).collect();
        Self {
            targets: Targets::leaves(taxonomy(&names)),
            vectors,
            means: ProductMeans::new(),
            frequencies: WordFrequencies::new(),
        }
    }

    fn try_build(&self, evidence: &[Evidence<'_>]) -> Result<Classifier, BuildError> {
        Classifier::build(BuildInput {
            targets: self.targets.clone(),
            vectors: &self.vectors,
            means: &self.means,
            frequencies: &self.frequencies,
            evidence,
            model_recipe: "test",
            parameters: Parameters::default(),
        })
    }

    fn build(&self, evidence: &[Evidence<'_>]) -> Classifier {
        self.try_build(evidence).unwrap()
    }
}

fn confirmed<'a>(key: &'a str, category: &'a CategoryId, vector: &'a [f32]) -> Evidence<'a> {
    Evidence {
        key,
        category: Some(category),
        vector: Some(vector),
        text: "",
        language: None,
        supplier: None,
        supplier_category: &[],
        group: key.bytes().fold(0, |sum, byte| sum * 31 + u64::from(byte)),
        at: 0,
    }
}

fn rank_one(classifier: &Classifier, vector: &[f32]) -> Ranking {
    classifier.rank(&[Query { vector: Some(vector), ..Query::default() }]).unwrap().remove(0)
}

const CORNERS: [(&str, &[f32]); 3] =
    [("Milk", &[1.0, 0.0, 0.0]), ("Tea", &[0.0, 1.0, 0.0]), ("Saws", &[0.0, 0.0, 1.0])];

#[test]
fn without_decisions_the_nearest_description_wins() {
    let classifier = Made::new(&CORNERS).build(&[]);
    let ranking = rank_one(&classifier, &[0.2, 0.9, 0.1]);
    assert_eq!(ranking.candidates[0].id, id("c1"));
    assert_eq!(ranking.candidates.len(), 3);
    assert_eq!(ranking.candidates[0].parts.confirmed, 0);
    assert_eq!(ranking.candidates[0].parts.description, ranking.candidates[0].parts.blended);
}

#[test]
fn decisions_draw_their_category_towards_their_products() {
    let made = Made::new(&CORNERS);
    let (milk, between) = (id("c0"), [0.1_f32, 0.9, 0.3]);
    let before = rank_one(&made.build(&[]), &between);
    assert_eq!(before.candidates[0].id, id("c1"));
    let mut last = before.candidates.iter().find(|c| c.id == milk).unwrap().probability;
    for count in [1, 2, 5, 20, 40] {
        let keys: Vec<String> = (0..count).map(|at| format!("p{at}")).collect();
        let evidence: Vec<_> = keys.iter().map(|key| confirmed(key, &milk, &between)).collect();
        let classifier = made.build(&evidence);
        let ranking = rank_one(&classifier, &between);
        let candidate = ranking.candidates.iter().find(|c| c.id == milk).unwrap();
        let now = candidate.probability;
        assert!(now > last, "{count} decisions: {now} after {last}");
        assert_eq!(candidate.parts.confirmed as usize, count);
        assert!(candidate.parts.blended > candidate.parts.description);
        assert!(candidate.parts.learnt > 0.0);
        assert_eq!(classifier.taught().learnt, count);
        last = now;
    }
    assert!(last > 0.95, "forty alike decisions should all but settle it, got {last}");
}

#[test]
fn the_description_outweighs_a_single_odd_decision() {
    let made = Made::new(&CORNERS);
    let (milk, saw) = (id("c0"), [0.0, 0.05, 1.0]);
    let classifier = made.build(&[confirmed("odd", &milk, &saw)]);
    assert_eq!(rank_one(&classifier, &[1.0, 0.1, 0.0]).candidates[0].id, milk);
    assert_eq!(rank_one(&classifier, &saw).candidates[0].id, id("c2"));
}

#[test]
fn contradictory_decisions_pull_both_categories_and_neither_breaks() {
    let made = Made::new(&CORNERS);
    let (milk, tea, between) = (id("c0"), id("c1"), [0.5_f32, 0.5, 0.1]);
    let classifier = made.build(&[confirmed("a", &milk, &between), confirmed("a", &tea, &between)]);
    let ranking = rank_one(&classifier, &between);
    let score = |wanted: &CategoryId| ranking.candidates.iter().find(|c| c.id == *wanted).unwrap().score;
    assert!((score(&milk) - score(&tea)).abs() < 1e-5);
    assert!(score(&milk) > score(&id("c2")) + 0.5);
}

#[test]
fn the_suppliers_category_tips_a_close_call_and_never_a_clear_one() {
    let made = Made::new(&CORNERS);
    let (tea, path) = (id("c1"), vec!["Drinks".to_owned()]);
    let keys: Vec<String> = (0..50).map(|at| format!("p{at}")).collect();
    let evidence: Vec<_> = keys
        .iter()
        .map(|key| Evidence {
            key,
            category: Some(&tea),
            vector: None,
            text: "",
            group: 1,
            at: 0,
            language: None,
            supplier: Some("nord"),
            supplier_category: &path,
        })
        .collect();
    let classifier = made.build(&evidence);
    assert_eq!((classifier.taught().votes, classifier.taught().without_vector), (50, 50));
    let rank = |vector: &[f32], supplier| {
        let query = Query { vector: Some(vector), supplier, supplier_category: &path, ..Query::default() };
        classifier.rank(&[query]).unwrap().remove(0).candidates.remove(0)
    };
    assert_eq!(rank(&[0.72, 0.7, 0.0], Some("syd")).id, id("c0"));
    let tipped = rank(&[0.72, 0.7, 0.0], Some("nord"));
    assert_eq!(tipped.id, tea);
    assert!(tipped.parts.supplier_vote > 0.0);
    let stranger = rank(&[0.7, 0.72, 0.0], Some("syd"));
    assert_eq!((stranger.id, stranger.parts.supplier_vote), (id("c1"), 0.0));
    assert!(tipped.score > stranger.score, "what the vote says stands in the score");
    assert_eq!(rank(&[1.0, 0.0, 0.0], Some("nord")).id, id("c0"));
}

#[test]
fn one_category_is_scored_by_its_plain_cosine_and_is_not_sure_for_want_of_others() {
    let classifier = Made::new(&[("Milk", &[0.6, 0.8])]).build(&[]);
    let ranked = |vector: &[f32]| rank_one(&classifier, vector);
    let (near, far) = (ranked(&[0.6, 0.8]), ranked(&[0.8, -0.6]));
    assert!((near.candidates[0].parts.description - 1.0).abs() < 1e-6);
    assert!(far.candidates[0].parts.description.abs() < 1e-6);
    assert!(near.candidates[0].score > far.candidates[0].score);
    for ranking in [near, far] {
        assert!(ranking.confidence < 0.5, "{ranking:?}");
        assert_eq!((ranking.candidates.len(), ranking.parent, ranking.outside), (1, None, None));
    }
}

#[test]
fn categories_with_the_same_text_tie_until_a_decision_sets_them_apart() {
    let mut made = Made::new(&[("Milk", &[1.0, 0.0]), ("Milk", &[1.0, 0.0])]);
    made.means.add(None, &[0.9, 0.1]);
    let ranking = rank_one(&made.build(&[]), &[0.9, 0.3]);
    assert_eq!(ranking.candidates.len(), 2);
    assert_eq!(ranking.candidates[0].score, ranking.candidates[1].score);
    assert_eq!(ranking.candidates[0].id, id("c0"), "ties stand in order of the taxonomy");
    let second = id("c1");
    let taught = made.build(&[confirmed("p", &second, &[0.9, 0.3])]);
    assert_eq!(rank_one(&taught, &[0.9, 0.3]).candidates[0].id, second);
}

#[test]
fn zero_and_broken_vectors_have_no_ranking_and_hurt_no_neighbour() {
    let mut made = Made::new(&CORNERS);
    made.vectors.insert("Saws".to_owned(), vec![f32::NAN, 0.0, 1.0]);
    let tea = id("c1");
    let broken = [f32::INFINITY, 0.0, 0.0];
    let classifier = made.build(&[confirmed("p", &tea, &broken)]);
    assert_eq!(classifier.taught().without_vector, 1);
    let vectors = [vec![0.0; 3], vec![f32::NAN, 1.0, 0.0], vec![0.9, 0.1, 0.0]];
    let queries: Vec<_> = vectors.iter().map(|v| Query { vector: Some(v), ..Query::default() }).collect();
    let rankings = classifier.rank(&queries).unwrap();
    assert!(rankings[0].candidates.is_empty() && rankings[1].candidates.is_empty());
    let offered: Vec<_> = rankings[2].candidates.iter().map(|c| c.id.as_str()).collect();
    assert_eq!(offered[0], "c0");
    assert!(rankings[2].candidates.iter().all(|c| c.score.is_finite() && c.probability.is_finite()));
    assert!(classifier.rank(&[Query::default()]).unwrap()[0].candidates.is_empty());
}

#[test]
fn a_category_without_a_vector_is_found_by_its_words_and_one_without_words_either_is_never_offered() {
    let mut made = Made::new(&[CORNERS[0], CORNERS[1], ("Circular saws", &[0.0; 3]), ("...", &[0.0; 3])]);
    made.vectors.insert("Circular saws".to_owned(), vec![f32::NAN, 0.0, 1.0]);
    let saws = id("c2");
    let offered = |classifier: &Classifier, text: &str| {
        let query = Query { vector: Some(&[0.5, 0.5, 0.7]), text, ..Query::default() };
        let ranking = classifier.rank(&[query]).unwrap().remove(0);
        ranking.candidates.into_iter().map(|c| c.id.as_str().to_owned()).collect::<Vec<_>>()
    };
    let untaught = made.build(&[]);
    assert_eq!(offered(&untaught, "Circular saw 1400 W")[0], "c2");
    assert_eq!(offered(&untaught, "Tea")[0], "c1");
    // Nor may it be offered once others are learnt; only a decision on it gives it something to be known by.
    let taught = made.build(&[confirmed("p", &saws, &[0.0, 0.1, 1.0])]);
    for (classifier, text) in [(&untaught, "Circular saw 1400 W"), (&untaught, "..."), (&taught, "...")] {
        assert!(!offered(classifier, text).contains(&"c3".to_owned()), "{text}");
    }
    let silent = id("c3");
    let known = made.build(&[confirmed("p", &silent, &[0.0, 0.1, 1.0])]);
    assert!(offered(&known, "...").contains(&"c3".to_owned()));
}

#[test]
fn decisions_for_categories_that_are_gone_are_counted_and_left_out() {
    let made = Made::new(&CORNERS);
    let gone = id("gone");
    let classifier =
        made.build(&[confirmed("a", &gone, &[1.0, 0.0, 0.0]), confirmed("b", &gone, &[1.0, 0.0, 0.0])]);
    assert_eq!(classifier.taught().unknown, [(gone, 2)]);
    assert_eq!(classifier.taught().learnt, 0);
}

#[test]
fn faults_say_what_to_do() {
    let mut made = Made::new(&CORNERS);
    let tea = id("c1");
    let refused = made.try_build(&[confirmed("nord/7", &tea, &[1.0])]).unwrap_err().to_string();
    assert!(refused.contains("nord/7") && refused.contains("1 numbers instead of 3"), "{refused}");
    made.means.add(None, &[1.0, 0.0]);
    assert!(matches!(made.try_build(&[]).unwrap_err(), BuildError::MeansOfAnotherModel { found: 2, .. }));
    made.means = ProductMeans::new();
    made.vectors.remove("Tea");
    assert!(made.try_build(&[]).unwrap_err().to_string().contains("\"Tea\" has no vector"));
    let wrong = Made::new(&CORNERS).build(&[]).rank(&[Query { vector: Some(&[1.0]), ..Query::default() }]);
    assert!(wrong.unwrap_err().to_string().contains("product 0"));
    let none = Targets::at(taxonomy(&["Milk"]), []);
    let made = Made {
        targets: none,
        vectors: HashMap::new(),
        means: ProductMeans::new(),
        frequencies: WordFrequencies::new(),
    };
    assert!(matches!(made.try_build(&[]).unwrap_err(), BuildError::NoTargets { .. }));
}

#[test]
fn products_meet_the_categories_in_their_own_language() {
    let names =
        |sv: &str, en: &str| [(language("sv"), sv.to_owned()), (language("en"), en.to_owned())].into();
    let category = |at: usize, names| Category {
        id: id(&format!("c{at}")),
        parent: None,
        names,
        descriptions: BTreeMap::new(),
        excludes: BTreeMap::new(),
        synonyms: BTreeMap::new(),
        external_ids: BTreeMap::new(),
    };
    let categories = vec![category(0, names("Mjölk", "Milk")), category(1, names("Te", "Tea"))];
    let targets = Targets::leaves(Arc::new(Taxonomy::new("own", 1, categories).unwrap()));
    // The Swedish words stand elsewhere than the English ones, as with a model that is weak in Swedish.
    let vectors: HashMap<String, Vec<f32>> = [
        ("Milk", vec![1.0, 0.0, 0.0, 0.0]),
        ("Tea", vec![0.0, 1.0, 0.0, 0.0]),
        ("Mjölk", vec![0.0, 0.0, 1.0, 0.0]),
        ("Te", vec![0.0, 0.0, 0.0, 1.0]),
    ]
    .into_iter()
    .map(|(text, vector)| (text.to_owned(), vector))
    .collect();
    let made = Made { targets, vectors, means: ProductMeans::new(), frequencies: WordFrequencies::new() };
    let classifier = made.build(&[]);
    let score = |tag: &str, vector: &[f32]| {
        let language = language(tag);
        let query = Query { vector: Some(vector), language: Some(&language), ..Query::default() };
        let ranking = classifier.rank(&[query]).unwrap().remove(0);
        (ranking.candidates[0].id.as_str().to_owned(), ranking.candidates[0].score)
    };
    let swedish_tea = [0.1, 0.0, 0.0, 1.0];
    assert_eq!(score("sv", &swedish_tea).0, "c1");
    assert!(score("sv", &swedish_tea).1 > score("en", &swedish_tea).1);
    assert_eq!(score("da", &swedish_tea).0, "c1", "other languages meet the mean over the languages");
    let only_english = Made { targets: made.targets.clone().in_languages(&[language("en")]), ..made };
    assert_eq!(only_english.targets.texts(), ["Milk", "Tea"]);
    assert!(only_english.try_build(&[]).is_ok());
}

#[test]
fn the_recipe_changes_with_what_changes_the_ranking_and_with_nothing_else() {
    let mut made = Made::new(&CORNERS);
    let (milk, tea, vector) = (id("c0"), id("c1"), [0.5_f32, 0.5, 0.0]);
    let one = [confirmed("a", &milk, &vector), confirmed("b", &tea, &vector)];
    let other_way = [one[1], one[0]];
    let recipe = made.build(&one).recipe().to_owned();
    assert_eq!(recipe, made.build(&other_way).recipe());
    assert!(recipe.contains("decisions=2:"), "{recipe}");
    assert_ne!(recipe, made.build(&one[..1]).recipe());
    assert_ne!(recipe, made.build(&[confirmed("a", &tea, &vector), one[1]]).recipe());
    assert_ne!(recipe, made.build(&[Evidence { at: 1, ..one[0] }, one[1]]).recipe());
    made.means.add(None, &vector);
    assert_ne!(recipe, made.build(&one).recipe());
}

fn unit_vectors(count: std::ops::Range<usize>) -> impl Strategy<Value = Vec<Vec<f32>>> {
    prop::collection::vec(prop::collection::vec(-1.0_f32..1.0, 6), count)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 40, ..ProptestConfig::default() })]

    /// Alone, in a batch, in another order, on one thread or several: the same bit for bit.
    #[test]
    fn a_ranking_depends_on_its_product_alone(
        categories in unit_vectors(1..40),
        products in unit_vectors(1..150),
        decided in prop::collection::vec((0_usize..40, 0_usize..150), 0..20),
        shift in 0_usize..150,
    ) {
        let names: Vec<String> = (0..categories.len()).map(|at| format!("name {at}")).collect();
        let pairs: Vec<(&str, &[f32])> =
            names.iter().zip(&categories).map(|(name, v)| (name.as_str(), v.as_slice())).collect();
        let mut made = Made::new(&pairs);
        let english = language("en");
        for product in &products {
            made.means.add(Some(&english), product);
        }
        let ids: Vec<CategoryId> = (0..40).map(|at| id(&format!("c{at}"))).collect();
        let keys: Vec<String> = (0..decided.len()).map(|at| format!("p{}", at % 7)).collect();
        let evidence: Vec<_> = decided
            .iter()
            .zip(&keys)
            .map(|(&(category, product), key)| confirmed(key, &ids[category], &products[product % products.len()]))
            .collect();
        let queries: Vec<_> = products
            .iter()
            .enumerate()
            .map(|(at, v)| Query { vector: Some(v), language: (at % 3 > 0).then_some(&english), ..Query::default() })
            .collect();
        let together = made.build(&evidence).rank(&queries).unwrap();

        let mut turned: Vec<_> = evidence.clone();
        turned.reverse();
        let classifier = made.build(&turned);
        for (query, expected) in queries.iter().zip(&together) {
            prop_assert_eq!(&classifier.rank(std::slice::from_ref(query)).unwrap()[0], expected);
        }
        let mut rotated = queries.clone();
        rotated.rotate_left(shift % queries.len());
        let mut expected = together.clone();
        expected.rotate_left(shift % queries.len());
        let single = rayon::ThreadPoolBuilder::new().num_threads(1).build().unwrap();
        prop_assert_eq!(single.install(|| classifier.rank(&rotated)).unwrap(), expected.clone());
        let several = rayon::ThreadPoolBuilder::new().num_threads(4).build().unwrap();
        prop_assert_eq!(several.install(|| classifier.rank(&rotated)).unwrap(), expected);

        for ranking in &together {
            prop_assert!(ranking.candidates.len() <= crate::CANDIDATES);
            prop_assert!((0.0..=1.0).contains(&ranking.confidence));
            prop_assert!(ranking.candidates.is_sorted_by(|a, b| a.score >= b.score));
            prop_assert!(ranking.candidates.is_sorted_by(|a, b| a.probability >= b.probability));
            let sum: f32 = ranking.candidates.iter().map(|c| c.probability).sum();
            prop_assert!(sum <= 1.0 + 1e-5, "{}", sum);
        }
    }
}
