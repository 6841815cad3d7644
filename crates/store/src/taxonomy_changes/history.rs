//! What stands in categories, and what became of those that are gone.

use std::collections::BTreeMap;

use berika_catalog::CategoryId;
use berika_catalog::taxonomy_change::Gone;
use serde::Serialize;
use sqlx::Row;
use sqlx::sqlite::{SqliteExecutor, SqliteRow};

use super::Became;
use crate::products::parse_json;
use crate::{Store, StoreError};

/// What stands in a category.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct CategoryStanding {
    /// Products that are accepted in it, without those that are retired or joined into others.
    pub accepted: u64,
    /// Of these, products that a person confirmed in it.
    pub confirmed: u64,
    /// All products whose latest decision names it, whatever their state, and whether they were delivered yet or not.
    pub decided: u64,
    /// Products whose public document names it, or that are published and accepted in it.
    pub published: u64,
    /// Descriptions of those that are accepted and not locked, in all languages.
    pub descriptions: u64,
}

/// A category that is gone.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GoneCategory {
    /// The version of the taxonomy that it is gone in.
    pub version: u32,
    /// What became of it.
    pub gone: Gone,
}

/// What categories of earlier versions are called now.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct CategoryNames(BTreeMap<CategoryId, Vec<(u32, CategoryId)>>);

impl CategoryNames {
    /// The category that was called `id` in this version.
    pub fn now<'a>(&'a self, id: &'a CategoryId, version: u32) -> &'a CategoryId {
        let renames = self.0.get(id).map(Vec::as_slice).unwrap_or_default();
        renames.iter().find(|(below, _)| *below > version).map_or(id, |(_, now)| now)
    }

    /// The category that was called `id` in all earlier versions that had it, with the last version that called it otherwise.
    /// `None` where there was none, or more than one.
    pub fn only(&self, id: &CategoryId) -> Option<(u32, &CategoryId)> {
        match self.0.get(id).map(Vec::as_slice) {
            Some([(below, now)]) => Some((*below, now)),
            _ => None,
        }
    }
}

/// Of an id, a version, and what the id's category in earlier versions is called now; in the order of versions.
impl FromIterator<(CategoryId, u32, CategoryId)> for CategoryNames {
    fn from_iter<I: IntoIterator<Item = (CategoryId, u32, CategoryId)>>(renames: I) -> Self {
        let mut names = Self::default();
        for (id, below, now) in renames {
            names.0.entry(id).or_default().push((below, now));
        }
        names
    }
}

impl Store {
    /// What categories of a taxonomy were called in earlier versions.
    ///
    /// # Errors
    /// Any statement's failure.
    pub async fn category_names(&self, taxonomy: &str) -> Result<CategoryNames, StoreError> {
        let rows = sqlx::query(
            "SELECT id, below_version, now FROM category_renames WHERE taxonomy = ? ORDER BY id, below_version",
        )
        .bind(taxonomy)
        .fetch_all(self.readers())
        .await
        .map_err(StoreError::statement("reading what categories were called"))?;
        let named = |row: &SqliteRow| {
            (CategoryId(row.get("id")), row.get("below_version"), CategoryId(row.get("now")))
        };
        Ok(rows.iter().map(named).collect())
    }

