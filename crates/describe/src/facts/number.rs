//! Numbers as suppliers write them: `7,5`, `1.5`, `1 500`, `1.500,50`.

use berika_catalog::Language;
use rust_decimal::Decimal;

/// The most digits of a number: more is an article number, not a measure.
const DIGITS_MOST: usize = 9;

/// Whether a blank may stand between thousands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Blanks {
    /// A whole attribute value: `1 500 W` is one number.
    Group,
    /// A title: `Nr 2 500 g` is two numbers, so blanks separate.
    Separate,
}

/// Reads a number at the start of `text` and returns it with its length in bytes.
///
/// `None` where there is none, or where it cannot be told what the sign means: `1.500` is one and a half to an
/// Englishman and fifteen hundred to a German, and a German's spreadsheet may well write English. In Swedish a comma is
/// always the decimal sign, in English always between thousands.
pub(super) fn number(text: &str, language: Option<&Language>, blanks: Blanks) -> Option<(Decimal, usize)> {
    let length = extent(text, blanks);
    let written = text[..length].trim_end_matches(['.', ',', ' ', '\u{a0}', '\u{202f}']);
    let plain: String = written.chars().filter(|c| !matches!(c, ' ' | '\u{a0}' | '\u{202f}')).collect();
    if plain.bytes().filter(u8::is_ascii_digit).count() > DIGITS_MOST {
        return None;
    }
    let decimal = point(&plain, language)?;
    Some((decimal.parse::<Decimal>().ok()?.normalize(), written.len()))
}

/// The number with a decimal point and no separators.
fn point(plain: &str, language: Option<&Language>) -> Option<String> {
    let (commas, points) = (plain.matches(',').count(), plain.matches('.').count());
    match (commas, points) {
        (0, 0) => Some(plain.to_owned()),
        (1, 0) => {
            let (whole, fraction) = plain.split_once(',')?;
            if whole == "0" || fraction.len() != 3 || whole.len() > 3 {
                return Some(format!("{whole}.{fraction}"));
            }
            match language.map(Language::as_str) {
                Some("en") => Some(format!("{whole}{fraction}")),
                Some("sv" | "da" | "de" | "no" | "fi") => Some(format!("{whole}.{fraction}")),
                _ => None,
            }
        }
        (0, 1) => {
            let (whole, fraction) = plain.split_once('.')?;
            let clear = whole == "0" || fraction.len() != 3 || whole.len() > 3;
            let english = language.is_some_and(|l| l.as_str() == "en");
            (clear || english).then(|| plain.to_owned())
        }
        (1, _) if plain.rfind('.') < plain.rfind(',') && grouped(plain, '.', ',') => {
            Some(plain.replace('.', "").replace(',', "."))
        }
        (_, 1) if plain.rfind(',') < plain.rfind('.') && grouped(plain, ',', '.') => {
            Some(plain.replace(',', ""))
        }
        _ => None,
    }
}

/// Whether `separator` stands between groups of three before `sign`.
fn grouped(plain: &str, separator: char, sign: char) -> bool {
    let whole = plain.split(sign).next().unwrap_or_default();
    let mut groups = whole.split(separator);
    let first = groups.next().is_some_and(|g| (1..=3).contains(&g.len()));
    first && groups.all(|g| g.len() == 3)
}

/// How many bytes at the start belong to the number.
fn extent(text: &str, blanks: Blanks) -> usize {
    let mut end = 0;
    let bytes = text.as_bytes();
    while end < bytes.len() {
        let rest = &text[end..];
        let Some(c) = rest.chars().next() else { break };
        let digits = rest[c.len_utf8()..].bytes().take_while(u8::is_ascii_digit).count();
        match c {
            '0'..='9' => end += 1,
            '.' | ',' if end > 0 && digits > 0 => end += 1,
            // A no-break space groups anywhere, a plain one only where the whole value is one number.
            '\u{a0}' | '\u{202f}' if end > 0 && digits == 3 => end += c.len_utf8(),
            ' ' if end > 0 && digits == 3 && blanks == Blanks::Group => end += 1,
            _ => break,
        }
    }
    end
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str, language: &str) -> Option<String> {
        let language = Language::parse(language).ok();
        let (value, length) = number(text, language.as_ref(), Blanks::Group)?;
        Some(format!("{value}|{}", &text[length..]))
    }

    #[test]
    fn decimal_signs_and_thousands_follow_the_language() {
        for (text, language, expected) in [
            ("7,5 dl", "sv", Some("7.5| dl")),
            ("1.5 l", "sv", Some("1.5| l")),
            ("1,500 kg", "sv", Some("1.5| kg")),
            ("1,500 ml", "en", Some("1500| ml")),
            ("1.500 kg", "en", Some("1.5| kg")),
            ("1.500 kg", "de", None),
            ("0.500 kg", "de", Some("0.5| kg")),
            ("1 500 W", "sv", Some("1500| W")),
            ("1.500,50 m", "de", Some("1500.5| m")),
            ("1,500.50 m", "en", Some("1500.5| m")),
            ("1.2.3", "sv", None),
            ("12345678901 g", "sv", None),
            ("500. Ny", "sv", Some("500|. Ny")),
            ("g", "sv", None),
        ] {
            assert_eq!(read(text, language).as_deref(), expected, "{text} in {language}");
        }
    }

    #[test]
    fn blanks_separate_numbers_in_titles() {
        let read = |text| number(text, None, Blanks::Separate).map(|(value, _)| value.to_string());
        assert_eq!(read("2 500 g").as_deref(), Some("2"));
        assert_eq!(read("2\u{a0}500 g").as_deref(), Some("2500"));
    }
}
