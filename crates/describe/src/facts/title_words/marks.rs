//! Certifications that a title or a description names. A scheme has one name and one meaning: where a supplier writes it of
//! a product, it is a statement, unless anything is denied there.

use crate::facts::free_text::Spanned;
use crate::facts::qualifying::denies;
use crate::facts::words::{Vocabulary, look_up};
use crate::facts::{FactKind, FactValue, Part};

/// Names that say nothing else. Those in capitals count only in capitals: Swedish "krav" is a demand.
const MARKS: &[&str] = &[
    "KRAV",
    "KRAV-märkt",
    "KRAV-märkta",
    "Fairtrade",
    "Fairtrade-märkt",
    "MSC",
    "MSC-märkt",
    "ASC",
    "ASC-märkt",
    "FSC",
    "FSC-märkt",
    "FSC certified",
    "FSC-zertifiziert",
    "PEFC",
    "GOTS",
    "UTZ",
    "RSPO",
    "Rainforest Alliance",
    "Svanenmärkt",
    "Svanenmärkta",
    "Svanemærket",
    "Svanemerket",
    "Nordic Swan Ecolabel",
    "Nøglehulsmærket",
    "Nøkkelhullsmerket",
    "Nyckelhålsmärkt",
    "Ø-mærket",
    "Debio",
    "Demeter",
    "Bioland",
    "Naturland",
    "OEKO-TEX Standard 100",
    "OEKO-TEX",
    "EU Ecolabel",
    "Bra Miljöval",
    "Blauer Engel",
    "Leaping Bunny",
    "USDA Organic",
    "FSC-mærket",
    "FSC-merket",
];

/// What a sentence may say besides its marks.
const BESIDE: &[&str] = &[
    "och",
    "og",
    "und",
    "and",
    "certified",
    "certifierad",
    "certifierat",
    "certifierade",
    "certificeret",
    "sertifisert",
    "zertifiziert",
    "märkt",
    "märkta",
    "mærket",
    "merket",
    "approved",
    "godkänd",
    "godkendt",
    "label",
    "vegan",
    "vegansk",
    "veganskt",
    "ekologisk",
    "ekologiskt",
    "økologisk",
    "organic",
    "bio",
    "cocoa",
    "kakao",
    "coffee",
    "kaffe",
    "kaffee",
    "cotton",
    "bomull",
    "bomuld",
    "baumwolle",
    "wood",
    "trä",
    "træ",
    "holz",
    "buchenholz",
    "beech",
    "acacia",
    "akacietræ",
    "papir",
    "papper",
    "papier",
    "paper",
    "mix",
    "100",
    "standard",
    "from",
    "från",
    "fra",
    "aus",
];

/// Words of a title after which a mark may be the package's.
const PACKAGE: &[&str] = &[
    "kartong",
    "karton",
    "carton",
    "förpackning",
    "emballage",
    "packaging",
    "verpackung",
    "emballasje",
    "box",
    "ask",
    "bok",
    "book",
    "buch",
    "bog",
];

/// The most words of a sentence of a description whose marks count: longer ones tell of something.
const CLAUSE_WORDS_MOST: usize = 6;

/// The marks of a description's short sentences, each once: `FSC-certified.`, `Svanemærket og vegansk.`
pub(in crate::facts) fn in_clauses(description: &str) -> Vec<Spanned> {
    let mut found: Vec<Spanned> = Vec::new();
    let mut start = 0;
    for clause in description.split_inclusive(['.', ';', '!', '?', '\n', '\r']) {
        let at = start;
        start += clause.len();
        if clause.split_whitespace().count() > CLAUSE_WORDS_MOST {
            continue;
        }
        let marks = read(clause);
        let told: usize =
            marks.iter().map(|(.., (from, to))| clause[*from..*to].split_whitespace().count()).sum();
        let plain = words(clause).filter(|word| BESIDE.contains(&word.as_str())).count();
        // Whoever says more than that may deny it in words that are not known here.
        if words(clause).count() > told + plain + 1 {
            continue;
        }
        for (kind, value, (from, to)) in marks {
            if found.iter().all(|(_, known, _)| *known != value) {
                found.push((kind, value, (at + from, at + to)));
            }
        }
    }
    found
}

/// The marks of a title, each once.
pub(super) fn read(title: &str) -> Vec<Spanned> {
    let mut found: Vec<(Part, (usize, usize))> = Vec::new();
    let lower = title.to_lowercase();
    // Folding may move bytes; then nothing can be placed. Where something is denied it may be the mark.
    let package = words(title).any(|word| PACKAGE.iter().any(|package| word.ends_with(package)));
    if lower.len() != title.len() || denies(title) || package {
        return Vec::new();
    }
    for mark in MARKS {
        let capitals = mark.len() <= 4 && mark.chars().all(char::is_uppercase);
        let at = if capitals { place(title, mark) } else { place(&lower, &mark.to_lowercase()) };
        let Some((start, end)) = at else { continue };
        let Some(word) = look_up(mark, Vocabulary::Certifications, None) else { continue };
        if found.iter().all(|(part, _)| part.word != word) {
            found.push((Part { percent: None, word }, (start, end)));
        }
    }
    let fact = |(part, span)| (FactKind::Certification, FactValue::Words(vec![part]), span);
    found.into_iter().map(fact).collect()
}

fn words(text: &str) -> impl Iterator<Item = String> {
    text.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()).map(str::to_lowercase)
}

/// Where `mark` stands as a word of its own.
fn place(text: &str, mark: &str) -> Option<(usize, usize)> {
    let letter = |c: char| c.is_alphanumeric();
    text.match_indices(mark)
        .map(|(at, _)| (at, at + mark.len()))
        .find(|&(start, end)| !text[..start].ends_with(letter) && !text[end..].starts_with(letter))
}
