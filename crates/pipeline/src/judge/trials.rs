//! From decisions to what the promise rests on: how each randomly drawn product would be ranked by a classifier that has
//! not learnt from it.

use std::collections::{HashMap, HashSet};

use berika_catalog::Digest;
use berika_classify::CrossFitted;
use berika_classify::promise::{NotYet, Trial, Verification, is_evidence, threshold};
use berika_store::{LearntPromise, Stop, StoredDecision};

use super::{JudgeError, Light};
use crate::acceptance::{self, Acceptance, AcceptanceError};
use crate::{Config, Engine};

/// What is accepted without a look, going by the decisions and by the audits among them. What the evidence allows is
/// looked up where it is known.
pub(super) async fn acceptance(
    engine: &Engine,
    config: &Config,
    version: i64,
    decisions: &[StoredDecision],
    cross_fitted: &[CrossFitted],
    light: Light,
) -> Result<Acceptance, JudgeError> {
    let promise = config.policy.promise().map_err(AcceptanceError::from)?;
    let taxonomy = &config.taxonomy.id;
    let audits: HashSet<i64> =
        engine.store.decided_audits(taxonomy).await?.into_iter().map(|audit| audit.decision).collect();
    let counting: Vec<i64> =
        decisions.iter().filter(|d| is_evidence(d.decision.chosen_by)).map(|d| d.id).collect();
    let digest = Digest::of_json(&(promise, &counting));
    let known = engine.store.learnt_promise(taxonomy, version, &digest).await?;
    let outcome = match known {
        Some(known) => known.outcome,
        None => {
            let trials = trials(decisions, cross_fitted, &audits);
            let found = match threshold(&trials, promise) {
                // With too few decisions none is ranked without itself yet. All the same each is one towards the promise.
                Verification::NotYet(_) if cross_fitted.is_empty() => {
                    let have = counting.len() as u64;
                    let missing = promise.least_trials().saturating_sub(have).max(1);
                    Verification::NotYet(NotYet { have, missing })
                }
                found => found,
            };
            let outcome = serde_json::to_string(&found).map_err(AcceptanceError::from)?;
            let learnt = LearntPromise {
                classifier: version,
                share: promise.share(),
                outcome: outcome.clone(),
                learnt_at: engine.now(),
            };
            // What is only looked at is not what `berika policy show` is asked about.
            if light == Light::Public {
                engine.store.put_promise(taxonomy, &digest, &learnt).await?;
            }
            outcome
        }
    };
    // As the next run will read it, to the last bit.
    let found = serde_json::from_str(&outcome).map_err(AcceptanceError::from)?;
    let (acceptance, stop) = acceptance::stands(&engine.store, config, found).await?;
    if let Some(stop) = stop.filter(|_| light == Light::Public) {
        let stop = Stop { stopped_at: engine.now(), ..stop };
        engine.store.stop_accepting(taxonomy, &stop).await?;
    }
    Ok(acceptance)
}

/// The trials: the decisions on randomly drawn products, as the classifier ranked each without it and its look-alikes. A
/// product that a person put into none of our categories is a trial that any first candidate gets wrong.
fn trials<'a>(
    decisions: &[StoredDecision],
    cross_fitted: &'a [CrossFitted],
    audits: &HashSet<i64>,
) -> Vec<Trial<'a>> {
    let drawn: HashMap<String, i64> = decisions
        .iter()
        .filter(|stored| is_evidence(stored.decision.chosen_by))
        .map(|stored| (stored.decision.product.to_string(), stored.id))
        .collect();
    let trial = |fitted: &'a CrossFitted| {
        let decision = drawn.get(&fitted.key)?;
        Some(fitted.trial(audits.contains(decision)))
    };
    cross_fitted.iter().filter_map(trial).collect()
}
