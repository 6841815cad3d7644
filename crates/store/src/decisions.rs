//! The decision log: appended to, never changed. A product points at its latest decision.

use berika_catalog::{CategoryId, ChosenBy, Decision, Digest, Edits, Joined, ProductKey, ProductValues};
use jiff::Timestamp;
use sqlx::Row;
use sqlx::sqlite::{SqliteConnection, SqliteRow};

use crate::open::commit;
use crate::products::{parse_json, product_key};
use crate::vectors::from_bytes;
use crate::{Store, StoreError};

/// A decision that holds, with what is needed to learn from it.
#[derive(Debug, Clone, PartialEq)]
pub struct StoredDecision {
    /// Its row in the log.
    pub id: i64,
    /// The decision.
    pub decision: Decision,
    /// The product's vector by the recipe asked for, where there is one.
    pub vector: Option<Vec<f32>>,
    /// The product's values.
    pub values: ProductValues,
}

/// What became of a list of decisions.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct AppendedDecisions {
    /// Logged anew.
    pub appended: u64,
    /// Already in the log, word for word.
    pub known: u64,
    /// Of these two, decisions on products that no supplier has delivered yet: they wait.
    pub waiting: u64,
}

impl Store {
    /// Appends decisions in one transaction. The same decision is logged once, however often it comes; the latest one
    /// on a product, by when it was decided, holds.
    ///
    /// # Errors
    /// Any statement's failure; nothing is kept then.
    pub async fn append_decisions(&self, decisions: &[Decision]) -> Result<AppendedDecisions, StoreError> {
        let doing = "logging decisions";
        let mut write = self.write(doing).await?;
        let mut counts = AppendedDecisions::default();
        for decision in decisions {
            let (appended, pointed) = append(&mut write, decision).await?;
            counts.appended += u64::from(appended);
            counts.known += u64::from(!appended);
            counts.waiting += u64::from(!pointed);
        }
        commit(write, doing).await?;
        Ok(counts)
    }

    /// The decisions that hold (each product's latest), on categories of `taxonomy`, with the products' vectors by
    /// `embedding`, in the order of the log. Decisions on products not delivered yet are left out: there is nothing to learn from them.
    ///
    /// # Errors
    /// Any statement's failure.
    pub async fn current_decisions(
        &self,
        embedding: &str,
        taxonomy: &str,
    ) -> Result<Vec<StoredDecision>, StoreError> {
        let rows = sqlx::query(
            "SELECT d.*, p.supplier_values, p.joined, p.edits, v.vector
             FROM products p JOIN decisions_now d ON d.id = p.decision
                 LEFT JOIN texts t ON t.product = p.id
                 LEFT JOIN vectors v ON v.recipe = ? AND v.text_hash = t.text_hash
             WHERE p.decision IS NOT NULL AND d.taxonomy = ? ORDER BY d.id",
        )
        .bind(embedding)
        .bind(taxonomy)
        .fetch_all(self.readers())
        .await
        .map_err(StoreError::statement("reading decisions"))?;
        rows.iter()
            .map(|row| {
                // The values that hold: what the vector is of, and what the person saw.
                let supplier: ProductValues = parse_json("a product's values", row.get("supplier_values"))?;
                let joined: Joined =
                    parse_json("what a product takes from those joined with it", row.get("joined"))?;
                let edits: Edits = parse_json("a product's edits", row.get("edits"))?;
                let values = edits.over(&joined.over(&supplier));
                Ok(StoredDecision {
                    id: row.get("id"),
                    decision: decision(row)?,
                    vector: row.get::<Option<&[u8]>, _>("vector").map(from_bytes).transpose()?,
                    values,
                })
            })
            .collect()
    }

