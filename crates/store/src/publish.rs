//! The publish stage: a product's public document, and with it, in the same transaction, its outbox rows.

use std::collections::HashMap;

use berika_catalog::{Digest, Document, Product, ProductState};
use jiff::Timestamp;
use sqlx::Row;
use sqlx::sqlite::SqliteConnection;

use crate::categorisations::categorisation;
use crate::descriptions::description;
use crate::open::commit;
use crate::products::{ProductId, parse_json, stored_product, to_json};
use crate::{Categorisation, Store, StoreError, StoredDescription};

/// A product that changed since its document was last composed, with all a document is composed of.
#[derive(Debug, Clone, PartialEq)]
pub struct StalePublication {
    /// The product's row.
    pub id: ProductId,
    /// The product.
    pub product: Product,
    /// Its revision: the compare-and-set condition.
    pub revision: i64,
    /// Its category, where there is one computed from the present values.
    pub categorisation: Option<Categorisation>,
    /// Its descriptions, those written from the present facts and category.
    pub descriptions: Vec<StoredDescription>,
    /// The last version published; 0 where none was.
    pub version: i64,
    /// The last document published.
    pub published: Option<Document>,
}

/// What the stage decided about a product.
#[derive(Debug, Clone, PartialEq)]
pub enum Publication {
    /// Not settled yet, or the same as before: only the look is remembered.
    Nothing,
    /// A new version, told to the endpoints as an event of this type.
    Version {
        /// The document.
        document: Document,
        /// The event's type, such as `product.enriched`.
        event: &'static str,
    },
}

/// What became of a batch.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct PublishOutcome {
    /// New versions.
    pub published: u64,
    /// Outbox rows written for them.
    pub events: u64,
    /// Outbox rows that nobody had attempted and that now carry the newer version.
    pub coalesced: u64,
}

impl Store {
    /// Products whose revision is not the one last looked at, at most `limit` after `after`.
    ///
    /// # Errors
    /// Any statement's failure.
    pub async fn stale_publications(
        &self,
        after: Option<ProductId>,
        limit: usize,
    ) -> Result<Vec<StalePublication>, StoreError> {
        let failed = || StoreError::statement("looking for stale publications");
        let rows = sqlx::query(
            "SELECT p.id, p.supplier, p.sku, p.state, p.supplier_values, p.provenance, p.edits, p.revision,
                 coalesce(o.version, 0) AS version, o.document,
                 c.product IS NOT NULL AND t.input_hash = p.values_hash AND c.input_hash = t.evidence_hash
                     AND c.decision IS p.decision AS categorised,
                 c.verdict, c.category, c.confidence, c.candidates, c.reasons, c.recipe, c.decision
             FROM products p LEFT JOIN published o ON o.product = p.id
                 LEFT JOIN texts t ON t.product = p.id
                 LEFT JOIN categorisations c ON c.product = p.id
             WHERE p.id > ? AND (o.product IS NULL OR o.revision <> p.revision)
             ORDER BY p.id LIMIT ?",
        )
        .bind(after.map_or(0, |id| id.0))
        .bind(limit as i64)
        .fetch_all(self.readers())
        .await
        .map_err(failed())?;
        let (Some(first), Some(last)) = (rows.first(), rows.last()) else { return Ok(Vec::new()) };
        let described = sqlx::query(
            "SELECT d.product, d.language, d.title, d.short, d.reason, d.sentences, d.recipe
             FROM descriptions d JOIN texts t ON t.product = d.product
                 JOIN categorisations c ON c.product = d.product
             WHERE d.product BETWEEN ? AND ? AND d.facts_hash = t.facts_hash AND d.category IS c.category
             ORDER BY d.product, d.language",
        )
        .bind(first.get::<i64, _>("id"))
        .bind(last.get::<i64, _>("id"))
        .fetch_all(self.readers())
        .await
        .map_err(failed())?;
        let mut descriptions: HashMap<i64, Vec<StoredDescription>> = HashMap::new();
        for row in &described {
            descriptions.entry(row.get("product")).or_default().push(description(row)?);
        }
        rows.iter()
            .map(|row| {
                let stored = stored_product(row)?;
                let published: Option<&str> = row.get("document");
                Ok(StalePublication {
                    descriptions: descriptions.remove(&stored.id.0).unwrap_or_default(),
                    id: stored.id,
                    product: stored.product,
                    revision: row.get("revision"),
                    categorisation: row
                        .get::<bool, _>("categorised")
                        .then(|| categorisation(row))
                        .transpose()?,
                    version: row.get("version"),
                    published: published.map(|text| parse_json("a published document", text)).transpose()?,
                })
            })
            .collect()
    }

