//! A header taken apart and compared with the vocabulary.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::LazyLock;

use super::price;
use super::vocabulary::{Meaning, TABLE};

/// Currencies that headers and cells name.
pub(super) const CURRENCIES: [&str; 12] =
    ["sek", "dkk", "nok", "eur", "usd", "gbp", "isk", "pln", "chf", "cad", "aud", "czk"];

/// Languages as headers end with them: `Benämning (SV)`, `title_en`.
const LANGUAGES: &[(&str, &str)] = &[
    ("sv", "sv"),
    ("se", "sv"),
    ("swe", "sv"),
    ("svenska", "sv"),
    ("da", "da"),
    ("dk", "da"),
    ("dan", "da"),
    ("dansk", "da"),
    ("nb", "no"),
    ("nor", "no"),
    ("norsk", "no"),
    ("fi", "fi"),
    ("fin", "fi"),
    ("suomi", "fi"),
    ("de", "de"),
    ("deu", "de"),
    ("ger", "de"),
    ("deutsch", "de"),
    ("en", "en"),
    ("eng", "en"),
    ("gb", "en"),
    ("english", "en"),
    ("engelska", "en"),
    ("nl", "nl"),
    ("fr", "fr"),
];

/// Words that add nothing: `Produktens färg`, `Product color name`.
const NAME_WORDS: [&str; 16] = [
    "name",
    "namn",
    "navn",
    "nimi",
    "text",
    "tekst",
    "valu",
    "title",
    "label",
    "bezeichnung",
    "benamning",
    "benamnelse",
    "amount",
    "varde",
    "beskrivning",
    "description",
];

/// Words that make a number of another thing's name: `Varugruppskod`, `brand_id`.
const CODE_WORDS: [&str; 9] = ["nr", "id", "kod", "kode", "code", "koodi", "key", "nro", "tunnus"];

/// A header in parts.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Header {
    /// Folded words without what stands in the fields below.
    pub(super) words: Vec<String>,
    pub(super) currency: Option<&'static str>,
    pub(super) language: Option<&'static str>,
    /// The number at its end: `Bild 2`.
    pub(super) ordinal: Option<u32>,
}

/// What a header may mean, best first in no order: the sureness per meaning.
pub(super) type Senses = BTreeMap<Meaning, f64>;

/// A term of the vocabulary.
struct Term {
    meaning: Meaning,
    weight: f64,
    languages: BTreeSet<&'static str>,
    words: Vec<String>,
    compact: String,
}

static TERMS: LazyLock<Vec<Term>> = LazyLock::new(|| {
    let mut terms: BTreeMap<(Meaning, String), Term> = BTreeMap::new();
    for (meaning, weight, language, words) in TABLE {
        for word in words.split(',') {
            let words = fold(word);
            let compact = words.concat();
            let term = terms.entry((*meaning, compact.clone())).or_insert_with(|| Term {
                meaning: *meaning,
                weight: *weight,
                languages: BTreeSet::new(),
                words,
                compact,
            });
            term.weight = term.weight.max(*weight);
            term.languages.insert(language);
        }
    }
    terms.into_values().collect()
});

impl Header {
    pub(super) fn new(name: &str) -> Self {
        let mut header = Self { words: fold(name), ..Self::default() };
        let currency = |word: &String| CURRENCIES.iter().find(|code| **code == word.as_str()).copied();
        if header.words.len() > 1 {
            header.currency = header.words.iter().find_map(currency);
            header.words.retain(|word| currency(word).is_none());
        }
        if header.words.len() > 1 {
            let last = header.words.last().map(String::as_str).unwrap_or_default();
            header.language = LANGUAGES.iter().find(|(word, _)| *word == last).map(|(_, tag)| *tag);
            if header.language.is_some() {
                header.words.pop();
            }
        }
        if header.words.len() > 1 {
            let last = header.words.last().map(String::as_str).unwrap_or_default();
            header.ordinal = last.parse().ok().filter(|n| (1..100).contains(n));
            if header.ordinal.is_some() {
                header.words.pop();
            }
        }
        header
    }

    pub(super) fn compact(&self) -> String {
        self.words.concat()
    }

