//! Prices, their currencies, and stock.

use berika_catalog::{Currency, Money};
use rust_decimal::Decimal;

use super::Draft;
use super::rule::Rule;
use crate::{FieldProblem, RowError, number, text};

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
        let comma = self.decimal_comma(&picked.cell);
        match number::price(&picked.cell.text, comma, usual) {
            Ok(price) if price.amount.is_zero() => {
                self.warn(&rule.field, &picked, FieldProblem::ZeroPrice);
            }
            Ok(price) => match price.in_currency(usual) {
                Some(money) => {
                    self.note(rule, &picked, None);
                    return Ok(Some(money));
                }
                None => self.warn(&rule.field, &picked, FieldProblem::NoCurrency),
            },
            Err(problem) => self.warn(&rule.field, &picked, problem.into()),
        }
        Ok(None)
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
        let comma = self.decimal_comma(&picked.cell);
        match number::decimal(&picked.cell.text, comma) {
            Ok(stock) => {
                self.note(rule, &picked, None);
                Ok(Some(stock.normalize()))
            }
            Err(problem) => {
                self.warn(&rule.field, &picked, problem.into());
                Ok(None)
            }
        }
    }
}
