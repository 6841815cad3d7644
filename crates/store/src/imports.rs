//! Taking in a supplier's delivery: rows to products, by comparing before writing.

mod absent;
mod mode;
mod row;
mod withdrawn;

use berika_catalog::contract::Profile;
use berika_catalog::{DeliveryKind, Digest, ProductRecord, ProductValues, SupplierId};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use sqlx::sqlite::SqliteConnection;

use crate::open::commit;
use crate::products::parse_json;
use crate::{SourceState, Store, StoreError};
use absent::mark_absent;
pub use mode::ImportMode;
pub(crate) use row::conflict;
use row::{How, import_row};

/// One taking-in of a delivery.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ImportId(pub(crate) i64);

/// What is known when a delivery begins to be taken in.
#[derive(Debug, Clone)]
pub struct NewImport<'a> {
    /// Whose delivery.
    pub supplier: &'a SupplierId,
    /// The run it belongs to.
    pub run: &'a str,
    /// What its silence means.
    pub kind: DeliveryKind,
    /// Its file or address, without credentials.
    pub file: &'a str,
    /// The hash of its bytes.
    pub body_hash: &'a Digest,
}

/// What is known when a delivery was read to its end.
#[derive(Debug, Clone)]
pub struct FinishedImport<'a> {
    /// The state of its source: validators, and how it was read.
    pub source: &'a SourceState,
    /// What it was like.
    pub profile: Option<&'a Profile>,
    /// Whether a person let it through: what is usual is learnt anew from it.
    pub let_through: bool,
    /// At how many complete deliveries without it a product is retired.
    pub retire_after: u32,
    /// What was done with it: one that changes no known product marks none as missing.
    pub mode: ImportMode,
}

/// A row that was refused, or a field that was dropped from a row that was kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RowReport {
    /// The row, counted from 1.
    pub row: u64,
    /// Whether the whole row was refused.
    pub refused: bool,
    /// What is wrong, where, and what to do.
    pub message: String,
}

/// What became of a batch of rows.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct BatchCounts {
    /// Rows of products that were not known before.
    pub new: u64,
    /// Rows that changed a known product.
    pub changed: u64,
    /// Rows that said what was known.
    pub unchanged: u64,
    /// Rows that repeated an earlier row of the same delivery.
    pub folded: u64,
    /// Rows that the import mode leaves out.
    pub left: u64,
    /// Rows that contradicted an earlier row of the same delivery: the first was kept.
    pub conflicts: Vec<RowReport>,
}

/// The sums of a whole delivery: rows read = stored + folded + refused + left.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ImportCounts {
    /// Rows read.
    pub read: u64,
    /// Rows that are products now.
    pub stored: u64,
    /// Of these, products not known before.
    pub new: u64,
    /// Of these, products that changed.
    pub changed: u64,
    /// Rows folded into another row: further rows of the same product, and rows that repeat an earlier one.
    pub folded: u64,
    /// Rows refused and reported.
    pub refused: u64,
    /// Rows that the import mode leaves out: of products that are not to be created, or not to be changed.
    #[serde(default)]
    pub left: u64,
    /// Fields dropped from rows that were kept.
    pub dropped_fields: u64,
    /// Products that went missing with this delivery.
    pub missing: u64,
    /// Products that were retired with this delivery.
    pub retired: u64,
}

impl ImportCounts {
    /// Whether every row that was read is accounted for.
    pub fn agree(&self) -> bool {
        self.read == self.stored + self.folded + self.refused + self.left
    }
}

/// The most reports kept of one delivery; the counts stay exact.
const MOST_REPORTS: i64 = 10_000;

/// Imports of a supplier whose reports are kept.
const IMPORTS_WITH_REPORTS: i64 = 5;

/// Imports of a supplier whose profile is kept: more than are compared, because failed ones are among them.
const IMPORTS_WITH_PROFILE: i64 = 30;

impl Store {
    /// How many products of a supplier are active: what a full delivery is measured against before it is taken in.
    ///
    /// # Errors
    /// Any statement's failure.
    pub async fn active_products(&self, supplier: &SupplierId) -> Result<u64, StoreError> {
        let (count,): (i64,) =
            sqlx::query_as("SELECT count(*) FROM products WHERE supplier = ? AND state = 'active'")
                .bind(supplier.as_str())
                .fetch_one(self.readers())
                .await
                .map_err(StoreError::statement("counting active products"))?;
        Ok(count.unsigned_abs())
    }

