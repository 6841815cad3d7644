//! Words looked up by their spelling.

use std::collections::HashMap;
use std::sync::LazyLock;

use berika_catalog::Language;

use super::{LANGUAGES, Vocabulary, WHOLE, Word, column, countries, first};

/// The word in the product's own language, else in any.
pub(in crate::facts) fn look_up(text: &str, list: Vocabulary, language: Option<&Language>) -> Option<Word> {
    if text.len() > LONGEST {
        return None;
    }
    let index = &INDEX[list as usize];
    let wanted = key(text, list);
    let own = language.and_then(column).and_then(|column| index.columns[column].get(&wanted));
    let found = own.or_else(|| index.columns.iter().find_map(|column| column.get(&wanted)));
    found.or_else(|| index.codes.get(&wanted)).map(|&at| Word(&list.entries()[at]))
}

/// The word that running text of `language` writes so, in lower case; see [`Word::spellings`].
pub(in crate::facts) fn in_running_text(lower: &str, list: Vocabulary, language: &Language) -> Option<Word> {
    let running = &INDEX[list as usize].running[column(language)?];
    running.get(lower).map(|&at| Word(&list.entries()[at]))
}

/// A word whose spelling a flag's name is: `glutenfri`, `is_vegan`. Compared by letters and digits alone.
pub(in crate::facts) fn flagged(name: &str) -> Option<(Vocabulary, Word)> {
    if name.len() > LONGEST {
        return None;
    }
    let bare = letters(name);
    let of = |bare: &str| FLAGS.get(bare).map(|&(list, at)| (list, Word(&list.entries()[at])));
    of(&bare).or_else(|| bare.strip_prefix("is").and_then(of))
}

/// Longer texts are none of the words.
const LONGEST: usize = 200;

/// Where each spelling of a list stands, per language.
struct Index {
    columns: [HashMap<String, usize>; LANGUAGES.len()],
    /// Of these, those that running text is searched for, in lower case.
    running: [HashMap<String, usize>; LANGUAGES.len()],
    codes: HashMap<String, usize>,
}

static INDEX: LazyLock<[Index; Vocabulary::ALL.len()]> = LazyLock::new(|| Vocabulary::ALL.map(Index::of));

/// Spellings of what may be a flag, by their letters.
static FLAGS: LazyLock<HashMap<String, (Vocabulary, usize)>> = LazyLock::new(|| {
    let mut flags = HashMap::new();
    for list in [Vocabulary::Diets, Vocabulary::Certifications, Vocabulary::Care] {
        for (at, entry) in list.entries().iter().enumerate() {
            let spellings = entry.iter().flat_map(|column| column.split('|'));
            for spelling in spellings.filter(|spelling| !spelling.starts_with(WHOLE)) {
                flags.entry(letters(spelling)).or_insert((list, at));
            }
        }
    }
    flags
});

fn letters(text: &str) -> String {
    text.to_lowercase().chars().filter(|c| c.is_alphanumeric()).collect()
}

impl Index {
    fn of(list: Vocabulary) -> Self {
        let entries = list.entries();
        let column = |column: usize| {
            let mut words = HashMap::new();
            for (at, entry) in entries.iter().enumerate() {
                for spelling in entry[column].split('|') {
                    words.entry(key(spelling.trim_start_matches(WHOLE), list)).or_insert(at);
                }
            }
            words
        };
        let mut codes = HashMap::new();
        if list == Vocabulary::Countries {
            for (spellings, name) in countries::CODES {
                let Some(at) = entries.iter().position(|entry| first(entry[0]) == *name) else { continue };
                codes.extend(spellings.split('|').map(|code| (code.to_owned(), at)));
            }
        }
        let running = |column: usize| {
            let mut words = HashMap::new();
            for (at, entry) in entries.iter().enumerate() {
                for spelling in entry[column].split('|').filter(|spelling| !spelling.starts_with(WHOLE)) {
                    words.entry(spelling.to_lowercase()).or_insert(at);
                }
            }
            words
        };
        Self { columns: std::array::from_fn(column), running: std::array::from_fn(running), codes }
    }
}

/// A care instruction without degree signs and hyphens, its temperature last: `40°C maskintvätt` is `maskintvätt 40`.
fn care_key(lower: &str) -> String {
    const DEGREES: &[&str] = &["c", "grader", "graders", "grad", "degrees", "celsius"];
    let plain = lower.replace(['-', '°', 'º', '˚'], " ");
    let number = |word: &str| !word.is_empty() && word.bytes().all(|b| b.is_ascii_digit());
    let bare = |word| str::strip_suffix(word, 'c').filter(|rest| number(rest)).unwrap_or(word);
    let mut words: Vec<&str> =
        plain.split_whitespace().filter(|word| !DEGREES.contains(word)).map(bare).collect();
    if words.first().is_some_and(|word| number(word)) {
        words.rotate_left(1);
    }
    words.join(" ")
}

/// What spellings are compared by.
pub(super) fn key(text: &str, list: Vocabulary) -> String {
    let lower = text.trim().trim_end_matches('.').to_lowercase();
    match list {
        Vocabulary::Care => care_key(&lower),
        Vocabulary::Diets | Vocabulary::Certifications => {
            lower.replace(['-', '®', '™'], " ").split_whitespace().collect::<Vec<_>>().join(" ")
        }
        _ => lower,
    }
}
