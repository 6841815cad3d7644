//! Category vectors in one language: centred descriptions with the confirmed products blended in.

use std::collections::{BTreeMap, HashMap};

use crate::matrix::Packed;
use crate::vector::{Sum, centred, normalise, usable};
use crate::{BuildError, Targets};

/// The categories as products of one language meet them.
#[derive(Debug)]
pub(crate) struct Space {
    /// The blended vectors; a row per slot.
    pub(crate) blended: Packed,
    /// The centred description of the slots that decisions changed; elsewhere it is the blended vector itself.
    pub(crate) described: BTreeMap<usize, Vec<f32>>,
    /// Slots without any direction: no description told from the others, nothing confirmed. They are never offered.
    pub(crate) silent: Vec<usize>,
}

impl Space {
    /// `descriptions` are centred; `confirmed` are the sums of centred products per slot.
    pub(crate) fn new(
        descriptions: &[Vec<f32>],
        confirmed: &BTreeMap<usize, Sum>,
        prior_weight: f64,
        dimensions: usize,
    ) -> Self {
        let mut rows = descriptions.to_vec();
        let mut described = BTreeMap::new();
        for (&slot, products) in confirmed {
            let mut blend = products.clone();
            blend.add(&descriptions[slot], prior_weight);
            rows[slot] = blend.normalised();
            described.insert(slot, descriptions[slot].clone());
        }
        let silent = (0..rows.len()).filter(|&slot| !usable(&rows[slot])).collect();
        Self { blended: Packed::new(&rows, dimensions), described, silent }
    }
}

/// The mean of the vectors of each category's texts, one long, a list per language of `targets`; zero where a
/// category has no usable vector.
pub(crate) fn describe(
    targets: &Targets,
    vectors: &HashMap<String, Vec<f32>>,
    dimensions: usize,
) -> Result<Vec<Vec<Vec<f32>>>, BuildError> {
    let mut languages = Vec::with_capacity(targets.languages().len());
    for language in targets.languages() {
        let mut described = Vec::with_capacity(targets.categories().len());
        for &category in targets.categories() {
            let mut sum = Sum::new(dimensions);
            for text in targets.texts_of(category, language) {
                let Some(vector) = vectors.get(&text) else { return Err(BuildError::NoVector { text }) };
                if vector.len() != dimensions {
                    return Err(BuildError::Dimensions { found: vector.len(), expected: dimensions, text });
                }
                if usable(vector) {
                    let mut unit = vector.clone();
                    normalise(&mut unit);
                    sum.add(&unit, 1.0);
                }
            }
            described.push(sum.normalised());
        }
        languages.push(described);
    }
    Ok(languages)
}

/// Per category, the mean over the languages.
pub(crate) fn average(languages: &[Vec<Vec<f32>>], dimensions: usize) -> Vec<Vec<f32>> {
    let slots = languages.first().map_or(0, Vec::len);
    (0..slots)
        .map(|slot| {
            let mut sum = Sum::new(dimensions);
            for language in languages {
                sum.add(&language[slot], 1.0);
            }
            sum.normalised()
        })
        .collect()
}

/// The mean of the categories that have a vector.
pub(crate) fn centre(categories: &[Vec<f32>], dimensions: usize) -> Vec<f32> {
    let mut sum = Sum::new(dimensions);
    let mut count = 0_u32;
    for category in categories.iter().filter(|category| usable(category)) {
        sum.add(category, 1.0);
        count += 1;
    }
    sum.scaled(1.0 / f64::from(count.max(1)))
}

/// The categories with `centre` taken away, one long. What has no vector keeps none.
pub(crate) fn all_centred(categories: &[Vec<f32>], centre: &[f32]) -> Vec<Vec<f32>> {
    categories
        .iter()
        .map(|category| if usable(category) { centred(category, centre) } else { category.clone() })
        .collect()
}
