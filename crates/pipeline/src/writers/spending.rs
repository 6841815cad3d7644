//! The books of an endpoint's budget, in the store: what was spent counts over runs, back from each call.

use std::sync::Arc;

use berika_catalog::Clock;
use berika_describe::BoxFuture;
use berika_describe::endpoint::{Budget, Cost, Ledger, LedgerError, Ticket};
use berika_store::{ModelCost, Store, StoreError};
use jiff::SignedDuration;
use rust_decimal::Decimal;
use rust_decimal::prelude::ToPrimitive;

/// Books in the store.
pub struct StoreLedger {
    store: Store,
    clock: Arc<dyn Clock>,
    model: String,
    budget: Budget,
    hours: u32,
}

impl StoreLedger {
    /// The books of a model's budget over the last `hours`.
    pub fn new(store: Store, clock: Arc<dyn Clock>, model: String, budget: Budget, hours: u32) -> Self {
        Self { store, clock, model, budget, hours }
    }

    fn since(&self) -> jiff::Timestamp {
        let hours = SignedDuration::from_hours(i64::from(self.hours));
        self.clock.now().checked_sub(hours).unwrap_or(jiff::Timestamp::MIN)
    }
}

impl Ledger for StoreLedger {
    fn reserve(&self, most: Cost) -> BoxFuture<'_, Result<Option<Ticket>, LedgerError>> {
        Box::pin(async move {
            let bound = ModelCost {
                tokens: self.budget.tokens.unwrap_or(u64::MAX),
                billionths: self.budget.money.map_or(u64::MAX, billionths),
            };
            let (most, now) = (stored(most), self.clock.now());
            let entry = self.store.reserve_model_cost(&self.model, most, bound, self.since(), now).await;
            Ok(entry.map_err(failed)?.map(|entry| Ticket(entry.unsigned_abs())))
        })
    }

    fn settle(&self, ticket: Ticket, cost: Cost) -> BoxFuture<'_, Result<(), LedgerError>> {
        Box::pin(async move {
            let entry = i64::try_from(ticket.0).map_err(|_| LedgerError::UnknownTicket(ticket.0))?;
            let known = self.store.settle_model_cost(entry, stored(cost)).await.map_err(failed)?;
            if known { Ok(()) } else { Err(LedgerError::UnknownTicket(ticket.0)) }
        })
    }

    fn spent(&self) -> BoxFuture<'_, Result<Cost, LedgerError>> {
        Box::pin(async move {
            let spent = self.store.model_cost(&self.model, self.since()).await.map_err(failed)?;
            Ok(Cost {
                tokens: spent.tokens,
                money: Decimal::new(spent.billionths.min(i64::MAX as u64) as i64, 9),
            })
        })
    }
}

fn failed(error: StoreError) -> LedgerError {
    LedgerError::Keeper(Box::new(error))
}

fn stored(cost: Cost) -> ModelCost {
    // Upwards: what is spent is never counted as less.
    ModelCost { tokens: cost.tokens, billionths: billionths(cost.money) }
}

fn billionths(money: Decimal) -> u64 {
    (money.saturating_mul(Decimal::from(1_000_000_000))).ceil().to_u64().unwrap_or(u64::MAX)
}
