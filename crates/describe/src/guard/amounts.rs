//! Numbers with their units: each equals a fact's, of a kind that its noun names or its unit tells.

use rust_decimal::Decimal;

use super::Why;
use super::grounds::Ground;
use super::judge::{Judge, Refusal};
use super::parts::{Item, Part};
use crate::facts::quantity::Measure;
use crate::facts::{FactKind, FactValue, Quantity, Unit};

impl Judge<'_, '_> {
    /// A quantity within the name stands in the title too, or is what the package holds.
    pub(super) fn quantity_in_title(&mut self, at: usize) -> Result<(), Refusal> {
        let Some(quantity) = &self.tokens[at].quantity else { return Ok(()) };
        if self.title_gives(at, quantity) {
            self.rest_on(Ground::Title);
            return Ok(());
        }
        // A title's `32 h` is read as words there; a comma may mean something else in another language.
        let written = &self.tokens[at].text;
        let plain = self.grounds.foreign.is_none() || !written.contains([',', '.']);
        let disputed = self.grounds.contradicted.iter().any(|given| is_equal(given, quantity, true));
        if plain && !disputed && self.grounds.is_in_title(written) {
            self.rest_on(Ground::Title);
            return Ok(());
        }
        let content = self
            .facts_with(quantity, false)
            .into_iter()
            .find(|index| matches!(self.grounds.facts[*index].kind, FactKind::NetContent | FactKind::Volume));
        match content {
            Some(index) => {
                self.rest_on(Ground::Fact(index));
                Ok(())
            }
            None => Err((Why::Number, self.tokens[at].text.clone())),
        }
    }

    fn title_gives(&self, at: usize, quantity: &Quantity) -> bool {
        let before = at.checked_sub(1).map(|before| self.tokens[before].text.as_str()).unwrap_or_default();
        let after = self.tokens.get(at + 1).map(|after| after.text.as_str()).unwrap_or_default();
        let is_beside = |[earlier, later]: &[String; 2]| {
            !earlier.is_empty() && earlier == before || !later.is_empty() && later == after
        };
        self.grounds.title_quantities.iter().any(|given| {
            is_equal(&given.quantity, quantity, true)
                && given.behind.as_deref().is_none_or(|word| word == before)
                && given.beside.as_ref().is_none_or(is_beside)
        })
    }

    /// Whether a fact of the same measure has another value: then a number of the title needs the words round it.
    fn is_stated_otherwise(&self, quantity: &Quantity) -> bool {
        self.grounds.facts.iter().any(|fact| match &fact.value {
            FactValue::Quantity(known) => {
                known.unit.measure() == quantity.unit.measure()
                    && quantity.unit.measure() != Measure::Length
                    && !is_equal(known, quantity, true)
            }
            _ => false,
        })
    }

    /// The facts with this value.
    fn facts_with(&self, quantity: &Quantity, about: bool) -> Vec<usize> {
        let has = |value: &FactValue| matches!(value, FactValue::Quantity(given) if is_equal(given, quantity, about));
        (0..self.grounds.facts.len()).filter(|index| has(&self.grounds.facts[*index].value)).collect()
    }

    /// A number rests on a fact of a kind that its noun names; without a noun, of a kind that its unit tells.
    pub(super) fn quantity(
        &mut self,
        at: usize,
        kinds: Option<&[FactKind]>,
        about: bool,
    ) -> Result<(), Refusal> {
        let item = &self.items[at];
        let Some(quantity) = &self.tokens[item.from].quantity else { return Ok(()) };
        let refuse = |why| Err((why, self.tokens[item.from].text.clone()));
        let told_of =
            |fact: &usize| kinds.is_none_or(|kinds| kinds.contains(&self.grounds.facts[*fact].kind));
        if let Some(shared) = self.share(at, quantity).filter(told_of) {
            self.rest_on(Ground::Fact(shared));
            return Ok(());
        }
        let equal = self.facts_with(quantity, about);
        let fits = |index: &usize| {
            let kind = &self.grounds.facts[*index].kind;
            match kinds {
                Some(kinds) => kinds.contains(kind) && measures(kinds, quantity),
                None => is_told_by_unit(kind, quantity),
            }
        };
        if let Some(index) = equal.iter().copied().find(fits) {
            self.rest_on(Ground::Fact(index));
            return Ok(());
        }
        if kinds.is_none() && self.title_gives(item.from, quantity) && !self.is_stated_otherwise(quantity) {
            self.rest_on(Ground::Title);
            return Ok(());
        }
        let known = !equal.is_empty() || self.title_gives(item.from, quantity);
        refuse(if known { Why::Misplaced } else { Why::Number })
    }

