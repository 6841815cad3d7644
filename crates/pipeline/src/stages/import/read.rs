//! Reading a delivery on a thread of its own, a bounded number of batches ahead of the store.

use std::collections::HashMap;
use std::ops::ControlFlow;

use berika_catalog::{DeliveryKind, Language, ProductRecord};
use berika_feeds::{Delivery, DeliveryContext, FeedError, Limits, Row, RowError, RowProblem, RowWarning};
use berika_store::{BatchCounts, ImportCounts, ImportMode, Preview, ROWS_PER_TRANSACTION, RowReport};
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
pub(crate) struct Batch {
    /// Products, with their rows.
    pub(crate) records: Vec<(u64, ProductRecord)>,
    /// Refused rows and dropped fields.
    pub(crate) reports: Vec<RowReport>,
    /// Article numbers of refused rows: listed, although unusable.
    pub(crate) refused_skus: Vec<String>,
    /// Article numbers of products that the delivery withdraws by name.
    pub(crate) withdrawn: Vec<String>,
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

/// How many warnings of one row are reported one by one.
const WARNINGS_OF_ROW: usize = 100;

/// Who looks at rows while they are read, on the reading thread.
pub(crate) trait Watch: Send + 'static {
    /// Looks at the next row.
    fn row(&mut self, row: &Row);
}

impl Watch for () {
    fn row(&mut self, _: &Row) {}
}

impl<W: Watch> Watch for Option<W> {
    fn row(&mut self, row: &Row) {
        self.iter_mut().for_each(|watch| watch.row(row));
    }
}

/// A delivery that was read, and who looked on.
pub(crate) struct Read<W> {
    /// What was read, or why it could not be read to its end.
    pub(crate) delivery: Result<Delivery, FeedError>,
    /// Who looked on.
    pub(crate) watch: W,
}

