//! Delimited text.
//!
//! Rows are records: a cell may hold line breaks within quotes. The header is row 1 unless rows above it are to be
//! skipped. Blank lines are not counted; rows of blank cells are, but they are not given out.

use std::borrow::Cow;
use std::io::Read;
use std::ops::ControlFlow;

use csv::{ErrorKind, Reader, ReaderBuilder, StringRecord};

use crate::config::{CsvFormat, Fields};
use crate::item::{Cell, Item, Source as Column};
use crate::mapper::{Mapper, Plan, column_names};
use crate::output::Output;
use crate::row::shorten;
use crate::source::{Budget, Purse, Source, is_over_budget};
use crate::{FeedProblem, RowError, RowProblem, delimiter, encoding};

pub(crate) fn read(
    source: &Source,
    format: &CsvFormat,
    fields: &Fields,
    output: &mut Output<'_>,
) -> Result<(), FeedProblem> {
    source.expect_text("CSV")?;
    let header_row = header_row(format.header_row)?;
    let found = encoding::find(source, format.encoding.as_deref())?;
    output.delivery.encoding = Some(found.encoding.name().to_owned());
    output.delivery.encoding_runner_up = found.runner_up.map(|encoding| encoding.name().to_owned());

    let (sample, cut) = sample(source, found)?;
    let declared = delimiter::declared(&sample);
    let first = header_row + u64::from(declared.is_some());
    let wanted: Vec<&str> = fields
        .rules()
        .into_iter()
        .filter_map(|(_, rule)| rule)
        .flat_map(|rule| &rule.from)
        .map(|s| &**s)
        .collect();
    let (delimiter, runner_up) = match (one_byte(format.delimiter)?, declared) {
        (Some(delimiter), _) | (None, Some(delimiter)) => (delimiter, None),
        (None, None) => delimiter::find(&sample, cut, header_row as usize, &wanted),
    };
    output.delivery.delimiter = Some(char::from(delimiter));
    output.delivery.delimiter_runner_up = runner_up.map(char::from);

    let (text, purse) = Budget::new(encoding::decode(source, found)?, output.limits.row_bytes);
    let reader =
        ReaderBuilder::new().delimiter(delimiter).has_headers(false).flexible(true).from_reader(text);
    Table { reader, purse, row: 0, record: StringRecord::new() }.read(first, fields, output)
}

/// The rows of one delivery.
struct Table<R> {
    reader: Reader<R>,
    purse: Purse,
    /// The number of the row in `record`.
    row: u64,
    record: StringRecord,
}

impl<R: Read> Table<R> {
    fn read(mut self, first: u64, fields: &Fields, output: &mut Output<'_>) -> Result<(), FeedProblem> {
        while self.row < first {
            if !self.next(output.limits.row_bytes)? {
                return Err(FeedProblem::NoRows);
            }
        }
        let columns = column_names(&self.record, output.limits)?;
        let plan = Plan::for_table(fields, &columns)?;
        output.delivery.columns.clone_from(&columns);
        let mapper = Mapper::new(plan, output.context, output.limits, output.decimal_comma);
        while self.next(output.limits.row_bytes)? {
            // Spreadsheets export rows of nothing but delimiters below the table.
            if self.record.iter().all(|cell| cell.trim().is_empty()) {
                continue;
            }
            let record = Record { row: self.row, cells: &self.record };
            let given = match self.fault(&columns, output.limits.cell_bytes) {
                Some(error) => output.reject(RowError { sku: mapper.sku(&record), ..error })?,
                None => output.give(mapper.row(&record))?,
            };
            if given == ControlFlow::Break(()) {
                break;
            }
        }
        Ok(())
    }

    /// Reads the next row; false at the end.
    fn next(&mut self, limit: u64) -> Result<bool, FeedProblem> {
        let read = self.reader.read_record(&mut self.record);
        self.purse.renew();
        self.row += 1;
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
    fn fault(&self, columns: &[String], limit: usize) -> Option<RowError> {
        let row = self.row;
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
struct Record<'r> {
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

pub(crate) fn header_row(configured: Option<u32>) -> Result<u64, FeedProblem> {
    match configured {
        Some(0) => {
            Err(FeedProblem::Setting { key: "header_row", reason: "rows are counted from 1".to_owned() })
        }
        row => Ok(u64::from(row.unwrap_or(1))),
    }
}

fn one_byte(delimiter: Option<char>) -> Result<Option<u8>, FeedProblem> {
    let Some(delimiter) = delimiter else { return Ok(None) };
    match u8::try_from(delimiter) {
        Ok(byte) if byte.is_ascii() && !matches!(byte, b'"' | b'\n' | b'\r') => Ok(Some(byte)),
        _ => Err(FeedProblem::Setting {
            key: "delimiter",
            reason: format!("{delimiter:?} is not one ASCII character other than a quote or a line break"),
        }),
    }
}

/// The beginning of the text, and whether there is more.
fn sample(source: &Source, found: encoding::Found) -> Result<(String, bool), FeedProblem> {
    const SAMPLE: u64 = 256 << 10;
    let mut bytes = Vec::new();
    encoding::decode(source, found)?
        .take(SAMPLE)
        .read_to_end(&mut bytes)
        .map_err(FeedProblem::io("read the file"))?;
    Ok((String::from_utf8_lossy(&bytes).into_owned(), bytes.len() as u64 == SAMPLE))
}
