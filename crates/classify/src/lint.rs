//! What is amiss with a taxonomy, and what with the decisions on it: each finding with the categories, what to do, and
//! the products that show it.
//!
//! | check | finds | needs |
//! |---|---|---|
//! | `texts` | equal texts, names and descriptions; descriptions that say little | the taxonomy |
//! | `near` | categories whose own texts are nearer to another one | vectors of the categories' texts |
//! | `opinions` | pairs that products are confused between, likely wrong decisions ([`confident`]) | decisions |
//! | `look_alikes` | products that look alike and are confirmed apart | decisions |
//! | `paths` | suppliers' category paths that have come to mean something else | decisions on products with such a path |
//! | `usage` | leaves that nothing falls into, decisions for categories that are gone | products |
//!
//! Checks are relative to the taxonomy in hand rather than thresholds on a model's cosines, which differ from model to model;
//! the one exception are look-alikes, whose centred vectors are all but equal. Nothing is read or written here. The same input gives the same findings on any number of threads.

mod centroids;
pub mod confident;
mod look_alikes;
mod near;
mod opinions;
mod paths;
mod texts;
mod usage;

use std::collections::HashMap;

use berika_catalog::{CategoryId, Language, Taxonomy};
use serde::Serialize;

use crate::Targets;
use confident::Opinion;

/// The most products that a finding lists.
pub const MOST_PRODUCTS: usize = 5;
/// The most categories that a finding names; [`Finding::more`] counts the others.
pub const MOST_CATEGORIES: usize = 20;

/// All that is looked at.
#[derive(Debug, Clone, Copy)]
pub struct LintInput<'a> {
    /// The leaves, with the languages that their texts are looked at in.
    pub targets: &'a Targets,
    /// Of these languages, those that the model reads: only in them are texts compared by their vectors.
    pub compared: &'a [Language],
    /// The language of paths in findings.
    pub language: &'a Language,
    /// The vector of each text of [`Targets::texts`], by text; `None` without a model.
    pub vectors: Option<&'a HashMap<String, Vec<f32>>>,
    /// The catalogue, in a fixed order.
    pub products: &'a [LintedProduct<'a>],
    /// How confirmed products are ranked by a classifier that has not learnt from them; `None` to have it worked out
    /// here, from the nearest mean.
    pub opinions: Option<&'a [Opinion<'a>]>,
}

/// A product of the catalogue.
#[derive(Debug, Clone, Copy, Default)]
pub struct LintedProduct<'a> {
    /// Its key.
    pub key: &'a str,
    /// Its title, for people.
    pub title: Option<&'a str>,
    /// Its language, where known.
    pub language: Option<&'a Language>,
    /// Its vector. Looked at only where the product is confirmed.
    pub vector: Option<&'a [f32]>,
    /// The category that a person confirmed.
    pub confirmed: Option<&'a CategoryId>,
    /// When it was confirmed, in any unit: the order alone counts.
    pub decided_at: i64,
    /// Its supplier. Looked at only where the product is confirmed.
    pub supplier: &'a str,
    /// Its supplier's category path, root first. Looked at only where the product is confirmed.
    pub supplier_category: &'a [String],
    /// The best candidates of the last run, best first; at most two are looked at.
    pub candidates: &'a [CategoryId],
}

/// What is amiss.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Finding {
    /// The kind.
    pub kind: Kind,
    /// The categories concerned, at most [`MOST_CATEGORIES`].
    pub categories: Vec<Named>,
    /// How many more are concerned.
    #[serde(skip_serializing_if = "is_zero")]
    pub more: usize,
    /// What was found, a sentence without a full stop.
    pub finding: String,
    /// What to do about it, the same.
    pub advice: &'static str,
    /// Products that show it, at most [`MOST_PRODUCTS`].
    pub products: Vec<Shown>,
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde asks for a reference")]
fn is_zero(count: &usize) -> bool {
    *count == 0
}

/// The kinds of findings, in the order in which they are listed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    /// Decisions for a category that is no leaf of the taxonomy.
    Gone,
    /// Categories that nothing but their place tells apart.
    SameText,
    /// Categories with one name.
    SameName,
    /// Categories with one description.
    SameDescription,
    /// Products confirmed in one category are ranked first in another.
    Confused,
    /// Decisions that are likely wrong.
    LikelyError,
    /// Products that look alike, confirmed in different categories.
    LookAlikes,
    /// A supplier's category path has come to mean something else.
    PathReused,
    /// A text of one category is nearer to another.
    Confusable,
    /// Descriptions that say little.
    Thin,
    /// Leaves that nothing falls into.
    Unused,
}

