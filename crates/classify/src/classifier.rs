//! The classifier: built once from descriptions, means and confirmed decisions, then only read.

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

use berika_catalog::{CategoryId, Digest, Language, Taxonomy, text};

use crate::space::{Space, all_centred, average, centre, describe};
use crate::vector::{Sum, centred, usable};
use crate::votes::Votes;
use crate::{Evidence, Parameters, ProductMeans, Targets, Taught};

/// Raised when the same input would rank differently than before.
const METHOD: &str = "centred-centroid-1";

/// All that a classifier is built from.
#[derive(Debug)]
pub struct BuildInput<'a> {
    /// The categories to choose from.
    pub targets: Targets,
    /// The vector of each text of [`Targets::texts`], by text. They need not be unit vectors.
    pub vectors: &'a HashMap<String, Vec<f32>>,
    /// What products are centred by.
    pub means: &'a ProductMeans,
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
    pub(crate) parameters: Parameters,
    /// Per language of the targets.
    pub(crate) by_language: BTreeMap<Language, Space>,
    /// For products of other languages; `None` where there is only one language, which then serves all.
    average: Option<Space>,
    /// What is taken from products, per language seen, and for all others.
    centres: BTreeMap<Language, Vec<f32>>,
    other_centre: Vec<f32>,
    /// Confirmed products per slot.
    pub(crate) confirmed: Vec<u32>,
    pub(crate) votes: Votes,
    taught: Taught,
    recipe: String,
}

impl Classifier {
    /// Builds a classifier. Takes well under a second for 1,000 categories and 10,000 decisions.
    ///
    /// The result is the same for every order of the evidence.
    ///
    /// # Errors
    /// [`BuildError`]. Decisions for categories that are not among the targets are no error: [`Self::taught`] tells.
    pub fn build(input: BuildInput<'_>) -> Result<Self, BuildError> {
        let BuildInput { targets, vectors, means, evidence, model_recipe, parameters } = input;
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
            if told_apart {
                means.centre(language, &middle, parameters.centre_shrink)
            } else {
                nowhere.clone()
            }
        };
        let centres: BTreeMap<Language, Vec<f32>> =
            means.languages().map(|language| (language.clone(), product_centre(Some(language)))).collect();
        let other_centre = product_centre(None);

        let mut evidence: Vec<&Evidence<'_>> = evidence.iter().collect();
        evidence.sort_by_cached_key(|e| (e.key, e.category, digest_of(e)));
        let lesson = Lesson::of(&evidence, &targets, dimensions, |language| {
            language.and_then(|language| centres.get(language)).unwrap_or(&other_centre)
        })?;

        let space = |categories: &[Vec<f32>]| {
            let centre = if told_apart { centre(categories, dimensions) } else { nowhere.clone() };
            let descriptions = all_centred(categories, &centre);
            Space::new(&descriptions, &lesson.sums, parameters.prior_weight, dimensions)
        };
        let by_language: BTreeMap<Language, Space> =
            targets.languages().iter().cloned().zip(languages.iter().map(|l| space(l))).collect();
        let average = (by_language.len() != 1).then(|| space(&mean_over_languages));
        let recipe = recipe(&targets, model_recipe, means, &evidence, &parameters);
        Ok(Self {
            confirmed: lesson.confirmed,
            votes: lesson.votes,
            taught: lesson.taught,
            targets,
            dimensions,
            parameters,
            by_language,
            average,
            centres,
            other_centre,
            recipe,
        })
    }

    /// How this classifier came to be: method, taxonomy, texts, model, means, decisions and parameters, each by its
    /// hash. Two classifiers with one recipe rank alike.
    pub fn recipe(&self) -> &str {
        &self.recipe
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

    pub(crate) fn space(&self, language: Option<&Language>) -> &Space {
        language
            .and_then(|language| self.by_language.get(language))
            .or(self.average.as_ref())
            .or_else(|| self.by_language.values().next())
            .expect("there is an average space unless there is exactly one language")
    }

    pub(crate) fn centre(&self, language: Option<&Language>) -> &[f32] {
        language.and_then(|language| self.centres.get(language)).unwrap_or(&self.other_centre)
    }

    /// Whether products of this language are treated otherwise than those of no known language.
    pub(crate) fn knows(&self, language: &Language) -> bool {
        self.by_language.contains_key(language) || self.centres.contains_key(language)
    }
}

