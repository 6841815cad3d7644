//! Single values: what a rule picked, spreadsheet errors, addresses of pictures.

use berika_catalog::SharedText;

use crate::item::Cell;

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

/// A number of zeros, such as `0,00`.
pub(super) fn is_zero(text: &str) -> bool {
    text.contains('0') && text.bytes().all(|b| matches!(b, b'0' | b'.' | b',' | b' '))
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