    /// What stands in each category that is named by a categorisation, a decision or a public document.
    ///
    /// # Errors
    /// Any statement's failure.
    pub async fn category_standings(
        &self,
        taxonomy: &str,
    ) -> Result<BTreeMap<CategoryId, CategoryStanding>, StoreError> {
        let failed = || StoreError::statement("counting what stands in categories");
        let accepted = sqlx::query(
            "SELECT c.category, count(*) AS accepted, count(n.id) AS confirmed,
                 coalesce(sum((SELECT count(*) FROM descriptions d
                     WHERE d.product = c.product AND d.title IS NOT NULL)) FILTER (WHERE p.locked = 0), 0) AS descriptions
             FROM categorisations c JOIN products p ON p.id = c.product
                 LEFT JOIN decisions_now n ON n.id = p.decision AND n.taxonomy = ?1 AND n.category = c.category
             WHERE c.verdict = 'accept' AND c.category IS NOT NULL AND p.state <> 'retired' AND p.joined_into IS NULL
             GROUP BY c.category",
        )
        .bind(taxonomy)
        .fetch_all(self.readers())
        .await
        .map_err(failed())?;
        // What is published may name another category than the product is accepted in, or is to be.
        let published = sqlx::query(
            "SELECT category, count(*) AS published FROM (
                 SELECT product, document ->> '$.\"category.id\"' AS category FROM published
                 WHERE document ->> '$.\"category.taxonomy\"' = ?1
                 UNION SELECT c.product, c.category
                 FROM categorisations c JOIN products p ON p.id = c.product JOIN published o ON o.product = c.product
                 WHERE c.verdict = 'accept' AND p.state <> 'retired' AND p.joined_into IS NULL
                     AND o.document IS NOT NULL)
             WHERE category IS NOT NULL GROUP BY category",
        )
        .bind(taxonomy)
        .fetch_all(self.readers())
        .await
        .map_err(failed())?;
        let mut standings: BTreeMap<CategoryId, CategoryStanding> = BTreeMap::new();
        for row in &accepted {
            let standing = standings.entry(CategoryId(row.get("category"))).or_default();
            standing.accepted = count(row, "accepted");
            standing.confirmed = count(row, "confirmed");
            standing.descriptions = count(row, "descriptions");
        }
        for row in &published {
            let standing = standings.entry(CategoryId(row.get("category"))).or_default();
            standing.published = count(row, "published");
        }
        for (category, products) in decided(self.readers(), taxonomy).await? {
            standings.entry(category).or_default().decided = products;
        }
        Ok(standings)
    }

    /// What became of each category that an earlier version of a taxonomy had and that is gone, under the id that decisions on it
    /// name now.
    ///
    /// # Errors
    /// Any statement's failure.
    pub async fn gone_categories(
        &self,
        taxonomy: &str,
    ) -> Result<BTreeMap<CategoryId, GoneCategory>, StoreError> {
        let rows = sqlx::query(
            "SELECT version, became FROM taxonomies WHERE id = ? AND became IS NOT NULL ORDER BY version",
        )
        .bind(taxonomy)
        .fetch_all(self.readers())
        .await
        .map_err(StoreError::statement("reading what became of categories"))?;
        let mut all: BTreeMap<CategoryId, GoneCategory> = BTreeMap::new();
        for row in &rows {
            let became: Became = parse_json("what became of categories", row.get("became"))?;
            let version = row.get("version");
            all.extend(became.gone.into_iter().map(|(id, gone)| (id, GoneCategory { version, gone })));
            for (id, apart) in became.reused {
                if let Some(gone) = all.remove(&id) {
                    all.insert(apart, gone);
                }
            }
        }
        Ok(all)
    }
}

/// How many products the latest decision of which names each category, as it is called now: also of those that are retired, joined
/// into others, or not delivered yet.
pub(super) async fn decided(
    from: impl SqliteExecutor<'_>,
    taxonomy: &str,
) -> Result<BTreeMap<CategoryId, u64>, StoreError> {
    let rows = sqlx::query(
        "SELECT d.category, count(*) AS products FROM decisions_now d
         WHERE d.taxonomy = ? AND d.category IS NOT NULL AND d.id =
             (SELECT l.id FROM decisions l WHERE l.supplier = d.supplier AND l.sku = d.sku
              ORDER BY l.decided_at DESC, l.id DESC LIMIT 1)
         GROUP BY d.category",
    )
    .bind(taxonomy)
    .fetch_all(from)
    .await
    .map_err(StoreError::statement("counting what people confirmed"))?;
    Ok(rows.iter().map(|row| (CategoryId(row.get("category")), count(row, "products"))).collect())
}

fn count(row: &SqliteRow, column: &str) -> u64 {
    row.get::<i64, _>(column).unsigned_abs()
}