    /// The row of a product's latest decision, where there is one.
    ///
    /// # Errors
    /// Any statement's failure.
    pub async fn product_decision(&self, key: &ProductKey) -> Result<Option<i64>, StoreError> {
        let row = sqlx::query("SELECT decision FROM products WHERE supplier = ? AND sku = ?")
            .bind(key.supplier.as_str())
            .bind(&key.sku)
            .fetch_optional(self.readers())
            .await
            .map_err(StoreError::statement("reading a product's decision"))?;
        Ok(row.and_then(|row| row.get("decision")))
    }

    /// The decision in this row of the log.
    ///
    /// # Errors
    /// Any statement's failure.
    pub async fn decision(&self, id: i64) -> Result<Option<Decision>, StoreError> {
        sqlx::query("SELECT * FROM decisions WHERE id = ?")
            .bind(id)
            .fetch_optional(self.readers())
            .await
            .map_err(StoreError::statement("reading a decision"))?
            .map(|row| decision(&row))
            .transpose()
    }

    /// The whole log in its order, at most `limit` after row `after`, each with its row.
    ///
    /// # Errors
    /// Any statement's failure.
    pub async fn decision_log(&self, after: i64, limit: usize) -> Result<Vec<(i64, Decision)>, StoreError> {
        let rows = sqlx::query("SELECT * FROM decisions WHERE id > ? ORDER BY id LIMIT ?")
            .bind(after)
            .bind(limit as i64)
            .fetch_all(self.readers())
            .await
            .map_err(StoreError::statement("reading the decision log"))?;
        rows.iter().map(|row| Ok((row.get("id"), decision(row)?))).collect()
    }
}

/// Appends one decision. Returns whether it is new to the log, and whether its product is known.
pub(crate) async fn append(
    write: &mut SqliteConnection,
    decision: &Decision,
) -> Result<(bool, bool), StoreError> {
    let failed = || StoreError::statement("logging decisions");
    let inserted = sqlx::query(
        "INSERT INTO decisions (supplier, sku, category, taxonomy, taxonomy_version, decided_by, decided_at,
             run, reason, chosen_by, digest)
         VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (digest) DO NOTHING",
    )
    .bind(decision.product.supplier.as_str())
    .bind(&decision.product.sku)
    .bind(decision.category.as_ref().map(CategoryId::as_str))
    .bind(&decision.taxonomy)
    .bind(decision.taxonomy_version)
    .bind(&decision.by)
    .bind(decision.at.as_millisecond())
    .bind(&decision.run)
    .bind(&decision.reason)
    .bind(decision.chosen_by.as_str())
    .bind(Digest::of_json(decision).as_str())
    .execute(&mut *write)
    .await
    .map_err(failed())?;
    let pointed = sqlx::query(
        "UPDATE products SET decision = (SELECT id FROM decisions WHERE supplier = ?1 AND sku = ?2
             ORDER BY decided_at DESC, id DESC LIMIT 1)
         WHERE supplier = ?1 AND sku = ?2",
    )
    .bind(decision.product.supplier.as_str())
    .bind(&decision.product.sku)
    .execute(write)
    .await
    .map_err(failed())?;
    Ok((inserted.rows_affected() > 0, pointed.rows_affected() > 0))
}

/// The decision in a row of the log.
pub(crate) fn decision(row: &SqliteRow) -> Result<Decision, StoreError> {
    let product: ProductKey = product_key(row)?;
    let at = Timestamp::from_millisecond(row.get("decided_at"))
        .map_err(StoreError::corrupt("a decision's time"))?;
    let chosen_by: ChosenBy = serde_json::from_value(row.get::<String, _>("chosen_by").into())
        .map_err(StoreError::corrupt("how a decision's product was chosen"))?;
    Ok(Decision {
        product,
        category: row.get::<Option<String>, _>("category").map(CategoryId),
        taxonomy: row.get("taxonomy"),
        taxonomy_version: row.get("taxonomy_version"),
        by: row.get("decided_by"),
        at,
        run: row.get("run"),
        reason: row.get("reason"),
        chosen_by,
    })
}