/// What the decisions teach.
struct Lesson {
    sums: BTreeMap<usize, Sum>,
    confirmed: Vec<u32>,
    votes: Votes,
    taught: Taught,
}

impl Lesson {
    fn of<'c>(
        evidence: &[&Evidence<'_>],
        targets: &Targets,
        dimensions: usize,
        centre_of: impl Fn(Option<&Language>) -> &'c [f32],
    ) -> Result<Self, BuildError> {
        let slots: HashMap<&CategoryId, usize> =
            (0..targets.categories().len()).map(|slot| (targets.id(slot), slot)).collect();
        let mut confirmed = vec![0; slots.len()];
        let (mut sums, mut votes, mut taught) = (BTreeMap::new(), Votes::default(), Taught::default());
        let mut unknown: BTreeMap<&CategoryId, usize> = BTreeMap::new();
        for decision in evidence {
            let Some(&slot) = slots.get(decision.category) else {
                *unknown.entry(decision.category).or_default() += 1;
                continue;
            };
            taught.votes += usize::from(votes.add(decision.supplier, decision.supplier_category, slot));
            let Some(vector) = decision.vector.filter(|vector| usable(vector)) else {
                taught.without_vector += 1;
                continue;
            };
            if vector.len() != dimensions {
                let (key, found) = (decision.key.to_owned(), vector.len());
                return Err(BuildError::EvidenceOfAnotherModel { key, found, expected: dimensions });
            }
            let sum = sums.entry(slot).or_insert_with(|| Sum::new(dimensions));
            sum.add(&centred(vector, centre_of(decision.language)), 1.0);
            confirmed[slot] += 1;
            taught.blended += 1;
        }
        taught.unknown = unknown.into_iter().map(|(id, count)| (id.clone(), count)).collect();
        Ok(Self { sums, confirmed, votes, taught })
    }
}

fn dimensions_of(targets: &Targets, vectors: &HashMap<String, Vec<f32>>) -> Result<usize, BuildError> {
    let text = targets.texts().into_iter().next().unwrap_or_default();
    match vectors.get(&text) {
        Some(vector) => Ok(vector.len()),
        None => Err(BuildError::NoVector { text }),
    }
}

fn digest_of(evidence: &Evidence<'_>) -> Digest {
    let vector: Vec<u8> = evidence.vector.unwrap_or_default().iter().flat_map(|x| x.to_le_bytes()).collect();
    let vector = Digest::of_bytes(&vector);
    let facts = [
        evidence.key,
        evidence.category.as_str(),
        evidence.language.map_or("", Language::as_str),
        evidence.supplier.unwrap_or_default(),
        vector.as_str(),
    ];
    Digest::of_parts(facts.into_iter().chain(evidence.supplier_category.iter().map(String::as_str)))
}

fn recipe(
    targets: &Targets,
    model_recipe: &str,
    means: &ProductMeans,
    evidence: &[&Evidence<'_>],
    parameters: &Parameters,
) -> String {
    let decisions: Vec<Digest> = evidence.iter().map(|e| digest_of(e)).collect();
    let ids: Vec<&str> = (0..targets.categories().len()).map(|slot| targets.id(slot).as_str()).collect();
    let languages: Vec<&str> = targets.languages().iter().map(Language::as_str).collect();
    format!(
        "{METHOD} texts={},{} taxonomy={} targets={} languages={} model={} means={} decisions={}:{} parameters={}",
        text::PRODUCT_TEMPLATE,
        text::CATEGORY_TEMPLATE,
        targets.taxonomy().digest(),
        Digest::of_parts(ids),
        languages.join(","),
        Digest::of_parts([model_recipe]),
        Digest::of_json(means),
        decisions.len(),
        Digest::of_json(&decisions),
        Digest::of_json(parameters),
    )
}

#[cfg(test)]
mod tests;
