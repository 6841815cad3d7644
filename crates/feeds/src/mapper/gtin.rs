//! GTINs as spreadsheets leave them: what can be had back, and what cannot.

use berika_catalog::{Gtin, GtinError};

use crate::FieldProblem;
use crate::item::{Cell, CellKind};
use crate::text;

/// A GTIN and what a reader of it should know.
#[derive(Debug, PartialEq)]
pub(super) struct Found {
    pub(super) gtin: Gtin,
    /// How it was had back from a damaged cell.
    pub(super) restored: Option<&'static str>,
    pub(super) warning: Option<FieldProblem>,
}

/// The GTIN in a cell.
///
/// Nothing is guessed. A number is had back only where all its digits are there, and its check digit must then fit.
/// Leading zeros are put back where the length tells how many they were: always for number cells, and for texts only
/// from 11 digits to 12, because shorter digits may as well be an article number.
pub(super) fn read(cell: &Cell<'_>) -> Result<Found, FieldProblem> {
    let line = text::line(&cell.text);
    let line = line.trim_start_matches('\'').trim();
    let error = match one(line, cell.kind) {
        Ok((gtin, restored)) => return Ok(found(gtin, restored)),
        Err(error) => error,
    };
    let mut several = line
        .split(|c: char| matches!(c, ',' | ';' | '|' | '/' | '+' | '(' | ')' | ':') || c.is_whitespace())
        .filter_map(|part| one(part, CellKind::Text).ok());
    let Some((first, _)) = several.next() else {
        return Err(match &error {
            GtinError::Scientific(_) | GtinError::Length(_, 9..=11) => FieldProblem::GtinDamaged(error),
            _ => error.into(),
        });
    };
    if several.any(|(other, _)| other != first) {
        return Ok(Found {
            gtin: first,
            restored: Some("first of several"),
            warning: Some(FieldProblem::GtinSeveral),
        });
    }
    Ok(found(first, Some("text beside it dropped")))
}

fn found(gtin: Gtin, restored: Option<&'static str>) -> Found {
    let internal = (!gtin.is_global()).then_some(FieldProblem::GtinInternal);
    Found { gtin, restored, warning: restored.map(FieldProblem::GtinRestored).or(internal) }
}

fn one(text: &str, kind: CellKind) -> Result<(Gtin, Option<&'static str>), GtinError> {
    let error = match Gtin::parse(text) {
        Ok(gtin) => return Ok((gtin, None)),
        Err(error) => error,
    };
    let (whole, how) = match (&error, whole(text)) {
        (GtinError::Scientific(_), _) => (all_digits(text), "scientific notation undone"),
        (_, Some(whole)) => (Some(whole.to_owned()), "decimals dropped"),
        _ => (Some(text.to_owned()), "leading zeros restored"),
    };
    let Some(whole) = whole else { return Err(error) };
    let kind = if how == "leading zeros restored" { kind } else { CellKind::Number };
    let length = whole.len();
    let digits = whole.bytes().all(|b| b.is_ascii_digit());
    let padded = match (length, kind) {
        _ if !digits => return Err(error),
        (8 | 12..=14, _) => whole,
        (11, _) | (9 | 10, CellKind::Number) => format!("{whole:0>12}"),
        (7, CellKind::Number) => format!("{whole:0>8}"),
        _ => return Err(error),
    };
    Gtin::parse(&padded).map(|gtin| (gtin, Some(how))).map_err(|_| error)
}

/// `4006381333931.0` without its decimals.
fn whole(text: &str) -> Option<&str> {
    let (whole, decimals) = text.split_once(['.', ','])?;
    (!decimals.is_empty() && decimals.bytes().all(|b| b == b'0')).then_some(whole)
}

/// The digits of `4.006381333931E+12`, if none of them is missing.
fn all_digits(text: &str) -> Option<String> {
    let (mantissa, exponent) = text.split_once(['e', 'E'])?;
    let exponent: usize = exponent.trim_start_matches('+').parse().ok()?;
    let (whole, fraction) = mantissa.split_once(['.', ',']).unwrap_or((mantissa, ""));
    (fraction.len() == exponent).then(|| format!("{whole}{fraction}"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn of(text: &str) -> Result<(String, Option<&'static str>), &'static str> {
        read(&Cell::text(text))
            .map(|found| (found.gtin.to_string(), found.restored))
            .map_err(|problem| problem.kind())
    }

    #[test]
    fn what_can_be_had_back_is_and_says_how() {
        let pen = "04006381333931";
        for (text, how) in [
            ("4006381333931", None),
            (" '4006381333931", None),
            ("4006381-333931", None),
            ("400 6381 333931", None),
            ("\u{feff}4006381333931\u{a0}", None),
            ("4006381333931.0", Some("decimals dropped")),
            ("4006381333931,00", Some("decimals dropped")),
            ("4,006381333931E+12", Some("scientific notation undone")),
            ("4.006381333931e12", Some("scientific notation undone")),
            ("EAN: 4006381333931", Some("text beside it dropped")),
            ("4006381333931; 4006381333931", Some("text beside it dropped")),
            ("4006381333931, 96385074", Some("first of several")),
        ] {
            assert_eq!(of(text), Ok((pen.to_owned(), how)), "{text}");
        }
        assert_eq!(of("36000291452"), Ok(("00036000291452".to_owned(), Some("leading zeros restored"))));
        let number = read(&Cell::number("36000291452")).unwrap();
        assert_eq!(number.warning.unwrap().kind(), "gtin-restored");
    }

    #[test]
    fn what_cannot_be_had_back_is_named() {
        for (text, kind) in [
            ("4,00638E+12", "gtin-damaged"),
            // The check digit is what is missing: any twelve digits have one.
            ("4.00638133393E+12", "gtin-damaged"),
            ("3600029145", "gtin-damaged"),
            ("400638133393", "gtin"),
            ("4006381333932", "gtin"),
            ("0000000000000", "gtin"),
            ("saknas", "gtin"),
            ("12345", "gtin"),
        ] {
            assert_eq!(of(text), Err(kind), "{text}");
        }
        let shops = read(&Cell::text("2000000000015")).map(|found| found.warning.map(|w| w.kind()));
        assert!(matches!(shops, Ok(Some("gtin-internal")) | Err(_)), "{shops:?}");
    }

    proptest! {
        #[test]
        fn a_number_that_a_spreadsheet_kept_whole_is_had_back(body in "[1-9][0-9]{11}", comma: bool) {
            let gtin = (0..10).find_map(|d| Gtin::parse(&format!("{body}{d}")).ok());
            prop_assume!(gtin.is_some());
            let gtin = gtin.unwrap();
            let digits = &gtin.as_str()[1..];
            let point = if comma { ',' } else { '.' };
            let scientific = format!("{}{point}{}E+12", &digits[..1], &digits[1..]);
            prop_assert_eq!(of(&scientific).map(|found| found.0), Ok(gtin.to_string()));
            // With a digit less it is never had back.
            let shorter = format!("{}{point}{}E+12", &digits[..1], &digits[1..12]);
            prop_assert_eq!(of(&shorter), Err("gtin-damaged"));
        }

        #[test]
        fn no_text_panics(text in "\\PC{0,40}") {
            let _read = of(&text);
        }
    }
}
