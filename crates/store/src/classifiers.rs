//! Versions of the classifier with what they learnt, and what is known of the catalogue besides.

use jiff::Timestamp;
use sqlx::Row;

use crate::open::commit;
use crate::{Store, StoreError};

/// Versions whose training is kept.
const TRAININGS: i64 = 3;

/// What classifiers know of the catalogue besides decisions, each as JSON.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CatalogueSample {
    /// Of `classify::ProductMeans`.
    pub means: String,
    /// Of `classify::WordFrequencies`.
    pub words: String,
}

impl Store {
    /// The version of the classifier of this recipe; a recipe not seen before gets the next version.
    ///
    /// # Errors
    /// Any statement's failure.
    pub async fn classifier_version(&self, recipe: &str, now: Timestamp) -> Result<i64, StoreError> {
        if let Some(known) = self.known_classifier(recipe).await? {
            return Ok(known);
        }
        let doing = "storing a classifier";
        let mut write = self.write(doing).await?;
        let done = sqlx::query("INSERT INTO classifiers (recipe, built_at) VALUES (?, ?)")
            .bind(recipe)
            .bind(now.as_millisecond())
            .execute(&mut *write)
            .await
            .map_err(StoreError::statement(doing))?;
        commit(write, doing).await?;
        Ok(done.last_insert_rowid())
    }

    /// The version of the classifier of this recipe, where it has been seen before.
    ///
    /// # Errors
    /// Any statement's failure.
    pub async fn known_classifier(&self, recipe: &str) -> Result<Option<i64>, StoreError> {
        let row = sqlx::query("SELECT version FROM classifiers WHERE recipe = ?")
            .bind(recipe)
            .fetch_optional(self.readers())
            .await
            .map_err(StoreError::statement("looking for a classifier"))?;
        Ok(row.map(|row| row.get("version")))
    }

    /// What the classifier of this version learnt; `None` where it was not kept.
    ///
    /// # Errors
    /// Any statement's failure.
    pub async fn training(&self, version: i64) -> Result<Option<Vec<u8>>, StoreError> {
        let row = sqlx::query("SELECT training FROM classifiers WHERE version = ?")
            .bind(version)
            .fetch_optional(self.readers())
            .await
            .map_err(StoreError::statement("reading what a classifier learnt"))?;
        Ok(row.and_then(|row| row.get("training")))
    }

    /// Keeps what the classifier of this version learnt, and lets go of what all but the latest few did.
    ///
    /// # Errors
    /// Any statement's failure.
    pub async fn put_training(&self, version: i64, training: &[u8]) -> Result<(), StoreError> {
        let doing = "keeping what a classifier learnt";
        let mut write = self.write(doing).await?;
        sqlx::query("UPDATE classifiers SET training = ? WHERE version = ?")
            .bind(training)
            .bind(version)
            .execute(&mut *write)
            .await
            .map_err(StoreError::statement(doing))?;
        sqlx::query(
            "UPDATE classifiers SET training = NULL WHERE training IS NOT NULL AND version <> ?1 AND version NOT IN
                 (SELECT version FROM classifiers WHERE training IS NOT NULL ORDER BY version DESC LIMIT ?2)",
        )
        .bind(version)
        .bind(TRAININGS)
        .execute(&mut *write)
        .await
        .map_err(StoreError::statement(doing))?;
        commit(write, doing).await
    }

    /// What is known of the catalogue at this doubling: the means of products' vectors by `recipe`, and the frequencies of
    /// words.
    ///
    /// # Errors
    /// Any statement's failure.
    pub async fn catalogue_sample(
        &self,
        recipe: &str,
        doubling: u32,
    ) -> Result<Option<CatalogueSample>, StoreError> {
        let row = sqlx::query(
            "SELECT means, words FROM product_means WHERE recipe = ? AND doubling = ? AND words IS NOT NULL",
        )
        .bind(recipe)
        .bind(doubling)
        .fetch_optional(self.readers())
        .await
        .map_err(StoreError::statement("reading what is known of the catalogue"))?;
        Ok(row.map(|row| CatalogueSample { means: row.get("means"), words: row.get("words") }))
    }

    /// Stores what is known of the catalogue; what is there stays.
    ///
    /// # Errors
    /// Any statement's failure.
    pub async fn put_catalogue_sample(
        &self,
        recipe: &str,
        doubling: u32,
        sample: &CatalogueSample,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        let doing = "storing what is known of the catalogue";
        let mut write = self.write(doing).await?;
        // Rows of before words were counted have none.
        sqlx::query(
            "INSERT INTO product_means (recipe, doubling, means, words, taken_at) VALUES (?, ?, ?, ?, ?)
             ON CONFLICT DO UPDATE SET means = excluded.means, words = excluded.words WHERE words IS NULL",
        )
        .bind(recipe)
        .bind(doubling)
        .bind(&sample.means)
        .bind(&sample.words)
        .bind(now.as_millisecond())
        .execute(&mut *write)
        .await
        .map_err(StoreError::statement(doing))?;
        commit(write, doing).await
    }
}
