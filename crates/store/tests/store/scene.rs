//! A store on a real file, and the stages in short.

use std::collections::BTreeMap;

use berika_catalog::{
    CategoryId, ChosenBy, Decision, DeliveryKind, Digest, Document, ProductKey, ProductRecord, ProductValues,
    SupplierId,
};
use berika_store::{
    Access, AttemptRecord, AttemptResult, Categorisation, DeliveryFilter, FinishedImport, ImportCounts,
    ImportMode, NewImport, Publication, SourceState, Store, StoredDescription, StoredText,
};
use jiff::Timestamp;

/// The clock of all tests.
pub(crate) const NOW: Timestamp = Timestamp::UNIX_EPOCH;

/// A delivery read to its end, of which nothing was learnt.
pub(crate) fn finished(source: &SourceState, retire_after: u32) -> FinishedImport<'_> {
    FinishedImport { source, profile: None, let_through: false, retire_after, mode: ImportMode::default() }
}

/// A store in a folder of its own, with one supplier.
pub(crate) struct Scene {
    pub(crate) store: Store,
    pub(crate) supplier: SupplierId,
    _folder: tempfile::TempDir,
}

impl Scene {
    pub(crate) async fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let store = Store::open(&folder.path().join("berika.sqlite"), Access::Work).await.unwrap();
        Self { store, supplier: SupplierId::new("nordmat").unwrap(), _folder: folder }
    }

    pub(crate) fn key(&self, sku: &str) -> ProductKey {
        ProductKey { supplier: self.supplier.clone(), sku: sku.to_owned() }
    }

    pub(crate) fn record(&self, sku: &str, title: &str) -> ProductRecord {
        let values = ProductValues { title: Some(title.to_owned()), ..ProductValues::default() };
        ProductRecord { key: self.key(sku), values, provenance: BTreeMap::new() }
    }

    /// Takes in a delivery of (sku, title) rows and returns its counts.
    pub(crate) async fn deliver(&self, kind: DeliveryKind, rows: &[(&str, &str)]) -> ImportCounts {
        let records: Vec<_> = rows.iter().map(|(sku, title)| self.record(sku, title)).collect();
        self.deliver_records(kind, ImportMode::default(), &records).await
    }

    /// Takes in a delivery of records, the first in row 2, and returns its counts.
    pub(crate) async fn deliver_records(
        &self,
        kind: DeliveryKind,
        mode: ImportMode,
        rows: &[ProductRecord],
    ) -> ImportCounts {
        let said: Vec<_> = rows.iter().map(|row| (&row.key, &row.values)).collect();
        let body_hash = Digest::of_json(&said);
        let new =
            NewImport { supplier: &self.supplier, run: "run", kind, file: "feed.csv", body_hash: &body_hash };
        let import = self.store.begin_import(new.clone(), NOW).await.unwrap();
        let records: Vec<_> = (2u64..).zip(rows.iter().cloned()).collect();
        let batch = self.store.import_rows(import, (kind, mode), &records, NOW).await.unwrap();
        let counts = ImportCounts {
            read: rows.len() as u64,
            stored: batch.new + batch.changed + batch.unchanged,
            new: batch.new,
            changed: batch.changed,
            folded: batch.folded,
            left: batch.left,
            refused: batch.conflicts.len() as u64,
            ..ImportCounts::default()
        };
        let source = SourceState::default();
        let finished = FinishedImport { mode, ..finished(&source, 2) };
        self.store.finish_import(import, &new, &finished, counts, NOW).await.unwrap()
    }

    pub(crate) async fn compose_texts(&self) -> usize {
        let stale = self.store.stale_texts(None, 2000).await.unwrap();
        let texts: Vec<_> = stale
            .iter()
            .map(|stale| {
                let text = stale.product.values().title.unwrap_or_default();
                let hash = Digest::of_bytes(text.as_bytes());
                let stored = StoredText {
                    text,
                    text_hash: hash.clone(),
                    evidence_hash: hash.clone(),
                    facts_hash: hash,
                };
                (stale.id, stale.input_hash.clone(), stored)
            })
            .collect();
        self.store.put_texts("template-1", &texts).await.unwrap();
        stale.len()
    }

    pub(crate) async fn categorise(&self, recipe: &str, verdict: &str, category: &str) -> usize {
        let stale =
            self.store.stale_categorisations(recipe, "model", &["dairy", "bread"], None, 2000).await.unwrap();
        let count = stale.len();
        let new = Categorisation {
            verdict: verdict.to_owned(),
            category: Some(category.to_owned()),
            confidence: 0.5,
            candidates: serde_json::json!([]),
            reasons: vec![],
            recipe: recipe.to_owned(),
            decision: None,
            promise: None,
            audit: None,
        };
        let batch: Vec<_> = stale.into_iter().map(|stale| (stale, new.clone())).collect();
        self.store.put_categorisations("run", &batch).await.unwrap();
        count
    }

    pub(crate) async fn describe(&self, language: &str) -> usize {
        let stale = self.store.stale_descriptions(language, None, 2000).await.unwrap();
        let count = stale.len();
        let batch: Vec<_> = stale
            .into_iter()
            .map(|stale| {
                let description = StoredDescription {
                    language: language.to_owned(),
                    title: stale.values.title.clone(),
                    description: Some(serde_json::json!({})),
                    reason: None,
                    recipe: "composer".to_owned(),
                    written_at: None,
                };
                (stale, description)
            })
            .collect();
        self.store.put_descriptions("run", &batch).await.unwrap();
        count
    }

    /// Looks at all products that changed and publishes none.
    pub(crate) async fn publish_nothing(&self) {
        let stale = self.store.stale_publications(None, 2000).await.unwrap();
        let batch: Vec<_> = stale.into_iter().map(|stale| (stale, Publication::Nothing)).collect();
        self.store.publish(&[], &batch, &mut String::new, NOW).await.unwrap();
    }

    /// Publishes every stale product whose title differs from the published one. Returns the new versions.
    pub(crate) async fn publish(&self, endpoints: &[&str]) -> u64 {
        let stale = self.store.stale_publications(None, 2000).await.unwrap();
        let batch: Vec<_> = stale
            .into_iter()
            .map(|stale| {
                let title = serde_json::json!(stale.product.values().title);
                let document = Document(BTreeMap::from([("fields.title".to_owned(), title)]));
                let publication = if stale.published.as_ref() == Some(&document) {
                    Publication::Nothing
                } else {
                    Publication::Version { document, event: "product.enriched" }
                };
                (stale, publication)
            })
            .collect();
        let endpoints: Vec<String> = endpoints.iter().map(|e| (*e).to_owned()).collect();
        let first = self.store.deliveries(&DeliveryFilter { limit: 1000, ..filter() }).await.unwrap().len();
        let mut next = first;
        let mut new_id = || {
            next += 1;
            format!("msg_{next:04}_{}", Digest::of_bytes(&next.to_le_bytes()))
        };
        self.store.publish(&endpoints, &batch, &mut new_id, NOW).await.unwrap().published
    }
}

pub(crate) fn filter() -> DeliveryFilter {
    DeliveryFilter { limit: 100, ..DeliveryFilter::default() }
}

pub(crate) fn attempt(id: &str, number: u32, result: AttemptResult) -> AttemptRecord {
    AttemptRecord {
        id: id.to_owned(),
        number,
        started_at: NOW,
        duration_ms: 3,
        status: Some(200),
        outcome: "200".to_owned(),
        answer: None,
        result,
    }
}

/// A decision of now on `sku`.
pub(crate) fn decided(scene: &Scene, sku: &str, category: Option<&str>) -> Decision {
    Decision {
        product: scene.key(sku),
        category: category.map(|category| CategoryId(category.to_owned())),
        taxonomy: "own".to_owned(),
        taxonomy_version: 1,
        by: "buyer".to_owned(),
        at: NOW,
        run: None,
        reason: None,
        chosen_by: ChosenBy::ActiveReview,
    }
}
