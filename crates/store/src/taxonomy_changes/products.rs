//! Products whose category is gone, or is called otherwise.

use std::collections::{BTreeMap, BTreeSet};

use berika_catalog::CategoryId;
use berika_catalog::taxonomy_change::Changed;
use sqlx::Row;
use sqlx::sqlite::SqliteConnection;

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

/// Returns products whose category is gone to review, and takes back what was published of it. No run judges as they are judged
/// then, so that the next one judges them again.
pub(super) async fn leave(write: &mut SqliteConnection, changed: &Changed) -> Result<(), StoreError> {
    if changed.gone.is_empty() {
        return Ok(());
    }
    let why: BTreeMap<&CategoryId, String> =
        changed.gone.iter().map(|(id, gone)| (id, to_json(&[&gone.why]))).collect();
    let why = to_json(&why);
    let recipe = format!("taxonomy-{}", changed.taxonomy.version);
    const LEAVE: [&str; 3] = [
        "UPDATE products SET revision = revision + 1 WHERE id IN
             (SELECT c.product FROM categorisations c WHERE c.category IN (SELECT key FROM json_each(?1)))",
        "UPDATE published SET withdrawn = 1 WHERE document IS NOT NULL AND product IN
             (SELECT c.product FROM categorisations c WHERE c.category IN (SELECT key FROM json_each(?1)))",
        "UPDATE categorisations SET verdict = 'review', category = NULL, promise = NULL, reasons = j.value, recipe = ?2
         FROM json_each(?1) j WHERE category = j.key",
    ];
    for statement in LEAVE {
        sqlx::query(statement)
            .bind(&why)
            .bind(&recipe)
            .execute(&mut *write)
            .await
            .map_err(StoreError::statement("returning products to review"))?;
    }
    Ok(())
}

/// Has products composed anew that say something of their category that is said otherwise now.
pub(super) async fn show(write: &mut SqliteConnection, changed: &Changed) -> Result<(), StoreError> {
    const ANEW: &str = "UPDATE products SET revision = revision + 1 WHERE id IN
         (SELECT c.product FROM categorisations c WHERE c.category IN (SELECT value FROM json_each(?)))";
    // No hash is empty: what was written of the former name is stale.
    const STALE: &str =
        "UPDATE descriptions SET facts_hash = '' WHERE category IN (SELECT value FROM json_each(?))";
    for (statement, categories) in [(ANEW, &changed.republished), (STALE, &changed.renamed)] {
        if !categories.is_empty() {
            sqlx::query(statement)
                .bind(to_json(categories))
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
        "JOIN decisions_now d ON d.id = p.decision JOIN json_each(?1) j ON j.key = d.category
         WHERE d.taxonomy = ?2 AND p.id = c.product AND c.decision = p.decision AND c.verdict = 'accept'
             AND c.category = j.value";
    let statements = [
        format!(
            "UPDATE products SET revision = revision + 1 WHERE id IN
                 (SELECT c.product FROM categorisations c JOIN products p ON p.id = c.product {CONFIRMED})"
        ),
        format!("UPDATE categorisations AS c SET category = d.category FROM products p {CONFIRMED}"),
    ];
    for statement in statements {
        sqlx::query(sqlx::AssertSqlSafe(statement))
            .bind(to_json(merged))
            .bind(taxonomy)
            .execute(&mut *write)
            .await
            .map_err(StoreError::statement("parting what was confirmed"))?;
    }
    Ok(())
}
