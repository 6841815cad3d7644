//! Looking at deliveries, sending them again, and forgetting what is old.

use berika_catalog::ProductKey;
use jiff::{SignedDuration, Timestamp};
use serde::Serialize;
use sqlx::Row;
use sqlx::sqlite::SqliteRow;

use crate::open::commit;
use crate::products::product_key;
use crate::{Store, StoreError};

/// Which deliveries to list.
#[derive(Debug, Clone, Default)]
pub struct DeliveryFilter {
    /// Only of this endpoint.
    pub endpoint: Option<String>,
    /// Only in this state: `pending`, `delivered`, `dead`.
    pub state: Option<String>,
    /// Only of this product.
    pub product: Option<ProductKey>,
    /// Only made before this one: the id of the last row of the page before.
    pub before: Option<String>,
    /// The most rows.
    pub limit: usize,
}

/// One delivery in a list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct DeliveryRow {
    /// The webhook-id.
    pub id: String,
    /// The endpoint.
    pub endpoint: String,
    /// The product.
    pub product: ProductKey,
    /// The event's type.
    #[serde(rename = "type")]
    pub event: String,
    /// The product's version it announces.
    pub version: i64,
    /// `pending`, `delivered` or `dead`.
    pub state: String,
    /// Attempts made.
    pub attempts: u32,
    /// When it is or was due.
    pub due_at: Timestamp,
    /// When its document was published.
    pub created_at: Timestamp,
    /// What the last attempt came to.
    pub last_outcome: Option<String>,
}

/// One attempt.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Attempt {
    /// Its number, from 1.
    pub number: u32,
    /// When it began.
    pub started_at: Timestamp,
    /// How long it took.
    pub duration_ms: i64,
    /// The status of the answer.
    pub status: Option<u16>,
    /// What happened.
    pub outcome: String,
    /// The beginning of the answer.
    pub answer: Option<String>,
}

/// One delivery with all that is remembered of it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct DeliveryDetail {
    /// The delivery.
    #[serde(flatten)]
    pub row: DeliveryRow,
    /// The bytes sent, as text; `None` before the first attempt and after their time.
    pub body: Option<String>,
    /// All attempts still remembered.
    pub made: Vec<Attempt>,
}

const COLUMNS: &str = "o.id, o.endpoint, p.supplier, p.sku, o.type, o.version, o.state, o.attempts, o.due_at, \
                       o.created_at, o.last_outcome, o.body";

impl Store {
    /// Deliveries, newest first.
    ///
    /// # Errors
    /// Any statement's failure.
    pub async fn deliveries(&self, filter: &DeliveryFilter) -> Result<Vec<DeliveryRow>, StoreError> {
        let product = filter.product.as_ref();
        let rows = sqlx::query(sqlx::AssertSqlSafe(format!(
            "SELECT {COLUMNS} FROM outbox o JOIN products p ON p.id = o.product
             WHERE (?1 IS NULL OR o.endpoint = ?1) AND (?2 IS NULL OR o.state = ?2)
                 AND (?3 IS NULL OR (p.supplier = ?3 AND p.sku = ?4)) AND (?5 IS NULL OR o.id < ?5)
             ORDER BY o.id DESC LIMIT ?6"
        )))
        .bind(&filter.endpoint)
        .bind(&filter.state)
        .bind(product.map(|key| key.supplier.as_str()))
        .bind(product.map(|key| key.sku.as_str()))
        .bind(&filter.before)
        .bind(filter.limit as i64)
        .fetch_all(self.readers())
        .await
        .map_err(StoreError::statement("listing deliveries"))?;
        rows.iter().map(delivery_row).collect()
    }

