//! The description stage: one row per product and language.

use berika_catalog::{Digest, ProductKey, ProductValues};
use jiff::Timestamp;
use serde::Serialize;
use sqlx::sqlite::SqliteRow;
use sqlx::{QueryBuilder, Row};

use crate::open::commit;
use crate::products::{ProductId, parse_json, stored_product, to_json};
use crate::{ROWS_PER_TRANSACTION, Store, StoreError};

/// A settled product whose description in one language is stale.
#[derive(Debug, Clone, PartialEq)]
pub struct StaleDescription {
    /// The product's row.
    pub id: ProductId,
    /// The product.
    pub key: ProductKey,
    /// The values that hold.
    pub values: ProductValues,
    /// The hash of the facts: one half of the compare-and-set condition.
    pub facts_hash: Digest,
    /// The category: the other half.
    pub category: Option<String>,
}

/// A description as it is stored.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct StoredDescription {
    /// The language.
    pub language: String,
    /// The title, where one could be written.
    pub title: Option<String>,
    /// JSON: the texts with their grounds, as the generator gave them; `None` where nothing could be written.
    pub description: Option<serde_json::Value>,
    /// Why nothing could be written.
    pub reason: Option<String>,
    /// How it was written.
    pub recipe: String,
    /// When; `None` for what was written before that was remembered.
    pub written_at: Option<Timestamp>,
}

impl StoredDescription {
    /// One of the texts: `short`, `long`.
    pub fn text(&self, part: &str) -> Option<&str> {
        self.description.as_ref()?.get(part)?.get("text")?.as_str()
    }
}

impl Store {
    /// Settled products whose description in `language` is absent or was written from other facts or another
    /// category, at most `limit` after `after`. A new recipe alone makes none stale.
    ///
    /// # Errors
    /// Any statement's failure.
    pub async fn stale_descriptions(
        &self,
        language: &str,
        after: Option<ProductId>,
        limit: usize,
    ) -> Result<Vec<StaleDescription>, StoreError> {
        let rows = sqlx::query(
            "SELECT p.id, p.supplier, p.sku, p.state, p.supplier_values, p.provenance, p.edits, p.joined,
                 t.facts_hash, c.category
             FROM categorisations c JOIN products p ON p.id = c.product JOIN texts t ON t.product = p.id
                 LEFT JOIN descriptions d ON d.product = p.id AND d.language = ?1
             WHERE p.id > ?2 AND p.state <> 'retired' AND p.locked = 0 AND p.joined_into IS NULL AND c.verdict = 'accept'
                 AND t.input_hash = p.values_hash
                 AND (d.product IS NULL OR d.facts_hash <> t.facts_hash OR d.category IS NOT c.category)
             ORDER BY p.id LIMIT ?3",
        )
        .bind(language)
        .bind(after.map_or(0, |id| id.0))
        .bind(limit as i64)
        .fetch_all(self.readers())
        .await
        .map_err(StoreError::statement("looking for stale descriptions"))?;
        rows.iter()
            .map(|row| {
                let stored = stored_product(row)?;
                Ok(StaleDescription {
                    id: stored.id,
                    values: stored.product.values(),
                    key: stored.product.key,
                    facts_hash: Digest::from_stored(row.get::<String, _>("facts_hash")),
                    category: row.get("category"),
                })
            })
            .collect()
    }

    /// Stores descriptions; one whose facts or category changed meanwhile is not written.
    ///
    ///
    /// # Errors
    /// Any statement's failure; nothing of the batch is kept then.
    pub async fn put_descriptions(
        &self,
        run: &str,
        descriptions: &[(StaleDescription, StoredDescription)],
    ) -> Result<(), StoreError> {
        let doing = "storing descriptions";
        let failed = || StoreError::statement(doing);
        let mut write = self.write(doing).await?;
        // Only those whose input is still what was written from.
        const HOLDS: &str = "EXISTS (SELECT 1 FROM texts t JOIN categorisations c ON c.product = t.product
             WHERE t.product = new.product AND t.facts_hash = new.facts_hash AND c.category IS new.category)";
        for chunk in descriptions.chunks(ROWS_PER_TRANSACTION) {
            let mut put = QueryBuilder::new(
                "WITH new (product, language, facts_hash, category, recipe, title, description, reason, written_at) AS (",
            );
            put.push_values(chunk, |mut row, (stale, new)| {
                row.push_bind(stale.id.0).push_bind(&new.language).push_bind(stale.facts_hash.as_str());
                row.push_bind(&stale.category).push_bind(&new.recipe).push_bind(&new.title);
                row.push_bind(new.description.as_ref().map(to_json)).push_bind(&new.reason);
                row.push_bind(new.written_at.map(Timestamp::as_millisecond));
            });
            put.push(
                ") INSERT INTO descriptions
                     (product, language, facts_hash, category, recipe, title, description, reason, written_at, run)
                 SELECT new.*, ",
            );
            put.push_bind(run).push(" FROM new WHERE ").push(HOLDS).push(
                " ON CONFLICT (product, language) DO UPDATE SET facts_hash = excluded.facts_hash,
                     category = excluded.category, recipe = excluded.recipe, title = excluded.title,
                     description = excluded.description, reason = excluded.reason,
                     written_at = excluded.written_at, run = excluded.run",
            );
            put.build().execute(&mut *write).await.map_err(failed())?;
            let mut raise = QueryBuilder::new("WITH new (product, facts_hash, category) AS (");
            raise.push_values(chunk, |mut row, (stale, _)| {
                row.push_bind(stale.id.0).push_bind(stale.facts_hash.as_str()).push_bind(&stale.category);
            });
            raise.push(") UPDATE products SET revision = revision + 1 FROM new WHERE id = new.product AND ");
            raise.push(HOLDS).build().execute(&mut *write).await.map_err(failed())?;
        }
        commit(write, doing).await
    }

    /// A product's descriptions by language.
    ///
    /// # Errors
    /// Any statement's failure.
    pub async fn descriptions(&self, id: ProductId) -> Result<Vec<StoredDescription>, StoreError> {
        let rows = sqlx::query(
            "SELECT language, title, description, reason, recipe, written_at FROM descriptions
             WHERE product = ? ORDER BY language",
        )
        .bind(id.0)
        .fetch_all(self.readers())
        .await
        .map_err(StoreError::statement("reading descriptions"))?;
        rows.iter().map(description).collect()
    }
}

/// The description in a row that has `language, title, description, reason, recipe, written_at`.
pub(crate) fn description(row: &SqliteRow) -> Result<StoredDescription, StoreError> {
    Ok(StoredDescription {
        language: row.get("language"),
        title: row.get("title"),
        description: row
            .get::<Option<&str>, _>("description")
            .map(|text| parse_json("a description", text))
            .transpose()?,
        reason: row.get("reason"),
        recipe: row.get("recipe"),
        written_at: row
            .get::<Option<i64>, _>("written_at")
            .map(Timestamp::from_millisecond)
            .transpose()
            .map_err(StoreError::corrupt("a description's time"))?,
    })
}
