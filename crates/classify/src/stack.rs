//! How much each kind of evidence counts, learnt from rankings that the evidence did not know.
//!
//! The score of a category is a weighted sum of a few kinds of evidence ([`Evidences`]). The weights are those under which
//! the confirmed categories are most likely (a conditional logit: McFadden, "Conditional logit analysis of qualitative
//! choice behavior", 1973), drawn towards [`DEFAULT`], which hold while little is confirmed.

use serde::{Deserialize, Serialize};

use crate::newton::{Bend, minimise};

/// Kinds of evidence.
pub(crate) const KINDS: usize = 6;

/// The kind that is the vote of the supplier's category.
const VOTES: usize = KINDS - 1;

/// What speaks for one category, in the order: cosine to the description, share of the description's pieces of words,
/// the machine's output, cosine to the blend of description and confirmed products, `ln(1 + confirmed)`, and the vote of
/// the supplier's category.
pub(crate) type Evidences = [f32; KINDS];

/// Most categories that a product is compared over when probabilities are made.
pub(crate) const COMPARED: usize = 24;

/// With nothing confirmed.
pub(crate) const PRIOR: [f64; KINDS] = [10.0, 10.0, 0.0, 0.0, 0.0, 1.0];
/// What few decisions are drawn towards.
pub(crate) const DEFAULT: [f64; KINDS] = [3.0, 4.0, 4.0, 6.0, 0.0, 1.0];
/// How strongly.
const PULL: [f64; KINDS] = [0.02, 0.02, 0.02, 0.02, 1.0, 2.0];

/// The weights of the kinds of evidence.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub(crate) struct Weights(#[serde(with = "crate::bits")] pub(crate) [f64; KINDS]);

/// One decision as it would have been ranked without it: the categories compared, and which of them is right.
#[derive(Debug, Clone)]
pub(crate) struct Choice {
    pub(crate) evidences: Vec<Evidences>,
    pub(crate) right: usize,
}

impl Weights {
    /// The most likely weights; that of votes is never below zero.
    pub(crate) fn fit(choices: &[&Choice]) -> Self {
        let mut weights = minimise(DEFAULT, |w| {
            let mut bend = Bend::towards(&DEFAULT, w, &PULL);
            for choice in choices {
                add(&mut bend, choice, w);
            }
            bend
        });
        // Decisions that agree never speak against what they agree on.
        weights[VOTES] = weights[VOTES].max(0.0);
        Self(weights)
    }

    /// The score of a category.
    pub(crate) fn score(&self, evidences: &Evidences) -> f32 {
        evidences.iter().zip(&self.0).map(|(&x, w)| f64::from(x) * w).sum::<f64>() as f32
    }
}

fn add(bend: &mut Bend<KINDS>, choice: &Choice, weights: &[f64; KINDS]) {
    let score = |e: &Evidences| e.iter().zip(weights).map(|(&x, w)| f64::from(x) * w).sum::<f64>();
    let scores: Vec<f64> = choice.evidences.iter().map(score).collect();
    let top = scores.iter().copied().fold(f64::NEG_INFINITY, f64::max);
    let sum: f64 = scores.iter().map(|s| (s - top).exp()).sum();
    let mut mean = [0.0; KINDS];
    let mut square = [[0.0; KINDS]; KINDS];
    for (evidences, score) in choice.evidences.iter().zip(&scores) {
        let share = (score - top).exp() / sum;
        for k in 0..KINDS {
            mean[k] += share * f64::from(evidences[k]);
            for l in 0..KINDS {
                square[k][l] += share * f64::from(evidences[k]) * f64::from(evidences[l]);
            }
        }
    }
    bend.value += top + sum.ln() - scores[choice.right];
    for k in 0..KINDS {
        bend.gradient[k] += mean[k] - f64::from(choice.evidences[choice.right][k]);
        for l in 0..KINDS {
            bend.hessian[k][l] += square[k][l] - mean[k] * mean[l];
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn evidence_that_tells_gains_weight_and_evidence_that_does_not_loses_it() {
        let choices: Vec<Choice> = (0..400)
            .map(|at| {
                let right = at % 3;
                let evidences = (0..3)
                    .map(|c| {
                        let noise = ((at * 7 + c * 13) % 10) as f32 / 10.0;
                        [noise, 0.0, if c == right { 0.6 + noise / 2.0 } else { noise / 2.0 }, 0.0, 0.0, 0.0]
                    })
                    .collect();
                Choice { evidences, right }
            })
            .collect();
        let weights = Weights::fit(&choices.iter().collect::<Vec<_>>());
        assert!(weights.0[2] > DEFAULT[2] && weights.0[0] < DEFAULT[0], "{weights:?}");
        assert_eq!(Weights::fit(&[]).0, DEFAULT);
    }

    #[test]
    fn votes_that_mislead_are_worth_nothing_and_never_less() {
        let choices: Vec<Choice> = (0..400)
            .map(|at| {
                let right = at % 3;
                let against = |c: usize| if c == right { 0.0 } else { 4.0 };
                Choice { evidences: (0..3).map(|c| [0.0, 0.0, 0.0, 0.0, 0.0, against(c)]).collect(), right }
            })
            .collect();
        assert_eq!(Weights::fit(&choices.iter().collect::<Vec<_>>()).0[VOTES], 0.0);
    }
}
