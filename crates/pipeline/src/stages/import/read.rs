//! Reading a delivery on a thread of its own, a bounded number of batches ahead of the store.

use std::collections::HashMap;
use std::ops::ControlFlow;

use berika_catalog::{Language, ProductRecord};
use berika_feeds::{Delivery, DeliveryContext, FeedError, Limits, Row, RowError, RowWarning};
use berika_store::{BatchCounts, ImportCounts, Preview, ROWS_PER_TRANSACTION, RowReport};
use tokio::sync::mpsc;

use super::{ImportError, Spooled};
use crate::Engine;
use crate::config::SupplierConfig;
use crate::report::{SupplierOutcome, TakenIn};

/// Batches that may wait for the store.
const AHEAD: usize = 2;

/// The most sentences about rows that a report shows.
const EXAMPLES: usize = 12;

/// Rows that are taken in together.
#[derive(Debug, Default)]
pub(super) struct Batch {
    /// Products, with their rows.
    pub(super) records: Vec<(u64, ProductRecord)>,
    /// Refused rows and dropped fields.
    pub(super) reports: Vec<RowReport>,
    /// Article numbers of refused rows: listed, although unusable.
    pub(super) refused_skus: Vec<String>,
    refused: HashMap<&'static str, u64>,
    dropped: HashMap<&'static str, u64>,
    read: u64,
    /// Rows that are part of the product of another row.
    folded: u64,
    /// Bytes of texts held, more or less.
    size: usize,
}

/// Bytes of texts in a batch after which it is given to the store, however few rows it has.
const BATCH_BYTES: usize = 8 << 20;

/// The most bytes of one product's texts. Later stages read products by the page: a few that are megabytes each must not
/// take the machine down.
const PRODUCT_BYTES: usize = 256 << 10;

/// Reads a delivery and gives it to `store` batch by batch. Returns whether it was read to its end: false where the
/// run is to stop.
pub(super) async fn read_batches(
    engine: &Engine,
    supplier: &SupplierConfig,
    spooled: &Spooled,
    mut store: impl AsyncFnMut(Batch, &mut TakenIn) -> Result<(), ImportError>,
    taken: &mut TakenIn,
) -> Result<bool, ImportError> {
    let (sender, mut batches) = mpsc::channel::<Batch>(AHEAD);
    let reader = spawn_reader(engine, supplier, spooled, sender);
    let mut stored = Ok(());
    while let Some(batch) = batches.recv().await {
        taken.read(&batch);
        stored = store(batch, taken).await;
        if stored.is_err() {
            break;
        }
    }
    // Ends the reader at its next batch where rows are no longer wanted.
    drop(batches);
    let read = reader.await.map_err(|_| ImportError::Thread(supplier.id.to_string()))?;
    stored?;
    let delivery = read.map_err(ImportError::Feed)?;
    for path in &delivery.unseen {
        taken.example(format!("no item has {path:?}, which the mapping names: perhaps it was renamed"));
    }
    Ok(!delivery.stopped)
}

/// How many products a delivery lists, without taking any in.
pub(super) async fn count_products(supplier: &SupplierConfig, spooled: &Spooled) -> Result<u64, ImportError> {
    let (path, feed, context, limits) = parts(supplier, spooled);
    let count = tokio::task::spawn_blocking(move || {
        berika_feeds::read(&path, &feed, &context, &limits, &mut |_| ControlFlow::Continue(()))
    });
    let count = count.await.map_err(|_| ImportError::Thread(supplier.id.to_string()))?;
    Ok(count.map_err(ImportError::Feed)?.products)
}

/// What taking a delivery in would come to.
pub(super) async fn preview(
    engine: &Engine,
    supplier: &SupplierConfig,
    spooled: &Spooled,
) -> Result<SupplierOutcome, ImportError> {
    let mut taken = TakenIn::default();
    let mut preview = Preview::default();
    let read = read_batches(
        engine,
        supplier,
        spooled,
        async |batch, _: &mut TakenIn| {
            Ok(engine.store.preview_rows(&mut preview, supplier.delivery, &batch.records).await?)
        },
        &mut taken,
    )
    .await;
    taken.count(&preview.counts);
    match read {
        Ok(true) => Ok(SupplierOutcome::TakenIn(taken)),
        Ok(false) => Ok(SupplierOutcome::NotReached),
        Err(ImportError::Store(error)) => Err(error.into()),
        Err(error) => Ok(SupplierOutcome::Failed { error: error.to_string(), counts: taken.counts }),
    }
}

