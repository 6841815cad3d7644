//! What a supplier's contract is learnt from: profiles of the deliveries taken in, and the products they are compared
//! with.

use berika_catalog::contract::{DELIVERIES, KnownProduct, Profile};
use berika_catalog::{DeliveryKind, Digest, SupplierId};
use sqlx::Row;

use crate::imports::kind_word;
use crate::products::{parse_json, to_json};
use crate::{Store, StoreError};

impl Store {
    /// Profiles of a supplier's latest deliveries of this kind that were read alike, the latest first, back to the last one that a
    /// person let through: what was before that is no longer usual.
    ///
    /// # Errors
    /// Any statement's failure.
    pub async fn profiles(
        &self,
        supplier: &SupplierId,
        config_hash: &Digest,
        kind: DeliveryKind,
    ) -> Result<Vec<Profile>, StoreError> {
        let rows = sqlx::query(
            "SELECT profile, let_through FROM imports
             WHERE supplier = ? AND outcome = 'complete' AND config_hash = ? AND kind = ? AND profile IS NOT NULL
             ORDER BY id DESC LIMIT ?",
        )
        .bind(supplier.as_str())
        .bind(config_hash.as_str())
        .bind(kind_word(kind))
        .bind(DELIVERIES as i64)
        .fetch_all(self.readers())
        .await
        .map_err(StoreError::statement("reading what is usual of a supplier"))?;
        let mut profiles = Vec::with_capacity(rows.len());
        for row in rows {
            profiles.extend(Profile::from_stored(row.get("profile")));
            if row.get("let_through") {
                break;
            }
        }
        Ok(profiles)
    }

    /// What is remembered of these article numbers, in no particular order.
    ///
    /// # Errors
    /// Any statement's failure, or values that cannot be read.
    pub async fn known_products(
        &self,
        supplier: &SupplierId,
        skus: &[String],
    ) -> Result<Vec<KnownProduct>, StoreError> {
        /// Article numbers asked for at once.
        const PAGE: usize = 500;
        let mut known = Vec::new();
        for page in skus.chunks(PAGE) {
            let rows = sqlx::query(
                "SELECT sku, state, supplier_values FROM products
                 WHERE supplier = ? AND sku IN (SELECT value FROM json_each(?))",
            )
            .bind(supplier.as_str())
            .bind(to_json(&page))
            .fetch_all(self.readers())
            .await
            .map_err(StoreError::statement("looking known products up"))?;
            for row in rows {
                known.push(KnownProduct {
                    sku: row.get("sku"),
                    state: crate::products::state(row.get("state")),
                    values: parse_json("a product's values", row.get("supplier_values"))?,
                });
            }
        }
        Ok(known)
    }
}
