//! One row of a delivery: compared with what is known, and written where it differs.

use berika_catalog::product::provenance_after;
use berika_catalog::{DeliveryKind, Digest, ProductRecord, ProductState, ProductValues};
use jiff::Timestamp;
use sqlx::sqlite::SqliteConnection;
use sqlx::{Row, Sqlite, Transaction};

use super::{BatchCounts, ImportId, RowReport, kind_word};
use crate::StoreError;
use crate::products::{ProductId, stored_product, to_json};

/// Takes in one row: compares it with what is known and writes what differs.
pub(super) async fn import_row(
    write: &mut Transaction<'static, Sqlite>,
    import: ImportId,
    kind: DeliveryKind,
    row: u64,
    record: &ProductRecord,
    now: Timestamp,
    counts: &mut BatchCounts,
) -> Result<(), StoreError> {
    let failed = || StoreError::statement("taking in rows");
    let row_hash = Digest::of_parts([kind_word(kind), record.values.digest().as_str()]);
    let known = sqlx::query(
        "SELECT id, supplier, sku, state, supplier_values, provenance, edits, joined, row_hash, seen_import, seen_row
         FROM products WHERE supplier = ? AND sku = ?",
    )
    .bind(record.key.supplier.as_str())
    .bind(&record.key.sku)
    .fetch_optional(&mut **write)
    .await
    .map_err(failed())?;

    let Some(known) = known else {
        counts.new += 1;
        return insert_product(write, import, (row, record), &row_hash, now).await;
    };
    let id = ProductId(known.get("id"));
    let same_row = known.get::<String, _>("row_hash") == row_hash.as_str();
    // Listed by a row that was refused only, it is not there yet.
    let first = known.get::<i64, _>("seen_row").unsigned_abs();
    let again = known.get::<i64, _>("seen_import") == import.0 && first > 0;
    let number = i64::try_from(row).unwrap_or(i64::MAX);
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

    let product = stored_product(&known)?.product;
    let values = product.supplier_values.after(&record.values, kind);
    let changed = values != product.supplier_values;
    let provenance =
        provenance_after((&product.supplier_values, &product.provenance), &values, &record.provenance);
    let held_values = product.edits.over(&product.joined.over(&values));
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
        "UPDATE products SET state = 'active', missing_count = 0, supplier_values = ?, provenance = ?, group_id = ?,
             row_hash = ?, values_hash = ?, seen_import = ?, seen_row = ?, revision = revision + ?,
             changed_at = CASE WHEN ? THEN ? ELSE changed_at END
         WHERE id = ?",
    )
    .bind(to_json(&values))
    .bind(to_json(&provenance))
    .bind(&values.group_id)
    .bind(row_hash.as_str())
    .bind(held_values.digest().as_str())
    .bind(import.0)
    .bind(number)
    .bind(i64::from(changed || returned))
    .bind(changed)
    .bind(now.as_millisecond())
    .bind(id.0)
    .execute(&mut **write)
    .await
    .map_err(failed())?;
    Ok(())
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
