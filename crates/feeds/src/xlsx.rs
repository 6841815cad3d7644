//! Excel workbooks, cell by cell.
//!
//! A sheet is read as a stream of cells: what two cells far apart would span is never allocated. The workbook's
//! shared strings are held in memory by the reader, so this is the one format whose memory grows with the file; its
//! parts are unpacked and counted before that, whatever sizes the archive declares.

mod archive;

use std::borrow::Cow;
use std::fs::File;
use std::io::BufReader;
use std::ops::ControlFlow;
use std::panic::{AssertUnwindSafe, catch_unwind};

use calamine::{DataRef, Reader, SheetType, SheetVisible, Xlsx, XlsxCellReader};

use crate::config::{Fields, XlsxFormat};
use crate::error::nearest_name;
use crate::item::{Cell, CellKind, Item, Source as Column, float_text};
use crate::mapper::{Mapper, Plan, column_names};
use crate::output::Output;
use crate::source::Source;
use crate::{FeedProblem, RowError, RowProblem, csv, date};

type Workbook = Xlsx<BufReader<File>>;

pub(crate) fn read(
    source: &Source,
    format: &XlsxFormat,
    fields: &Fields,
    output: &mut Output<'_>,
) -> Result<(), FeedProblem> {
    if !source.head().starts_with(b"PK\x03\x04") {
        let found = match source.expect_text("an Excel workbook (.xlsx)") {
            Err(problem) => return Err(problem),
            Ok(()) => "text or something else that is no zip archive".to_owned(),
        };
        return Err(FeedProblem::WrongContent { expected: "an Excel workbook (.xlsx)", found });
    }
    archive::check(source, output.limits)?;
    let mut workbook: Workbook = guarded(|| Xlsx::new(source.reader()?).map_err(damaged))?;
    let sheet = choose_sheet(&workbook, format.sheet.as_deref())?;
    output.delivery.sheet = Some(sheet.clone());
    let since_1904 = workbook.has_1904_epoch();
    let cells = guarded(|| workbook.worksheet_cells_reader(&sheet).map_err(damaged))?;
    let rows = Rows { cells, since_1904, limit: output.limits.columns, ahead: None, ended: false };
    read_sheet(rows, format, fields, output)
}

fn read_sheet(
    mut rows: Rows<'_>,
    format: &XlsxFormat,
    fields: &Fields,
    output: &mut Output<'_>,
) -> Result<(), FeedProblem> {
    let header_row = csv::header_row(format.header_row)?;
    let header = loop {
        let Some(row) = rows.next()? else { return Err(FeedProblem::NoRows) };
        if header_row.is_none_or(|wanted| row.number == wanted) {
            break row;
        }
        if header_row.is_some_and(|wanted| row.number > wanted) {
            return Err(FeedProblem::Setting {
                key: "header_row",
                reason: format!("row {} is empty; the next one with cells is {}", row.number - 1, row.number),
            });
        }
    };
    let columns =
        column_names(header.dense(output.limits.columns)?.iter().map(|c| c.as_ref()), output.limits)?;
    let plan = Plan::for_table(fields, &columns)?;
    output.delivery.columns.clone_from(&columns);
    let mapper = Mapper::new(plan, output)?;
    while let Some(row) = rows.next()? {
        let within = |(column, _): &(usize, Cell<'static>)| *column < columns.len();
        let given = if row.cells.iter().any(within) {
            output.give(mapper.row(&row))?
        } else {
            let value = row.cells.first().map(|(_, cell)| crate::row::shorten(&cell.text));
            let problem = RowProblem::OutsideTable;
            output.reject(RowError { row: row.number, sku: None, column: None, value, problem })?
        };
        if given == ControlFlow::Break(()) {
            break;
        }
    }
    Ok(())
}

/// The named sheet, or the first one that is shown.
fn choose_sheet(workbook: &Workbook, wanted: Option<&str>) -> Result<String, FeedProblem> {
    let sheets = workbook.sheets_metadata();
    match wanted {
        Some(wanted) => {
            let names = || sheets.iter().map(|sheet| sheet.name.as_str());
            let found = names().find(|name| *name == wanted);
            found.map(str::to_owned).ok_or_else(|| FeedProblem::SheetMissing {
                sheet: wanted.to_owned(),
                nearest: nearest_name(wanted, names()),
            })
        }
        None => {
            let shown = |sheet: &&calamine::Sheet| {
                sheet.visible == SheetVisible::Visible && sheet.typ == SheetType::WorkSheet
            };
            let first = sheets.iter().find(shown).map(|sheet| sheet.name.clone());
            first.ok_or(FeedProblem::Workbook { reason: "it has no visible sheet".to_owned() })
        }
    }
}

/// The rows of a sheet that have at least one cell with a value.
struct Rows<'w> {
    cells: XlsxCellReader<'w, BufReader<File>>,
    since_1904: bool,
    /// Cells of one row: as many as columns.
    limit: usize,
    /// The first cell of the next row.
    ahead: Option<(u32, usize, Cell<'static>)>,
    /// The sheet's end was seen: the reader must not be asked again.
    ended: bool,
}

impl Rows<'_> {
    fn next(&mut self) -> Result<Option<SheetRow>, FeedProblem> {
        let mut row: Option<(u32, SheetRow)> = None;
        loop {
            let Some((at, column, cell)) = self.next_cell()? else { return Ok(row.map(|(_, row)| row)) };
            match &mut row {
                Some((current, row)) if *current == at && row.cells.len() < self.limit => {
                    row.cells.push((column, cell));
                }
                Some((current, row)) if *current == at => {
                    return Err(FeedProblem::TooManyColumns {
                        found: row.cells.len() + 1,
                        limit: self.limit,
                    });
                }
                Some(_) => {
                    self.ahead = Some((at, column, cell));
                    return Ok(row.map(|(_, row)| row));
                }
                None => row = Some((at, SheetRow { number: u64::from(at) + 1, cells: vec![(column, cell)] })),
            }
        }
    }

    fn next_cell(&mut self) -> Result<Option<(u32, usize, Cell<'static>)>, FeedProblem> {
        if let Some(cell) = self.ahead.take() {
            return Ok(Some(cell));
        }
        if self.ended {
            return Ok(None);
        }
        let (cells, since_1904) = (&mut self.cells, self.since_1904);
        let found = guarded(|| {
            while let Some(found) = cells.next_cell().map_err(damaged)? {
                let (row, column) = found.get_position();
                if let Some(cell) = cell(found.get_value(), since_1904).filter(|cell| !cell.is_blank()) {
                    return Ok(Some((row, column as usize, cell)));
                }
            }
            Ok(None)
        })?;
        self.ended = found.is_none();
        Ok(found)
    }
}

