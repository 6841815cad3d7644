//! Counts and examples for the tables that a person reads.

use berika_catalog::{ProductKey, SupplierId};
use sqlx::Row;

use crate::products::{parse_json, product_key};
use crate::{RowReport, Store, StoreError};

/// How a supplier's products stand.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct SupplierCounts {
    /// Products not retired.
    pub products: u64,
    /// Of these, with a settled category.
    pub accepted: u64,
    /// Waiting for a person.
    pub review: u64,
    /// Outside the taxonomy.
    pub rejected: u64,
    /// With a description in at least one language.
    pub described: u64,
    /// Published in at least one version.
    pub published: u64,
    /// Events delivered and still remembered.
    pub delivered: u64,
    /// Events waiting.
    pub pending: u64,
    /// Events given up.
    pub dead: u64,
}

/// A product in a list.
#[derive(Debug, Clone, PartialEq)]
pub struct ProductSummary {
    /// The product.
    pub key: ProductKey,
    /// The supplier's title.
    pub title: Option<String>,
    /// `accept`, `review`, `reject`.
    pub verdict: String,
    /// The category, where one is settled.
    pub category: Option<String>,
    /// The best candidate.
    pub best: Option<String>,
    /// The second.
    pub second: Option<String>,
    /// How probable it is that the best candidate is right.
    pub confidence: f64,
    /// Why.
    pub reasons: Vec<String>,
}

impl Store {
    /// How a supplier's products stand.
    ///
    /// # Errors
    /// Any statement's failure.
    pub async fn supplier_counts(&self, supplier: &SupplierId) -> Result<SupplierCounts, StoreError> {
        let row = sqlx::query(
            "SELECT count(*) AS products,
                 count(*) FILTER (WHERE c.verdict = 'accept') AS accepted,
                 count(*) FILTER (WHERE c.verdict = 'review') AS review,
                 count(*) FILTER (WHERE c.verdict = 'reject') AS rejected,
                 count(*) FILTER (WHERE EXISTS (SELECT 1 FROM descriptions d
                     WHERE d.product = p.id AND d.title IS NOT NULL)) AS described,
                 count(*) FILTER (WHERE o.version > 0) AS published,
                 coalesce(sum((SELECT count(*) FROM outbox b WHERE b.product = p.id AND b.state = 'delivered')), 0)
                     AS delivered,
                 coalesce(sum((SELECT count(*) FROM outbox b WHERE b.product = p.id AND b.state = 'pending')), 0)
                     AS pending,
                 coalesce(sum((SELECT count(*) FROM outbox b WHERE b.product = p.id AND b.state = 'dead')), 0)
                     AS dead
             FROM products p LEFT JOIN categorisations c ON c.product = p.id
                 LEFT JOIN published o ON o.product = p.id
             WHERE p.supplier = ? AND p.state <> 'retired'",
        )
        .bind(supplier.as_str())
        .fetch_one(self.readers())
        .await
        .map_err(StoreError::statement("counting a supplier's products"))?;
        let count = |column| row.get::<i64, _>(column).unsigned_abs();
        Ok(SupplierCounts {
            products: count("products"),
            accepted: count("accepted"),
            review: count("review"),
            rejected: count("rejected"),
            described: count("described"),
            published: count("published"),
            delivered: count("delivered"),
            pending: count("pending"),
            dead: count("dead"),
        })
    }

    /// Every categorised product that is not retired, in the order of keys, at most `limit` after `after`.
    ///
    /// # Errors
    /// Any statement's failure.
    pub async fn categorised_products(
        &self,
        after: Option<&ProductKey>,
        limit: usize,
    ) -> Result<Vec<ProductSummary>, StoreError> {
        let rows = sqlx::query(
            "SELECT p.supplier, p.sku, json_extract(p.supplier_values, '$.title') AS title,
                 c.verdict, c.category, c.confidence, c.reasons,
                 json_extract(c.candidates, '$[0].id') AS best, json_extract(c.candidates, '$[1].id') AS second
             FROM products p JOIN categorisations c ON c.product = p.id
             WHERE p.state <> 'retired' AND (p.supplier, p.sku) > (?, ?)
             ORDER BY p.supplier, p.sku LIMIT ?",
        )
        .bind(after.map_or("", |key| key.supplier.as_str()))
        .bind(after.map_or("", |key| key.sku.as_str()))
        .bind(limit as i64)
        .fetch_all(self.readers())
        .await
        .map_err(StoreError::statement("listing categorised products"))?;
        rows.iter()
            .map(|row| {
                Ok(ProductSummary {
                    key: product_key(row)?,
                    title: row.get("title"),
                    verdict: row.get("verdict"),
                    category: row.get("category"),
                    best: row.get("best"),
                    second: row.get("second"),
                    confidence: row.get("confidence"),
                    reasons: parse_json("a product's reasons", row.get("reasons"))?,
                })
            })
            .collect()
    }

    /// Rows refused and fields dropped in a supplier's last complete import, in row order, at most `limit`.
    ///
    /// # Errors
    /// Any statement's failure.
    pub async fn last_row_reports(
        &self,
        supplier: &SupplierId,
        limit: usize,
    ) -> Result<Vec<RowReport>, StoreError> {
        let rows = sqlx::query(
            "SELECT row, refused, message FROM row_reports WHERE import_id =
                 (SELECT max(id) FROM imports WHERE supplier = ? AND outcome = 'complete')
             ORDER BY row, rowid LIMIT ?",
        )
        .bind(supplier.as_str())
        .bind(limit as i64)
        .fetch_all(self.readers())
        .await
        .map_err(StoreError::statement("reading row reports"))?;
        Ok(rows
            .iter()
            .map(|row| RowReport {
                row: row.get::<i64, _>("row").unsigned_abs(),
                refused: row.get("refused"),
                message: row.get("message"),
            })
            .collect())
    }
}
