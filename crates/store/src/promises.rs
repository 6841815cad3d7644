//! What is accepted without a look: thresholds learnt, audits drawn, and when the audits stopped it.

use berika_catalog::{CategoryId, ChosenBy, Digest, ProductKey};
use jiff::Timestamp;
use sqlx::Row;

use crate::open::commit;
use crate::products::product_key;
use crate::{Store, StoreError};

/// What the evidence allowed once.
#[derive(Debug, Clone, PartialEq)]
pub struct LearntPromise {
    /// The classifier's version.
    pub classifier: i64,
    /// What is promised.
    pub share: f64,
    /// What the evidence allows, as JSON.
    pub outcome: String,
    /// When it was found.
    pub learnt_at: Timestamp,
}

/// A product drawn for audit that a person has decided on.
#[derive(Debug, Clone, PartialEq)]
pub struct DecidedAudit {
    /// The decision's row in the log.
    pub decision: i64,
    /// The product.
    pub product: ProductKey,
    /// What would have been accepted.
    pub category: CategoryId,
    /// What was decided; `None`: none of ours.
    pub decided: Option<CategoryId>,
    /// At which threshold it would have been accepted.
    pub threshold: f32,
    /// How the decision says that the product was chosen.
    pub chosen_by: ChosenBy,
}

/// When the audits broke the promise.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Stop {
    /// When.
    pub stopped_at: Timestamp,
    /// Why, in one sentence.
    pub reason: String,
    /// The last audit's decision: the test begins anew behind it.
    pub decision: i64,
    /// When a person resumed it; `None` while it stands.
    pub resumed_at: Option<Timestamp>,
}

impl Store {
    /// What this evidence allows for this classifier, where it has been found before.
    ///
    /// # Errors
    /// Any statement's failure.
    pub async fn learnt_promise(
        &self,
        taxonomy: &str,
        classifier: i64,
        evidence: &Digest,
    ) -> Result<Option<LearntPromise>, StoreError> {
        sqlx::query("SELECT * FROM promises WHERE taxonomy = ? AND classifier = ? AND evidence = ?")
            .bind(taxonomy)
            .bind(classifier)
            .bind(evidence.as_str())
            .fetch_optional(self.readers())
            .await
            .map_err(StoreError::statement("reading what is promised"))?
            .map(|row| learnt(&row))
            .transpose()
    }

    /// What the evidence allowed when it was last looked at.
    ///
    /// # Errors
    /// Any statement's failure.
    pub async fn latest_promise(
        &self,
        taxonomy: &str,
        share: f64,
    ) -> Result<Option<LearntPromise>, StoreError> {
        sqlx::query("SELECT * FROM promises WHERE taxonomy = ? AND share = ? ORDER BY learnt_at DESC, id DESC LIMIT 1")
            .bind(taxonomy)
            .bind(share)
            .fetch_optional(self.readers())
            .await
            .map_err(StoreError::statement("reading what is promised"))?
            .map(|row| learnt(&row))
            .transpose()
    }

    /// Remembers what this evidence allows; what is known stays.
    ///
    /// # Errors
    /// Any statement's failure.
    pub async fn put_promise(
        &self,
        taxonomy: &str,
        evidence: &Digest,
        learnt: &LearntPromise,
    ) -> Result<(), StoreError> {
        let doing = "storing what is promised";
        let mut write = self.write(doing).await?;
        sqlx::query(
            "INSERT INTO promises (taxonomy, classifier, evidence, share, outcome, learnt_at)
             VALUES (?, ?, ?, ?, ?, ?)
             ON CONFLICT DO UPDATE SET learnt_at = excluded.learnt_at",
        )
        .bind(taxonomy)
        .bind(learnt.classifier)
        .bind(evidence.as_str())
        .bind(learnt.share)
        .bind(&learnt.outcome)
        .bind(learnt.learnt_at.as_millisecond())
        .execute(&mut *write)
        .await
        .map_err(StoreError::statement(doing))?;
        commit(write, doing).await
    }

    /// The audits that a person has decided on, in the order of the decisions.
    ///
    /// # Errors
    /// Any statement's failure.
    pub async fn decided_audits(&self, taxonomy: &str) -> Result<Vec<DecidedAudit>, StoreError> {
        let rows = sqlx::query(
            "SELECT p.supplier, p.sku, a.category, a.threshold, d.id, d.category AS decided, d.chosen_by
             FROM audits a JOIN products p ON p.id = a.product JOIN decisions_now d ON d.id = p.decision
             WHERE a.taxonomy = ? ORDER BY d.id",
        )
        .bind(taxonomy)
        .fetch_all(self.readers())
        .await
        .map_err(StoreError::statement("reading audits"))?;
        rows.iter()
            .map(|row| {
                Ok(DecidedAudit {
                    decision: row.get("id"),
                    product: product_key(row)?,
                    category: CategoryId(row.get("category")),
                    decided: row.get::<Option<String>, _>("decided").map(CategoryId),
                    threshold: row.get::<f64, _>("threshold") as f32,
                    chosen_by: serde_json::from_value(row.get::<String, _>("chosen_by").into())
                        .map_err(StoreError::corrupt("how a decision's product was chosen"))?,
                })
            })
            .collect()
    }

