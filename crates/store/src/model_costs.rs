//! What calls to language models cost: reserved before each call, put right after it.

use jiff::Timestamp;
use sqlx::Row;
use sqlx::sqlite::SqliteRow;

use crate::open::commit;
use crate::{Store, StoreError};

/// A cost, or a bound on costs.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct ModelCost {
    /// Tokens of prompts and answers together.
    pub tokens: u64,
    /// Money in billionths of the currency's unit.
    pub billionths: u64,
}

impl Store {
    /// Enters `most`, the most that a call may cost, unless the sum since `since` would then be above `bound`. The number of
    /// the entry, or `None` where it is not made.
    ///
    /// # Errors
    /// Any statement's failure.
    pub async fn reserve_model_cost(
        &self,
        model: &str,
        most: ModelCost,
        bound: ModelCost,
        since: Timestamp,
        now: Timestamp,
    ) -> Result<Option<i64>, StoreError> {
        let doing = "reserving the cost of a call";
        let failed = || StoreError::statement(doing);
        let mut write = self.write(doing).await?;
        let row = sqlx::query(SPENT)
            .bind(model)
            .bind(since.as_millisecond())
            .fetch_one(&mut *write)
            .await
            .map_err(failed())?;
        let spent = cost(&row);
        let fits = |spent: u64, most: u64, bound: u64| spent.saturating_add(most) <= bound;
        if !fits(spent.tokens, most.tokens, bound.tokens)
            || !fits(spent.billionths, most.billionths, bound.billionths)
        {
            return Ok(None);
        }
        let entered =
            sqlx::query("INSERT INTO model_costs (model, at, tokens, billionth) VALUES (?, ?, ?, ?)")
                .bind(model)
                .bind(now.as_millisecond())
                .bind(whole(most.tokens))
                .bind(whole(most.billionths))
                .execute(&mut *write)
                .await
                .map_err(failed())?;
        commit(write, doing).await?;
        Ok(Some(entered.last_insert_rowid()))
    }

    /// Puts what a call really cost in place of what was reserved. Whether there was such an entry.
    ///
    /// # Errors
    /// Any statement's failure.
    pub async fn settle_model_cost(&self, entry: i64, cost: ModelCost) -> Result<bool, StoreError> {
        let doing = "settling the cost of a call";
        let mut write = self.write(doing).await?;
        let settled = sqlx::query("UPDATE model_costs SET tokens = ?, billionth = ? WHERE id = ?")
            .bind(whole(cost.tokens))
            .bind(whole(cost.billionths))
            .bind(entry)
            .execute(&mut *write)
            .await
            .map_err(StoreError::statement(doing))?;
        commit(write, doing).await?;
        Ok(settled.rows_affected() == 1)
    }

    /// What a model has cost since `since`, with all that is reserved.
    ///
    /// # Errors
    /// Any statement's failure.
    pub async fn model_cost(&self, model: &str, since: Timestamp) -> Result<ModelCost, StoreError> {
        let row = sqlx::query(SPENT)
            .bind(model)
            .bind(since.as_millisecond())
            .fetch_one(self.readers())
            .await
            .map_err(StoreError::statement("adding up what a model cost"))?;
        Ok(cost(&row))
    }
}

const SPENT: &str = "SELECT coalesce(sum(tokens), 0) AS tokens, coalesce(sum(billionth), 0) AS billionths
     FROM model_costs WHERE model = ? AND at >= ?";

fn cost(row: &SqliteRow) -> ModelCost {
    let sum = |column| row.get::<i64, _>(column).max(0).unsigned_abs();
    ModelCost { tokens: sum("tokens"), billionths: sum("billionths") }
}

/// What SQLite can hold; sums of a thousand of the largest stay within its whole numbers.
fn whole(amount: u64) -> i64 {
    const MOST: i64 = i64::MAX >> 10;
    i64::try_from(amount).map_or(MOST, |amount| amount.min(MOST))
}
