//! Delimited text.
//!
//! Rows are records: a cell may hold line breaks within quotes. The header is found by itself unless the supplier's
//! settings say where it stands. Blank lines are not counted; rows of blank cells are, but they are not given out.

mod closing;
mod dialect;
mod kept;
mod layout;
mod quotes;
mod record;
mod scanner;
mod table;

use std::ops::ControlFlow;

use crate::config::{CsvFormat, Fields};
use crate::mapper::{Mapper, Plan};
use crate::output::Output;
use crate::source::Source;
use crate::{FeedProblem, RowError};
pub(crate) use dialect::{Dialect, header_row, mapped_columns};
pub(crate) use kept::KeptRow;
pub(crate) use table::{Record, Table, TableRow, was_rounded};

pub(crate) fn read(
    source: &Source,
    format: &CsvFormat,
    fields: &Fields,
    output: &mut Output<'_>,
) -> Result<(), FeedProblem> {
    let dialect = Dialect::find(source, format, fields, output)?;
    let mut table = Table::open(source, &dialect, output.limits)?;
    let plan = Plan::for_table(fields, &table.columns)?;
    table.set_keys(plan.key_columns())?;
    output.delivery.columns.clone_from(&table.columns);
    let mapper = Mapper::new(plan, output)?;
    while let Some(row) = table.next()? {
        let given = match row {
            TableRow::Whole(record) => output.give(mapper.row(&record))?,
            TableRow::Faulty(record, error) => {
                output.reject(RowError { sku: mapper.sku(&record), ..error })?
            }
            TableRow::Aside(error) => output.reject(error)?,
        };
        if given == ControlFlow::Break(()) {
            break;
        }
    }
    Ok(())
}
