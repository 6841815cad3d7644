//! A sentence as words and quantities. Numbers are read here in the notation of the language written, apart from the reading
//! of supplier values in `facts`: what one overlooks the other sees.

use berika_catalog::Language;
use rust_decimal::Decimal;
use rust_decimal::prelude::ToPrimitive;

use super::units;
use crate::facts::quantity::Measure;
use crate::facts::{Quantity, Unit};

/// A word or a quantity of a text.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Token {
    /// The first byte in the folded text and the one after the last.
    pub(super) start: usize,
    pub(super) end: usize,
    /// The text in lower case.
    pub(super) text: String,
    /// What it says, if it is a number with a unit.
    pub(super) quantity: Option<Quantity>,
    /// Whether a comma, bracket, colon or dash stands before it.
    pub(super) apart: bool,
}

impl Token {
    /// Whether it is a word with a numeral in it: `tx20`, `3`, `½`, `10-30`.
    pub(super) fn has_digit(&self) -> bool {
        self.quantity.is_none() && self.text.chars().any(char::is_numeric)
    }

    /// Whether it is a number and nothing else.
    pub(super) fn is_bare_number(&self) -> bool {
        self.has_digit() && !self.text.chars().any(char::is_alphabetic)
    }
}

/// One spelling for apostrophes, hyphens and blanks. Quotes become blanks; where one stands behind a number and none is open, it
/// means inches.
pub(super) fn folded(text: &str) -> String {
    let mut before = ' ';
    let mut open = false;
    text.chars()
        .map(|c| {
            let behind_digit = std::mem::replace(&mut before, c).is_ascii_digit();
            match c {
                '’' | '‘' | 'ʼ' | '´' | '`' => '\'',
                '‐' | '‑' | '−' => '-',
                '″' => '"',
                '”' if behind_digit && !open => '"',
                '“' | '”' | '„' | '»' | '«' | '‟' => {
                    open = !open;
                    ' '
                }
                '\u{202f}' | '\u{2009}' | '\u{2007}' => '\u{a0}',
                '\t' | '\n' | '\r' => ' ',
                c => c,
            }
        })
        .collect()
}

/// The tokens of a folded sentence in `language`.
pub(super) fn sentence(text: &str, language: &Language) -> Vec<Token> {
    let mut spans = Vec::new();
    let mut at = 0;
    while let Some(offset) = text[at..].find(|c: char| c.is_ascii_digit()) {
        let start = at + offset;
        let begins = text[..start]
            .chars()
            .next_back()
            .is_none_or(|c| c.is_whitespace() || matches!(c, '(' | '"' | '\'' | 'Ø' | 'ø' | ':' | '~'));
        match begins.then(|| quantity(&text[start..], language)).flatten() {
            Some((quantity, length)) if !closes_quote(text, start + length) => {
                spans.push((start, start + length, quantity));
                at = start + length;
            }
            _ => at = start + text[start..].bytes().take_while(u8::is_ascii_digit).count(),
        }
    }
    tokens(text, spans)
}

/// Words between the quantities at `spans`.
pub(super) fn tokens(text: &str, spans: Vec<(usize, usize, Quantity)>) -> Vec<Token> {
    let mut out = Vec::new();
    let mut apart = false;
    let mut at = 0;
    for (start, end, quantity) in spans {
        words(text, at, start, &mut apart, &mut out);
        let text = text[start..end].to_lowercase();
        out.push(Token { start, end, text, quantity: Some(quantity), apart });
        apart = false;
        at = end;
    }
    words(text, at, text.len(), &mut apart, &mut out);
    out
}

