//! "At least 95 % of what is accepted without a look is right": the threshold that keeps the promise, and the audits that
//! watch it.
//!
//! **Evidence.** A [`Trial`] is a decision on a product *drawn at random* ([`is_evidence`]), with the confidence and the
//! candidate that the classifier gives the product *without having learnt from it* (cross-fitted). Look-alikes are one
//! trial: fifty packs of the same tea say no more than one. Of a group the trial with the lowest key is kept, which
//! depends neither on its confidence nor on whether it is right. People who answer what waits for review and import it as
//! if it were drawn make the trials harder than what is accepted, as a rule: that costs acceptance, not the promise.
//!
//! **The test.** At a threshold `t` the trials at least as sure as `t` are drawn at random from all products that are as
//! sure. If one in twenty or more of these were wrong, `k` or fewer mistakes among `n` of the trials had a chance of at
//! most `P(Binomial(n, 0.05) <= k)`: the exact p-value of "the promise does not hold at `t`".
//!
//! **Paying for the choice.** Of many thresholds tested, the best one is lucky. As in *Learn then Test* (Angelopoulos,
//! Bates, Candès, Jordan, Lei 2021, arXiv 2110.01052) thresholds are tested in a sequence fixed before any outcome is seen,
//! each at the full risk, until the first that fails; the last that passed is taken. A false one is taken only if the first
//! false one in the sequence passes, which has at most the risk's chance.
//!
//! **Where the sequence begins** decides its power. From the strictest threshold the first test needs 45 flawless trials
//! at a risk of 0.10, and one mislabelled product ends it. Splitting the risk over several beginnings pays for each of
//! them. Here there is one beginning: where, *if the confidences were true*, the test would pass most probably. It is
//! found from the confidences alone, no outcome is looked at, so it costs nothing: given the confidences the outcomes are
//! independent, and a sum of unequal coins is less likely far below its mean than a binomial of the same mean (Hoeffding
//! 1956), so that the p-values hold for any sequence chosen by the confidences. Wrong confidences cost power, never the
//! promise. From the beginning the sequence goes to looser thresholds, each letting in 2 % more trials.
//!
//! In simulation (17 shapes of confidence, 1,000 trials, risk 0.10) this accepts 72 % of what the best threshold in
//! hindsight does; the sequence from the strictest 59 %, fallback testing with weights that halve 62 %, a geometric grid
//! with the risk divided 50 %, one single test at the place best in hindsight 63 %.
//!
//! **The risk** is 0.10 ([`RISK`]): of ten catalogues whose promise is tested to the edge one may get a threshold that is
//! too loose, nearly always by a fraction of a point. Averaged over catalogues and seeds precision is then well above the
//! promise. The risk is that of one threshold: with each new classifier a threshold is chosen again, from evidence that is
//! mostly the same. Over the years it is the audits ([`Audits`]) that watch the promise, by a test that may be looked at
//! any time.
//!
//! **What it does not promise.** That each category or supplier is 95 % right: it is a share of all that is accepted. That
//! it holds for products unlike those decided on: a new supplier's first delivery is not among what was drawn from.

mod audit;
mod binomial;
mod threshold;
mod trial;

pub use audit::{AuditShare, Audits, drawn};
pub use threshold::{NotYet, Threshold, Verification, threshold};
pub use trial::{Trial, is_evidence};

use serde::{Deserialize, Serialize};

/// The chance that a threshold breaks the promise, and that audits raise a false alarm in all time.
pub const RISK: f64 = 0.10;

/// What is promised: a share, broken with a chance of at most the risk.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Promise {
    share: f64,
    risk: f64,
}

/// A promise that cannot be kept or says nothing.
#[derive(Debug, Clone, Copy, PartialEq, thiserror::Error)]
pub enum PromiseError {
    /// A share out of range.
    #[error(
        "a promise of {0} cannot be kept by any number of decisions or says nothing; give a share such as 0.95, at \
         least 0.5 and at most 0.999"
    )]
    Share(f64),
    /// A risk out of range.
    #[error("a risk of {0} is none; give a chance above 0 and at most 0.25")]
    Risk(f64),
}

impl Promise {
    /// At least `share` of what is accepted is right, at the usual [`RISK`].
    ///
    /// # Errors
    /// [`PromiseError`] where the share is not in 0.5..=0.999. Nothing short of looking at all products promises 1.
    pub fn new(share: f64) -> Result<Self, PromiseError> {
        Self::with_risk(share, RISK)
    }

    /// The same with another risk.
    ///
    /// # Errors
    /// [`PromiseError`] where a number is out of its range. Above a risk of 0.25 the p-values are no longer known to hold.
    pub fn with_risk(share: f64, risk: f64) -> Result<Self, PromiseError> {
        if !(0.5..=0.999).contains(&share) {
            return Err(PromiseError::Share(share));
        }
        if !(risk > 0.0 && risk <= 0.25) {
            return Err(PromiseError::Risk(risk));
        }
        Ok(Self { share, risk })
    }

    /// The least share that is right.
    pub fn share(self) -> f64 {
        self.share
    }

    /// The chance of breaking it.
    pub fn risk(self) -> f64 {
        self.risk
    }

    /// The most that may be wrong.
    fn wrong(self) -> f64 {
        1.0 - self.share
    }

    /// How many flawless trials prove it: 45 for 0.95 at a risk of 0.10.
    pub fn least_trials(self) -> u64 {
        (self.risk.ln() / self.share.ln()).ceil() as u64
    }
}

#[cfg(test)]
mod tests;
