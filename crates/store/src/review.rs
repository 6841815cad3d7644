//! Review: who waits for a person, in which order, and who looks alike.

use std::collections::HashMap;

use berika_catalog::{CategoryId, Digest, ProductKey, ProductValues, SupplierId};
use sqlx::sqlite::SqliteRow;
use sqlx::{QueryBuilder, Row};

use crate::open::commit;
use crate::products::{ProductId, parse_json, product_key, stored_product};
use crate::vectors::from_bytes;
use crate::{ROWS_PER_TRANSACTION, Store, StoreError};

/// Products that a person has to decide on: judged so, and not decided on since.
const WAITS: &str = "c.verdict = 'review' AND c.decision IS p.decision AND p.state <> 'retired' AND p.locked = 0 AND p.joined_into IS NULL";

/// Whether such a product is drawn for audit. Draws of products that were decided on are history.
const DRAWN: &str = "(p.decision IS NULL AND EXISTS (SELECT 1 FROM audits a WHERE a.product = p.id))";

/// A decision of a person that holds.
const HOLDS: &str =
    "d.chosen_by <> 'machine' AND EXISTS (SELECT 1 FROM products held WHERE held.decision = d.id)";

/// A product that waits, with all that its place in the order follows from.
#[derive(Debug, Clone, PartialEq)]
pub struct WaitingProduct {
    /// Its row.
    pub id: ProductId,
    /// The product.
    pub key: ProductKey,
    /// The values that hold.
    pub values: ProductValues,
    /// Its candidates as JSON.
    pub candidates: serde_json::Value,
    /// The confidence of the first.
    pub confidence: f64,
    /// The vector of its text by the recipe asked for.
    pub vector: Option<Vec<f32>>,
    /// Whether it is drawn for audit: it waits because of that alone.
    pub audit: bool,
}

/// A product with its place.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct QueuedProduct {
    /// Its row.
    pub id: ProductId,
    /// What its confirmation is expected to change; 0 of an audit, which is looked at for another reason.
    pub gain: f64,
    /// One minus the margin between its first two candidates.
    pub doubt: f64,
}

/// The order of review, to be stored.
#[derive(Debug, Clone, Default)]
pub struct ReviewQueue {
    /// Best first.
    pub products: Vec<QueuedProduct>,
    /// Products that look like another, with the number of their group.
    pub look_alikes: Vec<(ProductId, u64)>,
    /// [`Store::review_fingerprint`] when it was computed.
    pub seen: String,
    /// The recipe of the vectors.
    pub embedding: String,
}

/// A product in the order of review.
#[derive(Debug, Clone, PartialEq)]
pub struct ReviewProduct {
    /// Its place: where the next page begins.
    pub place: i64,
    /// What its confirmation is expected to change.
    pub gain: f64,
    /// The product, its candidates and vector.
    pub product: WaitingProduct,
    /// Why a person has to decide.
    pub reasons: Vec<String>,
}

/// A product that looks like another one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LookAlike {
    /// The product.
    pub key: ProductKey,
    /// Whether anyone has decided on it,
    pub decided: bool,
    /// and what; `None` also for none of ours.
    pub category: Option<CategoryId>,
}

/// A product that a person has decided on.
#[derive(Debug, Clone, PartialEq)]
pub struct DecidedProduct {
    /// The product.
    pub key: ProductKey,
    /// Its brand, where known.
    pub brand: Option<String>,
    /// Its title.
    pub title: Option<String>,
    /// The category; `None`: none of ours.
    pub category: Option<CategoryId>,
    /// The vector of its text by the recipe asked for.
    pub vector: Option<Vec<f32>>,
}

