//! Versions of the classifier, and the means that products are centred by.

use jiff::Timestamp;
use sqlx::Row;

use crate::open::commit;
use crate::{Store, StoreError};

impl Store {
    /// The version of the classifier of this recipe; a recipe not seen before gets the next version.
    ///
    /// # Errors
    /// Any statement's failure.
    pub async fn classifier_version(&self, recipe: &str, now: Timestamp) -> Result<i64, StoreError> {
        let doing = "storing a classifier";
        let known = sqlx::query("SELECT version FROM classifiers WHERE recipe = ?")
            .bind(recipe)
            .fetch_optional(self.readers())
            .await
            .map_err(StoreError::statement(doing))?;
        if let Some(row) = known {
            return Ok(row.get("version"));
        }
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

    /// The means of products' vectors by `recipe` taken at this doubling of the catalogue, as JSON.
    ///
    /// # Errors
    /// Any statement's failure.
    pub async fn product_means(&self, recipe: &str, doubling: u32) -> Result<Option<String>, StoreError> {
        let row = sqlx::query("SELECT means FROM product_means WHERE recipe = ? AND doubling = ?")
            .bind(recipe)
            .bind(doubling)
            .fetch_optional(self.readers())
            .await
            .map_err(StoreError::statement("reading product means"))?;
        Ok(row.map(|row| row.get("means")))
    }

    /// Stores means; those that are there stay.
    ///
    /// # Errors
    /// Any statement's failure.
    pub async fn put_product_means(
        &self,
        recipe: &str,
        doubling: u32,
        means: &str,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        let doing = "storing product means";
        let mut write = self.write(doing).await?;
        sqlx::query(
            "INSERT INTO product_means (recipe, doubling, means, taken_at) VALUES (?, ?, ?, ?) ON CONFLICT DO NOTHING",
        )
        .bind(recipe)
        .bind(doubling)
        .bind(means)
        .bind(now.as_millisecond())
        .execute(&mut *write)
        .await
        .map_err(StoreError::statement(doing))?;
        commit(write, doing).await
    }
}
