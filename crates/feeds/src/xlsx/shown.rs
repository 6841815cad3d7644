//! A number as its cell's format shows it, so far as that says more than the number: zeros in front, days, hours.
//!
//! What only makes a number prettier is not followed: thousands, percent, currencies, rounding. The number stays exact.

use std::rc::Rc;

use crate::date;
use crate::item::{Cell, CellKind, float_text};

/// What a format code means for reading.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum NumberFormat {
    /// The number itself.
    Plain,
    /// At least so many decimals, where the number is no whole one: `1.10`.
    Decimals(usize),
    /// Every digit has a place: `0000000000000`, `00-000`.
    Code(Rc<[Place]>),
    /// A day, perhaps with its time.
    Date { time: bool },
    /// A time of day or a duration.
    Time,
}

/// One place of a format that is filled up with zeros.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Place {
    Digit,
    Sign(char),
}

impl NumberFormat {
    /// The formats that are known by their number alone.
    pub(super) fn built_in(id: u32) -> Self {
        match id {
            2 | 4 | 7 | 8 | 39 | 40 | 44 => Self::Decimals(2),
            14..=17 | 27..=31 | 36 | 50..=54 | 57 | 58 => Self::Date { time: false },
            22 => Self::Date { time: true },
            18..=21 | 32..=35 | 45..=47 | 55 | 56 => Self::Time,
            _ => Self::Plain,
        }
    }

    pub(super) fn of_code(code: &str) -> Self {
        if code.eq_ignore_ascii_case("general") {
            return Self::Plain;
        }
        let tokens = tokens(code);
        let has = |wanted: &str| {
            tokens.iter().any(|token| matches!(token, Token::Letter(c) if wanted.contains(*c)))
        };
        let elapsed = tokens.contains(&Token::Elapsed);
        let time = elapsed || has("hs");
        match () {
            () if has("yd") => Self::Date { time },
            () if time => Self::Time,
            () if has("m") => Self::Date { time: false },
            () => Self::of_number(&tokens),
        }
    }

    fn of_number(tokens: &[Token]) -> Self {
        let places: Option<Vec<Place>> = tokens
            .iter()
            .map(|token| match token {
                Token::Letter('0') => Some(Place::Digit),
                Token::Letter(c @ ('-' | ' ')) | Token::Literal(c) => Some(Place::Sign(*c)),
                _ => None,
            })
            .collect();
        if let Some(places) = places {
            let digits = |places: &[Place]| places.iter().filter(|place| **place == Place::Digit).count();
            // `0" st"` shows a number with its unit and is no code.
            if digits(&places) > 1 {
                return Self::Code(places.into());
            }
        }
        let unscaled = !tokens.iter().any(|token| matches!(token, Token::Letter('%' | '/' | 'e')));
        let point = tokens.iter().position(|token| *token == Token::Letter('.'));
        let Some(point) = point.filter(|_| unscaled) else { return Self::Plain };
        let decimals = tokens[point + 1..].iter().take_while(|token| **token == Token::Letter('0')).count();
        if decimals > 0 { Self::Decimals(decimals) } else { Self::Plain }
    }

    /// The cell that shows `raw`, a number as the sheet's part writes it.
    pub(super) fn show(&self, raw: &str, since_1904: bool) -> Cell<'static> {
        let raw = raw.trim();
        let Some(value) = raw.parse().ok().filter(|value: &f64| value.is_finite()) else {
            return Cell::text(raw.to_owned());
        };
        let exact = || match is_whole(raw) {
            true => raw.to_owned(),
            false => float_text(value),
        };
        match self {
            Self::Plain => Cell::number(exact()),
            Self::Decimals(decimals) => Cell::number(with_decimals(exact(), *decimals)),
            Self::Code(places) => coded(exact(), places),
            Self::Date { time } => dated(value, *time, since_1904).unwrap_or_else(|| Cell::number(exact())),
            Self::Time => timed(value).map_or_else(|| Cell::number(exact()), Cell::text),
        }
    }
}

/// A whole number in digits, of which a float would keep only the first 15.
fn is_whole(raw: &str) -> bool {
    let digits = raw.strip_prefix('-').unwrap_or(raw);
    (1..=40).contains(&digits.len()) && digits.bytes().all(|b| b.is_ascii_digit())
}

fn with_decimals(mut number: String, decimals: usize) -> String {
    const MOST: usize = 10;
    if let Some(point) = number.find('.') {
        let missing = decimals.min(MOST).saturating_sub(number.len() - point - 1);
        number.extend(std::iter::repeat_n('0', missing));
    }
    number
}

/// The digits in their places, from the right; what has no place of its own stands before the first.
fn coded(number: String, places: &[Place]) -> Cell<'static> {
    if !number.bytes().all(|b| b.is_ascii_digit()) {
        return Cell::number(number);
    }
    let slots = places.iter().filter(|place| **place == Place::Digit).count();
    let padded = format!("{number:0>slots$}");
    let mut digits = padded.chars();
    let mut shown: String = digits.by_ref().take(padded.len() - slots).collect();
    if places.iter().all(|place| *place == Place::Digit) {
        return Cell::number(padded);
    }
    // A sign before the first digit stays in front.
    let mut first = true;
    let front = std::mem::take(&mut shown);
    for place in places {
        match place {
            Place::Digit => {
                if std::mem::take(&mut first) {
                    shown.push_str(&front);
                }
                shown.extend(digits.next());
            }
            Place::Sign(sign) => shown.push(*sign),
        }
    }
    Cell::text(shown)
}