    /// Begins to take in a delivery.
    ///
    /// # Errors
    /// Any statement's failure.
    pub async fn begin_import(&self, import: NewImport<'_>, now: Timestamp) -> Result<ImportId, StoreError> {
        let doing = "beginning an import";
        let mut write = self.write(doing).await?;
        let done = sqlx::query(
            "INSERT INTO imports (supplier, run, kind, file, body_hash, started_at, outcome)
             VALUES (?, ?, ?, ?, ?, ?, 'running')",
        )
        .bind(import.supplier.as_str())
        .bind(import.run)
        .bind(kind_word(import.kind))
        .bind(import.file)
        .bind(import.body_hash.as_str())
        .bind(now.as_millisecond())
        .execute(&mut *write)
        .await
        .map_err(StoreError::statement(doing))?;
        // What was taken in before is no longer what the products are from, until this import is complete.
        sqlx::query(
            "UPDATE sources SET body_hash = NULL, etag = NULL, last_modified = NULL WHERE supplier = ?",
        )
        .bind(import.supplier.as_str())
        .execute(&mut *write)
        .await
        .map_err(StoreError::statement(doing))?;
        commit(write, doing).await?;
        Ok(ImportId(done.last_insert_rowid()))
    }

    /// Takes in a batch of rows in one transaction: at most [`crate::ROWS_PER_TRANSACTION`] is the caller's rule.
    ///
    /// A row equal to the product's last one is not written again, apart from the mark that it was seen. Edits that the
    /// supplier came round to are released, and every other edit stays.
    ///
    /// # Errors
    /// Any statement's failure; nothing of the batch is kept then.
    pub async fn import_rows(
        &self,
        import: ImportId,
        (kind, mode): (DeliveryKind, ImportMode),
        rows: &[(u64, ProductRecord)],
        now: Timestamp,
    ) -> Result<BatchCounts, StoreError> {
        let doing = "taking in rows";
        let mut write = self.write(doing).await?;
        let mut counts = BatchCounts::default();
        let how = How { import, kind, mode, now };
        for (row, record) in rows {
            import_row(&mut write, how, *row, record, &mut counts).await?;
        }
        report(&mut write, import, &counts.conflicts).await?;
        commit(write, doing).await?;
        Ok(counts)
    }

    /// Marks products as listed whose rows were refused: they are there, although what the delivery says of them cannot
    /// be used.
    ///
    /// # Errors
    /// Any statement's failure.
    pub async fn mark_listed(
        &self,
        import: ImportId,
        supplier: &SupplierId,
        skus: &[String],
    ) -> Result<(), StoreError> {
        let doing = "marking products as listed";
        let mut write = self.write(doing).await?;
        for sku in skus {
            sqlx::query(
                "UPDATE products SET missing_count = 0, seen_import = ?1, seen_row = 0,
                     state = CASE state WHEN 'missing' THEN 'active' ELSE state END
                 WHERE supplier = ?2 AND sku = ?3 AND seen_import <> ?1 AND state <> 'retired'",
            )
            .bind(import.0)
            .bind(supplier.as_str())
            .bind(sku)
            .execute(&mut *write)
            .await
            .map_err(StoreError::statement(doing))?;
        }
        commit(write, doing).await
    }

    /// Keeps reports of refused rows and dropped fields, up to 10,000 a delivery.
    ///
    /// # Errors
    /// Any statement's failure.
    pub async fn report_rows(&self, import: ImportId, reports: &[RowReport]) -> Result<(), StoreError> {
        let doing = "reporting rows";
        let mut write = self.write(doing).await?;
        report(&mut write, import, reports).await?;
        commit(write, doing).await
    }

