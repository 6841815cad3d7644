//! Capitals: shouting calmed, abbreviations and brands kept.

use super::notation::capitalised;

/// The brand as the title writes it where that is calmer, else with shouting calmed.
pub(super) fn brand_as_written(brand: &str, title: &str) -> String {
    let shouts = |text: &str| !text.chars().any(char::is_lowercase);
    if !shouts(brand) {
        return brand.to_owned();
    }
    if let Some((from, to)) = find_words(title, brand)
        && !shouts(&title[from..to])
    {
        return title[from..to].to_owned();
    }
    let loud = brand.split(' ').any(is_shouted);
    let calm = |word: &str| {
        let abbreviation = word.chars().count() < 4 || !word.chars().all(char::is_alphabetic);
        if loud && !abbreviation { capitalised(&word.to_lowercase()) } else { word.to_owned() }
    };
    brand.split(' ').map(calm).collect::<Vec<_>>().join(" ")
}

/// The brand within a name keeps its own capitals.
pub(super) fn with_brand_as_written(name: &str, brand: Option<&str>) -> String {
    match brand.and_then(|brand| Some((find_words(name, brand)?, brand))) {
        Some(((from, to), brand)) => format!("{}{brand}{}", &name[..from], &name[to..]),
        None => name.to_owned(),
    }
}

/// A title written in capitals as a sentence: first letter large, abbreviations kept.
pub(super) fn without_shouting(title: &str) -> String {
    let letters = title.chars().filter(|c| c.is_alphabetic()).count();
    let capitals = title.chars().filter(|c| c.is_uppercase()).count();
    if letters < 6 || capitals * 10 < letters * 7 {
        return title.to_owned();
    }
    let calm = |word: &str| {
        let core = word.trim_matches(|c: char| !c.is_alphanumeric());
        // Units find their own case; codes such as `DHP485` keep theirs.
        let pack = core.ends_with("-PACK") || core.ends_with("-P");
        let one = core.chars().count() == 1 && !matches!(core, "I" | "Å" | "Ö" | "A" | "M" | "O" | "U");
        let keeps = core.chars().any(|c| c.is_ascii_digit()) && !pack || ACRONYMS.contains(&core) || one;
        if keeps { word.to_owned() } else { word.to_lowercase() }
    };
    capitalised(&title.split(' ').map(calm).collect::<Vec<_>>().join(" "))
}

/// A capital first letter, unless the first word has capitals of its own (`iPhone`).
pub(super) fn capitalised_word(text: &str) -> String {
    let word = text.split(' ').next().unwrap_or_default();
    if word.chars().any(char::is_uppercase) { text.to_owned() } else { capitalised(text) }
}

/// Where `words` stands in `text` as whole words, whatever the case.
pub(super) fn find_words(text: &str, words: &str) -> Option<(usize, usize)> {
    let wanted: Vec<char> = words.chars().flat_map(char::to_lowercase).collect();
    let starts = text
        .char_indices()
        .map(|(at, _)| at)
        .filter(|&at| !text[..at].ends_with(|c: char| c.is_alphanumeric()));
    for from in starts {
        let mut left = wanted.iter();
        let mut next = left.next();
        for (offset, c) in text[from..].char_indices() {
            let matches = c.to_lowercase().all(|lower| {
                let same = next == Some(&lower);
                next = left.next();
                same
            });
            if !matches {
                break;
            }
            if next.is_none() {
                let to = from + offset + c.len_utf8();
                if !text[to..].starts_with(char::is_alphanumeric) {
                    return Some((from, to));
                }
                break;
            }
        }
    }
    None
}

/// A word of five letters or more, all capitals, with a vowel: shorter ones may be abbreviations.
fn is_shouted(word: &str) -> bool {
    const VOWELS: &str = "AEIOUYÅÄÖÆØÜÉ";
    word.chars().all(|c| c.is_uppercase())
        && word.chars().count() >= 5
        && word.chars().any(|c| VOWELS.contains(c))
}

/// Capitals that stay in a title that is otherwise calmed.
const ACRONYMS: &[&str] = &[
    "LED", "USB", "TV", "HDMI", "PVC", "UV", "AA", "AAA", "XL", "XXL", "XS", "SPF", "PET", "MDF", "ABS",
    "BBQ", "DVD", "CD", "PC", "LCD", "GPS", "RGB", "IP", "UHT", "HSS", "SDS", "EU", "UK", "US", "USA", "DIY",
    "WC", "GB", "TB", "MB", "II", "III", "IV", "BIO", "IPA", "MTB", "BCAA",
];
