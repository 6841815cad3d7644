//! Words that mean the same in Swedish, English, Danish, Norwegian and German: common colours, materials, countries,
//! diets, certifications and care instructions.
//!
//! The lists are closed on purpose. What is not in them has no word in another language and is left out there. Each list
//! is a file of its own with a line per word and a column per language; in a column the first spelling is the one that is
//! written, the others behind a bar are understood. A spelling behind `=` is understood only where it is the whole value:
//! as a word of running text it mostly says something else (Swedish "bok", a book, is also beech).

mod care;
mod certifications;
mod colours;
mod countries;
mod diets;
mod materials;

use std::collections::HashMap;
use std::sync::LazyLock;

use berika_catalog::Language;
use rust_decimal::Decimal;

use super::number::{Blanks, number};
use super::{FactKind, Part};

/// A closed list of words.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Vocabulary {
    /// Colours.
    Colours,
    /// Materials.
    Materials,
    /// Countries.
    Countries,
    /// Diets: vegan, gluten-free.
    Diets,
    /// Marks that others award: KRAV, FSC.
    Certifications,
    /// Care instructions.
    Care,
}

impl Vocabulary {
    /// Every list.
    pub const ALL: [Self; 6] =
        [Self::Colours, Self::Materials, Self::Countries, Self::Diets, Self::Certifications, Self::Care];

    /// The list that facts of `kind` take their words from.
    pub fn of(kind: &FactKind) -> Option<Self> {
        match kind {
            FactKind::Colour => Some(Self::Colours),
            FactKind::Material => Some(Self::Materials),
            FactKind::Origin => Some(Self::Countries),
            FactKind::Diet => Some(Self::Diets),
            FactKind::Certification => Some(Self::Certifications),
            FactKind::Care => Some(Self::Care),
            _ => None,
        }
    }

    /// All words of the list, in a fixed order.
    pub fn words(self) -> impl Iterator<Item = Word> {
        self.entries().iter().map(Word)
    }

    fn entries(self) -> &'static [Entry] {
        match self {
            Self::Colours => colours::COLOURS,
            Self::Materials => materials::MATERIALS,
            Self::Countries => countries::COUNTRIES,
            Self::Diets => diets::DIETS,
            Self::Certifications => certifications::CERTIFICATIONS,
            Self::Care => care::CARE,
        }
    }
}

/// The languages of the columns.
const LANGUAGES: [&str; 5] = ["sv", "en", "da", "no", "de"];

/// One word, a column per language of [`LANGUAGES`].
type Entry = [&'static str; 5];

/// Stands before a spelling that is understood only as a whole value.
const WHOLE: char = '=';

/// A word known in every language of [`Vocabulary`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Word(&'static Entry);

impl Word {
    /// The word in `language`, in the form that stands in a list: `black`, `schwarz`, `Baumwolle`. `None` for a language
    /// other than Swedish, English, Danish, Norwegian and German.
    ///
    /// Adjectives are not inflected. Nouns of German have their capital, and countries that take an article in English
    /// have it.
    pub fn in_language(&self, language: &Language) -> Option<&'static str> {
        column(language).map(|column| first(self.0[column]))
    }

    /// Every way in which running text of `language` may write the word: inflections and synonyms, the form of
    /// [`Word::in_language`] first where it is no common word of another meaning. To be compared without case.
    pub fn spellings(&self, language: &Language) -> impl Iterator<Item = &'static str> + use<> {
        let words = column(language).map_or("", |column| self.0[column]);
        words.split('|').filter(|word| !word.is_empty() && !word.starts_with(WHOLE))
    }

    /// The English word.
    pub fn english(&self) -> &'static str {
        first(self.0[1])
    }
}

fn column(language: &Language) -> Option<usize> {
    LANGUAGES.iter().position(|tag| *tag == language.as_str())
}

