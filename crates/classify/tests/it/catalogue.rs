//! A made-up catalogue: categories with a true middle and a description that is somewhere near it, products around the
//! middles, and decisions on them.

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

use berika_catalog::{Category, CategoryId, Language, Taxonomy};
use berika_classify::{
    BuildError, BuildInput, Classifier, Evidence, Parameters, ProductMeans, Query, Ranking, Targets, Trained,
    WordFrequencies,
};

/// Numbers in a vector.
pub(crate) const DIMENSIONS: usize = 16;

/// Random numbers by SplitMix64.
pub(crate) struct Random(pub(crate) u64);

impl Random {
    pub(crate) fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut x = self.0;
        x = (x ^ (x >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        x = (x ^ (x >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        x ^ (x >> 31)
    }

    pub(crate) fn below(&mut self, bound: usize) -> usize {
        (self.next() % bound as u64) as usize
    }

    /// About normal, with a deviation of one.
    pub(crate) fn normal(&mut self) -> f32 {
        (0..12).map(|_| (self.next() >> 40) as f32 / (1_u64 << 24) as f32).sum::<f32>() - 6.0
    }

    pub(crate) fn vector(&mut self) -> Vec<f32> {
        (0..DIMENSIONS).map(|_| self.normal()).collect()
    }
}

/// `vector` moved by random `noise` in each dimension.
pub(crate) fn near(vector: &[f32], noise: f32, random: &mut Random) -> Vec<f32> {
    vector.iter().map(|x| x + noise * random.normal()).collect()
}

pub(crate) fn id(text: &str) -> CategoryId {
    CategoryId(text.to_owned())
}

/// A product with what a person decided on it.
#[derive(Debug, Clone, Default)]
pub(crate) struct Decided {
    pub(crate) key: String,
    /// The category's id; `None` for none of ours.
    pub(crate) category: Option<CategoryId>,
    pub(crate) vector: Option<Vec<f32>>,
    pub(crate) text: String,
    pub(crate) path: Vec<String>,
    pub(crate) group: u64,
    pub(crate) at: i64,
}

impl Decided {
    pub(crate) fn query(&self) -> Query<'_> {
        Query {
            vector: self.vector.as_deref(),
            text: &self.text,
            language: None,
            supplier: Some("nord"),
            supplier_category: &self.path,
        }
    }

    fn evidence(&self) -> Evidence<'_> {
        Evidence {
            key: &self.key,
            category: self.category.as_ref(),
            vector: self.vector.as_deref(),
            text: &self.text,
            language: None,
            supplier: Some("nord"),
            supplier_category: &self.path,
            group: self.group,
            at: self.at,
        }
    }
}

/// Categories with their vectors.
pub(crate) struct Catalogue {
    pub(crate) targets: Targets,
    pub(crate) vectors: HashMap<String, Vec<f32>>,
    /// The true middle of each leaf's products, by place among the leaves.
    pub(crate) middles: Vec<Vec<f32>>,
}

pub(crate) fn category(id: &str, parent: Option<&str>, name: &str) -> Category {
    Category {
        id: CategoryId(id.to_owned()),
        parent: parent.map(|parent| CategoryId(parent.to_owned())),
        names: [(Language::parse("en").unwrap(), name.to_owned())].into(),
        descriptions: BTreeMap::new(),
        excludes: BTreeMap::new(),
        synonyms: BTreeMap::new(),
        external_ids: BTreeMap::new(),
    }
}

impl Catalogue {
    /// `count` categories `c0`, `c1` … whose descriptions miss their middles by `miss` in each dimension.
    pub(crate) fn new(count: usize, miss: f32, random: &mut Random) -> Self {
        let categories = (0..count).map(|at| category(&format!("c{at}"), None, &format!("kind{at}")));
        Self::of(categories.collect(), miss, random)
    }

    pub(crate) fn of(categories: Vec<Category>, miss: f32, random: &mut Random) -> Self {
        let targets = Targets::leaves(Arc::new(Taxonomy::new("own", 1, categories).unwrap()));
        let middles: Vec<Vec<f32>> = targets.categories().iter().map(|_| random.vector()).collect();
        // A leaf's texts begin with its name.
        let name = |at: usize| targets.taxonomy().categories()[at].names.values().next().unwrap().clone();
        let names: Vec<String> = targets.categories().iter().map(|&at| name(at)).collect();
        let described: Vec<Vec<f32>> = middles.iter().map(|middle| near(middle, miss, random)).collect();
        let vector = |text: &String| {
            let at = names.iter().position(|name| text.contains(name.as_str())).unwrap();
            described[at].clone()
        };
        let vectors = targets.texts().into_iter().map(|text| (text.clone(), vector(&text))).collect();
        Self { targets, vectors, middles }
    }

    /// `count` products at random, each `noise` from its middle and with its true category, in a group of its own.
    pub(crate) fn products(&self, count: usize, noise: f32, name: &str, random: &mut Random) -> Vec<Decided> {
        (0..count)
            .map(|at| {
                let slot = random.below(self.middles.len());
                Decided {
                    key: format!("{name}/{at:05}"),
                    category: Some(self.id(slot)),
                    vector: Some(near(&self.middles[slot], noise, random)),
                    group: random.next(),
                    ..Decided::default()
                }
            })
            .collect()
    }

    /// The id of a leaf by its place among them.
    pub(crate) fn id(&self, slot: usize) -> CategoryId {
        self.targets.taxonomy().categories()[self.targets.categories()[slot]].id.clone()
    }

    pub(crate) fn try_build(&self, decided: &[Decided]) -> Result<Classifier, BuildError> {
        self.with(decided, Classifier::build)
    }

    pub(crate) fn build(&self, decided: &[Decided]) -> Classifier {
        self.try_build(decided).unwrap()
    }

    pub(crate) fn build_with(&self, decided: &[Decided], trained: Trained) -> Classifier {
        self.with(decided, |input| Classifier::with_trained(input, trained)).unwrap()
    }

    fn with<T>(&self, decided: &[Decided], build: impl FnOnce(BuildInput<'_>) -> T) -> T {
        let evidence: Vec<Evidence<'_>> = decided.iter().map(Decided::evidence).collect();
        build(BuildInput {
            targets: self.targets.clone(),
            vectors: &self.vectors,
            means: &ProductMeans::new(),
            frequencies: &WordFrequencies::new(),
            evidence: &evidence,
            model_recipe: "test",
            parameters: Parameters::default(),
        })
    }
}

pub(crate) fn rank(classifier: &Classifier, products: &[Decided]) -> Vec<Ranking> {
    classifier.rank(&products.iter().map(Decided::query).collect::<Vec<_>>()).unwrap()
}

pub(crate) fn rank_one(classifier: &Classifier, product: &Decided) -> Ranking {
    rank(classifier, std::slice::from_ref(product)).remove(0)
}

/// The id of the first candidate.
pub(crate) fn first(ranking: &Ranking) -> Option<&CategoryId> {
    ranking.candidates.first().map(|candidate| &candidate.id)
}

/// The share of products whose first candidate is their category.
pub(crate) fn accuracy(classifier: &Classifier, products: &[Decided]) -> f64 {
    let rankings = rank(classifier, products);
    let right = rankings.iter().zip(products).filter(|(ranking, p)| first(ranking) == p.category.as_ref());
    right.count() as f64 / products.len() as f64
}
