//! From scores to the probability that the first candidate is right.
//!
//! A logistic regression (Platt, "Probabilistic outputs for support vector machines", 1999) on two numbers: the log odds of
//! the first candidate's softmax share, and the log of how many times likelier it is than the second. Fitted on rankings of
//! decisions that the ranking did not know.

use serde::{Deserialize, Serialize};

use crate::newton::{Bend, minimise};

/// While nothing is confirmed: fitted over 14 shop catalogues in nine languages.
const UNSEEN: [f64; 3] = [-0.1, 0.75, 0.0];
/// What few decisions are drawn towards: the softmax as it is.
const DEFAULT: [f64; 3] = [0.0, 0.7, 0.3];
const PULL: [f64; 3] = [1.0, 4.0, 4.0];
/// Log odds beyond this say nothing more.
const MOST: f64 = 9.0;

/// A softmax over the categories compared, best first.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Lead {
    odds: f64,
    margin: f64,
}

impl Lead {
    /// Of the softmax shares, best first; all of them, or the best few and what they sum up to is one. One that nothing is
    /// compared with leads nobody: that it has the whole share says nothing of it.
    pub(crate) fn of(shares: &[f64]) -> Self {
        if shares.len() < 2 {
            return Self { odds: 0.0, margin: 0.0 };
        }
        let (first, second) = (shares[0], shares[1]);
        let odds = (first.max(1e-12) / (1.0 - first).max(1e-12)).ln();
        let margin = (first.max(1e-12) / second.max(1e-12)).ln();
        Self { odds: odds.clamp(-MOST, MOST), margin: margin.clamp(0.0, MOST) }
    }

    fn numbers(self) -> [f64; 3] {
        [1.0, self.odds, self.margin]
    }
}

/// The probability that a first candidate is right.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub(crate) struct Calibration(#[serde(with = "crate::bits")] [f64; 3]);

impl Calibration {
    /// With nothing to fit to.
    pub(crate) fn unseen() -> Self {
        Self(UNSEEN)
    }

    /// Fitted to leads and whether the first candidate was right.
    pub(crate) fn fit(trials: &[(Lead, bool)]) -> Self {
        Self(minimise(DEFAULT, |w| {
            let mut bend = Bend::towards(&DEFAULT, w, &PULL);
            for (lead, right) in trials {
                let x = lead.numbers();
                let z: f64 = x.iter().zip(w).map(|(x, w)| x * w).sum();
                let p = 1.0 / (1.0 + (-z).exp());
                // -ln p, or -ln (1 - p), without the loss of digits far out.
                let signed = if *right { -z } else { z };
                bend.value +=
                    if signed > 0.0 { signed + (-signed).exp().ln_1p() } else { signed.exp().ln_1p() };
                let off = p - f64::from(u8::from(*right));
                for k in 0..3 {
                    bend.gradient[k] += off * x[k];
                    for l in 0..3 {
                        bend.hessian[k][l] += p * (1.0 - p) * x[k] * x[l];
                    }
                }
            }
            bend
        }))
    }

    /// The probability.
    pub(crate) fn confidence(&self, lead: Lead) -> f32 {
        let z: f64 = lead.numbers().iter().zip(&self.0).map(|(x, w)| x * w).sum();
        (1.0 / (1.0 + (-z).exp())) as f32
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn confidences_come_to_be_what_happens() {
        // Leads that claim 95 %, of which 70 % are right, and leads that claim 50 %, of which 30 % are.
        let trials: Vec<(Lead, bool)> = (0..1_000)
            .map(|at| (Lead::of(&[0.95, 0.03]), at % 10 < 7))
            .chain((0..1_000).map(|at| (Lead::of(&[0.5, 0.4]), at % 10 < 3)))
            .collect();
        let calibration = Calibration::fit(&trials);
        let (sure, unsure) =
            (calibration.confidence(Lead::of(&[0.95, 0.03])), calibration.confidence(Lead::of(&[0.5, 0.4])));
        assert!((sure - 0.7).abs() < 0.03 && (unsure - 0.3).abs() < 0.03, "{sure} {unsure}");
    }

    #[test]
    fn a_lone_candidate_is_not_sure_for_want_of_others_and_what_odd_shares_give_is_a_number() {
        let confidence = |shares: &[f64]| Calibration::unseen().confidence(Lead::of(shares));
        assert!(confidence(&[1.0]) < 0.5, "{}", confidence(&[1.0]));
        for shares in [&[][..], &[0.0, 0.0], &[1.0, 0.0]] {
            assert!((0.0..=1.0).contains(&confidence(shares)), "{shares:?}");
        }
    }
}