    /// How many products wait to be looked at as audits.
    ///
    /// # Errors
    /// Any statement's failure.
    pub async fn open_audits(&self, taxonomy: &str) -> Result<u64, StoreError> {
        let row = sqlx::query(
            "SELECT count(*) AS open FROM audits a JOIN products p ON p.id = a.product
             WHERE a.taxonomy = ? AND p.decision IS NULL AND p.state <> 'retired' AND p.joined_into IS NULL",
        )
        .bind(taxonomy)
        .fetch_one(self.readers())
        .await
        .map_err(StoreError::statement("counting audits"))?;
        Ok(row.get::<i64, _>("open").unsigned_abs())
    }

    /// Whether a product is drawn for audit. A decision on it is then evidence, chosen as
    /// [`ChosenBy::RandomAudit`].
    ///
    /// # Errors
    /// Any statement's failure.
    pub async fn drawn_for_audit(&self, key: &ProductKey) -> Result<bool, StoreError> {
        let row = sqlx::query(
            "SELECT 1 FROM audits a JOIN products p ON p.id = a.product WHERE p.supplier = ? AND p.sku = ?",
        )
        .bind(key.supplier.as_str())
        .bind(&key.sku)
        .fetch_optional(self.readers())
        .await
        .map_err(StoreError::statement("reading a product's audit"))?;
        Ok(row.is_some())
    }

    /// Every time that audits broke the promise, in order. Only the last may not be resumed.
    ///
    /// # Errors
    /// Any statement's failure.
    pub async fn stops(&self, taxonomy: &str) -> Result<Vec<Stop>, StoreError> {
        let rows = sqlx::query("SELECT * FROM stops WHERE taxonomy = ? ORDER BY id")
            .bind(taxonomy)
            .fetch_all(self.readers())
            .await
            .map_err(StoreError::statement("reading whether accepting is stopped"))?;
        let time =
            |at: i64| Timestamp::from_millisecond(at).map_err(StoreError::corrupt("the time of a stop"));
        rows.iter()
            .map(|row| {
                Ok(Stop {
                    stopped_at: time(row.get("stopped_at"))?,
                    reason: row.get("reason"),
                    decision: row.get("decision"),
                    resumed_at: row.get::<Option<i64>, _>("resumed_at").map(time).transpose()?,
                })
            })
            .collect()
    }

    /// Stops accepting without a look; where it is stopped already it stays as it is.
    ///
    /// # Errors
    /// Any statement's failure.
    pub async fn stop_accepting(&self, taxonomy: &str, stop: &Stop) -> Result<(), StoreError> {
        let doing = "stopping to accept";
        let mut write = self.write(doing).await?;
        sqlx::query(
            "INSERT INTO stops (taxonomy, stopped_at, reason, decision) VALUES (?, ?, ?, ?) ON CONFLICT DO NOTHING",
        )
        .bind(taxonomy)
        .bind(stop.stopped_at.as_millisecond())
        .bind(&stop.reason)
        .bind(stop.decision)
        .execute(&mut *write)
        .await
        .map_err(StoreError::statement(doing))?;
        commit(write, doing).await
    }

    /// Resumes accepting in a person's name. Returns whether it was stopped.
    ///
    /// # Errors
    /// Any statement's failure.
    pub async fn resume_accepting(
        &self,
        taxonomy: &str,
        by: &str,
        now: Timestamp,
    ) -> Result<bool, StoreError> {
        let doing = "resuming to accept";
        let mut write = self.write(doing).await?;
        let done = sqlx::query(
            "UPDATE stops SET resumed_at = ?, resumed_by = ? WHERE taxonomy = ? AND resumed_at IS NULL",
        )
        .bind(now.as_millisecond())
        .bind(by)
        .bind(taxonomy)
        .execute(&mut *write)
        .await
        .map_err(StoreError::statement(doing))?;
        commit(write, doing).await?;
        Ok(done.rows_affected() > 0)
    }
}

fn learnt(row: &sqlx::sqlite::SqliteRow) -> Result<LearntPromise, StoreError> {
    Ok(LearntPromise {
        classifier: row.get("classifier"),
        share: row.get("share"),
        outcome: row.get("outcome"),
        learnt_at: Timestamp::from_millisecond(row.get("learnt_at"))
            .map_err(StoreError::corrupt("when a promise was learnt"))?,
    })
}
