//! From a ranking to a verdict: accept, leave to a person, or put aside, with the reason in words.

use std::fmt;

use berika_catalog::{CategoryId, Decision, Taxonomy};
use serde::{Deserialize, Serialize};

use crate::Ranking;
use crate::promise::{NotYet, drawn};

/// A second candidate at least this likely beside the first is named as the alternative.
const CLOSE: f32 = 0.5;

/// What is accepted without a look. It follows from evidence ([`crate::promise`]) or, openly without a promise, from the
/// configuration; with neither nothing is accepted.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "policy", rename_all = "kebab-case")]
pub enum Policy {
    /// Whatever reaches a threshold that keeps a promise, but for a random share that is audited.
    Promised {
        /// The least confidence.
        at: f32,
        /// The promise: at least this share of what is accepted is right.
        promise: f64,
        /// The random decisions that it rests on, one per look-alike group.
        trials: u64,
        /// The share that goes to a person instead.
        audit: f64,
        /// What the draw for audits follows from, beside the product: see [`drawn`].
        seed: String,
    },
    /// Whatever reaches a threshold that somebody chose. Nothing is promised.
    Unpromised {
        /// The least confidence.
        above: f32,
    },
    /// Nothing: there are too few random decisions to promise anything.
    NotYet(NotYet),
    /// Nothing: the audits broke the promise.
    Stopped,
}

/// Nothing is known, so nothing is accepted.
impl Default for Policy {
    fn default() -> Self {
        let missing = crate::promise::Promise::new(0.95).map_or(0, crate::promise::Promise::least_trials);
        Self::NotYet(NotYet { have: 0, missing })
    }
}

/// A product as it is judged.
#[derive(Debug, Clone, PartialEq)]
pub struct Sight<'a> {
    /// A stable name of the product, such as `supplier/sku`: audits are drawn by it.
    pub key: &'a str,
    /// The candidates with their probabilities, best first; empty where the product has no text. The first one's is the
    /// confidence.
    pub candidates: Vec<(&'a CategoryId, f32)>,
    /// The deepest ancestor of the first candidate that is surer than it, where there is one.
    pub parent: Option<(&'a CategoryId, f32)>,
    /// Whether the product belongs into the taxonomy at all.
    pub outside: Outside,
}

/// Whether a product belongs into the taxonomy.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub enum Outside {
    /// Nothing says that it does not.
    #[default]
    No,
    /// It is of a foreign kind.
    Yes {
        /// How sure that is, 0..=1.
        confidence: f32,
    },
}

impl<'a> Sight<'a> {
    /// A ranking as it is judged.
    pub fn of(key: &'a str, ranking: &'a Ranking) -> Self {
        let candidates = ranking.candidates.iter().map(|c| (&c.id, c.probability)).collect();
        let parent = ranking.parent.as_ref().map(|parent| (&parent.id, parent.confidence));
        let outside = match ranking.outside {
            Some(confidence) => Outside::Yes { confidence },
            None => Outside::No,
        };
        Self { key, candidates, parent, outside }
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
    /// Sure enough for the promise.
    Promised {
        /// How sure.
        confidence: f32,
        /// How sure it had to be.
        threshold: f32,
        /// At least this share of what is so accepted is right.
        promise: f64,
        /// The random decisions that this rests on.
        trials: u64,
    },
    /// Sure enough for a threshold that somebody chose. No promise.
    Unpromised {
        /// How sure.
        confidence: f32,
        /// How sure it had to be.
        threshold: f32,
    },
    /// It would be accepted, and is looked at to see whether the promise holds.
    Audit {
        /// What would be accepted.
        category: CategoryId,
        /// How sure.
        confidence: f32,
        /// How sure it had to be.
        threshold: f32,
    },
    /// The product has no text to go by.
    NoText,
    /// The product is of a kind that the taxonomy has no place for.
    OutsideTaxonomy {
        /// How sure that is.
        confidence: f32,
    },
    /// The best is not sure enough to go without a look.
    LowConfidence {
        /// How sure.
        confidence: f32,
        /// How sure it has to be.
        needed: f32,
    },
    /// The first two are children of one category and about as likely.
    AmbiguousSiblings {
        /// The first.
        first: CategoryId,
        /// The second.
        second: CategoryId,
        /// How likely each is.
        probabilities: (f32, f32),
    },
    /// The first two are in different branches and about as likely.
    Ambiguous {
        /// The first.
        first: CategoryId,
        /// The second.
        second: CategoryId,
        /// How likely each is.
        probabilities: (f32, f32),
    },
    /// The leaf is unsure; what is above it is surer.
    ParentSurer {
        /// The category above.
        category: CategoryId,
        /// How sure it is.
        confidence: f32,
    },
    /// Too few random decisions to promise anything.
    NotYet {
        /// How many there are.
        have: u64,
        /// How many more are needed, at least.
        missing: u64,
    },
    /// The audits broke the promise, and nobody has resumed it.
    Stopped,
}

impl Policy {
    /// Judges a product against `taxonomy`. A confirmed decision comes before any ranking: see [`confirmed`].
    pub fn judge(&self, sight: &Sight<'_>, taxonomy: &Taxonomy) -> Verdict {
        let Some(&(first, confidence)) = sight.candidates.first() else {
            return Verdict::Reject { reason: Reason::NoText };
        };
        if let Outside::Yes { confidence } = sight.outside {
            return Verdict::Reject { reason: Reason::OutsideTaxonomy { confidence } };
        }
        let mut reasons = Vec::new();
        // Written so that a confidence that is no number is never accepted.
        match self {
            &Self::Promised { at: threshold, promise, trials, audit, ref seed } => {
                if confidence >= threshold {
                    let category = first.clone();
                    if drawn(sight.key, seed, audit) {
                        return Verdict::Review {
                            reasons: vec![Reason::Audit { category, confidence, threshold }],
                        };
                    }
                    let reason = Reason::Promised { confidence, threshold, promise, trials };
                    return Verdict::Accept { category, reason };
                }
                reasons.push(Reason::LowConfidence { confidence, needed: threshold });
            }
            &Self::Unpromised { above: threshold } => {
                if confidence >= threshold {
                    let reason = Reason::Unpromised { confidence, threshold };
                    return Verdict::Accept { category: first.clone(), reason };
                }
                reasons.push(Reason::LowConfidence { confidence, needed: threshold });
            }
            &Self::NotYet(NotYet { have, missing }) => reasons.push(Reason::NotYet { have, missing }),
            Self::Stopped => reasons.push(Reason::Stopped),
        }
        reasons.extend(ambiguous(&sight.candidates, taxonomy));
        if let Some((parent, confidence)) = sight.parent {
            reasons.push(Reason::ParentSurer { category: parent.clone(), confidence });
        }
        Verdict::Review { reasons }
    }

