//! A change of the taxonomy by itself, planned: what each change means for the products there are. Nothing is judged, so no model
//! is needed and it takes no time; what returns to review is judged by the next run.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use berika_catalog::taxonomy_change::{Change, Changed, MergeTarget, Redirect, RedirectKind, changed};
use berika_catalog::{CategoryId, Taxonomy};
use berika_store::{ApplicationState, CategoryStanding};
use serde::Serialize;

use super::changes_file::{self, ChangesFileError};
use super::plan::{Basis, FORMAT, Plan, Selection, TaxonomyStep};
use super::plan_file::{self, PlanFileError};
use super::planning::{PlanError, refuse_confirmed};
use super::summary::Summary;
use super::{Applied, ApplyError, ApplyOptions, estimate};
use crate::Engine;

/// A planned change of the taxonomy.
#[derive(Debug, Clone)]
pub struct TaxonomyPlan {
    /// The plan, without moves.
    pub plan: Plan,
    /// What the changes come to together.
    pub changed: Changed,
    /// What each means, in their order; of a whole new taxonomy all at once.
    pub effects: Vec<Effect>,
    /// All of it.
    pub total: Effect,
}

/// What a change means.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Effect {
    /// The change in a line.
    pub change: String,
    /// Products accepted in the categories it is about.
    pub products: u64,
    /// Of these, products that people confirmed.
    pub confirmed: u64,
    /// Besides these, products that people confirmed there and that are not accepted there: retired, joined into others, not
    /// delivered yet, or not judged since.
    pub confirmed_besides: u64,
    /// Products that return to review.
    pub to_review: u64,
    /// Of these, products that people confirmed.
    pub confirmed_to_review: u64,
    /// Published products that are told of anew: elsewhere, or without a category.
    pub published_anew: u64,
    /// Descriptions written anew.
    pub descriptions: u64,
    /// What receivers must redirect.
    pub redirects: Vec<Redirect>,
    /// What people should know.
    pub notes: Vec<String>,
}