    /// `80 % bomull`, `bomull 80 %`: the fact whose share this is.
    fn share(&self, at: usize, quantity: &Quantity) -> Option<usize> {
        if quantity.unit != Unit::Percent || quantity.numbers.len() != 1 {
            return None;
        }
        let beside =
            [at.checked_sub(1), Some(at + 1)].into_iter().flatten().filter_map(|at| self.items.get(at));
        beside.filter_map(|item| self.shares(item, quantity.numbers[0])).next()
    }

    fn shares(&self, item: &Item<'_>, percent: Decimal) -> Option<usize> {
        let Part::Content(found) = &item.part else { return None };
        let spoken = &self.tokens[item.from..item.to];
        found.iter().find_map(|ground| {
            let Ground::Fact(index) = ground else { return None };
            let FactValue::Words(parts) = &self.grounds.facts[*index].value else { return None };
            let is_it = |part: &crate::facts::Part| {
                part.percent == Some(percent) && self.grounds.spells(part.word, spoken)
            };
            parts.iter().any(is_it).then_some(*index)
        })
    }
}

/// Whether the nouns of these kinds name such an amount: what a package holds may be a mass or a volume, but only a mass is
/// heavy and only a volume is held.
fn measures(kinds: &[FactKind], quantity: &Quantity) -> bool {
    let measure = quantity.unit.measure();
    match kinds.first() {
        Some(FactKind::Weight) => measure == Measure::Mass,
        Some(FactKind::Volume) if kinds.contains(&FactKind::Storage) => {
            matches!(measure, Measure::Volume | Measure::Charge | Measure::Energy | Measure::Data)
        }
        Some(FactKind::Volume) => measure == Measure::Volume,
        Some(FactKind::PackSize) => measure == Measure::Count,
        _ => true,
    }
}

/// Kinds that a number's unit tells without a word: `450 g` is a weight, but `40 cm` may be any length.
fn is_told_by_unit(kind: &FactKind, quantity: &Quantity) -> bool {
    match kind {
        FactKind::Weight
        | FactKind::NetContent
        | FactKind::Volume
        | FactKind::Power
        | FactKind::Voltage
        | FactKind::BatteryCapacity
        | FactKind::Torque
        | FactKind::RotationSpeed
        | FactKind::LuminousFlux
        | FactKind::ColourTemperature
        | FactKind::Storage
        | FactKind::Pressure
        | FactKind::Current
        | FactKind::Frequency
        | FactKind::PackSize
        | FactKind::NoiseLevel
        | FactKind::AgeRecommendation => true,
        FactKind::Dimensions => quantity.numbers.len() > 1,
        _ => false,
    }
}

/// Whether both say the same, in whatever unit. What the supplier says is "about" so much is told so.
fn is_equal(given: &Quantity, told: &Quantity, about: bool) -> bool {
    let same =
        |a: Decimal, b: Decimal| Quantity::new(a, given.unit).agrees_with(&Quantity::new(b, told.unit));
    given.count == told.count
        && (about || !given.approximate)
        && given.numbers.len() == told.numbers.len()
        && given.numbers.iter().zip(&told.numbers).all(|(a, b)| same(*a, *b))
}
