//! Who a product is: a SKU is unique only per supplier, so the key is both.

use std::fmt;

use serde::{Deserialize, Serialize};

/// A supplier's short name, as in `berika.toml`: 1 to 64 of `a-z`, `0-9`, `-`, `_`.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct SupplierId(String);

/// A text that cannot be a key.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum InvalidKey {
    /// A supplier id with other characters than allowed, empty, or too long.
    #[error("supplier id {0:?} must be 1 to 64 characters of a-z, 0-9, - and _")]
    Supplier(String),
    /// A product key without `/`, or with nothing before or behind it.
    #[error("product {0:?} must be written SUPPLIER/SKU")]
    Product(String),
}

impl SupplierId {
    /// Checks and wraps a supplier's short name.
    ///
    /// # Errors
    /// [`InvalidKey::Supplier`] for a name with other characters or of another length.
    pub fn new(text: &str) -> Result<Self, InvalidKey> {
        let allowed = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || matches!(c, '-' | '_');
        if (1..=64).contains(&text.len()) && text.chars().all(allowed) {
            Ok(Self(text.to_owned()))
        } else {
            Err(InvalidKey::Supplier(text.to_owned()))
        }
    }

    /// The name.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl TryFrom<String> for SupplierId {
    type Error = InvalidKey;
    fn try_from(text: String) -> Result<Self, InvalidKey> {
        Self::new(&text)
    }
}

impl From<SupplierId> for String {
    fn from(id: SupplierId) -> String {
        id.0
    }
}

impl fmt::Display for SupplierId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// A product's identity: supplier and the supplier's article number (or else the format's own id).
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub struct ProductKey {
    /// The supplier.
    pub supplier: SupplierId,
    /// The article number, trimmed, never empty.
    pub sku: String,
}

impl ProductKey {
    /// Reads `SUPPLIER/SKU`; the SKU may hold further slashes.
    ///
    /// # Errors
    /// [`InvalidKey`] if either half is missing or the supplier's name is not one.
    pub fn parse(text: &str) -> Result<Self, InvalidKey> {
        match text.split_once('/') {
            Some((supplier, sku)) if !sku.trim().is_empty() => {
                Ok(Self { supplier: SupplierId::new(supplier)?, sku: sku.trim().to_owned() })
            }
            _ => Err(InvalidKey::Product(text.to_owned())),
        }
    }
}

impl fmt::Display for ProductKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}", self.supplier, self.sku)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn product_keys_read_back_what_they_print() {
        let key = ProductKey::parse("nordmat/10/22").unwrap();
        assert_eq!((key.supplier.as_str(), key.sku.as_str()), ("nordmat", "10/22"));
        assert_eq!(ProductKey::parse(&key.to_string()).unwrap(), key);
        assert!(ProductKey::parse("nordmat").is_err());
        assert!(ProductKey::parse("nordmat/ ").is_err());
        assert!(ProductKey::parse("Nord Mat/1").is_err());
    }
}
