//! What receivers must redirect: whoever keeps addresses or ids of categories.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::{CategoryId, Language};

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
