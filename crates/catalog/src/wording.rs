//! Whether a text says anything of what a product is.

/// Words that stand in front of a code, or where nothing was known: alone they name no kind of goods.
const EMPTY: [&str; 40] = [
    "sku",
    "art",
    "artnr",
    "artno",
    "article",
    "artikel",
    "artikelnr",
    "artikelnummer",
    "ean",
    "gtin",
    "upc",
    "isbn",
    "mpn",
    "ref",
    "id",
    "no",
    "nr",
    "num",
    "number",
    "nummer",
    "code",
    "kod",
    "item",
    "product",
    "produkt",
    "vare",
    "vara",
    "null",
    "none",
    "nan",
    "na",
    "undefined",
    "unknown",
    "okänd",
    "test",
    "tbd",
    "the",
    "and",
    "och",
    "und",
];

/// Whether a text has a word to go by: letters only, two at least (one where a letter is a syllable or a word of its
/// own, as in Chinese), and not one of those that stand in front of a code. `4006381333931`, `SKU 12345`, `AB-12/C7` and
/// `---` say nothing; every product would be put somewhere by its accidental likeness to a category.
pub fn says_something(text: &str) -> bool {
    text.split_whitespace().any(|part| {
        // Two or three letters between digits are part of a code: `AB-12/C7`.
        let fewest = if part.chars().any(|c| c.is_ascii_digit()) { 4 } else { 2 };
        part.split(|c: char| !c.is_alphanumeric()).any(|word| {
            let whole = word.chars().any(|c| c >= '\u{2e80}' && c.is_alphabetic());
            let letters = word.chars().all(char::is_alphabetic) && word.chars().count() >= fewest;
            whole || (letters && !EMPTY.contains(&word.to_lowercase().as_str()))
        })
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_digits_and_punctuation_say_nothing() {
        let nothing = [
            "",
            " ",
            "---",
            "!!! ???",
            "4006381333931",
            "SKU 12345",
            "Art.nr: 77-100 B",
            "EAN 4006381333931",
            "AB-12/C7",
            "XK200 88312",
            "n/a",
            "NULL",
            "Unknown",
            "the",
            "1,5 %",
        ];
        for text in nothing {
            assert!(!says_something(text), "{text:?}");
        }
    }

    #[test]
    fn one_word_is_enough_in_any_script() {
        let something = [
            "Te",
            "Öl 33 cl",
            "SKU 12345 skruv",
            "4006381333931 Stabilo",
            "молоко 1 л",
            "茶",
            "お茶 500ml",
            "B12 vitamin",
            "4-pack mjölk",
        ];
        for text in something {
            assert!(says_something(text), "{text:?}");
        }
    }
}
