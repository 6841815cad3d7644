//! Excel workbooks, row by row, as the spreadsheet shows them.
//!
//! A sheet is read as a stream of cells: what two cells far apart would span is never allocated. The workbook's shared
//! strings are held in memory, so memory grows with them. Formulas are never computed: the value that the spreadsheet
//! stored with them counts.

mod book;
mod header;
mod merges;
mod part;
mod row;
mod sheet;
mod shown;
mod strings;
mod styles;

use std::collections::VecDeque;
use std::ops::ControlFlow;

use crate::config::{Fields, XlsxFormat};
use crate::mapper::{Mapper, Plan, column_names};
use crate::output::Output;
use crate::source::Source;
use crate::{FeedProblem, FieldProblem, RowError, RowProblem, RowWarning, csv};
use book::Book;
use merges::Merges;
use row::SheetRow;
use sheet::{Lookup, Rows};

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
    let limits = output.limits;
    let mut book = Book::open(source, limits)?;
    let (name, part) = book.choose(format.sheet.as_deref())?;
    output.delivery.sheet = Some(name);
    let lookup =
        Lookup { styles: book.styles(limits)?, strings: book.strings(limits)?, since_1904: book.since_1904 };
    let merges = Merges::read(book.sheet(&part, limits)?)?;
    let rows = Rows::new(book.sheet(&part, limits)?, lookup, merges, limits);
    read_sheet(rows, format, fields, output)
}

fn read_sheet(
    mut rows: Rows<'_>,
    format: &XlsxFormat,
    fields: &Fields,
    output: &mut Output<'_>,
) -> Result<(), FeedProblem> {
    let Head { names, row, further, below: mut ahead } =
        head(&mut rows, format, fields, output.limits.columns)?;
    let columns = column_names(names.iter().map(String::as_str), output.limits)?;
    let plan = Plan::for_table(fields, &columns)?;
    output.delivery.columns.clone_from(&columns);
    output.delivery.header_row = Some(row);
    let mapper = Mapper::new(plan, output)?;
    loop {
        let row = match ahead.pop_front() {
            Some(row) => row,
            None => match rows.next()? {
                Some(row) => row,
                None => break,
            },
        };
        output.delivery.hidden_rows = rows.hidden;
        let aside = row.number <= further;
        let given = if let Some(bytes) = row.too_large {
            let problem = RowProblem::TooLarge { bytes, limit: output.limits.row_bytes };
            reject(output, &row, mapper.sku(&row), problem)?
        } else if aside {
            reject(output, &row, None, RowProblem::Header)?
        } else if row.cells.iter().any(|(column, _)| *column < columns.len()) {
            let mut given = mapper.row(&row);
            let key = given.outcome.as_ref().ok().map(|product| &product.key.sku);
            if let Some(key) = key.filter(|key| csv::was_rounded(key)) {
                given.warnings.push(RowWarning {
                    row: row.number,
                    field: "sku".to_owned(),
                    column: None,
                    value: Some(key.clone()),
                    problem: FieldProblem::RoundedSku,
                });
            }
            if let Some((column, value)) = &row.twice {
                given.warnings.push(RowWarning {
                    row: row.number,
                    field: "row".to_owned(),
                    column: columns.get(*column).cloned(),
                    value: Some(value.clone()),
                    problem: FieldProblem::CellTwice,
                });
            }
            output.give(given)?
        } else {
            reject(output, &row, None, RowProblem::OutsideTable)?
        };
        if given == ControlFlow::Break(()) {
            break;
        }
    }
    Ok(())
}

fn reject(
    output: &mut Output<'_>,
    row: &SheetRow,
    sku: Option<String>,
    problem: RowProblem,
) -> Result<ControlFlow<()>, FeedProblem> {
    let value = row.cells.first().map(|(_, cell)| crate::row::shorten(&cell.text));
    output.reject(RowError { row: row.number, sku, column: None, value, problem })
}

/// A sheet down to its header.
struct Head {
    names: Vec<String>,
    /// The header's row; its last, where it has two.
    row: u64,
    /// The last row of those below that are headers as well.
    further: u64,
    /// The rows below that were read to find it.
    below: VecDeque<SheetRow>,
}

fn head(
    rows: &mut Rows<'_>,
    format: &XlsxFormat,
    fields: &Fields,
    limit: usize,
) -> Result<Head, FeedProblem> {
    let configured = csv::header_row(format.header_row)?;
    let (mut seen, mut texts, mut bytes) = (VecDeque::new(), Vec::new(), 0);
    while let Some(row) = rows.next()? {
        match configured {
            Some(wanted) if row.number < wanted => continue,
            Some(wanted) if row.number > wanted && seen.is_empty() => {
                let reason = format!("row {wanted} is empty; the next one with cells is {}", row.number);
                return Err(FeedProblem::Setting { key: "header_row", reason });
            }
            _ => texts.push(rows.merges.spread(&row, limit)),
        }
        seen.push_back(row);
        bytes += texts.last().map_or(0, |row: &Vec<String>| row.iter().map(String::len).sum());
        if seen.len() == header::SEEN || bytes > header::SEEN_BYTES {
            break;
        }
    }
    let header = match configured {
        Some(_) => texts.first().map(|names| header::Header { rows: 1, names: names.clone() }),
        None => header::find(&texts, &csv::mapped_columns(fields)),
    };
    let header = header.ok_or(FeedProblem::NoRows)?;
    let further = crate::header::further(&texts[header.rows..]);
    let number = |at: usize| seen.get(at).map_or(0, |row: &SheetRow| row.number);
    let (row, further) = (number(header.rows - 1), number(header.rows - 1 + further));
    drop(seen.drain(..header.rows));
    Ok(Head { names: header.names, row, further, below: seen })
}
