//! An application taken back: what it replaced is restored, batch by batch, for products that nobody has touched since.

use std::collections::BTreeMap;
use std::fmt;

use berika_catalog::ProductKey;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use sqlx::Row;
use sqlx::sqlite::{SqliteConnection, SqliteRow};

use super::{ApplicationState, refuse_under_way, set_state};
use crate::open::commit;
use crate::products::{ProductId, product_key, to_json};
use crate::runs::{end_run, insert_run};
use crate::taxonomy_changes::take_back;
use crate::{NewRun, ROWS_PER_TRANSACTION, Store, StoreError};

/// Why a product is left as it is when an application is taken back.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum TouchedSince {
    /// A person decided on it.
    Decided,
    /// A person edited, locked or unlocked it.
    Edited,
    /// It was joined into another one.
    Joined,
    /// Another plan moved it. A run that judged it anew is no touch where what its category follows from is the same.
    Judged,
    /// What its category follows from changed.
    Evidence,
    /// Its former category is no longer one that products can be in.
    Category,
}

impl fmt::Display for TouchedSince {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Decided => "a person has decided on it since",
            Self::Edited => "a person has edited or locked it since",
            Self::Joined => "it was joined into another product since",
            Self::Judged => "another plan has moved it since",
            Self::Evidence => "what its category follows from has changed since",
            Self::Category => "its former category is no longer one that products can be in",
        })
    }
}

/// A run that takes an application back.
#[derive(Debug, Clone)]
pub struct NewRevert<'a> {
    /// The run that begins.
    pub run: NewRun<'a>,
    /// The application's run.
    pub application: &'a str,
}

/// What a revert has come to.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Reverted {
    /// Products that stand as before.
    pub restored: u64,
    /// Products left as they are, by the reason, in the order of keys.
    pub left: BTreeMap<TouchedSince, Vec<ProductKey>>,
}

impl Store {
    /// Begins to take an application back, in a run that begins with it, and changes the taxonomy back in the same transaction
    /// where the application changed it.
    ///
    /// # Errors
    /// [`StoreError::UnderWay`] where another one is not done, [`StoreError::TaxonomyMoved`] where the taxonomy was changed
    /// again since; any statement's failure. Nothing is kept then.
    pub async fn begin_revert(&self, new: NewRevert<'_>, now: Timestamp) -> Result<(), StoreError> {
        let doing = "beginning to take an application back";
        let mut write = self.write(doing).await?;
        refuse_under_way(&mut *write, Some(new.application)).await?;
        insert_run(&mut write, &new.run, now).await?;
        set_state(&mut write, new.application, ApplicationState::Reverting).await?;
        sqlx::query("UPDATE applications SET reverted_by = ? WHERE run = ?")
            .bind(new.run.id)
            .bind(new.application)
            .execute(&mut *write)
            .await
            .map_err(StoreError::statement(doing))?;
        take_back(&mut write, new.application, new.run.id, now).await?;
        commit(write, doing).await
    }

