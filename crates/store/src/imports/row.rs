//! One row of a delivery: compared with what is known, and written where it differs.

use std::collections::BTreeMap;

use berika_catalog::product::provenance_after;
use berika_catalog::{DeliveryKind, Digest, ProductRecord, ProductState, ProductValues};
use jiff::Timestamp;
use serde_json::Value;
use sqlx::sqlite::SqliteConnection;
use sqlx::{Row, Sqlite, Transaction};

use super::{BatchCounts, ImportId, ImportMode, RowReport, kind_word};
use crate::edits::{Logged, append};
use crate::products::{ProductId, parse_json, stored_product, to_json};
use crate::{FieldChange, StoreError};

/// How the rows of a delivery are taken in.
#[derive(Debug, Clone, Copy)]
pub(super) struct How {
    pub(super) import: ImportId,
    pub(super) kind: DeliveryKind,
    pub(super) mode: ImportMode,
    pub(super) now: Timestamp,
}

/// Takes in one row: compares it with what is known and writes what differs.
pub(super) async fn import_row(
    write: &mut Transaction<'static, Sqlite>,
    how: How,
    row: u64,
    record: &ProductRecord,
    counts: &mut BatchCounts,
) -> Result<(), StoreError> {
    let How { import, kind, mode, now } = how;
    let failed = || StoreError::statement("taking in rows");
    let row_hash = Digest::of_parts([kind_word(kind), record.values.digest().as_str()]);
    let known = sqlx::query(
        "SELECT id, supplier, sku, state, supplier_values, provenance, edits, joined, row_hash, seen_import, seen_row,
             changed_fields, EXISTS (SELECT 1 FROM products o WHERE o.joined_into = products.id) AS leads
         FROM products WHERE supplier = ? AND sku = ?",
    )
    .bind(record.key.supplier.as_str())
    .bind(&record.key.sku)
    .fetch_optional(&mut **write)
    .await
    .map_err(failed())?;

    let Some(known) = known else {
        if !mode.creates() {
            counts.left += 1;
            return Ok(());
        }
        counts.new += 1;
        return insert_product(write, import, (row, record), &row_hash, now).await;
    };
    let id = ProductId(known.get("id"));
    let same_row = known.get::<String, _>("row_hash") == row_hash.as_str();
    // Listed by a row that was refused only, it is not there yet.
    let first = known.get::<i64, _>("seen_row").unsigned_abs();
    let again = known.get::<i64, _>("seen_import") == import.0 && first > 0;
    let number = i64::try_from(row).unwrap_or(i64::MAX);
    // What this delivery created is its own.
    if !mode.changes_known() && !again {
        counts.left += 1;
        return Ok(());
    }
    // Several rows of a delta on one product are several changes, in their order: a price, then a stock.
    if again && (same_row || kind == DeliveryKind::Full) {
        if same_row {
            counts.folded += 1;
        } else {
            let before = stored_product(&known)?.product.supplier_values;
            counts.conflicts.push(conflict(row, &record.key.sku, first, &differing(&before, &record.values)));
        }
        return Ok(());
    }
    let active = known.get::<&str, _>("state") == ProductState::Active.as_str();
    if same_row && active && !again {
        counts.unchanged += 1;
        sqlx::query("UPDATE products SET seen_import = ?, seen_row = ? WHERE id = ?")
            .bind(import.0)
            .bind(number)
            .bind(id.0)
            .execute(&mut **write)
            .await
            .map_err(failed())?;
        return Ok(());
    }

    let mut product = stored_product(&known)?.product;
    let values = product.supplier_values.after(&record.values, kind);
    let changed = values != product.supplier_values;
    let provenance =
        provenance_after((&product.supplier_values, &product.provenance), &values, &record.provenance);
    let changed_fields = match changed {
        true => changed_fields(&product.supplier_values, &values, known.get("changed_fields"), now)?,
        false => known.get("changed_fields"),
    };
    product.supplier_values = values;
    let unedited = product.unedited();
    // Of a leader, what would hold is known only when its group has been brought up to date.
    let released = match known.get("leads") {
        true => Vec::new(),
        false => product.edits.release(&product.supplier_values, &unedited),
    };
    // A product that comes back is published anew even where nothing else changed.
    let returned = !active;
    if again {
        counts.folded += 1;
    } else if changed || returned {
        counts.changed += 1;
    } else {
        counts.unchanged += 1;
    }
    sqlx::query(
        "UPDATE products SET state = 'active', missing_count = 0, supplier_values = ?, provenance = ?, edits = ?,
             group_id = ?, row_hash = ?, values_hash = ?, seen_import = ?, seen_row = ?, revision = revision + ?,
             changed_fields = ?, changed_at = CASE WHEN ? THEN ? ELSE changed_at END
         WHERE id = ?",
    )
    .bind(to_json(&product.supplier_values))
    .bind(to_json(&provenance))
    .bind(to_json(&product.edits))
    .bind(&product.supplier_values.group_id)
    .bind(row_hash.as_str())
    .bind(product.edits.over(&unedited).digest().as_str())
    .bind(import.0)
    .bind(number)
    .bind(i64::from(changed || returned || !released.is_empty()))
    .bind(changed_fields)
    .bind(changed)
    .bind(now.as_millisecond())
    .bind(id.0)
    .execute(&mut **write)
    .await
    .map_err(failed())?;
    for (field, edit) in released {
        let file = record.provenance.values().next().map(|origin| format!("{} row {row}", origin.file));
        let logged = Logged {
            action: "released",
            field: Some(&field),
            value: edit.value.clone(),
            replaced: edit.value,
            origin: file.as_deref(),
            note: None,
        };
        append(write, id, &logged, "supplier", now).await?;
    }
    Ok(())
}