    /// The promise that an accepted product comes with; `None` where there is none.
    pub fn promise(&self) -> Option<f64> {
        match self {
            Self::Promised { promise, .. } => Some(*promise),
            Self::Unpromised { .. } | Self::NotYet(_) | Self::Stopped => None,
        }
    }
}

/// Which two cannot be told apart, where that is so.
fn ambiguous(candidates: &[(&CategoryId, f32)], taxonomy: &Taxonomy) -> Option<Reason> {
    let &[(first, one), (second, other), ..] = candidates else { return None };
    if other.is_nan() || other < one * CLOSE {
        return None;
    }
    let parent = |id: &CategoryId| taxonomy.index_of(id).and_then(|index| taxonomy.parent(index));
    let siblings = parent(first) == parent(second);
    let (first, second, probabilities) = (first.clone(), second.clone(), (one, other));
    Some(if siblings {
        Reason::AmbiguousSiblings { first, second, probabilities }
    } else {
        Reason::Ambiguous { first, second, probabilities }
    })
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

    /// Where the product is drawn for audit: what would be accepted, and the threshold it reached.
    pub fn audit(&self) -> Option<(&CategoryId, f32)> {
        self.reasons().iter().find_map(|reason| match reason {
            Reason::Audit { category, threshold, .. } => Some((category, *threshold)),
            _ => None,
        })
    }

    /// The promise that the category was accepted with, where there is one.
    pub fn promise(&self) -> Option<f64> {
        match self {
            Self::Accept { reason: Reason::Promised { promise, .. }, .. } => Some(*promise),
            _ => None,
        }
    }
}

/// A share in percent, with as many digits as it needs.
struct Percent(f64);

impl fmt::Display for Percent {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let tenths = (self.0 * 1000.0).round() / 10.0;
        write!(f, "{tenths} %")
    }
}

impl fmt::Display for Reason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Confirmed { by, because: Some(because) } => write!(f, "confirmed by {by}: {because}"),
            Self::Confirmed { by, because: None } => write!(f, "confirmed by {by}"),
            Self::Promised { confidence, threshold, promise, trials } => write!(
                f,
                "sure enough: confidence {confidence:.2}, {threshold:.2} needed so that at least {} of what is accepted \
                 is right, going by {trials} random decisions",
                Percent(*promise)
            ),
            Self::Unpromised { confidence, threshold } => write!(
                f,
                "confidence {confidence:.2}, above the {threshold:.2} that the configuration asks for; no promise"
            ),
            Self::Audit { category, confidence, threshold } => write!(
                f,
                "drawn for audit: would be accepted as {category}, confidence {confidence:.2}, {threshold:.2} needed"
            ),
            Self::NoText => f.write_str("no text"),
            Self::OutsideTaxonomy { confidence } => {
                write!(f, "outside the taxonomy: confidence {confidence:.2}")
            }
            Self::LowConfidence { confidence, needed } => {
                write!(f, "not sure enough: confidence {confidence:.3}, {needed:.3} needed to accept")
            }
            Self::AmbiguousSiblings { first, second, probabilities: (one, other) } => {
                write!(f, "ambiguous between siblings {first} ({one:.2}) and {second} ({other:.2})")
            }
            Self::Ambiguous { first, second, probabilities: (one, other) } => {
                write!(f, "ambiguous between {first} ({one:.2}) and {second} ({other:.2})")
            }
            Self::ParentSurer { category, confidence } => {
                write!(f, "the category above, {category}, is surer: confidence {confidence:.2}")
            }
            Self::NotYet { have, missing } => write!(
                f,
                "nothing is accepted without a look yet: {have} random decisions, at least {missing} more needed"
            ),
            Self::Stopped => f.write_str(
                "nothing is accepted without a look: audits broke the promise; see `berika doctor`",
            ),
        }
    }
}

#[cfg(test)]
mod tests;
