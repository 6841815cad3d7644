//! What stands in categories, and what became of those that are gone.

use std::collections::BTreeMap;

use berika_catalog::CategoryId;
use berika_catalog::taxonomy_change::Gone;
use serde::Serialize;
use sqlx::Row;
use sqlx::sqlite::SqliteExecutor;

use super::Became;
use crate::products::parse_json;
use crate::{Store, StoreError};

/// Products that are accepted in a category.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct CategoryStanding {
    /// All of them.
    pub accepted: u64,
    /// Those that a person confirmed.
    pub confirmed: u64,
    /// Those that are published.
    pub published: u64,
    /// Their descriptions, in all languages.
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
        let mut names = CategoryNames::default();
        for row in &rows {
            let renames = names.0.entry(CategoryId(row.get("id"))).or_default();
            renames.push((row.get("below_version"), CategoryId(row.get("now"))));
        }
        Ok(names)
    }

    /// What is accepted in each category, and how many products people confirmed in it whatever their state.
    ///
    /// # Errors
    /// Any statement's failure.
    pub async fn category_standings(
        &self,
        taxonomy: &str,
    ) -> Result<BTreeMap<CategoryId, CategoryStanding>, StoreError> {
        let rows = sqlx::query(
            "SELECT c.category, count(*) AS accepted, count(o.product) AS published,
                 coalesce(sum((SELECT count(*) FROM descriptions d
                     WHERE d.product = c.product AND d.title IS NOT NULL)), 0) AS descriptions
             FROM categorisations c JOIN products p ON p.id = c.product
                 LEFT JOIN published o ON o.product = c.product AND o.document IS NOT NULL
             WHERE c.verdict = 'accept' AND c.category IS NOT NULL AND p.state <> 'retired' AND p.joined_into IS NULL
             GROUP BY c.category",
        )
        .fetch_all(self.readers())
        .await
        .map_err(StoreError::statement("counting what stands in categories"))?;
        let count = |row: &sqlx::sqlite::SqliteRow, name: &str| row.get::<i64, _>(name).unsigned_abs();
        let mut standings: BTreeMap<CategoryId, CategoryStanding> = rows
            .iter()
            .map(|row| {
                let standing = CategoryStanding {
                    accepted: count(row, "accepted"),
                    confirmed: 0,
                    published: count(row, "published"),
                    descriptions: count(row, "descriptions"),
                };
                (CategoryId(row.get("category")), standing)
            })
            .collect();
        for (category, products) in confirmed(self.readers(), taxonomy).await? {
            standings.entry(category).or_default().confirmed = products;
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

/// How many products people confirmed in each category, as it is called now.
pub(super) async fn confirmed(
    from: impl SqliteExecutor<'_>,
    taxonomy: &str,
) -> Result<BTreeMap<CategoryId, u64>, StoreError> {
    let rows = sqlx::query(
        "SELECT d.category, count(*) AS products FROM products p JOIN decisions_now d ON d.id = p.decision
         WHERE d.taxonomy = ? AND d.category IS NOT NULL AND p.state <> 'retired' GROUP BY d.category",
    )
    .bind(taxonomy)
    .fetch_all(from)
    .await
    .map_err(StoreError::statement("counting what people confirmed"))?;
    let count = |row: &sqlx::sqlite::SqliteRow| row.get::<i64, _>("products").unsigned_abs();
    Ok(rows.iter().map(|row| (CategoryId(row.get("category")), count(row))).collect())
}