    /// Takes the next [`ROWS_PER_TRANSACTION`] products of an application back, in one transaction: those that nobody touched
    /// since stand as before, row by row, and their revisions rise. `leaves` are the categories that products can be in.
    /// Returns the last product looked at, behind which the next batch begins; `None` at the end.
    ///
    /// # Errors
    /// Any statement's failure; nothing of the batch is kept then.
    pub async fn revert_batch(
        &self,
        application: &str,
        leaves: &[&str],
        after: Option<ProductId>,
    ) -> Result<Option<ProductId>, StoreError> {
        let doing = "taking an application back";
        let failed = || StoreError::statement(doing);
        let mut write = self.write(doing).await?;
        let rows = sqlx::query(
            "SELECT r.product, CASE
                 WHEN p.decision IS NOT r.product_decision THEN 'decided'
                 WHEN r.last_edit <> (SELECT coalesce(max(e.id), 0) FROM edit_log e
                     WHERE e.product = r.product AND e.action <> 'released') THEN 'edited'
                 WHEN p.joined_into IS NOT NULL THEN 'joined'
                 WHEN c.product IS NULL OR c.run <> r.run AND c.run IN (SELECT run FROM applications)
                     OR EXISTS (SELECT 1 FROM applications a JOIN applications own ON own.run = r.run
                         JOIN replaced_categorisations o ON o.run = a.run AND o.product = r.product
                         WHERE a.rowid > own.rowid AND o.outcome IS NOT 'restored') THEN 'judged'
                 WHEN t.evidence_hash IS NOT coalesce(r.evidence, r.input_hash) THEN 'evidence'
                 WHEN r.category IS NOT NULL AND r.category NOT IN (SELECT value FROM json_each(?2)) THEN 'category'
                 ELSE 'restored' END AS outcome
             FROM replaced_categorisations r JOIN products p ON p.id = r.product
                 LEFT JOIN categorisations c ON c.product = r.product LEFT JOIN texts t ON t.product = r.product
             WHERE r.run = ?1 AND r.product > ?4 AND r.outcome IS NULL ORDER BY r.product LIMIT ?3",
        )
        .bind(application)
        .bind(to_json(&leaves))
        .bind(ROWS_PER_TRANSACTION as i64)
        .bind(after.map_or(0, |product| product.0))
        .fetch_all(&mut *write)
        .await
        .map_err(failed())?;
        let mut by_outcome: BTreeMap<&str, Vec<i64>> = BTreeMap::new();
        for row in &rows {
            by_outcome.entry(row.get("outcome")).or_default().push(row.get("product"));
        }
        for (outcome, products) in &by_outcome {
            let products = to_json(products);
            if *outcome == "restored" {
                restore(&mut write, application, &products).await?;
            }
            sqlx::query(
                "UPDATE replaced_categorisations SET outcome = ?
                 WHERE run = ? AND product IN (SELECT value FROM json_each(?))",
            )
            .bind(outcome)
            .bind(application)
            .bind(&products)
            .execute(&mut *write)
            .await
            .map_err(failed())?;
        }
        commit(write, doing).await?;
        Ok(rows.last().map(|row| ProductId(row.get("product"))))
    }

    /// What the revert of an application has come to so far.
    ///
    /// # Errors
    /// Any statement's failure.
    pub async fn reverted(&self, application: &str) -> Result<Reverted, StoreError> {
        let failed = || StoreError::statement("reading what was taken back");
        let row = sqlx::query(
            "SELECT count(*) AS restored FROM replaced_categorisations WHERE run = ? AND outcome = 'restored'",
        )
        .bind(application)
        .fetch_one(self.readers())
        .await
        .map_err(failed())?;
        let left = sqlx::query(
            "SELECT p.supplier, p.sku, r.outcome FROM replaced_categorisations r JOIN products p ON p.id = r.product
             WHERE r.run = ? AND r.outcome <> 'restored' ORDER BY p.supplier, p.sku",
        )
        .bind(application)
        .fetch_all(self.readers())
        .await
        .map_err(failed())?;
        let mut reverted =
            Reverted { restored: row.get::<i64, _>("restored").unsigned_abs(), left: BTreeMap::new() };
        for row in &left {
            reverted.left.entry(touched(row)?).or_default().push(product_key(row)?);
        }
        Ok(reverted)
    }

    /// Ends a revert, and its run with it.
    ///
    /// # Errors
    /// Any statement's failure.
    pub async fn finish_revert(
        &self,
        application: &str,
        run: &str,
        counts: &serde_json::Value,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        let doing = "finishing a revert";
        let mut write = self.write(doing).await?;
        set_state(&mut write, application, ApplicationState::Reverted).await?;
        end_run(&mut write, run, counts, now).await?;
        commit(write, doing).await
    }

