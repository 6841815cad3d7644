//! What a plan follows from, compared with what holds now.

use std::collections::{BTreeMap, HashSet};
use std::fmt;

use berika_catalog::taxonomy_change::Changed;
use berika_catalog::{ProductKey, Taxonomy};
use berika_store::{Application, PlannedStanding, Since, Stands, StoreError};

use super::plan::{Move, Plan};
use crate::{Encoder, Engine, ModelError};

/// The most products that are named of those that have something in common.
const MOST_NAMED: usize = 10;

/// Products are compared in pages of so many.
const PAGE: usize = 5_000;

/// Something that a plan follows from and that is another now.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Difference {
    /// What, in a sentence without the stop.
    pub what: String,
    /// Whether it is so of single products, or of what decisions on others teach: the plan can then be applied without them.
    pub can_be_skipped: bool,
}

/// All that is another now than when the plan was made.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Differences(pub Vec<Difference>);

impl Differences {
    /// Whether it can be passed over.
    pub(super) fn can_be_skipped(&self) -> bool {
        self.0.iter().all(|difference| difference.can_be_skipped)
    }

    /// The store knows nothing of the plan's taxonomy.
    pub(super) fn no_taxonomy(plan: &Plan) -> Self {
        let mut differences = Self::default();
        differences.add(format!("the store has no taxonomy {}", plan.basis.taxonomy));
        differences
    }

    fn add(&mut self, what: String) {
        self.0.push(Difference { what, can_be_skipped: false });
    }
}

impl fmt::Display for Differences {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for difference in &self.0 {
            write!(f, "\n  - {}", difference.what)?;
        }
        Ok(())
    }
}

/// What is another now than when the plan was made. Of an application that has begun, only what is not done yet is compared,
/// and decisions since are no surprise: people look at what it did.
///
/// # Errors
/// The store, or a model that cannot be loaded.
pub(super) async fn since(
    engine: &Engine,
    plan: &Plan,
    step: Option<&Changed>,
    begun: Option<&Application>,
) -> Result<Differences, DifferencesError> {
    let mut found = Differences::default();
    judge(engine, plan, &mut found).await?;
    taxonomy(engine, plan, begun, &mut found).await?;
    if begun.is_none() {
        let last = engine.store.last_decision().await?;
        if last != plan.basis.decisions {
            found.0.push(Difference {
                what: "people have decided on products since, which the plan has not learnt from".to_owned(),
                can_be_skipped: true,
            });
        }
    }
    products(engine, plan, step, begun, &mut found).await?;
    Ok(found)
}

