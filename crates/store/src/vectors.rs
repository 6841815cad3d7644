//! Vectors by (text, recipe): equal texts share one, and a new taxonomy costs no forward pass.

use berika_catalog::{Digest, ProductValues};
use sqlx::{QueryBuilder, Row};

use crate::open::commit;
use crate::products::parse_json;
use crate::{ROWS_PER_TRANSACTION, Store, StoreError};

/// Texts that something will be computed from and that have no vector by recipe `?1`.
const WITHOUT_VECTOR: &str = "
    FROM texts t JOIN products p ON p.id = t.product LEFT JOIN categorisations c ON c.product = p.id
    WHERE t.text <> '' AND p.state <> 'retired' AND p.joined_into IS NULL
        AND ((p.locked = 0 AND (c.product IS NULL OR c.input_hash <> t.evidence_hash OR c.verdict <> 'accept'))
             OR p.decision IS NOT NULL)
        AND NOT EXISTS (SELECT 1 FROM vectors v WHERE v.recipe = ?1 AND v.text_hash = t.text_hash)";

/// How many texts products have.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TextNumbers {
    /// Texts of products that are not retired.
    pub texts: u64,
    /// Of these, different ones.
    pub different: u64,
    /// Of these, texts that have a vector.
    pub with_vector: u64,
}

/// A product of the sample that classifiers know the catalogue by.
#[derive(Debug, Clone, PartialEq)]
pub struct SampledProduct {
    /// What its supplier says of it.
    pub values: ProductValues,
    /// Its vector.
    pub vector: Vec<f32>,
}

impl Store {
    /// How many texts products have, how many of them are different, and how many of these have a vector by `recipe`.
    ///
    /// # Errors
    /// Any statement's failure.
    pub async fn count_texts(&self, recipe: &str) -> Result<TextNumbers, StoreError> {
        let row = sqlx::query(
            "SELECT coalesce(sum(times), 0) AS texts, count(*) AS different,
                 count(*) FILTER (WHERE EXISTS (SELECT 1 FROM vectors v WHERE v.recipe = ? AND v.text_hash = hash))
                     AS with_vector
             FROM (SELECT t.text_hash AS hash, count(*) AS times FROM texts t JOIN products p ON p.id = t.product
                   WHERE t.text <> '' AND p.state <> 'retired' GROUP BY t.text_hash)",
        )
        .bind(recipe)
        .fetch_one(self.readers())
        .await
        .map_err(StoreError::statement("counting texts"))?;
        let count = |column| row.get::<i64, _>(column).unsigned_abs();
        Ok(TextNumbers {
            texts: count("texts"),
            different: count("different"),
            with_vector: count("with_vector"),
        })
    }

    /// Texts of products that have no vector by `recipe` yet, at most `limit` after `after`, each text
    /// once, in the order of their hashes. Only texts that something will be computed from: those whose categorisation is stale, and those of
    /// products that a person decided on.
    ///
    /// # Errors
    /// Any statement's failure.
    pub async fn texts_without_vector(
        &self,
        recipe: &str,
        after: Option<&Digest>,
        limit: usize,
    ) -> Result<Vec<(Digest, String)>, StoreError> {
        let rows = sqlx::query(sqlx::AssertSqlSafe(format!(
            "SELECT t.text_hash AS hash, min(t.text) AS text {WITHOUT_VECTOR} AND t.text_hash > ?3
             GROUP BY t.text_hash ORDER BY t.text_hash LIMIT ?2"
        )))
        .bind(recipe)
        .bind(limit as i64)
        .bind(after.map_or("", Digest::as_str))
        .fetch_all(self.readers())
        .await
        .map_err(StoreError::statement("looking for texts without a vector"))?;
        Ok(rows
            .iter()
            .map(|row| (Digest::from_stored(row.get::<String, _>("hash")), row.get("text")))
            .collect())
    }

    /// How many texts [`Self::texts_without_vector`] would list in all: for the progress bar.
    ///
    /// # Errors
    /// Any statement's failure.
    pub async fn count_texts_without_vector(&self, recipe: &str) -> Result<u64, StoreError> {
        let (count,): (i64,) = sqlx::query_as(sqlx::AssertSqlSafe(format!(
            "SELECT count(DISTINCT t.text_hash) {WITHOUT_VECTOR}"
        )))
        .bind(recipe)
        .fetch_one(self.readers())
        .await
        .map_err(StoreError::statement("counting texts without a vector"))?;
        Ok(count.unsigned_abs())
    }

