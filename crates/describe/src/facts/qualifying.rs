//! Words of a title that make more of it than a row of properties: what stands about them belongs to them, and means something
//! else without them.

/// Words that deny, restrict or say "as if", in the five languages.
const DENYING: &[&str] = &[
    "ej",
    "inte",
    "icke",
    "aldrig",
    "nej",
    "saknas",
    "utan",
    "ingen",
    "inga",
    "inget",
    "nästan",
    "delvis",
    "ikke",
    "aldri",
    "uden",
    "uten",
    "nesten",
    "næsten",
    "delvist",
    "nein",
    "nei",
    "none",
    "hardly",
    "formerly",
    "nicht",
    "kein",
    "keine",
    "keinen",
    "ohne",
    "nie",
    "fast",
    "teilweise",
    "fehlt",
    "not",
    "non",
    "no",
    "never",
    "without",
    "almost",
    "nearly",
    "partly",
    "pending",
    "separately",
    "excl",
    "excluding",
    "exkl",
    "exklusive",
    "ekskl",
    "eksklusive",
    "excluded",
    "except",
    "imitation",
    "style",
    "stil",
    "look",
    "faux",
    "fake",
    "substitute",
    "ersatz",
    "type",
    "typ",
    "smak",
    "flavour",
    "flavor",
    "geschmack",
    "smag",
    "u",
    "u/",
];

/// Words that bring another thing in: what it comes with, fits or is made for.
const RELATING: &[&str] = &[
    "för",
    "till",
    "med",
    "och",
    "passar",
    "inkl",
    "inklusive",
    "från",
    "i",
    "på",
    "for",
    "to",
    "with",
    "and",
    "fits",
    "in",
    "from",
    "of",
    "by",
    "incl",
    "including",
    "compatible",
    "til",
    "og",
    "passer",
    "fra",
    "für",
    "zu",
    "zum",
    "zur",
    "mit",
    "und",
    "passend",
    "aus",
    "von",
    "auf",
    "m",
    "m/",
    "w/",
    "&",
    "+",
    "=",
];

fn has(text: &str, list: &[&str]) -> bool {
    let mut words = text.split(|c: char| c.is_whitespace() || matches!(c, ',' | '(' | ')' | ';' | ':' | '!'));
    words.any(|word| {
        let word = word.trim_matches(['.', '-', '"', '\'']).to_lowercase();
        list.contains(&word.as_str()) || word.split('-').any(|part| part.len() > 2 && list.contains(&part))
    })
}

/// Whether something in `text` is denied, restricted or imitated.
pub(crate) fn denies(text: &str) -> bool {
    has(text, DENYING)
}

/// Whether a word brings another thing in.
pub(crate) fn relates(word: &str) -> bool {
    RELATING.contains(&word)
}

/// Whether `text` names another thing than the product, or denies something.
pub(crate) fn is_qualified(text: &str) -> bool {
    has(text, RELATING) || denies(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn titles_with_conditions_are_told_from_plain_ones() {
        for text in [
            "Skruvdragare (batteri ingår ej)",
            "Kekse fast zuckerfrei",
            "Akkuschrauber exkl. Akku",
            "vegan-style bar",
        ] {
            assert!(denies(text), "{text}");
        }
        for text in ["Case for iPhone", "Laddare till Bosch", "Bettwäsche mit Knöpfen"] {
            assert!(is_qualified(text) && !denies(text), "{text}");
        }
        for text in ["Röd gryta", "Torrfoder vuxen hund", "Knotted rug"] {
            assert!(!is_qualified(text), "{text}");
        }
    }
}
