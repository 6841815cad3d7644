//! What changes come to: the new taxonomy, and what became of each category of the old one.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

use super::redirect::Redirect;
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
    /// Old leaves that products cannot stay in.
    pub gone: BTreeMap<CategoryId, Gone>,
    /// Of these and of those that follow into another category, those that may only go while nothing is confirmed in them,
    /// with the number of the change that says so.
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
    let mut changed = replaced(before, before.clone());
    changed.changes = changes.to_vec();
    Ok(changed)
}

/// What it means that `after` takes the place of `before` as a whole: categories are known by their ids alone.
pub fn replaced(before: &Taxonomy, mut after: Taxonomy) -> Changed {
    after.version = before.version + 1;
    let taxonomy = after;
    Changed {
        taxonomy,
        changes: Vec::new(),
        follows: BTreeMap::new(),
        gone: BTreeMap::new(),
        only_unconfirmed: BTreeMap::new(),
        introduced: BTreeSet::new(),
        republished: BTreeSet::new(),
        renamed: BTreeSet::new(),
        redirects: Vec::new(),
        notes: Vec::new(),
    }
}
