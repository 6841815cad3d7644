//! What one value looks like, whatever its column is called.

use berika_catalog::{Gtin, GtinError, Language};

use super::header::CURRENCIES;
use crate::{date, number};

const PICTURES: [&str; 9] = [".jpg", ".jpeg", ".png", ".webp", ".gif", ".tif", ".tiff", ".bmp", ".svg"];

/// Units behind a number, folded to lower case.
const UNITS: [&str; 42] = [
    "mm", "cm", "m", "dm", "km", "mg", "g", "kg", "hg", "t", "ml", "cl", "dl", "l", "liter", "litre", "v",
    "kv", "a", "ma", "w", "kw", "kwh", "wh", "hz", "lm", "k", "nm", "bar", "pa", "°c", "°", "%", "st", "stk",
    "kpl", "pcs", "tum", "\"", "mah", "ah", "gr",
];

/// A number that a shop's own numbering or a chain gives out.
pub(super) fn is_gtin(text: &str) -> bool {
    let text = text.trim_start_matches('\'');
    Gtin::parse(text.strip_suffix(".0").unwrap_or(text)).is_ok()
}

/// Digits as many as a GTIN has, or a GTIN that a spreadsheet broke.
pub(super) fn is_like_gtin(text: &str) -> bool {
    let text = text.trim_start_matches('\'');
    match Gtin::parse(text) {
        Ok(_) | Err(GtinError::Scientific(_) | GtinError::Placeholder(_)) => true,
        Err(GtinError::CheckDigit(digits, _)) => digits.len() >= 12,
        Err(GtinError::Length(_, digits)) => (10..=14).contains(&digits),
        Err(GtinError::NotDigits(_)) => false,
    }
}

pub(super) fn is_url(text: &str) -> bool {
    let lower = text.get(..8).unwrap_or(text).to_ascii_lowercase();
    lower.starts_with("http://") || lower.starts_with("https://") || lower.starts_with("//")
}

/// A file name or address of a picture.
pub(super) fn is_picture(text: &str) -> bool {
    let first = text.split([',', ';', '|', ' ']).next().unwrap_or(text);
    let path = first.split(['?', '#']).next().unwrap_or(first).to_ascii_lowercase();
    PICTURES.iter().any(|end| path.ends_with(end))
}

/// A plain number, with the separator that its fraction certainly has.
pub(super) fn number(text: &str) -> Option<Number> {
    let compact: String = text.chars().filter(|c| !c.is_whitespace()).collect();
    if !compact.bytes().any(|b| b.is_ascii_digit()) {
        return None;
    }
    match number::decimal(&compact, None) {
        Ok(value) => {
            Some(Number { value: value.to_string().parse().ok()?, comma: fraction_by_comma(&compact) })
        }
        Err(number::NumberError::Ambiguous) => {
            let value = number::decimal(&compact, Some(true)).ok()?.to_string().parse().ok()?;
            Some(Number { value, comma: None })
        }
        Err(_) => None,
    }
}

/// A number as its text.
pub(super) struct Number {
    pub(super) value: f64,
    /// Whether a comma (or else a point) stands before its fraction; `None` where it has none or may have none.
    pub(super) comma: Option<bool>,
}

fn fraction_by_comma(digits: &str) -> Option<bool> {
    let digits = digits.trim_start_matches(['-', '+']);
    match (digits.rfind(','), digits.rfind('.')) {
        (Some(comma), Some(point)) => Some(comma > point),
        (Some(at), None) => is_fraction(digits, at, ',').then_some(true),
        (None, Some(at)) => is_fraction(digits, at, '.').then_some(false),
        (None, None) => None,
    }
}

/// Whether the separator at `at`, the only kind there is, can part no thousands.
fn is_fraction(digits: &str, at: usize, separator: char) -> bool {
    digits.matches(separator).count() == 1 && (digits.len() - at != 4 || at > 3 || digits.starts_with('0'))
}

/// An amount with its currency, such as `149,00 kr`.
pub(super) fn amount_with_currency(text: &str) -> Option<(f64, Money)> {
    let krona = berika_catalog::Currency::parse("SEK").ok();
    let price = number::price(text, Some(text.contains(',')), krona.as_ref()).ok()?;
    let lower = text.to_lowercase();
    let value = price.amount.to_string().parse().ok()?;
    match price.currency {
        Some(currency) if currency.as_str() == "SEK" && !lower.contains("sek") => Some((value, Money::Krona)),
        Some(currency) => {
            let code = currency.as_str().to_lowercase();
            let known = CURRENCIES.iter().find(|known| **known == code)?;
            Some((value, Money::Code(known)))
        }
        // "149:-" is Swedish.
        None if lower.trim_end().ends_with([':', '-']) => Some((value, Money::Krona)),
        None => None,
    }
}

/// What an amount says of its currency.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Money {
    Code(&'static str),
    /// Some krona or krone.
    Krona,
}

/// A currency's code alone.
pub(super) fn currency(text: &str) -> Option<&'static str> {
    let lower = text.trim().to_lowercase();
    CURRENCIES.iter().find(|code| **code == lower).copied()
}

pub(super) fn is_date(text: &str) -> bool {
    text.len() >= 8 && text.contains(['-', '.', '/']) && date::date(text).is_some()
        || text.len() == 8 && (text.starts_with("20") || text.starts_with("19")) && date::date(text).is_some()
        || is_short_date(text)
}

