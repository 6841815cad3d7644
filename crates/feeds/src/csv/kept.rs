//! A row that outlives its table's next one, for formats that put rows together.

use super::table::unquoted;
use crate::RowWarning;

/// A row by itself, as small as may be: many of them may be held.
#[derive(Debug)]
pub(crate) struct KeptRow {
    pub(crate) row: u64,
    /// All cells, one behind the other.
    text: Box<str>,
    /// Where each cell ends.
    ends: Box<[usize]>,
    /// What was repaired in it.
    pub(crate) repairs: Box<[RowWarning]>,
}

impl KeptRow {
    pub(super) fn new<'c>(row: u64, cells: impl Iterator<Item = &'c str>, repairs: &[RowWarning]) -> Self {
        let mut text = String::new();
        let ends = cells.map(|cell| {
            text.push_str(cell);
            text.len()
        });
        let ends = ends.collect();
        Self { row, text: text.into(), ends, repairs: repairs.into() }
    }

    /// A cell's text; nothing where the row or the table is not so wide.
    pub(crate) fn text(&self, index: Option<usize>) -> &str {
        let Some(index) = index.filter(|&index| index < self.ends.len()) else { return "" };
        let start = index.checked_sub(1).map_or(0, |before| self.ends[before]);
        unquoted(&self.text[start..self.ends[index]])
    }

    /// Whether both have the same cells.
    pub(crate) fn says_the_same(&self, other: &Self) -> bool {
        self.text == other.text && self.ends == other.ends
    }

    /// Bytes that it takes in memory, more or less.
    pub(crate) fn size(&self) -> usize {
        self.text.len() + size_of_val(&*self.ends) + size_of_val(&*self.repairs)
    }
}