    /// The version of a taxonomy that this run made, with the latest one where that says something else; `None` where it made
    /// none, or what it made holds.
    ///
    /// # Errors
    /// Any statement's failure.
    pub async fn taxonomy_changed_since(&self, run: &str) -> Result<Option<(u32, u32)>, StoreError> {
        let row = sqlx::query(
            "SELECT t.version, l.version AS latest FROM taxonomies t JOIN taxonomies l ON l.id = t.id
             WHERE t.run = ? AND l.digest <> t.digest
                 AND l.version = (SELECT max(version) FROM taxonomies WHERE id = t.id)",
        )
        .bind(run)
        .fetch_optional(self.readers())
        .await
        .map_err(StoreError::statement("reading whether a taxonomy was changed since"))?;
        Ok(row.map(|row| (row.get("version"), row.get("latest"))))
    }
}

fn touched(row: &SqliteRow) -> Result<TouchedSince, StoreError> {
    serde_json::from_value(row.get::<&str, _>("outcome").into())
        .map_err(StoreError::corrupt("why a product was left"))
}

/// Restores what `run` replaced of these products (a JSON list of rows).
async fn restore(write: &mut SqliteConnection, run: &str, products: &str) -> Result<(), StoreError> {
    const RESTORE: [&str; 8] = [
        // Told of for the first time, or told again, by what is no longer so: as if it had not been said.
        "UPDATE published AS o SET withdrawn = r.verdict <> 'accept' FROM replaced_categorisations r
         WHERE r.run = ?1 AND r.product = o.product AND o.product IN (SELECT value FROM json_each(?2))
             AND o.document IS NOT NULL AND (r.verdict = 'accept' OR o.version > r.published_version)",
        "UPDATE categorisations AS c SET input_hash = r.input_hash, decision = r.decision, recipe = r.recipe,
             verdict = r.verdict, category = r.category, confidence = r.confidence, candidates = r.candidates,
             reasons = r.reasons, promise = r.promise, run = r.replaced_run
         FROM replaced_categorisations r
         WHERE r.run = ?1 AND r.product = c.product AND c.product IN (SELECT value FROM json_each(?2))",
        // A text of values that were delivered since, on which the category does not rest, is the better one.
        "UPDATE texts AS t SET input_hash = r.input_hash, recipe = r.recipe, text = r.text, text_hash = r.text_hash,
             evidence_hash = r.evidence_hash, facts_hash = r.facts_hash
         FROM replaced_texts r
         WHERE r.run = ?1 AND r.product = t.product AND t.product IN (SELECT value FROM json_each(?2))
             AND (r.input_hash = t.input_hash OR r.evidence_hash <> t.evidence_hash)",
        "DELETE FROM descriptions WHERE product IN (SELECT value FROM json_each(?2))",
        "INSERT INTO descriptions
             (product, language, facts_hash, category, recipe, title, reason, run, description, written_at)
         SELECT product, language, facts_hash, category, recipe, title, reason, replaced_run, description, written_at
         FROM replaced_descriptions WHERE run = ?1 AND product IN (SELECT value FROM json_each(?2))",
        "DELETE FROM audits WHERE product IN (SELECT value FROM json_each(?2))
             AND EXISTS (SELECT 1 FROM products p WHERE p.id = product AND p.decision IS NULL)",
        "INSERT INTO audits (product, taxonomy, category, threshold)
         SELECT product, taxonomy, category, threshold FROM replaced_audits
         WHERE run = ?1 AND product IN (SELECT value FROM json_each(?2)) ON CONFLICT DO NOTHING",
        "UPDATE products SET revision = revision + 1 WHERE id IN (SELECT value FROM json_each(?2))",
    ];
    for statement in RESTORE {
        sqlx::query(statement)
            .bind(run)
            .bind(products)
            .execute(&mut *write)
            .await
            .map_err(StoreError::statement("taking an application back"))?;
    }
    Ok(())
}
