//! An item given out: mapped where it is whole, refused by name where it is not.

use std::ops::ControlFlow;

use super::{Item, Slip};
use crate::mapper::Mapper;
use crate::output::Output;
use crate::{FeedProblem, FieldProblem, Row, RowError, RowProblem};

/// Gives out what was found, of which `item` is the format's view.
pub(crate) fn give(
    found: &Item<'_>,
    item: &dyn crate::item::Item,
    mapper: &Mapper<'_>,
    output: &mut Output<'_>,
) -> Result<ControlFlow<()>, FeedProblem> {
    output.give(row(found, item, mapper))
}

/// The row that was found, of which `item` is the format's view.
pub(crate) fn row(found: &Item<'_>, item: &dyn crate::item::Item, mapper: &Mapper<'_>) -> Row {
    let problem = match found.fault {
        Some(fault) => RowProblem::IllFormed {
            first_line: fault.first_line,
            last_line: fault.last_line,
            reason: fault.reason.clone(),
        },
        None if found.cut => RowProblem::TooManyParts,
        None => {
            let mut row = mapper.row(item);
            found.slips.iter().for_each(|slip| row.warn_of_item(repair(*slip)));
            return row;
        }
    };
    refused(found, item, mapper, problem)
}

/// A row that is no product, with its article number where that can be read.
pub(crate) fn refused(
    found: &Item<'_>,
    item: &dyn crate::item::Item,
    mapper: &Mapper<'_>,
    problem: RowProblem,
) -> Row {
    let sku = mapper.sku(item);
    let error = RowError { row: found.number, sku, column: None, value: None, problem };
    Row { number: found.number, folded: 0, outcome: Err(error), warnings: Vec::new() }
}

fn repair(slip: Slip) -> FieldProblem {
    FieldProblem::Markup(match slip {
        Slip::Ampersand => return FieldProblem::Ampersand,
        Slip::LessThan => "a < that begins no tag was taken as it stands; write it as &lt;",
        Slip::Control => "control characters, which XML does not allow, were taken out of texts",
        Slip::RepeatedAttribute => "an attribute stands twice in one tag; the first counts",
        Slip::Unclosed => {
            "an HTML tag such as <br> is not closed; write it as <br/> or within <![CDATA[ … ]]>"
        }
    })
}
