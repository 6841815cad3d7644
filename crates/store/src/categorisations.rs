//! The category stage.

use berika_catalog::{Digest, ProductKey, ProductValues};
use serde::{Deserialize, Serialize};
use sqlx::{QueryBuilder, Row};

use crate::open::commit;
use crate::products::{ProductId, stored_product, to_json};
use crate::vectors::from_bytes;
use crate::{ROWS_PER_TRANSACTION, Store, StoreError};

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
    /// The text; empty where there is none.
    pub text: String,
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
    /// The probability that the first candidate is right.
    pub confidence: f64,
    /// The five best as JSON.
    pub candidates: serde_json::Value,
    /// Sentences that say why.
    pub reasons: Vec<String>,
    /// How it was computed.
    pub recipe: String,
    /// The row of the decision it follows; `None` where the machine chose.
    pub decision: Option<i64>,
    /// The share that was promised where the machine accepted with a promise.
    pub promise: Option<f64>,
    /// Where the product would have been accepted and is drawn for audit instead. Remembered until a decision follows;
    /// not read back here.
    #[serde(skip)]
    pub audit: Option<AuditDraw>,
}

/// A product drawn for audit.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct AuditDraw {
    /// The taxonomy's name.
    pub taxonomy: String,
    /// What would have been accepted.
    pub category: String,
    /// At this threshold.
    pub threshold: f32,
}