impl Store {
    /// Products that wait, at most `limit` after `after`, in the order of their rows, with vectors by `embedding`.
    ///
    /// # Errors
    /// Any statement's failure.
    pub async fn waiting_products(
        &self,
        embedding: &str,
        after: Option<ProductId>,
        limit: usize,
    ) -> Result<Vec<WaitingProduct>, StoreError> {
        let rows = sqlx::query(sqlx::AssertSqlSafe(format!(
            "SELECT p.id, p.supplier, p.sku, p.state, p.supplier_values, p.provenance, p.edits, p.joined,
                 c.candidates, c.confidence, v.vector, {DRAWN} AS audit
             FROM categorisations c JOIN products p ON p.id = c.product
                 LEFT JOIN texts t ON t.product = p.id
                 LEFT JOIN vectors v ON v.recipe = ?1 AND v.text_hash = t.text_hash
             WHERE c.product > ?2 AND {WAITS} ORDER BY c.product LIMIT ?3"
        )))
        .bind(embedding)
        .bind(after.map_or(0, |id| id.0))
        .bind(limit as i64)
        .fetch_all(self.readers())
        .await
        .map_err(StoreError::statement("looking for products that wait for review"))?;
        rows.iter().map(waiting).collect()
    }

    /// Changes with whatever the order of review follows from: who waits, how each was judged, what was decided.
    ///
    /// # Errors
    /// Any statement's failure.
    pub async fn review_fingerprint(&self, embedding: &str) -> Result<String, StoreError> {
        let row = sqlx::query(sqlx::AssertSqlSafe(format!(
            "SELECT count(*) AS waiting, total(c.product) AS rows, total(c.confidence) AS confidence,
                 min(c.recipe) AS first, max(c.recipe) AS last,
                 (SELECT max(decision) FROM products WHERE decision IS NOT NULL) AS decided
             FROM categorisations c JOIN products p ON p.id = c.product WHERE {WAITS}"
        )))
        .fetch_one(self.readers())
        .await
        .map_err(StoreError::statement("counting products that wait for review"))?;
        let said = format!(
            "{} {} {} {:?} {:?} {:?}",
            row.get::<i64, _>("waiting"),
            row.get::<f64, _>("rows"),
            row.get::<f64, _>("confidence"),
            row.get::<Option<String>, _>("first"),
            row.get::<Option<String>, _>("last"),
            row.get::<Option<i64>, _>("decided"),
        );
        Ok(Digest::of_parts([said.as_str(), embedding]).as_str().to_owned())
    }

    /// What the stored order of review was computed from, and the recipe of its vectors; `None` before the first.
    ///
    /// # Errors
    /// Any statement's failure.
    pub async fn review_state(&self) -> Result<Option<(String, String)>, StoreError> {
        let row = sqlx::query("SELECT seen, embedding FROM review_state")
            .fetch_optional(self.readers())
            .await
            .map_err(StoreError::statement("reading the state of the review"))?;
        Ok(row.map(|row| (row.get("seen"), row.get("embedding"))))
    }

    /// Puts this order in the place of the one before, in one transaction: a reader sees one or the other.
    ///
    /// # Errors
    /// Any statement's failure; the one before stays then.
    pub async fn put_review_queue(&self, queue: &ReviewQueue) -> Result<(), StoreError> {
        let doing = "storing the order of review";
        let failed = || StoreError::statement(doing);
        let mut write = self.write(doing).await?;
        sqlx::raw_sql("DELETE FROM review_queue; DELETE FROM look_alikes; DELETE FROM review_state;")
            .execute(&mut *write)
            .await
            .map_err(failed())?;
        let mut places = 1_i64..;
        for chunk in queue.products.chunks(ROWS_PER_TRANSACTION) {
            let mut put = QueryBuilder::new("INSERT INTO review_queue (product, gain, doubt, place) ");
            put.push_values(chunk.iter().zip(&mut places), |mut row, (product, place)| {
                row.push_bind(product.id.0).push_bind(product.gain).push_bind(product.doubt).push_bind(place);
            });
            put.build().execute(&mut *write).await.map_err(failed())?;
        }
        for chunk in queue.look_alikes.chunks(ROWS_PER_TRANSACTION) {
            let mut put = QueryBuilder::new("INSERT INTO look_alikes (product, look) ");
            put.push_values(chunk, |mut row, (product, look)| {
                row.push_bind(product.0).push_bind(look.cast_signed());
            });
            put.build().execute(&mut *write).await.map_err(failed())?;
        }
        sqlx::query("INSERT INTO review_state (id, seen, embedding) VALUES (1, ?, ?)")
            .bind(&queue.seen)
            .bind(&queue.embedding)
            .execute(&mut *write)
            .await
            .map_err(failed())?;
        commit(write, doing).await
    }

