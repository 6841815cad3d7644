//! Why changes cannot be made.

use super::Confirmed;
use crate::{CategoryId, TaxonomyError};

/// Why changes cannot be made. Nothing of them is made then.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ChangeError {
    /// There are none.
    #[error("there are no changes; write at least one below `changes`")]
    Nothing,
    /// One of them cannot be made on what those before it made.
    #[error("change {number} ({kind}): {fault}")]
    Change {
        /// Its number, from 1.
        number: usize,
        /// What kind it is, as in the file.
        kind: &'static str,
        /// What is wrong with it.
        fault: ChangeFault,
    },
    /// What they make is no taxonomy.
    #[error("what the changes make is no taxonomy")]
    Taxonomy(#[source] TaxonomyError),
    /// They make something else now than when the plan was made.
    #[error(
        "the changes make another taxonomy than the plan says; make the plan anew with this version of berika"
    )]
    Differs,
}

/// What is wrong with a change.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ChangeFault {
    /// There is no such category at that point.
    #[error("there is no category {0}; name one that is there once the changes before this one are made")]
    Unknown(CategoryId),
    /// An id is in use.
    #[error("the id {0} is taken; choose another one, or merge into that category")]
    Taken(CategoryId),
    /// An id or a name is empty.
    #[error("category {0} has an empty id or name; give it both")]
    Nameless(CategoryId),
    /// Children would be left without a parent.
    #[error("category {category} has categories below it ({}); move, merge or delete those first", few(.children))]
    HasChildren {
        /// The category.
        category: CategoryId,
        /// Those below it.
        children: Vec<CategoryId>,
    },
    /// A category would stand below itself.
    #[error(
        "category {category} cannot stand below {below}, which is itself or below it; choose a place elsewhere"
    )]
    Cycle {
        /// The category that moves.
        category: CategoryId,
        /// Where to.
        below: CategoryId,
    },
    /// It changes nothing.
    #[error("category {0} stays as it is; say what changes, or take the change out")]
    Nothing(CategoryId),
    /// One category is no split.
    #[error("category {0} is split into fewer than two; use rename for one, delete for none")]
    TooFewParts(CategoryId),
    /// A merge of nothing.
    #[error("a merge names no categories; name those that go below `categories`")]
    NothingToMerge,
    /// A category is named twice.
    #[error("category {0} is named twice; name it once")]
    Twice(CategoryId),
    /// What stays goes at the same time.
    #[error(
        "category {0} takes the place of itself; name one that stays, and only the others as those that go"
    )]
    IntoItself(CategoryId),
    /// There is nothing to follow into.
    #[error("`confirmed: {}` needs a category that takes the place of {category}: say `redirect`, or `confirmed: review`", word(*.confirmed))]
    NothingToFollow {
        /// The category that goes.
        category: CategoryId,
        /// What was asked for.
        confirmed: Confirmed,
    },
    /// Products cannot follow into a branch.
    #[error("products of {category} cannot follow into {into}, which has categories below it; name a leaf")]
    NotALeaf {
        /// The category that goes.
        category: CategoryId,
        /// What takes its place.
        into: CategoryId,
    },
}

fn few(ids: &[CategoryId]) -> String {
    const FEW: usize = 5;
    let shown = ids.iter().take(FEW).map(CategoryId::as_str).collect::<Vec<_>>().join(", ");
    if ids.len() > FEW { format!("{shown} and {} more", ids.len() - FEW) } else { shown }
}

fn word(confirmed: Confirmed) -> &'static str {
    match confirmed {
        Confirmed::Refuse => "refuse",
        Confirmed::Review => "review",
        Confirmed::Follow => "follow",
    }
}
