//! The seam between formats and mapping: a row, item or line as its format gives it, before it is a product.

use std::borrow::Cow;

use crate::RowWarning;
use berika_catalog::SharedText;

/// One value as it stands in the file.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Cell<'a> {
    pub(crate) text: Cow<'a, str>,
    pub(crate) kind: CellKind,
}

/// What the format itself knows of a value.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum CellKind {
    /// Text, to be read by the supplier's habits.
    Text,
    /// A number, written with a decimal point whatever the supplier's habits.
    Number,
    /// A day that a spreadsheet holds as such, written as `2026-11-30`.
    Date,
    /// A spreadsheet's error value.
    Error,
}

impl<'a> Cell<'a> {
    pub(crate) fn text(text: impl Into<Cow<'a, str>>) -> Self {
        Self { text: text.into(), kind: CellKind::Text }
    }

    pub(crate) fn number(text: impl Into<Cow<'a, str>>) -> Self {
        Self { text: text.into(), kind: CellKind::Number }
    }

    pub(crate) fn is_blank(&self) -> bool {
        self.text.trim().is_empty()
    }
}

/// A column or path that a rule names.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Source {
    /// As the supplier names it.
    pub(crate) name: String,
    /// The name as provenance shows it, shared by all values of the column.
    pub(crate) column: SharedText,
    /// Its place in a table; `None` in formats without columns, and for columns that are not there.
    pub(crate) index: Option<usize>,
}

impl Source {
    pub(crate) fn new(name: &str, index: Option<usize>) -> Self {
        Self { name: name.to_owned(), column: name.into(), index }
    }
}

/// One row, item or line.
pub(crate) trait Item {
    /// Its number, counted from 1.
    fn number(&self) -> u64;

    /// Every value of `source`, in order. Nothing where it is absent.
    fn values<'s>(&'s self, source: &Source, found: &mut dyn FnMut(Cell<'s>));

    /// The named values below `source`; a plain value stands under the source's own name.
    fn members<'s>(&'s self, source: &Source, found: &mut dyn FnMut(Cow<'s, str>, Cell<'s>));

    /// All named values at the top, for `attributes = "*"`.
    fn everything<'s>(&'s self, found: &mut dyn FnMut(Cow<'s, str>, Cell<'s>));

    /// Every value by the name that a rule would give it, lists of objects included.
    fn outline<'s>(&'s self, found: &mut dyn FnMut(Cow<'s, str>, Cell<'s>)) {
        self.everything(found);
    }

    /// What the format had to repair in the row as a row.
    fn repairs(&self) -> &[RowWarning] {
        &[]
    }

    /// The properties that the format itself knows as such.
    fn properties<'s>(&'s self, _: &mut dyn FnMut(Cow<'s, str>, Cell<'s>)) {}
}

/// A float as its shortest decimal text with the 15 digits that a spreadsheet shows: `4006381333931`, `12.5`.
pub(crate) fn float_text(value: f64) -> String {
    const EXACT: f64 = 1e15;
    if value.fract() == 0.0 && value.abs() < EXACT {
        // Adding zero turns -0 into 0.
        return format!("{:.0}", value + 0.0);
    }
    let shown: f64 = format!("{value:.14e}").parse().unwrap_or(value);
    format!("{shown}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn floats_read_as_a_spreadsheet_shows_them() {
        for (value, text) in [
            (4_006_381_333_931.0, "4006381333931"),
            (0.1 + 0.2, "0.3"),
            (12.5, "12.5"),
            (-0.0, "0"),
            (1e-3, "0.001"),
        ] {
            assert_eq!(float_text(value), text);
        }
    }
}
