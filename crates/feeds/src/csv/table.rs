//! A delivery's rows after its header, one after the other, each judged as a row.

use std::borrow::Cow;
use std::io::Read;

use csv::{ErrorKind, Reader, ReaderBuilder, StringRecord};

use super::dialect::Dialect;
use crate::item::{Cell, Item, Source as Column};
use crate::mapper::column_names;
use crate::row::shorten;
use crate::source::{Budget, Purse, Source, is_over_budget};
use crate::{FeedProblem, Limits, RowError, RowProblem, encoding};

/// The rows of one delivery.
pub(crate) struct Table<'l> {
    /// The header's names; repeated ones are numbered.
    pub(crate) columns: Vec<String>,
    reader: Reader<Budget<Box<dyn Read>>>,
    purse: Purse,
    limits: &'l Limits,
    /// The number of the row in `record`.
    row: u64,
    record: StringRecord,
}

/// A row that is not blank.
pub(crate) enum TableRow<'t> {
    /// As many cells as columns.
    Whole(Record<'t>),
    /// Not usable as a row; perhaps its article number still is.
    Faulty(Record<'t>, RowError),
}

impl<'l> Table<'l> {
    /// Reads up to and with the header.
    pub(crate) fn open(source: &Source, dialect: &Dialect, limits: &'l Limits) -> Result<Self, FeedProblem> {
        let text: Box<dyn Read> = Box::new(encoding::decode(source, dialect.encoding)?);
        let (text, purse) = Budget::new(text, limits.row_bytes);
        let reader = ReaderBuilder::new()
            .delimiter(dialect.delimiter)
            .has_headers(false)
            .flexible(true)
            .from_reader(text);
        let record = StringRecord::new();
        let mut table = Self { columns: Vec::new(), reader, purse, limits, row: 0, record };
        while table.row < dialect.header_row {
            if !table.read_record()? {
                return Err(FeedProblem::NoRows);
            }
        }
        table.columns = column_names(&table.record, limits)?;
        Ok(table)
    }

    /// The next row that is not blank; `None` at the end.
    pub(crate) fn next(&mut self) -> Result<Option<TableRow<'_>>, FeedProblem> {
        loop {
            if !self.read_record()? {
                return Ok(None);
            }
            // Spreadsheets export rows of nothing but delimiters below the table.
            if self.record.iter().any(|cell| !cell.trim().is_empty()) {
                break;
            }
        }
        let fault = self.fault();
        let record = Record { row: self.row, cells: &self.record };
        Ok(Some(match fault {
            Some(error) => TableRow::Faulty(record, error),
            None => TableRow::Whole(record),
        }))
    }

    /// Reads the next row; false at the end.
    fn read_record(&mut self) -> Result<bool, FeedProblem> {
        let read = self.reader.read_record(&mut self.record);
        self.purse.renew();
        self.row += 1;
        let limit = self.limits.row_bytes;
        read.map_err(|error| match error.into_kind() {
            ErrorKind::Io(error) if is_over_budget(&error) => {
                FeedProblem::RowTooLarge { row: self.row, limit }
            }
            ErrorKind::Io(source) => FeedProblem::Io { step: "read the file", source },
            // Decoded text is UTF-8 and rows may have any length, so no other kind is left.
            kind => {
                FeedProblem::Io { step: "read the table", source: std::io::Error::other(format!("{kind:?}")) }
            }
        })
    }

    /// What is wrong with the row as a row.
    fn fault(&self) -> Option<RowError> {
        let (row, columns, limit) = (self.row, &self.columns, self.limits.cell_bytes);
        if self.record.as_slice().len() > limit
            && let Some((at, cell)) = self.record.iter().enumerate().find(|(_, cell)| cell.len() > limit)
        {
            let problem = RowProblem::TooLarge { bytes: cell.len() as u64, limit: limit as u64 };
            return Some(RowError {
                row,
                sku: None,
                column: columns.get(at).cloned(),
                value: Some(shorten(cell)),
                problem,
            });
        }
        let (expected, found) = (columns.len(), self.record.len());
        let only_blank_beyond = || self.record.iter().skip(expected).all(|cell| cell.trim().is_empty());
        if found == expected || (found > expected && only_blank_beyond()) {
            return None;
        }
        let value = self.record.get(0).map(shorten);
        let column = columns.first().cloned();
        let first_line = self.record.position().map_or(0, csv::Position::line);
        let last_line = self.reader.position().line().saturating_sub(1);
        let problem = match last_line > first_line && self.record.iter().any(|cell| cell.contains('\n')) {
            true => RowProblem::Unclosed { first_line, last_line },
            false => RowProblem::Ragged { expected, found },
        };
        Some(RowError { row, sku: None, column, value, problem })
    }
}

/// One row as an item.
pub(crate) struct Record<'r> {
    row: u64,
    cells: &'r StringRecord,
}

impl Record<'_> {
    fn cell(&self, column: &Column) -> Option<Cell<'_>> {
        self.cells.get(column.index?).map(|text| Cell::text(unquoted(text)))
    }
}

impl Item for Record<'_> {
    fn number(&self) -> u64 {
        self.row
    }

    fn values<'s>(&'s self, column: &Column, found: &mut dyn FnMut(Cell<'s>)) {
        if let Some(cell) = self.cell(column) {
            found(cell);
        }
    }

    fn members<'s>(&'s self, column: &Column, found: &mut dyn FnMut(Cow<'s, str>, Cell<'s>)) {
        if let Some(cell) = self.cell(column) {
            found(Cow::Owned(column.name.clone()), cell);
        }
    }

    /// A table's plan lists its free columns itself.
    fn everything<'s>(&'s self, _: &mut dyn FnMut(Cow<'s, str>, Cell<'s>)) {}
}

/// `="0123"`, which makes Excel keep the zero, without its formula.
fn unquoted(cell: &str) -> &str {
    cell.strip_prefix("=\"").and_then(|rest| rest.strip_suffix('"')).unwrap_or(cell)
}