fn first(words: &'static str) -> &'static str {
    words.split('|').next().unwrap_or(words).trim_start_matches(WHOLE)
}

/// The most parts of a blend or of a pattern of colours.
const PARTS_MOST: usize = 4;

/// The most items of a list of labels or care instructions.
const ITEMS_MOST: usize = 20;

/// Reads `röd/vit`, `80% bomull, 20% polyester`, `Rostfritt stål och trä`; `None` unless every part is known.
pub(super) fn parts(text: &str, list: Vocabulary, language: Option<&Language>) -> Option<Vec<Part>> {
    // The whole may be one entry that holds a separator or a number: `18/10`.
    if let Some(word) = look_up(text, list, language) {
        return Some(vec![Part { percent: None, word }]);
    }
    let text = bare(text, list);
    let pieces = split(&text);
    if pieces.is_empty() || pieces.len() > PARTS_MOST {
        return None;
    }
    let parts = pieces.iter().map(|piece| part(piece, list, language)).collect::<Option<Vec<_>>>()?;
    let shares: Vec<Decimal> = parts.iter().filter_map(|part| part.percent).collect();
    let sensible = shares.is_empty()
        || list == Vocabulary::Materials
            && shares.len() == parts.len()
            && shares.iter().sum::<Decimal>() <= Decimal::ONE_HUNDRED;
    let distinct = parts.iter().enumerate().all(|(i, a)| parts[..i].iter().all(|b| a.word != b.word));
    (sensible && distinct).then_some(parts)
}

/// The text less what a word stands without: the grade of steel, the finish of a colour, "made in".
fn bare(text: &str, list: Vocabulary) -> String {
    const GRADES: &[&str] = &["18/0", "18/8", "18/10", "304", "316"];
    const FINISHES: &[&str] =
        &["matt", "matte", "mat", "matta", "blank", "glossy", "gloss", "glänzend", "blankt"];
    const MADE_IN: &[&str] = &[
        "made in ",
        "produced in ",
        "product of ",
        "tillverkad i ",
        "producerad i ",
        "producerat i ",
        "hergestellt in ",
        "fremstillet i ",
        "produceret i ",
        "produsert i ",
        "laget i ",
    ];
    let without = |words: &[&str]| {
        let kept = text.split_whitespace().filter(|word| !words.contains(&word.to_lowercase().as_str()));
        kept.collect::<Vec<_>>().join(" ")
    };
    match list {
        Vocabulary::Materials => without(GRADES),
        Vocabulary::Colours => without(FINISHES),
        Vocabulary::Countries => {
            let lower = text.to_lowercase();
            let from = MADE_IN.iter().find(|words| lower.starts_with(**words)).map_or(0, |words| words.len());
            text.get(from..).unwrap_or(text).to_owned()
        }
        _ => text.to_owned(),
    }
}

/// Items of a list, each a statement of its own: labels, diets, care instructions. Those that are known, and whether all
/// are.
///
/// Only signs separate: "do not bleach and tumble dry" is one item, and unknown.
pub(super) fn items(text: &str, list: Vocabulary, language: Option<&Language>) -> (Vec<Part>, bool) {
    // Marks and diets may stand with an "and" between; an instruction may go on behind one.
    let marked = match list {
        Vocabulary::Diets | Vocabulary::Certifications => [" och ", " and ", " og ", " und ", " + ", " & "]
            .iter()
            .fold(text.to_owned(), |t, and| t.replace(and, ", ")),
        _ => text.to_owned(),
    };
    let pieces = || {
        marked
            .split([',', ';', '|', '\n', '•', '·'])
            .flat_map(|piece| piece.split(". "))
            .flat_map(|piece| {
                if look_up(piece, list, language).is_some() {
                    vec![piece]
                } else {
                    piece.split('/').collect()
                }
            })
            .map(str::trim)
            .filter(|piece| !piece.is_empty())
    };
    let known: Vec<Option<Word>> =
        pieces().take(ITEMS_MOST).map(|piece| look_up(piece, list, language)).collect();
    let all = known.iter().all(Option::is_some) && pieces().nth(ITEMS_MOST).is_none();
    let mut parts: Vec<Part> = Vec::new();
    for word in known.into_iter().flatten() {
        if parts.iter().all(|part| part.word != word) {
            parts.push(Part { percent: None, word });
        }
    }
    (parts, all)
}

fn part(piece: &str, list: Vocabulary, language: Option<&Language>) -> Option<Part> {
    let with_share = number(piece, language, Blanks::Separate).and_then(|(percent, length)| {
        let word = piece[length..].trim_start().strip_prefix('%')?.trim();
        Some(Part { percent: Some(percent), word: look_up(word, list, language)? })
    });
    let share_behind = || {
        let (word, share) = piece.rsplit_once(' ')?;
        let (percent, length) = number(share.trim_end_matches('%'), language, Blanks::Separate)?;
        let whole = share.ends_with('%') && share[length..] == *"%";
        whole.then_some(())?;
        Some(Part { percent: Some(percent), word: look_up(word, list, language)? })
    };
    with_share
        .or_else(share_behind)
        .or_else(|| Some(Part { percent: None, word: look_up(piece, list, language)? }))
}

/// At commas, slashes, words for "and", and before a share that follows a word.
fn split(text: &str) -> Vec<String> {
    let mut marked = text.replace([';', '/', '+', '&', '\n'], ",");
    for and in [" och ", " and ", " og ", " und "] {
        marked = marked.replace(and, ",");
    }
    // A comma between digits is a decimal sign.
    let chars: Vec<char> = marked.chars().collect();
    let digit = |i: usize| chars.get(i).is_some_and(char::is_ascii_digit);
    let mut pieces = vec![String::new()];
    for (i, &c) in chars.iter().enumerate() {
        let separates = c == ',' && !(i > 0 && digit(i - 1) && digit(i + 1));
        let starts_share = c == ' ' && digit(i + 1) && i > 0 && chars[i - 1].is_alphabetic();
        match pieces.last_mut() {
            Some(last) if !(separates || starts_share && leads_with_digit(last)) => last.push(c),
            _ => pieces.push(String::new()),
        }
    }
    pieces.iter().map(|p| p.trim().to_owned()).filter(|p| !p.is_empty()).collect()
}

fn leads_with_digit(text: &str) -> bool {
    text.trim_start().starts_with(|c: char| c.is_ascii_digit())
}

/// The word in the product's own language, else in any.
pub(super) fn look_up(text: &str, list: Vocabulary, language: Option<&Language>) -> Option<Word> {
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
pub(super) fn in_running_text(lower: &str, list: Vocabulary, language: &Language) -> Option<Word> {
    let running = &INDEX[list as usize].running[column(language)?];
    running.get(lower).map(|&at| Word(&list.entries()[at]))
}

/// A word whose spelling a flag's name is: `glutenfri`, `is_vegan`. Compared by letters and digits alone.
pub(super) fn flagged(name: &str) -> Option<(Vocabulary, Word)> {
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
fn key(text: &str, list: Vocabulary) -> String {
    let lower = text.trim().trim_end_matches('.').to_lowercase();
    match list {
        Vocabulary::Care => care_key(&lower),
        Vocabulary::Diets | Vocabulary::Certifications => {
            lower.replace(['-', '®', '™'], " ").split_whitespace().collect::<Vec<_>>().join(" ")
        }
        _ => lower,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str, list: Vocabulary, language: &str) -> Option<Vec<String>> {
        let parts = parts(text, list, Language::parse(language).ok().as_ref())?;
        let show = |part: &Part| {
            let share = part.percent.map(|p| format!("{p} % ")).unwrap_or_default();
            format!("{share}{}", part.word.english())
        };
        Some(parts.iter().map(show).collect())
    }

    #[test]
    fn words_of_five_languages_mean_the_same() {
        for (text, language) in [
            ("Svart", "sv"),
            ("black", "en"),
            ("Sort", "da"),
            ("Schwarz", "de"),
            ("Svarte", "no"),
            ("Black", "sv"),
        ] {
            assert_eq!(read(text, Vocabulary::Colours, language), Some(vec!["black".to_owned()]), "{text}");
        }
        assert_eq!(read("DE", Vocabulary::Countries, "sv"), Some(vec!["Germany".to_owned()]));
        assert_eq!(read("Midnattsblå", Vocabulary::Colours, "sv"), None);
    }

    #[test]
    fn blends_keep_their_shares() {
        for text in ["80% bomull, 20% polyester", "80 % bomull 20 % polyester", "Bomull 80%, polyester 20%"] {
            let expected = vec!["80 % cotton".to_owned(), "20 % polyester".to_owned()];
            assert_eq!(read(text, Vocabulary::Materials, "sv"), Some(expected), "{text}");
        }
        assert_eq!(
            read("92,5% bomull/7,5% elastan", Vocabulary::Materials, "sv"),
            Some(vec!["92.5 % cotton".to_owned(), "7.5 % elastane".to_owned()])
        );
        assert_eq!(read("80% bomull, polyester", Vocabulary::Materials, "sv"), None);
        assert_eq!(read("80% bomull, 80% polyester", Vocabulary::Materials, "sv"), None);
        assert_eq!(read("bomull, okänt", Vocabulary::Materials, "sv"), None);
        assert_eq!(read("Rostfritt stål och trä", Vocabulary::Materials, "sv").map(|p| p.len()), Some(2));
    }

    #[test]
    fn every_word_is_known_in_five_languages_and_means_one_thing_in_each() {
        for list in Vocabulary::ALL {
            for (column, tag) in LANGUAGES.iter().enumerate() {
                let language = Language::parse(tag).unwrap();
                let mut seen = HashMap::new();
                for (at, entry) in list.entries().iter().enumerate() {
                    assert!(!first(entry[column]).is_empty(), "{list:?} {tag} {entry:?}");
                    for spelling in entry[column].split('|') {
                        let spelling = spelling.trim_start_matches(WHOLE);
                        assert_eq!(spelling, spelling.trim(), "{list:?} {tag}");
                        let other = seen.insert(key(spelling, list), at).filter(|other| *other != at);
                        assert_eq!(other, None, "{list:?} {tag} {spelling}");
                        assert_eq!(look_up(spelling, list, Some(&language)), Some(Word(entry)), "{spelling}");
                    }
                }
            }
        }
        for (codes, name) in countries::CODES {
            assert!(countries::COUNTRIES.iter().any(|entry| first(entry[0]) == *name), "{codes}");
        }
        assert_eq!(countries::CODES.len(), countries::COUNTRIES.len());
    }

    #[test]
    fn words_are_written_in_a_language_and_recognised_in_its_texts() {
        let black = look_up("Svart", Vocabulary::Colours, None).unwrap();
        let oak = look_up("ek", Vocabulary::Materials, Language::parse("sv").ok().as_ref()).unwrap();
        let [norwegian, german, finnish] = ["no", "de", "fi"].map(|tag| Language::parse(tag).unwrap());
        assert_eq!(black.in_language(&norwegian), Some("svart"));
        assert_eq!(oak.in_language(&german), Some("Eichenholz"));
        assert_eq!(oak.in_language(&finnish), None);
        assert!(black.spellings(&german).any(|word| word == "schwarzen"));
        let swedish = Language::parse("sv").unwrap();
        assert_eq!(oak.in_language(&swedish), Some("ek"));
        assert_eq!(oak.spellings(&swedish).collect::<Vec<_>>(), ["ekträ"]);
    }
}
