//! Delivery: what is due, freezing an event at its first attempt, and what came of each attempt.

use berika_catalog::{Document, Product};
use jiff::Timestamp;
use sqlx::{QueryBuilder, Row};

use crate::open::commit;
use crate::products::{parse_json, stored_product};
use crate::{ROWS_PER_TRANSACTION, Store, StoreError};

/// An event whose attempt is due.
#[derive(Debug, Clone, PartialEq)]
pub struct DueEvent {
    /// The webhook-id, the same at every attempt.
    pub id: String,
    /// Attempts made so far.
    pub attempts: u32,
    /// Of these, attempts made before a person replayed it: the schedule counts from there.
    pub attempts_before_replay: u32,
    /// The bytes frozen at the first attempt; `None` before it.
    pub body: Option<Vec<u8>>,
    /// The event's type.
    pub event: String,
    /// The product, for composing the body.
    pub product: Product,
    /// The version that the event announces.
    pub version: i64,
    /// That version's document.
    pub document: Document,
    /// The document that the receiver knows.
    pub base: Option<Document>,
}

/// What to write after an attempt.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum AttemptResult {
    /// The receiver has it.
    Delivered,
    /// Again at this time.
    RetryAt(Timestamp),
    /// Never again by itself.
    Dead,
    /// The receiver wants nothing more: the endpoint is switched off, the event stays and waits.
    Disable(String),
}

/// One attempt that was made.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AttemptRecord {
    /// The event.
    pub id: String,
    /// The attempt's number, from 1.
    pub number: u32,
    /// When it began.
    pub started_at: Timestamp,
    /// How long it took.
    pub duration_ms: u64,
    /// The status of the answer, where there was one.
    pub status: Option<u16>,
    /// What happened, in words.
    pub outcome: String,
    /// The beginning of the answer.
    pub answer: Option<String>,
    /// What follows.
    pub result: AttemptResult,
}

/// Whether an endpoint is in use.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EndpointState {
    /// The endpoint.
    pub id: String,
    /// Since when every attempt has failed.
    pub failing_since: Option<Timestamp>,
    /// Why it was switched off, where it was.
    pub disabled_reason: Option<String>,
    /// Events that wait for it.
    pub pending: u64,
    /// Of these, due now.
    pub due: u64,
    /// Events given up.
    pub dead: u64,
    /// Events delivered and still remembered.
    pub delivered: u64,
}

impl Store {
    /// Events due at `endpoint` by `now`, oldest due first, at most `limit`; none while the endpoint is off.
    ///
    /// # Errors
    /// Any statement's failure.
    pub async fn due_events(
        &self,
        endpoint: &str,
        now: Timestamp,
        limit: usize,
    ) -> Result<Vec<DueEvent>, StoreError> {
        let rows = sqlx::query(
            "SELECT o.id AS event_id, o.attempts, o.replayed_at, o.body, o.type, o.version, o.base, d.document,
                 p.id, p.supplier, p.sku, p.state, p.supplier_values, p.provenance, p.edits, p.joined
             FROM outbox o JOIN products p ON p.id = o.product JOIN published d ON d.product = o.product
             WHERE o.endpoint = ?1 AND o.state = 'pending' AND o.due_at <= ?2
                 AND NOT EXISTS (SELECT 1 FROM endpoints e WHERE e.id = ?1 AND e.disabled_at IS NOT NULL)
             ORDER BY o.due_at, o.id LIMIT ?3",
        )
        .bind(endpoint)
        .bind(now.as_millisecond())
        .bind(limit as i64)
        .fetch_all(self.readers())
        .await
        .map_err(StoreError::statement("looking for due events"))?;
        rows.iter()
            .map(|row| {
                let base: Option<&str> = row.get("base");
                Ok(DueEvent {
                    id: row.get("event_id"),
                    attempts: row.get("attempts"),
                    attempts_before_replay: row.get("replayed_at"),
                    body: row.get("body"),
                    event: row.get("type"),
                    product: stored_product(row)?.product,
                    version: row.get("version"),
                    document: parse_json("a published document", row.get("document"))?,
                    base: base.map(|text| parse_json("an event's base document", text)).transpose()?,
                })
            })
            .collect()
    }

