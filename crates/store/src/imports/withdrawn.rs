//! Products that a delivery takes out of the assortment by name.

use berika_catalog::SupplierId;
use jiff::Timestamp;

use super::ImportId;
use crate::open::commit;
use crate::{Store, StoreError};

impl Store {
    /// Retires the products that a delivery withdraws by name: that needs no second delivery without them. Returns how
    /// many were not retired before.
    ///
    /// # Errors
    /// Any statement's failure.
    pub async fn withdraw_products(
        &self,
        import: ImportId,
        supplier: &SupplierId,
        skus: &[String],
        now: Timestamp,
    ) -> Result<u64, StoreError> {
        if skus.is_empty() {
            return Ok(0);
        }
        let doing = "withdrawing products";
        let mut write = self.write(doing).await?;
        let mut retired = 0;
        for sku in skus {
            let done = sqlx::query(
                "UPDATE products SET state = 'retired', missing_count = missing_count + 1, revision = revision + 1,
                     seen_import = ?1, seen_row = 0, changed_at = ?4
                 WHERE supplier = ?2 AND sku = ?3 AND state <> 'retired'",
            )
            .bind(import.0)
            .bind(supplier.as_str())
            .bind(sku)
            .bind(now.as_millisecond())
            .execute(&mut *write)
            .await
            .map_err(StoreError::statement(doing))?;
            retired += done.rows_affected();
        }
        commit(write, doing).await?;
        Ok(retired)
    }
}
