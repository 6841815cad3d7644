//! What an application replaces, copied before it is replaced.

use sqlx::Row;
use sqlx::sqlite::SqliteConnection;

use crate::StoreError;
use crate::products::{ProductId, to_json};

/// Copies category, text, descriptions and audit of these products as they stand, with what tells later whether a person
/// touched them, so that a revert of `run` restores them exactly. Any number of products. The first copy of a run stays: a
/// product that the run has copied before is passed over. One without a category has nothing to restore and is passed
/// over, too. Whoever writes a copied product's category writes `run` into `categorisations.run`: a revert leaves what
/// another application wrote.
pub(crate) async fn journal(
    write: &mut SqliteConnection,
    run: &str,
    products: &[ProductId],
) -> Result<(), StoreError> {
    let failed = || StoreError::statement("copying what is replaced");
    let ids: Vec<i64> = products.iter().map(|product| product.0).collect();
    // Of a product copied before, descriptions written since are no part of what was replaced.
    let fresh = sqlx::query(
        "SELECT c.product FROM json_each(?2) j CROSS JOIN categorisations c ON c.product = j.value
         WHERE NOT EXISTS (SELECT 1 FROM replaced_categorisations r WHERE r.run = ?1 AND r.product = c.product)",
    )
    .bind(run)
    .bind(to_json(&ids))
    .fetch_all(&mut *write)
    .await
    .map_err(failed())?;
    let fresh: Vec<i64> = fresh.iter().map(|row| row.get("product")).collect();
    if fresh.is_empty() {
        return Ok(());
    }
    let fresh = to_json(&fresh);
    const COPIES: [&str; 4] = [
        "INSERT INTO replaced_categorisations
             (run, product, input_hash, decision, recipe, verdict, category, confidence, candidates, reasons, promise,
              replaced_run, product_decision, last_edit, published_version)
         SELECT ?1, c.product, c.input_hash, c.decision, c.recipe, c.verdict, c.category, c.confidence, c.candidates,
             c.reasons, c.promise, c.run, p.decision,
             (SELECT coalesce(max(e.id), 0) FROM edit_log e WHERE e.product = c.product AND e.action <> 'released'),
             coalesce((SELECT o.version FROM published o WHERE o.product = c.product), 0)
         FROM json_each(?2) j CROSS JOIN categorisations c ON c.product = j.value JOIN products p ON p.id = c.product
         WHERE true ON CONFLICT DO NOTHING",
        "INSERT INTO replaced_texts (run, product, input_hash, recipe, text, text_hash, evidence_hash, facts_hash)
         SELECT ?1, t.product, t.input_hash, t.recipe, t.text, t.text_hash, t.evidence_hash, t.facts_hash
         FROM json_each(?2) j CROSS JOIN texts t ON t.product = j.value WHERE true ON CONFLICT DO NOTHING",
        "INSERT INTO replaced_descriptions
             (run, product, language, facts_hash, category, recipe, title, reason, replaced_run, description, written_at)
         SELECT ?1, d.product, d.language, d.facts_hash, d.category, d.recipe, d.title, d.reason, d.run, d.description,
             d.written_at
         FROM json_each(?2) j CROSS JOIN descriptions d ON d.product = j.value WHERE true ON CONFLICT DO NOTHING",
        "INSERT INTO replaced_audits (run, product, taxonomy, category, threshold)
         SELECT ?1, a.product, a.taxonomy, a.category, a.threshold
         FROM json_each(?2) j CROSS JOIN audits a ON a.product = j.value WHERE true ON CONFLICT DO NOTHING",
    ];
    for copy in COPIES {
        sqlx::query(copy).bind(run).bind(&fresh).execute(&mut *write).await.map_err(failed())?;
    }
    Ok(())
}
