//! The taxonomy changed, and changed back: with all that names its categories, in one transaction.
//!
//! What is called otherwise is renamed wherever it is named, in `names`; products are carried along in `products`.

mod history;
mod names;
mod products;

use std::collections::{BTreeMap, BTreeSet};

use berika_catalog::taxonomy_change::{Changed, Gone, taken_back};
use berika_catalog::{CategoryId, Taxonomy};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use sqlx::Row;
use sqlx::sqlite::SqliteConnection;

pub use history::{CategoryNames, CategoryStanding, GoneCategory};

use crate::open::commit;
use crate::products::parse_json;
use crate::{Store, StoreError, taxonomies};

/// What became of categories of the version before, as it is kept.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub(crate) struct Became {
    /// See [`Changed::follows`].
    follows: BTreeMap<CategoryId, CategoryId>,
    /// See [`Changed::merged`].
    merged: BTreeSet<CategoryId>,
    /// See [`Changed::gone`].
    gone: BTreeMap<CategoryId, Gone>,
    /// Ids that other categories had before: what those are called from now on.
    reused: BTreeMap<CategoryId, CategoryId>,
}

impl Store {
    /// Stores a changed taxonomy as the next version, made by `run`, and carries it through: what is called otherwise is
    /// renamed, products whose category is gone return to review, and those that say something else of their category now are
    /// composed anew. What is replaced of products is copied first. Does nothing where `run` has done so before.
    ///
    /// # Errors
    /// [`StoreError::TaxonomyMoved`] where the last version is not the one that was changed, [`StoreError::Confirmed`] where a
    /// category may not go; any statement's failure. Nothing is kept then.
    pub async fn apply_taxonomy(
        &self,
        run: &str,
        changed: &Changed,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        let doing = "changing the taxonomy";
        let mut write = self.write(doing).await?;
        if made_by(&mut write, run).await?.is_some() {
            return Ok(());
        }
        refuse_confirmed(&mut write, changed).await?;
        carry_through(&mut write, Some(run), changed, now).await?;
        commit(write, doing).await
    }
}

/// Stores what the taxonomy was before `run` changed it as the next version, made by `revert_run`, and takes renames back.
/// What the change replaced of products is restored elsewhere. Does nothing where `run` changed no taxonomy.
///
/// # Errors
/// [`StoreError::TaxonomyMoved`] where the last version says something else than the one that `run` made; any
/// statement's failure.
pub(crate) async fn take_back(
    write: &mut SqliteConnection,
    run: &str,
    revert_run: &str,
    now: Timestamp,
) -> Result<(), StoreError> {
    let Some(Made { taxonomy, version, digest, became }) = made_by(write, run).await? else {
        return Ok(());
    };
    let present = taxonomies::read(&mut *write, &taxonomy, None).await?;
    let found = present.as_ref().map_or(0, |present| present.version);
    let moved = |expected| StoreError::TaxonomyMoved { taxonomy: taxonomy.clone(), found, expected };
    // What was changed since and changed back is no change.
    let present =
        present.filter(|present| present.digest().as_str() == digest).ok_or_else(|| moved(version))?;
    let former = taxonomies::read(&mut *write, &taxonomy, Some(version - 1)).await?;
    let former = former.ok_or_else(|| moved(version - 1))?;
    let (merged, follows): (BTreeMap<_, _>, BTreeMap<_, _>) =
        became.follows.into_iter().partition(|(old, _)| became.merged.contains(old));
    let back = taken_back(&present, former, &follows);
    store(write, &back, &Became::of(&back, BTreeMap::new()), Some(revert_run), now).await?;
    products::leave(write, &back).await?;
    names::rename(write, &back, &BTreeMap::new(), run).await?;
    names::restore(write, run, &taxonomy, version).await?;
    products::part(write, &taxonomy, &merged.iter().collect()).await?;
    products::show(write, &back).await
}

