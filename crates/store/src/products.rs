//! Products as rows, and finding one.

use berika_catalog::{Product, ProductKey, ProductState, SupplierId};
use serde::Serialize;
use serde::de::DeserializeOwned;
use sqlx::Row;
use sqlx::sqlite::SqliteRow;

use crate::{Store, StoreError};

/// A product's row. The default is no product's.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct ProductId(pub(crate) i64);

/// A product with its row.
#[derive(Debug, Clone, PartialEq)]
pub struct StoredProduct {
    /// Its row.
    pub id: ProductId,
    /// The product.
    pub product: Product,
}

impl Store {
    /// The product with this key.
    ///
    /// # Errors
    /// Any statement's failure, or values that cannot be read.
    pub async fn product(&self, key: &ProductKey) -> Result<Option<StoredProduct>, StoreError> {
        sqlx::query(
            "SELECT id, supplier, sku, state, supplier_values, provenance, edits, joined
             FROM products WHERE supplier = ? AND sku = ?",
        )
        .bind(key.supplier.as_str())
        .bind(&key.sku)
        .fetch_optional(self.readers())
        .await
        .map_err(StoreError::statement("reading a product"))?
        .map(|row| stored_product(&row))
        .transpose()
    }

    /// Keys of products whose SKU is `sku`, of whichever supplier: for a user who left the supplier out.
    ///
    /// # Errors
    /// Any statement's failure.
    pub async fn products_with_sku(&self, sku: &str) -> Result<Vec<ProductKey>, StoreError> {
        let rows = sqlx::query("SELECT supplier, sku FROM products WHERE sku = ? ORDER BY supplier LIMIT 10")
            .bind(sku)
            .fetch_all(self.readers())
            .await
            .map_err(StoreError::statement("looking for a product"))?;
        rows.iter().map(product_key).collect()
    }
}

/// The product in a row that has `id, supplier, sku, state, supplier_values, provenance, edits, joined`.
pub(crate) fn stored_product(row: &SqliteRow) -> Result<StoredProduct, StoreError> {
    let key = product_key(row)?;
    let product = Product {
        state: state(row.get("state")),
        supplier_values: crate::imports::values_from(row.get("supplier_values"))?,
        provenance: parse_json("a product's provenance", row.get("provenance"))?,
        edits: parse_json("a product's edits", row.get("edits"))?,
        joined: parse_json("what a product takes from those joined with it", row.get("joined"))?,
        key,
    };
    Ok(StoredProduct { id: ProductId(row.get("id")), product })
}

/// The state that a stored word means.
pub(crate) fn state(word: &str) -> ProductState {
    match word {
        "active" => ProductState::Active,
        "missing" => ProductState::Missing,
        _ => ProductState::Retired,
    }
}

/// The key in a row that has `supplier, sku`.
pub(crate) fn product_key(row: &SqliteRow) -> Result<ProductKey, StoreError> {
    let supplier = SupplierId::new(row.get("supplier")).map_err(StoreError::corrupt("a supplier's name"))?;
    Ok(ProductKey { supplier, sku: row.get("sku") })
}

/// Reads a JSON column.
pub(crate) fn parse_json<T: DeserializeOwned>(what: &'static str, text: &str) -> Result<T, StoreError> {
    serde_json::from_str(text).map_err(StoreError::corrupt(what))
}

/// Writes a JSON column.
pub(crate) fn to_json(value: &impl Serialize) -> String {
    serde_json::to_string(value).expect("the catalog's types have string keys and serialise to JSON")
}
