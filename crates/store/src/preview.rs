//! What a delivery would change, without writing anything.

use std::collections::{HashMap, HashSet};

use berika_catalog::{DeliveryKind, Digest, ProductKey, ProductRecord, ProductState, SupplierId};

use crate::{BatchCounts, ImportMode, Store, StoreError};

/// Rows seen so far in a delivery that is only looked at: some 50 bytes a row.
#[derive(Debug, Default)]
pub struct Preview {
    /// Values and row by the product's key.
    seen: HashMap<[u8; 16], ([u8; 16], u64)>,
    /// Products that were listed by a row that is refused.
    refused: HashSet<[u8; 16]>,
    /// What taking it in would come to.
    pub counts: BatchCounts,
    /// Products listed before that it lists, too.
    pub still_listed: u64,
}

impl Store {
    /// Compares rows with what is stored, as [`Store::import_rows`] would, and counts.
    ///
    /// # Errors
    /// Any statement's failure.
    pub async fn preview_rows(
        &self,
        preview: &mut Preview,
        (kind, mode): (DeliveryKind, ImportMode),
        rows: &[(u64, ProductRecord)],
    ) -> Result<(), StoreError> {
        // What is only reported on is shown as if it were taken in.
        let (creates, changes) = match mode {
            ImportMode::ReportOnly => (true, true),
            mode => (mode.creates(), mode.changes_known()),
        };
        for (row, record) in rows {
            let values = short(&record.values.digest());
            let key = key(&record.key);
            if let Some((before, first)) = preview.seen.get_mut(&key) {
                if *before == values || kind == DeliveryKind::Delta {
                    preview.counts.folded += 1;
                } else {
                    let conflict = crate::imports::conflict(*row, &record.key.sku, *first, &[]);
                    preview.counts.conflicts.push(conflict);
                }
                continue;
            }
            let known = self.product(&record.key).await?;
            if !(if known.is_some() { changes } else { creates }) {
                preview.counts.left += 1;
                continue;
            }
            preview.seen.insert(key, (values, *row));
            let Some(known) = known else {
                preview.counts.new += 1;
                continue;
            };
            let active = known.product.state == ProductState::Active;
            preview.still_listed += u64::from(active && !preview.refused.contains(&key));
            let before = &known.product.supplier_values;
            if active && before.after(&record.values, kind) == *before {
                preview.counts.unchanged += 1;
            } else {
                preview.counts.changed += 1;
            }
        }
        Ok(())
    }

    /// Counts products as listed whose rows were refused, as [`Store::mark_listed`] would mark them.
    ///
    /// # Errors
    /// Any statement's failure.
    pub async fn preview_refused(
        &self,
        preview: &mut Preview,
        supplier: &SupplierId,
        skus: &[String],
    ) -> Result<(), StoreError> {
        for sku in skus {
            let product = ProductKey { supplier: supplier.clone(), sku: sku.clone() };
            let key = key(&product);
            if preview.seen.contains_key(&key) || !preview.refused.insert(key) {
                continue;
            }
            let known = self.product(&product).await?;
            let active = known.is_some_and(|known| known.product.state == ProductState::Active);
            preview.still_listed += u64::from(active);
        }
        Ok(())
    }
}

fn key(product: &ProductKey) -> [u8; 16] {
    short(&Digest::of_bytes(product.to_string().as_bytes()))
}

/// Half of the hash's digits: enough to tell rows of one delivery apart.
fn short(digest: &Digest) -> [u8; 16] {
    let mut bytes = [0; 16];
    bytes.copy_from_slice(&digest.as_str().as_bytes()[..16]);
    bytes
}
