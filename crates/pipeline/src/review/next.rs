//! The next products to look at, each with what helps to decide.

use berika_catalog::{Language, SupplierId, Taxonomy};
use berika_store::{ReviewProduct, Store, StoreError};
use serde::Serialize;

use super::{Help, help, stored_ranking};

/// A page of the order of review.
#[derive(Debug, Clone, Serialize)]
pub struct Next {
    /// Products that wait for a person, of all suppliers.
    pub waiting: u64,
    /// The products of this page, best first.
    pub products: Vec<Offered>,
}

/// A product to look at.
#[derive(Debug, Clone, Serialize)]
pub struct Offered {
    /// Its place in the order: where the next page begins.
    pub place: i64,
    /// The product.
    pub product: String,
    /// Its title.
    pub title: Option<String>,
    /// Its brand, where known.
    pub brand: Option<String>,
    /// The supplier's own category, root first.
    pub supplier_category: Vec<String>,
    /// Whether it is drawn for audit, which is why it comes first; deciding on it watches over the promise.
    pub audit: bool,
    /// What its confirmation is expected to change, in products' worth of doubt; 0 of an audit.
    pub gain: f64,
    /// Why a person has to decide.
    pub reasons: Vec<String>,
    /// What helps to decide.
    #[serde(flatten)]
    pub help: Help,
}

/// At most `limit` products behind place `after` in the stored order, of one supplier or of all. Reads only.
///
/// # Errors
/// Any statement's failure.
pub async fn next(
    store: &Store,
    taxonomy: &Taxonomy,
    language: &Language,
    supplier: Option<&SupplierId>,
    after: i64,
    limit: usize,
) -> Result<Next, StoreError> {
    let embedding = store.review_state().await?.map(|(_, embedding)| embedding).unwrap_or_default();
    let mut products = Vec::new();
    for ReviewProduct { place, gain, product, reasons } in store.review_queue(supplier, after, limit).await? {
        let ranking = stored_ranking(&product.candidates, product.confidence);
        let about = (product.id, &product.key, &product.values);
        let help =
            help(store, taxonomy, language, &embedding, about, &ranking, product.vector.as_deref()).await?;
        products.push(Offered {
            place,
            product: product.key.to_string(),
            title: product.values.title,
            brand: product.values.brand,
            supplier_category: product.values.supplier_category,
            audit: product.audit,
            gain,
            reasons,
            help,
        });
    }
    Ok(Next { waiting: store.count_waiting().await?, products })
}
