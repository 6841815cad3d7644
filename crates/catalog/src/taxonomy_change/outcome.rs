//! What changes come to: the new taxonomy, and what became of each category of the old one.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

use super::draft::Draft;
use super::redirect::{Redirect, redirects, same_path};
use super::trace::{End, Trace};
use super::{Change, ChangeError};
use crate::{CategoryId, Taxonomy};

/// A taxonomy that was changed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Changed {
    /// The new taxonomy: the next version.
    pub taxonomy: Taxonomy,
    /// The changes that made it; empty where it was taken over as a whole.
    pub changes: Vec<Change>,
    /// Categories that are called otherwise from now on: old id to the id whose decisions and products it is now.
    pub follows: BTreeMap<CategoryId, CategoryId>,
    /// Of these, old categories that became part of another one: their products go there, and are called otherwise only as
    /// part of it.
    pub merged: BTreeSet<CategoryId>,
    /// Old leaves that products cannot stay in.
    pub gone: BTreeMap<CategoryId, Gone>,
    /// Of these, those that may only go while nothing is confirmed in them, with the number of the change that says so.
    pub only_unconfirmed: BTreeMap<CategoryId, usize>,
    /// New ids that do not mean what they meant before: what was said of such an id earlier is not said of this category.
    pub introduced: BTreeSet<CategoryId>,
    /// Leaves (by their new ids) whose id or path names changed.
    pub republished: BTreeSet<CategoryId>,
    /// Leaves (by their new ids) whose own names changed: descriptions name them.
    pub renamed: BTreeSet<CategoryId>,
    /// What receivers must redirect.
    pub redirects: Vec<Redirect>,
    /// What people should know besides.
    pub notes: Vec<String>,
}

/// What became of a leaf that products cannot stay in.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Gone {
    /// A sentence that says so, without the stop.
    pub why: String,
    /// What takes its place.
    pub into: Vec<CategoryId>,
}

/// Makes `changes` one after the other on `before`.
///
/// # Errors
/// [`ChangeError`], naming the first change that cannot be made.
pub fn changed(before: &Taxonomy, changes: &[Change]) -> Result<Changed, ChangeError> {
    if changes.is_empty() {
        return Err(ChangeError::Nothing);
    }
    let mut draft = Draft::of(before);
    for change in changes {
        let refused = |number, fault| ChangeError::Change { number, kind: change.word(), fault };
        draft.make(change).map_err(|fault| refused(draft.number, fault))?;
    }
    let Draft { categories, traces, notes, .. } = draft;
    let after =
        Taxonomy::new(before.id.clone(), before.version + 1, categories).map_err(ChangeError::Taxonomy)?;
    let leaf = |id: &CategoryId| after.index_of(id).is_some_and(|index| after.is_leaf(index));
    // What is left of a split leaf, where its parts below were moved away, is another category for products.
    let kept = |id: &CategoryId| {
        let trace = before.index_of(id).map(|index| &traces[index]);
        trace.is_some_and(|trace| trace.same.as_ref() == Some(id) && (trace.end.is_none() || !leaf(id)))
    };
    let introduced =
        after.categories().iter().map(|category| &category.id).filter(|id| !kept(id)).cloned().collect();
    let outcome = Changed { changes: changes.to_vec(), introduced, notes, ..outcome(before, after, &traces) };
    Ok(outcome)
}

/// What it means that `after` takes the place of `before` as a whole: categories are known by their ids alone.
pub fn replaced(before: &Taxonomy, mut after: Taxonomy) -> Changed {
    after.version = before.version + 1;
    let traces = before.categories().iter().map(|category| {
        let mut trace = Trace::of(&category.id);
        if after.index_of(&category.id).is_none() {
            trace.went(&category.id, &[], Some(End::LeftOut), false);
        }
        trace
    });
    let traces: Vec<Trace> = traces.collect();
    outcome(before, after, &traces)
}

