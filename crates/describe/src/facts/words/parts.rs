//! Values of several words: blends with their shares, colours side by side, lists of labels and instructions.

use berika_catalog::Language;
use rust_decimal::Decimal;

use super::{Vocabulary, Word, look_up};
use crate::facts::Part;
use crate::facts::number::{Blanks, number};

/// The most parts of a blend or of a pattern of colours.
const PARTS_MOST: usize = 4;

/// The most items of a list of labels or care instructions.
const ITEMS_MOST: usize = 20;

/// Reads `röd/vit`, `80% bomull, 20% polyester`, `Rostfritt stål och trä`; `None` unless every part is known.
pub(in crate::facts) fn parts(
    text: &str,
    list: Vocabulary,
    language: Option<&Language>,
) -> Option<Vec<Part>> {
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
pub(in crate::facts) fn items(
    text: &str,
    list: Vocabulary,
    language: Option<&Language>,
) -> (Vec<Part>, bool) {
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
        let bare = piece.strip_suffix('%')?.trim_end();
        let (word, share) = bare.rsplit_once(' ')?;
        let (percent, length) = number(share, language, Blanks::Separate)?;
        (length == share.len()).then_some(())?;
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
}
