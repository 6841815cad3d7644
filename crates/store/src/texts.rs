//! The text stage: what is embedded of each product.

use berika_catalog::{Digest, Product};
use sqlx::{QueryBuilder, Row};

use crate::open::commit;
use crate::products::{ProductId, stored_product};
use crate::{ROWS_PER_TRANSACTION, Store, StoreError};

/// A product whose text is stale.
#[derive(Debug, Clone, PartialEq)]
pub struct StaleText {
    /// The product's row.
    pub id: ProductId,
    /// The product.
    pub product: Product,
    /// The hash of the values that hold: the compare-and-set condition.
    pub input_hash: Digest,
}

/// A product's text as it is stored.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoredText {
    /// The text; empty where nothing is known of the product.
    pub text: String,
    /// Its hash: the key of its vector.
    pub text_hash: Digest,
    /// The hash of all a category follows from.
    pub evidence_hash: Digest,
    /// The hash of all a description follows from.
    pub facts_hash: Digest,
}

impl Store {
    /// Products whose text is absent or was composed from other values, at most `limit`, in the order of their rows
    /// after `after`.
    ///
    /// # Errors
    /// Any statement's failure.
    pub async fn stale_texts(
        &self,
        after: Option<ProductId>,
        limit: usize,
    ) -> Result<Vec<StaleText>, StoreError> {
        let rows = sqlx::query(
            "SELECT p.id, p.supplier, p.sku, p.state, p.supplier_values, p.provenance, p.edits, p.joined, p.values_hash
             FROM products p LEFT JOIN texts t ON t.product = p.id
             WHERE p.id > ? AND p.state <> 'retired' AND (t.product IS NULL OR t.input_hash <> p.values_hash)
             ORDER BY p.id LIMIT ?",
        )
        .bind(after.map_or(0, |id| id.0))
        .bind(limit as i64)
        .fetch_all(self.readers())
        .await
        .map_err(StoreError::statement("looking for stale texts"))?;
        rows.iter()
            .map(|row| {
                let stored = stored_product(row)?;
                let input_hash = Digest::from_stored(row.get::<String, _>("values_hash"));
                Ok(StaleText { id: stored.id, product: stored.product, input_hash })
            })
            .collect()
    }

    /// Stores texts composed by `recipe`; one whose product changed meanwhile is not written.
    ///
    /// # Errors
    /// Any statement's failure; nothing of the batch is kept then.
    pub async fn put_texts(
        &self,
        recipe: &str,
        texts: &[(ProductId, Digest, StoredText)],
    ) -> Result<(), StoreError> {
        let doing = "storing texts";
        let mut write = self.write(doing).await?;
        for chunk in texts.chunks(ROWS_PER_TRANSACTION) {
            let mut put = QueryBuilder::new(
                "WITH new (product, input_hash, text, text_hash, evidence_hash, facts_hash) AS (",
            );
            put.push_values(chunk, |mut row, (id, input_hash, text)| {
                row.push_bind(id.0).push_bind(input_hash.as_str()).push_bind(&text.text);
                row.push_bind(text.text_hash.as_str()).push_bind(text.evidence_hash.as_str());
                row.push_bind(text.facts_hash.as_str());
            });
            put.push(
                ") INSERT INTO texts (product, input_hash, text, text_hash, evidence_hash, facts_hash, recipe)
                 SELECT new.*, ",
            );
            put.push_bind(recipe);
            put.push(
                " FROM new JOIN products p ON p.id = new.product WHERE p.values_hash = new.input_hash
                 ON CONFLICT (product) DO UPDATE SET input_hash = excluded.input_hash, recipe = excluded.recipe,
                     text = excluded.text, text_hash = excluded.text_hash, evidence_hash = excluded.evidence_hash,
                     facts_hash = excluded.facts_hash",
            );
            put.build().execute(&mut *write).await.map_err(StoreError::statement(doing))?;
        }
        commit(write, doing).await
    }

    /// A product's text, where it has been composed.
    ///
    /// # Errors
    /// Any statement's failure.
    pub async fn text(&self, id: ProductId) -> Result<Option<StoredText>, StoreError> {
        let row =
            sqlx::query("SELECT text, text_hash, evidence_hash, facts_hash FROM texts WHERE product = ?")
                .bind(id.0)
                .fetch_optional(self.readers())
                .await
                .map_err(StoreError::statement("reading a text"))?;
        Ok(row.map(|row| StoredText {
            text: row.get("text"),
            text_hash: Digest::from_stored(row.get::<String, _>("text_hash")),
            evidence_hash: Digest::from_stored(row.get::<String, _>("evidence_hash")),
            facts_hash: Digest::from_stored(row.get::<String, _>("facts_hash")),
        }))
    }
}
