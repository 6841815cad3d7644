//! Versions of the classifier: its recipe and the mean that it was centred with. The rest follows from decisions and
//! stored vectors.

use jiff::Timestamp;
use sqlx::Row;

use crate::open::commit;
use crate::vectors::{from_bytes, to_bytes};
use crate::{Store, StoreError};

/// One stored version.
#[derive(Debug, Clone, PartialEq)]
pub struct StoredClassifier {
    /// Rises by one with each new recipe.
    pub version: i64,
    /// The mean vector of the catalogue when it was built; empty where there were no vectors.
    pub mean: Vec<f32>,
}

impl Store {
    /// The classifier of this recipe, where one was built.
    ///
    /// # Errors
    /// Any statement's failure.
    pub async fn classifier(&self, recipe: &str) -> Result<Option<StoredClassifier>, StoreError> {
        sqlx::query("SELECT version, mean FROM classifiers WHERE recipe = ?")
            .bind(recipe)
            .fetch_optional(self.readers())
            .await
            .map_err(StoreError::statement("reading a classifier"))?
            .map(|row| {
                Ok(StoredClassifier { version: row.get("version"), mean: from_bytes(row.get("mean"))? })
            })
            .transpose()
    }

    /// Stores a newly built classifier and returns its version.
    ///
    /// # Errors
    /// Any statement's failure.
    pub async fn put_classifier(
        &self,
        recipe: &str,
        mean: &[f32],
        now: Timestamp,
    ) -> Result<i64, StoreError> {
        let doing = "storing a classifier";
        let mut write = self.write(doing).await?;
        let done = sqlx::query("INSERT INTO classifiers (recipe, mean, built_at) VALUES (?, ?, ?)")
            .bind(recipe)
            .bind(to_bytes(mean))
            .bind(now.as_millisecond())
            .execute(&mut *write)
            .await
            .map_err(StoreError::statement(doing))?;
        commit(write, doing).await?;
        Ok(done.last_insert_rowid())
    }
}
