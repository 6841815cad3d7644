//! A delivery's rows after its header, one after the other, each judged as a row.

use std::borrow::Cow;
use std::io;

use super::closing::{has_no_key, may_close, only_closing, pieces_behind};
use super::dialect::Dialect;
use super::kept::KeptRow;
use super::layout::Layout;
use super::record::Record as Scanned;
use super::scanner::{Caps, Scanner, cells_of_line, lines};
use crate::encoding::{OtherLines, Text};
use crate::item::{Cell, Item, Source as Column};
use crate::mapper::column_names;
use crate::row::shorten;
use crate::source::{Source, is_over_budget};
use crate::{FeedProblem, FieldProblem, Limits, RowError, RowProblem, RowWarning, date, encoding, text};

/// How far ahead of a row a look is taken to tell what it is.
const AHEAD: usize = 16 << 10;

/// What a delivery may cost in text that is looked at behind quotes which close nothing, and how far a quoted cell may
/// run over lines in one that costs more: each such quote is answered by a look as far as it reaches.
const MOST_SEARCHED: u64 = 64 << 20;
const BRIEF: usize = 2 << 10;

/// The rows of one delivery.
pub(crate) struct Table<'l> {
    /// The header's names; repeated ones are numbered.
    pub(crate) columns: Vec<String>,
    /// Where the article number stands, if that is known.
    keys: Vec<usize>,
    /// Whether most article numbers are dates, and meant to be.
    dated: bool,
    /// The header as it stands in the file, which concatenated files repeat.
    header: Vec<String>,
    layout: Layout,
    scanner: Scanner<Text>,
    /// The lines that are not in the delivery's encoding, and what they are in.
    others: OtherLines,
    other: Option<&'static str>,
    limits: &'l Limits,
    /// The number of the row in `record`.
    row: u64,
    record: Scanned,
    warnings: Vec<RowWarning>,
    /// How many of the next rows are pieces of the one before them.
    pieces: usize,
    /// The bytes of [`MOST_SEARCHED`] that are spent.
    searched: u64,
}

