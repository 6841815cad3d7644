//! Stock as suppliers write it: a number, at least a number, or a word.

use rust_decimal::Decimal;

use crate::number::{NumberError, decimal};

/// Nothing is left.
const NONE: [&str; 25] = [
    "slut",
    "slutsåld",
    "slut i lager",
    "ej i lager",
    "inte i lager",
    "finns ej",
    "utgått",
    "out of stock",
    "outofstock",
    "out_of_stock",
    "sold out",
    "not available",
    "unavailable",
    "udsolgt",
    "utsolgt",
    "ikke på lager",
    "nicht auf lager",
    "nicht lieferbar",
    "nicht verfügbar",
    "ausverkauft",
    "loppu",
    "ei varastossa",
    "nej",
    "no",
    "nein",
];

/// Something is left.
const SOME: [&str; 21] = [
    "i lager",
    "finns",
    "finns i lager",
    "in stock",
    "instock",
    "in_stock",
    "available",
    "på lager",
    "auf lager",
    "lagernd",
    "ab lager",
    "verfügbar",
    "lieferbar",
    "sofort lieferbar",
    "varastossa",
    "limited availability",
    "few left",
    "ja",
    "yes",
    "fåtal i lager",
    "få i lager",
];

/// Units in stock, and how a text that is not simply a number was understood.
///
/// # Errors
/// [`NumberError`]
pub(super) fn stock(
    text: &str,
    decimal_comma: Option<bool>,
) -> Result<(Decimal, Option<&'static str>), NumberError> {
    let plain = decimal(text, decimal_comma);
    if plain != Err(NumberError::NotANumber) {
        return plain.map(|number| (number, None));
    }
    let folded = crate::text::line(text).to_lowercase();
    let words = folded.trim_matches(['.', '!', ' ']);
    if NONE.contains(&words) {
        return Ok((Decimal::ZERO, Some("word")));
    }
    if SOME.contains(&words) {
        return Ok((Decimal::ONE, Some("at least")));
    }
    let mut number = words;
    let mut at_least = false;
    for sign in [
        ">=",
        "≥",
        ">",
        "över ",
        "mer än ",
        "minst ",
        "more than ",
        "over ",
        "mehr als ",
        "mere end ",
        "yli ",
    ] {
        if let Some(rest) = number.strip_prefix(sign) {
            (number, at_least) = (rest.trim(), true);
            break;
        }
    }
    if let Some(rest) = number.strip_suffix('+') {
        (number, at_least) = (rest.trim(), true);
    }
    for unit in ["st", "stk", "pcs", "stück", "kpl", "i lager", "in stock", "på lager", "auf lager"] {
        if let Some(rest) = number.strip_suffix(unit) {
            number = rest.trim();
        }
    }
    if number.is_empty() || number == words {
        return Err(NumberError::NotANumber);
    }
    decimal(number, decimal_comma).map(|number| (number, Some(if at_least { "at least" } else { "word" })))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_and_signs_are_understood_and_said() {
        for (text, number, how) in [
            ("12", "12", None),
            ("-3", "-3", None),
            (">10", "10", Some("at least")),
            ("10+", "10", Some("at least")),
            ("mer än 50 st", "50", Some("at least")),
            ("12 st.", "12", Some("word")),
            ("I lager", "1", Some("at least")),
            ("5 i lager", "5", Some("word")),
            ("in_stock", "1", Some("at least")),
            ("Ej i lager", "0", Some("word")),
            ("SLUT", "0", Some("word")),
        ] {
            let (read, said) = stock(text, None).unwrap_or_else(|error| panic!("{text}: {error}"));
            assert_eq!((read.to_string().as_str(), said), (number, how), "{text}");
        }
        for text in ["", "okänt", "<5", "st", ">", "beställningsvara", "v. 34"] {
            assert_eq!(stock(text, None), Err(NumberError::NotANumber), "{text}");
        }
    }
}