/// Reads a delivery and gives it to `store` batch by batch.
pub(crate) async fn read_batches<W: Watch>(
    engine: &Engine,
    (supplier, spooled): (&SupplierConfig, &Spooled),
    mut watch: W,
    mut store: impl AsyncFnMut(Batch, &mut TakenIn) -> Result<(), ImportError>,
    taken: &mut TakenIn,
) -> Result<Read<W>, ImportError> {
    let (sender, mut batches) = mpsc::channel::<Batch>(AHEAD);
    let (path, feed, context, limits) = parts(supplier, spooled);
    let stop = engine.stop.clone();
    let reader = tokio::task::spawn_blocking(move || {
        let mut batch = Batch::default();
        let delivery = berika_feeds::read(&path, &feed, &context, &limits, &mut |row| {
            let row = prepared(row);
            watch.row(&row);
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
        Read { delivery, watch }
    });
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
    if let Ok(delivery) = &read.delivery {
        for path in &delivery.unseen {
            taken.example(format!("no item has {path:?}, which the mapping names: perhaps it was renamed"));
        }
        for note in &delivery.notes {
            taken.example(note.clone());
        }
    }
    Ok(read)
}

/// The supplier as it is for this delivery: one that the file itself says lists changes only is a delta.
pub(crate) async fn with_kind(
    supplier: &SupplierConfig,
    spooled: &Spooled,
) -> Result<SupplierConfig, ImportError> {
    let (path, feed, context, limits) = parts(supplier, spooled);
    let kind = tokio::task::spawn_blocking(move || berika_feeds::kind_of(&path, &feed, &context, &limits));
    let delivery = kind.await.map_err(|_| ImportError::Thread(supplier.id.to_string()))?;
    Ok(SupplierConfig { delivery, ..supplier.clone() })
}

/// Reads a delivery for `watch` alone, as long as the run goes on.
pub(crate) async fn watched<W: Watch>(
    engine: &Engine,
    supplier: &SupplierConfig,
    spooled: &Spooled,
    mut watch: W,
) -> Result<Read<W>, ImportError> {
    let (path, feed, context, limits) = parts(supplier, spooled);
    let stop = engine.stop.clone();
    let reader = tokio::task::spawn_blocking(move || {
        let delivery = berika_feeds::read(&path, &feed, &context, &limits, &mut |row| {
            watch.row(&row);
            if stop.is_cancelled() { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
        });
        Read { delivery, watch }
    });
    reader.await.map_err(|_| ImportError::Thread(supplier.id.to_string()))
}

/// What taking a delivery in would come to.
pub(crate) async fn preview(
    engine: &Engine,
    supplier: &SupplierConfig,
    spooled: &Spooled,
) -> Result<SupplierOutcome, ImportError> {
    let Previewed { read, taken, .. } = previewed(engine, supplier, spooled, ()).await?;
    Ok(match read.delivery {
        Ok(delivery) if delivery.stopped => SupplierOutcome::NotReached,
        Ok(_) => SupplierOutcome::TakenIn(taken),
        Err(error) => SupplierOutcome::Failed { error: error.to_string(), counts: taken.counts },
    })
}

/// What taking a delivery in would come to.
pub(crate) struct Previewed<W> {
    /// What was read, and who looked on.
    pub(crate) read: Read<W>,
    /// The sums.
    pub(crate) taken: TakenIn,
    /// Rows that contradict an earlier one.
    pub(crate) conflicts: Vec<RowReport>,
}

/// Reads a delivery and counts what taking it in would come to.
pub(crate) async fn previewed<W: Watch>(
    engine: &Engine,
    supplier: &SupplierConfig,
    spooled: &Spooled,
    watch: W,
) -> Result<Previewed<W>, ImportError> {
    let mut taken = TakenIn::default();
    let mut preview = Preview::default();
    let store = async |batch: Batch, _: &mut TakenIn| {
        let how = (supplier.delivery, supplier.mode);
        engine.store.preview_rows(&mut preview, how, &batch.records).await?;
        engine.store.preview_refused(&mut preview, &supplier.id, &batch.refused_skus).await?;
        Ok(())
    };
    let read = read_batches(engine, (supplier, spooled), watch, store, &mut taken).await?;
    taken.count(&preview.counts);
    let may_go_missing = supplier.delivery == DeliveryKind::Full && supplier.mode != ImportMode::CreateOnly;
    if may_go_missing && read.delivery.as_ref().is_ok_and(|d| !d.stopped) {
        let active = engine.store.active_products(&supplier.id).await?;
        taken.counts.missing = active.saturating_sub(preview.still_listed);
    }
    Ok(Previewed { read, taken, conflicts: preview.counts.conflicts })
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
        for (at, warning) in row.warnings.iter().enumerate() {
            *self.dropped.entry(warning.problem.kind()).or_default() += 1;
            // All are counted; a row of thousands of cells with one fault need not tell it of each.
            if at < WARNINGS_OF_ROW {
                self.report(report_of_warning(warning));
            }
        }
        match row.outcome {
            Ok(record) => {
                // What was withdrawn further up is listed again.
                self.withdrawn.retain(|sku| *sku != record.key.sku);
                self.size += size(&record);
                self.records.push((row.number, record));
            }
            Err(error) => {
                let skus = match error.problem {
                    RowProblem::Withdrawn => &mut self.withdrawn,
                    _ => &mut self.refused_skus,
                };
                skus.extend(error.sku.clone());
                *self.refused.entry(error.problem.kind()).or_default() += 1;
                self.report(report_of_error(&error));
            }
        }
    }

    fn report(&mut self, report: RowReport) {
        self.size += report.message.len();
        self.reports.push(report);
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
    pub(crate) fn count(&mut self, batch: &BatchCounts) {
        let counts: &mut ImportCounts = &mut self.counts;
        counts.stored += batch.new + batch.changed + batch.unchanged;
        counts.new += batch.new;
        counts.changed += batch.changed;
        counts.folded += batch.folded;
        counts.left += batch.left;
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

/// A row as it is stored: with its language, and refused where it is too large for the stages behind.
fn prepared(mut row: Row) -> Row {
    if let Ok(record) = &mut row.outcome {
        let bytes = size(record);
        if bytes <= PRODUCT_BYTES {
            fill_language(record);
        } else {
            row.outcome = Err(RowError {
                row: row.number,
                sku: Some(record.key.sku.clone()),
                column: None,
                value: None,
                problem: RowProblem::ProductTooLarge { bytes: bytes as u64, limit: PRODUCT_BYTES as u64 },
            });
        }
    }
    row
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
    let localized = values.localized.values().flat_map(|texts| [&texts.title, &texts.description]).flatten();
    texts.chain(localized).chain(lists).map(String::len).chain(attributes).sum()
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
