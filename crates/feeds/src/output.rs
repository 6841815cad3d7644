//! Where rows go, and the sums over them.

use std::borrow::Cow;
use std::ops::ControlFlow;

use crate::habit::{Evidence, Habit};
use crate::item::Cell;
use crate::{Delivery, DeliveryContext, FeedProblem, Limits, Row, RowError};

/// Shown the named values of each item instead of a product being made of it.
pub(crate) type Look<'a> = &'a dyn Fn(&[(Cow<'_, str>, Cell<'_>)]);

/// The receiver of rows and what a format needs to make them.
pub(crate) struct Output<'a> {
    pub(crate) context: &'a DeliveryContext,
    pub(crate) limits: &'a Limits,
    pub(crate) decimal_comma: Option<bool>,
    /// What the delivery's own prices say of their decimal separator.
    pub(crate) habit: Option<&'a Habit<'a>>,
    /// Where that is gathered.
    pub(crate) evidence: Option<&'a Evidence>,
    pub(crate) look: Option<Look<'a>>,
    pub(crate) delivery: Delivery,
    sink: &'a mut dyn FnMut(Row) -> ControlFlow<()>,
}

impl<'a> Output<'a> {
    pub(crate) fn new(
        context: &'a DeliveryContext,
        limits: &'a Limits,
        decimal_comma: Option<bool>,
        sink: &'a mut dyn FnMut(Row) -> ControlFlow<()>,
    ) -> Self {
        Self {
            context,
            limits,
            decimal_comma,
            habit: None,
            evidence: None,
            look: None,
            delivery: Delivery::default(),
            sink,
        }
    }

    /// Gives out a row; `Break` where the receiver has had enough.
    pub(crate) fn give(&mut self, row: Row) -> Result<ControlFlow<()>, FeedProblem> {
        if self.delivery.rows.saturating_add(row.folded) >= self.limits.rows {
            return Err(FeedProblem::TooManyRows { limit: self.limits.rows });
        }
        self.delivery.rows += 1 + row.folded;
        self.delivery.folded += row.folded;
        if row.outcome.is_ok() {
            self.delivery.products += 1;
            self.delivery.warnings += row.warnings.len() as u64;
        } else {
            self.delivery.rejected += 1;
        }
        let flow = (self.sink)(row);
        self.delivery.stopped |= flow.is_break();
        Ok(flow)
    }

    /// Gives out a row that is no product.
    pub(crate) fn reject(&mut self, error: RowError) -> Result<ControlFlow<()>, FeedProblem> {
        self.give(Row { number: error.row, folded: 0, outcome: Err(error), warnings: Vec::new() })
    }
}
