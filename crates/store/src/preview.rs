//! What a delivery would change, without writing anything.

use std::collections::HashMap;

use berika_catalog::{DeliveryKind, Digest, ProductRecord};

use crate::{BatchCounts, Store, StoreError};

/// Rows seen so far in a delivery that is only looked at: 32 bytes a row.
#[derive(Debug, Default)]
pub struct Preview {
    seen: HashMap<[u8; 16], [u8; 16]>,
    /// What taking it in would come to.
    pub counts: BatchCounts,
}

impl Store {
    /// Compares rows with what is stored, as [`Store::import_rows`] would, and counts.
    ///
    /// # Errors
    /// Any statement's failure.
    pub async fn preview_rows(
        &self,
        preview: &mut Preview,
        kind: DeliveryKind,
        rows: &[(u64, ProductRecord)],
    ) -> Result<(), StoreError> {
        for (row, record) in rows {
            let values = record.values.digest();
            match preview
                .seen
                .insert(short(&Digest::of_bytes(record.key.to_string().as_bytes())), short(&values))
            {
                Some(before) if before == short(&values) => preview.counts.folded += 1,
                Some(_) if kind == DeliveryKind::Delta => preview.counts.folded += 1,
                Some(_) => preview.counts.conflicts.push(crate::imports::conflict(*row, &record.key.sku)),
                None => match self.product(&record.key).await? {
                    None => preview.counts.new += 1,
                    Some(known) => {
                        let before = &known.product.supplier_values;
                        if before.after(&record.values, kind) == *before {
                            preview.counts.unchanged += 1;
                        } else {
                            preview.counts.changed += 1;
                        }
                    }
                },
            }
        }
        Ok(())
    }
}

/// Half of the hash's digits: enough to tell rows of one delivery apart.
fn short(digest: &Digest) -> [u8; 16] {
    let mut bytes = [0; 16];
    bytes.copy_from_slice(&digest.as_str().as_bytes()[..16]);
    bytes
}
