//! Feed → product: fetch a delivery, see whether it is new, read it row by row, take it in.

pub(crate) mod contract;
pub(crate) mod fetch;
pub(crate) mod read;

use berika_catalog::Digest;
use berika_catalog::contract::{Judgement, Profiler};
use berika_feeds::FeedError;
use berika_sources::{SourceError, Watched};
use berika_store::{FinishedImport, ImportCounts, ImportMode, NewImport, SourceState, StoreError};
use futures_util::StreamExt;
use tokio::sync::mpsc;

use crate::config::SupplierConfig;
use crate::report::{SupplierOutcome, TakenIn};
use crate::{Engine, RunOptions};
use contract::Look;
pub(crate) use fetch::Spooled;
use fetch::fetch;
use read::{Batch, read_batches};

/// Deliveries fetched at once. Taking them in is one after the other: the store has one writer.
const FETCHES: usize = 4;

/// Why a delivery was not taken in. Names the supplier in every case.
#[derive(Debug, thiserror::Error)]
pub enum ImportError {
    /// It could not be got.
    #[error("supplier {supplier}: {}", berika_net::error_chain(source))]
    Source {
        /// The supplier.
        supplier: String,
        /// Why.
        source: SourceError,
    },
    /// The file of this machine that it is, or was fetched into.
    #[error("supplier {supplier}: cannot read {file}: {source}")]
    File {
        /// The supplier.
        supplier: String,
        /// The file.
        file: String,
        /// Why.
        source: std::io::Error,
    },
    /// Something came, and not all of it.
    #[error("supplier {supplier}: {reason}")]
    Incomplete {
        /// The supplier.
        supplier: String,
        /// What did not come.
        reason: String,
    },
    /// It cannot be read, or not to its end.
    #[error("{0}")]
    Feed(FeedError),
    /// The memory: ends the run, unlike the others.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The thread that read ended early.
    #[error("supplier {0}: the reading thread ended early; this is a bug in berika, and the feed shows it")]
    Thread(String),
}

/// Takes in every supplier's delivery. Only the store's failure ends the stage: a supplier's is its outcome.
pub(crate) async fn stage(
    engine: &Engine,
    run: &str,
    options: &RunOptions,
) -> Result<Vec<(SupplierConfig, SupplierOutcome)>, StoreError> {
    let wanted = |s: &&SupplierConfig| options.suppliers.is_empty() || options.suppliers.contains(&s.id);
    let suppliers: Vec<SupplierConfig> = engine.config.suppliers.iter().filter(wanted).cloned().collect();
    engine.progress.begin("feeds", None);
    let order: Vec<_> = suppliers.iter().map(|supplier| supplier.id.clone()).collect();
    let (sender, mut receiver) = mpsc::channel(1);
    // Fetched a few at a time, side by side with the taking in: neither a slow supplier nor a long import keeps the
    // others waiting.
    let mut fetched = futures_util::stream::iter(suppliers)
        .map(async |supplier| {
            // A supplier that hangs does not keep the run from ending.
            let spooled = tokio::select! {
                biased;
                () = engine.stop.cancelled() => None,
                spooled = fetch(engine, &supplier) => Some(spooled),
            };
            (supplier, spooled)
        })
        .buffer_unordered(FETCHES);
    let fetching = async move {
        while let Some(delivery) = fetched.next().await {
            if sender.send(delivery).await.is_err() {
                break;
            }
        }
    };
    let taking = async {
        let mut outcomes = Vec::new();
        while let Some((supplier, spooled)) = receiver.recv().await {
            let (mut outcome, mut following) = taken(engine, run, options, &supplier, spooled).await?;
            // Deltas that wait in a folder come in one after the other. One that does not keeps those after it waiting.
            while outcome.may_go_on() && !options.dry_run && !engine.stopping() {
                let next = match fetch::next_delta(engine, &supplier, following).await {
                    Ok(None) => break,
                    Ok(Some(next)) => Ok(Some(next)),
                    Err(error) => Err(error),
                };
                outcomes.push((supplier.clone(), outcome));
                (outcome, following) = taken(engine, run, options, &supplier, Some(next)).await?;
            }
            outcomes.push((supplier, outcome));
        }
        // Ends the fetching where the store failed.
        drop(receiver);
        Ok(outcomes)
    };
    let ((), outcomes) = futures_util::future::join(fetching, taking).await;
    engine.progress.end("feeds");
    let mut outcomes: Vec<(SupplierConfig, SupplierOutcome)> = outcomes?;
    outcomes.sort_by_key(|(supplier, _)| order.iter().position(|id| *id == supplier.id));
    Ok(outcomes)
}

