//! A sentence taken apart: every word is harmless, stands in a field or names what is told; or the sentence is refused.

use super::Why;
use super::claims::{self, Regulated};
use super::grounds::{Ground, Grounds};
use super::inflection::Tongue;
use super::judge::Refusal;
use super::tokens::Token;
use super::vocabulary::{Role, Vocabulary};
use crate::facts::FactKind;

/// What a run of tokens is.
#[derive(Debug)]
pub(super) enum Part<'v> {
    Plain,
    And,
    About,
    From,
    Supplier,
    Limit,
    Contains,
    MayContain,
    Noun(&'v [FactKind]),
    After(&'v [FactKind]),
    /// The supplier's own name of a fact.
    NameOf(usize),
    Quantity,
    Content(Vec<Ground>),
    /// The product's name.
    Name,
}

#[derive(Debug)]
pub(super) struct Item<'v> {
    pub(super) part: Part<'v>,
    pub(super) from: usize,
    pub(super) to: usize,
    /// What its word would rest on, were it no noun.
    pub(super) otherwise: Vec<Ground>,
}

/// Every token as a part of something known.
pub(super) fn parted<'v>(grounds: &Grounds<'_>, tokens: &[Token]) -> Result<Vec<Item<'v>>, Refusal> {
    let vocabulary = grounds.tongue.map(Vocabulary::of);
    let mut items = Vec::new();
    let mut unknown = Vec::new();
    let mut at = 0;
    while at < tokens.len() {
        let rest = &tokens[at..];
        let words = rest.iter().map_while(|token| token.quantity.is_none().then_some(token.text.as_str()));
        let phrase = vocabulary.and_then(|vocabulary| vocabulary.longest(words));
        let (entry_length, entries) = grounds.longest(rest);
        let name = grounds.name_at(rest).filter(|(_, whole)| *whole || grounds.foreign.is_some());
        let found: Vec<Ground> = entries.iter().map(|entry| entry.ground).collect();
        let name_length = name.map_or(0, |(length, _)| length);
        let item = |part, length: usize, otherwise| Item { part, from: at, to: at + length, otherwise };
        // A sequence of words that a fact gives stands above the name, and both above single words.
        let is_value =
            name_length == entry_length && found.iter().any(|ground| matches!(ground, Ground::Fact(_)));
        if name_length > 0 && name_length >= entry_length {
            let whole = name.is_some_and(|(_, whole)| whole);
            let part = match (is_value, whole) {
                // A product named by its taste alone: `Fläder`.
                (true, _) => Part::Content(found.iter().copied().chain([Ground::Title]).collect()),
                (false, true) => Part::Name,
                (false, false) => Part::Content(vec![Ground::Title]),
            };
            items.push(item(part, name_length, found));
        } else if let Some((role, length)) =
            phrase.filter(|(role, length)| *length >= entry_length && is_usable(role, &found))
        {
            items.push(item(part_of(role), length, found));
        } else if entry_length > 0 {
            let named = found.iter().find_map(|ground| match ground {
                Ground::NameOf(index) => Some(*index),
                _ => None,
            });
            let part = named.map_or_else(|| Part::Content(found.clone()), Part::NameOf);
            items.push(item(part, entry_length, found));
        } else if tokens[at].quantity.is_some() {
            items.push(item(Part::Quantity, 1, found));
        } else if let Some(grounds) = by_parts(grounds, &tokens[at]) {
            items.push(item(Part::Content(grounds), 1, found));
        } else if grounds.is_head(&tokens[at].text) {
            items.push(item(Part::Content(vec![Ground::Title]), 1, found));
        } else {
            unknown.push(at);
        }
        at = items.last().map_or(at, |item| item.to).max(at + usize::from(unknown.last() == Some(&at)));
    }
    match blamed(grounds, tokens, &unknown) {
        Some(refusal) => Err(refusal),
        None => Ok(items),
    }
}

/// Whether the vocabulary's reading of a word goes before that of the fields. Values of facts go before everything; words of
/// the title that compare or negate are looked at as words of the title.
fn is_usable(role: &Role, found: &[Ground]) -> bool {
    let value = found.iter().any(|ground| matches!(ground, Ground::Fact(_) | Ground::Brand));
    match role {
        Role::Negation | Role::Person | Role::Comparison | Role::Number => false,
        Role::Neutral
        | Role::Limit
        | Role::Supplier
        | Role::And
        | Role::About
        | Role::From
        | Role::Contains
        | Role::MayContain => !value,
        Role::Noun(_) => !value && !found.iter().any(|ground| matches!(ground, Ground::NameOf(_))),
        Role::After(_) => found.is_empty(),
    }
}

