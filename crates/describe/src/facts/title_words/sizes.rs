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

/// Words for "to", of a range of sizes.
const TO: &[&str] = &["to", "till", "til", "bis", "up", "upp", "op"];

/// The size that a word announces, else, of clothes, the letters at the end. Two sizes are none.
pub(super) fn read(tokens: &[Token], clothing: bool) -> Option<Spanned> {
    let announced: Vec<Spanned> =
        (1..tokens.len()).filter_map(|at| announced(&tokens[at - 1], &tokens[at..])).collect();
    match announced.as_slice() {
        [one] => return Some(one.clone()),
        [] => {}
        _ => return None,
    }
    // Socks and shoes: `37-39`.
    const FEET: &[&str] = &[
        "strumpor",
        "sockor",
        "strømper",
        "sokker",
        "socken",
        "socks",
        "strümpfe",
        "skor",
        "schuhe",
        "shoes",
        "tofflor",
        "støvler",
        "stövlar",
        "stiefel",
        "boots",
        "slippers",
    ];
    let feet = tokens.iter().any(|token| FEET.iter().any(|end| token.lower.ends_with(end)));
    let range = |text: &str| {
        let (from, to) = text.split_once('-')?;
        let (from, to) = (from.parse::<u8>().ok()?, to.parse::<u8>().ok()?);
        ((15..=50).contains(&from) && from < to && to - from <= 6).then_some(())
    };
    let mut ranges = tokens.iter().filter(|token| feet && range(&token.lower).is_some());
    if let (Some(one), None) = (ranges.next(), ranges.next()) {
        return Some(size(&one.text, one.start, one.end));
    }
    let last = tokens.last().filter(|_| clothing && tokens.len() > 1)?;
    // Only capitals: `m` at the end may be metres that lost their number.
    let range = tokens.len() > 1 && TO.contains(&tokens[tokens.len() - 2].lower.as_str());
    let letters = !range && LETTERS.contains(&last.lower.as_str()) && last.text == last.lower.to_uppercase();
    letters.then(|| size(&last.text, last.start, last.end))
}

fn announced(word: &Token, rest: &[Token]) -> Option<Spanned> {
    let value = rest.first().filter(|value| {
        value.segment == word.segment || word.segment + 1 == value.segment && !value.after_comma
    })?;
    let system = matches!(word.text.as_str(), "EU" | "UK");
    if !system && !ANNOUNCES.contains(&word.lower.as_str()) {
        return None;
    }
    let fits = |text: &str| is_number(text, system) || !system && LETTERS.contains(&text);
    let range = rest.get(1).is_some_and(|next| TO.contains(&next.lower.as_str()));
    if !fits(&value.lower) || range {
        return None;
    }
    // `L/XL`, `38/40`
    let other =
        rest.get(1).filter(|other| other.joiner && other.start == value.end + 1 && fits(&other.lower));
    let end = other.unwrap_or(value).end;
    let written = other.map_or_else(|| value.text.clone(), |other| format!("{}/{}", value.text, other.text));
    let text = if system { format!("{} {written}", word.text) } else { written };
    Some(size(&text, if system { word.start } else { value.start }, end))
}

/// `38`, `42,5`, `38-40`, `146/152`.
fn is_number(text: &str, shoe: bool) -> bool {
    let parts: Vec<&str> = text.split(['-', '/']).collect();
    let fits = |part: &&str| {
        // Swedish trousers are `C52`.
        let part = part.strip_prefix(['c', 'd']).unwrap_or(part);
        let number: Option<f32> = part.replace(',', ".").parse().ok();
        number.is_some_and(|n| if shoe { (15.0..=60.0).contains(&n) } else { (1.0..=220.0).contains(&n) })
    };
    parts.len() <= 2 && parts.iter().all(fits)
}

fn size(text: &str, start: usize, end: usize) -> Spanned {
    (FactKind::Size, FactValue::Text(text.to_owned()), (start, end))
}
