//! Supplier bytes to products, row by row.
//!
//! [`read`] takes a file, recognises its encoding and dialect, maps its columns to fields and gives out one [`Row`]
//! after the other. One format is one file (`csv`, `json`, `xlsx`, `google`, `bmecat`, `xml`, `shops`); what they share is
//! the seam `item` and behind it the `mapper`. Wrong values are values too: a row that is no product is given out with its
//! [`RowError`], a field that was dropped with its [`RowWarning`], and only what makes the rest unreadable is a
//! [`FeedError`].
//!
//! Memory does not grow with the file, with three exceptions: a workbook's shared strings, BMEcat's category tree
//! and map, and the keys of a shop export's products. What is not here: fetching (`berika-net`), repeated article
//! numbers within a delivery and everything else that needs a memory of other rows (`berika-store`).

mod bmecat;
mod config;
mod csv;
mod date;
mod encoding;
mod error;
mod google;
mod habit;
mod header;
mod item;
mod json;
mod limits;
mod mapper;
mod mojibake;
pub mod number;
mod output;
mod packing;
mod pairs;
mod rework;
mod row;
mod shops;
mod source;
mod suggest;
mod text;
mod unit;
mod xlsx;
mod xml;

use std::ops::ControlFlow;
use std::path::Path;

use berika_catalog::DeliveryKind;
pub use config::{
    AttributesRule, CsvFormat, FeedConfig, FieldRule, Fields, Format, JsonFormat, JsonLinesFormat,
    LocalizedFields, MarketFields, Unmapped, XlsxFormat, XmlFormat, XmlRowsFormat,
};
pub use error::{FeedError, FeedProblem};
pub use limits::Limits;
pub use row::{Delivery, DeliveryContext, FieldProblem, Row, RowError, RowProblem, RowWarning};
pub use suggest::{ColumnSuggestion, FieldSuggestion, Stated, Suggestion, suggest};

use habit::{Evidence, Habit};
use output::Output;
use shops::System;
use source::Source;

/// Reads the delivery at `path`, giving each row to `sink` until that breaks.
///
/// Blocks, and holds one row at a time: run it on a thread of its own and let `sink` wait where the rows pile up.
///
/// # Errors
/// [`FeedError`] where the delivery cannot be read, or not to its end. Rows given out before are good, but the
/// delivery is then incomplete.
pub fn read(
    path: &Path,
    config: &FeedConfig,
    context: &DeliveryContext,
    limits: &Limits,
    sink: &mut dyn FnMut(Row) -> ControlFlow<()>,
) -> Result<Delivery, FeedError> {
    let comma = config.format.decimal_comma();
    let find = || decimal_comma(path, config, context, limits);
    let habit = Habit::new(&find);
    let mut output = Output::new(context, limits, comma, sink);
    output.habit = Some(&habit);
    let read = Source::open(path, config.member.as_deref(), limits)
        .and_then(|source| read_format(&source, config, &mut output));
    let nothing = output.delivery.rows == 0 && !output.delivery.stopped;
    let complete = read.and(if nothing { Err(FeedProblem::NoRows) } else { Ok(()) });
    match complete {
        Ok(()) => Ok(output.delivery),
        Err(problem) => {
            Err(FeedError { supplier: context.supplier.clone(), file: context.file.clone(), problem })
        }
    }
}

/// What the silence of the delivery at `path` means: what `context` says, unless the file itself says that it lists
/// changes only, as an update of a BMEcat catalogue does. A file that cannot be read is told of by [`read`].
///
/// Blocks; reads no more than the beginning.
pub fn kind_of(path: &Path, config: &FeedConfig, context: &DeliveryContext, limits: &Limits) -> DeliveryKind {
    let is_update = match &config.format {
        Format::Bmecat(_) => Source::open(path, config.member.as_deref(), limits)
            .and_then(|source| bmecat::is_update(&source, limits))
            .unwrap_or(false),
        _ => false,
    };
    if is_update { DeliveryKind::Delta } else { context.kind }
}

/// What the delivery's first thousands of prices say of their decimal separator. A file of its own is opened: a source
/// has one position, which belongs to the reading that is under way.
fn decimal_comma(
    path: &Path,
    config: &FeedConfig,
    context: &DeliveryContext,
    limits: &Limits,
) -> Option<bool> {
    let evidence = Evidence::default();
    let mut rows = 0;
    let mut count = |_| {
        rows += 1;
        if rows < habit::ROWS { ControlFlow::Continue(()) } else { ControlFlow::Break(()) }
    };
    let mut output = Output::new(context, limits, None, &mut count);
    output.evidence = Some(&evidence);
    // What cannot be read is told of by the reading that asks.
    let source = Source::open(path, config.member.as_deref(), limits).ok()?;
    let _told = read_format(&source, config, &mut output);
    evidence.agreed()
}

fn read_format(source: &Source, config: &FeedConfig, output: &mut Output<'_>) -> Result<(), FeedProblem> {
    let fields = &config.fields;
    match &config.format {
        Format::Csv(format) => csv::read(source, format, fields, output),
        Format::Json(format) => json::read(source, format, fields, output),
        Format::Jsonl(_) => json::read_lines(source, fields, output),
        Format::Google(_) => google::read(source, fields, output),
        Format::Xlsx(format) => xlsx::read(source, format, fields, output),
        Format::Bmecat(_) => bmecat::read(source, fields, output),
        Format::Xml(format) => xml::read(source, format, fields, output),
        Format::Shopify(format) => shops::read(source, System::Shopify, format, fields, output),
        Format::Magento(format) => shops::read(source, System::Magento, format, fields, output),
        Format::Woocommerce(format) => shops::read(source, System::WooCommerce, format, fields, output),
    }
}
