//! The category stage.

use berika_catalog::{Digest, ProductKey, ProductValues};
use serde::Serialize;
use sqlx::Row;

use crate::open::commit;
use crate::products::{ProductId, stored_product};
use crate::vectors::from_bytes;
use crate::{Store, StoreError};

/// A product whose category is stale.
#[derive(Debug, Clone, PartialEq)]
pub struct StaleCategorisation {
    /// The product's row.
    pub id: ProductId,
    /// The product.
    pub key: ProductKey,
    /// The values that hold.
    pub values: ProductValues,
    /// The text's vector by the embedding recipe asked for; `None` where there is no text, or no vector yet.
    pub vector: Option<Vec<f32>>,
    /// Whether there is a text at all.
    pub has_text: bool,
    /// The hash of the evidence: the compare-and-set condition.
    pub input_hash: Digest,
    /// The latest decision's row: the other half of it.
    pub decision: Option<i64>,
}

/// A product's category as it is stored.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Categorisation {
    /// `accept`, `review` or `reject`.
    pub verdict: String,
    /// The category: always of the taxonomy; `None` where none fits.
    pub category: Option<String>,
    /// The confidence, uncalibrated.
    pub confidence: f64,
    /// The five best as JSON.
    pub candidates: serde_json::Value,
    /// Sentences that say why.
    pub reasons: Vec<String>,
    /// How it was computed.
    pub recipe: String,
    /// The row of the decision it follows; `None` where the machine chose.
    pub decision: Option<i64>,
}

impl Store {
    /// Products whose category is absent or none of `categories`, was computed from other evidence or another decision, or is not settled and
    /// was computed by another recipe than `recipe`. A settled product is never stale by recipe alone: a new recipe
    /// moves it only by plan and apply. A locked product is never stale. Each comes with its vector by `embedding`.
    ///
    /// # Errors
    /// Any statement's failure.
    pub async fn stale_categorisations(
        &self,
        recipe: &str,
        embedding: &str,
        categories: &[&str],
        after: Option<ProductId>,
        limit: usize,
    ) -> Result<Vec<StaleCategorisation>, StoreError> {
        let rows = sqlx::query(
            "SELECT p.id, p.supplier, p.sku, p.state, p.supplier_values, p.provenance, p.edits, p.decision,
                 t.text <> '' AS has_text, t.evidence_hash, v.vector
             FROM products p JOIN texts t ON t.product = p.id
                 LEFT JOIN categorisations c ON c.product = p.id
                 LEFT JOIN vectors v ON v.recipe = ?4 AND v.text_hash = t.text_hash
             WHERE p.id > ?1 AND p.state <> 'retired' AND p.locked = 0 AND t.input_hash = p.values_hash
                 AND (c.product IS NULL OR c.input_hash <> t.evidence_hash OR c.decision IS NOT p.decision
                      OR (c.verdict <> 'accept' AND c.recipe <> ?2)
                      OR (c.category IS NOT NULL AND c.category NOT IN (SELECT value FROM json_each(?5))))
             ORDER BY p.id LIMIT ?3",
        )
        .bind(after.map_or(0, |id| id.0))
        .bind(recipe)
        .bind(limit as i64)
        .bind(embedding)
        .bind(crate::products::to_json(&categories))
        .fetch_all(self.readers())
        .await
        .map_err(StoreError::statement("looking for stale categories"))?;
        rows.iter()
            .map(|row| {
                let stored = stored_product(row)?;
                Ok(StaleCategorisation {
                    id: stored.id,
                    values: stored.product.values(),
                    key: stored.product.key,
                    vector: row.get::<Option<&[u8]>, _>("vector").map(from_bytes).transpose()?,
                    has_text: row.get("has_text"),
                    input_hash: Digest::from_stored(row.get::<String, _>("evidence_hash")),
                    decision: row.get("decision"),
                })
            })
            .collect()
    }

    /// Stores categories; one whose evidence or decision changed meanwhile is not written. A product's revision rises
    /// only where verdict, category or confidence changed.
    ///
    /// # Errors
    /// Any statement's failure; nothing of the batch is kept then.
    pub async fn put_categorisations(
        &self,
        run: &str,
        categorisations: &[(StaleCategorisation, Categorisation)],
    ) -> Result<(), StoreError> {
        let doing = "storing categories";
        let failed = || StoreError::statement(doing);
        let mut write = self.write(doing).await?;
        for (stale, new) in categorisations {
            let (holds,): (bool,) = sqlx::query_as(
                "SELECT EXISTS (SELECT 1 FROM products p JOIN texts t ON t.product = p.id
                     WHERE p.id = ? AND t.evidence_hash = ? AND p.decision IS ?)",
            )
            .bind(stale.id.0)
            .bind(stale.input_hash.as_str())
            .bind(stale.decision)
            .fetch_one(&mut *write)
            .await
            .map_err(failed())?;
            if !holds {
                continue;
            }
            sqlx::query(
                "UPDATE products SET revision = revision + 1 WHERE id = ?1 AND NOT EXISTS (
                     SELECT 1 FROM categorisations
                     WHERE product = ?1 AND verdict = ?2 AND category IS ?3 AND confidence = ?4 AND reasons = ?5)",
            )
            .bind(stale.id.0)
            .bind(&new.verdict)
            .bind(&new.category)
            .bind(new.confidence)
            .bind(crate::products::to_json(&new.reasons))
            .execute(&mut *write)
            .await
            .map_err(failed())?;
            sqlx::query(
                "INSERT INTO categorisations
                     (product, input_hash, decision, recipe, verdict, category, confidence, candidates, reasons, run)
                 VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)
                 ON CONFLICT (product) DO UPDATE SET input_hash = ?2, decision = ?3, recipe = ?4, verdict = ?5,
                     category = ?6, confidence = ?7, candidates = ?8, reasons = ?9, run = ?10",
            )
            .bind(stale.id.0)
            .bind(stale.input_hash.as_str())
            .bind(stale.decision)
            .bind(&new.recipe)
            .bind(&new.verdict)
            .bind(&new.category)
            .bind(new.confidence)
            .bind(crate::products::to_json(&new.candidates))
            .bind(crate::products::to_json(&new.reasons))
            .bind(run)
            .execute(&mut *write)
            .await
            .map_err(failed())?;
        }
        commit(write, doing).await
    }

    /// A product's category, where it has been computed.
    ///
    /// # Errors
    /// Any statement's failure.
    pub async fn categorisation(&self, id: ProductId) -> Result<Option<Categorisation>, StoreError> {
        sqlx::query(
            "SELECT verdict, category, confidence, candidates, reasons, recipe, decision
             FROM categorisations WHERE product = ?",
        )
        .bind(id.0)
        .fetch_optional(self.readers())
        .await
        .map_err(StoreError::statement("reading a category"))?
        .map(|row| categorisation(&row))
        .transpose()
    }
}

/// The category in a row that has `verdict, category, confidence, candidates, reasons, recipe, decision`.
pub(crate) fn categorisation(row: &sqlx::sqlite::SqliteRow) -> Result<Categorisation, StoreError> {
    Ok(Categorisation {
        verdict: row.get("verdict"),
        category: row.get("category"),
        confidence: row.get("confidence"),
        candidates: crate::products::parse_json("a product's candidates", row.get("candidates"))?,
        reasons: crate::products::parse_json("a product's reasons", row.get("reasons"))?,
        recipe: row.get("recipe"),
        decision: row.get("decision"),
    })
}