    /// One delivery.
    ///
    /// # Errors
    /// Any statement's failure.
    pub async fn delivery(&self, id: &str) -> Result<Option<DeliveryDetail>, StoreError> {
        let failed = || StoreError::statement("reading a delivery");
        let row = sqlx::query(sqlx::AssertSqlSafe(format!(
            "SELECT {COLUMNS} FROM outbox o JOIN products p ON p.id = o.product WHERE o.id = ?"
        )))
        .bind(id)
        .fetch_optional(self.readers())
        .await
        .map_err(failed())?;
        let Some(row) = row else { return Ok(None) };
        let made = sqlx::query("SELECT * FROM attempts WHERE outbox_id = ? ORDER BY number")
            .bind(id)
            .fetch_all(self.readers())
            .await
            .map_err(failed())?;
        let made = made
            .iter()
            .map(|row| {
                Ok(Attempt {
                    number: row.get("number"),
                    started_at: time(row, "started_at")?,
                    duration_ms: row.get("duration_ms"),
                    status: row.get("status"),
                    outcome: row.get("outcome"),
                    answer: row.get("answer"),
                })
            })
            .collect::<Result<_, StoreError>>()?;
        let body: Option<Vec<u8>> = row.get("body");
        let body = body.map(|bytes| String::from_utf8_lossy(&bytes).into_owned());
        Ok(Some(DeliveryDetail { row: delivery_row(&row)?, body, made }))
    }

    /// Makes deliveries due again under their own ids and with their own bytes, at the beginning of the schedule: one by its id, or all dead ones of an
    /// endpoint. One whose bytes are past their time is not replayed. Returns how many are due now.
    ///
    /// # Errors
    /// Any statement's failure.
    pub async fn replay(
        &self,
        id: Option<&str>,
        dead_of: Option<&str>,
        now: Timestamp,
    ) -> Result<u64, StoreError> {
        let doing = "replaying deliveries";
        let mut write = self.write(doing).await?;
        let done = sqlx::query(
            "UPDATE outbox SET state = 'pending', due_at = ?3, finished_at = NULL, replayed_at = attempts
             WHERE (id = ?1 OR (?1 IS NULL AND endpoint = ?2 AND state = 'dead'))
                 AND (body IS NOT NULL OR frozen = 0)",
        )
        .bind(id)
        .bind(dead_of)
        .bind(now.as_millisecond())
        .execute(&mut *write)
        .await
        .map_err(StoreError::statement(doing))?;
        commit(write, doing).await?;
        Ok(done.rows_affected())
    }

    /// Forgets the bytes of deliveries that ended more than `payloads` ago and attempts that began more than
    /// `attempts` ago. Returns how many of each.
    ///
    /// # Errors
    /// Any statement's failure.
    pub async fn forget_old_deliveries(
        &self,
        payloads: SignedDuration,
        attempts: SignedDuration,
        now: Timestamp,
    ) -> Result<(u64, u64), StoreError> {
        let doing = "forgetting old deliveries";
        let failed = || StoreError::statement(doing);
        let before = |age: SignedDuration| (now - age).as_millisecond();
        let mut write = self.write(doing).await?;
        let bodies = sqlx::query(
            "UPDATE outbox SET body = NULL, base = NULL
             WHERE state = 'delivered' AND finished_at < ? AND body IS NOT NULL",
        )
        .bind(before(payloads))
        .execute(&mut *write)
        .await
        .map_err(failed())?;
        let made = sqlx::query(
            "DELETE FROM attempts WHERE started_at < ?
             AND outbox_id NOT IN (SELECT id FROM outbox WHERE state = 'pending')",
        )
        .bind(before(attempts))
        .execute(&mut *write)
        .await
        .map_err(failed())?;
        commit(write, doing).await?;
        Ok((bodies.rows_affected(), made.rows_affected()))
    }
}

fn delivery_row(row: &SqliteRow) -> Result<DeliveryRow, StoreError> {
    Ok(DeliveryRow {
        id: row.get("id"),
        endpoint: row.get("endpoint"),
        product: product_key(row)?,
        event: row.get("type"),
        version: row.get("version"),
        state: row.get("state"),
        attempts: row.get("attempts"),
        due_at: time(row, "due_at")?,
        created_at: time(row, "created_at")?,
        last_outcome: row.get("last_outcome"),
    })
}

fn time(row: &SqliteRow, column: &str) -> Result<Timestamp, StoreError> {
    Timestamp::from_millisecond(row.get(column)).map_err(StoreError::corrupt(format!("a time in {column}")))
}
