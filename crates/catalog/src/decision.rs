//! A person's word on a product's category. The log of decisions is only ever appended to.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::{CategoryId, ProductKey};

/// How the product came to be decided on. Only randomly chosen ones may serve as evidence for a promise.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum ChosenBy {
    /// Came with a file of decisions.
    Import,
    /// Drawn at random to audit the machine.
    RandomAudit,
    /// Picked because an answer would teach most.
    ActiveReview,
    /// Decided along with a look-alike.
    LookAlikeGroup,
    /// Written by the machine; never used as evidence.
    Machine,
}

impl ChosenBy {
    /// The word used in the store and in files.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Import => "import",
            Self::RandomAudit => "random-audit",
            Self::ActiveReview => "active-review",
            Self::LookAlikeGroup => "look-alike-group",
            Self::Machine => "machine",
        }
    }
}

/// One confirmed decision.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Decision {
    /// The product decided on.
    pub product: ProductKey,
    /// Its category, or `None`: it belongs to none of ours.
    pub category: Option<CategoryId>,
    /// The taxonomy the category is of.
    pub taxonomy: String,
    /// That taxonomy's version.
    pub taxonomy_version: u32,
    /// Who decided.
    pub by: String,
    /// When.
    pub at: Timestamp,
    /// The run it belongs to, where there was one.
    pub run: Option<String>,
    /// Why, in the person's words.
    pub reason: Option<String>,
    /// How the product was chosen.
    pub chosen_by: ChosenBy,
}