/// A row that is not blank.
pub(crate) enum TableRow<'t> {
    /// As many cells as columns.
    Whole(Record<'t>),
    /// Not usable as a row; perhaps its article number still is.
    Faulty(Record<'t>, RowError),
    /// No product and never meant as one: a header again, a total.
    Aside(RowError),
}

impl<'l> Table<'l> {
    /// Reads up to and with the header.
    pub(crate) fn open(source: &Source, dialect: &Dialect, limits: &'l Limits) -> Result<Self, FeedProblem> {
        let text = encoding::decode(source, dialect.encoding)?;
        let others = text.others.clone();
        let layout = dialect.layout;
        let caps = Caps { record: limits.row_bytes, reach: limits.cell_bytes };
        let mut table = Self {
            columns: Vec::new(),
            keys: Vec::new(),
            dated: false,
            header: Vec::new(),
            layout,
            scanner: Scanner::new(text, layout.delimiter, layout.quotes, caps),
            others,
            other: dialect.encoding.other().map(|encoding| encoding.name()),
            limits,
            row: 0,
            record: Scanned::default(),
            warnings: Vec::new(),
            pieces: 0,
            searched: 0,
        };
        // Above the header nobody knows how many cells a row has, nor what its quotes are worth: each line is a row.
        let above = layout.header_row - 1;
        let found = table.scanner.skip_lines(&mut table.record, above);
        if !failing(found, 1, limits.row_bytes)? {
            return Err(FeedProblem::NoRows);
        }
        table.row = above;
        if !table.scan()? {
            return Err(FeedProblem::NoRows);
        }
        table.scanner.take(&table.record);
        table.columns = column_names(table.record.cells(), limits)?;
        table.header = table.record.cells().map(|cell| text::line(cell).into_owned()).collect();
        while table.header.last().is_some_and(String::is_empty) {
            table.header.pop();
        }
        Ok(table)
    }

    /// Says where the article number stands: totals below the table are told by its absence, and what a spreadsheet
    /// has made a date is named.
    pub(crate) fn set_keys(&mut self, keys: Vec<usize>) -> Result<(), FeedProblem> {
        let (ahead, _) = self.scanner.ahead(AHEAD).map_err(FeedProblem::io("read the file"))?;
        let delimiter = char::from(self.layout.delimiter);
        let cells = keys.first().map_or(0, |&key| {
            let cells = lines(ahead).filter_map(|line| line.split(delimiter).nth(key));
            let dated = |cell: &str| date::is_whole(cell.trim_matches(['"', '\'', ' ']));
            cells.map(|cell| if dated(cell) { 1 } else { -1 }).sum::<i64>()
        });
        (self.dated, self.keys) = (cells > 0, keys);
        Ok(())
    }

    /// The next row that is not blank; `None` at the end.
    pub(crate) fn next(&mut self) -> Result<Option<TableRow<'_>>, FeedProblem> {
        loop {
            if !self.scan()? {
                return Ok(None);
            }
            self.warnings.clear();
            if (self.record.lines > 1 || self.record.open)
                && let Some(error) = self.lost_to_a_quote()?
            {
                return Ok(Some(TableRow::Faulty(self.record(), error)));
            }
            self.scanner.take(&self.record);
            // Spreadsheets export rows of nothing but delimiters below the table.
            if !self.record.is_blank() {
                break;
            }
        }
        if let Some(problem) = self.aside()? {
            let value = self.record.cells().find(|cell| !cell.trim().is_empty()).map(shorten);
            let error = RowError { row: self.row, sku: None, column: None, value, problem };
            return Ok(Some(TableRow::Aside(error)));
        }
        let fault = self.fault()?;
        let last_line = self.record.line + self.record.lines - 1;
        if let Some(encoding) = self.other
            && self.others.any(self.record.line, last_line)
        {
            self.warn(None, FieldProblem::OtherEncoding { encoding });
        }
        self.warn_of_key();
        if let Some(column) = self.record.stray {
            self.warn(self.columns.get(column).cloned(), FieldProblem::Quotes);
        }
        Ok(Some(match fault {
            Some(error) => TableRow::Faulty(self.record(), error),
            None => TableRow::Whole(self.record()),
        }))
    }

    fn record(&self) -> Record<'_> {
        Record { row: self.row, cells: &self.record, repairs: &self.warnings }
    }

    /// Scans the next row without taking it; false at the end. Blank lines are taken and not counted.
    fn scan(&mut self) -> Result<bool, FeedProblem> {
        let (row, limit) = (self.row + 1, self.limits.row_bytes);
        let reach = if self.searched > MOST_SEARCHED { BRIEF } else { usize::MAX };
        loop {
            if !failing(self.scanner.scan_within(&mut self.record, reach), row, limit)? {
                return Ok(false);
            }
            if !self.record.is_empty_line() {
                self.row = row;
                return Ok(true);
            }
            self.scanner.take(&self.record);
        }
    }

    /// Where a quote is not closed, or is closed by another row's, the row is lost and those behind it are not.
    fn lost_to_a_quote(&mut self) -> Result<Option<RowError>, FeedProblem> {
        let columns = self.columns.len();
        let (layout, limit) = (self.layout, self.limits.row_bytes);
        let raw = self.scanner.text_of(&self.record);
        let rows_in_a_row = are_all_rows(raw, columns, layout.delimiter, &self.keys);
        if self.record.len() == columns && !self.record.open && self.record.stray.is_none() && !rows_in_a_row
        {
            return Ok(None);
        }
        let raw = raw.to_owned();
        let mut searched = self.searched + self.record.beyond();
        // Where too much was searched, a quoted cell must end in its line.
        let reach = |searched| if searched > MOST_SEARCHED { 0 } else { AHEAD };
        // A line that is a row by itself is one: within a text over several lines none is to be expected.
        let is_row = |found: &Scanned| {
            found.len() == columns
                && columns > 1
                && !found.open
                && found.stray.is_none()
                && (!found.bare || rows_in_a_row)
                && !found.is_blank()
        };
        let caps = Caps { record: u64::MAX, reach: AHEAD };
        let mut inner = Scanner::new(raw.as_bytes(), layout.delimiter, layout.quotes, caps);
        let mut found = Scanned::default();
        let mut first = Scanned::default();
        let io = FeedProblem::io("read the table");
        let mut resumed = false;
        if inner.scan_line(&mut first).map_err(io)? {
            inner.take(&first);
            while inner.scan_within(&mut found, reach(searched)).map_err(FeedProblem::io("read the table"))? {
                searched += found.beyond();
                if is_row(&found) {
                    resumed = true;
                    break;
                }
                inner.take_line(&found);
            }
        }
        if !resumed && !self.record.open {
            self.searched = searched;
            return Ok(None);
        }
        let first_line = self.record.line;
        match resumed {
            true => self.scanner.skip(inner.taken() as usize, inner.line() - 1),
            false => self.scanner.take(&self.record),
        }
        while !resumed && failing(self.scanner.scan_within(&mut found, reach(searched)), self.row, limit)? {
            searched += found.beyond();
            resumed = is_row(&found);
            if !resumed {
                self.scanner.take_line(&found);
            }
        }
        self.searched = searched;
        let mark = layout.quotes.mark().map(char::from).unwrap_or_default();
        let good = first.cells().take_while(|cell| !cell.trim_start().starts_with(mark)).count();
        first.truncate(good);
        self.record = first;
        let problem = RowProblem::Unclosed { first_line, last_line: self.scanner.line() - 1 };
        Ok(Some(self.error(problem)))
    }

    /// Why the row is none of the supplier's products, where it was never meant as one.
    fn aside(&mut self) -> Result<Option<RowProblem>, FeedProblem> {
        let below = self.row - self.layout.header_row;
        if below <= self.layout.further_headers || self.repeats_the_header() {
            return Ok(Some(RowProblem::Header));
        }
        if !may_close(&self.record, &self.keys) {
            return Ok(None);
        }
        let closes = has_no_key(&self.record, &self.keys) || {
            let (rest, all) = self.scanner.ahead(AHEAD).map_err(FeedProblem::io("read the file"))?;
            all && only_closing(rest, self.layout.delimiter)
        };
        Ok(closes.then_some(RowProblem::Closing))
    }

    fn repeats_the_header(&self) -> bool {
        let same = |(at, name): (usize, &String)| {
            let cell = self.record.get(at).unwrap_or_default().trim();
            name == cell || (name.len() == cell.len() && name.to_lowercase() == cell.to_lowercase())
        };
        self.header.iter().enumerate().all(same)
    }

    /// What is wrong with the row as a row.
    fn fault(&mut self) -> Result<Option<RowError>, FeedProblem> {
        let limit = self.limits.cell_bytes;
        if self.record.size() > limit
            && let Some((at, cell)) = self.record.cells().enumerate().find(|(_, cell)| cell.len() > limit)
        {
            let problem = RowProblem::TooLarge { bytes: cell.len() as u64, limit: limit as u64 };
            let column = self.columns.get(at).cloned();
            return Ok(Some(RowError { column, value: Some(shorten(cell)), ..self.error(problem) }));
        }
        let (expected, found) = (self.columns.len(), self.record.len());
        if self.pieces > 0 {
            self.pieces -= 1;
        } else if found < expected {
            if self.record.lines == 1 && self.may_be_padded(expected, found)? {
                self.warn(None, FieldProblem::Padded { missing: expected - found });
                return Ok(None);
            }
        } else if self.record.cells().skip(expected).all(|cell| cell.trim().is_empty()) {
            return Ok(None);
        }
        let lines = self.record.lines;
        let problem = match lines {
            1 => RowProblem::Ragged { expected, found },
            _ => {
                RowProblem::Unclosed { first_line: self.record.line, last_line: self.record.line + lines - 1 }
            }
        };
        Ok(Some(self.error(problem)))
    }

    /// Whether cells are missing because they were blank: not where a line break cut the row in two, the file ends
    /// within it, or most of it is missing.
    fn may_be_padded(&mut self, expected: usize, found: usize) -> Result<bool, FeedProblem> {
        if self.layout.drops_blanks {
            return Ok(true);
        }
        let terminated = self.record.terminated;
        let (ahead, _) = self.scanner.ahead(AHEAD).map_err(FeedProblem::io("read the file"))?;
        self.pieces = pieces_behind(found, expected, ahead, self.layout.delimiter);
        Ok(self.pieces == 0 && terminated && (expected - found) * 2 <= expected)
    }

    /// Notes an article number that was none in the supplier's system.
    fn warn_of_key(&mut self) {
        let key =
            self.keys.iter().find_map(|&at| self.record.get(at).map(str::trim).filter(|key| !key.is_empty()));
        let Some(key) = key else { return };
        let problem = match () {
            () if date::was_a_code(key) || (!self.dated && date::is_whole(key)) => FieldProblem::DateSku,
            () if was_rounded(key) => FieldProblem::RoundedSku,
            () => return,
        };
        let value = Some(shorten(key));
        let column = self.keys.first().and_then(|&at| self.columns.get(at)).cloned();
        let (row, field) = (self.row, "sku".to_owned());
        self.warnings.push(RowWarning { row, field, column, value, problem });
    }

    fn error(&self, problem: RowProblem) -> RowError {
        let value = self.record.get(0).map(shorten);
        RowError { row: self.row, sku: None, column: self.columns.first().cloned(), value, problem }
    }

    fn warn(&mut self, column: Option<String>, problem: FieldProblem) {
        let value = self.record.get(0).map(shorten);
        self.warnings.push(RowWarning { row: self.row, field: "row".to_owned(), column, value, problem });
    }
}

