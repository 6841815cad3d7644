//! The precision that the store's vectors are computed in: chosen once, then the same on every machine.

use sqlx::Row;

use crate::open::commit;
use crate::{Store, StoreError};

impl Store {
    /// The precision recorded last, in the word of recipes; `None` before any vector was computed.
    ///
    /// # Errors
    /// Any statement's failure.
    pub async fn precision(&self) -> Result<Option<String>, StoreError> {
        let row = sqlx::query("SELECT word FROM precision")
            .fetch_optional(self.readers())
            .await
            .map_err(StoreError::statement("reading the precision"))?;
        Ok(row.map(|row| row.get("word")))
    }

    /// Records the precision that vectors are computed in from now on. Vectors by another one stay: they are keyed by
    /// their recipe.
    ///
    /// # Errors
    /// Any statement's failure.
    pub async fn record_precision(&self, word: &str) -> Result<(), StoreError> {
        let doing = "recording the precision";
        let mut write = self.write(doing).await?;
        sqlx::query(
            "INSERT INTO precision (only_row, word) VALUES (1, ?1) ON CONFLICT DO UPDATE SET word = ?1",
        )
        .bind(word)
        .execute(&mut *write)
        .await
        .map_err(StoreError::statement(doing))?;
        commit(write, doing).await
    }
}
