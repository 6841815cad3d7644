//! What is known of each supplier's source: validators for the next conditional fetch, and deliveries held for a
//! person.

use berika_catalog::contract::Breach;
use berika_catalog::{Digest, SupplierId};
use jiff::Timestamp;
use sqlx::Row;

use crate::products::{parse_json, to_json};
use crate::{Store, StoreError};

/// The state of one supplier's source. All absent before the first delivery.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct SourceState {
    /// The `ETag` of the last delivery taken in.
    pub etag: Option<String>,
    /// Its `Last-Modified`.
    pub last_modified: Option<String>,
    /// The hash of its body.
    pub body_hash: Option<Digest>,
    /// The hash of the configuration it was read with.
    pub config_hash: Option<Digest>,
    /// The delivery that waits for a person, and why.
    pub held: Option<(Digest, String)>,
    /// What a person let through and has not come in yet.
    pub accepted: Option<Accepted>,
}

/// What a person let through.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Accepted {
    /// The delivery that was held.
    pub body_hash: Option<Digest>,
    /// What it was held for: another delivery with no more than this is let through, too.
    pub breaches: Vec<Breach>,
}

impl Store {
    /// What is known of a supplier's source.
    ///
    /// # Errors
    /// Any statement's failure.
    pub async fn source(&self, supplier: &SupplierId) -> Result<SourceState, StoreError> {
        let row = sqlx::query(
            "SELECT etag, last_modified, body_hash, config_hash, held_hash, held_reason, accepted_hash, accepted_breaches
             FROM sources WHERE supplier = ?",
        )
        .bind(supplier.as_str())
        .fetch_optional(self.readers())
        .await
        .map_err(StoreError::statement("reading a source's state"))?;
        let Some(row) = row else { return Ok(SourceState::default()) };
        let hash = |column| row.get::<Option<String>, _>(column).map(Digest::from_stored);
        let accepted = match row.get::<Option<&str>, _>("accepted_breaches") {
            Some(json) => Some(Accepted {
                body_hash: hash("accepted_hash"),
                breaches: parse_json("what a person let through", json)?,
            }),
            None => None,
        };
        Ok(SourceState {
            etag: row.get("etag"),
            last_modified: row.get("last_modified"),
            body_hash: hash("body_hash"),
            config_hash: hash("config_hash"),
            held: hash("held_hash").zip(row.get("held_reason")),
            accepted,
        })
    }

    /// When a supplier's file with these bytes was last begun to be taken in, where that came to its end.
    ///
    /// # Errors
    /// Any statement's failure.
    pub async fn taken_in(
        &self,
        supplier: &SupplierId,
        file: &str,
        body: &Digest,
    ) -> Result<Option<Timestamp>, StoreError> {
        let (begun,): (Option<i64>,) = sqlx::query_as(
            "SELECT max(started_at) FROM imports
             WHERE supplier = ? AND file = ? AND body_hash = ? AND outcome = 'complete'",
        )
        .bind(supplier.as_str())
        .bind(file)
        .bind(body.as_str())
        .fetch_one(self.readers())
        .await
        .map_err(StoreError::statement("looking for a file taken in before"))?;
        Ok(begun.and_then(|begun| Timestamp::from_millisecond(begun).ok()))
    }

    /// Remembers validators of a body that turned out to be the one already taken in; nothing is held any more then.
    ///
    /// # Errors
    /// Any statement's failure.
    pub async fn renew_source(
        &self,
        supplier: &SupplierId,
        etag: Option<&str>,
        last_modified: Option<&str>,
    ) -> Result<(), StoreError> {
        let doing = "renewing a source's validators";
        let mut write = self.write(doing).await?;
        sqlx::query(
            "UPDATE sources SET etag = ?, last_modified = ?, held_hash = NULL, held_reason = NULL,
                 held_breaches = NULL, accepted_hash = NULL, accepted_breaches = NULL
             WHERE supplier = ?",
        )
        .bind(etag)
        .bind(last_modified)
        .bind(supplier.as_str())
        .execute(&mut *write)
        .await
        .map_err(StoreError::statement(doing))?;
        crate::open::commit(write, doing).await
    }

    /// Holds a delivery for a person: the reason is one sentence on the breaches.
    ///
    /// # Errors
    /// Any statement's failure.
    pub async fn hold_delivery(
        &self,
        supplier: &SupplierId,
        body: &Digest,
        reason: &str,
        breaches: &[Breach],
    ) -> Result<(), StoreError> {
        let doing = "holding a delivery";
        let mut write = self.write(doing).await?;
        sqlx::query(
            "INSERT INTO sources (supplier, held_hash, held_reason, held_breaches) VALUES (?1, ?2, ?3, ?4)
             ON CONFLICT (supplier) DO UPDATE SET held_hash = ?2, held_reason = ?3, held_breaches = ?4",
        )
        .bind(supplier.as_str())
        .bind(body.as_str())
        .bind(reason)
        .bind(to_json(&breaches))
        .execute(&mut *write)
        .await
        .map_err(StoreError::statement(doing))?;
        crate::open::commit(write, doing).await
    }

    /// Lets the held delivery through at the next run, or one that breaks its contract no more than that: a feed that
    /// carries the time of its making is never the same twice. Returns the reason it was held for, or `None` where nothing is held.
    ///
    /// # Errors
    /// Any statement's failure.
    pub async fn accept_held_delivery(&self, supplier: &SupplierId) -> Result<Option<String>, StoreError> {
        let doing = "accepting a held delivery";
        let mut write = self.write(doing).await?;
        let reason: Option<(String,)> = sqlx::query_as(
            "UPDATE sources SET accepted_hash = held_hash, accepted_breaches = coalesce(held_breaches, '[]')
             WHERE supplier = ? AND held_hash IS NOT NULL RETURNING held_reason",
        )
        .bind(supplier.as_str())
        .fetch_optional(&mut *write)
        .await
        .map_err(StoreError::statement(doing))?;
        crate::open::commit(write, doing).await?;
        Ok(reason.map(|(reason,)| reason))
    }
}
