//! Products that may be one: proposed by GTIN, or by near texts of one brand and size; joined by a person, or by a rule where
//! the configuration says so.

mod near;
mod proposal;
mod rule;
mod seen;
mod sets;
mod size;

use std::collections::BTreeMap;

use berika_catalog::{Gtin, SupplierId};
use berika_store::{MOST_JOINED, Store, StoreError};
use serde::Serialize;

use crate::Config;
pub use near::NEAR;
pub use proposal::{Because, Proposal, ProposedProduct, Suspicious};
pub(crate) use rule::stage;
use seen::Catalogue;
use sets::Sets;

/// What is asked for.
#[derive(Debug, Clone, Default)]
pub struct Asked {
    /// Only groups with a product of this supplier.
    pub supplier: Option<SupplierId>,
    /// Only what has the same GTIN, and nothing that a person parted: what a rule may join.
    pub by_rule: bool,
}

/// What may be one.
#[derive(Debug, Clone, Default, Serialize)]
pub struct Proposals {
    /// Groups, those of the oldest products first.
    pub proposals: Vec<Proposal>,
    /// Groups that are too large to be one article: a number or text that stands for nothing.
    pub suspicious: Vec<Suspicious>,
    /// Products of one brand and size that are too many to be compared by their texts.
    pub not_compared: Vec<NotCompared>,
    /// Whether texts were compared: there are vectors only after a run.
    pub compared_texts: bool,
}

/// Too many products of one brand and size.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct NotCompared {
    /// The brand.
    pub brand: String,
    /// The size.
    pub size: String,
    /// How many.
    pub products: usize,
}

/// Works out what may be one. Nothing is written.
///
/// # Errors
/// Any statement's failure.
pub async fn proposals(store: &Store, config: &Config, asked: &Asked) -> Result<Proposals, StoreError> {
    let parted = store.parted_products().await?;
    let near = !asked.by_rule;
    let catalogue = Catalogue::read(store, |id| asked.by_rule && parted.contains(&id), near).await?;
    let mut found = Proposals::default();
    let (mut sets, mut because) = (Sets::new(catalogue.articles.len()), Vec::new());

    let mut by_gtin: BTreeMap<&Gtin, Vec<usize>> = BTreeMap::new();
    for (at, product) in catalogue.products.iter().enumerate() {
        if let Some(gtin) = &product.gtin {
            by_gtin.entry(gtin).or_default().push(at);
        }
    }
    for (gtin, products) in by_gtin {
        let first = catalogue.products[products[0]].article;
        if products.iter().all(|&at| catalogue.products[at].article == first) {
            continue;
        }
        products.iter().for_each(|&at| sets.unite(first, catalogue.products[at].article));
        because.push((first, Because::SameGtin { gtin: gtin.clone() }));
    }

    let embedding = if near { store.review_state().await?.map(|(_, embedding)| embedding) } else { None };
    if let Some(embedding) = embedding {
        found.compared_texts = true;
        let (pairs, not_compared) = near::pairs(store, &catalogue, &embedding).await?;
        found.not_compared = not_compared;
        unite_near(&catalogue, &mut sets, pairs, &mut because);
    }

    let mut whys: BTreeMap<usize, Vec<Because>> = BTreeMap::new();
    for (article, why) in because {
        whys.entry(sets.of(article)).or_default().push(why);
    }
    let order = config.duplicates.field_order();
    for (least, articles) in sets.several() {
        let mut suppliers = articles.iter().flat_map(|&article| catalogue.products_of(article));
        if let Some(asked) = &asked.supplier
            && !suppliers.any(|product| product.key.supplier == *asked)
        {
            continue;
        }
        let because = whys.remove(&least).unwrap_or_default();
        if articles.len() > MOST_JOINED {
            found.suspicious.push(Suspicious::of(&catalogue, &articles, because));
        } else {
            found.proposals.push(Proposal::of(&catalogue, &articles, because, &order, &parted));
        }
    }
    Ok(found)
}

/// Unites what is near, the nearest first, unless that would put two different GTINs into one set.
fn unite_near(
    catalogue: &Catalogue,
    sets: &mut Sets,
    pairs: Vec<near::Pair>,
    because: &mut Vec<(usize, Because)>,
) {
    let mut gtins: BTreeMap<usize, &Gtin> = BTreeMap::new();
    for product in &catalogue.products {
        if let Some(gtin) = &product.gtin {
            gtins.entry(sets.of(product.article)).or_insert(gtin);
        }
    }
    for pair in pairs {
        let (one, other) = (&catalogue.products[pair.products.0], &catalogue.products[pair.products.1]);
        let (left, right) = (sets.of(one.article), sets.of(other.article));
        if left == right {
            continue;
        }
        let (known, also) = (gtins.get(&left).copied(), gtins.get(&right).copied());
        if known.is_some() && also.is_some() && known != also {
            continue;
        }
        sets.unite(left, right);
        if let Some(gtin) = known.or(also) {
            gtins.insert(left.min(right), gtin);
        }
        because.push((
            left,
            Because::NearTexts {
                products: (one.key.clone(), other.key.clone()),
                cosine: pair.cosine,
                brand: one.brand.clone().unwrap_or_default(),
                size: one.sizes.join(", "),
            },
        ));
    }
}

#[cfg(test)]
mod tests;
