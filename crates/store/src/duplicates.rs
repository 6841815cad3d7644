//! Products that may be one: what proposals are worked out from.

use std::collections::HashSet;

use berika_catalog::{Digest, ProductKey, ProductValues};
use sqlx::Row;

use crate::products::{ProductId, stored_product};
use crate::{Store, StoreError};

/// A product that is listed, with what tells whether it is another one, too.
#[derive(Debug, Clone, PartialEq)]
pub struct DuplicateCandidate {
    /// Its row: the lower, the older.
    pub id: ProductId,
    /// The product.
    pub key: ProductKey,
    /// Its own values with people's edits over them, without what it takes of others.
    pub values: ProductValues,
    /// The product that it is part of.
    pub joined_into: Option<ProductId>,
    /// Whether a person locked it.
    pub locked: bool,
    /// Whether people decided on it, edited or locked it.
    pub by_person: bool,
    /// The hash of its text; `None` where it has none.
    pub text_hash: Option<Digest>,
}

impl Store {
    /// Products that are not retired, at most `limit` after `after`, in the order of their rows.
    ///
    /// # Errors
    /// Any statement's failure.
    pub async fn duplicate_candidates(
        &self,
        after: Option<ProductId>,
        limit: usize,
    ) -> Result<Vec<DuplicateCandidate>, StoreError> {
        let rows = sqlx::query(
            "SELECT p.id, p.supplier, p.sku, p.state, p.supplier_values, '{}' AS provenance, p.edits, '{}' AS joined,
                 p.joined_into, p.locked, CASE WHEN t.text <> '' THEN t.text_hash END AS text_hash,
                 p.locked = 1 OR p.edits <> '{}' OR coalesce(d.chosen_by <> 'machine', 0) AS by_person
             FROM products p LEFT JOIN texts t ON t.product = p.id LEFT JOIN decisions d ON d.id = p.decision
             WHERE p.id > ? AND p.state <> 'retired' ORDER BY p.id LIMIT ?",
        )
        .bind(after.map_or(0, |id| id.0))
        .bind(limit as i64)
        .fetch_all(self.readers())
        .await
        .map_err(StoreError::statement("looking for duplicates"))?;
        rows.iter()
            .map(|row| {
                let stored = stored_product(row)?;
                Ok(DuplicateCandidate {
                    id: stored.id,
                    values: stored.product.values(),
                    key: stored.product.key,
                    joined_into: row.get::<Option<i64>, _>("joined_into").map(ProductId),
                    locked: row.get("locked"),
                    by_person: row.get("by_person"),
                    text_hash: row.get::<Option<String>, _>("text_hash").map(Digest::from_stored),
                })
            })
            .collect()
    }

    /// Products that a person parted from others and nobody joined since: no rule joins them.
    ///
    /// # Errors
    /// Any statement's failure.
    pub async fn parted_products(&self) -> Result<HashSet<ProductId>, StoreError> {
        let rows = sqlx::query(
            "SELECT product FROM join_log j WHERE action = 'part'
                 AND id = (SELECT max(id) FROM join_log latest WHERE latest.product = j.product)",
        )
        .fetch_all(self.readers())
        .await
        .map_err(StoreError::statement("looking for parted products"))?;
        Ok(rows.iter().map(|row| ProductId(row.get("product"))).collect())
    }
}
