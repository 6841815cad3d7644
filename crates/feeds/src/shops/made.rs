//! A row of an export as an item: its cells, and what the system's layout made of some of them.

use std::borrow::Cow;

use crate::csv::KeptRow;
use crate::item::{Cell, Item, Source};

/// Values that stand in the place of cells, and properties that a layout found.
#[derive(Debug, Default)]
pub(super) struct Made {
    cells: Vec<(usize, Vec<String>)>,
    properties: Vec<(String, String)>,
}

impl Made {
    /// Puts `values` in the place of a cell, where there is such a column.
    pub(super) fn set(&mut self, column: Option<usize>, values: Vec<String>) {
        self.cells.extend(column.map(|column| (column, values)));
    }

    /// Adds a property where it has a value.
    pub(super) fn property(&mut self, name: impl Into<String>, value: impl Into<String>) {
        let value = value.into();
        if !value.trim().is_empty() {
            self.properties.push((name.into(), value));
        }
    }

    /// Leaves these as the only properties.
    pub(super) fn replace_properties(&mut self, properties: &[(String, String)]) {
        self.properties = properties.to_vec();
    }

    pub(super) fn properties(&self) -> impl Iterator<Item = (&str, &str)> {
        self.properties.iter().map(|(name, value)| (name.as_str(), value.as_str()))
    }
}

/// A row with what was made of it.
pub(super) struct MadeRow<'p> {
    pub(super) row: &'p KeptRow,
    pub(super) made: &'p Made,
}

impl Item for MadeRow<'_> {
    fn number(&self) -> u64 {
        self.row.row
    }

    fn values<'s>(&'s self, source: &Source, found: &mut dyn FnMut(Cell<'s>)) {
        let Some(index) = source.index else { return };
        match self.made.cells.iter().rev().find(|(column, _)| *column == index) {
            Some((_, values)) => values.iter().for_each(|value| found(Cell::text(value.as_str()))),
            None => found(Cell::text(self.row.text(Some(index)))),
        }
    }

    fn members<'s>(&'s self, source: &Source, found: &mut dyn FnMut(Cow<'s, str>, Cell<'s>)) {
        self.values(source, &mut |cell| found(Cow::Owned(source.name.clone()), cell));
    }

    /// A table's plan lists its free columns itself.
    fn everything<'s>(&'s self, _: &mut dyn FnMut(Cow<'s, str>, Cell<'s>)) {}

    fn properties<'s>(&'s self, found: &mut dyn FnMut(Cow<'s, str>, Cell<'s>)) {
        let all = self.made.properties.iter();
        all.for_each(|(name, text)| found(Cow::Borrowed(name.as_str()), Cell::text(text.as_str())));
    }
}
