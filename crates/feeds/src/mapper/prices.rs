//! Prices, their currencies, and stock.

use berika_catalog::{Currency, Money};
use rust_decimal::Decimal;

use super::Draft;
use super::picking::ORIGINAL;
use super::reading::Picked;
use super::rule::Rule;
use super::stock::stock;
use crate::habit::Habit;
use crate::item::Cell;
use crate::number::{self, Beside, NumberError};
use crate::row::shorten_to;
use crate::{FieldProblem, RowError, text};

impl Draft<'_, '_> {
    /// The currency of prices that do not name one.
    pub(super) fn currency(&mut self, rule: &Rule) -> Result<Option<Currency>, RowError> {
        let Some(picked) = self.pick_good(rule)? else { return Ok(None) };
        let currency = Currency::parse(&text::line(&picked.cell.text)).ok();
        if currency.is_none() {
            self.warn(&rule.field, &picked, FieldProblem::Currency);
        }
        Ok(currency)
    }

    pub(super) fn money(&mut self, rule: &Rule, usual: Option<&Currency>) -> Result<Option<Money>, RowError> {
        let Some(picked) = self.pick_good(rule)? else { return Ok(None) };
        if let Some(evidence) = self.mapper.evidence {
            evidence.add(&picked.cell);
        }
        let text = &picked.cell.text;
        let (price, settled) = self.settled(&picked.cell, |comma| number::price(text, comma, usual));
        let price = match price {
            Ok(price) if price.amount.is_zero() => Err(FieldProblem::ZeroPrice),
            Ok(price) => Ok(price),
            Err(problem) => Err(problem.into()),
        };
        let beside = price.as_ref().ok().and_then(|price| price.beside);
        let money = price.and_then(|price| price.in_currency(usual).ok_or(FieldProblem::NoCurrency));
        match money {
            Ok(money) => {
                if beside == Some(Beside::Range) {
                    self.warn(&rule.field, &picked, FieldProblem::PriceRange);
                }
                let said = match beside {
                    Some(Beside::Range) => Some("lowest of a range"),
                    Some(Beside::Words) => Some("words left out"),
                    None => settled,
                };
                self.note_original(rule, picked, said);
                Ok(Some(money))
            }
            Err(problem) => {
                self.warn(&rule.field, &picked, problem);
                Ok(None)
            }
        }
    }

    /// The prices that hold in one country. Their currency is never the supplier's usual one: a price in crowns that
    /// was taken for one in euros would be worse than none.
    pub(super) fn market_prices(&mut self) -> Result<(), RowError> {
        for (country, price, currency) in &self.mapper.plan.market_prices {
            let usual = self.currency(currency)?;
            if let Some(money) = self.money(price, usual.as_ref())? {
                self.values.market_prices.insert(country.clone(), money);
            }
        }
        Ok(())
    }

    pub(super) fn stock(&mut self, rule: &Rule) -> Result<Option<Decimal>, RowError> {
        let Some(picked) = self.pick_good(rule)? else { return Ok(None) };
        let text = &picked.cell.text;
        let (stock, settled) = self.settled(&picked.cell, |comma| stock(text, comma));
        match stock {
            Ok((stock, said)) => {
                self.note_original(rule, picked, said.or(settled));
                Ok(Some(stock.normalize()))
            }
            Err(problem) => {
                self.warn(&rule.field, &picked, problem.into());
                Ok(None)
            }
        }
    }

    /// A number as the cell, the supplier's settings or, where these leave two readings, the delivery's other rows have
    /// it; beside it what provenance says of the latter.
    fn settled<T>(
        &self,
        cell: &Cell<'_>,
        read: impl Fn(Option<bool>) -> Result<T, NumberError>,
    ) -> (Result<T, NumberError>, Option<&'static str>) {
        let comma = self.decimal_comma(cell);
        let number = read(comma);
        if !matches!(number, Err(NumberError::Ambiguous)) || comma.is_some() {
            return (number, None);
        }
        match self.mapper.habit.and_then(Habit::decimal_comma) {
            comma @ Some(_) => (read(comma), Some("separator as in other rows")),
            None => (number, None),
        }
    }

    /// As [`Self::note`], with the cell's text where something is said of it.
    fn note_original(&mut self, rule: &Rule, mut picked: Picked<'_, '_>, said: Option<&'static str>) {
        if said.is_some() && picked.original.is_none() {
            picked.original = Some(shorten_to(&picked.cell.text, ORIGINAL));
        }
        self.note(rule, &picked, said);
    }
}