    /// What the header may mean and how surely, from 0 to 1.
    pub(super) fn senses(&self) -> Senses {
        let mut whole = senses_of(&self.words);
        if let Some(ordinal) = self.ordinal {
            // `EAN 13` is a term of its own; `Bild 2` is one with a number behind.
            let mut words = self.words.clone();
            words.push(ordinal.to_string());
            whole = stronger(whole, senses_of(&words));
        }
        if let Some(kind) = price::Kind::of(&self.words) {
            let sure = if kind == price::Kind::Other { 0.0 } else { 1.0 };
            if kind == price::Kind::Other {
                whole.insert(Meaning::Other, 0.95);
            } else {
                whole.retain(|meaning, _| *meaning == Meaning::Price);
            }
            whole.insert(Meaning::Price, sure);
        }
        whole
    }

    /// Languages in which the header is a word of the vocabulary; none where it is one in every language.
    pub(super) fn languages(&self) -> BTreeSet<&'static str> {
        let compact = self.compact();
        let exact = TERMS.iter().filter(|term| term.compact == compact);
        exact.flat_map(|term| term.languages.iter().copied()).filter(|tag| !tag.is_empty()).collect()
    }
}

/// As [`Header::senses`], for a dotted or slashed path: `brand.name`, `price/amount`.
pub(super) fn senses_of_path(name: &str) -> Senses {
    let whole = Header::new(name).senses();
    let Some((parent, last)) = name.rsplit_once(['.', '/']).filter(|(_, last)| last.len() > 1) else {
        return whole;
    };
    let last_words = fold(last);
    let parent_part = parent.rsplit(['.', '/']).next().unwrap_or(parent);
    let of_parent = Header::new(parent_part).senses();
    let generic = last_words.len() == 1
        && (NAME_WORDS.contains(&last_words[0].as_str()) || CODE_WORDS.contains(&last_words[0].as_str()));
    if generic && of_parent.values().any(|sure| *sure > 0.8) {
        return whole;
    }
    let mut senses = Header::new(last).senses();
    // What a product lists below itself is less surely the product's own.
    senses.values_mut().for_each(|sure| *sure *= 0.92);
    let below_variants = ["variant", "variants", "offer", "offers", "product", "item", "sku"];
    if !below_variants.contains(&parent_part.to_lowercase().as_str()) {
        for (meaning, sure) in of_parent {
            let sure = sure * 0.7;
            senses.entry(meaning).and_modify(|known| *known = known.max(sure)).or_insert(sure);
        }
    }
    stronger(senses, whole)
}

fn stronger(mut one: Senses, other: Senses) -> Senses {
    for (meaning, sure) in other {
        one.entry(meaning).and_modify(|known| *known = known.max(sure)).or_insert(sure);
    }
    one
}

fn senses_of(words: &[String]) -> Senses {
    let compact = words.concat();
    let mut found = matches(words, &compact);
    let exact = found.values().any(|(quality, _)| *quality >= 1.0);
    if !exact && let Some(entity) = entity(words, &compact) {
        found.retain(|meaning, _| entity.contains_key(meaning));
        for (meaning, sure) in entity {
            found.insert(meaning, (0.95, sure));
        }
    }
    // A header that is a term takes belief from what it is only like.
    let best = found.values().map(|(quality, _)| *quality).fold(0.0, f64::max);
    let sure = |(quality, sure): (f64, f64)| if quality + 0.12 < best { sure * 0.45 } else { sure };
    found.into_iter().map(|(meaning, found)| (meaning, sure(found))).collect()
}

/// Per meaning how well the best term matches, and that times its weight.
fn matches(words: &[String], compact: &str) -> BTreeMap<Meaning, (f64, f64)> {
    let mut found: BTreeMap<Meaning, (f64, f64)> = BTreeMap::new();
    if compact.is_empty() {
        return found;
    }
    for term in TERMS.iter() {
        let quality = quality(words, compact, term);
        if quality > 0.0 {
            let sure = quality * term.weight;
            let known = found.entry(term.meaning).or_insert((quality, sure));
            if sure > known.1 {
                *known = (quality, sure);
            }
        }
    }
    found
}