impl Kind {
    /// All kinds, as they are listed.
    pub const ALL: [Self; 11] = [
        Self::Gone,
        Self::SameText,
        Self::SameName,
        Self::SameDescription,
        Self::Confused,
        Self::LikelyError,
        Self::LookAlikes,
        Self::PathReused,
        Self::Confusable,
        Self::Thin,
        Self::Unused,
    ];

    /// The heading of its findings.
    pub fn heading(self) -> &'static str {
        match self {
            Self::Gone => "decisions for categories that are gone",
            Self::SameText => "categories with the same text",
            Self::SameName => "categories with the same name",
            Self::SameDescription => "categories with the same description",
            Self::Confused => "categories that products are confused between",
            Self::LikelyError => "decisions that are likely wrong",
            Self::LookAlikes => "look-alikes in different categories",
            Self::PathReused => "suppliers' category paths used for something else",
            Self::Confusable => "categories whose texts are nearer to another one",
            Self::Thin => "descriptions that say little",
            Self::Unused => "categories that nothing falls into",
        }
    }

    /// The word for it in JSON.
    pub fn word(self) -> &'static str {
        match self {
            Self::Gone => "gone",
            Self::SameText => "same_text",
            Self::SameName => "same_name",
            Self::SameDescription => "same_description",
            Self::Confused => "confused",
            Self::LikelyError => "likely_error",
            Self::LookAlikes => "look_alikes",
            Self::PathReused => "path_reused",
            Self::Confusable => "confusable",
            Self::Thin => "thin",
            Self::Unused => "unused",
        }
    }
}

/// A category as findings name it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Named {
    /// Its id.
    pub id: CategoryId,
    /// Its names from the root down; empty where it is not in the taxonomy.
    pub path: String,
}

/// A product that shows a finding.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Shown {
    /// The product.
    pub key: String,
    /// Its title.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub title: Option<String>,
    /// What it shows.
    pub note: String,
}

/// The findings, and what could not be looked at.
#[derive(Debug, Clone, Default, PartialEq, Serialize)]
pub struct Lint {
    /// By kind, the worst first within a kind.
    pub findings: Vec<Finding>,
    /// Checks that were left out, each with the reason.
    pub left_out: Vec<String>,
}

/// Looks at a taxonomy and the decisions on it.
pub fn lint(input: &LintInput<'_>) -> Lint {
    let mut lint = Lint::default();
    usage::check(input, &mut lint);
    texts::check(input, &mut lint);
    near::check(input, &mut lint);
    opinions::check(input, &mut lint);
    look_alikes::check(input, &mut lint);
    paths::check(input, &mut lint);
    // Stable: within a kind the checks have put the worst first.
    lint.findings.sort_by_key(|finding| finding.kind);
    lint
}

impl<'a> LintInput<'a> {
    fn taxonomy(&self) -> &'a Taxonomy {
        self.targets.taxonomy()
    }

    fn named(&self, index: usize) -> Named {
        let id = self.taxonomy().categories()[index].id.clone();
        Named { id, path: self.taxonomy().path_names(index, self.language).join(" > ") }
    }

    /// The position of a leaf; `None` where there is none of this id.
    fn leaf(&self, id: &CategoryId) -> Option<usize> {
        self.taxonomy().index_of(id).filter(|&index| self.taxonomy().is_leaf(index))
    }

    fn finding(
        &self,
        kind: Kind,
        categories: &[usize],
        finding: String,
        advice: &'static str,
        products: Vec<Shown>,
    ) -> Finding {
        let named = categories.iter().take(MOST_CATEGORIES).map(|&index| self.named(index)).collect();
        let more = categories.len().saturating_sub(MOST_CATEGORIES);
        Finding { kind, categories: named, more, finding, advice, products }
    }

    /// Leaves with the same parent, by parent in the order of the taxonomy. Roots are one group.
    fn by_parent(&self, leaves: impl IntoIterator<Item = usize>) -> Vec<(Option<usize>, Vec<usize>)> {
        let mut groups: std::collections::BTreeMap<Option<usize>, Vec<usize>> = Default::default();
        for leaf in leaves {
            groups.entry(self.taxonomy().parent(leaf)).or_default().push(leaf);
        }
        groups.into_iter().collect()
    }

    /// "below Food > Dairy".
    fn below(&self, parent: Option<usize>) -> String {
        parent.map_or_else(|| "at the root".to_owned(), |parent| format!("below {}", self.named(parent).path))
    }
}

impl LintedProduct<'_> {
    fn shown(&self, note: String) -> Shown {
        Shown { key: self.key.to_owned(), title: self.title.map(str::to_owned), note }
    }
}

#[cfg(test)]
mod tests;
