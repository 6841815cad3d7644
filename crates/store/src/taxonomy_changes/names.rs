//! Categories that are called otherwise from now on, wherever they are named.

use std::collections::BTreeMap;

use berika_catalog::taxonomy_change::Changed;
use berika_catalog::{CategoryId, Taxonomy};
use serde::Serialize;
use sqlx::Row;
use sqlx::sqlite::SqliteConnection;

use crate::StoreError;
use crate::products::to_json;

const DOING: &str = "renaming categories";

/// New ids that other categories had in earlier versions, with what those are called from now on: decisions on them must not
/// be taken for decisions on the new ones.
pub(super) async fn reused(
    write: &mut SqliteConnection,
    changed: &Changed,
) -> Result<BTreeMap<CategoryId, CategoryId>, StoreError> {
    // What follows elsewhere is told apart by that.
    let new: Vec<&CategoryId> =
        changed.introduced.iter().filter(|id| !changed.follows.contains_key(*id)).collect();
    if new.is_empty() {
        return Ok(BTreeMap::new());
    }
    let after = &changed.taxonomy;
    let rows = sqlx::query(
        "SELECT DISTINCT c.value ->> '$.id' AS id FROM taxonomies t, json_each(t.categories) c
         WHERE t.id = ?1 AND c.value ->> '$.id' IN (SELECT value FROM json_each(?2))",
    )
    .bind(&after.id)
    .bind(to_json(&new))
    .fetch_all(write)
    .await
    .map_err(StoreError::statement(DOING))?;
    let apart = |row: &sqlx::sqlite::SqliteRow| {
        let id: String = row.get("id");
        let mut apart = CategoryId(format!("{id} (until version {})", after.version - 1));
        while after.get(&apart).is_some() {
            apart.0.push('*');
        }
        (CategoryId(id), apart)
    };
    Ok(rows.iter().map(apart).collect())
}

/// Fills `temp.called` with what each category `was` and what of it holds `now`. It has an index, which a JSON text has not: with
/// that, each statement would cost products times categories.
pub(super) async fn call<K: Serialize + Ord, V: Serialize>(
    write: &mut SqliteConnection,
    called: &BTreeMap<K, V>,
) -> Result<(), StoreError> {
    const FILL: [&str; 3] = [
        "CREATE TEMP TABLE IF NOT EXISTS called (was TEXT PRIMARY KEY, now TEXT NOT NULL) STRICT, WITHOUT ROWID",
        "DELETE FROM temp.called",
        "INSERT INTO temp.called SELECT key, value FROM json_each(?1)",
    ];
    let called = to_json(called);
    for statement in FILL {
        sqlx::query(statement)
            .bind(&called)
            .execute(&mut *write)
            .await
            .map_err(StoreError::statement("listing what categories are called"))?;
    }
    Ok(())
}

/// Renames what follows, and what another category's id was `reused` for, at the version that was just stored. What `own` copied
/// is said in the words from before and stays.
pub(super) async fn rename(
    write: &mut SqliteConnection,
    changed: &Changed,
    reused: &BTreeMap<CategoryId, CategoryId>,
    own: &str,
) -> Result<(), StoreError> {
    let mut names: BTreeMap<&CategoryId, &CategoryId> = changed.follows.iter().collect();
    names.extend(reused);
    if names.is_empty() {
        return Ok(());
    }
    // Texts of a category that became part of another one were written of the former: they stay under its name and are stale.
    let mut texts = names.clone();
    texts.retain(|id, _| !changed.merged.contains(*id));
    let (taxonomy, version) = (&changed.taxonomy.id, changed.taxonomy.version);
    const RENAME: [&str; 4] = [
        "UPDATE categorisations SET category = j.now FROM temp.called j WHERE category = j.was",
        "UPDATE audits SET category = j.now FROM temp.called j WHERE category = j.was AND taxonomy = ?2",
        "UPDATE replaced_categorisations SET category = j.now FROM temp.called j
         WHERE category = j.was AND run <> ?1",
        "UPDATE replaced_audits SET category = j.now FROM temp.called j
         WHERE category = j.was AND run <> ?1 AND taxonomy = ?2",
    ];
    const RENAME_TEXTS: [&str; 2] = [
        "UPDATE descriptions SET category = j.now FROM temp.called j WHERE category = j.was",
        "UPDATE replaced_descriptions SET category = j.now FROM temp.called j
         WHERE category = j.was AND run <> ?1",
    ];
    for (called, statements) in [(&texts, &RENAME_TEXTS[..]), (&names, &RENAME[..])] {
        call(write, called).await?;
        for statement in statements {
            sqlx::query(*statement)
                .bind(own)
                .bind(taxonomy)
                .execute(&mut *write)
                .await
                .map_err(StoreError::statement(DOING))?;
        }
    }
    // Chains are resolved here, so that decisions need one look.
    const CHAINS: [&str; 2] = [
        "UPDATE category_renames AS r SET now = j.now FROM temp.called j WHERE r.taxonomy = ?1 AND r.now = j.was",
        "INSERT INTO category_renames (taxonomy, id, below_version, now)
         SELECT ?1, was, ?2, now FROM temp.called",
    ];
    for statement in CHAINS {
        sqlx::query(statement)
            .bind(taxonomy)
            .bind(version)
            .execute(&mut *write)
            .await
            .map_err(StoreError::statement(DOING))?;
    }
    Ok(())
}

