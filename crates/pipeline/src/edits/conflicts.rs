//! What people and suppliers are at odds about, and whose value is taken.

use std::collections::BTreeSet;

use berika_catalog::{Conflict, Edit, Origin, Product, ProductKey, SupplierId};
use berika_store::{
    EditAction, EditOutcome, NewEdit, ROWS_PER_TRANSACTION, Seen, Store, StoreError, StoredProduct,
};
use jiff::Timestamp;
use serde::Serialize;
use serde_json::Value;

/// A field that a person edited and the supplier changed since.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct AtOdds {
    /// The product.
    pub product: String,
    /// The field.
    pub field: String,
    /// Our value with who set it and when, and what it replaced.
    pub ours: Edit,
    /// What the supplier says now; null where it says nothing.
    pub theirs: Value,
    /// Where the supplier says so; absent where it says nothing.
    pub from: Option<Origin>,
    /// The joined product whose value it is, where it is not the supplier's own.
    pub joined_from: Option<ProductKey>,
}

/// Whose value is taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Side {
    /// The edit stays, and what the supplier says now is known and no conflict.
    Ours,
    /// The edit is taken back.
    Theirs,
}

/// Which conflicts are meant.
#[derive(Debug, Clone, Default)]
pub struct Selection {
    /// Of this supplier only.
    pub supplier: Option<SupplierId>,
    /// Of this product only.
    pub product: Option<ProductKey>,
    /// On these fields; empty: on all.
    pub fields: BTreeSet<String>,
}

/// All conflicts that are meant, by product and field.
///
/// # Errors
/// Any statement's failure.
pub async fn conflicts(store: &Store, selection: &Selection) -> Result<Vec<AtOdds>, StoreError> {
    let mut all = Vec::new();
    each(store, selection, async |stored, conflicts| {
        all.extend(conflicts.into_iter().map(|conflict| at_odds(&stored.product, conflict)));
        Ok(())
    })
    .await?;
    Ok(all)
}

/// Takes one side of all conflicts that are meant. Returns them as they were, those that changed meanwhile left out.
///
/// # Errors
/// Any statement's failure: transactions of 500 before it are kept.
pub async fn take(
    store: &Store,
    side: Side,
    selection: &Selection,
    by: &str,
    at: Timestamp,
) -> Result<Vec<AtOdds>, StoreError> {
    let mut taken = Vec::new();
    each(store, selection, async |stored, conflicts| {
        let action = match side {
            Side::Ours => EditAction::Keep,
            Side::Theirs => EditAction::Drop,
        };
        let changes: Vec<NewEdit> = conflicts
            .iter()
            .map(|conflict| NewEdit {
                product: stored.id,
                field: conflict.field.clone(),
                action: action.clone(),
                seen: Seen { unedited: conflict.theirs.clone(), edit: Some(conflict.ours.value.clone()) },
                note: None,
                origin: None,
            })
            .collect();
        let outcomes = store.edit(&changes, by, at).await?;
        let written = conflicts.into_iter().zip(outcomes).filter(|(_, done)| *done == EditOutcome::Written);
        taken.extend(written.map(|(conflict, _)| at_odds(&stored.product, conflict)));
        Ok(())
    })
    .await?;
    Ok(taken)
}

/// Goes through the products that have conflicts of those that are meant.
async fn each(
    store: &Store,
    selection: &Selection,
    mut visit: impl AsyncFnMut(&StoredProduct, Vec<Conflict>) -> Result<(), StoreError>,
) -> Result<(), StoreError> {
    let meant = |product: &Product| -> Vec<Conflict> {
        let mut conflicts = product.conflicts();
        conflicts
            .retain(|conflict| selection.fields.is_empty() || selection.fields.contains(&conflict.field));
        conflicts
    };
    if let Some(key) = &selection.product {
        if let Some(stored) = store.product(key).await? {
            let conflicts = meant(&stored.product);
            visit(&stored, conflicts).await?;
        }
        return Ok(());
    }
    let mut after = None;
    loop {
        let page = store.edited_products(selection.supplier.as_ref(), after, ROWS_PER_TRANSACTION).await?;
        let Some(last) = page.last() else { return Ok(()) };
        after = Some(last.id);
        for stored in &page {
            let conflicts = meant(&stored.product);
            if !conflicts.is_empty() {
                visit(stored, conflicts).await?;
            }
        }
    }
}

fn at_odds(product: &Product, conflict: Conflict) -> AtOdds {
    let Conflict { field, ours, theirs } = conflict;
    let joined_from = product.joined.0.get(&field).map(|joined| joined.from.clone());
    let from = product.provenance.get(field.as_str()).filter(|_| joined_from.is_none()).cloned();
    AtOdds { product: product.key.to_string(), field, ours, theirs, from, joined_from }
}
