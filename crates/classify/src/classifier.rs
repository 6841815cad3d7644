//! The classifier: built once from descriptions, means and confirmed decisions, then only read.

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

use berika_catalog::{CategoryId, Digest, Language, Taxonomy, text};

use crate::learnt::{Counted, Ground, Lesson};
use crate::lexical::{Sketch, WordFrequencies};
use crate::product::Product;
use crate::rank::Combined;
use crate::space::{Space, all_centred, all_words, average, centre, describe, words};
use crate::trained::Trained;
use crate::vector::{apart, centred, usable};
use crate::votes::Path;
use crate::{CrossFitted, Evidence, Parameters, ProductMeans, Query, Targets, Taught};

/// Raised when the same input would rank differently than before.
const METHOD: &str = "evidence-stack-3";

/// All that a classifier is built from.
#[derive(Debug)]
pub struct BuildInput<'a> {
    /// The categories to choose from.
    pub targets: Targets,
    /// The vector of each text of [`Targets::texts`], by text. They need not be unit vectors.
    pub vectors: &'a HashMap<String, Vec<f32>>,
    /// What products are centred by.
    pub means: &'a ProductMeans,
    /// How rare words are among the catalogue's texts.
    pub frequencies: &'a WordFrequencies,
    /// The confirmed decisions, in any order.
    pub evidence: &'a [Evidence<'a>],
    /// How the vectors were made: the model's recipe. Part of the classifier's recipe, not otherwise used.
    pub model_recipe: &'a str,
    /// The numbers of the method.
    pub parameters: Parameters,
}

/// Why no classifier could be built.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum BuildError {
    /// There is no category to choose.
    #[error("taxonomy {taxonomy} has no category that products may be put into; give it at least one")]
    NoTargets {
        /// The taxonomy's name.
        taxonomy: String,
    },
    /// A category's text has no vector.
    #[error("the category text {text:?} has no vector; embed every text of the targets first")]
    NoVector {
        /// The text.
        text: String,
    },
    /// A category's vector is of another length than the first.
    #[error(
        "the vector of category text {text:?} has {found} numbers instead of {expected}; embed all with one model"
    )]
    Dimensions {
        /// The text.
        text: String,
        /// Its vector's length.
        found: usize,
        /// The length of the others.
        expected: usize,
    },
    /// The product means are of another model.
    #[error(
        "the product means have {found} numbers and the category vectors {expected}; count the means anew"
    )]
    MeansOfAnotherModel {
        /// The means' length.
        found: usize,
        /// The category vectors' length.
        expected: usize,
    },
    /// A confirmed product's vector is of another model.
    #[error("the vector of confirmed product {key} has {found} numbers instead of {expected}; embed it anew")]
    EvidenceOfAnotherModel {
        /// The product.
        key: String,
        /// Its vector's length.
        found: usize,
        /// The category vectors' length.
        expected: usize,
    },
}

/// Ranks products by category. Not changed by use; share it freely.
#[derive(Debug)]
pub struct Classifier {
    pub(crate) targets: Targets,
    pub(crate) dimensions: usize,
    /// One per language of the targets; for products of other languages one more, unless there is only one.
    pub(crate) spaces: Vec<Space>,
    /// The space of each language, and of all others.
    space_of: BTreeMap<Language, usize>,
    other_space: usize,
    /// What is taken from products: of all languages together, then of each one seen.
    centres: Vec<Centre>,
    centre_of: BTreeMap<Language, usize>,
    frequencies: WordFrequencies,
    pub(crate) counted: Counted,
    pub(crate) trained: Trained,
    /// Per space.
    pub(crate) combined: Vec<Combined>,
    taught: Taught,
    recipe: String,
}

/// What is taken from the products of a language.
#[derive(Debug)]
struct Centre {
    at: Vec<f32>,
    /// The mean squared distance of products from it; `None` where there are too few to tell.
    spread: Option<f64>,
}

impl Classifier {
    /// Builds a classifier, training included: some seconds for 1,000 categories and 10,000 decisions.
    ///
    /// The result is the same for every order of the evidence and any number of threads.
    ///
    /// # Errors
    /// [`BuildError`]. Decisions for categories that are not among the targets are no error: [`Self::taught`] tells.
    pub fn build(input: BuildInput<'_>) -> Result<Self, BuildError> {
        Self::with(input, Trained::of)
    }

    /// Builds a classifier whose training is known: what [`Self::trained`] of one with the same recipe gave.
    ///
    /// # Errors
    /// [`BuildError`], as [`Self::build`].
    pub fn with_trained(input: BuildInput<'_>, trained: Trained) -> Result<Self, BuildError> {
        Self::with(input, |_, _| trained)
    }