fn quality(words: &[String], compact: &str, term: &Term) -> f64 {
    if compact == term.compact {
        return 1.0;
    }
    // What a word may mean by itself it hardly means within another.
    if term.weight < 0.6 {
        return 0.0;
    }
    let (length, whole) = (term.compact.len() as f64, compact.len() as f64);
    let share = (length / whole).min(1.0);
    let spans = |at: usize| words[at..].starts_with(&term.words);
    if words.len() > term.words.len() {
        let last = words.len() - term.words.len();
        if spans(last) {
            return 0.62 + 0.3 * share;
        }
        if (0..last).any(spans) {
            return 0.5 + 0.3 * share;
        }
    }
    if term.compact.len() >= 4 && compact.len() > term.compact.len() {
        // The head of a compound stands last: Artikelbenämning is a name.
        if compact.ends_with(&term.compact) {
            return 0.5 + 0.4 * share;
        }
        if compact.starts_with(&term.compact) {
            return 0.35 + 0.4 * share;
        }
    }
    // A letter lost to an encoding or a typing mistake; an abbreviation.
    if term.compact.len() >= 6 && compact.len() >= 5 {
        let like = strsim::normalized_damerau_levenshtein(compact, &term.compact);
        if like >= 0.86 {
            return 0.8 * like;
        }
        if compact.len() >= 5 && share > 1.0 - f64::EPSILON && term.compact.starts_with(compact) {
            return 0.7;
        }
    }
    0.0
}

/// `Varugruppsnamn` means what `Varugrupp` means; `Varugruppskod` is a number of it, which no field holds.
fn entity(words: &[String], compact: &str) -> Option<Senses> {
    let strip = |tails: &[&str]| {
        tails.iter().find_map(|tail| {
            let rest = compact.strip_suffix(tail).filter(|rest| rest.len() >= 3)?;
            let trimmed = rest.strip_suffix('s').unwrap_or(rest);
            let exact = |meanings: &[Meaning]| {
                TERMS
                    .iter()
                    .filter(|term| term.compact == rest || term.compact == trimmed)
                    .filter(|term| meanings.contains(&term.meaning) && term.weight > 0.5)
                    .max_by(|a, b| a.weight.total_cmp(&b.weight))
                    .map(|term| (term.meaning, term.weight))
            };
            exact(&[
                Meaning::Brand,
                Meaning::Category,
                Meaning::GroupId,
                Meaning::Attribute,
                Meaning::Other,
                Meaning::Currency,
                Meaning::Stock,
                Meaning::Images,
            ])
        })
    };
    if words.is_empty() {
        return None;
    }
    if let Some((meaning, weight)) = strip(&NAME_WORDS) {
        return Some([(meaning, 0.95 * weight)].into());
    }
    let (meaning, _) = strip(&CODE_WORDS)?;
    Some(match meaning {
        Meaning::GroupId => [(Meaning::GroupId, 0.9)].into(),
        Meaning::Currency => [(Meaning::Currency, 0.95)].into(),
        Meaning::Category => [(Meaning::Other, 0.8), (Meaning::Category, 0.4)].into(),
        _ => [(Meaning::Other, 0.85)].into(),
    })
}

/// Words in lower case without diacritics and punctuation; words written together are parted where a capital or a
/// digit begins, and every word for a number is `nr`.
pub(super) fn fold(text: &str) -> Vec<String> {
    let mut words: Vec<String> = Vec::new();
    let mut word = String::new();
    let (mut before, mut before_that) = (' ', ' ');
    let characters: Vec<char> = text.chars().collect();
    for (i, &c) in characters.iter().enumerate() {
        let next = characters.get(i + 1).copied().unwrap_or(' ');
        let camel = c.is_uppercase() && (before.is_lowercase() || (before.is_uppercase() && next.is_lowercase()))
            // `EANkod`, `SKUs`: a single small letter behind capitals begins no word.
            && !(before.is_uppercase() && before_that == ' ');
        let digit = c.is_ascii_digit() != before.is_ascii_digit() && before.is_alphanumeric();
        if !c.is_alphanumeric() || camel || digit {
            end_word(&mut word, &mut words);
        }
        match c {
            '#' => words.push("nr".to_owned()),
            c if c.is_alphanumeric() => push_folded(c, &mut word),
            _ => {}
        }
        (before_that, before) = (before, c);
    }
    end_word(&mut word, &mut words);
    words
}