/// A cell's value as it is shown; nothing for an empty cell.
fn cell(value: &DataRef<'_>, since_1904: bool) -> Option<Cell<'static>> {
    Some(match value {
        DataRef::Empty => return None,
        DataRef::Int(number) => Cell::number(number.to_string()),
        DataRef::Float(number) => Cell::number(float_text(*number)),
        DataRef::String(text) => Cell::text(text.clone()),
        DataRef::SharedString(text) => Cell::text((*text).to_owned()),
        DataRef::Bool(truth) => Cell::text(truth.to_string()),
        DataRef::DateTime(moment) => {
            let serial = moment.as_f64();
            match date::serial(serial as i32, since_1904).filter(|_| !moment.is_duration()) {
                Some(date) => Cell::text(date.to_string()),
                // A number that only looks like a date by its format.
                None => Cell::number(float_text(serial)),
            }
        }
        DataRef::DateTimeIso(text) | DataRef::DurationIso(text) => Cell::text(text.clone()),
        DataRef::Error(error) => Cell { text: Cow::Owned(error.to_string()), kind: CellKind::Error },
    })
}

/// One row's cells with a value, by column.
struct SheetRow {
    number: u64,
    cells: Vec<(usize, Cell<'static>)>,
}

impl SheetRow {
    /// The texts of all columns up to the last.
    fn dense(&self, limit: usize) -> Result<Vec<Cow<'_, str>>, FeedProblem> {
        let last = self.cells.iter().map(|(column, _)| column + 1).max().unwrap_or(0);
        if last > limit {
            return Err(FeedProblem::TooManyColumns { found: last, limit });
        }
        let mut texts = vec![Cow::Borrowed(""); last];
        for (column, cell) in &self.cells {
            texts[*column] = Cow::Borrowed(cell.text.as_ref());
        }
        Ok(texts)
    }

    fn at(&self, column: &Column) -> impl Iterator<Item = &Cell<'static>> {
        let index = column.index;
        self.cells.iter().filter(move |(at, _)| Some(*at) == index).map(|(_, cell)| cell).take(1)
    }
}

impl Item for SheetRow {
    fn number(&self) -> u64 {
        self.number
    }

    fn values<'s>(&'s self, column: &Column, found: &mut dyn FnMut(Cell<'s>)) {
        self.at(column).for_each(|cell| found(cell.clone()));
    }

    fn members<'s>(&'s self, column: &Column, found: &mut dyn FnMut(Cow<'s, str>, Cell<'s>)) {
        self.at(column).for_each(|cell| found(Cow::Owned(column.name.clone()), cell.clone()));
    }

    /// A table's plan lists its free columns itself.
    fn everything<'s>(&'s self, _: &mut dyn FnMut(Cow<'s, str>, Cell<'s>)) {}
}

#[expect(clippy::needless_pass_by_value, reason = "it is handed to map_err")]
fn damaged(error: calamine::XlsxError) -> FeedProblem {
    FeedProblem::Workbook { reason: crate::row::shorten_to(&error.to_string(), 200) }
}

/// Runs a step of the workbook reader. It indexes by what the file says; should that ever panic, the delivery is
/// refused and the run goes on.
fn guarded<T>(step: impl FnOnce() -> Result<T, FeedProblem>) -> Result<T, FeedProblem> {
    catch_unwind(AssertUnwindSafe(step)).unwrap_or_else(|_| {
        Err(FeedProblem::Workbook { reason: "its parts contradict each other".to_owned() })
    })
}