/// A day of our time; `None` for a number that only looks like one by its format.
fn dated(value: f64, time: bool, since_1904: bool) -> Option<Cell<'static>> {
    let day = date::serial(value.floor() as i32, since_1904)?;
    let seconds = (value.fract() * 86_400.0).round() as u32;
    let text = match time && (1..86_400).contains(&seconds) {
        true => format!("{day}T{}", clock(seconds.into(), 2)),
        false => day.to_string(),
    };
    Some(Cell { text: text.into(), kind: CellKind::Date })
}

fn timed(value: f64) -> Option<String> {
    const MOST_DAYS: f64 = 10_000.0;
    (0.0..MOST_DAYS).contains(&value).then(|| clock((value * 86_400.0).round() as u64, 1))
}

fn clock(seconds: u64, width: usize) -> String {
    format!("{:0width$}:{:02}:{:02}", seconds / 3600, seconds / 60 % 60, seconds % 60)
}

/// What a format code is made of, in its first section.
#[derive(Debug, Clone, Copy, PartialEq)]
enum Token {
    /// A character with a meaning, in lower case.
    Letter(char),
    /// One that is shown as it stands.
    Literal(char),
    /// `[h]`, `[mm]`: hours or minutes beyond the day.
    Elapsed,
}

fn tokens(code: &str) -> Vec<Token> {
    const LONGEST: usize = 255;
    let mut tokens = Vec::new();
    let mut characters = code.chars().take(LONGEST);
    while let Some(character) = characters.next() {
        match character {
            ';' => break,
            '"' => tokens.extend(characters.by_ref().take_while(|c| *c != '"').map(Token::Literal)),
            '\\' => tokens.extend(characters.next().map(Token::Literal)),
            // The width of a character that is not shown, and one that fills the cell.
            '_' | '*' => drop(characters.next()),
            '[' => {
                let inner: String = characters.by_ref().take_while(|c| *c != ']').collect();
                let inner = inner.to_ascii_lowercase();
                if !inner.is_empty() && ["h", "m", "s"].iter().any(|unit| inner.replace(unit, "").is_empty())
                {
                    tokens.push(Token::Elapsed);
                }
            }
            character => tokens.push(Token::Letter(character.to_ascii_lowercase())),
        }
    }
    tokens
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn shown(code: &str, raw: &str) -> String {
        NumberFormat::of_code(code).show(raw, false).text.into_owned()
    }

    #[test]
    fn zeros_in_front_are_kept_where_the_format_shows_them() {
        for (code, raw, text) in [
            ("0000000000000", "735000000001", "0735000000001"),
            ("0000000000000", "4006381333931", "4006381333931"),
            ("00000", "1234567", "1234567"),
            ("00-000", "1234", "01-234"),
            ("\"A\"0000", "12", "A0012"),
            ("\"A\"0000", "12345", "A12345"),
            ("0000", "1.5", "1.5"),
            ("0000", "-5", "-5"),
        ] {
            assert_eq!(shown(code, raw), text, "{code} {raw}");
        }
    }

    #[test]
    fn a_number_stays_the_number_it_is() {
        for (code, raw, text) in [
            ("General", "4006381333931", "4006381333931"),
            ("General", "4.006381333931E12", "4006381333931"),
            ("0.00E+00", "4006381333931", "4006381333931"),
            ("#,##0.00", "1234.5", "1234.50"),
            ("0.00", "1001", "1001"),
            ("0.00", "12.345", "12.345"),
            ("0%", "0.25", "0.25"),
            ("# ?/?", "0.5", "0.5"),
            ("0\" st\"", "5", "5"),
            ("@", "12", "12"),
            ("General", "0.30000000000000004", "0.3"),
            ("General", "73500123456789012345", "73500123456789012345"),
            ("General", "1e999", "1e999"),
            ("General", "tolv", "tolv"),
        ] {
            assert_eq!(shown(code, raw), text, "{code} {raw}");
        }
    }

    #[test]
    fn days_and_hours_are_told_from_numbers() {
        for (code, raw, text) in [
            ("yyyy-mm-dd", "46356", "2026-11-30"),
            ("[$-41D]d\\ mmmm\\ yyyy;@", "46356", "2026-11-30"),
            ("d-mmm", "46356", "2026-11-30"),
            ("yyyy-mm-dd hh:mm", "46356.5", "2026-11-30T12:00:00"),
            ("yyyy-mm-dd", "46356.5", "2026-11-30"),
            ("hh:mm", "0.75", "18:00:00"),
            ("[h]:mm", "1.5", "36:00:00"),
            ("yyyy-mm-dd", "1001", "1001"),
            ("[Red]0", "46356", "46356"),
            ("0\"dagar\"", "5", "5"),
            ("0_d", "5", "5"),
        ] {
            assert_eq!(shown(code, raw), text, "{code} {raw}");
        }
        assert_eq!(NumberFormat::built_in(14), NumberFormat::of_code("dd/mm/yyyy"));
    }

    proptest! {
        #[test]
        fn no_format_and_no_number_panics(code in "\\PC{0,20}|[0#.,hmsdy\\[\\];\"\\\\_ -]{0,12}", raw in "[0-9.eE+-]{0,20}") {
            shown(&code, &raw);
        }

        #[test]
        fn whole_numbers_keep_their_digits(number in 0u64.., width in 2usize..20) {
            let text = shown(&"0".repeat(width), &number.to_string());
            prop_assert_eq!(text.parse::<u64>().unwrap(), number);
            prop_assert!(text.len() >= width);
        }
    }
}