    /// Writes new versions and their outbox rows, in one transaction. An event that nobody has attempted is replaced
    /// by its successor, and falls away where the receiver already knows what the successor says. A product that
    /// changed meanwhile is passed over: it is still stale.
    ///
    /// # Errors
    /// Any statement's failure; nothing of the batch is kept then.
    pub async fn publish(
        &self,
        endpoints: &[String],
        batch: &[(StalePublication, Publication)],
        new_id: &mut (dyn FnMut() -> String + Send),
        now: Timestamp,
    ) -> Result<PublishOutcome, StoreError> {
        let doing = "publishing";
        let failed = || StoreError::statement(doing);
        let mut write = self.write(doing).await?;
        let mut outcome = PublishOutcome::default();
        for (stale, publication) in batch {
            let (revision,): (i64,) = sqlx::query_as("SELECT revision FROM products WHERE id = ?")
                .bind(stale.id.0)
                .fetch_one(&mut *write)
                .await
                .map_err(failed())?;
            if revision != stale.revision {
                continue;
            }
            let (version, document) = match publication {
                Publication::Nothing => (stale.version, stale.published.as_ref()),
                Publication::Version { document, .. } => (stale.version + 1, Some(document)),
            };
            sqlx::query(
                "INSERT INTO published (product, revision, version, document, published_at) VALUES (?1, ?2, ?3, ?4, ?5)
                 ON CONFLICT (product) DO UPDATE SET revision = ?2, document = ?4,
                     published_at = CASE WHEN version = ?3 THEN published_at ELSE ?5 END, version = ?3",
            )
            .bind(stale.id.0)
            .bind(stale.revision)
            .bind(version)
            .bind(document.map(to_json))
            .bind(now.as_millisecond())
            .execute(&mut *write)
            .await
            .map_err(failed())?;
            let Publication::Version { document, event } = publication else { continue };
            outcome.published += 1;
            for endpoint in endpoints {
                let coalesced =
                    replace_waiting(&mut write, endpoint, stale.id, version, document, event).await?;
                if coalesced {
                    outcome.coalesced += 1;
                    continue;
                }
                outcome.events += 1;
                sqlx::query(
                    "INSERT INTO outbox (id, endpoint, product, type, version, base, state, due_at, created_at)
                     VALUES (?1, ?2, ?3, ?4, ?5,
                     -- An endpoint that was never told of the product must be told of all of it.
                     CASE WHEN EXISTS (SELECT 1 FROM outbox WHERE product = ?3 AND endpoint = ?2 AND state <> 'dead')
                         THEN ?6 END,
                     'pending', ?7, ?7)",
                )
                .bind(new_id())
                .bind(endpoint)
                .bind(stale.id.0)
                .bind(*event)
                .bind(version)
                .bind(stale.published.as_ref().map(to_json))
                .bind(now.as_millisecond())
                .execute(&mut *write)
                .await
                .map_err(failed())?;
            }
        }
        commit(write, doing).await?;
        Ok(outcome)
    }

    /// A product's last published version and document.
    ///
    /// # Errors
    /// Any statement's failure.
    pub async fn published(&self, id: ProductId) -> Result<Option<(i64, Document)>, StoreError> {
        let row =
            sqlx::query("SELECT version, document FROM published WHERE product = ? AND document IS NOT NULL")
                .bind(id.0)
                .fetch_optional(self.readers())
                .await
                .map_err(StoreError::statement("reading a published document"))?;
        row.map(|row| Ok((row.get("version"), parse_json("a published document", row.get("document"))?)))
            .transpose()
    }

    /// A hash over every published version and document, in the order of keys: two stores with the same hash have
    /// published the same.
    ///
    /// # Errors
    /// Any statement's failure.
    pub async fn published_digest(&self) -> Result<Digest, StoreError> {
        let rows = sqlx::query(
            "SELECT p.supplier || '/' || p.sku || ' ' || p.state || ' ' || coalesce(o.document, '') AS line
             FROM products p LEFT JOIN published o ON o.product = p.id ORDER BY p.supplier, p.sku",
        )
        .fetch_all(self.readers())
        .await
        .map_err(StoreError::statement("hashing what is published"))?;
        let lines: Vec<String> = rows.iter().map(|row| row.get("line")).collect();
        Ok(Digest::of_parts(lines.iter().map(String::as_str)))
    }
}

/// Gives an event that nobody has attempted the newer version; false where there is none.
async fn replace_waiting(
    write: &mut SqliteConnection,
    endpoint: &str,
    product: ProductId,
    version: i64,
    document: &Document,
    event: &str,
) -> Result<bool, StoreError> {
    let failed = || StoreError::statement("publishing");
    let waiting = sqlx::query(
        "SELECT id, base FROM outbox WHERE endpoint = ? AND product = ? AND state = 'pending' AND frozen = 0",
    )
    .bind(endpoint)
    .bind(product.0)
    .fetch_optional(&mut *write)
    .await
    .map_err(failed())?;
    let Some(waiting) = waiting else { return Ok(false) };
    let id: String = waiting.get("id");
    let known: Option<String> = waiting.get("base");
    // A receiver that was never told of the product need not hear that it is gone.
    let never_told = known.is_none() && is_retired(document);
    let change = if never_told || known.as_deref() == Some(to_json(document).as_str()) {
        sqlx::query("DELETE FROM outbox WHERE id = ?").bind(&id)
    } else {
        sqlx::query("UPDATE outbox SET version = ?, type = ? WHERE id = ?")
            .bind(version)
            .bind(event)
            .bind(&id)
    };
    change.execute(write).await.map_err(failed())?;
    Ok(true)
}

fn is_retired(document: &Document) -> bool {
    document.0.get("state").and_then(serde_json::Value::as_str) == Some(ProductState::Retired.as_str())
}