/// The product's changed fields with those that this row changes.
fn changed_fields(
    before: &ProductValues,
    after: &ProductValues,
    known: &str,
    now: Timestamp,
) -> Result<String, StoreError> {
    let mut changed: BTreeMap<String, FieldChange> = parse_json("the changed fields of a product", known)?;
    let (mut before, after) = (before.fields(), after.fields());
    for (field, value) in &after {
        let replaced = before.remove(field).unwrap_or(Value::Null);
        if replaced != *value {
            changed.insert(field.clone(), FieldChange { at: now, replaced: shortened(replaced) });
        }
    }
    // What is left of the values before was cleared.
    for (field, replaced) in before {
        changed.insert(field, FieldChange { at: now, replaced: shortened(replaced) });
    }
    Ok(to_json(&changed))
}

/// A value to look at, not to go back to: a long one is cut.
fn shortened(value: Value) -> Value {
    const MOST: usize = 500;
    match value {
        Value::String(text) if text.chars().count() > MOST => {
            Value::String(text.chars().take(MOST).chain(['…']).collect())
        }
        value if value.is_array() && to_json(&value).len() > 4 * MOST => Value::Null,
        value => value,
    }
}

async fn insert_product(
    write: &mut SqliteConnection,
    import: ImportId,
    (row, record): (u64, &ProductRecord),
    row_hash: &Digest,
    now: Timestamp,
) -> Result<(), StoreError> {
    // A decision may have been imported before its product was first delivered.
    sqlx::query(
        "INSERT INTO products (supplier, sku, state, supplier_values, provenance, group_id, row_hash, values_hash,
             seen_import, seen_row, decision, created_at, changed_at)
         VALUES (?1, ?2, 'active', ?3, ?4, ?5, ?6, ?7, ?8, ?9,
             (SELECT id FROM decisions WHERE supplier = ?1 AND sku = ?2 ORDER BY decided_at DESC, id DESC LIMIT 1),
             ?10, ?10)",
    )
    .bind(record.key.supplier.as_str())
    .bind(&record.key.sku)
    .bind(to_json(&record.values))
    .bind(to_json(&record.provenance))
    .bind(&record.values.group_id)
    .bind(row_hash.as_str())
    .bind(record.values.digest().as_str())
    .bind(import.0)
    .bind(i64::try_from(row).unwrap_or(i64::MAX))
    .bind(now.as_millisecond())
    .execute(write)
    .await
    .map_err(StoreError::statement("taking in rows"))?;
    Ok(())
}

/// The report on a row that contradicts an earlier one of its delivery, with the fields in which it does where they are
/// known.
pub(crate) fn conflict(row: u64, sku: &str, first: u64, fields: &[String]) -> RowReport {
    const MOST: usize = 3;
    let differing = match fields.len() {
        0 => "with different data".to_owned(),
        n if n <= MOST => format!("with different {}", fields.join(", ")),
        n => format!("with different {} and {} more", fields[..MOST].join(", "), n - MOST),
    };
    let message = format!(
        "row {row}: article number {sku:?} stands in row {first} already, {differing}; the first row was kept: give \
         each product its own number"
    );
    RowReport { row, refused: true, message }
}

/// The fields in which two rows differ.
fn differing(first: &ProductValues, second: &ProductValues) -> Vec<String> {
    let (first, second) = (first.fields(), second.fields());
    let mut names: Vec<String> = first.keys().chain(second.keys()).cloned().collect();
    names.sort();
    names.dedup();
    names.retain(|name| first.get(name) != second.get(name));
    names
}
