//! Products with near-equal texts: compared only where brand and size are the same.

use std::collections::BTreeMap;

use berika_catalog::Digest;
use berika_store::{Store, StoreError};

use super::NotCompared;
use super::seen::{Catalogue, Seen};

/// The least cosine of texts that may be of one article; `docs/duplicates.md` says what that was measured on.
pub const NEAR: f32 = 0.97;

/// The most products of one brand and size that are compared with one another.
const BLOCK_MOST: usize = 1000;

/// Two products that are near.
pub(super) struct Pair {
    pub(super) cosine: f32,
    /// Their places in the catalogue, the lower first.
    pub(super) products: (usize, usize),
}

/// Pairs of products of different articles whose vectors by `embedding` are near, the nearest first. Two valid GTINs that
/// differ speak against it, whatever the texts say.
pub(super) async fn pairs(
    store: &Store,
    catalogue: &Catalogue,
    embedding: &str,
) -> Result<(Vec<Pair>, Vec<NotCompared>), StoreError> {
    let mut blocks: BTreeMap<(&str, &[String]), Vec<usize>> = BTreeMap::new();
    for (at, product) in catalogue.products.iter().enumerate() {
        if !product.folded_brand.is_empty() && !product.sizes.is_empty() && product.text_hash.is_some() {
            blocks.entry((&product.folded_brand, &product.sizes)).or_default().push(at);
        }
    }
    let (mut found, mut passed_over) = (Vec::new(), Vec::new());
    for ((_, sizes), block) in blocks.into_iter().filter(|(_, block)| block.len() > 1) {
        if block.len() > BLOCK_MOST {
            let brand = catalogue.products[block[0]].brand.clone().unwrap_or_default();
            passed_over.push(NotCompared { brand, size: sizes.join(", "), products: block.len() });
            continue;
        }
        let hashes: Vec<Digest> =
            block.iter().filter_map(|&at| catalogue.products[at].text_hash.clone()).collect();
        let vectors = store.vectors(embedding, &hashes).await?;
        for (index, &one) in block.iter().enumerate() {
            let Some(vector) = &vectors[index] else { continue };
            for (other, second) in block.iter().zip(&vectors).skip(index + 1) {
                let Some(second) = second else { continue };
                let (first, last) = (&catalogue.products[one], &catalogue.products[*other]);
                if !may_be_one(first, last) {
                    continue;
                }
                let cosine = dot(vector, second);
                if cosine >= NEAR {
                    found.push(Pair { cosine, products: (one, *other) });
                }
            }
        }
    }
    found.sort_by(|a, b| b.cosine.total_cmp(&a.cosine).then(a.products.cmp(&b.products)));
    Ok((found, passed_over))
}

fn may_be_one(one: &Seen, other: &Seen) -> bool {
    one.article != other.article && (one.gtin.is_none() || other.gtin.is_none() || one.gtin == other.gtin)
}

/// Stored vectors are of length one.
fn dot(one: &[f32], other: &[f32]) -> f32 {
    one.iter().zip(other).map(|(a, b)| a * b).sum()
}
