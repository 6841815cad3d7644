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
mod index;
mod materials;
mod parts;

use berika_catalog::Language;

use super::FactKind;
pub(super) use index::{flagged, in_running_text, look_up};
pub(super) use parts::{items, parts};

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

    /// The word that `text` spells, in `language` or any other.
    pub fn find(self, text: &str, language: &Language) -> Option<Word> {
        look_up(text, self, Some(language))
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

#[cfg(test)]
mod tests {
    use std::collections::HashMap;

    use super::index::key;
    use super::*;

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
        assert_eq!(oak.spellings(&swedish).collect::<Vec<_>>(), ["ekträ", "massiv ek"]);
    }
}