/// What it means that `former`, which became `present`, takes its place again. `renamed` says what those categories of `former`
/// are called in `present` that are the same under another id.
pub fn taken_back(
    present: &Taxonomy,
    mut former: Taxonomy,
    renamed: &BTreeMap<CategoryId, CategoryId>,
) -> Changed {
    former.version = present.version + 1;
    let back: BTreeMap<&CategoryId, &CategoryId> = renamed.iter().map(|(old, new)| (new, old)).collect();
    let traces = present.categories().iter().map(|category| {
        let mut trace = Trace::of(&category.id);
        match back.get(&category.id) {
            Some(old) => trace.renamed(&category.id, old),
            None if former.get(&category.id).is_some() && !renamed.contains_key(&category.id) => {}
            None => trace.went(&category.id, &[], Some(End::LeftOut), false),
        }
        trace
    });
    let traces: Vec<Trace> = traces.collect();
    outcome(present, former, &traces)
}

fn outcome(before: &Taxonomy, after: Taxonomy, traces: &[Trace]) -> Changed {
    let (mut follows, mut gone, mut merged) = (BTreeMap::new(), BTreeMap::new(), BTreeSet::new());
    let (mut republished, mut renamed) = (BTreeSet::new(), BTreeSet::new());
    let mut only_unconfirmed = BTreeMap::new();
    for (old, trace) in traces.iter().enumerate() {
        let was_leaf = before.is_leaf(old);
        if let Some(number) = trace.only_unconfirmed.filter(|_| was_leaf) {
            only_unconfirmed.insert(trace.id.clone(), number);
        }
        let holder = trace.holder().and_then(|id| after.index_of(id));
        match holder {
            Some(new) if after.is_leaf(new) || !was_leaf => {
                let (was, is) = (&before.categories()[old], &after.categories()[new]);
                if was.id != is.id {
                    follows.insert(was.id.clone(), is.id.clone());
                }
                if trace.same.is_none() {
                    merged.insert(was.id.clone());
                }
                if !after.is_leaf(new) {
                    continue;
                }
                if was.id != is.id || !same_path(before, old, &after, new) {
                    republished.insert(is.id.clone());
                }
                if trace.same.is_some() && was.names != is.names {
                    renamed.insert(is.id.clone());
                }
            }
            Some(new) => {
                let into = leaves_below(&after, new);
                let why = format!("category {} has categories below it now: {}", trace.id, listed(&into));
                gone.insert(trace.id.clone(), Gone { why, into });
            }
            None if was_leaf => {
                let into = trace.into.clone();
                let why = why(&trace.id, trace.end.unwrap_or(End::LeftOut), &into);
                gone.insert(trace.id.clone(), Gone { why, into });
            }
            None => {}
        }
    }
    let redirects = redirects(before, &after, traces);
    Changed {
        taxonomy: after,
        changes: Vec::new(),
        follows,
        merged,
        gone,
        only_unconfirmed,
        introduced: BTreeSet::new(),
        republished,
        renamed,
        redirects,
        notes: Vec::new(),
    }
}

fn why(id: &CategoryId, end: End, into: &[CategoryId]) -> String {
    let listed = listed(into);
    match (end, into.is_empty()) {
        (End::Split, false) => format!("category {id} was split into {listed}"),
        (End::Merged, false) => format!("category {id} became part of {listed}"),
        (End::Deleted, false) => format!("category {id} was deleted; {listed} takes its place"),
        (End::LeftOut, _) => format!("category {id} is not in the taxonomy any more"),
        (_, true) => format!("category {id} was deleted"),
    }
}

/// `a`, `a and b`, `a, b and c`; of more, how many.
fn listed(ids: &[CategoryId]) -> String {
    const FEW: usize = 8;
    let joined = |ids: &[CategoryId]| ids.iter().map(CategoryId::as_str).collect::<Vec<_>>().join(", ");
    match ids {
        [] => String::new(),
        [one] => one.to_string(),
        ids if ids.len() > FEW => format!("{} and {} more", joined(&ids[..FEW]), ids.len() - FEW),
        [first @ .., last] => format!("{} and {last}", joined(first)),
    }
}

/// The leaves below a category.
fn leaves_below(taxonomy: &Taxonomy, branch: usize) -> Vec<CategoryId> {
    let below = taxonomy.leaves().filter(|&leaf| taxonomy.path(leaf).contains(&branch));
    below.map(|leaf| taxonomy.categories()[leaf].id.clone()).collect()
}
