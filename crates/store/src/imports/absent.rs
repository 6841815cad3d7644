//! What a full delivery left out.

use jiff::Timestamp;
use sqlx::Row;
use sqlx::sqlite::SqliteConnection;

use super::{ImportId, NewImport};
use crate::StoreError;

/// Marks what a full delivery left out. Returns how many went missing and how many were retired by it.
///
/// The same bytes read again, by a changed mapping, are the same delivery: what was missing in it is not missing once
/// more.
pub(super) async fn mark_absent(
    write: &mut SqliteConnection,
    import: ImportId,
    new: &NewImport<'_>,
    retire_after: u32,
    now: Timestamp,
) -> Result<(u64, u64), StoreError> {
    let failed = || StoreError::statement("marking absent products");
    let last: Option<(String,)> = sqlx::query_as(
        "SELECT body_hash FROM imports WHERE supplier = ? AND outcome = 'complete' ORDER BY id DESC LIMIT 1",
    )
    .bind(new.supplier.as_str())
    .fetch_optional(&mut *write)
    .await
    .map_err(failed())?;
    let read_again = last.is_some_and(|(hash,)| hash == new.body_hash.as_str());
    let rows = sqlx::query(
        "UPDATE products SET
             missing_count = missing_count + 1,
             revision = revision + (missing_count + 1 >= ?3),
             state = CASE WHEN missing_count + 1 >= ?3 THEN 'retired' ELSE 'missing' END,
             changed_at = ?4
         WHERE supplier = ?1 AND seen_import <> ?2 AND state <> 'retired' AND (state = 'active' OR NOT ?5)
         RETURNING state, missing_count",
    )
    .bind(new.supplier.as_str())
    .bind(import.0)
    .bind(i64::from(retire_after.max(1)))
    .bind(now.as_millisecond())
    .bind(read_again)
    .fetch_all(write)
    .await
    .map_err(failed())?;
    let retired = rows.iter().filter(|row| row.get::<&str, _>("state") == "retired").count() as u64;
    let missing = rows
        .iter()
        .filter(|row| row.get::<&str, _>("state") == "missing" && row.get::<i64, _>("missing_count") == 1)
        .count() as u64;
    Ok((missing, retired))
}
