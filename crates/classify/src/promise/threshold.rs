//! From trials to the threshold, or to how many decisions are missing.

use serde::{Deserialize, Serialize};

use super::Promise;
use super::binomial::{at_most, lower_bound, most_unlikely};
use super::trial::{Counted, one_per_group};
use super::{RISK, Trial};

/// Each threshold of the sequence lets in at least this many times the trials of the one before.
const STEP: f64 = 1.02;

/// What is added to the error rate that the confidences foretell when the beginning is chosen: decisions are wrong now
/// and then, and the surest confidences are a little too sure. Between 0 and 0.02 little depends on it.
const DOUBT: f64 = 0.01;

/// Beyond so many decisions nothing is foretold.
const FORETOLD: u64 = 1_000_000;

/// A threshold that keeps the promise.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Threshold {
    /// What is at least this sure is accepted.
    pub at: f32,
    /// All trials, one a group.
    pub trials: u64,
    /// Of these, trials that count at the threshold.
    pub accepted: u64,
    /// Of these, right.
    pub right: u64,
    /// At least this share of what is accepted is right, but for the risk. Never below the promise.
    pub bound: f64,
}

/// Nothing can be accepted yet.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct NotYet {
    /// Trials there are, one a group.
    pub have: u64,
    /// How many more random decisions are needed, at least: as many as would do if they came out as those at hand did
    /// where the sequence begins; where these break the promise, as many as would do if all were sure and right.
    pub missing: u64,
}

/// What the evidence allows.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Verification {
    /// A threshold.
    Threshold(Threshold),
    /// More decisions are needed.
    NotYet(NotYet),
}

/// The loosest threshold that the sequence of tests reaches. The same for every order of the trials.
///
/// With a higher risk never stricter, and with fewer trials than [`Promise::least_trials`] never one at all.
pub fn threshold(trials: &[Trial<'_>], promise: Promise) -> Verification {
    let counted = one_per_group(trials);
    let sequence = sequence(&steps(&counted));
    let have = counted.len() as u64;
    let Some(begins) = beginning(&sequence, promise) else {
        // Whatever the place, there are too few for any test.
        let missing = sequence.iter().map(|step| missing(step, have, promise)).min();
        let missing = missing.unwrap_or_else(|| promise.least_trials());
        return Verification::NotYet(NotYet { have, missing });
    };
    let passes = |step: &&Step| at_most(step.wrong, step.trials, promise.wrong()) <= promise.risk();
    let Some(step) = sequence[begins..].iter().take_while(passes).last() else {
        let missing = missing(&sequence[begins], have, promise);
        return Verification::NotYet(NotYet { have, missing });
    };
    let right = step.trials - step.wrong;
    Verification::Threshold(Threshold {
        at: step.at,
        trials: have,
        accepted: step.trials,
        right,
        bound: lower_bound(right, step.trials, promise.risk()),
    })
}

/// The trials that count at one threshold.
#[derive(Debug, Clone, Copy)]
struct Step {
    at: f32,
    trials: u64,
    wrong: u64,
    /// Mistakes that the confidences foretell.
    foretold: f64,
}

/// A step at every confidence that there is, the strictest first. Trials that are equally sure come together.
fn steps(counted: &[Counted]) -> Vec<Step> {
    let mut steps = Vec::new();
    let mut step = Step { at: f32::INFINITY, trials: 0, wrong: 0, foretold: 0.0 };
    let doubt = |trial: &Counted| 1.0 - f64::from(trial.confidence).clamp(0.0, 1.0);
    for alike in counted.chunk_by(|a, b| a.confidence == b.confidence) {
        step.at = alike[0].confidence;
        for trial in alike {
            step.trials += 1;
            step.wrong += u64::from(!trial.right);
            step.foretold += doubt(trial);
        }
        steps.push(step);
    }
    steps
}

/// The steps that are tested: of those in between nothing is looked at.
fn sequence(steps: &[Step]) -> Vec<Step> {
    let mut sequence: Vec<Step> = Vec::new();
    for (step, next) in steps.iter().zip(steps.iter().skip(1).map(Some).chain([None])) {
        let far = sequence.last().is_none_or(|last: &Step| {
            step.trials as f64 >= (last.trials as f64 * STEP).max(last.trials as f64 + 1.0)
        });
        if step.trials > 0 && (far || next.is_none()) {
            sequence.push(*step);
        }
    }
    sequence
}

/// Where a test at the usual risk would pass most probably if the confidences were true: the strictest of the best. The
/// risk asked for has no say, so that a higher risk only lengthens the sequence. `None` where no test could pass.
fn beginning(sequence: &[Step], promise: Promise) -> Option<usize> {
    let mut best = None;
    for (at, step) in sequence.iter().enumerate() {
        let Some(most) = most_unlikely(step.trials, promise.wrong(), RISK) else { continue };
        let foretold = (step.foretold / step.trials as f64 + DOUBT).clamp(0.0, 1.0);
        let chance = at_most(most, step.trials, foretold);
        if best.is_none_or(|(_, best)| chance > best) {
            best = Some((at, chance));
        }
    }
    best.map(|(at, _)| at)
}

/// How many decisions more would let a test pass here, at least one.
fn missing(here: &Step, have: u64, promise: Promise) -> u64 {
    let passes = |wrong: u64, trials: u64| at_most(wrong, trials, promise.wrong()) <= promise.risk();
    let rate = here.wrong as f64 / here.trials as f64;
    let more_like_these = || {
        let mut trials = here.trials;
        while !passes((rate * trials as f64).ceil() as u64, trials) {
            trials = (trials + 1).max((trials as f64 * 1.005) as u64);
            if trials > FORETOLD {
                return None;
            }
        }
        // The others, of which these are the surest, grow along.
        Some((trials as f64 * have as f64 / here.trials as f64).ceil() as u64 - have)
    };
    let flawless =
        || (here.trials..).find(|&trials| passes(here.wrong, trials)).map(|trials| trials - here.trials);
    let like_these = if rate < promise.wrong() { more_like_these() } else { None };
    like_these.or_else(flawless).unwrap_or(FORETOLD).max(1)
}