/// Whether each line has as many cells as there are columns, none with the blank that follows a comma in prose, and a key
/// where keys are known: rows, then, that a quote in the first and another in the last have made one.
fn are_all_rows(raw: &str, columns: usize, delimiter: u8, keys: &[usize]) -> bool {
    const ENOUGH: usize = 4;
    let spaced = [char::from(delimiter), ' '].iter().collect::<String>();
    let has_key = |line: &str| {
        let key = |at: &usize| {
            line.split(char::from(delimiter)).nth(*at).is_some_and(|cell| !cell.trim().is_empty())
        };
        keys.is_empty() || keys.iter().any(key)
    };
    let is_row =
        |line: &str| cells_of_line(line, delimiter) == columns && !line.contains(&spaced) && has_key(line);
    columns >= ENOUGH && lines(raw).nth(1).is_some() && lines(raw).all(is_row)
}

fn failing<T>(result: io::Result<T>, row: u64, limit: u64) -> Result<T, FeedProblem> {
    result.map_err(|error| match is_over_budget(&error) {
        true => FeedProblem::RowTooLarge { row, limit },
        false => FeedProblem::Io { step: "read the file", source: error },
    })
}

/// One row as an item.
pub(crate) struct Record<'r> {
    row: u64,
    cells: &'r Scanned,
    repairs: &'r [RowWarning],
}

