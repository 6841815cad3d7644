//! Sizes of clothes and shoes in titles: `stl M`, `Größe 38`, `EU 42`, `T-shirt svart XL`.

use super::tokens::Token;
use crate::facts::free_text::Spanned;
use crate::facts::{FactKind, FactValue};

/// Words that announce a size.
const ANNOUNCES: &[&str] = &[
    "stl",
    "strl",
    "str",
    "storlek",
    "størrelse",
    "size",
    "größe",
    "groesse",
    "grösse",
    "gr",
    "stl.",
    "str.",
];

/// Letters of sizes that stand for themselves.
const LETTERS: &[&str] =
    &["xxs", "xs", "s", "m", "l", "xl", "xxl", "xxxl", "2xl", "3xl", "4xl", "5xl", "s/m", "m/l", "l/xl"];

/// The size that a word announces, else, of clothes, the letters at the end. Two sizes are none.
pub(super) fn read(tokens: &[Token], clothing: bool) -> Option<Spanned> {
    let announced: Vec<Spanned> =
        tokens.windows(2).filter_map(|pair| announced(&pair[0], &pair[1])).collect();
    match announced.as_slice() {
        [one] => return Some(one.clone()),
        [] => {}
        _ => return None,
    }
    let last = tokens.last().filter(|_| clothing && tokens.len() > 1)?;
    // Only capitals: `m` at the end may be metres that lost their number.
    let letters = LETTERS.contains(&last.lower.as_str()) && last.text == last.lower.to_uppercase();
    letters.then(|| size(&last.text, last.start, last.end))
}

fn announced(word: &Token, value: &Token) -> Option<Spanned> {
    let system = matches!(word.text.as_str(), "EU" | "UK");
    let announces = ANNOUNCES.contains(&word.lower.as_str());
    let number = is_shoe_or_clothes_number(&value.lower, system);
    // `size 500g` and `gr` of grams behind a number are none.
    if system && number {
        return Some(size(&format!("{} {}", word.text, value.text), word.start, value.end));
    }
    let letters = LETTERS.contains(&value.lower.as_str());
    (announces && (number || letters)).then(|| size(&value.text, value.start, value.end))
}

/// `38`, `42,5`, `38-40`, `146/152`.
fn is_shoe_or_clothes_number(text: &str, shoe: bool) -> bool {
    let parts: Vec<&str> = text.split(['-', '/']).collect();
    let fits = |part: &&str| {
        let number: Option<f32> = part.replace(',', ".").parse().ok();
        number.is_some_and(|n| if shoe { (15.0..=60.0).contains(&n) } else { (1.0..=220.0).contains(&n) })
    };
    parts.len() <= 2 && parts.iter().all(fits)
}

fn size(text: &str, start: usize, end: usize) -> Spanned {
    (FactKind::Size, FactValue::Text(text.to_owned()), (start, end))
}