    /// Freezes the bytes of events before their first attempt. Returns the ids that were frozen: an event that was
    /// replaced by its successor meanwhile (its version is no longer the one composed) is left for the next look.
    ///
    /// # Errors
    /// Any statement's failure; nothing of the batch is kept then.
    pub async fn freeze_events(&self, bodies: &[(String, i64, Vec<u8>)]) -> Result<Vec<String>, StoreError> {
        let doing = "freezing events";
        let mut write = self.write(doing).await?;
        let mut frozen = Vec::with_capacity(bodies.len());
        for chunk in bodies.chunks(ROWS_PER_TRANSACTION) {
            let mut freeze = QueryBuilder::new("WITH new (id, version, body) AS (");
            freeze.push_values(chunk, |mut row, (id, version, body)| {
                row.push_bind(id).push_bind(version).push_bind(body);
            });
            freeze.push(
                ") UPDATE outbox AS o SET body = new.body, frozen = 1 FROM new
                 WHERE o.id = new.id AND o.version = new.version AND o.frozen = 0 AND o.state = 'pending'
                 RETURNING id",
            );
            let rows = freeze.build().fetch_all(&mut *write).await.map_err(StoreError::statement(doing))?;
            frozen.extend(rows.iter().map(|row| row.get::<String, _>("id")));
        }
        commit(write, doing).await?;
        Ok(frozen)
    }

    /// Writes down attempts and what follows from each, in one transaction.
    ///
    /// # Errors
    /// Any statement's failure; nothing of the batch is kept then, and the events are attempted again.
    pub async fn record_attempts(
        &self,
        endpoint: &str,
        attempts: &[AttemptRecord],
        now: Timestamp,
    ) -> Result<(), StoreError> {
        let doing = "recording attempts";
        let failed = || StoreError::statement(doing);
        let mut write = self.write(doing).await?;
        for chunk in attempts.chunks(ROWS_PER_TRANSACTION) {
            let mut put = QueryBuilder::new(
                "INSERT INTO attempts (outbox_id, number, started_at, duration_ms, status, outcome, answer) ",
            );
            put.push_values(chunk, |mut row, attempt| {
                row.push_bind(&attempt.id).push_bind(attempt.number);
                row.push_bind(attempt.started_at.as_millisecond());
                row.push_bind(i64::try_from(attempt.duration_ms).unwrap_or(i64::MAX));
                row.push_bind(attempt.status).push_bind(&attempt.outcome).push_bind(&attempt.answer);
            });
            put.build().execute(&mut *write).await.map_err(failed())?;
            let mut follow = QueryBuilder::new("WITH new (id, state, number, outcome, due_at) AS (");
            follow.push_values(chunk, |mut row, attempt| {
                let (state, due) = match &attempt.result {
                    AttemptResult::Delivered => ("delivered", None),
                    AttemptResult::RetryAt(at) => ("pending", Some(at.as_millisecond())),
                    AttemptResult::Dead => ("dead", None),
                    AttemptResult::Disable(_) => ("pending", None),
                };
                row.push_bind(&attempt.id).push_bind(state).push_bind(attempt.number);
                row.push_bind(&attempt.outcome).push_bind(due);
            });
            follow.push(
                ") UPDATE outbox AS o SET state = new.state, attempts = new.number, last_outcome = new.outcome,
                     due_at = coalesce(new.due_at, o.due_at),
                     finished_at = CASE WHEN new.state = 'pending' THEN NULL ELSE ",
            );
            follow.push_bind(now.as_millisecond()).push(" END FROM new WHERE o.id = new.id");
            follow.build().execute(&mut *write).await.map_err(failed())?;
        }
        for attempt in attempts {
            if let AttemptResult::Disable(reason) = &attempt.result {
                sqlx::query(
                    "INSERT INTO endpoints (id, disabled_at, disabled_reason) VALUES (?1, ?2, ?3)
                     ON CONFLICT (id) DO UPDATE SET disabled_at = ?2, disabled_reason = ?3",
                )
                .bind(endpoint)
                .bind(now.as_millisecond())
                .bind(reason)
                .execute(&mut *write)
                .await
                .map_err(failed())?;
            }
        }
        let any_delivered = attempts.iter().any(|a| a.result == AttemptResult::Delivered);
        sqlx::query(
            "INSERT INTO endpoints (id, failing_since) VALUES (?1, CASE WHEN ?2 THEN NULL ELSE ?3 END)
             ON CONFLICT (id) DO UPDATE SET failing_since =
                 CASE WHEN ?2 THEN NULL ELSE coalesce(failing_since, ?3) END",
        )
        .bind(endpoint)
        .bind(any_delivered)
        .bind(now.as_millisecond())
        .execute(&mut *write)
        .await
        .map_err(failed())?;
        commit(write, doing).await
    }

