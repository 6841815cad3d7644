//! The store's name, by which a file that was made from it knows it again.

use sqlx::Row;

use crate::open::commit;
use crate::{Store, StoreError};

impl Store {
    /// The store's name; `fresh` where it has none yet.
    ///
    /// # Errors
    /// Any statement's failure.
    pub async fn identity(&self, fresh: &str) -> Result<String, StoreError> {
        let doing = "naming the store";
        let mut write = self.write(doing).await?;
        sqlx::query("INSERT INTO identity (only_row, id) VALUES (1, ?) ON CONFLICT DO NOTHING")
            .bind(fresh)
            .execute(&mut *write)
            .await
            .map_err(StoreError::statement(doing))?;
        let row = sqlx::query("SELECT id FROM identity")
            .fetch_one(&mut *write)
            .await
            .map_err(StoreError::statement(doing))?;
        commit(write, doing).await?;
        Ok(row.get("id"))
    }
}
