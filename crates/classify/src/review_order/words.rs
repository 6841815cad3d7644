//! Texts as weighted words and parts of words.

use std::collections::HashMap;

use crate::hash::fnv1a;

/// Words of a text that are read: a title has fewer, and what a thing is stands first in a description.
const MOST_WORDS: usize = 64;

/// Parts of words that are compared, in characters. With their neighbouring blanks, so that beginnings and ends tell.
const PART: std::ops::RangeInclusive<usize> = 3..=5;

/// The words of a text in lower case, in their order.
pub fn words_of(text: &str) -> Vec<String> {
    let words = text.split(|c: char| !c.is_alphanumeric()).filter(|word| word.chars().nth(1).is_some());
    words.take(MOST_WORDS).map(str::to_lowercase).collect()
}

/// What a list of texts has in words and parts of words, weighted by how rare each is among them (TF-IDF).
#[derive(Debug)]
pub struct Words {
    /// Feature to its column and weight.
    features: HashMap<u64, (u32, f32)>,
    /// Per column, the texts that have it and what it weighs there.
    postings: Vec<Vec<(u32, f32)>>,
    texts: usize,
}

impl Words {
    /// Reads `texts`.
    pub fn of<'a>(texts: impl ExactSizeIterator<Item = &'a str>) -> Self {
        let count = texts.len();
        let counted: Vec<Vec<(u64, u32)>> = texts.map(count_features).collect();
        let mut features: HashMap<u64, (u32, f32)> = HashMap::new();
        for (feature, _) in counted.iter().flatten() {
            let column = features.len() as u32;
            features.entry(*feature).or_insert((column, 0.0)).1 += 1.0;
        }
        for (_, weight) in features.values_mut() {
            *weight = ((1.0 + count as f32) / (1.0 + *weight)).ln() + 1.0;
        }
        let mut words = Self { postings: vec![Vec::new(); features.len()], features, texts: count };
        for (text, counted) in counted.iter().enumerate() {
            for (column, weight) in words.weighted(counted) {
                words.postings[column as usize].push((text as u32, weight));
            }
        }
        words
    }

    /// Adds to `likeness` the cosine, 0..=1, of `text` with each of the texts, times `factor`.
    pub fn add_likeness(&self, text: &str, factor: f32, likeness: &mut [f32]) {
        debug_assert_eq!(likeness.len(), self.texts);
        for (column, weight) in self.weighted(&count_features(text)) {
            for &(other, theirs) in &self.postings[column as usize] {
                likeness[other as usize] += factor * weight * theirs;
            }
        }
    }

    /// The columns that a text has with their weights: words and parts of words each one long, together one long.
    fn weighted(&self, counted: &[(u64, u32)]) -> Vec<(u32, f32)> {
        let mut squares = [0.0_f32; 2];
        let mut weighted: Vec<(usize, u32, f32)> = counted
            .iter()
            .filter_map(|&(feature, times)| {
                let &(column, rare) = self.features.get(&feature)?;
                let weight = rare * (1.0 + (times as f32).ln());
                let kind = kind(feature);
                squares[kind] += weight * weight;
                Some((kind, column, weight))
            })
            .collect();
        for (kind, _, weight) in &mut weighted {
            *weight *= (0.5 / squares[*kind]).sqrt();
        }
        weighted.into_iter().map(|(_, column, weight)| (column, weight)).collect()
    }
}

/// The features of a text, sorted, with how often each occurs.
fn count_features(text: &str) -> Vec<(u64, u32)> {
    let words = words_of(text);
    let mut features: Vec<u64> = Vec::new();
    for (at, word) in words.iter().enumerate() {
        features.push(of_kind(fnv1a(word.bytes()), 0));
        if let Some(next) = words.get(at + 1) {
            features.push(of_kind(fnv1a(word.bytes().chain([b' ']).chain(next.bytes())), 0));
        }
        let letters: Vec<char> = [' '].into_iter().chain(word.chars()).chain([' ']).collect();
        for length in PART {
            for part in letters.windows(length) {
                features.push(of_kind(fnv1a(part.iter().flat_map(|&c| (c as u32).to_le_bytes())), 1));
            }
        }
    }
    features.sort_unstable();
    let mut counted: Vec<(u64, u32)> = Vec::new();
    for feature in features {
        match counted.last_mut() {
            Some((last, times)) if *last == feature => *times += 1,
            _ => counted.push((feature, 1)),
        }
    }
    counted
}

/// The lowest bit of a feature says whether it is a word or a part of one.
fn of_kind(hash: u64, kind: u64) -> u64 {
    hash & !1 | kind
}

fn kind(feature: u64) -> usize {
    (feature & 1) as usize
}