impl Record<'_> {
    /// The row by itself.
    pub(crate) fn kept(&self) -> KeptRow {
        KeptRow::new(self.row, self.cells.cells(), self.repairs)
    }

    /// A cell's text; nothing where the row or the table is not so wide.
    pub(crate) fn text(&self, index: Option<usize>) -> &str {
        index.and_then(|index| self.cells.get(index)).map(unquoted).unwrap_or_default()
    }

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

    fn repairs(&self) -> &[RowWarning] {
        self.repairs
    }
}

/// Whether an article number is a long number as a spreadsheet shows it in a narrow column: `1,23E+12`, `4.5E+05`.
pub(crate) fn was_rounded(key: &str) -> bool {
    let Some((mantissa, exponent)) = key.trim().split_once(['E', 'e']) else { return false };
    let digits = |text: &str| !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit());
    let (whole, fraction) = mantissa.split_once([',', '.']).unwrap_or((mantissa, "0"));
    let is_exponent =
        exponent.strip_prefix(['+', '-']).is_some_and(|e| (2..=3).contains(&e.len()) && digits(e));
    is_exponent && whole.len() == 1 && digits(whole) && digits(fraction)
}

/// `="0123"`, which makes Excel keep the zero, without its formula.
pub(super) fn unquoted(cell: &str) -> &str {
    cell.strip_prefix("=\"").and_then(|rest| rest.strip_suffix('"')).unwrap_or(cell)
}