/// Why the changes of a file are not made.
#[derive(Debug, thiserror::Error)]
pub enum TaxonomyApplyError {
    /// They cannot be planned.
    #[error(transparent)]
    Plan(#[from] PlanError),
    /// The plan cannot be kept until it is applied.
    #[error(transparent)]
    File(#[from] PlanFileError),
    /// They cannot be applied.
    #[error(transparent)]
    Apply(#[from] ApplyError),
}

/// Plans what a file makes of the taxonomy: a file of changes, or a whole taxonomy.
///
/// # Errors
/// [`PlanError`].
pub async fn plan(engine: &Engine, file: &Path, by: &str) -> Result<TaxonomyPlan, PlanError> {
    let (config, store) = (&engine.config, &engine.store);
    let name = &config.taxonomy.id;
    let before = store.taxonomy(name).await?.ok_or_else(|| PlanError::Nothing(name.clone()))?;
    let step = match changes_file::step(file, &before, &config.markets[0].language) {
        Ok(step) => step,
        Err(error) => return Err(made_already(engine, file, &before).await?.unwrap_or(error).into()),
    };
    let changed = step.changed(&before)?;
    let standings = store.category_standings(name).await?;
    refuse_confirmed(&changed, &standings)?;
    let total = effect("all changes".to_owned(), &before, &changed, &standings);
    let effects = if step.changes.is_empty() {
        vec![Effect { change: "a whole new taxonomy".to_owned(), ..total.clone() }]
    } else {
        one_by_one(&before, &step.changes, &standings, &changed.notes)
    };
    let now = engine.now();
    let fresh = engine.with_ids(|ids| ids.next("store", now));
    let plan = Plan {
        berika_plan: FORMAT,
        id: engine.with_ids(|ids| ids.next("plan", now)),
        made_at: now,
        made_by: by.to_owned(),
        basis: Basis {
            store: store.identity(&fresh).await?,
            taxonomy: before.id.clone(),
            version: before.version,
            taxonomy_digest: before.digest(),
            decisions: store.last_decision().await?,
            model: config.model.id.clone(),
            encoder: None,
            judge: None,
            promise: config.policy.promise,
        },
        selection: Selection::default(),
        summary: summary(engine, &total).await?,
        taxonomy: Some(TaxonomyStep::from(&changed)),
        moves: Vec::new(),
    };
    Ok(TaxonomyPlan { plan, changed, effects, total })
}

/// Plans what a file makes of the taxonomy, calls `see` with the plan, and applies it; or goes on where that was killed or stopped.
///
/// # Errors
/// [`TaxonomyApplyError`].
pub async fn apply(
    engine: &Engine,
    file: &Path,
    by: &str,
    see: impl FnOnce(&TaxonomyPlan),
) -> Result<Applied, TaxonomyApplyError> {
    // The plan is kept beside the store until it is applied, so that the same command goes on with the same plan.
    let mut kept = engine.store.path().as_os_str().to_owned();
    kept.push(".taxonomy-plan");
    let kept = PathBuf::from(kept);
    let planned = match under_way(engine, file, &kept).await? {
        Some(planned) => planned,
        None => {
            // Another file's plan is kept until its application has ended: that goes on with it.
            engine.store.nothing_under_way().await.map_err(ApplyError::from)?;
            let planned = plan(engine, file, by).await?;
            plan_file::write(&kept, &planned.plan)?;
            planned
        }
    };
    see(&planned);
    let options = ApplyOptions { by: by.to_owned(), ..ApplyOptions::default() };
    let applied = super::apply(engine, &planned.plan, &options).await?;
    if applied.state == ApplicationState::Applied
        && let Err(error) = std::fs::remove_file(&kept)
    {
        tracing::debug!(%error, "the applied plan stays beside the store");
    }
    Ok(applied)
}

/// The plan that is kept, where it makes the changes of `file` and its application has begun and is not done.
async fn under_way(engine: &Engine, file: &Path, kept: &Path) -> Result<Option<TaxonomyPlan>, PlanError> {
    let Ok((plan, _)) = plan_file::read(kept) else { return Ok(None) };
    let begun = engine.store.application_of_plan(&plan.id).await?;
    let (Some(ApplicationState::Applying), Some(step)) = (begun.map(|begun| begun.state), &plan.taxonomy)
    else {
        return Ok(None);
    };
    let (taxonomy, version) = (&plan.basis.taxonomy, plan.basis.version);
    let Some(before) = engine.store.taxonomy_at(taxonomy, version).await? else { return Ok(None) };
    let asked = changes_file::step(file, &before, &engine.config.markets[0].language);
    if asked.ok().as_ref() != Some(step) {
        return Ok(None);
    }
    let changed = step.changed(&before)?;
    // What stood in the categories is history.
    let total = Effect { redirects: changed.redirects.clone(), ..Effect::default() };
    Ok(Some(TaxonomyPlan { plan, changed, effects: Vec::new(), total }))
}

/// Why changes cannot be made that are made.
async fn made_already(
    engine: &Engine,
    file: &Path,
    last: &Taxonomy,
) -> Result<Option<ChangesFileError>, PlanError> {
    let Ok(read) = changes_file::read(file) else { return Ok(None) };
    let made = engine.store.taxonomy_changes(&last.id, last.version).await?;
    Ok((made.as_ref() == Some(&read.changes))
        .then(|| ChangesFileError::Made { path: file.to_owned(), version: last.version }))
}

/// What each change means, made one after the other on what those before it made.
fn one_by_one(
    before: &Taxonomy,
    changes: &[Change],
    standings: &BTreeMap<CategoryId, CategoryStanding>,
    notes: &[String],
) -> Vec<Effect> {
    let mut taxonomy = before.clone();
    let mut standings = standings.clone();
    let mut effects = Vec::with_capacity(changes.len());
    for (place, change) in changes.iter().enumerate() {
        let Ok(step) = changed(&taxonomy, std::slice::from_ref(change)) else {
            // All of them can be made, so that this is a taxonomy with nothing in it for a moment.
            let notes = vec!["what it and those behind it mean by themselves cannot be said".to_owned()];
            effects.push(Effect { change: line(change), notes, ..Effect::default() });
            break;
        };
        // By itself each would be the first.
        let its = format!("change {}:", place + 1);
        let notes = notes.iter().filter(|note| note.starts_with(&its)).cloned().collect();
        effects.push(Effect { notes, ..effect(line(change), &taxonomy, &step, &standings) });
        standings = carried(&step, standings);
        taxonomy = step.taxonomy;
    }
    effects
}

fn effect(
    change: String,
    before: &Taxonomy,
    changed: &Changed,
    standings: &BTreeMap<CategoryId, CategoryStanding>,
) -> Effect {
    // What the products of leaves of the new taxonomy stand in now.
    let sources = |leaves: &BTreeSet<CategoryId>| -> BTreeSet<CategoryId> {
        let renamed = changed.follows.iter().filter(|(_, now)| leaves.contains(*now)).map(|(old, _)| old);
        // What others become part of is told anew of itself only where it is called otherwise, too.
        let other =
            |redirect: &Redirect| matches!(redirect.kind, RedirectKind::Renamed | RedirectKind::Moved);
        let told = |id: &CategoryId| changed.redirects.iter().any(|r| r.from == *id && other(r));
        let same = leaves.iter().filter(|id| !changed.introduced.contains(*id) && told(id));
        renamed.chain(same).cloned().collect()
    };
    let gone: BTreeSet<CategoryId> = changed.gone.keys().cloned().collect();
    let (shown, mut written) = (sources(&changed.republished), sources(&changed.renamed));
    written.extend(changed.merged.iter().filter(|id| !gone.contains(*id)).cloned());
    let about: BTreeSet<CategoryId> =
        gone.iter().chain(&shown).chain(&written).chain(changed.follows.keys()).cloned().collect();
    let sum = |of: &BTreeSet<CategoryId>, count: fn(&CategoryStanding) -> u64| -> u64 {
        of.iter().filter_map(|id| standings.get(id)).map(count).sum()
    };
    let leaves = |of: BTreeSet<CategoryId>| -> BTreeSet<CategoryId> {
        of.into_iter().filter(|id| before.index_of(id).is_some_and(|index| before.is_leaf(index))).collect()
    };
    let about = leaves(about);
    Effect {
        change,
        products: sum(&about, |standing| standing.accepted),
        confirmed: sum(&about, |standing| standing.confirmed),
        confirmed_besides: sum(&about, |standing| standing.decided.saturating_sub(standing.confirmed)),
        to_review: sum(&gone, |standing| standing.accepted),
        confirmed_to_review: sum(&gone, |standing| standing.confirmed),
        published_anew: sum(&gone.union(&shown).cloned().collect(), |standing| standing.published),
        descriptions: sum(&written, |standing| standing.descriptions),
        redirects: changed.redirects.clone(),
        notes: changed.notes.clone(),
    }
}

/// What stands in categories once a step is made.
fn carried(
    step: &Changed,
    standings: BTreeMap<CategoryId, CategoryStanding>,
) -> BTreeMap<CategoryId, CategoryStanding> {
    let mut carried: BTreeMap<CategoryId, CategoryStanding> = BTreeMap::new();
    for (id, standing) in standings {
        if step.gone.contains_key(&id) {
            continue;
        }
        let now = carried.entry(step.follows.get(&id).cloned().unwrap_or(id)).or_default();
        now.accepted += standing.accepted;
        now.confirmed += standing.confirmed;
        now.decided += standing.decided;
        now.published += standing.published;
        now.descriptions += standing.descriptions;
    }
    carried
}

async fn summary(engine: &Engine, total: &Effect) -> Result<Summary, PlanError> {
    let config = &engine.config;
    let languages = config.languages();
    let mut summary = Summary { products: total.products, notes: total.notes.clone(), ..Summary::default() };
    if total.to_review > 0 {
        summary.notes.push(format!(
            "{} products return to review, {} of them confirmed by people; the next run judges those that nobody confirmed",
            total.to_review, total.confirmed_to_review
        ));
    }
    if total.confirmed_besides > 0 {
        summary.notes.push(format!(
            "people confirmed {} more products there that are not accepted there now: retired, joined into others, not delivered \
             yet, or not judged since",
            total.confirmed_besides
        ));
    }
    if total.descriptions > 0 {
        let each = total.descriptions.div_ceil(languages.len().max(1) as u64);
        summary.descriptions = languages.iter().map(|language| (language.to_string(), each)).collect();
    }
    if total.published_anew > 0 {
        let told = |endpoint: &crate::config::EndpointConfig| (endpoint.id.clone(), total.published_anew);
        summary.deliveries = config.endpoints.iter().map(told).collect();
    }
    let rows = BTreeMap::from([
        ("description", total.descriptions),
        ("publish", total.published_anew),
        ("delivery", total.published_anew * config.endpoints.len() as u64),
    ]);
    summary.seconds = estimate::seconds(&engine.store.runs(estimate::RUNS).await?, &rows);
    Ok(summary)
}

/// A change in a line, for people.
fn line(change: &Change) -> String {
    let ids = |ids: Vec<&str>| ids.join(", ");
    let what = match change {
        Change::Add(category) => category.id.to_string(),
        Change::Rename(rename) => {
            let names = rename.names.iter().map(|(language, name)| format!("{language} {name:?}"));
            let new: Vec<String> = rename.id.iter().map(ToString::to_string).chain(names).collect();
            format!("{} to {}", rename.category, new.join(", "))
        }
        Change::Move(place) => {
            let below = place.below.as_ref().map_or("the root", CategoryId::as_str);
            format!("{} below {below}", place.category)
        }
        Change::Split(split) => {
            let parts = split.into.iter().map(|part| part.id.as_str()).collect();
            format!("{} into {}", split.category, ids(parts))
        }
        Change::Merge(merge) => {
            let into = match &merge.into {
                MergeTarget::Known(id) => id,
                MergeTarget::New(category) => &category.id,
            };
            format!("{} into {into}", ids(merge.categories.iter().map(CategoryId::as_str).collect()))
        }
        Change::Delete(delete) => delete.category.to_string(),
        Change::Describe(describe) => describe.category.to_string(),
    };
    format!("{} {what}", change.word())
}