/// Stores a whole taxonomy as the version behind `last` and carries it through. Categories are known by their ids; one that
/// was called otherwise and is there under its former id alone is called so again. Returns the version, and of how many
/// products the category that people confirmed is gone with it.
pub(crate) async fn take_over(
    write: &mut SqliteConnection,
    last: &Taxonomy,
    taxonomy: &Taxonomy,
    now: Timestamp,
) -> Result<(u32, u64), StoreError> {
    let again = names::again(write, last, taxonomy).await?;
    let changed = taken_back(last, taxonomy.clone(), &again);
    carry_through(write, None, &changed, now).await?;
    names::part(write, &changed.taxonomy).await?;
    let standing = history::decided(write, &taxonomy.id).await?;
    let confirmed = changed.gone.keys().filter_map(|id| standing.get(id)).sum();
    Ok((changed.taxonomy.version, confirmed))
}

/// Stores what was changed as the next version and carries it through.
async fn carry_through(
    write: &mut SqliteConnection,
    run: Option<&str>,
    changed: &Changed,
    now: Timestamp,
) -> Result<(), StoreError> {
    let after = &changed.taxonomy;
    last(write, &after.id, after.version - 1).await?;
    let reused = names::reused(write, changed).await?;
    store(write, changed, &Became::of(changed, reused.clone()), run, now).await?;
    if let Some(run) = run {
        products::copy(write, run, changed).await?;
        names::copy(write, run, &after.id).await?;
    }
    products::leave(write, changed).await?;
    names::rename(write, changed, &reused, run.unwrap_or_default()).await?;
    products::show(write, changed).await
}

impl Became {
    fn of(changed: &Changed, reused: BTreeMap<CategoryId, CategoryId>) -> Self {
        Self {
            follows: changed.follows.clone(),
            merged: changed.merged.clone(),
            gone: changed.gone.clone(),
            reused,
        }
    }
}

/// A version of a taxonomy that a run made.
struct Made {
    taxonomy: String,
    version: u32,
    digest: String,
    became: Became,
}

async fn made_by(write: &mut SqliteConnection, run: &str) -> Result<Option<Made>, StoreError> {
    let row = sqlx::query("SELECT id, version, digest, became FROM taxonomies WHERE run = ?")
        .bind(run)
        .fetch_optional(write)
        .await
        .map_err(StoreError::statement("reading which taxonomy a run made"))?;
    row.map(|row| {
        let became: Option<&str> = row.get("became");
        Ok(Made {
            taxonomy: row.get("id"),
            version: row.get("version"),
            digest: row.get("digest"),
            became: became
                .map(|text| parse_json("what became of categories", text))
                .transpose()?
                .unwrap_or_default(),
        })
    })
    .transpose()
}

/// The last version, where it is this one.
async fn last(write: &mut SqliteConnection, taxonomy: &str, expected: u32) -> Result<Taxonomy, StoreError> {
    let last = taxonomies::read(&mut *write, taxonomy, None).await?;
    let found = last.as_ref().map_or(0, |last| last.version);
    last.filter(|last| last.version == expected).ok_or_else(|| StoreError::TaxonomyMoved {
        taxonomy: taxonomy.to_owned(),
        found,
        expected,
    })
}

async fn store(
    write: &mut SqliteConnection,
    changed: &Changed,
    became: &Became,
    run: Option<&str>,
    now: Timestamp,
) -> Result<(), StoreError> {
    let changes = Some(&changed.changes).filter(|changes| !changes.is_empty());
    taxonomies::insert(write, &changed.taxonomy, changes, Some(became), run, now).await
}

/// Refuses a change that may only be made while nothing is confirmed.
async fn refuse_confirmed(write: &mut SqliteConnection, changed: &Changed) -> Result<(), StoreError> {
    if changed.only_unconfirmed.is_empty() {
        return Ok(());
    }
    let standing = history::decided(write, &changed.taxonomy.id).await?;
    let refused = changed.only_unconfirmed.iter().find_map(|(category, change)| {
        Some((category, change, *standing.get(category)?)).filter(|(.., products)| *products > 0)
    });
    match refused {
        None => Ok(()),
        Some((category, change, products)) => {
            Err(StoreError::Confirmed { category: category.clone(), change: *change, products })
        }
    }
}