fn end_word(word: &mut String, words: &mut Vec<String>) {
    if word.is_empty() {
        return;
    }
    let mut done = std::mem::take(word);
    for (long, short) in [("ae", "a"), ("oe", "o"), ("ue", "u"), ("aa", "a")] {
        done = done.replace(long, short);
    }
    if matches!(done.as_str(), "no" | "num" | "nbr" | "number" | "nummer" | "numero" | "numer") {
        "nr".clone_into(&mut done);
    }
    for long in ["nummer", "number", "numero", "numret"] {
        if let Some(rest) = done.strip_suffix(long) {
            done = format!("{rest}nr");
        }
    }
    words.push(done);
}

fn push_folded(c: char, word: &mut String) {
    for c in c.to_lowercase() {
        match c {
            'å' | 'ä' | 'á' | 'à' | 'â' | 'ã' | 'æ' => word.push('a'),
            'ö' | 'ø' | 'ó' | 'ò' | 'ô' | 'õ' | 'œ' => word.push('o'),
            'ü' | 'ú' | 'ù' | 'û' => word.push('u'),
            'é' | 'è' | 'ê' | 'ë' => word.push('e'),
            'í' | 'ì' | 'î' | 'ï' => word.push('i'),
            'ñ' => word.push('n'),
            'ç' => word.push('c'),
            'ß' => word.push_str("ss"),
            c if c.is_alphanumeric() => word.push(c),
            // Combining marks of decomposed letters.
            _ => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn best(name: &str) -> Meaning {
        let senses = senses_of_path(name);
        senses.iter().max_by(|a, b| a.1.total_cmp(b.1)).map_or(Meaning::Other, |(meaning, _)| *meaning)
    }

    #[test]
    fn words_are_folded_alike_however_they_are_written() {
        for text in ["Art.-Nr.", "ART NR", "art_nr", "ArtNr", "Art. No", "art #"] {
            assert_eq!(fold(text).concat(), "artnr", "{text}");
        }
        assert_eq!(fold("Größe").concat(), fold("Groesse").concat());
        assert_eq!(fold("variantSKU"), ["variant", "sku"]);
    }

    #[test]
    fn currency_language_and_number_are_taken_off() {
        let header = Header::new("Pris exkl. moms (SEK)");
        assert_eq!((header.currency, header.words.len()), (Some("sek"), 3));
        assert_eq!(Header::new("Benämning SV").language, Some("sv"));
        assert_eq!(Header::new("Bild 2").ordinal, Some(2));
        assert_eq!(Header::new("SE").language, None);
    }

    #[test]
    fn headers_of_six_languages_mean_what_people_mean() {
        for (name, meaning) in [
            ("Artikelnr", Meaning::Sku),
            ("Varenummer", Meaning::Sku),
            ("Tuotekoodi", Meaning::Sku),
            ("Item No.", Meaning::Sku),
            ("EAN-kod", Meaning::Gtin),
            ("GTIN13", Meaning::Gtin),
            ("Strekkode", Meaning::Gtin),
            ("Produktbenämning", Meaning::Title),
            ("Artikelbezeichnung", Meaning::Title),
            ("Varumärkesnamn", Meaning::Brand),
            ("brand.name", Meaning::Brand),
            ("brand.id", Meaning::Other),
            ("Varugruppskod", Meaning::Other),
            ("Varugruppsnamn", Meaning::Category),
            ("Herst.-Art.-Nr.", Meaning::Mpn),
            ("Pris exkl. moms (SEK)", Meaning::Price),
            ("price.amount", Meaning::Price),
            ("UVP brutto", Meaning::Price),
            ("Jämförpris", Meaning::Other),
            ("Lagersaldo", Meaning::Stock),
            ("Beholdning", Meaning::Stock),
            ("Leverantörsnamn", Meaning::Other),
            ("Momssats", Meaning::Other),
            ("Bildlänk 1", Meaning::Images),
            ("Bäst före-datum", Meaning::BestBefore),
            ("MHD", Meaning::BestBefore),
            ("Färg", Meaning::Attribute),
            ("Nettogewicht kg", Meaning::Attribute),
            ("Benmning", Meaning::Title),
        ] {
            assert_eq!(best(name), meaning, "{name}: {:?}", senses_of_path(name));
        }
    }
}
