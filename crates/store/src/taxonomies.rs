//! Versions of the company's taxonomy.

use berika_catalog::{Taxonomy, TaxonomyError};
use jiff::Timestamp;
use sqlx::Row;
use sqlx::sqlite::SqliteExecutor;

use crate::open::commit;
use crate::products::{parse_json, to_json};
use crate::{Store, StoreError};

/// What importing a taxonomy came to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum TaxonomyImport {
    /// It is the stored version, word for word.
    Unchanged(u32),
    /// It is stored as this version.
    NewVersion(u32),
}

impl Store {
    /// Stores a taxonomy: as version 1, as the next version where it differs from the last, or not at all.
    ///
    /// # Errors
    /// Any statement's failure.
    pub async fn import_taxonomy(
        &self,
        taxonomy: &Taxonomy,
        now: Timestamp,
    ) -> Result<TaxonomyImport, StoreError> {
        let doing = "storing a taxonomy";
        let failed = || StoreError::statement(doing);
        let mut write = self.write(doing).await?;
        let last =
            sqlx::query("SELECT version, digest FROM taxonomies WHERE id = ? ORDER BY version DESC LIMIT 1")
                .bind(&taxonomy.id)
                .fetch_optional(&mut *write)
                .await
                .map_err(failed())?;
        let digest = taxonomy.digest();
        let version = match last {
            Some(row) if row.get::<&str, _>("digest") == digest.as_str() => {
                return Ok(TaxonomyImport::Unchanged(row.get("version")));
            }
            Some(row) => row.get::<u32, _>("version") + 1,
            None => 1,
        };
        sqlx::query(
            "INSERT INTO taxonomies (id, version, digest, categories, imported_at) VALUES (?, ?, ?, ?, ?)",
        )
        .bind(&taxonomy.id)
        .bind(version)
        .bind(digest.as_str())
        .bind(to_json(&taxonomy.categories()))
        .bind(now.as_millisecond())
        .execute(&mut *write)
        .await
        .map_err(failed())?;
        commit(write, doing).await?;
        Ok(TaxonomyImport::NewVersion(version))
    }

    /// The latest version of a taxonomy, where there is one.
    ///
    /// # Errors
    /// Any statement's failure, or a taxonomy that no longer passes its checks.
    pub async fn taxonomy(&self, id: &str) -> Result<Option<Taxonomy>, StoreError> {
        read(self.readers(), id, None).await
    }

    /// This version of a taxonomy, where there is one.
    ///
    /// # Errors
    /// Any statement's failure, or a taxonomy that no longer passes its checks.
    pub async fn taxonomy_at(&self, id: &str, version: u32) -> Result<Option<Taxonomy>, StoreError> {
        read(self.readers(), id, Some(version)).await
    }
}

/// A version of a taxonomy, the latest where none is named.
pub(crate) async fn read(
    from: impl SqliteExecutor<'_>,
    id: &str,
    version: Option<u32>,
) -> Result<Option<Taxonomy>, StoreError> {
    let row = sqlx::query(
        "SELECT version, categories FROM taxonomies WHERE id = ?1 AND version = coalesce(?2, version)
         ORDER BY version DESC LIMIT 1",
    )
    .bind(id)
    .bind(version)
    .fetch_optional(from)
    .await
    .map_err(StoreError::statement("reading the taxonomy"))?;
    let Some(row) = row else { return Ok(None) };
    let version: u32 = row.get("version");
    let categories = parse_json("a taxonomy's categories", row.get("categories"))?;
    let damaged = |source: TaxonomyError| StoreError::Taxonomy { id: id.to_owned(), version, source };
    Taxonomy::new(id, version, categories).map_err(damaged).map(Some)
}
