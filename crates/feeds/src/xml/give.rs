//! An item given out: mapped where it is whole, refused by name where it is not.

use std::ops::ControlFlow;

use super::{Item, Slip};
use crate::mapper::Mapper;
use crate::output::Output;
use crate::{FeedProblem, FieldProblem, RowError, RowProblem};

/// Gives out what was found, of which `item` is the format's view.
pub(crate) fn give(
    found: &Item<'_>,
    item: &dyn crate::item::Item,
    mapper: &Mapper<'_>,
    output: &mut Output<'_>,
) -> Result<ControlFlow<()>, FeedProblem> {
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
            return output.give(row);
        }
    };
    let sku = mapper.sku(item);
    output.reject(RowError { row: found.number, sku, column: None, value: None, problem })
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