    /// The products to look at next, at most `limit` behind place `after`, of one supplier or of all. Who has been
    /// decided on since the order was computed is left out.
    ///
    /// # Errors
    /// Any statement's failure.
    pub async fn review_queue(
        &self,
        supplier: Option<&SupplierId>,
        after: i64,
        limit: usize,
    ) -> Result<Vec<ReviewProduct>, StoreError> {
        let rows = sqlx::query(sqlx::AssertSqlSafe(format!(
            "SELECT q.place, q.gain, p.id, p.supplier, p.sku, p.state, p.supplier_values, p.provenance, p.edits, p.joined,
                 c.candidates, c.confidence, c.reasons, v.vector, {DRAWN} AS audit
             FROM review_queue q JOIN products p ON p.id = q.product JOIN categorisations c ON c.product = p.id
                 LEFT JOIN texts t ON t.product = p.id
                 LEFT JOIN vectors v ON v.recipe = (SELECT embedding FROM review_state) AND v.text_hash = t.text_hash
             WHERE q.place > ?1 AND (?2 IS NULL OR p.supplier = ?2) AND {WAITS} ORDER BY q.place LIMIT ?3"
        )))
        .bind(after)
        .bind(supplier.map(SupplierId::as_str))
        .bind(limit as i64)
        .fetch_all(self.readers())
        .await
        .map_err(StoreError::statement("reading the order of review"))?;
        rows.iter()
            .map(|row| {
                Ok(ReviewProduct {
                    place: row.get("place"),
                    gain: row.get("gain"),
                    reasons: parse_json("a product's reasons", row.get("reasons"))?,
                    product: waiting(row)?,
                })
            })
            .collect()
    }

    /// How many products wait for a person.
    ///
    /// # Errors
    /// Any statement's failure.
    pub async fn count_waiting(&self) -> Result<u64, StoreError> {
        let (count,): (i64,) = sqlx::query_as(sqlx::AssertSqlSafe(format!(
            "SELECT count(*) FROM categorisations c JOIN products p ON p.id = c.product WHERE {WAITS}"
        )))
        .fetch_one(self.readers())
        .await
        .map_err(StoreError::statement("counting products that wait for review"))?;
        Ok(count.unsigned_abs())
    }

    /// The other products that look like this one, in the order of keys.
    ///
    /// # Errors
    /// Any statement's failure.
    pub async fn look_alikes(&self, id: ProductId) -> Result<Vec<LookAlike>, StoreError> {
        let rows = sqlx::query(
            "SELECT p.supplier, p.sku, p.decision, d.category
             FROM look_alikes own JOIN look_alikes other ON other.look = own.look AND other.product <> own.product
                 JOIN products p ON p.id = other.product LEFT JOIN decisions_now d ON d.id = p.decision
             WHERE own.product = ? AND p.state <> 'retired' AND p.locked = 0 ORDER BY p.supplier, p.sku",
        )
        .bind(id.0)
        .fetch_all(self.readers())
        .await
        .map_err(StoreError::statement("looking for look-alikes"))?;
        rows.iter()
            .map(|row| {
                Ok(LookAlike {
                    key: product_key(row)?,
                    decided: row.get::<Option<i64>, _>("decision").is_some(),
                    category: row.get::<Option<String>, _>("category").map(CategoryId),
                })
            })
            .collect()
    }

    /// The products that people have decided on, in the order of the decisions that hold, with vectors by `embedding`.
    ///
    /// # Errors
    /// Any statement's failure.
    pub async fn decided_products(&self, embedding: &str) -> Result<Vec<DecidedProduct>, StoreError> {
        let rows = sqlx::query(
            "SELECT p.supplier, p.sku, d.category, v.vector,
                 json_extract(p.supplier_values, '$.brand') AS brand,
                 json_extract(p.supplier_values, '$.title') AS title
             FROM products p JOIN decisions_now d ON d.id = p.decision
                 LEFT JOIN texts t ON t.product = p.id
                 LEFT JOIN vectors v ON v.recipe = ? AND v.text_hash = t.text_hash
             WHERE p.decision IS NOT NULL AND d.chosen_by <> 'machine' ORDER BY d.id",
        )
        .bind(embedding)
        .fetch_all(self.readers())
        .await
        .map_err(StoreError::statement("reading decided products"))?;
        rows.iter().map(decided).collect()
    }

