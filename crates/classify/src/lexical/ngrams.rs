//! A text's features: words, pairs of neighbouring words, and pieces of three to five characters within a word.
//!
//! Pieces carry inflection and compounds (`mjölk`, `lättmjölk`, `mjölken`), which Scandinavian languages and German are
//! full of. A word's edges are marked by a blank, so that `te` the drink is not `te` the syllable.

use crate::hash::{fnv1a, mixed};

/// The most characters of a text that are read: what a product is stands at its beginning.
const MOST_CHARACTERS: usize = 4_000;
/// The most characters of a word: longer ones are codes or noise.
const LONGEST_WORD: usize = 40;
/// Lengths of pieces, in characters with the blanks at the edges.
const PIECES: std::ops::RangeInclusive<usize> = 3..=5;

/// One feature of a text.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Feature {
    /// A stable hash of the feature, its kind included.
    pub(crate) hash: u64,
    /// Whether it is a piece of a word rather than a word or a pair.
    pub(crate) piece: bool,
}

/// The words of a text, in lower case, in their order: letters and digits between anything else.
pub(crate) fn words(text: &str) -> Vec<String> {
    let lower: String = text.chars().take(MOST_CHARACTERS).flat_map(char::to_lowercase).collect();
    lower
        .split(|c: char| !c.is_alphanumeric())
        .filter(|word| !word.is_empty())
        .map(|word| word.chars().take(LONGEST_WORD).collect())
        .collect()
}

/// Calls `each` with every feature of a text, repetitions included.
pub(crate) fn features(text: &str, mut each: impl FnMut(Feature)) {
    let words = words(text);
    let mut padded = Vec::new();
    for (at, word) in words.iter().enumerate() {
        each(Feature { hash: hash(b'w', &[word]), piece: false });
        if let Some(next) = words.get(at + 1) {
            each(Feature { hash: hash(b'p', &[word, next]), piece: false });
        }
        padded.clear();
        padded.push(' ');
        padded.extend(word.chars());
        padded.push(' ');
        let mut piece = String::new();
        for length in PIECES {
            for window in padded.windows(length) {
                piece.clear();
                piece.extend(window);
                each(Feature { hash: hash(b'c', &[&piece]), piece: true });
            }
        }
    }
}

/// A hash of kind and parts, a zero after each.
fn hash(kind: u8, parts: &[&str]) -> u64 {
    let parts = parts.iter().flat_map(|part| part.bytes().chain([0]));
    mixed(fnv1a(std::iter::once(kind).chain(parts)))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn all(text: &str) -> Vec<Feature> {
        let mut found = Vec::new();
        features(text, |feature| found.push(feature));
        found
    }

    #[test]
    fn words_are_lower_case_letters_and_digits() {
        assert_eq!(words("Ekologisk  LÄTTMJÖLK, 1,5 %!"), ["ekologisk", "lättmjölk", "1", "5"]);
        assert!(words(" -- ").is_empty());
    }

    #[test]
    fn words_that_share_a_stem_share_pieces_and_case_changes_nothing() {
        let pieces = |text| all(text).into_iter().filter(|f| f.piece).map(|f| f.hash).collect::<Vec<_>>();
        let (milk, light) = (pieces("mjölk"), pieces("lättmjölk"));
        assert!(milk.iter().filter(|hash| light.contains(hash)).count() >= 5);
        assert_eq!(all("Te Svart"), all("te  svart"));
        assert_ne!(all("te svart"), all("svart te"), "pairs know their order");
    }

    #[test]
    fn endless_words_and_texts_are_cut() {
        let word = "a".repeat(100_000);
        assert!(all(&word).len() < 150);
        assert!(words(&"ab ".repeat(100_000)).len() <= MOST_CHARACTERS / 3 + 1);
    }
}
