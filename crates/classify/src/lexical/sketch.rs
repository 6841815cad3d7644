//! A text's features as a sparse vector, by feature hashing (Weinberger and others, "Feature hashing for large scale
//! multitask learning", ICML 2009): a feature's hash gives its place and its sign, so that features that meet in a place
//! cancel on average.

use std::collections::BTreeMap;

use super::WordFrequencies;
use super::ngrams::features;

/// Places of words and pairs of words.
const WORD_DIMENSIONS: usize = 2_048;
/// Places of all features: those of words first, those of pieces after them. Against no hashing at all, accuracy falls
/// by 0.3 points (measured over six catalogues).
pub const LEXICAL_DIMENSIONS: usize = 8_192;

/// A sparse vector: places ascending, each once. The words' part and the pieces' part are each one long, or empty.
#[derive(Debug, Clone, Default, PartialEq)]
pub(crate) struct Sketch {
    pub(crate) entries: Vec<(u16, f32)>,
}

impl Sketch {
    /// The vector of a text: `(1 + ln count) · rarity` per feature.
    pub(crate) fn of(text: &str, frequencies: &WordFrequencies) -> Self {
        let mut counts = BTreeMap::new();
        features(text, |feature| *counts.entry(feature).or_insert(0_u32) += 1);
        let mut places: BTreeMap<u16, f32> = BTreeMap::new();
        for (feature, count) in counts {
            let weight = (1.0 + (f64::from(count)).ln()) as f32 * frequencies.rarity(feature);
            let (first, width) = if feature.piece {
                (WORD_DIMENSIONS, LEXICAL_DIMENSIONS - WORD_DIMENSIONS)
            } else {
                (0, WORD_DIMENSIONS)
            };
            let place = first + (feature.hash >> 8) as usize % width;
            let signed = if feature.hash & 1 == 0 { weight } else { -weight };
            *places.entry(place as u16).or_default() += signed;
        }
        let mut sketch = Self { entries: places.into_iter().filter(|(_, x)| *x != 0.0).collect() };
        sketch.normalise();
        sketch
    }

    /// The sum of several, each part one long again.
    pub(crate) fn sum<'a>(sketches: impl IntoIterator<Item = &'a Self>) -> Self {
        let mut places: BTreeMap<u16, f32> = BTreeMap::new();
        for (place, x) in sketches.into_iter().flat_map(|sketch| &sketch.entries) {
            *places.entry(*place).or_default() += x;
        }
        let mut sketch = Self { entries: places.into_iter().filter(|(_, x)| *x != 0.0).collect() };
        sketch.normalise();
        sketch
    }

    fn normalise(&mut self) {
        for piece in [false, true] {
            let part = |place: u16| is_piece(place) == piece;
            let squares: f64 =
                self.entries.iter().filter(|e| part(e.0)).map(|e| f64::from(e.1) * f64::from(e.1)).sum();
            let length = squares.sqrt();
            for (_, x) in self.entries.iter_mut().filter(|e| part(e.0)) {
                *x = (f64::from(*x) / length) as f32;
            }
        }
    }

    /// The part of pieces alone.
    pub(crate) fn pieces(&self) -> &[(u16, f32)] {
        &self.entries[self.entries.partition_point(|&(place, _)| !is_piece(place))..]
    }
}

/// Whether a place is one of pieces rather than of words.
fn is_piece(place: u16) -> bool {
    usize::from(place) >= WORD_DIMENSIONS
}

#[cfg(test)]
mod tests {
    use super::*;

    fn dot(a: &[(u16, f32)], b: &[(u16, f32)]) -> f32 {
        a.iter().map(|(p, x)| b.iter().find(|(q, _)| p == q).map_or(0.0, |(_, y)| x * y)).sum()
    }

    #[test]
    fn like_texts_are_near_and_unlike_ones_are_not() {
        let none = WordFrequencies::new();
        let sketch = |text| Sketch::of(text, &none);
        let milk = sketch("lättmjölk 1 l");
        assert!((dot(&milk.entries, &milk.entries) - 2.0).abs() < 1e-5);
        let (near, far) = (
            dot(milk.pieces(), sketch("mjölk").pieces()),
            dot(milk.pieces(), sketch("borrhammare").pieces()),
        );
        assert!(near > 0.4 && far.abs() < 0.15, "{near} {far}");
        assert!(milk.entries.is_sorted_by(|a, b| a.0 < b.0));
    }

    #[test]
    fn nothing_is_an_empty_vector() {
        assert!(Sketch::of(" ... ", &WordFrequencies::new()).entries.is_empty());
        assert!(Sketch::sum([&Sketch::default()]).entries.is_empty());
    }
}