fn words(text: &str, from: usize, to: usize, apart: &mut bool, out: &mut Vec<Token>) {
    let mut start = None;
    for (at, c) in text[from..to].char_indices().map(|(at, c)| (from + at, c)).chain([(to, ' ')]) {
        // A comma between digits belongs to the number.
        let decimal = c == ','
            && text[..at].ends_with(|c: char| c.is_ascii_digit())
            && text[at + 1..].starts_with(|c: char| c.is_ascii_digit());
        let separates = !decimal && (c.is_whitespace() || is_mark(c));
        match (start, separates) {
            (None, false) => start = Some(at),
            (Some(first), true) => {
                word(text, first, at, apart, out);
                start = None;
            }
            _ => {}
        }
        *apart |= is_mark(c) && !decimal && c != '"';
    }
}

fn is_mark(c: char) -> bool {
    matches!(c, ',' | ';' | ':' | '(' | ')' | '!' | '?' | '"' | '…' | '—' | '–')
}

fn word(text: &str, from: usize, to: usize, apart: &mut bool, out: &mut Vec<Token>) {
    let whole = &text[from..to];
    let negative = whole.starts_with('-') && whole[1..].starts_with(|c: char| c.is_ascii_digit());
    let left = if negative { whole } else { whole.trim_start_matches(['.', '-', '/', '\'']) };
    let start = to - left.len();
    let right = left.trim_end_matches(['.', '-', '/', '\'']);
    if right.is_empty() {
        *apart |= whole == "-";
        return;
    }
    let end = start + right.len();
    out.push(Token { start, end, text: right.to_lowercase(), quantity: None, apart: *apart });
    *apart = false;
}

/// The inch sign at the end of a quantity may be a closing quotation mark.
fn closes_quote(text: &str, end: usize) -> bool {
    text[..end].ends_with('"') && text[..end - 1].matches('"').count() % 2 == 1
}

/// A number with a unit at the start of `text`, and its length.
fn quantity(text: &str, language: &Language) -> Option<(Quantity, usize)> {
    let (first, mut end) = number(text, language)?;
    let mut numbers = vec![first];
    while let Some((next, length)) = multiplied(&text[end..], language) {
        numbers.push(next);
        end += length;
        if numbers.len() > 3 {
            return None;
        }
    }
    // `10-30 g` is a range, and `5G` a network.
    let rest = text[end..].trim_start();
    let range = rest.trim_start_matches(['-', '–', '—']).trim_start();
    if range.len() < rest.len() && range.starts_with(|c: char| c.is_numeric()) {
        return None;
    }
    let (unit, length) = units::after_number(&text[end..])?;
    if length == 1 && text[end..].starts_with('G') && (2..=6).any(|g| text[..end] == g.to_string()) {
        return None;
    }
    end += length;
    if numbers.len() > 1 {
        return Some((assembled(numbers, unit)?, end));
    }
    // `40 cm x 60 cm`, `33 cl x 6`.
    while let Some((next, length)) = multiplied(&text[end..], language) {
        match units::after_number(&text[end + length..]) {
            Some((same, more)) if same == unit && unit.measure() == Measure::Length && numbers.len() < 3 => {
                numbers.push(next);
                end += length + more;
            }
            None if numbers.len() == 1 && unit.measure() != Measure::Length => {
                let count = Some(next.to_u32().filter(|_| next.fract().is_zero())?);
                return Some((Quantity { count, ..Quantity::new(first, unit) }, end + length));
            }
            _ => break,
        }
    }
    Some((assembled(numbers, unit)?, end))
}

fn multiplied(text: &str, language: &Language) -> Option<(Decimal, usize)> {
    let rest = text.trim_start_matches([' ', '\u{a0}']);
    let rest = rest.strip_prefix(['x', 'X', '×', '*'])?.trim_start_matches([' ', '\u{a0}']);
    let (next, length) = number(rest, language)?;
    Some((next, text.len() - rest.len() + length))
}

