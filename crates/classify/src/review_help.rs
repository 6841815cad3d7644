//! What helps a person to decide: the nearest products that were decided on, and the words that speak for a category.

use std::collections::{BTreeMap, BTreeSet};

use rayon::prelude::*;
use serde::Serialize;

use crate::review_order::{Decided, words_of};
use crate::vector::{Sum, centred, quick_dot, usable};

/// How many products the centre of nothing weighs as much as.
const CENTRE_SHRINK: f64 = 20.0;

/// Letters that two words must share at their beginning to be forms of one another, and that a part of a compound has.
const STEM: usize = 4;

/// The decided products that are nearest to a product, nearest first, at most `count`: rows of `decided` with the
/// cosine of the vectors, centred by the mean of the decided. Equally near ones come in the order of `decided`.
///
/// Vectors that are zero, hold a value that is no number or are of another length are near nothing.
pub fn nearest(vector: &[f32], decided: &[Decided<'_>], count: usize) -> Vec<(usize, f32)> {
    let fits = |other: &&[f32]| other.len() == vector.len() && usable(other);
    if !usable(vector) {
        return Vec::new();
    }
    let mut sum = Sum::new(vector.len());
    let mut counted = 0_u32;
    for other in decided.iter().filter_map(|known| known.vector.filter(fits)) {
        sum.add(other, 1.0);
        counted += 1;
    }
    let centre = sum.scaled(1.0 / (f64::from(counted) + CENTRE_SHRINK));
    let own = centred(vector, &centre);
    // The cosine with a centred vector, without centring it: this looks at thousands.
    let (own_centre, centre_square) = (quick_dot(&own, &centre), quick_dot(&centre, &centre));
    let cosine = |other: &[f32]| {
        let square = quick_dot(other, other) - 2.0 * quick_dot(other, &centre) + centre_square;
        if square > 0.0 { (quick_dot(&own, other) - own_centre) / square.sqrt() } else { 0.0 }
    };
    let mut near: Vec<(usize, f32)> = decided
        .par_iter()
        .enumerate()
        .filter_map(|(row, known)| Some((row, cosine(known.vector.filter(fits)?))))
        .collect();
    near.sort_by(|a, b| b.1.total_cmp(&a.1).then(a.0.cmp(&b.0)));
    near.truncate(count);
    near
}

/// A word of a product that speaks for a category.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct DecidingWord {
    /// The word, in lower case.
    pub word: String,
    /// Whether the category's own texts have it or a form of it.
    pub in_category: bool,
    /// How many of the products confirmed in the category have it.
    pub confirmed: usize,
}

/// The words that `product` shares with a category's texts and with the texts of products `confirmed` in it, the most
/// telling first, at most `count`: what the category itself says before what only its products say, and among these
/// what more of them say.
///
/// This is overlap of words, not an account of the score: a vector may know that an espresso machine is for coffee
/// where no word is shared.
pub fn deciding_words(
    product: &str,
    category: &[String],
    confirmed: &[&str],
    count: usize,
) -> Vec<DecidingWord> {
    let own: BTreeSet<String> = words_of(product).into_iter().filter(|word| telling(word)).collect();
    let described: BTreeSet<String> = category.iter().flat_map(|text| words_of(text)).collect();
    let mut in_products: BTreeMap<String, usize> = BTreeMap::new();
    for text in confirmed {
        for word in words_of(text).into_iter().collect::<BTreeSet<_>>() {
            *in_products.entry(word).or_default() += 1;
        }
    }
    let mut words: Vec<DecidingWord> = own
        .into_iter()
        .map(|word| DecidingWord {
            in_category: described.iter().any(|other| akin(&word, other)),
            confirmed: in_products.get(&word).copied().unwrap_or_default(),
            word,
        })
        .filter(|word| word.in_category || word.confirmed > 0)
        .collect();
    words.sort_by_key(|word| std::cmp::Reverse((word.in_category, word.confirmed)));
    words.truncate(count);
    words
}

/// Whether a word can tell anything of a category: long enough, and no number.
fn telling(word: &str) -> bool {
    word.chars().nth(2).is_some() && !word.chars().any(char::is_numeric)
}

/// Whether two words are the same, forms of one (`cup`, `cups`; `hammare`, `hammaren`), or one a part of the other
/// (`hundmat` and `hund`).
fn akin(left: &str, right: &str) -> bool {
    let (short, long) = if left.len() <= right.len() { (left, right) } else { (right, left) };
    if short == long {
        return true;
    }
    let letters = short.chars().count();
    if letters >= STEM && (long.starts_with(short) || long.ends_with(short)) {
        return true;
    }
    // The plural of a short word.
    if letters + 2 > STEM
        && long.strip_prefix(short).is_some_and(|ending| matches!(ending, "s" | "es" | "n" | "en"))
    {
        return true;
    }
    let shared = short.chars().zip(long.chars()).take_while(|(a, b)| a == b).count();
    shared > STEM && shared + 2 >= letters
}

#[cfg(test)]
mod tests {
    use super::*;

    fn said(words: &[DecidingWord]) -> Vec<&str> {
        words.iter().map(|word| word.word.as_str()).collect()
    }

    #[test]
    fn words_of_the_category_come_before_words_of_its_products() {
        let category =
            ["Tea".to_owned(), "Food > Tea".to_owned(), "Tea. Black, green and herbal teas.".to_owned()];
        let confirmed = ["Lipton yellow label tea", "Lipton breakfast"];
        let words = deciding_words("Lipton Green Tea 20 bags breakfast", &category, &confirmed, 5);
        assert_eq!(said(&words), ["tea", "green", "lipton", "breakfast"]);
        assert_eq!((words[0].confirmed, words[2].confirmed), (1, 2));
        assert!(!words[2].in_category);
        assert!(deciding_words("Hammer 500 g", &category, &confirmed, 5).is_empty());
        assert_eq!(deciding_words("Lipton Green Tea", &category, &confirmed, 1).len(), 1);
    }

    #[test]
    fn forms_and_compounds_are_akin() {
        for (left, right) in [("cup", "cups"), ("hammare", "hammaren"), ("hundmat", "hund"), ("te", "te")] {
            assert!(akin(left, right) && akin(right, left), "{left} {right}");
        }
        for (left, right) in [("tea", "team"), ("cat", "category"), ("hammer", "ham"), ("stol", "sto")] {
            assert!(!akin(left, right) && !akin(right, left), "{left} {right}");
        }
    }

    #[test]
    fn the_nearest_come_first_and_broken_vectors_are_near_nothing() {
        let (a, b, c) = ([1.0, 0.0, 0.0], [0.9, 0.1, 0.0], [0.0, 1.0, 0.0]);
        let broken = [f32::NAN; 3];
        let known =
            [&c[..], &a, &broken, &b[..2], &b].map(|vector| Decided { text: "", vector: Some(vector) });
        let found = nearest(&[1.0, 0.0, 0.0], &known, 2);
        assert_eq!(found.iter().map(|near| near.0).collect::<Vec<_>>(), [1, 4]);
        assert!(found[0].1 > found[1].1);
        assert!(nearest(&[0.0; 3], &known, 2).is_empty());
        assert!(nearest(&a, &[], 2).is_empty());
    }
}
