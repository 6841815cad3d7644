//! What the categories' descriptions say in one language: centred vectors and pieces of words.

use std::collections::HashMap;

use berika_catalog::Language;

use crate::lexical::{LEXICAL_DIMENSIONS, Sketch, WordFrequencies};
use crate::vector::{Sum, centred, normalise, usable};
use crate::{BuildError, Targets};

/// The categories as products of one language meet them. A row per slot.
#[derive(Debug)]
pub(crate) struct Space {
    /// Centred, one long; zero where a category is told from nothing.
    pub(crate) vectors: Vec<Vec<f32>>,
    /// The words of name, path, description and synonyms together.
    pub(crate) sketches: Vec<Sketch>,
    pieces: Pieces,
}

/// The categories that a piece of a word stands in, with its weight there.
#[derive(Debug)]
struct Pieces {
    /// Per place, where its entries begin; one more than places.
    begins: Vec<u32>,
    entries: Vec<(u32, f32)>,
}

impl Space {
    pub(crate) fn new(vectors: Vec<Vec<f32>>, sketches: Vec<Sketch>) -> Self {
        let mut by_place: Vec<Vec<(u32, f32)>> = vec![Vec::new(); LEXICAL_DIMENSIONS];
        for (slot, sketch) in sketches.iter().enumerate() {
            for &(place, x) in sketch.pieces() {
                by_place[usize::from(place)].push((slot as u32, x));
            }
        }
        let mut pieces = Pieces { begins: vec![0], entries: Vec::new() };
        for entries in by_place {
            pieces.entries.extend(entries);
            pieces.begins.push(pieces.entries.len() as u32);
        }
        Self { vectors, sketches, pieces }
    }

    /// Adds `weight` times the cosine of the pieces of words of a product and of each category to `scores`.
    pub(crate) fn add_pieces(&self, product: &Sketch, weight: f32, scores: &mut [f32]) {
        for &(place, x) in product.pieces() {
            let place = usize::from(place);
            let entries = self.pieces.begins[place] as usize..self.pieces.begins[place + 1] as usize;
            for &(slot, y) in &self.pieces.entries[entries] {
                scores[slot as usize] += weight * x * y;
            }
        }
    }

    /// The cosine of the pieces of a product and of one category.
    pub(crate) fn pieces(&self, product: &Sketch, slot: usize) -> f32 {
        let (mut sum, mut others) = (0.0, self.sketches[slot].pieces());
        for &(place, x) in product.pieces() {
            others = &others[others.partition_point(|&(other, _)| other < place)..];
            if let Some(&(other, y)) = others.first()
                && other == place
            {
                sum += x * y;
            }
        }
        sum
    }

    /// Slots without any direction and without any word: nothing tells them from the others.
    pub(crate) fn silent(&self) -> impl Iterator<Item = usize> {
        (0..self.vectors.len())
            .filter(|&slot| !usable(&self.vectors[slot]) && self.sketches[slot].entries.is_empty())
    }
}

/// The words of each category's texts, a list per language of `targets`.
pub(crate) fn words(targets: &Targets, frequencies: &WordFrequencies) -> Vec<Vec<Sketch>> {
    let of = |language: &Language, category: usize| {
        let texts = targets.texts_of(category, language);
        let sketches: Vec<Sketch> = texts.iter().map(|text| Sketch::of(text, frequencies)).collect();
        Sketch::sum(&sketches)
    };
    let categories = targets.categories();
    targets.languages().iter().map(|l| categories.iter().map(|&category| of(l, category)).collect()).collect()
}

/// Per category, the words in all languages.
pub(crate) fn all_words(languages: &[Vec<Sketch>]) -> Vec<Sketch> {
    let slots = languages.first().map_or(0, Vec::len);
    (0..slots).map(|slot| Sketch::sum(languages.iter().map(|language| &language[slot]))).collect()
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
