//! Changes of a taxonomy, as a person writes them into a file under version control.
//!
//! A change says what became of a category, which a new list of categories does not: decisions, external ids and addresses
//! can follow it.

mod draft;
mod error;
mod merge;
mod outcome;
mod place;
mod redirect;
mod split;
#[cfg(test)]
mod tests;
mod trace;

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

pub use error::{ChangeError, ChangeFault};
pub use outcome::{Changed, Gone, changed, replaced, taken_back};
pub use redirect::{Redirect, RedirectKind, RedirectTarget};

use crate::{Category, CategoryId, Language};

/// What happens to decisions on a category that goes.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Confirmed {
    /// The change is refused while there are any.
    #[default]
    Refuse,
    /// They return to review, with what is known.
    Review,
    /// They hold of the category that takes its place: only where there is one.
    Follow,
}

/// One change. Changes of a file are made one after the other.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Change {
    /// A new category.
    Add(Category),
    /// Another id, other names, or both; the rest stays. Decisions follow.
    Rename(Rename),
    /// Another place in the tree, with all that is below. Decisions follow.
    Move(Move),
    /// One leaf becomes several.
    Split(Split),
    /// Several leaves become one.
    Merge(Merge),
    /// A leaf goes.
    Delete(Delete),
    /// Other texts: what belongs there, what does not, other words for it, ids elsewhere. What is not said stays; what is said
    /// to be empty goes.
    Describe(Describe),
}

impl Change {
    /// What kind it is, as in a file.
    pub fn word(&self) -> &'static str {
        match self {
            Self::Add(_) => "add",
            Self::Rename(_) => "rename",
            Self::Move(_) => "move",
            Self::Split(_) => "split",
            Self::Merge(_) => "merge",
            Self::Delete(_) => "delete",
            Self::Describe(_) => "describe",
        }
    }
}

/// See [`Change::Rename`].
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Rename {
    /// The category.
    pub category: CategoryId,
    /// Its new id.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub id: Option<CategoryId>,
    /// New names; languages that are not named keep theirs.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub names: BTreeMap<Language, String>,
}

/// See [`Change::Move`].
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Move {
    /// The category.
    pub category: CategoryId,
    /// The category above it from now on; a root where left out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub below: Option<CategoryId>,
}

/// See [`Change::Split`].
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Split {
    /// The leaf.
    pub category: CategoryId,
    /// What takes its place. One without a parent stands where the leaf stood; one that names the leaf as its parent keeps it
    /// as the category above. External ids that none of them names go to all.
    pub into: Vec<Category>,
}

/// See [`Change::Merge`].
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Merge {
    /// The leaves that go.
    pub categories: Vec<CategoryId>,
    /// A leaf that stays, or a new category; one without a parent stands where the first of them stood.
    pub into: MergeTarget,
    /// What happens to confirmed products; they return to review where nothing is said.
    #[serde(default = "review")]
    pub confirmed: Confirmed,
}

fn review() -> Confirmed {
    Confirmed::Review
}

/// Where merged leaves go.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum MergeTarget {
    /// A leaf there is.
    Known(CategoryId),
    /// A new one.
    New(Box<Category>),
}

/// See [`Change::Delete`].
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Delete {
    /// The leaf.
    pub category: CategoryId,
    /// Where receivers send whoever asks for it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub redirect: Option<CategoryId>,
    /// What happens to confirmed products; the change is refused where nothing is said.
    #[serde(default)]
    pub confirmed: Confirmed,
}

/// See [`Change::Describe`].
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Describe {
    /// The category.
    pub category: CategoryId,
    /// As [`Category::descriptions`]; languages that are not named keep theirs, an empty text takes one out.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub descriptions: BTreeMap<Language, String>,
    /// As [`Category::excludes`].
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub excludes: BTreeMap<Language, String>,
    /// As [`Category::synonyms`].
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub synonyms: BTreeMap<Language, Vec<String>>,
    /// As [`Category::external_ids`].
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub external_ids: BTreeMap<String, String>,
}
