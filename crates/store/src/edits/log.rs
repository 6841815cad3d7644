//! The log of edits and locks: appended to, never changed.

use berika_catalog::SupplierId;
use berika_catalog::edit::visible;
use jiff::Timestamp;
use serde::Serialize;
use serde_json::Value;
use sqlx::Row;
use sqlx::sqlite::{SqliteConnection, SqliteRow};

use crate::products::{ProductId, parse_json, stored_product, to_json};
use crate::{Store, StoreError, StoredProduct};

/// A row of the log.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct LoggedEdit {
    /// Its row.
    pub id: i64,
    /// `set`, `dropped`, `kept`, `lock`, `unlock`, `released` where the supplier came round, or `moved` where another
    /// product of its group leads with it.
    pub action: String,
    /// The field; `None` of locks.
    pub field: Option<String>,
    /// What holds since.
    pub value: Value,
    /// What stood there; of `kept`, what the supplier said.
    pub replaced: Value,
    /// Who did it: a person, `supplier` of what was released, or the rule by which another product leads.
    pub by: String,
    /// When.
    pub at: Timestamp,
    /// Where it was read: a file and row.
    pub origin: Option<String>,
    /// Why, in the person's words.
    pub note: Option<String>,
}

/// What is written to the log.
pub(crate) struct Logged<'a> {
    pub(crate) action: &'static str,
    pub(crate) field: Option<&'a str>,
    pub(crate) value: Value,
    pub(crate) replaced: Value,
    pub(crate) origin: Option<&'a str>,
    pub(crate) note: Option<&'a str>,
}

/// A name or a note as it is kept: in one line, without what shows nothing.
pub(crate) fn plain(text: &str) -> String {
    visible(text).replace(char::is_control, " ")
}

/// Appends to the log.
pub(crate) async fn append(
    write: &mut SqliteConnection,
    product: ProductId,
    logged: &Logged<'_>,
    by: &str,
    at: Timestamp,
) -> Result<(), StoreError> {
    sqlx::query(
        "INSERT INTO edit_log (product, action, field, value, replaced, done_by, done_at, origin, note)
         VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
    )
    .bind(product.0)
    .bind(logged.action)
    .bind(logged.field)
    .bind(logged.field.map(|_| to_json(&logged.value)))
    .bind(logged.field.map(|_| to_json(&logged.replaced)))
    .bind(by)
    .bind(at.as_millisecond())
    .bind(logged.origin)
    .bind(logged.note)
    .execute(write)
    .await
    .map_err(StoreError::statement("logging edits"))?;
    Ok(())
}

impl Store {
    /// A product's log, oldest first: of one field where one is named, else whole.
    ///
    /// # Errors
    /// Any statement's failure.
    pub async fn edit_log(
        &self,
        product: ProductId,
        field: Option<&str>,
    ) -> Result<Vec<LoggedEdit>, StoreError> {
        let rows = sqlx::query(
            "SELECT id, action, field, value, replaced, done_by, done_at, origin, note FROM edit_log
             WHERE product = ?1 AND (?2 IS NULL OR field = ?2) ORDER BY id",
        )
        .bind(product.0)
        .bind(field)
        .fetch_all(self.readers())
        .await
        .map_err(StoreError::statement("reading the log of edits"))?;
        rows.iter().map(logged).collect()
    }

    /// Products with edits, of one supplier where one is named, at most `limit` after `after`.
    ///
    /// # Errors
    /// Any statement's failure.
    pub async fn edited_products(
        &self,
        supplier: Option<&SupplierId>,
        after: Option<ProductId>,
        limit: usize,
    ) -> Result<Vec<StoredProduct>, StoreError> {
        let rows = sqlx::query(
            "SELECT id, supplier, sku, state, supplier_values, provenance, edits, joined FROM products
             WHERE edits <> '{}' AND id > ?1 AND (?2 IS NULL OR supplier = ?2) ORDER BY id LIMIT ?3",
        )
        .bind(after.map_or(0, |id| id.0))
        .bind(supplier.map(SupplierId::as_str))
        .bind(limit as i64)
        .fetch_all(self.readers())
        .await
        .map_err(StoreError::statement("looking for edited products"))?;
        rows.iter().map(stored_product).collect()
    }
}

fn logged(row: &SqliteRow) -> Result<LoggedEdit, StoreError> {
    let value = |column: &str| match row.get::<Option<&str>, _>(column) {
        Some(text) => parse_json("a value in the log of edits", text),
        None => Ok(Value::Null),
    };
    Ok(LoggedEdit {
        id: row.get("id"),
        action: row.get("action"),
        field: row.get("field"),
        value: value("value")?,
        replaced: value("replaced")?,
        by: row.get("done_by"),
        at: Timestamp::from_millisecond(row.get("done_at"))
            .map_err(StoreError::corrupt("the time of an edit"))?,
        origin: row.get("origin"),
        note: row.get("note"),
    })
}