impl Store {
    /// Products whose category is absent or none of `categories`, was computed from other evidence or another decision, or is not settled and
    /// was computed by another recipe than `recipe`. A settled product is never stale by recipe alone: a new recipe
    /// moves it only by plan and apply. A locked product is stale only by another decision, and one that is joined into another
    /// never. Each comes with its vector by `embedding`.
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
            "SELECT p.id, p.supplier, p.sku, p.state, p.supplier_values, p.provenance, p.edits, p.joined, p.decision,
                 t.text, t.evidence_hash, v.vector
             FROM products p JOIN texts t ON t.product = p.id
                 LEFT JOIN categorisations c ON c.product = p.id
                 LEFT JOIN vectors v ON v.recipe = ?4 AND v.text_hash = t.text_hash
             WHERE p.id > ?1 AND p.state <> 'retired' AND p.joined_into IS NULL
                 AND (p.locked = 0 OR c.decision IS NOT p.decision) AND t.input_hash = p.values_hash
                 AND (c.product IS NULL OR c.input_hash <> t.evidence_hash OR c.decision IS NOT p.decision
                      OR (c.verdict <> 'accept' AND c.recipe <> ?2)
                      OR (c.category IS NOT NULL AND c.category NOT IN (SELECT value FROM json_each(?5))))
             ORDER BY p.id LIMIT ?3",
        )
        .bind(after.map_or(0, |id| id.0))
        .bind(recipe)
        .bind(limit as i64)
        .bind(embedding)
        .bind(to_json(&categories))
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
                    text: row.get("text"),
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
        // Only those whose input is still what was computed from.
        const HOLDS: &str = "p.id = new.product AND p.decision IS new.decision
             AND EXISTS (SELECT 1 FROM texts t WHERE t.product = p.id AND t.evidence_hash = new.input_hash)";
        for chunk in categorisations.chunks(ROWS_PER_TRANSACTION) {
            let mut raise = QueryBuilder::new(
                "WITH new (product, input_hash, decision, verdict, category, confidence, reasons) AS (",
            );
            raise.push_values(chunk, |mut row, (stale, new)| {
                row.push_bind(stale.id.0).push_bind(stale.input_hash.as_str()).push_bind(stale.decision);
                row.push_bind(&new.verdict).push_bind(&new.category).push_bind(new.confidence);
                row.push_bind(to_json(&new.reasons));
            });
            raise
                .push(") UPDATE products AS p SET revision = revision + 1 FROM new WHERE ")
                .push(HOLDS)
                .push(
                    " AND NOT EXISTS (SELECT 1 FROM categorisations c
                     WHERE c.product = p.id AND c.verdict = new.verdict AND c.category IS new.category
                         AND c.confidence = new.confidence AND c.reasons = new.reasons)",
                );
            raise.build().execute(&mut *write).await.map_err(failed())?;
            let mut put = QueryBuilder::new(
                "WITH new (product, input_hash, decision, recipe, verdict, category, confidence, candidates, reasons,
                     promise) AS (",
            );
            put.push_values(chunk, |mut row, (stale, new)| {
                row.push_bind(stale.id.0).push_bind(stale.input_hash.as_str()).push_bind(stale.decision);
                row.push_bind(&new.recipe).push_bind(&new.verdict).push_bind(&new.category);
                row.push_bind(new.confidence).push_bind(to_json(&new.candidates));
                row.push_bind(to_json(&new.reasons)).push_bind(new.promise);
            });
            put.push(
                ") INSERT INTO categorisations
                     (product, input_hash, decision, recipe, verdict, category, confidence, candidates, reasons, promise, run)
                 SELECT new.*, ",
            );
            put.push_bind(run).push(" FROM new JOIN products p WHERE ").push(HOLDS).push(
                " ON CONFLICT (product) DO UPDATE SET input_hash = excluded.input_hash,
                     decision = excluded.decision, recipe = excluded.recipe, verdict = excluded.verdict,
                     category = excluded.category, confidence = excluded.confidence,
                     candidates = excluded.candidates, reasons = excluded.reasons, promise = excluded.promise,
                     run = excluded.run",
            );
            put.build().execute(&mut *write).await.map_err(failed())?;
            // The draws of products that nobody has decided on are as of this judgement; the others are history.
            let mut forget = QueryBuilder::new("DELETE FROM audits WHERE product IN (");
            let mut products = forget.separated(", ");
            chunk.iter().for_each(|(stale, _)| {
                products.push_bind(stale.id.0);
            });
            forget
                .push(") AND EXISTS (SELECT 1 FROM products p WHERE p.id = product AND p.decision IS NULL)");
            forget.build().execute(&mut *write).await.map_err(failed())?;
            let drawn: Vec<_> =
                chunk.iter().filter_map(|(stale, new)| Some((stale, new.audit.as_ref()?))).collect();
            if drawn.is_empty() {
                continue;
            }
            let mut draw = QueryBuilder::new(
                "WITH new (product, input_hash, decision, taxonomy, category, threshold) AS (",
            );
            draw.push_values(drawn, |mut row, (stale, audit)| {
                row.push_bind(stale.id.0).push_bind(stale.input_hash.as_str()).push_bind(stale.decision);
                row.push_bind(&audit.taxonomy)
                    .push_bind(&audit.category)
                    .push_bind(f64::from(audit.threshold));
            });
            draw.push(
                ") INSERT INTO audits (product, taxonomy, category, threshold)
                 SELECT new.product, new.taxonomy, new.category, new.threshold
                 FROM new JOIN products p WHERE ",
            )
            .push(HOLDS)
            .push(" AND p.decision IS NULL");
            draw.build().execute(&mut *write).await.map_err(failed())?;
        }
        commit(write, doing).await
    }

    /// A product's category, where it has been computed.
    ///
    /// # Errors
    /// Any statement's failure.
    pub async fn categorisation(&self, id: ProductId) -> Result<Option<Categorisation>, StoreError> {
        sqlx::query(
            "SELECT verdict, category, confidence, candidates, reasons, recipe, decision, promise
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

/// The category in a row that has `verdict, category, confidence, candidates, reasons, recipe, decision, promise`.
pub(crate) fn categorisation(row: &sqlx::sqlite::SqliteRow) -> Result<Categorisation, StoreError> {
    Ok(Categorisation {
        verdict: row.get("verdict"),
        category: row.get("category"),
        confidence: row.get("confidence"),
        candidates: crate::products::parse_json("a product's candidates", row.get("candidates"))?,
        reasons: crate::products::parse_json("a product's reasons", row.get("reasons"))?,
        recipe: row.get("recipe"),
        decision: row.get("decision"),
        promise: row.get("promise"),
        audit: None,
    })
}
