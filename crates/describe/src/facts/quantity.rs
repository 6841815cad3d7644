//! Numbers with units, and how suppliers write them.

mod parse;
mod unit;

use std::fmt;

use rust_decimal::Decimal;
use serde::Serialize;

pub(crate) use parse::{Found, scan};
pub(super) use parse::{unit_alone, whole};
pub use unit::{Measure, Unit};

/// A measure as it was given: `450 g`, `6 × 33 cl`, `40 × 60 cm`, `approx. 820 g`.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Quantity {
    /// How many of them: 6 of `6 × 33 cl`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub count: Option<u32>,
    /// The number, or the sides of `40 × 60 cm`; never empty.
    pub numbers: Vec<Decimal>,
    /// The unit of every number.
    pub unit: Unit,
    /// Whether the supplier says "about".
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub approximate: bool,
}

impl Quantity {
    /// One number with a unit.
    pub fn new(number: Decimal, unit: Unit) -> Self {
        Self { count: None, numbers: vec![number], unit, approximate: false }
    }

    /// Whether this and `other` can both be said of one thing: equal once brought to one unit, or one the total or the
    /// single piece of the other.
    pub fn agrees_with(&self, other: &Quantity) -> bool {
        if self.unit.measure() != other.unit.measure() {
            return false;
        }
        let (mine, theirs) = (self.readings(), other.readings());
        if self.numbers.len() > 1 || other.numbers.len() > 1 {
            // `120 × 80 cm` is `120 × 80 × 20 cm` with a side untold.
            let (mine, theirs) = (self.in_base(), other.in_base());
            let (few, many) = if mine.len() < theirs.len() { (mine, theirs) } else { (theirs, mine) };
            return few.len() > 1 && is_part_of(&few, many);
        }
        mine.iter().any(|value| theirs.contains(value))
    }

    fn in_base(&self) -> Vec<Decimal> {
        let factor = self.unit.in_base();
        self.numbers.iter().map(|n| (n.saturating_mul(factor)).normalize()).collect()
    }

    /// One piece and all together, in the base unit.
    fn readings(&self) -> Vec<Decimal> {
        let each = self.in_base();
        let total = self.count.map(|count| each[0].saturating_mul(Decimal::from(count)).normalize());
        each.into_iter().take(1).chain(total).collect()
    }
}

impl fmt::Display for Quantity {
    /// International notation, for tables; texts are written by a language's rules.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let numbers: Vec<String> = self.numbers.iter().map(ToString::to_string).collect();
        let about = if self.approximate { "~ " } else { "" };
        let count = self.count.map(|count| format!("{count} × ")).unwrap_or_default();
        write!(f, "{about}{count}{} {}", numbers.join(" × "), self.unit.label())
    }
}

/// Whether each of `few` is a different one of `many`.
fn is_part_of(few: &[Decimal], mut many: Vec<Decimal>) -> bool {
    few.iter().all(|value| {
        let found = many.iter().position(|other| other == value);
        found.map(|at| many.swap_remove(at)).is_some()
    })
}
