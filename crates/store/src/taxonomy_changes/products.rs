//! Products whose category is gone, or is called otherwise.

use std::collections::{BTreeMap, BTreeSet};

use berika_catalog::CategoryId;
use berika_catalog::taxonomy_change::Changed;
use sqlx::Row;
use sqlx::sqlite::SqliteConnection;

use super::names;
use crate::StoreError;
use crate::applications::journal;
use crate::products::{ProductId, to_json};

/// Copies what the change replaces of products. Everything of which categories are called otherwise is copied too: its names
/// alone could not be taken back where categories became one.
pub(super) async fn copy(
    write: &mut SqliteConnection,
    run: &str,
    changed: &Changed,
) -> Result<(), StoreError> {
    let failed = || StoreError::statement("copying what the taxonomy's change replaces");
    let mut categories: BTreeSet<&CategoryId> = changed.gone.keys().chain(changed.follows.keys()).collect();
    categories.extend(changed.renamed.iter().filter(|id| !changed.introduced.contains(*id)));
    let rows = sqlx::query(
        "SELECT c.product FROM categorisations c WHERE c.category IN (SELECT value FROM json_each(?1))
         UNION SELECT a.product FROM audits a
         WHERE a.taxonomy = ?2 AND a.category IN (SELECT value FROM json_each(?1)) ORDER BY 1",
    )
    .bind(to_json(&categories))
    .bind(&changed.taxonomy.id)
    .fetch_all(&mut *write)
    .await
    .map_err(failed())?;
    let products: Vec<ProductId> = rows.iter().map(|row| ProductId(row.get(0))).collect();
    journal(write, run, &products).await?;
    sqlx::query(
        "UPDATE categorisations SET run = ?1
         WHERE product IN (SELECT product FROM replaced_categorisations WHERE run = ?1)",
    )
    .bind(run)
    .execute(write)
    .await
    .map_err(failed())?;
    Ok(())
}

/// Returns products whose category is gone to review, and takes back what was published of it, whatever has become of the
/// product since. No run judges as they are judged then, so that the next one judges them again.
pub(super) async fn leave(write: &mut SqliteConnection, changed: &Changed) -> Result<(), StoreError> {
    if changed.gone.is_empty() {
        return Ok(());
    }
    let why: BTreeMap<&CategoryId, String> =
        changed.gone.iter().map(|(id, gone)| (id, to_json(&[&gone.why]))).collect();
    let recipe = format!("taxonomy-{}", changed.taxonomy.version);
    const LEAVE: [&str; 3] = [
        "UPDATE products SET revision = revision + 1 WHERE id IN
             (SELECT c.product FROM categorisations c WHERE c.category IN (SELECT was FROM temp.called))",
        "UPDATE published SET withdrawn = 1 WHERE document IS NOT NULL AND product IN
             (SELECT c.product FROM categorisations c WHERE c.category IN (SELECT was FROM temp.called))",
        "UPDATE categorisations SET verdict = 'review', category = NULL, promise = NULL, reasons = j.now, recipe = ?1
         FROM temp.called j WHERE category = j.was",
    ];
    names::call(write, &why).await?;
    for statement in LEAVE {
        sqlx::query(statement)
            .bind(&recipe)
            .execute(&mut *write)
            .await
            .map_err(StoreError::statement("returning products to review"))?;
    }
    Ok(())
}

/// Has products composed anew that say something of their category that is said otherwise now. What was published of a category
/// that is gone or has another id no longer holds, whatever has become of the product since.
pub(super) async fn show(write: &mut SqliteConnection, changed: &Changed) -> Result<(), StoreError> {
    const ANEW: &str = "UPDATE products SET revision = revision + 1 WHERE id IN
         (SELECT c.product FROM categorisations c WHERE c.category IN (SELECT value FROM json_each(?1)))";
    const TOLD_ANEW: &str = "UPDATE products SET revision = revision + 1 WHERE id IN
         (SELECT product FROM published WHERE document ->> '$.\"category.taxonomy\"' = ?2
              AND document ->> '$.\"category.id\"' IN (SELECT value FROM json_each(?1)))";
    const WITHDRAWN: &str =
        "UPDATE published SET withdrawn = 1 WHERE document ->> '$.\"category.taxonomy\"' = ?2
             AND document ->> '$.\"category.id\"' IN (SELECT value FROM json_each(?1))";
    // No hash is empty: what was written of the former name is stale.
    const STALE: &str =
        "UPDATE descriptions SET facts_hash = '' WHERE category IN (SELECT value FROM json_each(?1))";
    let elsewhere: BTreeSet<CategoryId> =
        changed.gone.keys().chain(changed.follows.keys()).cloned().collect();
    let told = elsewhere.union(&changed.republished).cloned().collect();
    let statements = [
        (ANEW, &changed.republished),
        (TOLD_ANEW, &told),
        (WITHDRAWN, &elsewhere),
        (STALE, &changed.renamed),
    ];
    for (statement, categories) in statements {
        if !categories.is_empty() {
            sqlx::query(statement)
                .bind(to_json(categories))
                .bind(&changed.taxonomy.id)
                .execute(&mut *write)
                .await
                .map_err(StoreError::statement("having products composed anew"))?;
        }
    }
    Ok(())
}

/// Puts products into the category that a person confirmed where it was part of another one in between: by their names alone
/// they could not be told apart from what was in that one before.
pub(super) async fn part(
    write: &mut SqliteConnection,
    taxonomy: &str,
    merged: &BTreeMap<&CategoryId, &CategoryId>,
) -> Result<(), StoreError> {
    if merged.is_empty() {
        return Ok(());
    }
    const CONFIRMED: &str =
        "JOIN decisions_now d ON d.id = p.decision JOIN temp.called j ON j.was = d.category
         WHERE d.taxonomy = ?1 AND p.id = c.product AND c.decision = p.decision AND c.verdict = 'accept'
             AND c.category = j.now";
    let statements = [
        format!(
            "UPDATE products SET revision = revision + 1 WHERE id IN
                 (SELECT c.product FROM categorisations c JOIN products p ON p.id = c.product {CONFIRMED})"
        ),
        format!("UPDATE categorisations AS c SET category = d.category FROM products p {CONFIRMED}"),
    ];
    names::call(write, merged).await?;
    for statement in statements {
        sqlx::query(sqlx::AssertSqlSafe(statement))
            .bind(taxonomy)
            .execute(&mut *write)
            .await
            .map_err(StoreError::statement("parting what was confirmed"))?;
    }
    Ok(())
}
