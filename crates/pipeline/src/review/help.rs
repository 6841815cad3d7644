//! What helps to decide on one product.

use std::collections::HashMap;

use berika_catalog::{CategoryId, Language, ProductKey, ProductValues, Taxonomy, text};
use berika_classify::Ranking;
use berika_classify::review_help::{DecidingWord, deciding_words, nearest};
use berika_classify::review_order::Decided;
use berika_store::{DecidedProduct, LookAlike, ProductId, Store, StoreError};
use serde::Serialize;

use super::telling_text;

/// Decided products, words and keys that are shown.
const NEAREST: usize = 3;
const WORDS: usize = 6;
const KEYS: usize = 5;

/// Confirmed products of a category whose words are looked at, the latest.
const MOST_CONFIRMED: usize = 50;

/// Decisions among which the nearest are looked for, the latest, beside those confirmed in the candidates: helping with one
/// product takes as long at 1,000 decisions as at 100,000.
const LATEST: usize = 500;

/// What helps to decide on a product.
#[derive(Debug, Clone, Default, Serialize)]
pub struct Help {
    /// The candidates, best first.
    pub candidates: Vec<Offer>,
    /// The nearest products that people have decided on lately or put into one of the candidates, nearest first.
    pub nearest: Vec<NearestProduct>,
    /// Those that wait and look alike: one decision can serve them all.
    pub look_alikes: Alike,
}

/// A category offered.
#[derive(Debug, Clone, Serialize)]
pub struct Offer {
    /// The category.
    pub id: String,
    /// Its names from the root down.
    pub path: Vec<String>,
    /// How probable it is.
    pub probability: f32,
    /// Products confirmed in it.
    pub confirmed: usize,
    /// The words that speak for it.
    pub words: Vec<DecidingWord>,
}

/// A product that a person has decided on.
#[derive(Debug, Clone, Serialize)]
pub struct NearestProduct {
    /// The product.
    pub product: String,
    /// Its title.
    pub title: Option<String>,
    /// Its category; `null`: none of ours.
    pub category: Option<String>,
    /// The names of the category from the root down; empty where it is none of the taxonomy's.
    pub path: Vec<String>,
    /// The cosine of the centred vectors.
    pub likeness: f32,
}

/// Look-alikes that wait for a decision.
#[derive(Debug, Clone, Default, Serialize)]
pub struct Alike {
    /// How many besides the product itself.
    pub count: usize,
    /// The first of their keys.
    pub some: Vec<String>,
}

/// The decided products that one product is compared with.
struct Known {
    products: Vec<DecidedProduct>,
    confirmed: HashMap<CategoryId, usize>,
}

impl Known {
    /// Those of the store, with vectors by `embedding`.
    async fn load(store: &Store, embedding: &str, candidates: &[CategoryId]) -> Result<Self, StoreError> {
        Ok(Self {
            products: store.decided_lately(embedding, candidates, LATEST, MOST_CONFIRMED).await?,
            confirmed: store.count_confirmed(candidates).await?,
        })
    }

    /// The titles of the latest products confirmed in a category, latest first.
    fn titles(&self, category: &CategoryId) -> Vec<&str> {
        let confirmed = self.products.iter().rev().filter(|known| known.category.as_ref() == Some(category));
        confirmed.filter_map(|known| known.title.as_deref()).take(MOST_CONFIRMED).collect()
    }

    fn nearest(
        &self,
        own: &ProductKey,
        vector: &[f32],
        shown: impl Fn(&CategoryId) -> Vec<String>,
    ) -> Vec<NearestProduct> {
        let decided: Vec<Decided<'_>> = self
            .products
            .iter()
            // What was decided on the product itself says nothing beside it.
            .map(|known| Decided { text: "", vector: known.vector.as_deref().filter(|_| known.key != *own) })
            .collect();
        nearest(vector, &decided, NEAREST)
            .into_iter()
            .map(|(row, likeness)| {
                let known = &self.products[row];
                NearestProduct {
                    product: known.key.to_string(),
                    title: known.title.clone(),
                    path: known.category.as_ref().map(&shown).unwrap_or_default(),
                    category: known.category.as_ref().map(ToString::to_string),
                    likeness,
                }
            })
            .collect()
    }
}

/// What helps to decide on this product; `vector` and those of other products are by `embedding`. Names of categories are in `language` where the taxonomy has it.
pub(crate) async fn help(
    store: &Store,
    taxonomy: &Taxonomy,
    language: &Language,
    embedding: &str,
    product: (ProductId, &ProductKey, &ProductValues),
    ranking: &Ranking,
    vector: Option<&[f32]>,
) -> Result<Help, StoreError> {
    let (id, key, values) = product;
    let ids: Vec<CategoryId> = ranking.candidates.iter().map(|candidate| candidate.id.clone()).collect();
    let known = Known::load(store, embedding, &ids).await?;
    let path = |id: &CategoryId| -> Vec<String> {
        let index = taxonomy.index_of(id);
        index.map_or_else(Vec::new, |at| {
            taxonomy.path_names(at, language).into_iter().map(str::to_owned).collect()
        })
    };
    let own = telling_text(values);
    let languages = taxonomy.languages();
    let candidates = ranking
        .candidates
        .iter()
        .map(|candidate| {
            let texts: Vec<String> = taxonomy.index_of(&candidate.id).map_or_else(Vec::new, |at| {
                languages.iter().flat_map(|language| text::category_texts(taxonomy, at, language)).collect()
            });
            Offer {
                id: candidate.id.to_string(),
                path: path(&candidate.id),
                probability: candidate.probability,
                confirmed: known.confirmed.get(&candidate.id).copied().unwrap_or_default(),
                words: deciding_words(&own, &texts, &known.titles(&candidate.id), WORDS),
            }
        })
        .collect();
    let nearest = vector.map(|vector| known.nearest(key, vector, path)).unwrap_or_default();
    let open: Vec<LookAlike> =
        store.look_alikes(id).await?.into_iter().filter(|other| !other.decided).collect();
    let look_alikes = Alike {
        count: open.len(),
        some: open.iter().take(KEYS).map(|other| other.key.to_string()).collect(),
    };
    Ok(Help { candidates, nearest, look_alikes })
}