fn part_of<'v>(role: &'v Role) -> Part<'v> {
    match role {
        Role::And => Part::And,
        Role::About => Part::About,
        Role::From => Part::From,
        Role::Supplier => Part::Supplier,
        Role::Limit => Part::Limit,
        Role::Contains => Part::Contains,
        Role::MayContain => Part::MayContain,
        Role::Noun(kinds) => Part::Noun(kinds),
        Role::After(kinds) => Part::After(kinds),
        _ => Part::Plain,
    }
}

/// `svart/gul`, `LED-lampa` of a title with `LED lampa`: each part stands in a field.
fn by_parts(grounds: &Grounds<'_>, token: &Token) -> Option<Vec<Ground>> {
    let parts: Vec<&str> = token.text.split(['/', '-', '&']).collect();
    if parts.len() < 2 || parts.len() > 4 {
        return None;
    }
    let mut found = Vec::new();
    for part in parts {
        let word = Token { text: part.to_owned(), ..token.clone() };
        let (length, entries) = grounds.longest(std::slice::from_ref(&word));
        let usable = length == 1 && !word.is_bare_number();
        found.extend(entries.iter().filter(|_| usable).map(|entry| entry.ground));
        if !usable {
            return None;
        }
    }
    Some(found)
}

/// The worst of what is wrong with words that stand nowhere.
fn blamed(grounds: &Grounds<'_>, tokens: &[Token], unknown: &[usize]) -> Option<Refusal> {
    let words: Vec<&str> = unknown.iter().map(|at| tokens[*at].text.as_str()).collect();
    let first = words.first()?;
    let by = |why: Why, is: &dyn Fn(&str) -> bool| {
        let blamed: Vec<&str> = words.iter().copied().filter(|word| is(word)).collect();
        (!blamed.is_empty()).then(|| (why, blamed.join(", ")))
    };
    let role = |word: &str, wanted: &Role| {
        grounds.tongues().any(|tongue| Vocabulary::of(tongue).role(word) == Some(wanted))
    };
    // Most of what is unknown belongs to one other language.
    let other = Tongue::ALL.into_iter().filter(|tongue| Some(*tongue) != grounds.tongue).map(|tongue| {
        words
            .iter()
            .filter(|word| {
                Vocabulary::of(tongue)
                    .role(word)
                    .is_some_and(|role| !matches!(role, Role::Number | Role::Comparison))
            })
            .count()
    });
    let foreign = other.max().unwrap_or_default();
    if foreign * 2 >= words.len() && foreign >= 2 {
        return Some((Why::WrongLanguage, words.join(" ")));
    }
    by(Why::FoodInformation, &|word| claims::of(word) == Some(Regulated::Food))
        .or_else(|| {
            by(Why::Claim, &|word| claims::of(word) == Some(Regulated::Claim) || role(word, &Role::Negation))
        })
        .or_else(|| by(Why::NotAText, &|word| role(word, &Role::Person)))
        .or_else(|| by(Why::Number, &|word| word.chars().any(char::is_numeric) || is_number_word(word)))
        .or_else(|| {
            by(Why::Comparison, &|word| grounds.tongues().any(|tongue| Vocabulary::of(tongue).compares(word)))
        })
        .or_else(|| {
            by(Why::WrongLanguage, &|word| {
                words.len() == foreign
                    && foreign > 0
                    && Tongue::ALL.into_iter().any(|tongue| Vocabulary::of(tongue).is_neutral(word))
            })
        })
        .or_else(|| {
            Some((Why::Untraced, if words.len() == 1 { (*first).to_owned() } else { words.join(", ") }))
        })
}

/// Whether a word is a number in letters, compounds among them: `tvåhundrafemtio`, `zweihundert`, `twenty-five`.
pub(super) fn is_number_word(word: &str) -> bool {
    const JOINTS: &[&str] = &["og", "und", "en", "ett", "et", "ein", "st", "te"];
    let numbers = |part: &str| {
        Tongue::ALL.into_iter().any(|tongue| Vocabulary::of(tongue).role(part) == Some(&Role::Number))
            || JOINTS.contains(&part)
    };
    let plain: String = word.chars().filter(|c| *c != '-').collect();
    if JOINTS.contains(&plain.as_str()) || plain.len() > 60 {
        return false;
    }
    if !plain.is_empty()
        && plain.len() > 1
        && word.chars().all(|c| matches!(c, 'i' | 'v' | 'x' | 'l' | 'c' | 'm'))
    {
        return true;
    }
    // Which beginnings are made of numbers.
    let ends: Vec<usize> = plain.char_indices().map(|(at, _)| at).chain([plain.len()]).collect();
    let mut made = vec![false; plain.len() + 1];
    made[0] = true;
    for &from in &ends {
        let reached = made[from];
        for &to in ends.iter().filter(|to| reached && **to > from) {
            made[to] = made[to] || numbers(&plain[from..to]);
        }
    }
    made[plain.len()]
}