/// What became of one fetched delivery, and what waits behind it.
async fn taken(
    engine: &Engine,
    run: &str,
    options: &RunOptions,
    supplier: &SupplierConfig,
    mut spooled: Option<Result<Option<Spooled>, ImportError>>,
) -> Result<(SupplierOutcome, Vec<Watched>), StoreError> {
    let following = match &mut spooled {
        Some(Ok(Some(spooled))) => std::mem::take(&mut spooled.following),
        _ => Vec::new(),
    };
    let taken = match spooled {
        None => Ok(SupplierOutcome::NotReached),
        Some(Err(error)) => Err(error),
        Some(Ok(None)) => Ok(SupplierOutcome::Unchanged),
        Some(Ok(Some(spooled))) => take_in(engine, run, supplier, spooled, options.dry_run).await,
    };
    match taken {
        Ok(outcome) => Ok((outcome, following)),
        Err(ImportError::Store(error)) => Err(error),
        Err(error) => {
            let (error, counts) = (error.to_string(), ImportCounts::default());
            Ok((SupplierOutcome::Failed { error, counts }, following))
        }
    }
}

async fn take_in(
    engine: &Engine,
    run: &str,
    supplier: &SupplierConfig,
    spooled: Spooled,
    dry_run: bool,
) -> Result<SupplierOutcome, ImportError> {
    let state = engine.store.source(&supplier.id).await?;
    // What of a delivery came may be all of the one before.
    let same = spooled.delivery.incomplete.is_none()
        && state.body_hash.as_ref() == Some(&spooled.body_hash)
        && state.config_hash.as_ref() == Some(&spooled.config_hash);
    if same {
        if !dry_run {
            let (etag, modified) = (
                spooled.delivery.validators.etag.as_deref(),
                spooled.delivery.validators.last_modified.as_deref(),
            );
            engine.store.renew_source(&supplier.id, etag, modified).await?;
            fetch::put_away(engine, supplier, &spooled);
        }
        return Ok(SupplierOutcome::Unchanged);
    }
    let incomplete =
        spooled.delivery.incomplete.as_ref().map(|why| format!("supplier {}: {why}", supplier.id));
    let supplier = &read::with_kind(supplier, &spooled).await?;
    // Of half a delivery nobody can say what is usual.
    let look = match &incomplete {
        Some(_) => None,
        None => contract::look(engine, supplier, &spooled, &state).await?,
    };
    if engine.stopping() {
        return Ok(SupplierOutcome::NotReached);
    }
    let report_only = supplier.mode == ImportMode::ReportOnly;
    if !report_only && let Some(Look { held: Some(reason), judgement, .. }) = look {
        let Judgement { breaches, notes, .. } = judgement;
        if !dry_run {
            engine.store.hold_delivery(&supplier.id, &spooled.body_hash, &reason, &breaches).await?;
        }
        return Ok(SupplierOutcome::Held { reason, breaches, notes });
    }
    if dry_run || report_only {
        let outcome = read::preview(engine, supplier, &spooled).await?;
        return Ok(match (outcome, incomplete, look) {
            (SupplierOutcome::TakenIn(mut taken), None, look) if report_only => {
                look.into_iter().for_each(|look| taken.judged(look));
                SupplierOutcome::Reported(taken)
            }
            (SupplierOutcome::TakenIn(taken), Some(error), _) => {
                SupplierOutcome::Failed { error, counts: taken.counts }
            }
            (SupplierOutcome::TakenIn(mut taken), None, Some(look)) => {
                taken.judged(look);
                SupplierOutcome::TakenIn(taken)
            }
            (outcome, ..) => outcome,
        });
    }

    let new = NewImport {
        supplier: &supplier.id,
        run,
        kind: supplier.delivery,
        file: &spooled.delivery.shown,
        body_hash: &spooled.body_hash,
    };
    let import = engine.store.begin_import(new.clone(), engine.now()).await?;
    let mut taken = TakenIn::default();
    // A delivery that was looked at before needs no second look.
    let profiler = look.is_none().then(Profiler::default);
    let store = async |batch: Batch, taken: &mut TakenIn| {
        let how = (supplier.delivery, supplier.mode);
        let done = engine.store.import_rows(import, how, &batch.records, engine.now()).await?;
        taken.count(&done);
        if supplier.mode.changes_known() {
            engine.store.mark_listed(import, &supplier.id, &batch.refused_skus).await?;
            taken.counts.retired +=
                engine.store.withdraw_products(import, &supplier.id, &batch.withdrawn, engine.now()).await?;
        }
        engine.store.report_rows(import, &batch.reports).await?;
        engine.progress.advance("feeds", (batch.records.len() + batch.reports.len()) as u64);
        Ok(())
    };
    let read = read_batches(engine, (supplier, &spooled), profiler, store, &mut taken).await;
    let failed = async |error: String, counts: ImportCounts| {
        engine.store.fail_import(import, &counts, engine.now()).await?;
        Ok(SupplierOutcome::Failed { error, counts })
    };
    let read = match read {
        Ok(read) => read,
        Err(ImportError::Store(error)) => return Err(error.into()),
        Err(error) => return failed(error.to_string(), taken.counts).await,
    };
    let delivery = match read.delivery {
        Ok(delivery) => delivery,
        Err(error) => return failed(error.to_string(), taken.counts).await,
    };
    if !fetch::is_still(supplier, &spooled).await? {
        let error = format!(
            "supplier {}: {} was written to while it was read; run again",
            supplier.id, spooled.delivery.shown
        );
        return failed(error, taken.counts).await;
    }
    if delivery.stopped {
        engine.store.fail_import(import, &taken.counts, engine.now()).await?;
        return Ok(SupplierOutcome::NotReached);
    }
    // What is there is good, but its silence means nothing.
    if let Some(error) = incomplete {
        return failed(error, taken.counts).await;
    }
    if !taken.counts.agree() {
        let ImportCounts { read, stored, folded, refused, left, .. } = taken.counts;
        let error = format!(
            "supplier {}: {read} rows were read, but {stored} stored, {folded} folded, {refused} refused and {left} left \
             out; this is a bug in berika, and nothing was marked as missing",
            supplier.id
        );
        return failed(error, taken.counts).await;
    }
    let source = SourceState {
        etag: spooled.delivery.validators.etag.clone(),
        last_modified: spooled.delivery.validators.last_modified.clone(),
        config_hash: Some(spooled.config_hash.clone()),
        ..SourceState::default()
    };
    let first = read.watch.map(|profiler| contract::first_profile(profiler, &delivery));
    let finished = FinishedImport {
        source: &source,
        profile: look.as_ref().map(|look| &look.profile).or(first.as_ref()),
        let_through: look.as_ref().is_some_and(|look| look.let_through),
        retire_after: supplier.retire_after,
        mode: supplier.mode,
    };
    taken.counts = engine.store.finish_import(import, &new, &finished, taken.counts, engine.now()).await?;
    if let Some(look) = look {
        taken.judged(look);
    }
    fetch::put_away(engine, supplier, &spooled);
    Ok(SupplierOutcome::TakenIn(taken))
}

/// Fetches and reads a delivery without taking it in. Returns how many products can be read.
pub(crate) async fn probe(engine: &Engine, supplier: &SupplierConfig) -> Result<u64, ImportError> {
    match fetch::fetch_whole(engine, supplier).await? {
        Some(spooled) => {
            let read = read::watched(engine, supplier, &spooled, ()).await?;
            let products = read.delivery.map_err(ImportError::Feed)?.products;
            match spooled.delivery.incomplete {
                Some(reason) => Err(ImportError::Incomplete { supplier: supplier.id.to_string(), reason }),
                None => Ok(products),
            }
        }
        None => Ok(0),
    }
}

/// The hash of how a supplier's deliveries are read: a changed mapping or mode reads an unchanged file again.
fn config_hash(supplier: &SupplierConfig) -> Digest {
    // Rises when the reader reads the same bytes otherwise than before.
    const READER: &str = "feeds-2";
    let reading = (READER, &supplier.feed(), supplier.delivery, &supplier.language, &supplier.currency);
    match supplier.mode {
        // As it was before there were modes: an upgrade reads nothing again.
        ImportMode::CreateAndUpdate => Digest::of_json(&reading),
        mode => Digest::of_json(&(reading, mode)),
    }
}