    /// Stores vectors by `recipe`. A vector is a pure function of text and recipe, so one that is there stays.
    ///
    /// # Errors
    /// Any statement's failure; nothing of the batch is kept then.
    pub async fn put_vectors(&self, recipe: &str, vectors: &[(&Digest, &[f32])]) -> Result<(), StoreError> {
        let doing = "storing vectors";
        let mut write = self.write(doing).await?;
        for chunk in vectors.chunks(ROWS_PER_TRANSACTION) {
            let mut put = QueryBuilder::new("INSERT INTO vectors (recipe, text_hash, vector) ");
            put.push_values(chunk, |mut row, (hash, vector)| {
                row.push_bind(recipe).push_bind(hash.as_str()).push_bind(to_bytes(vector));
            });
            put.push(" ON CONFLICT DO NOTHING");
            put.build().execute(&mut *write).await.map_err(StoreError::statement(doing))?;
        }
        commit(write, doing).await
    }

    /// The vectors of these texts by `recipe`, in their order; `None` where there is none.
    ///
    /// # Errors
    /// Any statement's failure, or bytes that are no vector.
    pub async fn vectors(
        &self,
        recipe: &str,
        hashes: &[Digest],
    ) -> Result<Vec<Option<Vec<f32>>>, StoreError> {
        let mut connection =
            self.readers().acquire().await.map_err(StoreError::statement("reading vectors"))?;
        let mut found = Vec::with_capacity(hashes.len());
        for hash in hashes {
            let row = sqlx::query("SELECT vector FROM vectors WHERE recipe = ? AND text_hash = ?")
                .bind(recipe)
                .bind(hash.as_str())
                .fetch_optional(&mut *connection)
                .await
                .map_err(StoreError::statement("reading vectors"))?;
            found.push(row.map(|row| from_bytes(row.get("vector"))).transpose()?);
        }
        Ok(found)
    }

    /// How many products' texts have a vector by `recipe`.
    ///
    /// # Errors
    /// Any statement's failure.
    pub async fn count_product_vectors(&self, recipe: &str) -> Result<u64, StoreError> {
        let (count,): (i64,) = sqlx::query_as(
            "SELECT count(*) FROM vectors v
             WHERE v.recipe = ? AND EXISTS (SELECT 1 FROM texts t WHERE t.text_hash = v.text_hash)",
        )
        .bind(recipe)
        .fetch_one(self.readers())
        .await
        .map_err(StoreError::statement("counting vectors"))?;
        Ok(count.unsigned_abs())
    }

    /// Products with a vector by `recipe`, one a text, the first `limit` by the text's hash: a sample that is as good as
    /// random and the same each time.
    ///
    /// # Errors
    /// Any statement's failure, or bytes that are no vector.
    pub async fn sample_products(
        &self,
        recipe: &str,
        limit: usize,
    ) -> Result<Vec<SampledProduct>, StoreError> {
        let rows = sqlx::query(
            "SELECT v.vector, (SELECT p.supplier_values FROM texts t JOIN products p ON p.id = t.product
                 WHERE t.text_hash = v.text_hash ORDER BY p.id LIMIT 1) AS supplier_values
             FROM vectors v
             WHERE v.recipe = ? AND EXISTS (SELECT 1 FROM texts t WHERE t.text_hash = v.text_hash)
             ORDER BY v.text_hash LIMIT ?",
        )
        .bind(recipe)
        .bind(limit as i64)
        .fetch_all(self.readers())
        .await
        .map_err(StoreError::statement("sampling the catalogue"))?;
        rows.iter()
            .map(|row| {
                Ok(SampledProduct {
                    values: parse_json("a product's values", row.get("supplier_values"))?,
                    vector: from_bytes(row.get("vector"))?,
                })
            })
            .collect()
    }
}

pub(crate) fn to_bytes(vector: &[f32]) -> Vec<u8> {
    vector.iter().flat_map(|value| value.to_le_bytes()).collect()
}

pub(crate) fn from_bytes(bytes: &[u8]) -> Result<Vec<f32>, StoreError> {
    let (chunks, rest) = bytes.as_chunks::<4>();
    if rest.is_empty() {
        Ok(chunks.iter().map(|chunk| f32::from_le_bytes(*chunk)).collect())
    } else {
        Err(StoreError::corrupt("a vector")(format!("{} bytes are no whole number of f32", bytes.len())))
    }
}
