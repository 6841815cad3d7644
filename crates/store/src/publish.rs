//! The publish stage: a product's public document, and with it, in the same transaction, its outbox rows.

use std::collections::{HashMap, HashSet};

use berika_catalog::{Digest, Document, Product, ProductKey, ProductState, SupplierId};
use jiff::Timestamp;
use sqlx::sqlite::{SqliteConnection, SqliteRow};
use sqlx::{QueryBuilder, Row};

use crate::categorisations::categorisation;
use crate::descriptions::description;
use crate::open::commit;
use crate::products::{ProductId, parse_json, stored_product, to_json};
use crate::{Categorisation, ROWS_PER_TRANSACTION, Store, StoreError, StoredDescription};

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
    /// Whether that says something of its category that no longer holds.
    pub withdrawn: bool,
    /// The product that it is joined into.
    pub joined_into: Option<ProductKey>,
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
            "SELECT p.id, p.supplier, p.sku, p.state, p.supplier_values, p.provenance, p.edits, p.joined, p.revision,
                 coalesce(o.version, 0) AS version, o.document, coalesce(o.withdrawn, 0) AS withdrawn,
                 l.supplier AS leader_supplier, l.sku AS leader_sku,
                 -- What a person locked is published as it was when it was locked, with the values that hold now.
                 c.product IS NOT NULL AND (p.locked = 1 OR t.input_hash = p.values_hash
                     AND c.input_hash = t.evidence_hash) AND c.decision IS p.decision AS categorised,
                 c.verdict, c.category, c.confidence, c.candidates, c.reasons, c.recipe, c.decision,
                 c.promise
             FROM products p LEFT JOIN published o ON o.product = p.id
                 LEFT JOIN texts t ON t.product = p.id
                 LEFT JOIN categorisations c ON c.product = p.id
                 LEFT JOIN products l ON l.id = p.joined_into
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
            "SELECT d.product, d.language, d.title, d.description, d.reason, d.recipe, d.written_at
             FROM descriptions d JOIN products p ON p.id = d.product JOIN texts t ON t.product = d.product
                 JOIN categorisations c ON c.product = d.product
             WHERE d.product BETWEEN ? AND ?
                 AND (p.locked = 1 OR d.facts_hash = t.facts_hash AND d.category IS c.category)
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
                    withdrawn: row.get("withdrawn"),
                    joined_into: leader(row)?,
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
        for chunk in batch.chunks(ROWS_PER_TRANSACTION) {
            let unchanged = unchanged(&mut write, chunk).await?;
            let held: Vec<&(StalePublication, Publication)> =
                chunk.iter().filter(|(stale, _)| unchanged.contains(&stale.id)).collect();
            if held.is_empty() {
                continue;
            }
            let mut put = QueryBuilder::new(
                "INSERT INTO published (product, revision, version, document, published_at) ",
            );
            put.push_values(&held, |mut row, (stale, publication)| {
                let (version, document) = match publication {
                    Publication::Nothing => (stale.version, stale.published.as_ref()),
                    Publication::Version { document, .. } => (stale.version + 1, Some(document)),
                };
                row.push_bind(stale.id.0).push_bind(stale.revision).push_bind(version);
                row.push_bind(document.map(to_json)).push_bind(now.as_millisecond());
            });
            put.push(
                " ON CONFLICT (product) DO UPDATE SET revision = excluded.revision, document = excluded.document,
                     withdrawn = CASE WHEN version = excluded.version THEN withdrawn ELSE 0 END,
                     published_at = CASE WHEN version = excluded.version THEN published_at
                         ELSE excluded.published_at END,
                     version = excluded.version",
            );
            put.build().execute(&mut *write).await.map_err(failed())?;
            for endpoint in endpoints {
                let waiting = waiting(&mut write, endpoint, &held).await?;
                let mut new = Vec::new();
                for (stale, publication) in &held {
                    let Publication::Version { document, event } = publication else { continue };
                    if let Some(waiting) = waiting.get(&stale.id) {
                        replace_waiting(&mut write, waiting, stale.version + 1, document, event).await?;
                        outcome.coalesced += 1;
                    } else {
                        new.push((new_id(), stale, event));
                    }
                }
                outcome.events += new.len() as u64;
                tell(&mut write, endpoint, &new, now).await?;
            }
            let versions = held.iter().filter(|(_, p)| matches!(p, Publication::Version { .. }));
            outcome.published += versions.count() as u64;
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

/// The product that the one in this row is joined into.
fn leader(row: &SqliteRow) -> Result<Option<ProductKey>, StoreError> {
    let (Some(supplier), Some(sku)) = (row.get::<Option<&str>, _>("leader_supplier"), row.get("leader_sku"))
    else {
        return Ok(None);
    };
    let supplier = SupplierId::new(supplier).map_err(StoreError::corrupt("a supplier's name"))?;
    Ok(Some(ProductKey { supplier, sku }))
}

/// Those products of a batch that have not changed since they were looked at.
async fn unchanged(
    write: &mut SqliteConnection,
    batch: &[(StalePublication, Publication)],
) -> Result<HashSet<ProductId>, StoreError> {
    let mut look = QueryBuilder::new("WITH looked (product, revision) AS (");
    look.push_values(batch, |mut row, (stale, _)| {
        row.push_bind(stale.id.0).push_bind(stale.revision);
    });
    look.push(
        ") SELECT p.id FROM looked JOIN products p ON p.id = looked.product WHERE p.revision = looked.revision",
    );
    let rows = look.build().fetch_all(write).await.map_err(StoreError::statement("publishing"))?;
    Ok(rows.iter().map(|row| ProductId(row.get("id"))).collect())
}

/// An event that nobody has attempted, and the document that its receiver knows.
struct Waiting {
    id: String,
    base: Option<String>,
}

/// The events of these products that wait for `endpoint` and that nobody has attempted.
async fn waiting(
    write: &mut SqliteConnection,
    endpoint: &str,
    batch: &[&(StalePublication, Publication)],
) -> Result<HashMap<ProductId, Waiting>, StoreError> {
    let mut look = QueryBuilder::new("SELECT product, id, base FROM outbox WHERE endpoint = ");
    look.push_bind(endpoint).push(" AND state = 'pending' AND frozen = 0 AND product IN (");
    let mut products = look.separated(", ");
    for (stale, _) in batch {
        products.push_bind(stale.id.0);
    }
    look.push(")");
    let rows = look.build().fetch_all(write).await.map_err(StoreError::statement("publishing"))?;
    let waiting = |row: &SqliteRow| Waiting { id: row.get("id"), base: row.get("base") };
    Ok(rows.iter().map(|row| (ProductId(row.get("product")), waiting(row))).collect())
}

/// Writes new events for `endpoint`, under these ids.
async fn tell(
    write: &mut SqliteConnection,
    endpoint: &str,
    events: &[(String, &StalePublication, &&'static str)],
    now: Timestamp,
) -> Result<(), StoreError> {
    if events.is_empty() {
        return Ok(());
    }
    let mut put = QueryBuilder::new("WITH new (id, endpoint, product, type, version, base, now) AS (");
    put.push_values(events, |mut row, (id, stale, event)| {
        row.push_bind(id).push_bind(endpoint).push_bind(stale.id.0).push_bind(**event);
        row.push_bind(stale.version + 1).push_bind(stale.published.as_ref().map(to_json));
        row.push_bind(now.as_millisecond());
    });
    put.push(
        ") INSERT INTO outbox (id, endpoint, product, type, version, base, state, due_at, created_at)
         SELECT id, endpoint, product, type, version,
             -- An endpoint that was never told of the product must be told of all of it.
             CASE WHEN EXISTS (SELECT 1 FROM outbox o
                 WHERE o.product = new.product AND o.endpoint = new.endpoint AND o.state <> 'dead') THEN base END,
             'pending', now, now
         FROM new",
    );
    put.build().execute(write).await.map_err(StoreError::statement("publishing"))?;
    Ok(())
}

/// Gives an event that nobody has attempted the newer version.
async fn replace_waiting(
    write: &mut SqliteConnection,
    Waiting { id, base }: &Waiting,
    version: i64,
    document: &Document,
    event: &str,
) -> Result<(), StoreError> {
    // A receiver that was never told of the product need not hear that it is gone.
    let never_told = base.is_none() && is_retired(document);
    let change = if never_told || base.as_deref() == Some(to_json(document).as_str()) {
        sqlx::query("DELETE FROM outbox WHERE id = ?").bind(id)
    } else {
        sqlx::query("UPDATE outbox SET version = ?, type = ? WHERE id = ?").bind(version).bind(event).bind(id)
    };
    change.execute(write).await.map_err(StoreError::statement("publishing"))?;
    Ok(())
}

fn is_retired(document: &Document) -> bool {
    document.0.get("state").and_then(serde_json::Value::as_str) == Some(ProductState::Retired.as_str())
}