    /// How an endpoint stands.
    ///
    /// # Errors
    /// Any statement's failure.
    pub async fn endpoint_state(&self, endpoint: &str, now: Timestamp) -> Result<EndpointState, StoreError> {
        let row = sqlx::query(
            "SELECT (SELECT failing_since FROM endpoints WHERE id = ?1) AS failing_since,
                 (SELECT disabled_reason FROM endpoints WHERE id = ?1 AND disabled_at IS NOT NULL) AS disabled_reason,
                 count(*) FILTER (WHERE state = 'pending') AS pending,
                 count(*) FILTER (WHERE state = 'pending' AND due_at <= ?2) AS due,
                 count(*) FILTER (WHERE state = 'dead') AS dead,
                 count(*) FILTER (WHERE state = 'delivered') AS delivered
             FROM outbox WHERE endpoint = ?1",
        )
        .bind(endpoint)
        .bind(now.as_millisecond())
        .fetch_one(self.readers())
        .await
        .map_err(StoreError::statement("reading an endpoint's state"))?;
        let count = |column| row.get::<i64, _>(column).unsigned_abs();
        Ok(EndpointState {
            id: endpoint.to_owned(),
            failing_since: row
                .get::<Option<i64>, _>("failing_since")
                .and_then(|at| Timestamp::from_millisecond(at).ok()),
            disabled_reason: row.get("disabled_reason"),
            pending: count("pending"),
            due: count("due"),
            dead: count("dead"),
            delivered: count("delivered"),
        })
    }

    /// How many events wait, by endpoint.
    ///
    /// # Errors
    /// Any statement's failure.
    pub async fn waiting_by_endpoint(&self) -> Result<Vec<(String, u64)>, StoreError> {
        let rows = sqlx::query(
            "SELECT endpoint, count(*) AS waiting FROM outbox WHERE state = 'pending' GROUP BY endpoint ORDER BY endpoint",
        )
        .fetch_all(self.readers())
        .await
        .map_err(StoreError::statement("counting waiting events"))?;
        Ok(rows
            .iter()
            .map(|row| (row.get("endpoint"), row.get::<i64, _>("waiting").unsigned_abs()))
            .collect())
    }

    /// Switches an endpoint on again; its waiting events are due at once. False where it was on.
    ///
    /// # Errors
    /// Any statement's failure.
    pub async fn enable_endpoint(&self, endpoint: &str, now: Timestamp) -> Result<bool, StoreError> {
        let doing = "enabling an endpoint";
        let failed = || StoreError::statement(doing);
        let mut write = self.write(doing).await?;
        let done = sqlx::query(
            "UPDATE endpoints SET disabled_at = NULL, disabled_reason = NULL, failing_since = NULL
             WHERE id = ? AND disabled_at IS NOT NULL",
        )
        .bind(endpoint)
        .execute(&mut *write)
        .await
        .map_err(failed())?;
        let enabled = done.rows_affected() > 0;
        if enabled {
            sqlx::query("UPDATE outbox SET due_at = min(due_at, ?) WHERE endpoint = ? AND state = 'pending'")
                .bind(now.as_millisecond())
                .bind(endpoint)
                .execute(&mut *write)
                .await
                .map_err(failed())?;
        }
        commit(write, doing).await?;
        Ok(enabled)
    }
}