    /// Ends a delivery that was read to its end: after a full one, products it did not list go missing or, at the
    /// `retire_after`th complete delivery without them, are retired. What was held or let through is settled. Returns `counts` with these filled in.
    ///
    /// # Errors
    /// Any statement's failure; then the import stays open and the next run takes the delivery in again.
    pub async fn finish_import(
        &self,
        import: ImportId,
        new: &NewImport<'_>,
        finished: &FinishedImport<'_>,
        mut counts: ImportCounts,
        now: Timestamp,
    ) -> Result<ImportCounts, StoreError> {
        let doing = "finishing an import";
        let failed = || StoreError::statement(doing);
        let mut write = self.write(doing).await?;
        if new.kind == DeliveryKind::Full && finished.mode.changes_known() {
            (counts.missing, counts.retired) =
                mark_absent(&mut write, import, new, finished.retire_after, now).await?;
        }
        let source = finished.source;
        sqlx::query(
            "UPDATE imports SET finished_at = ?, outcome = 'complete', counts = ?, config_hash = ?, profile = ?,
                 let_through = ?
             WHERE id = ?",
        )
        .bind(now.as_millisecond())
        .bind(crate::products::to_json(&counts))
        .bind(source.config_hash.as_ref().map(Digest::as_str))
        .bind(finished.profile.map(crate::products::to_json))
        .bind(finished.let_through)
        .bind(import.0)
        .execute(&mut *write)
        .await
        .map_err(failed())?;
        sqlx::query(
            "INSERT INTO sources (supplier, etag, last_modified, body_hash, config_hash) VALUES (?1, ?2, ?3, ?4, ?5)
             ON CONFLICT (supplier) DO UPDATE SET etag = ?2, last_modified = ?3, body_hash = ?4, config_hash = ?5,
                 held_hash = NULL, held_reason = NULL, held_breaches = NULL, accepted_hash = NULL,
                 accepted_breaches = NULL",
        )
        .bind(new.supplier.as_str())
        .bind(source.etag.as_deref())
        .bind(source.last_modified.as_deref())
        .bind(new.body_hash.as_str())
        .bind(source.config_hash.as_ref().map(Digest::as_str))
        .execute(&mut *write)
        .await
        .map_err(failed())?;
        // Reports are for the delivery at hand; a few before it stay for comparing.
        sqlx::query(
            "DELETE FROM row_reports WHERE import_id IN (
                 SELECT id FROM imports WHERE supplier = ? ORDER BY id DESC LIMIT -1 OFFSET ?)",
        )
        .bind(new.supplier.as_str())
        .bind(IMPORTS_WITH_REPORTS)
        .execute(&mut *write)
        .await
        .map_err(failed())?;
        sqlx::query(
            "UPDATE imports SET profile = NULL WHERE profile IS NOT NULL AND id IN (
                 SELECT id FROM imports WHERE supplier = ? ORDER BY id DESC LIMIT -1 OFFSET ?)",
        )
        .bind(new.supplier.as_str())
        .bind(IMPORTS_WITH_PROFILE)
        .execute(&mut *write)
        .await
        .map_err(failed())?;
        commit(write, doing).await?;
        Ok(counts)
    }

    /// Ends a delivery that could not be read to its end: what was read stays, nothing goes missing by it.
    ///
    /// # Errors
    /// Any statement's failure.
    pub async fn fail_import(
        &self,
        import: ImportId,
        counts: &ImportCounts,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        let doing = "closing a failed import";
        let mut write = self.write(doing).await?;
        sqlx::query("UPDATE imports SET finished_at = ?, outcome = 'failed', counts = ? WHERE id = ?")
            .bind(now.as_millisecond())
            .bind(crate::products::to_json(counts))
            .bind(import.0)
            .execute(&mut *write)
            .await
            .map_err(StoreError::statement(doing))?;
        commit(write, doing).await
    }
}

async fn report(
    write: &mut SqliteConnection,
    import: ImportId,
    reports: &[RowReport],
) -> Result<(), StoreError> {
    for report in reports {
        sqlx::query(
            "INSERT INTO row_reports (import_id, row, refused, message)
             SELECT ?1, ?2, ?3, ?4 WHERE (SELECT count(*) FROM row_reports WHERE import_id = ?1) < ?5",
        )
        .bind(import.0)
        .bind(i64::try_from(report.row).unwrap_or(i64::MAX))
        .bind(report.refused)
        .bind(&report.message)
        .bind(MOST_REPORTS)
        .execute(&mut *write)
        .await
        .map_err(StoreError::statement("reporting rows"))?;
    }
    Ok(())
}

pub(crate) fn kind_word(kind: DeliveryKind) -> &'static str {
    match kind {
        DeliveryKind::Full => "full",
        DeliveryKind::Delta => "delta",
    }
}

/// Reads stored values, for the dry run's comparison.
pub(crate) fn values_from(text: &str) -> Result<ProductValues, StoreError> {
    parse_json("a product's values", text)
}