/// `14/09/2026`, `31.12.26`: dates by their look, whether or not they can be read in one way only.
fn is_short_date(text: &str) -> bool {
    let day = text.split([' ', 'T']).next().unwrap_or_default();
    let Some(separator) = day.chars().find(|c| matches!(c, '/' | '.' | '-')) else { return false };
    let parts: Vec<Option<u32>> = day.split(separator).map(|part| part.parse().ok()).collect();
    match parts[..] {
        [Some(a), Some(b), Some(_)] => {
            (1..=31).contains(&a) && (1..=31).contains(&b) && a.min(b) <= 12 && day.len() >= 8
        }
        _ => false,
    }
}

pub(super) fn is_language(text: &str) -> bool {
    let known = ["sv", "da", "no", "fi", "de", "en", "nl", "fr", "it", "es", "pl"];
    text.len() <= 6 && Language::parse(text).is_ok_and(|tag| known.contains(&tag.as_str()))
}

pub(super) fn is_uuid(text: &str) -> bool {
    let text = text.trim_matches(['{', '}']);
    let parts: Vec<usize> = text.split('-').map(str::len).collect();
    parts == [8, 4, 4, 4, 12] && text.bytes().all(|b| b.is_ascii_hexdigit() || b == b'-')
}

pub(super) fn is_truth(text: &str) -> bool {
    matches!(
        text.to_lowercase().as_str(),
        "true"
            | "false"
            | "yes"
            | "no"
            | "y"
            | "n"
            | "ja"
            | "nej"
            | "nei"
            | "nein"
            | "j"
            | "kyllä"
            | "ei"
            | "x"
            | "sann"
            | "falsk"
            | "sant"
            | "wahr"
            | "falsch"
    )
}

/// `1,5 kg`, `230 V`, `190 x 195 mm`.
pub(super) fn has_unit(text: &str) -> bool {
    let lower = text.to_lowercase();
    let Some(at) = lower.rfind(|c: char| c.is_ascii_digit()) else { return false };
    let unit = lower[at + 1..].trim();
    lower.starts_with(|c: char| c.is_ascii_digit() || matches!(c, 'ø' | '-' | '+')) && UNITS.contains(&unit)
}

pub(super) fn has_html(text: &str) -> bool {
    let lower = text.to_lowercase();
    ["<p", "<br", "<li", "<ul", "<b>", "<strong", "<div", "</", "<h", "&nbsp;", "&lt;p"]
        .iter()
        .any(|tag| lower.contains(tag))
}

/// One word of letters and digits and what stands between them in article numbers.
pub(super) fn is_code(text: &str) -> bool {
    let sound = |c: char| c.is_alphanumeric() || matches!(c, '-' | '_' | '.' | '/' | '#' | '+' | ':');
    text.chars().count() <= 40 && text.chars().all(sound) && text.chars().any(|c| c.is_ascii_digit())
}

/// The separators of levels in a path of categories, the surest first.
pub(super) const SEPARATORS: [&str; 9] = [" > ", ">", "»", "|", " / ", "/", "\\", " - ", "::"];

/// Whether `text` is levels with letters in each, parted by `separator`.
pub(super) fn has_levels(text: &str, separator: &str) -> bool {
    let mut levels = text.split(separator);
    let named = |level: &str| level.chars().filter(|c| c.is_alphabetic()).count() >= 2 && level.len() <= 80;
    text.contains(separator) && levels.all(named)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_are_known_by_their_look() {
        assert!(is_gtin("4006381333931") && !is_gtin("4006381333932"));
        assert!(is_like_gtin("4,00638E+12") && is_like_gtin("4006381333932") && !is_like_gtin("12345678"));
        assert!(is_picture("https://cdn.example.com/a.JPG?v=1") && is_picture("10001_1.jpg"));
        assert!(!is_picture("https://example.com/p/10001"));
        assert!(is_date("2026-11-30") && is_date("30.11.2026") && is_date("05/06/2026") && !is_date("10.5"));
        assert!(is_uuid("3f2504e0-4f89-11d3-9a0c-0305e82c3301"));
        assert!(has_unit("1,5 kg") && has_unit("190 x 195 mm") && !has_unit("Skruv M8"));
        assert!(has_levels("Mejeri/Mjölk", "/") && !has_levels("1/2", "/"));
        assert!(is_code("NM-10001") && !is_code("Skruv M8") && !is_code("ABC"));
    }

    #[test]
    fn fractions_tell_the_decimal_sign() {
        let comma = |text: &str| number(text).and_then(|number| number.comma);
        assert_eq!(comma("11,40"), Some(true));
        assert_eq!(comma("1.234,56"), Some(true));
        assert_eq!(comma("11.4"), Some(false));
        assert_eq!(comma("1,234.5"), Some(false));
        assert_eq!(comma("1,234"), None);
        assert_eq!(comma("0.125"), Some(false));
        assert_eq!(comma("12"), None);
        assert!(number("12 kg").is_none());
    }

    #[test]
    fn currencies_in_cells_are_seen() {
        assert_eq!(amount_with_currency("149.00 DKK").map(|(_, m)| m), Some(Money::Code("dkk")));
        assert_eq!(amount_with_currency("149,00 kr").map(|(_, m)| m), Some(Money::Krona));
        assert_eq!(amount_with_currency("€ 12,50").map(|(_, m)| m), Some(Money::Code("eur")));
        assert_eq!(amount_with_currency("149:-").map(|(_, m)| m), Some(Money::Krona));
        assert_eq!(amount_with_currency("12.50").map(|(_, m)| m), None);
    }
}
