//! Versions of the company's taxonomy.

use berika_catalog::taxonomy_change::Change;
use berika_catalog::{Taxonomy, TaxonomyError};
use jiff::Timestamp;
use sqlx::Row;
use sqlx::sqlite::{SqliteConnection, SqliteExecutor};

use crate::applications::refuse_under_way;
use crate::open::commit;
use crate::products::{parse_json, to_json};
use crate::taxonomy_changes::{Became, take_over};
use crate::{Store, StoreError};

/// What importing a taxonomy came to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum TaxonomyImport {
    /// It is the stored version, word for word.
    Unchanged(u32),
    /// It is stored as the next version.
    NewVersion {
        /// This one.
        version: u32,
        /// Products that people confirmed in categories that are gone with it: they return to review.
        confirmed: u64,
    },
}

impl Store {
    /// Stores a taxonomy: as version 1, as the next version where it differs from the last, or not at all. Products whose category
    /// is gone with it return to review, and those that say something else of their category now are composed anew. Where a
    /// category that was called otherwise before is there under its former id alone, it is called so again.
    ///
    /// # Errors
    /// [`StoreError::UnderWay`] while an application is being made or taken back; any statement's failure. Nothing is kept
    /// then.
    pub async fn import_taxonomy(
        &self,
        taxonomy: &Taxonomy,
        now: Timestamp,
    ) -> Result<TaxonomyImport, StoreError> {
        let doing = "storing a taxonomy";
        let mut write = self.write(doing).await?;
        let (version, confirmed) = match read(&mut *write, &taxonomy.id, None).await? {
            Some(last) if last.digest() == taxonomy.digest() => {
                return Ok(TaxonomyImport::Unchanged(last.version));
            }
            Some(last) => {
                refuse_under_way(&mut *write, None).await?;
                take_over(&mut write, &last, taxonomy, now).await?
            }
            None => {
                let mut first = taxonomy.clone();
                first.version = 1;
                insert(&mut write, &first, None, None, None, now).await?;
                (1, 0)
            }
        };
        commit(write, doing).await?;
        Ok(TaxonomyImport::NewVersion { version, confirmed })
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

    /// The changes that made this version of a taxonomy; `None` where it was taken over as a whole, or is not there.
    ///
    /// # Errors
    /// Any statement's failure.
    pub async fn taxonomy_changes(&self, id: &str, version: u32) -> Result<Option<Vec<Change>>, StoreError> {
        let row = sqlx::query("SELECT changes FROM taxonomies WHERE id = ? AND version = ?")
            .bind(id)
            .bind(version)
            .fetch_optional(self.readers())
            .await
            .map_err(StoreError::statement("reading how a taxonomy was made"))?;
        let changes: Option<String> = row.and_then(|row| row.get("changes"));
        changes.map(|text| parse_json("a taxonomy's changes", &text)).transpose()
    }
}

/// Writes a version of a taxonomy, with how it came of the one before it.
pub(crate) async fn insert(
    write: &mut SqliteConnection,
    taxonomy: &Taxonomy,
    changes: Option<&Vec<Change>>,
    became: Option<&Became>,
    run: Option<&str>,
    now: Timestamp,
) -> Result<(), StoreError> {
    sqlx::query(
        "INSERT INTO taxonomies (id, version, digest, categories, imported_at, changes, became, run)
         VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
    )
    .bind(&taxonomy.id)
    .bind(taxonomy.version)
    .bind(taxonomy.digest().as_str())
    .bind(to_json(&taxonomy.categories()))
    .bind(now.as_millisecond())
    .bind(changes.map(to_json))
    .bind(became.map(to_json))
    .bind(run)
    .execute(write)
    .await
    .map_err(StoreError::statement("storing a taxonomy"))?;
    Ok(())
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
