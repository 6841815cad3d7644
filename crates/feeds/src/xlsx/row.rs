//! One row of a sheet as an item.

use std::borrow::Cow;

use crate::item::{Cell, Item, Source as Column};
use crate::row::shorten;

/// One row's cells with a value, in the order of their columns.
#[derive(Debug)]
pub(super) struct SheetRow {
    pub(super) number: u64,
    pub(super) cells: Vec<(usize, Cell<'static>)>,
    /// How large the row is, so far as was seen, where its texts are over the cap; the cells within it are kept.
    pub(super) too_large: Option<u64>,
    /// The first cell that was left out because another has its column and says otherwise.
    pub(super) twice: Option<(usize, String)>,
}

impl SheetRow {
    /// The bytes of the row's texts.
    pub(super) fn bytes(&self) -> u64 {
        self.cells.iter().map(|(_, cell)| cell.text.len() as u64).sum()
    }

    /// Puts the cells in order; of two in one column the first stays.
    pub(super) fn order(&mut self) {
        if !self.cells.is_sorted_by(|a, b| a.0 < b.0) {
            self.cells.sort_by_key(|(column, _)| *column);
            let twice = &mut self.twice;
            self.cells.dedup_by(|second, first| {
                if second.0 == first.0 && second.1.text != first.1.text {
                    twice.get_or_insert_with(|| (second.0, shorten(&second.1.text)));
                }
                second.0 == first.0
            });
        }
    }

    pub(super) fn cell(&self, column: usize) -> Option<&Cell<'static>> {
        let at = self.cells.binary_search_by_key(&column, |(column, _)| *column).ok()?;
        Some(&self.cells[at].1)
    }
}

impl Item for SheetRow {
    fn number(&self) -> u64 {
        self.number
    }

    fn values<'s>(&'s self, column: &Column, found: &mut dyn FnMut(Cell<'s>)) {
        if let Some(cell) = column.index.and_then(|index| self.cell(index)) {
            found(cell.clone());
        }
    }

    fn members<'s>(&'s self, column: &Column, found: &mut dyn FnMut(Cow<'s, str>, Cell<'s>)) {
        self.values(column, &mut |cell| found(Cow::Owned(column.name.clone()), cell));
    }

    /// A table's plan lists its free columns itself.
    fn everything<'s>(&'s self, _: &mut dyn FnMut(Cow<'s, str>, Cell<'s>)) {}
}
