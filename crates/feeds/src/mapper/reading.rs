//! Single values: what a rule picked, GTINs as spreadsheets leave them, addresses of pictures.

use berika_catalog::{Gtin, GtinError, SharedText};

use crate::item::{Cell, CellKind};

/// A value and where it was found.
#[derive(Debug)]
pub(super) struct Picked<'r, 'i> {
    pub(super) cell: Cell<'i>,
    pub(super) column: Option<&'r SharedText>,
    /// `constant` or `default` where it was not found in the file; otherwise the rule's key that changed it.
    pub(super) rule: Option<&'static str>,
    /// The cell's text, where a rule changed it.
    pub(super) original: Option<String>,
}

impl<'r, 'i> Picked<'r, 'i> {
    /// A value as it stands in the file.
    pub(super) fn found(cell: Cell<'i>, column: &'r SharedText) -> Self {
        Self { cell, column: Some(column), rule: None, original: None }
    }

    /// A value of the configuration.
    pub(super) fn given(text: &str, rule: &'static str) -> Self {
        Self { cell: Cell::text(text.to_owned()), column: None, rule: Some(rule), original: None }
    }
}

/// A GTIN and how it was repaired, if it was.
///
/// Spreadsheets drop leading zeros of what they take for a number. They are put back where the length tells how many
/// they were and the check digit then fits: always for number cells, and for texts only from 11 digits to 12, because
/// shorter digits may as well be an article number.
pub(super) fn gtin(cell: &Cell<'_>) -> Result<(Gtin, Option<&'static str>), GtinError> {
    let text = cell.text.trim().trim_start_matches('\'');
    let whole = text.strip_suffix(".0").unwrap_or(text);
    let error = match Gtin::parse(whole) {
        Ok(gtin) => return Ok((gtin, None)),
        Err(error) => error,
    };
    let padded = match (&error, cell.kind) {
        (GtinError::Length(_, 11), _) | (GtinError::Length(_, 9 | 10), CellKind::Number) => {
            format!("{whole:0>12}")
        }
        (GtinError::Length(_, 7), CellKind::Number) => format!("{whole:0>8}"),
        _ => return Err(error),
    };
    Gtin::parse(&padded).map(|gtin| (gtin, Some("leading zeros restored"))).map_err(|_| error)
}

/// Error values of Excel in English, Swedish, Danish, Norwegian, German and Finnish, as CSV exports hold them.
pub(crate) fn is_error_text(text: &str) -> bool {
    let text = text.trim();
    text.starts_with('#')
        && matches!(
            text,
            "#N/A"
                | "#REF!"
                | "#VALUE!"
                | "#DIV/0!"
                | "#NAME?"
                | "#NUM!"
                | "#NULL!"
                | "#SPILL!"
                | "#SAKNAS!"
                | "#REFERENS!"
                | "#VÄRDEFEL!"
                | "#DIVISION/0!"
                | "#NAMN?"
                | "#OGILTIGT!"
                | "#I/T"
                | "#REFERENCE!"
                | "#VÆRDI!"
                | "#DIVISION/0"
                | "#NAVN?"
                | "#NV"
                | "#BEZUG!"
                | "#WERT!"
                | "#ZAHL!"
                | "#PUUTTUU!"
                | "#VIITTAUS!"
                | "#ARVO!"
                | "#JAKO/0!"
        )
}

/// The addresses in one cell. Without `split` a cell that holds several full addresses is cut before each of them.
pub(super) fn image_addresses<'t>(
    text: &'t str,
    split: Option<&'t str>,
) -> impl Iterator<Item = Result<String, ()>> + 't {
    let parts: Vec<&str> = match split {
        Some(split) => text.split(split).collect(),
        None => {
            let cut = |c: char| matches!(c, ',' | ';' | '|') || c.is_whitespace();
            let parts: Vec<&str> = text.split(cut).filter(|part| !part.is_empty()).collect();
            if parts.iter().all(|part| has_scheme(part)) { parts } else { vec![text] }
        }
    };
    parts.into_iter().map(|part| crate::text::line(part).into_owned()).filter(|part| !part.is_empty()).map(
        |part| {
            let other_scheme = part.split(['/', '?']).next().is_some_and(|head| head.contains(':'));
            if has_scheme(&part) || !other_scheme { Ok(part) } else { Err(()) }
        },
    )
}

fn has_scheme(address: &str) -> bool {
    let starts = |scheme: &str| address.get(..scheme.len()).is_some_and(|s| s.eq_ignore_ascii_case(scheme));
    starts("http://") || starts("https://")
}
