//! From a ranking to a verdict: accept, leave to a person, or put aside, with the reason in words.

use std::fmt;

use berika_catalog::{CategoryId, Decision, Taxonomy};
use serde::{Deserialize, Serialize};

use crate::{Candidate, Ranking};

/// The thresholds. Scores are those of [`Candidate::score`].
///
/// The defaults were chosen over four English shop catalogues (58 to 278 leaves with names only, `all-MiniLM-L6-v2`,
/// nothing confirmed): with them about 90 % of what is accepted is right (89.5 % over all rows, 91 % as the mean of the
/// catalogues), which is 1 product in 20. With 300 confirmed products the same thresholds accept 1 in 7 at 97 %. On
/// Swedish, Danish and German catalogues with a multilingual model they accept next to nothing until products are
/// confirmed. They are no promise: that takes calibration on the catalogue at hand.
///
/// A score says little about products that belong nowhere: fewer than 1 in 100 products of foreign kinds were accepted
/// with these thresholds, but nearly all of them are left to a person rather than put aside, because a threshold that
/// put them aside would put aside products that belong as well. `reject_score` loses less than 1 % of those.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Policy {
    /// The least score to accept without a look.
    pub accept_score: f32,
    /// How far ahead of the second the first must be to be accepted without a look.
    pub accept_margin: f32,
    /// Below this score no category is near: the product is outside the taxonomy.
    pub reject_score: f32,
}

impl Default for Policy {
    fn default() -> Self {
        Self { accept_score: 0.35, accept_margin: 0.27, reject_score: 0.1 }
    }
}

/// What is done with a product's ranking.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "verdict", rename_all = "kebab-case")]
pub enum Verdict {
    /// The category is taken without a look, or because a person said so.
    Accept {
        /// The category.
        category: CategoryId,
        /// Why.
        reason: Reason,
    },
    /// A person chooses, best among the candidates.
    Review {
        /// Why; at least one.
        reasons: Vec<Reason>,
    },
    /// No category is offered.
    Reject {
        /// Why.
        reason: Reason,
    },
}

/// Why a verdict is what it is. [`fmt::Display`] says it in words.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "reason", rename_all = "kebab-case")]
pub enum Reason {
    /// A person decided. With [`Verdict::Accept`] the product is in the category, with [`Verdict::Reject`] in none.
    Confirmed {
        /// Who.
        by: String,
        /// Why, in the person's words.
        because: Option<String>,
    },
    /// The first is good enough and far enough ahead.
    Clear {
        /// The first's score.
        score: f32,
        /// How far it is ahead of the second; the score itself where there is no second.
        margin: f32,
    },
    /// The product has no text to go by.
    NoText,
    /// Nothing in the taxonomy is near.
    OutsideTaxonomy {
        /// The best score.
        score: f32,
        /// The least score that counts as near.
        needed: f32,
    },
    /// The best is not good enough to go without a look.
    LowScore {
        /// The best score.
        score: f32,
        /// The least score to accept.
        needed: f32,
    },
    /// The first two are children of one category and too close.
    AmbiguousSiblings {
        /// The first.
        first: CategoryId,
        /// The second.
        second: CategoryId,
        /// How far apart they are.
        margin: f32,
        /// How far apart they had to be.
        needed: f32,
    },
    /// The first two are in different branches and too close.
    Ambiguous {
        /// The first.
        first: CategoryId,
        /// The second.
        second: CategoryId,
        /// How far apart they are.
        margin: f32,
        /// How far apart they had to be.
        needed: f32,
    },
}

impl Policy {
    /// Judges a ranking made over `taxonomy`. A confirmed decision comes before any ranking: see [`confirmed`].
    pub fn judge(&self, ranking: &Ranking, taxonomy: &Taxonomy) -> Verdict {
        let Some(first) = ranking.candidates.first() else {
            return Verdict::Reject { reason: Reason::NoText };
        };
        let second = ranking.candidates.get(1);
        let margin = second.map_or(first.score, |second| first.score - second.score);
        // Written so that a score that is no number is never accepted.
        let good = first.score >= self.accept_score;
        let ahead = margin >= self.accept_margin;
        if first.score < self.reject_score || first.score.is_nan() {
            let (score, needed) = (first.score, self.reject_score);
            return Verdict::Reject { reason: Reason::OutsideTaxonomy { score, needed } };
        }
        if good && (ahead || second.is_none()) {
            let reason = Reason::Clear { score: first.score, margin };
            return Verdict::Accept { category: first.id.clone(), reason };
        }
        let mut reasons = Vec::new();
        if let Some(second) = second.filter(|_| !ahead) {
            reasons.push(self.too_close(first, second, margin, taxonomy));
        }
        if !good {
            reasons.push(Reason::LowScore { score: first.score, needed: self.accept_score });
        }
        Verdict::Review { reasons }
    }

    fn too_close(&self, first: &Candidate, second: &Candidate, margin: f32, taxonomy: &Taxonomy) -> Reason {
        let parent =
            |candidate: &Candidate| taxonomy.index_of(&candidate.id).and_then(|index| taxonomy.parent(index));
        let (a, b) = (first.id.clone(), second.id.clone());
        let needed = self.accept_margin;
        if parent(first) == parent(second) {
            Reason::AmbiguousSiblings { first: a, second: b, margin, needed }
        } else {
            Reason::Ambiguous { first: a, second: b, margin, needed }
        }
    }
}

/// The verdict of a confirmed decision, which always wins over any ranking.
pub fn confirmed(decision: &Decision) -> Verdict {
    let reason = Reason::Confirmed { by: decision.by.clone(), because: decision.reason.clone() };
    match &decision.category {
        Some(category) => Verdict::Accept { category: category.clone(), reason },
        None => Verdict::Reject { reason },
    }
}

impl Verdict {
    /// `accept`, `review` or `reject`.
    pub fn word(&self) -> &'static str {
        match self {
            Self::Accept { .. } => "accept",
            Self::Review { .. } => "review",
            Self::Reject { .. } => "reject",
        }
    }

    /// The category, where one is settled.
    pub fn category(&self) -> Option<&CategoryId> {
        match self {
            Self::Accept { category, .. } => Some(category),
            Self::Review { .. } | Self::Reject { .. } => None,
        }
    }

    /// The reasons; at least one.
    pub fn reasons(&self) -> &[Reason] {
        match self {
            Self::Accept { reason, .. } | Self::Reject { reason } => std::slice::from_ref(reason),
            Self::Review { reasons } => reasons,
        }
    }
}

impl fmt::Display for Reason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Confirmed { by, because: Some(because) } => write!(f, "confirmed by {by}: {because}"),
            Self::Confirmed { by, because: None } => write!(f, "confirmed by {by}"),
            Self::Clear { score, margin } => write!(f, "clear: score {score:.2}, ahead by {margin:.2}"),
            Self::NoText => f.write_str("no text"),
            Self::OutsideTaxonomy { score, needed } => {
                write!(f, "outside the taxonomy: best score {score:.2}, below {needed:.2}")
            }
            Self::LowScore { score, needed } => {
                write!(f, "low score: {score:.2}, {needed:.2} needed to accept")
            }
            Self::AmbiguousSiblings { first, second, margin, needed } => {
                write!(
                    f,
                    "ambiguous between siblings {first} and {second}: {margin:.2} apart, {needed:.2} needed"
                )
            }
            Self::Ambiguous { first, second, margin, needed } => {
                write!(f, "ambiguous between {first} and {second}: {margin:.2} apart, {needed:.2} needed")
            }
        }
    }
}

#[cfg(test)]
mod tests;
