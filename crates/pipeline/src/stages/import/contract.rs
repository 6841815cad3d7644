//! A delivery beside those before it: whether it keeps to what is usual of its supplier, before anything is written.

use berika_catalog::contract::{Judgement, Known, Profile, Profiler, Reading, Terms, judge};
use berika_catalog::{DeliveryKind, Digest};
use berika_feeds::{Delivery, Row};
use berika_store::{ImportMode, SourceState};

use super::read::{Watch, watched};
use super::{ImportError, Spooled};
use crate::Engine;
use crate::config::SupplierConfig;
use crate::report::TakenIn;

/// What was found out about a delivery.
#[derive(Debug)]
pub(crate) struct Look {
    /// What it is like.
    pub(crate) profile: Profile,
    /// What of it is not usual.
    pub(crate) judgement: Judgement,
    /// Why a person must look at it before it is taken in.
    pub(crate) held: Option<String>,
    /// A person has looked at it: it is taken in although it is not usual.
    pub(crate) let_through: bool,
}

impl Watch for Profiler {
    fn row(&mut self, row: &Row) {
        match &row.outcome {
            Ok(record) => self.product(record),
            Err(error) => self.refused(error.problem.kind()),
        }
    }
}

/// Reads a delivery and judges it; `None` where there is nothing to judge it by, or it cannot be read to its end: taking
/// it in says so then, keeps the rows before, and marks nothing as absent.
pub(crate) async fn look(
    engine: &Engine,
    supplier: &SupplierConfig,
    spooled: &Spooled,
    state: &SourceState,
) -> Result<Option<Look>, ImportError> {
    let earlier = engine.store.profiles(&supplier.id, &spooled.config_hash, supplier.delivery).await?;
    let full = judged_as(supplier) == DeliveryKind::Full;
    if earlier.is_empty() && !(full && engine.store.active_products(&supplier.id).await? > 0) {
        return Ok(None);
    }
    let read = watched(engine, supplier, spooled, Profiler::default()).await?;
    match read.delivery {
        Ok(delivery) if !delivery.stopped => {
            judged(engine, (supplier, spooled), state, read.watch, &delivery).await.map(Some)
        }
        _ => Ok(None),
    }
}

/// Judges a delivery that was read.
pub(crate) async fn judged(
    engine: &Engine,
    (supplier, spooled): (&SupplierConfig, &Spooled),
    state: &SourceState,
    profiler: Profiler,
    delivery: &Delivery,
) -> Result<Look, ImportError> {
    let (mut profile, sample) = profiler.finish(reading(delivery));
    let active = engine.store.active_products(&supplier.id).await?;
    if active > 0 {
        let known = engine.store.known_products(&supplier.id, &sample.skus()).await?;
        profile.known = Some(Known::compare(&sample, active, &known));
    }
    let earlier = engine.store.profiles(&supplier.id, &spooled.config_hash, supplier.delivery).await?;
    let terms = Terms { kind: judged_as(supplier), shrink_limit: supplier.shrink_limit, earlier: &earlier };
    let judgement = judge(&profile, &terms);
    let held = judgement.held(&[]).filter(|_| !is_accepted(&judgement, state, &spooled.body_hash));
    let let_through = held.is_none() && !judgement.breaches.is_empty();
    Ok(Look { profile, judgement, held, let_through })
}

/// What a delivery's silence means: nothing, where known products stay as they are.
fn judged_as(supplier: &SupplierConfig) -> DeliveryKind {
    if supplier.mode == ImportMode::CreateOnly { DeliveryKind::Delta } else { supplier.delivery }
}

/// The profile of a delivery that there was nothing to judge by.
pub(crate) fn first_profile(profiler: Profiler, delivery: &Delivery) -> Profile {
    profiler.finish(reading(delivery)).0
}

impl TakenIn {
    /// Takes over what judging the delivery came to.
    pub(crate) fn judged(&mut self, look: Look) {
        self.let_through = look.let_through;
        self.notes = look.judgement.notes;
        self.notes.extend(look.held.map(|reason| format!("it would be held: {reason}")));
    }
}

/// Whether a person let through what is unusual of this delivery: it is the one that was held, or no worse.
fn is_accepted(judgement: &Judgement, state: &SourceState, body: &Digest) -> bool {
    state.accepted.as_ref().is_some_and(|accepted| {
        accepted.body_hash.as_ref() == Some(body) || judgement.held(&accepted.breaches).is_none()
    })
}

fn reading(delivery: &Delivery) -> Reading {
    Reading {
        encoding: delivery.encoding.clone(),
        delimiter: delivery.delimiter,
        columns: delivery.columns.clone(),
    }
}