    /// As [`Self::decided_products`], but no more than the `latest` decisions, and of each of `categories` the latest
    /// `of_each`.
    ///
    /// # Errors
    /// Any statement's failure.
    pub async fn decided_lately(
        &self,
        embedding: &str,
        categories: &[CategoryId],
        latest: usize,
        of_each: usize,
    ) -> Result<Vec<DecidedProduct>, StoreError> {
        let mut query =
            QueryBuilder::new("WITH picked (id) AS (SELECT id FROM (SELECT d.id FROM decisions_now d WHERE ");
        query.push(HOLDS).push(" ORDER BY d.id DESC LIMIT ").push_bind(latest as i64).push(")");
        for category in categories {
            query.push(" UNION SELECT id FROM (SELECT d.id FROM decisions_now d WHERE d.category = ");
            query.push_bind(category.as_str()).push(" AND ").push(HOLDS);
            query.push(" ORDER BY d.id DESC LIMIT ").push_bind(of_each as i64).push(")");
        }
        query.push(
            ") SELECT p.supplier, p.sku, d.category, v.vector,
                 json_extract(p.supplier_values, '$.brand') AS brand,
                 json_extract(p.supplier_values, '$.title') AS title
             FROM picked JOIN decisions_now d ON d.id = picked.id JOIN products p ON p.decision = picked.id
                 LEFT JOIN texts t ON t.product = p.id
                 LEFT JOIN vectors v ON v.text_hash = t.text_hash AND v.recipe = ",
        );
        query.push_bind(embedding).push(" ORDER BY d.id");
        let rows = query
            .build()
            .fetch_all(self.readers())
            .await
            .map_err(StoreError::statement("reading decided products"))?;
        rows.iter().map(decided).collect()
    }

    /// How many products people have put into each of these categories; one that is not listed has none.
    ///
    /// # Errors
    /// Any statement's failure.
    pub async fn count_confirmed(
        &self,
        categories: &[CategoryId],
    ) -> Result<HashMap<CategoryId, usize>, StoreError> {
        if categories.is_empty() {
            return Ok(HashMap::new());
        }
        let mut query = QueryBuilder::new(
            "SELECT d.category, count(*) AS confirmed FROM decisions_now d WHERE d.category IN (",
        );
        let mut listed = query.separated(", ");
        categories.iter().for_each(|category| {
            listed.push_bind(category.as_str());
        });
        query.push(") AND ").push(HOLDS).push(" GROUP BY d.category");
        let rows = query
            .build()
            .fetch_all(self.readers())
            .await
            .map_err(StoreError::statement("counting confirmed products"))?;
        let counted = |row: &SqliteRow| {
            (CategoryId(row.get("category")), row.get::<i64, _>("confirmed").unsigned_abs() as usize)
        };
        Ok(rows.iter().map(counted).collect())
    }
}

fn decided(row: &SqliteRow) -> Result<DecidedProduct, StoreError> {
    Ok(DecidedProduct {
        key: product_key(row)?,
        brand: row.get("brand"),
        title: row.get("title"),
        category: row.get::<Option<String>, _>("category").map(CategoryId),
        vector: row.get::<Option<&[u8]>, _>("vector").map(from_bytes).transpose()?,
    })
}

fn waiting(row: &SqliteRow) -> Result<WaitingProduct, StoreError> {
    let stored = stored_product(row)?;
    Ok(WaitingProduct {
        id: stored.id,
        values: stored.product.values(),
        key: stored.product.key,
        candidates: parse_json("a product's candidates", row.get("candidates"))?,
        confidence: row.get("confidence"),
        vector: row.get::<Option<&[u8]>, _>("vector").map(from_bytes).transpose()?,
        audit: row.get("audit"),
    })
}
