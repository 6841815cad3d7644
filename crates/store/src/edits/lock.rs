//! Locks: no machine changes the category or the texts of a locked product.

use jiff::Timestamp;
use serde_json::Value;

use super::log::plain;
use super::{Logged, append};
use crate::open::commit;
use crate::products::ProductId;
use crate::{Store, StoreError};

impl Store {
    /// Locks a product or lifts its lock. Returns whether it was otherwise before. The product's revision rises: what is
    /// published of a locked product is what stood when it was locked, with the values that hold now.
    ///
    /// # Errors
    /// Any statement's failure.
    pub async fn lock(
        &self,
        product: ProductId,
        locked: bool,
        by: &str,
        note: Option<&str>,
        at: Timestamp,
    ) -> Result<bool, StoreError> {
        let doing = "locking a product";
        let (by, note) = (&plain(by), note.map(plain));
        let mut write = self.write(doing).await?;
        let done = sqlx::query(
            "UPDATE products SET locked = ?1, revision = revision + 1 WHERE id = ?2 AND locked <> ?1",
        )
        .bind(locked)
        .bind(product.0)
        .execute(&mut *write)
        .await
        .map_err(StoreError::statement(doing))?;
        let changed = done.rows_affected() > 0;
        if changed {
            let action = if locked { "lock" } else { "unlock" };
            let (value, replaced) = (Value::Null, Value::Null);
            let logged = Logged { action, field: None, value, replaced, origin: None, note: note.as_deref() };
            append(&mut write, product, &logged, by, at).await?;
        }
        commit(write, doing).await?;
        Ok(changed)
    }
}
