//! Which decimal separator a delivery's prices have, where nothing says so.
//!
//! `1,234` can be read in two ways, `149,00` cannot. Where the first ambiguous number is met, the delivery's first
//! thousands of rows are read once more for prices that are not ambiguous. Where they agree, what they say holds for all
//! numbers of the delivery; where they contradict one another, nothing does.

use std::sync::OnceLock;
use std::sync::atomic::{AtomicBool, Ordering};

use crate::item::{Cell, CellKind};
use crate::number;

/// How many rows are looked at.
pub(crate) const ROWS: u64 = 5_000;

/// The answer, found out when it is first asked for.
pub(crate) struct Habit<'a> {
    found: OnceLock<Option<bool>>,
    find: &'a (dyn Fn() -> Option<bool> + Sync),
}

impl<'a> Habit<'a> {
    pub(crate) fn new(find: &'a (dyn Fn() -> Option<bool> + Sync)) -> Self {
        Self { found: OnceLock::new(), find }
    }

    /// Whether the comma is the decimal separator; `None` where the prices do not tell.
    pub(crate) fn decimal_comma(&self) -> Option<bool> {
        *self.found.get_or_init(self.find)
    }
}

/// What unambiguous prices say.
#[derive(Debug, Default)]
pub(crate) struct Evidence {
    comma: AtomicBool,
    point: AtomicBool,
}

impl Evidence {
    pub(crate) fn add(&self, price: &Cell<'_>) {
        let comma = match price.kind {
            CellKind::Text => number::evidence(&price.text),
            _ => None,
        };
        match comma {
            Some(true) => self.comma.store(true, Ordering::Relaxed),
            Some(false) => self.point.store(true, Ordering::Relaxed),
            None => {}
        }
    }

    /// What all of them agree on.
    pub(crate) fn agreed(&self) -> Option<bool> {
        let (comma, point) = (self.comma.load(Ordering::Relaxed), self.point.load(Ordering::Relaxed));
        (comma != point).then_some(comma)
    }
}