fn assembled(numbers: Vec<Decimal>, unit: Unit) -> Option<Quantity> {
    let first = *numbers.first()?;
    match numbers.as_slice() {
        [_] => Some(Quantity::new(first, unit)),
        _ if unit.measure() == Measure::Length => Some(Quantity { numbers, ..Quantity::new(first, unit) }),
        [count, each] => {
            let count = Some(count.to_u32().filter(|_| count.fract().is_zero())?);
            Some(Quantity { count, ..Quantity::new(*each, unit) })
        }
        _ => None,
    }
}

/// A number as a reader of `language` takes it, and its length; `None` where two readers would take it differently.
fn number(text: &str, language: &Language) -> Option<(Decimal, usize)> {
    let bytes = text.as_bytes();
    let digits = |at: usize| bytes[at.min(bytes.len())..].iter().take_while(|b| b.is_ascii_digit()).count();
    let mut end = digits(0);
    if end == 0 || end > 9 {
        return None;
    }
    // Groups with the sign before each.
    let mut whole = text[..end].to_owned();
    let mut groups: Vec<(char, &str)> = Vec::new();
    while let Some(sign) = text[end..].chars().next() {
        let next = end + sign.len_utf8();
        let length = digits(next);
        match sign {
            '.' | ',' if length > 0 => {}
            ' ' | '\u{a0}' | '\''
                if length == 3 && groups.iter().all(|(s, _)| *s == sign) && (1..=3).contains(&digits(0)) => {}
            _ => break,
        }
        groups.push((sign, &text[next..next + length]));
        end = next + length;
        if end > 20 {
            return None;
        }
    }
    let english = language.as_str() == "en";
    let mut fraction = "";
    for (index, (sign, group)) in groups.iter().enumerate() {
        let last = index + 1 == groups.len();
        let alone = groups.len() == 1;
        let decimal = match sign {
            '.' if english => true,
            ',' if english => false,
            ',' => true,
            // `1.35 kg` is read alike everywhere, `1.500` is not.
            '.' => alone && (group.len() != 3 || whole == "0"),
            _ => false,
        };
        match decimal {
            true if last => fraction = group,
            true => return None,
            false if group.len() != 3 || whole == "0" => return None,
            false if *sign == '.' && !matches!(language.as_str(), "de" | "da" | "no") => return None,
            false => whole.push_str(group),
        }
    }
    let value: Decimal =
        format!("{whole}.{}", if fraction.is_empty() { "0" } else { fraction }).parse().ok()?;
    Some((value.normalize(), end))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(text: &str, language: &str) -> Vec<String> {
        let language = Language::parse(language).unwrap();
        sentence(&folded(text), &language)
            .into_iter()
            .map(|token| match token.quantity {
                Some(quantity) => format!("<{quantity}>"),
                None => token.text,
            })
            .collect()
    }

    #[test]
    fn quantities_are_told_from_words_with_digits() {
        for (text, language, expected) in [
            ("Vikten är 1,35 kg.", "sv", "vikten är <1.35 kg>"),
            ("Kanna 6 × 33 cl, 18V-batteri", "sv", "kanna <6 × 33 cl> <18 V> batteri"),
            ("40 cm x 60 cm och 40x60x20 mm", "sv", "<40 × 60 cm> och <40 × 60 × 20 mm>"),
            ("20 000 st, 20.000 st, 1.500 W", "sv", "<20000 pcs> 20.000 st 1.500 w"),
            ("1.500 W und 1,5 l", "de", "<1500 W> und <1.5 l>"),
            ("1,500 W and 1.5 l", "en", "<1500 W> and <1.5 l>"),
            ("TX20 10-30 g 5G 3-lagers 2x ½", "sv", "tx20 10-30 g 5g 3-lagers 2x ½"),
            ("En 18-volts maskin, 200 g/m²", "sv", "en <18 V> maskin 200 g/m²"),
            ("80 % bomull, -18 °C", "sv", "<80 %> bomull -18 °c"),
            ("“Harbour 3” it's", "en", "harbour 3 it's"),
        ] {
            assert_eq!(shown(text, language).join(" "), expected, "{text}");
        }
    }
}
