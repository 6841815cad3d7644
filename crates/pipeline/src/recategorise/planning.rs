//! A plan made: products judged in the shadow by the classifier, model, taxonomy and promise that are asked for. Nothing that
//! a run goes by is written; what was computed on the way (vectors, what the classifier learnt) is kept, because the next
//! plan and the run after it need it, too.

use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;
use std::sync::Arc;

use berika_catalog::taxonomy_change::{ChangeError, Changed};
use berika_catalog::{CategoryId, Taxonomy};
use berika_classify::RankError;
use berika_classify::promise::PromiseError;
use berika_store::{AcceptedIn, CategoryStanding, StoreError, StoredDecision};

use super::changes_file::{self, ChangesFileError};
use super::estimate;
use super::plan::{Basis, FORMAT, Move, Plan, Selection, TaxonomyStep};
use super::selection::{Chosen, SelectionError};
use super::shadow::Shadow;
use super::summary::Summary;
use super::tally::Tally;
use super::vectors::{self, Texts};
use crate::judge::{Judge, JudgeError, Light};
use crate::{Config, Encoder, Engine, ModelError, RunError};

/// What to plan.
#[derive(Debug, Clone, Default)]
pub struct PlanOptions {
    /// Which products are looked at.
    pub selection: Selection,
    /// Another model than the configuration's, as `model.id` names one.
    pub model: Option<String>,
    /// A change of the taxonomy: a file of changes, or a whole taxonomy.
    pub taxonomy: Option<PathBuf>,
    /// Another promise than the configuration's.
    pub promise: Option<f64>,
    /// Who plans.
    pub by: String,
}