    fn with(
        input: BuildInput<'_>,
        train: impl FnOnce(&Ground<'_>, &[&CategoryId]) -> Trained,
    ) -> Result<Self, BuildError> {
        let recipe = recipe(&input);
        let BuildInput { targets, vectors, means, frequencies, evidence, model_recipe: _, parameters } =
            input;
        if targets.categories().is_empty() {
            return Err(BuildError::NoTargets { taxonomy: targets.taxonomy().id.clone() });
        }
        let dimensions = dimensions_of(&targets, vectors)?;
        if let Some(found) = means.dimensions().filter(|&found| found != dimensions) {
            return Err(BuildError::MeansOfAnotherModel { found, expected: dimensions });
        }
        let languages = describe(&targets, vectors, dimensions)?;
        let mean_over_languages = average(&languages, dimensions);
        let nowhere = vec![0.0; dimensions];
        let middle = centre(&mean_over_languages, dimensions);
        // One category, or all with the same text: what they share is all they have, so nothing is taken away.
        let told_apart = all_centred(&mean_over_languages, &middle).iter().any(|category| usable(category));
        let product_centre = |language: Option<&Language>| {
            if !told_apart {
                return Centre { at: nowhere.clone(), spread: None };
            }
            let at = means.centre(language, &middle, parameters.centre_shrink);
            Centre { spread: means.spread(language, &at), at }
        };
        let space = |categories: &[Vec<f32>], sketches: Vec<Sketch>| {
            let centre = if told_apart { centre(categories, dimensions) } else { nowhere.clone() };
            Space::new(all_centred(categories, &centre), sketches)
        };
        let mut sketches = words(&targets, frequencies);
        let in_all = (languages.len() != 1).then(|| all_words(&sketches));
        let mut spaces: Vec<Space> =
            languages.iter().zip(sketches.drain(..)).map(|(l, sketches)| space(l, sketches)).collect();
        let described: Vec<usize> = (0..spaces.len()).collect();
        if let Some(in_all) = in_all {
            spaces.push(space(&mean_over_languages, in_all));
        }
        let mut classifier = Self {
            space_of: targets.languages().iter().cloned().zip(0..).collect(),
            other_space: spaces.len() - 1,
            centres: std::iter::once(None).chain(means.languages().map(Some)).map(product_centre).collect(),
            centre_of: means.languages().cloned().zip(1..).collect(),
            frequencies: frequencies.clone(),
            counted: Counted::none(),
            trained: Trained::untaught(),
            combined: Vec::new(),
            taught: Taught::default(),
            targets,
            dimensions,
            spaces,
            recipe,
        };
        let lessons = classifier.lessons(evidence)?;
        let categories = classifier.targets.categories().len();
        let ground = Ground {
            spaces: &classifier.spaces,
            described: &described,
            lessons: &lessons,
            categories,
            dimensions,
            prior_weight: parameters.prior_weight,
        };
        let all: Vec<usize> = (0..lessons.len()).collect();
        let ids: Vec<&CategoryId> = (0..categories).map(|slot| classifier.targets.id(slot)).collect();
        let (counted, trained) = (Counted::of(&ground, &all), train(&ground, &ids));
        classifier.counted = counted;
        classifier.trained = trained;
        classifier.combined = (0..classifier.spaces.len()).map(|space| classifier.combine(space)).collect();
        Ok(classifier)
    }

    /// The decisions as lessons, in the order of their keys; counts what became of them.
    fn lessons(&mut self, evidence: &[Evidence<'_>]) -> Result<Vec<Lesson>, BuildError> {
        let slots: HashMap<&CategoryId, usize> =
            (0..self.targets.categories().len()).map(|slot| (self.targets.id(slot), slot)).collect();
        let mut taught = Taught::default();
        let mut unknown: BTreeMap<&CategoryId, usize> = BTreeMap::new();
        let mut lessons = Vec::with_capacity(evidence.len());
        for decision in in_order(evidence) {
            let slot = match decision.category {
                None => self.targets.categories().len(),
                Some(category) => match slots.get(category) {
                    Some(&slot) => slot,
                    None => {
                        *unknown.entry(category).or_default() += 1;
                        continue;
                    }
                },
            };
            let vector = decision.vector.filter(|vector| usable(vector));
            if let Some(vector) = vector.filter(|vector| vector.len() != self.dimensions) {
                let (key, found) = (decision.key.to_owned(), vector.len());
                return Err(BuildError::EvidenceOfAnotherModel { key, found, expected: self.dimensions });
            }
            let mut product = self.product(&Query {
                vector,
                text: decision.text,
                language: decision.language,
                supplier: decision.supplier,
                supplier_category: decision.supplier_category,
            });
            product.decided = Some(decision.at);
            taught.votes += usize::from(product.path.is_some());
            let has_vector = vector.is_some() && usable(&product.vector);
            if has_vector {
                taught.learnt += 1;
            } else {
                taught.without_vector += 1;
            }
            let (key, group) = (decision.key.to_owned(), decision.group);
            lessons.push(Lesson { key, product, slot, group, has_vector });
        }
        taught.unknown = unknown.into_iter().map(|(id, count)| (id.clone(), count)).collect();
        self.taught = taught;
        Ok(lessons)
    }

    /// The space of products of a language.
    pub(crate) fn space(&self, language: Option<&Language>) -> usize {
        language.and_then(|language| self.space_of.get(language)).copied().unwrap_or(self.other_space)
    }

    /// A product as the scoring sees it.
    pub(crate) fn product(&self, query: &Query<'_>) -> Product {
        let vector = query.vector.filter(|vector| usable(vector));
        let known = query.language.and_then(|language| self.centre_of.get(language)).copied();
        let index = known.unwrap_or_default();
        let centre = &self.centres[index];
        // Of a language that the catalogue has no products of, nothing is known of what is usual.
        let spread = centre.spread.filter(|_| query.language.is_none() || known.is_some());
        Product {
            vector: vector.map_or_else(|| vec![0.0; self.dimensions], |vector| centred(vector, &centre.at)),
            apart: vector.zip(spread).and_then(|(vector, spread)| apart(vector, &centre.at, spread)),
            centre: index,
            sketch: Sketch::of(query.text, &self.frequencies),
            path: Path::of(query.supplier, query.supplier_category),
            decided: None,
            space: self.space(query.language),
        }
    }

    /// How this classifier came to be: method, taxonomy, texts, model, means, words, decisions and parameters, each by
    /// its hash. Two classifiers with one recipe rank alike.
    pub fn recipe(&self) -> &str {
        &self.recipe
    }

    /// What training came to, to be kept for [`Self::with_trained`].
    pub fn trained(&self) -> &Trained {
        &self.trained
    }

    /// How each decision learnt from would have been ranked without it and its look-alikes: by the decisions of the
    /// other four of five parts, weights and calibration included. In the order of keys; empty while there are too few.
    pub fn cross_fitted(&self) -> &[CrossFitted] {
        &self.trained.cross_fitted
    }

    /// What became of the decisions given.
    pub fn taught(&self) -> &Taught {
        &self.taught
    }

    /// The taxonomy.
    pub fn taxonomy(&self) -> &Arc<Taxonomy> {
        self.targets.taxonomy()
    }

    /// The categories to choose from.
    pub fn targets(&self) -> &Targets {
        &self.targets
    }

    /// Numbers in a vector.
    pub fn dimensions(&self) -> usize {
        self.dimensions
    }
}

fn dimensions_of(targets: &Targets, vectors: &HashMap<String, Vec<f32>>) -> Result<usize, BuildError> {
    let text = targets.texts().into_iter().next().unwrap_or_default();
    match vectors.get(&text) {
        Some(vector) => Ok(vector.len()),
        None => Err(BuildError::NoVector { text }),
    }
}

/// The recipe of the classifier that [`Classifier::build`] would build; known without training it.
pub fn recipe(input: &BuildInput<'_>) -> String {
    let targets = &input.targets;
    let decisions: Vec<Digest> = in_order(input.evidence).into_iter().map(digest_of).collect();
    let ids: Vec<&str> = (0..targets.categories().len()).map(|slot| targets.id(slot).as_str()).collect();
    let languages: Vec<&str> = targets.languages().iter().map(Language::as_str).collect();
    format!(
        "{METHOD} texts={},{} taxonomy={} targets={} languages={} model={} means={} words={} decisions={}:{} parameters={}",
        text::PRODUCT_TEMPLATE,
        text::CATEGORY_TEMPLATE,
        targets.taxonomy().digest(),
        Digest::of_parts(ids),
        languages.join(","),
        Digest::of_parts([input.model_recipe]),
        Digest::of_json(input.means),
        Digest::of_json(input.frequencies),
        decisions.len(),
        Digest::of_json(&decisions),
        Digest::of_json(&input.parameters),
    )
}

/// Decisions in an order of their own, whatever order they came in.
fn in_order<'a, 'e>(evidence: &'a [Evidence<'e>]) -> Vec<&'a Evidence<'e>> {
    let mut evidence: Vec<&Evidence<'_>> = evidence.iter().collect();
    evidence.sort_by_cached_key(|e| (e.key, e.category, digest_of(e)));
    evidence
}

fn digest_of(evidence: &Evidence<'_>) -> Digest {
    let vector: Vec<u8> = evidence.vector.unwrap_or_default().iter().flat_map(|x| x.to_le_bytes()).collect();
    let vector = Digest::of_bytes(&vector);
    let (group, at) = (evidence.group.to_string(), evidence.at.to_string());
    let facts = [
        evidence.key,
        evidence.category.map_or("", CategoryId::as_str),
        evidence.text,
        evidence.language.map_or("", Language::as_str),
        evidence.supplier.unwrap_or_default(),
        &group,
        &at,
        vector.as_str(),
    ];
    Digest::of_parts(facts.into_iter().chain(evidence.supplier_category.iter().map(String::as_str)))
}

#[cfg(test)]
mod tests;