/// Why it cannot be said what has changed.
#[derive(Debug, thiserror::Error)]
pub enum DifferencesError {
    /// The memory.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The model.
    #[error(transparent)]
    Model(#[from] ModelError),
}

/// The next run must judge as the plan did.
async fn judge(engine: &Engine, plan: &Plan, found: &mut Differences) -> Result<(), DifferencesError> {
    let (basis, config) = (&plan.basis, &engine.config);
    let Some(planned) = &basis.encoder else { return Ok(()) };
    if config.model.id != basis.model {
        found.add(format!(
            "the plan was made with the model {}, and the configuration names {}: set model.id to {:?}",
            basis.model, config.model.id, basis.model
        ));
    } else if Encoder::load(config, &engine.store).await?.recipe() != planned {
        found.add(format!(
            "the model {} computes otherwise than when the plan was made: its files or model.precision are others",
            basis.model
        ));
    }
    match config.policy.promise() {
        Ok(promise) if (promise.share() - basis.promise).abs() < 1e-9 => {}
        _ => found.add(format!(
            "the plan promises {} % of what is accepted, and the configuration does not: set policy.promise to {}",
            basis.promise * 100.0,
            basis.promise
        )),
    }
    Ok(())
}

async fn taxonomy(
    engine: &Engine,
    plan: &Plan,
    begun: Option<&Application>,
    found: &mut Differences,
) -> Result<(), DifferencesError> {
    let basis = &plan.basis;
    let configured = &engine.config.taxonomy.id;
    if *configured != basis.taxonomy {
        found.add(format!(
            "the plan is about the taxonomy {}, and the configuration names {configured}: set taxonomy.id to {:?}",
            basis.taxonomy, basis.taxonomy
        ));
        return Ok(());
    }
    let Some(now) = engine.store.taxonomy(&basis.taxonomy).await? else {
        found.0.extend(Differences::no_taxonomy(plan).0);
        return Ok(());
    };
    let as_before = now.version == basis.version && now.digest() == basis.taxonomy_digest;
    let as_made = begun.is_some() && is_made(plan, &now);
    if !as_before && !as_made {
        found.add(format!(
            "the taxonomy {} is at version {}, and the plan was made on version {}{}",
            basis.taxonomy,
            now.version,
            basis.version,
            if now.version == basis.version { " of other content" } else { "" }
        ));
    }
    Ok(())
}

/// Whether the plan's change of the taxonomy is made.
pub(super) fn is_made(plan: &Plan, now: &Taxonomy) -> bool {
    let Some(step) = &plan.taxonomy else { return false };
    now.version == plan.basis.version + 1 && now.categories() == step.categories
}

async fn products(
    engine: &Engine,
    plan: &Plan,
    step: Option<&Changed>,
    begun: Option<&Application>,
    found: &mut Differences,
) -> Result<(), DifferencesError> {
    let run = begun.map(|application| application.run.as_str());
    let mut changed: BTreeMap<Since, (u64, Vec<&ProductKey>)> = BTreeMap::new();
    for page in plan.moves.chunks(PAGE) {
        let standings: Vec<PlannedStanding> = page.iter().map(|planned| standing(planned, step)).collect();
        for (planned, stands) in page.iter().zip(engine.store.stand(run, &standings).await?) {
            let Stands::Changed(since) = stands else { continue };
            let (count, named) = changed.entry(since).or_default();
            *count += 1;
            if named.len() < MOST_NAMED {
                named.push(&planned.product);
            }
        }
    }
    for (since, (count, named)) in changed {
        found.0.push(Difference { what: said(&since.to_string(), count, &named), can_be_skipped: true });
    }
    Ok(())
}

/// How a product stood, as the store compares it. `step` is the plan's change of the taxonomy.
pub(super) fn standing(planned: &Move, step: Option<&Changed>) -> PlannedStanding {
    let category = planned.from.category.as_ref();
    PlannedStanding {
        product: planned.product.clone(),
        verdict: planned.from.verdict.clone(),
        category: category.map(ToString::to_string),
        recipe: planned.from.recipe.clone(),
        decision: planned.decision,
        evidence: planned.evidence.clone(),
        gone: category.is_some_and(|category| step.is_some_and(|step| step.gone.contains_key(category))),
    }
}

/// `3 products are …: alfa/1, alfa/2, alfa/3`.
fn said(what: &str, count: u64, named: &[&ProductKey]) -> String {
    let are = if count == 1 { "product is" } else { "products are" };
    let names: Vec<String> = named.iter().map(ToString::to_string).collect();
    let more = if count > named.len() as u64 { ", …" } else { "" };
    format!("{count} {are} {what}: {}{more}", names.join(", "))
}

/// Whether the plan hangs together: no product twice, and every category one of `after` that products can be in. The first
/// product of which this is not so.
pub(super) fn fault<'a>(plan: &'a Plan, after: &Taxonomy) -> Option<&'a ProductKey> {
    let mut seen = HashSet::with_capacity(plan.moves.len());
    let stands = |planned: &Move| {
        let leaf = planned
            .to
            .category
            .as_ref()
            .map(|category| after.index_of(category).is_some_and(|index| after.is_leaf(index)));
        match planned.to.verdict.as_str() {
            "accept" => leaf == Some(true),
            "review" | "reject" => leaf != Some(false),
            _ => false,
        }
    };
    let faulty = plan.moves.iter().find(|planned| !stands(planned) || !seen.insert(&planned.product));
    faulty.map(|planned| &planned.product)
}
