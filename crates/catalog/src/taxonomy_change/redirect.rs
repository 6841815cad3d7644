//! What receivers must redirect: whoever keeps addresses or ids of categories.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::trace::{End, Trace};
use crate::{Category, CategoryId, Language, Taxonomy};

/// What became of a category, for those who know it by its id, its path or its id elsewhere.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Redirect {
    /// Its id before.
    pub from: CategoryId,
    /// What happened.
    pub kind: RedirectKind,
    /// Names from the root down to it before, by language.
    pub from_path: BTreeMap<Language, Vec<String>>,
    /// Where to look from now on: none where it is gone for good, several where a person has to choose.
    pub to: Vec<RedirectTarget>,
    /// Its ids in other taxonomies before, where a target has others now.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub external_ids: BTreeMap<String, String>,
}

/// Where a category is to be looked for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RedirectTarget {
    /// The id.
    pub id: CategoryId,
    /// Names from the root, by language.
    pub path: BTreeMap<Language, Vec<String>>,
    /// Its ids in other taxonomies, where they are others than before.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub external_ids: BTreeMap<String, String>,
}

/// Why a category is looked for elsewhere.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RedirectKind {
    /// It has another id or another name.
    Renamed,
    /// It stands in another place, or below other names.
    Moved,
    /// Several categories took its place: a person chooses.
    Split,
    /// It became part of another one.
    Merged,
    /// It is gone.
    Deleted,
    /// Only its ids in other taxonomies are others.
    ExternalIds,
}

impl RedirectKind {
    /// The word for it.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Renamed => "renamed",
            Self::Moved => "moved",
            Self::Split => "split",
            Self::Merged => "merged",
            Self::Deleted => "deleted",
            Self::ExternalIds => "external_ids",
        }
    }
}

/// What receivers must redirect of `before`, in its order.
pub(super) fn redirects(before: &Taxonomy, after: &Taxonomy, traces: &[Trace]) -> Vec<Redirect> {
    traces.iter().filter_map(|trace| redirect(before, after, trace)).collect()
}

fn redirect(before: &Taxonomy, after: &Taxonomy, trace: &Trace) -> Option<Redirect> {
    let old = before.index_of(&trace.id)?;
    let was = &before.categories()[old];
    let (kind, to) = match (&trace.same, trace.end) {
        (_, Some(End::Split)) => (RedirectKind::Split, trace.into.clone()),
        (_, Some(End::Merged)) => (RedirectKind::Merged, trace.into.clone()),
        // One that is left out for what is below it is still there.
        (Some(same), _) => (changed_how(before, old, after, after.index_of(same)?)?, vec![same.clone()]),
        (None, Some(End::Deleted | End::LeftOut)) => (RedirectKind::Deleted, trace.into.clone()),
        (None, None) => (RedirectKind::Merged, trace.into.clone()),
    };
    let mut external_ids = BTreeMap::new();
    let target = |id: &CategoryId| {
        let index = after.index_of(id)?;
        let is = &after.categories()[index];
        for (scheme, id) in &was.external_ids {
            if is.external_ids.get(scheme) != Some(id) {
                external_ids.insert(scheme.clone(), id.clone());
            }
        }
        Some(RedirectTarget { id: id.clone(), path: paths(after, index), external_ids: others(was, is) })
    };
    let to: Vec<RedirectTarget> = to.iter().filter_map(target).collect();
    if to.is_empty() {
        external_ids.clone_from(&was.external_ids);
    }
    Some(Redirect { from: trace.id.clone(), kind, from_path: paths(before, old), to, external_ids })
}

/// How a category that is still there differs for those outside; `None` where it does not.
fn changed_how(before: &Taxonomy, old: usize, after: &Taxonomy, new: usize) -> Option<RedirectKind> {
    let (was, is) = (&before.categories()[old], &after.categories()[new]);
    if was.id != is.id || was.names != is.names {
        Some(RedirectKind::Renamed)
    } else if !same_path(before, old, after, new) {
        Some(RedirectKind::Moved)
    } else if was.external_ids != is.external_ids {
        Some(RedirectKind::ExternalIds)
    } else {
        None
    }
}

/// Whether the names from the root down are the same in every language.
pub(super) fn same_path(before: &Taxonomy, old: usize, after: &Taxonomy, new: usize) -> bool {
    let names = |taxonomy: &Taxonomy, index: usize| -> Vec<BTreeMap<Language, String>> {
        taxonomy.path(index).into_iter().map(|index| taxonomy.categories()[index].names.clone()).collect()
    };
    names(before, old) == names(after, new)
}

fn paths(taxonomy: &Taxonomy, index: usize) -> BTreeMap<Language, Vec<String>> {
    let owned = |names: Vec<&str>| names.into_iter().map(str::to_owned).collect();
    let languages = taxonomy.languages().into_iter();
    languages.map(|language| (language.clone(), owned(taxonomy.path_names(index, &language)))).collect()
}

/// The ids elsewhere that `is` has and `was` had not.
fn others(was: &Category, is: &Category) -> BTreeMap<String, String> {
    let other = |(scheme, id): &(&String, &String)| was.external_ids.get(*scheme) != Some(*id);
    is.external_ids.iter().filter(other).map(|(scheme, id)| (scheme.clone(), id.clone())).collect()
}