/// Why there is no plan.
#[derive(Debug, thiserror::Error)]
pub enum PlanError {
    /// The memory.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The encoder.
    #[error(transparent)]
    Model(#[from] ModelError),
    /// The promise.
    #[error("--promise")]
    Promise(#[from] PromiseError),
    /// The products.
    #[error(transparent)]
    Selection(#[from] SelectionError),
    /// The change of the taxonomy.
    #[error(transparent)]
    Changes(#[from] ChangesFileError),
    /// The same.
    #[error("the change of the taxonomy")]
    Change(#[from] ChangeError),
    /// A change says that it is only made while nothing is confirmed.
    #[error(
        "change {change} lets category {category} go only while nothing is confirmed in it, and people confirmed {products} \
         products there; say `confirmed: review` or `confirmed: follow` in the change"
    )]
    Confirmed {
        /// The category.
        category: CategoryId,
        /// Products confirmed in it.
        products: usize,
        /// The change's number, from 1.
        change: usize,
    },
    /// Nothing was ever categorised.
    #[error("there is nothing to plan: the store has no taxonomy {0} yet; `berika run` first")]
    Nothing(String),
    /// The classifier cannot be built.
    #[error("cannot judge products")]
    Judge(#[from] JudgeError),
    /// A vector does not fit.
    #[error("a stored vector does not fit the model")]
    Rank(#[from] RankError),
    /// Vectors cannot be computed.
    #[error(transparent)]
    Run(#[from] RunError),
    /// It was asked to end.
    #[error(
        "stopped before the plan was made; vectors computed so far are kept, and the same command goes on from there"
    )]
    Interrupted,
}

/// Makes a plan. The store is locked meanwhile; nothing public is written.
///
/// # Errors
/// [`PlanError`].
pub async fn plan(engine: &Engine, options: &PlanOptions) -> Result<Plan, PlanError> {
    let config = shadow_config(&engine.config, options)?;
    let name = &config.taxonomy.id;
    let before = engine.store.taxonomy(name).await?.ok_or_else(|| PlanError::Nothing(name.clone()))?;
    let step = match &options.taxonomy {
        Some(path) => Some(changes_file::step(path, &before, &config.markets[0].language)?),
        None => None,
    };
    let changed = step.as_ref().map(|step| step.changed(&before)).transpose()?;
    if let Some(changed) = &changed {
        refuse_confirmed(changed, &engine.store.category_standings(name).await?)?;
    }
    let after = Arc::new(changed.as_ref().map_or_else(|| before.clone(), |changed| changed.taxonomy.clone()));
    let gone = changed.iter().flat_map(|changed| changed.gone.keys());
    let chosen = Chosen::of(engine, &options.selection, &before, gone).await?;

    let encoder = Encoder::load(&config, &engine.store).await?;
    let texts = Texts { encoder: &encoder, other_model: config.model.id != engine.config.model.id };
    let computed = vectors::complete(engine, texts, &after, &chosen).await?;
    let mut decisions = engine.store.current_decisions(encoder.recipe(), name).await?;
    if let Some(changed) = &changed {
        rename(changed, &mut decisions);
    }
    vectors::of_decided(engine, texts, &mut decisions).await?;
    let judge = Judge::of(engine, &config, &encoder, after.clone(), decisions, Light::Shadow).await?;

    let mut tally = Tally::default();
    let shadow = Shadow { engine, texts, judge: &judge, changed: changed.as_ref() };
    let moves = shadow.look(&chosen, &mut tally).await?;

    let mut notes = notes(engine, &config, &judge, computed, &tally);
    notes.extend(about_moves(&moves, changed.as_ref()));
    let summary = summary(engine, &config, changed.as_ref(), tally, &mut notes).await?;
    let now = engine.now();
    let fresh = engine.with_ids(|ids| ids.next("store", now));
    Ok(Plan {
        berika_plan: FORMAT,
        id: engine.with_ids(|ids| ids.next("plan", now)),
        made_at: now,
        made_by: options.by.clone(),
        basis: Basis {
            store: engine.store.identity(&fresh).await?,
            taxonomy: before.id.clone(),
            version: before.version,
            taxonomy_digest: before.digest(),
            decisions: engine.store.last_decision().await?,
            model: config.model.id.clone(),
            encoder: Some(encoder.recipe().to_owned()),
            judge: Some(judge.recipe().to_owned()),
            promise: config.policy.promise,
        },
        selection: options.selection.clone(),
        taxonomy: step,
        summary: Summary { notes, ..summary },
        moves,
    })
}

/// The configuration as it would be.
fn shadow_config(config: &Config, options: &PlanOptions) -> Result<Config, PromiseError> {
    let mut config = config.clone();
    if let Some(model) = &options.model {
        config.model.id.clone_from(model);
    }
    if let Some(promise) = options.promise {
        config.policy.promise = promise;
        config.policy.promise()?;
    }
    Ok(config)
}

/// Refuses a change that may only be made while nothing is confirmed.
pub(super) fn refuse_confirmed(
    changed: &Changed,
    standings: &BTreeMap<CategoryId, CategoryStanding>,
) -> Result<(), PlanError> {
    for (category, change) in &changed.only_unconfirmed {
        let decided = standings.get(category).map_or(0, |standing| standing.decided);
        if decided > 0 {
            let products = usize::try_from(decided).unwrap_or(usize::MAX);
            return Err(PlanError::Confirmed { category: category.clone(), products, change: *change });
        }
    }
    Ok(())
}

/// Says decisions in the words of the new taxonomy.
fn rename(changed: &Changed, decisions: &mut [StoredDecision]) {
    for stored in decisions {
        let Some(category) = &mut stored.decision.category else { continue };
        if let Some(now) = changed.follows.get(category) {
            *category = now.clone();
        } else if changed.introduced.contains(category) {
            // It was said of another category that was called so.
            *category = CategoryId(format!("{category} (as it was)"));
        }
    }
}

fn notes(engine: &Engine, config: &Config, judge: &Judge, computed: u64, tally: &Tally) -> Vec<String> {
    let mut notes = Vec::new();
    if tally.moves() == 0 {
        notes.push("no product would move".to_owned());
    }
    notes.push(format!("accepted without a look: {}", judge.acceptance));
    if tally.audits > 0 {
        notes.push(format!(
            "{} products that would be accepted are drawn for audit and go to review",
            tally.audits
        ));
    }
    if config.model.id != engine.config.model.id {
        notes
            .push(format!("before it is applied, set model.id = {:?} in the configuration", config.model.id));
    }
    if config.policy.promise != engine.config.policy.promise {
        notes.push(format!(
            "before it is applied, set policy.promise = {} in the configuration",
            config.policy.promise
        ));
    }
    if computed > 0 {
        notes.push(format!("{computed} vectors were computed for it and are kept"));
    }
    notes
}

/// What the table of moves does not say by itself.
fn about_moves(moves: &[Move], changed: Option<&Changed>) -> Vec<String> {
    let goes = |planned: &Move| {
        let category = planned.from.category.as_ref();
        category.is_some_and(|category| changed.is_some_and(|changed| changed.gone.contains_key(category)))
    };
    let mut notes = Vec::new();
    let waiting = |planned: &&Move| {
        planned.from.verdict == "accept" && planned.to.verdict == "review" && !goes(planned)
    };
    let waiting = moves.iter().filter(waiting).count();
    if waiting > 0 {
        notes.push(format!(
            "{waiting} products that were accepted go to review; their published category stays until they are settled"
        ));
    }
    let others = moves.iter().filter(|planned| !goes(planned)).count();
    if changed.is_some() && others > 0 {
        notes.push(format!(
            "{others} of {} moves are of products whose category does not change: they are judged otherwise because of what was \
             decided since they were, or because new categories compete; --category looks at those below some categories only",
            moves.len()
        ));
    }
    notes
}

/// The sums, with what follows from them: descriptions, deliveries, time.
async fn summary(
    engine: &Engine,
    config: &Config,
    changed: Option<&Changed>,
    tally: Tally,
    notes: &mut Vec<String>,
) -> Result<Summary, PlanError> {
    let moves = tally.moves();
    let (mut described, mut told) = (tally.accepted, tally.accepted + tally.withdrawn);
    if let Some(changed) = changed {
        let staying = staying(engine.store.accepted_by_category().await?, &tally.left);
        let of = |categories: &BTreeSet<CategoryId>, count: fn(&AcceptedIn) -> u64| -> u64 {
            before(changed, categories).filter_map(|id| staying.get(id.as_str())).map(count).sum()
        };
        described += of(&changed.renamed, |staying| staying.unlocked);
        told += of(&changed.republished, |staying| staying.published);
        let gone = || changed.gone.keys().filter_map(|category| staying.get(category.as_str()));
        told += gone().map(|staying| staying.published).sum::<u64>();
        let rest: u64 = gone().map(|staying| staying.products).sum();
        if rest > 0 {
            notes.push(format!(
                "{rest} products that the next run judges anyway leave categories that go, and return to review until then"
            ));
        }
        notes.extend(changed.notes.iter().cloned());
    }
    let mut summary = tally.summary();
    let languages = config.languages();
    if described > 0 {
        summary.descriptions =
            languages.iter().map(|language| (language.as_str().to_owned(), described)).collect();
    }
    if told > 0 {
        summary.deliveries = config.endpoints.iter().map(|endpoint| (endpoint.id.clone(), told)).collect();
    }
    let rows = BTreeMap::from([
        ("moves", moves),
        ("description", described * languages.len() as u64),
        ("publish", told),
        ("delivery", told * config.endpoints.len() as u64),
    ]);
    summary.seconds = estimate::seconds(&engine.store.runs(estimate::RUNS).await?, &rows);
    Ok(summary)
}

/// Accepted products that do not move, by category.
fn staying(
    mut accepted: BTreeMap<String, AcceptedIn>,
    left: &BTreeMap<String, AcceptedIn>,
) -> BTreeMap<String, AcceptedIn> {
    for (category, left) in left {
        if let Some(accepted) = accepted.get_mut(category) {
            accepted.products = accepted.products.saturating_sub(left.products);
            accepted.unlocked = accepted.unlocked.saturating_sub(left.unlocked);
            accepted.published = accepted.published.saturating_sub(left.published);
        }
    }
    accepted
}

/// What these categories of the new taxonomy were called before; several where some were merged.
fn before<'a>(
    changed: &'a Changed,
    categories: &'a BTreeSet<CategoryId>,
) -> impl Iterator<Item = &'a CategoryId> {
    let renamed =
        changed.follows.iter().filter(|(_, now)| categories.contains(*now)).map(|(before, _)| before);
    let same = categories
        .iter()
        .filter(|id| !changed.introduced.contains(*id) && !changed.follows.contains_key(*id));
    renamed.chain(same)
}

/// The taxonomy before a plan and what its change comes to, for people who read it.
///
/// # Errors
/// The store's, or [`PlanError::Nothing`] and [`PlanError::Change`] where the plan is of another store.
pub async fn taxonomies(engine: &Engine, plan: &Plan) -> Result<(Taxonomy, Option<Changed>), PlanError> {
    let name = &plan.basis.taxonomy;
    let before = engine.store.taxonomy(name).await?.ok_or_else(|| PlanError::Nothing(name.clone()))?;
    let step: Option<&TaxonomyStep> = plan.taxonomy.as_ref();
    let changed = step.map(|step| step.changed(&before)).transpose()?;
    Ok((before, changed))
}