/// Categories of `last` that `after` has under the id they had before they were renamed, by that id. What others became part
/// of is not one of them: it cannot be told which of it is which.
pub(super) async fn again(
    write: &mut SqliteConnection,
    last: &Taxonomy,
    after: &Taxonomy,
) -> Result<BTreeMap<CategoryId, CategoryId>, StoreError> {
    let rows = sqlx::query(
        "SELECT DISTINCT n.id, n.now, EXISTS (
             SELECT 1 FROM taxonomies t, json_each(t.became, '$.merged') m
             WHERE t.id = n.taxonomy AND m.value = n.id) AS merged
         FROM category_renames n WHERE n.taxonomy = ? AND n.id <> n.now",
    )
    .bind(&last.id)
    .fetch_all(write)
    .await
    .map_err(StoreError::statement(DOING))?;
    let mut former: BTreeMap<CategoryId, (Vec<CategoryId>, bool)> = BTreeMap::new();
    for row in &rows {
        let (ids, merged) = former.entry(CategoryId(row.get("now"))).or_default();
        ids.push(CategoryId(row.get("id")));
        *merged |= row.get::<bool, _>("merged");
    }
    let mut again = BTreeMap::new();
    for (now, (mut ids, merged)) in former {
        ids.retain(|id| after.get(id).is_some() && last.get(id).is_none());
        if let (false, None, Some(_), [id]) = (merged, after.get(&now), last.get(&now), &ids[..]) {
            again.insert(id.clone(), now);
        }
    }
    Ok(again)
}

/// What was said of a category that is there again under its own id holds of it again, where what it became is gone.
pub(super) async fn part(write: &mut SqliteConnection, after: &Taxonomy) -> Result<(), StoreError> {
    let ids: Vec<&CategoryId> = after.categories().iter().map(|category| &category.id).collect();
    sqlx::query(
        "UPDATE category_renames SET now = id WHERE taxonomy = ?1
             AND id IN (SELECT value FROM json_each(?2)) AND now NOT IN (SELECT value FROM json_each(?2))
             -- What was told apart since because its id was given again is still another category.
             AND now IN (SELECT c.value ->> '$.id' FROM taxonomies t, json_each(t.categories) c WHERE t.id = ?1)",
    )
    .bind(&after.id)
    .bind(to_json(&ids))
    .execute(write)
    .await
    .map_err(StoreError::statement(DOING))?;
    Ok(())
}

/// Copies what categories of earlier versions are called: what became part of another one could not be told apart by its name.
pub(super) async fn copy(write: &mut SqliteConnection, run: &str, taxonomy: &str) -> Result<(), StoreError> {
    sqlx::query(
        "INSERT INTO replaced_renames (run, taxonomy, id, below_version, now)
         SELECT ?1, taxonomy, id, below_version, now FROM category_renames WHERE taxonomy = ?2",
    )
    .bind(run)
    .bind(taxonomy)
    .execute(write)
    .await
    .map_err(StoreError::statement(DOING))?;
    Ok(())
}

/// What was called otherwise before `run` made `version` of a taxonomy is called so again, as it was copied.
pub(super) async fn restore(
    write: &mut SqliteConnection,
    run: &str,
    taxonomy: &str,
    version: u32,
) -> Result<(), StoreError> {
    const RESTORE: [&str; 3] = [
        "UPDATE category_renames AS n SET now = r.now FROM replaced_renames r
         WHERE r.run = ?1 AND r.taxonomy = n.taxonomy AND r.id = n.id AND r.below_version = n.below_version",
        "UPDATE category_renames SET now = id WHERE taxonomy = ?2 AND below_version = ?3",
        "UPDATE audits AS a SET category = r.category FROM replaced_audits r
         WHERE r.run = ?1 AND r.product = a.product AND r.taxonomy = a.taxonomy AND a.taxonomy = ?2
             -- The draws of all others are restored with their products, or are of a later judgement.
             AND EXISTS (SELECT 1 FROM products p WHERE p.id = a.product AND p.decision IS NOT NULL)",
    ];
    for statement in RESTORE {
        sqlx::query(statement)
            .bind(run)
            .bind(taxonomy)
            .bind(version)
            .execute(&mut *write)
            .await
            .map_err(StoreError::statement("taking renames of categories back"))?;
    }
    Ok(())
}
