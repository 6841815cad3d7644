//! What is known of how a product came to be as it is, beside its values: for `berika blame`.

use std::collections::BTreeMap;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use sqlx::Row;

use crate::products::{ProductId, parse_json};
use crate::{Store, StoreError};

/// When a supplier's value changed last, and what stood there.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct FieldChange {
    /// When.
    pub at: Timestamp,
    /// What the supplier said before; null where nothing.
    #[serde(default)]
    pub replaced: Value,
}

/// How a product came to be as it is.
#[derive(Debug, Clone, PartialEq)]
pub struct Background {
    /// When it was first delivered: all values that did not change since are from then.
    pub created_at: Timestamp,
    /// The supplier's values that changed since.
    pub changed_fields: BTreeMap<String, FieldChange>,
    /// Whether no machine may change its category and texts.
    pub locked: bool,
    /// The run that its category is from.
    pub categorised_in: Option<String>,
    /// When that run began.
    pub categorised_at: Option<Timestamp>,
    /// Its texts by language.
    pub texts: BTreeMap<String, TextBackground>,
}

/// Where the texts in one language are from.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct TextBackground {
    /// The run.
    pub run: String,
    /// When that run began.
    pub at: Option<Timestamp>,
}

impl Store {
    /// How a product came to be as it is.
    ///
    /// # Errors
    /// Any statement's failure.
    pub async fn background(&self, product: ProductId) -> Result<Background, StoreError> {
        let failed = || StoreError::statement("reading a product's background");
        let row = sqlx::query(
            "SELECT p.created_at, p.changed_fields, p.locked, c.run, r.started_at
             FROM products p LEFT JOIN categorisations c ON c.product = p.id LEFT JOIN runs r ON r.id = c.run
             WHERE p.id = ?",
        )
        .bind(product.0)
        .fetch_one(self.readers())
        .await
        .map_err(failed())?;
        let texts = sqlx::query(
            "SELECT d.language, d.run, r.started_at FROM descriptions d LEFT JOIN runs r ON r.id = d.run
             WHERE d.product = ?",
        )
        .bind(product.0)
        .fetch_all(self.readers())
        .await
        .map_err(failed())?;
        let time = |at: Option<i64>| {
            at.map(Timestamp::from_millisecond).transpose().map_err(StoreError::corrupt("a time"))
        };
        let texts: Result<_, StoreError> = texts
            .iter()
            .map(|row| {
                let background = TextBackground { run: row.get("run"), at: time(row.get("started_at"))? };
                Ok((row.get("language"), background))
            })
            .collect();
        Ok(Background {
            created_at: time(Some(row.get("created_at")))?.unwrap_or(Timestamp::UNIX_EPOCH),
            changed_fields: parse_json("the changed fields of a product", row.get("changed_fields"))?,
            locked: row.get("locked"),
            categorised_in: row.get("run"),
            categorised_at: time(row.get("started_at"))?,
            texts: texts?,
        })
    }
}
