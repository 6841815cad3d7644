//! The description stage: one row per product and language.

use berika_catalog::{Digest, ProductKey, ProductValues};
use serde::Serialize;
use sqlx::Row;
use sqlx::sqlite::SqliteRow;

use crate::open::commit;
use crate::products::{ProductId, parse_json, stored_product, to_json};
use crate::{Store, StoreError};

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
    /// The short text.
    pub short: Option<String>,
    /// Why nothing could be written.
    pub reason: Option<String>,
    /// JSON: the grounds of the texts, as the generator gave them.
    pub sentences: serde_json::Value,
    /// How it was written.
    pub recipe: String,
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
            "SELECT p.id, p.supplier, p.sku, p.state, p.supplier_values, p.provenance, p.edits,
                 t.facts_hash, c.category
             FROM categorisations c JOIN products p ON p.id = c.product JOIN texts t ON t.product = p.id
                 LEFT JOIN descriptions d ON d.product = p.id AND d.language = ?1
             WHERE p.id > ?2 AND p.state <> 'retired' AND p.locked = 0 AND c.verdict = 'accept'
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
        for (stale, new) in descriptions {
            let sentences = to_json(&new.sentences);
            let stored = sqlx::query(
                "INSERT INTO descriptions
                     (product, language, facts_hash, category, recipe, title, short, reason, sentences, run)
                 SELECT ?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10
                 WHERE EXISTS (SELECT 1 FROM texts t JOIN categorisations c ON c.product = t.product
                     WHERE t.product = ?1 AND t.facts_hash = ?3 AND c.category IS ?4)
                 ON CONFLICT (product, language) DO UPDATE SET facts_hash = ?3, category = ?4, recipe = ?5,
                     title = ?6, short = ?7, reason = ?8, sentences = ?9, run = ?10",
            )
            .bind(stale.id.0)
            .bind(&new.language)
            .bind(stale.facts_hash.as_str())
            .bind(&stale.category)
            .bind(&new.recipe)
            .bind(&new.title)
            .bind(&new.short)
            .bind(&new.reason)
            .bind(&sentences)
            .bind(run)
            .execute(&mut *write)
            .await
            .map_err(failed())?;
            if stored.rows_affected() > 0 {
                sqlx::query("UPDATE products SET revision = revision + 1 WHERE id = ?")
                    .bind(stale.id.0)
                    .execute(&mut *write)
                    .await
                    .map_err(failed())?;
            }
        }
        commit(write, doing).await
    }

    /// A product's descriptions by language.
    ///
    /// # Errors
    /// Any statement's failure.
    pub async fn descriptions(&self, id: ProductId) -> Result<Vec<StoredDescription>, StoreError> {
        let rows = sqlx::query(
            "SELECT language, title, short, reason, sentences, recipe FROM descriptions
             WHERE product = ? ORDER BY language",
        )
        .bind(id.0)
        .fetch_all(self.readers())
        .await
        .map_err(StoreError::statement("reading descriptions"))?;
        rows.iter().map(description).collect()
    }
}

/// The description in a row that has `language, title, short, reason, sentences, recipe`.
pub(crate) fn description(row: &SqliteRow) -> Result<StoredDescription, StoreError> {
    Ok(StoredDescription {
        language: row.get("language"),
        title: row.get("title"),
        short: row.get("short"),
        reason: row.get("reason"),
        sentences: parse_json("a description's sentences", row.get("sentences"))?,
        recipe: row.get("recipe"),
    })
}
