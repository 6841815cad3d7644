//! A sheet's rows, one after the other.

use std::borrow::Cow;

use quick_xml::events::BytesStart;

use super::merges::{Merges, place};
use super::part::{Part, Step, attribute, damaged, is_set};
use super::row::SheetRow;
use super::strings::{RichText, Strings, unescape};
use super::styles::Styles;
use crate::item::{Cell, CellKind};
use crate::{FeedProblem, Limits};

/// What cells refer to.
pub(super) struct Lookup {
    pub(super) strings: Strings,
    pub(super) styles: Styles,
    pub(super) since_1904: bool,
}

/// The rows of a sheet that have at least one cell with a value.
pub(super) struct Rows<'a> {
    part: Part<'a>,
    lookup: Lookup,
    pub(super) merges: Merges,
    /// Cells of one row: as many as columns.
    limit: usize,
    /// Bytes of one row's texts. Cells that share one text cost almost nothing in the file.
    row_bytes: u64,
    /// Rows with values that the spreadsheet does not show.
    pub(super) hidden: u64,
    ended: bool,
}

/// A cell as its element says.
#[derive(Default)]
struct Raw {
    column: usize,
    kind: String,
    style: usize,
    text: String,
    has_value: bool,
    is_formula: bool,
}

impl<'a> Rows<'a> {
    pub(super) fn new(part: Part<'a>, lookup: Lookup, merges: Merges, limits: &Limits) -> Self {
        let Limits { columns: limit, row_bytes, .. } = *limits;
        Self { part, lookup, merges, limit, row_bytes, hidden: 0, ended: false }
    }

    pub(super) fn next(&mut self) -> Result<Option<SheetRow>, FeedProblem> {
        while !self.ended {
            match self.part.next()? {
                Step::Open(start) if start.local_name().into_inner() == "row" => {
                    let (number, hidden) = (row_number(&start), is_set(&start, "hidden"));
                    self.part.row = number.unwrap_or(self.part.row.saturating_add(1));
                    let mut row = self.read_row()?;
                    self.part.renew();
                    if row.cells.is_empty() {
                        continue;
                    }
                    self.hidden += u64::from(hidden);
                    row.order();
                    self.merges.apply(&mut row, self.row_bytes);
                    return Ok(Some(row));
                }
                Step::Close(name) if name == "sheetData" => self.ended = true,
                Step::End => return Err(damaged("the sheet has no cells")),
                Step::Open(_) | Step::Close(_) | Step::Text(_) => {}
            }
        }
        Ok(None)
    }

    /// Reads up to the row's end.
    fn read_row(&mut self) -> Result<SheetRow, FeedProblem> {
        let mut row = SheetRow { number: self.part.row, cells: Vec::new(), too_large: None, twice: None };
        let (mut next_column, mut bytes) = (0, 0);
        loop {
            match self.part.next()? {
                Step::Open(start) if start.local_name().into_inner() == "c" => {
                    let mut raw = Raw::open(&start, next_column);
                    raw.read(&mut self.part)?;
                    next_column = raw.column + 1;
                    if row.too_large.is_some() {
                        continue;
                    }
                    let Some(cell) = raw.cell(&self.lookup).filter(|cell| !cell.is_blank()) else { continue };
                    if row.cells.len() >= self.limit {
                        let found = row.cells.len() + 1;
                        return Err(FeedProblem::TooManyColumns { found, limit: self.limit });
                    }
                    bytes += cell.text.len() as u64;
                    if bytes > self.row_bytes {
                        row.too_large = Some(bytes);
                        continue;
                    }
                    row.cells.push((raw.column, cell));
                }
                Step::Close(name) if name == "row" => return Ok(row),
                Step::Open(_) | Step::Close(_) | Step::Text(_) | Step::End => {}
            }
        }
    }
}

/// The number that a row gives itself.
pub(super) fn row_number(start: &BytesStart<'_>) -> Option<u64> {
    attribute(start, "r").and_then(|row| row.trim().parse().ok())
}

impl Raw {
    /// A cell that does not say where it stands is the next.
    fn open(start: &BytesStart<'_>, next_column: usize) -> Self {
        let mut raw = Self { column: next_column, ..Self::default() };
        for attribute in start.attributes().with_checks(false).flatten() {
            match attribute.key.into_inner() {
                "r" => raw.column = place(attribute.value.trim()).map_or(next_column, |(column, _)| column),
                "t" => raw.kind = attribute.value.trim().to_owned(),
                "s" => raw.style = attribute.value.trim().parse().unwrap_or(0),
                _ => {}
            }
        }
        raw
    }

    /// Reads up to the cell's end.
    fn read(&mut self, part: &mut Part<'_>) -> Result<(), FeedProblem> {
        let (mut value, mut rich) = (false, RichText::default());
        loop {
            match part.next()? {
                Step::Open(start) => match start.local_name().into_inner() {
                    "v" => (value, self.has_value) = (true, true),
                    "f" => self.is_formula = true,
                    "is" => self.has_value = true,
                    name => rich.open(name),
                },
                Step::Close(name) => match name.as_str() {
                    "c" => return Ok(()),
                    "v" => value = false,
                    name => rich.close(name),
                },
                Step::Text(text) if value || rich.counts() => self.text.push_str(&text),
                Step::Text(_) | Step::End => {}
            }
        }
    }

    /// The cell as it is shown; nothing for an empty one.
    fn cell(&self, lookup: &Lookup) -> Option<Cell<'static>> {
        if !self.has_value {
            // A program that writes formulas without computing them. What they amount to is not for us to say.
            return self.is_formula.then(|| error("a formula without its value"));
        }
        let text = self.text.as_str();
        Some(match self.kind.as_str() {
            "s" => match text.trim().parse().ok().and_then(|index| lookup.strings.get(index)) {
                Some(text) => Cell::text(unescape(text)),
                None => error("a text that the workbook lacks"),
            },
            "str" | "inlineStr" => Cell::text(unescape(text)),
            "b" => Cell::text(if text.trim() == "1" { "true" } else { "false" }),
            "e" => error(text.trim()),
            "d" => Cell { text: Cow::Owned(day(text.trim()).to_owned()), kind: CellKind::Date },
            _ if text.trim().is_empty() => return None,
            _ => lookup.styles.get(self.style).show(text, lookup.since_1904),
        })
    }
}

fn error(text: &str) -> Cell<'static> {
    Cell { text: Cow::Owned(text.to_owned()), kind: CellKind::Error }
}

/// A moment without its time, where that is midnight.
fn day(text: &str) -> &str {
    text.split_once('T').filter(|(_, time)| time.starts_with("00:00:00")).map_or(text, |(day, _)| day)
}