fn spawn_reader(
    engine: &Engine,
    supplier: &SupplierConfig,
    spooled: &Spooled,
    sender: mpsc::Sender<Batch>,
) -> tokio::task::JoinHandle<Result<Delivery, FeedError>> {
    let (path, feed, context, limits) = parts(supplier, spooled);
    let stop = engine.stop.clone();
    tokio::task::spawn_blocking(move || {
        let mut batch = Batch::default();
        let delivery = berika_feeds::read(&path, &feed, &context, &limits, &mut |row| {
            batch.add(row);
            if (batch.read as usize) < ROWS_PER_TRANSACTION && batch.size < BATCH_BYTES {
                return ControlFlow::Continue(());
            }
            let gone = sender.blocking_send(std::mem::take(&mut batch)).is_err();
            if gone || stop.is_cancelled() { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
        });
        // Rows before a fault are good; where the receiver is gone nobody wants them.
        if batch.read > 0 {
            let _receiver_gone = sender.blocking_send(batch);
        }
        delivery
    })
}

fn parts(
    supplier: &SupplierConfig,
    spooled: &Spooled,
) -> (std::path::PathBuf, berika_feeds::FeedConfig, DeliveryContext, Limits) {
    let context = DeliveryContext {
        supplier: supplier.id.clone(),
        file: spooled.delivery.shown.clone(),
        kind: supplier.delivery,
        language: supplier.language.clone(),
        currency: supplier.currency.clone(),
    };
    let limits = Limits { unpacked_bytes: supplier.source.max_unpacked_megabytes << 20, ..Limits::default() };
    (spooled.delivery.path.clone(), supplier.feed(), context, limits)
}

impl Batch {
    fn add(&mut self, row: Row) {
        self.read += 1 + row.folded;
        self.folded += row.folded;
        for warning in &row.warnings {
            *self.dropped.entry(warning.problem.kind()).or_default() += 1;
            self.reports.push(report_of_warning(warning));
        }
        match row.outcome {
            Ok(record) if size(&record) > PRODUCT_BYTES => {
                *self.refused.entry("too-large").or_default() += 1;
                let message = format!(
                    "row {}: the texts of product {:?} have {} bytes, more than {PRODUCT_BYTES}; shorten its description",
                    row.number,
                    record.key.sku,
                    size(&record)
                );
                self.reports.push(RowReport { row: row.number, refused: true, message });
                self.refused_skus.push(record.key.sku);
            }
            Ok(mut record) => {
                self.size += size(&record);
                fill_language(&mut record);
                self.records.push((row.number, record));
            }
            Err(error) => {
                self.refused_skus.extend(error.sku.clone());
                *self.refused.entry(error.problem.kind()).or_default() += 1;
                self.reports.push(report_of_error(&error));
            }
        }
    }
}

impl TakenIn {
    /// Counts what was read, before it is stored.
    fn read(&mut self, batch: &Batch) {
        self.counts.read += batch.read;
        self.counts.folded += batch.folded;
        for (kind, count) in &batch.refused {
            *self.refused.entry((*kind).to_owned()).or_default() += count;
            self.counts.refused += count;
        }
        for (kind, count) in &batch.dropped {
            *self.dropped.entry((*kind).to_owned()).or_default() += count;
            self.counts.dropped_fields += count;
        }
        for report in &batch.reports {
            self.example(report.message.clone());
        }
    }

    /// Counts what became of the rows that are products.
    pub(super) fn count(&mut self, batch: &BatchCounts) {
        let counts: &mut ImportCounts = &mut self.counts;
        counts.stored += batch.new + batch.changed + batch.unchanged;
        counts.new += batch.new;
        counts.changed += batch.changed;
        counts.folded += batch.folded;
        let conflicts = batch.conflicts.len() as u64;
        if conflicts > 0 {
            counts.refused += conflicts;
            *self.refused.entry("duplicate-sku".to_owned()).or_default() += conflicts;
        }
        for conflict in &batch.conflicts {
            self.example(conflict.message.clone());
        }
    }

    fn example(&mut self, message: String) {
        if self.examples.len() < EXAMPLES {
            self.examples.push(message);
        }
    }
}

/// Bytes of a product's texts, more or less.
fn size(record: &ProductRecord) -> usize {
    let values = &record.values;
    let texts = [&values.title, &values.brand, &values.mpn, &values.description].into_iter().flatten();
    let variants = values.variants.iter();
    let lists = values.supplier_category.iter().chain(&values.images);
    let lists = lists.chain(variants.clone().flat_map(|variant| variant.images.iter().chain([&variant.sku])));
    let attributes = values.attributes.iter().chain(variants.flat_map(|variant| &variant.attributes));
    let attributes = attributes.map(|(name, value)| name.len() + value.len());
    texts.chain(lists).map(String::len).chain(attributes).sum()
}

/// The language of the texts where neither row nor supplier give one: detected from title and description.
fn fill_language(record: &mut ProductRecord) {
    let values = &mut record.values;
    if values.language.is_none() {
        let title = values.title.as_deref().unwrap_or_default();
        let description = values.description.as_deref().unwrap_or_default();
        values.language = Language::detect(&format!("{title} {description}"));
        if values.language.is_some() {
            let origin = record.provenance.get("title").cloned();
            let origin = origin.map(|o| berika_catalog::Origin { rule: Some("detected".into()), ..o });
            record.provenance.extend(origin.map(|o| ("language".into(), o)));
        }
    }
}

fn report_of_error(error: &RowError) -> RowReport {
    RowReport { row: error.row, refused: true, message: error.to_string() }
}

fn report_of_warning(warning: &RowWarning) -> RowReport {
    RowReport { row: warning.row, refused: false, message: warning.to_string() }
}
