//! Clauses of a description that are statements of their own: `Ljudnivå 92 dB`, `65% polyester 35% bomull`, `Handwäsche`,
//! `FSC-certified`, `Ab 3 Jahren`. A clause counts only as a whole, so that no word of running text is taken for one.

use berika_catalog::Language;

use super::age::from_age;
use super::clean::verbatim;
use super::free_text::Spanned;
use super::names::{Announced, announced, announces_measure};
use super::quantity::scan;
use super::words::{Vocabulary, look_up, parts};
use super::{FactKind, FactValue, Part, attributes};

/// The most characters of a clause: longer ones are prose.
const CLAUSE_MOST: usize = 80;

/// Sentences about allergens begin so.
const MAY_CONTAIN: &[&str] = &[
    "kan innehålla",
    "may contain",
    "kan indeholde",
    "kan inneholde",
    "kann spuren",
    "kann enthalten",
    "may also contain",
];

/// Clauses about where it is made begin so.
const MADE_IN: &[&str] = &[
    "made in",
    "produced in",
    "product of",
    "tillverkad i",
    "producerad i",
    "hergestellt in",
    "fremstillet i",
    "produceret i",
    "produsert i",
];

/// What each sentence of `text` says. `start` is where the text stands in its field.
pub(super) fn read(text: &str, start: usize, language: Option<&Language>) -> Vec<Spanned> {
    let mut found = Vec::new();
    for (at, sentence) in pieces(text, start, |c| matches!(c, '.' | ';' | '!' | '•')) {
        let lower = sentence.to_lowercase();
        if MAY_CONTAIN.iter().any(|opening| lower.starts_with(opening)) {
            if let Ok(copied) = verbatim(sentence) {
                found.push((FactKind::MayContain, FactValue::Verbatim(copied), (at, at + sentence.len())));
            }
            continue;
        }
        if sentence.chars().count() > 2 * CLAUSE_MOST {
            continue;
        }
        // A blend is one clause with its commas.
        if let Some(value) = blend(sentence, language) {
            found.push((FactKind::Material, value, (at, at + sentence.len())));
            continue;
        }
        for (at, clause) in pieces(sentence, at, |c| c == ',') {
            let facts = of_clause(clause, language);
            found.extend(facts.into_iter().map(|(kind, value)| (kind, value, (at, at + clause.len()))));
        }
    }
    found
}

/// The pieces of `text` with their first byte. A stop between digits or behind a short word is none.
fn pieces(text: &str, start: usize, is_stop: impl Fn(char) -> bool) -> Vec<(usize, &str)> {
    let mut pieces = Vec::new();
    let mut from = 0;
    for (at, c) in text.char_indices().filter(|(_, c)| is_stop(*c)) {
        let next = text[at + c.len_utf8()..].chars().next();
        let within = next.is_some_and(|next| !next.is_whitespace());
        let word = text[from..at].rsplit(char::is_whitespace).next().unwrap_or_default();
        let short = c == '.'
            && matches!(
                word.to_lowercase().as_str(),
                "max"
                    | "min"
                    | "ca"
                    | "mind"
                    | "maks"
                    | "inkl"
                    | "str"
                    | "stl"
                    | "gr"
                    | "tr"
                    | "i"
                    | "approx"
            );
        if !within && !short {
            pieces.push((from, at));
            from = at + c.len_utf8();
        }
    }
    pieces.push((from, text.len()));
    let trimmed = pieces.into_iter().map(|(from, to)| {
        let piece = &text[from..to];
        (start + from + (piece.len() - piece.trim_start().len()), piece.trim())
    });
    trimmed.filter(|(_, piece)| !piece.is_empty()).collect()
}

/// Materials with their shares; without a share a material may be a part's.
fn blend(text: &str, language: Option<&Language>) -> Option<FactValue> {
    let parts = parts(text, Vocabulary::Materials, language)?;
    let clause = !text.contains(['/', '&', '+']) && text.chars().count() <= 30;
    let shared = parts.iter().all(|part| part.percent.is_some());
    (shared || clause && parts.len() == 1).then_some(FactValue::Words(parts))
}

/// `Perkal i 100 % bomull`: a material that is the whole of the thing, at the end of a clause.
fn pure(clause: &str, language: Option<&Language>) -> Option<FactValue> {
    let at = clause.find("100 %").or_else(|| clause.find("100%"))?;
    let before = clause[..at].trim_end();
    let stands_alone = before.is_empty()
        || [" i", " in", " av", " af", " aus", " of"].iter().any(|word| before.ends_with(word));
    stands_alone
        .then(|| parts(&clause[at..], Vocabulary::Materials, language))
        .flatten()
        .map(FactValue::Words)
}

fn of_clause(clause: &str, language: Option<&Language>) -> Vec<(FactKind, FactValue)> {
    if clause.chars().count() > CLAUSE_MOST {
        return Vec::new();
    }
    if let Some(value) = blend(clause, language).or_else(|| pure(clause, language)) {
        return vec![(FactKind::Material, value)];
    }
    let word = |kind: FactKind, list| {
        let word = look_up(clause, list, language).filter(|_| clause.chars().any(char::is_alphabetic))?;
        Some((kind, FactValue::Words(vec![Part { percent: None, word }])))
    };
    if let Some(found) =
        word(FactKind::Care, Vocabulary::Care).or_else(|| word(FactKind::Diet, Vocabulary::Diets))
    {
        return vec![found];
    }
    if let Some(age) = from_age(clause, language).filter(|_| begins_with_from(clause)) {
        return vec![(FactKind::AgeRecommendation, FactValue::Quantity(age))];
    }
    let lower = clause.to_lowercase();
    if MADE_IN.iter().any(|words| lower.starts_with(words))
        && let Some(country) = parts(clause, Vocabulary::Countries, language).filter(|found| found.len() == 1)
    {
        return vec![(FactKind::Origin, FactValue::Words(country))];
    }
    measure(clause, language)
}

fn begins_with_from(clause: &str) -> bool {
    let first = clause.split_whitespace().next().unwrap_or_default().to_lowercase();
    ["från", "fra", "from", "ab", "age", "ages", "ålder", "alder", "alter", "fr.o.m."]
        .contains(&first.as_str())
}

/// `Max vridmoment 60 Nm`: a known name and its quantity at the end.
fn measure(clause: &str, language: Option<&Language>) -> Vec<(FactKind, FactValue)> {
    let Some(at) = clause.find(|c: char| c.is_ascii_digit() || c == 'Ø') else { return Vec::new() };
    let name = clause[..at].trim();
    let value = clause[at..].trim_start_matches('Ø');
    if announced(name).0 == Announced::Output {
        return attributes::read(name, value, language).unwrap_or_default();
    }
    // One quantity alone: a range or a list says something else.
    let whole = matches!(scan(clause, language).as_slice(), [one] if one.end == clause.len())
        || !value.contains(char::is_whitespace)
        || value.split_whitespace().count() == 2;
    if name.is_empty() || !whole {
        return Vec::new();
    }
    let mut words: Vec<&str> = name.split_whitespace().collect();
    const FILLERS: &[&str] =
        &["max.", "max", "maks", "maks.", "är", "is", "er", "ist", "på", "von", "of", "ca", "ca."];
    while words.len() > 1 && words.last().is_some_and(|word| FILLERS.contains(&word.to_lowercase().as_str()))
    {
        words.pop();
    }
    let name = words.join(" ");
    if !announces_measure(&name) {
        return Vec::new();
    }
    let mut read = attributes::read(&name, value, language).unwrap_or_default();
    read.retain(|(_, value)| matches!(value, FactValue::Quantity(_)));
    read
}
