//! Numbers with units, and how suppliers write them.

mod parse;
mod unit;

use std::fmt;

use rust_decimal::Decimal;
use serde::Serialize;

pub use parse::{Found, scan};
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

    /// Whether this and `other` say the same, in whatever unit: `0.5 kg` and `500 g`, `6 × 33 cl` and `6 × 330 ml`. What
    /// is said to be approximate equals only what is so too. Exact: `12 oz` is not `340 g`.
    pub fn equals(&self, other: &Quantity) -> bool {
        self.unit.measure() == other.unit.measure()
            && self.count.unwrap_or(1) == other.count.unwrap_or(1)
            && self.approximate == other.approximate
            && self.in_base() == other.in_base()
    }

    /// The same quantity in `unit`, exactly: `12 oz` in grams is `340.194277500 g`, for the caller to round.
    /// `None` where `unit` measures something else or the result has no exact decimal of 28 digits: `1 g` in pounds.
    pub fn in_unit(&self, unit: Unit) -> Option<Quantity> {
        if self.unit.measure() != unit.measure() {
            return None;
        }
        let convert = |number: &Decimal| {
            let base = number.checked_mul(self.unit.in_base())?;
            let converted = base.checked_div(unit.in_base())?;
            (converted.checked_mul(unit.in_base())? == base).then(|| converted.normalize())
        };
        let numbers = self.numbers.iter().map(convert).collect::<Option<Vec<_>>>()?;
        Some(Quantity { numbers, unit, ..self.clone() })
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

#[cfg(test)]
mod tests {
    use super::*;

    fn of(number: &str, unit: Unit) -> Quantity {
        Quantity::new(number.parse().unwrap(), unit)
    }

    #[test]
    fn units_are_converted_exactly_or_not_at_all() {
        let show = |quantity: Quantity, unit| quantity.in_unit(unit).map(|q| q.to_string());
        assert_eq!(show(of("7.5", Unit::Decilitre), Unit::Millilitre).as_deref(), Some("750 ml"));
        assert_eq!(show(of("12", Unit::Ounce), Unit::Gram).as_deref(), Some("340.1942775 g"));
        assert_eq!(show(of("2", Unit::Inch), Unit::Centimetre).as_deref(), Some("5.08 cm"));
        assert_eq!(show(of("1", Unit::Gram), Unit::Pound), None);
        assert_eq!(show(of("1", Unit::Gram), Unit::Litre), None);
        let six = Quantity { count: Some(6), ..of("33", Unit::Centilitre) };
        assert_eq!(show(six.clone(), Unit::Millilitre).as_deref(), Some("6 × 330 ml"));
        assert!(six.equals(&Quantity { count: Some(6), ..of("0.33", Unit::Litre) }));
        assert!(!six.equals(&of("33", Unit::Centilitre)) && !six.equals(&of("198", Unit::Centilitre)));
        assert!(!of("12", Unit::Ounce).equals(&of("340", Unit::Gram)));
    }
}
