//! From decisions to what the promise rests on: how each randomly drawn product would be ranked by a classifier that has
//! not learnt from it.

use std::collections::HashMap;

use berika_catalog::{CategoryId, Digest};
use berika_classify::promise::{Trial, Verification, is_evidence, threshold};
use berika_classify::{BuildError, Classifier, Evidence, Query, RankError, Ranking};
use berika_store::{LearntPromise, Stop, StoredDecision};

use super::CategoriseError;
use crate::acceptance::{self, Acceptance, AcceptanceError};
use crate::{Encoder, Engine};

/// Parts that the decisions are divided into; each is ranked by a classifier that learnt from the others.
const FOLDS: u64 = 5;

/// What is accepted without a look, going by the decisions and by the audits among them. What the evidence allows is
/// looked up where it is known: finding it takes several classifiers.
pub(super) async fn acceptance(
    engine: &Engine,
    encoder: &Encoder,
    version: i64,
    decisions: &[StoredDecision],
    build: impl Fn(&[Evidence<'_>]) -> Result<Classifier, BuildError> + Send + Sync,
) -> Result<Acceptance, CategoriseError> {
    let promise = engine.config.policy.promise().map_err(AcceptanceError::from)?;
    let taxonomy = &engine.config.taxonomy.id;
    let drawn_above: HashMap<i64, f32> = engine
        .store
        .decided_audits(taxonomy)
        .await?
        .into_iter()
        .map(|audit| (audit.decision, audit.threshold))
        .collect();
    let counting: Vec<i64> =
        decisions.iter().filter(|d| is_evidence(d.decision.chosen_by)).map(|d| d.id).collect();
    let digest = Digest::of_json(&(promise, &counting));
    let known = engine.store.learnt_promise(taxonomy, version, &digest).await?;
    let outcome = match known {
        Some(known) => known.outcome,
        None => {
            let found = tokio::task::block_in_place(|| {
                encoder.compute(|| -> Result<Verification, CategoriseError> {
                    let keys: Vec<String> =
                        decisions.iter().map(|d| d.decision.product.to_string()).collect();
                    let known: Vec<Known<'_>> = decisions.iter().zip(&keys).map(Known::of).collect();
                    Ok(threshold(&trials(&known, &drawn_above, build)?, promise))
                })
            })?;
            let outcome = serde_json::to_string(&found).map_err(AcceptanceError::from)?;
            let learnt = LearntPromise {
                classifier: version,
                share: promise.share(),
                outcome: outcome.clone(),
                learnt_at: engine.now(),
            };
            engine.store.put_promise(taxonomy, &digest, &learnt).await?;
            outcome
        }
    };
    // As the next run will read it, to the last bit.
    let found = serde_json::from_str(&outcome).map_err(AcceptanceError::from)?;
    let (acceptance, stop) = acceptance::stands(&engine.store, &engine.config, found).await?;
    if let Some(stop) = stop {
        let stop = Stop { stopped_at: engine.now(), ..stop };
        engine.store.stop_accepting(taxonomy, &stop).await?;
    }
    Ok(acceptance)
}

/// A decision with its place in the cross-fitting.
struct Known<'a> {
    stored: &'a StoredDecision,
    key: &'a str,
    /// Products with the same text look alike. They are in one fold: learnt from, one would give the other away.
    group: u64,
}

impl<'a> Known<'a> {
    fn of((stored, key): (&'a StoredDecision, &'a String)) -> Self {
        let alike = match &stored.vector {
            Some(vector) => {
                Digest::of_bytes(&vector.iter().flat_map(|x| x.to_le_bytes()).collect::<Vec<u8>>())
            }
            None => Digest::of_parts([key.as_str()]),
        };
        let group = u64::from_str_radix(&alike.as_str()[..16], 16).unwrap_or_default();
        Self { stored, key, group }
    }

    fn query(&self) -> Query<'a> {
        Query {
            vector: self.stored.vector.as_deref(),
            language: self.stored.language.as_ref(),
            supplier: Some(self.stored.decision.product.supplier.as_str()),
            supplier_category: &self.stored.supplier_category,
        }
    }
}

/// The trials. Products without a text are left out: they are never accepted. A product that a person put into none of our
/// categories is a trial that any first candidate gets wrong.
fn trials<'a>(
    known: &'a [Known<'a>],
    drawn_above: &HashMap<i64, f32>,
    build: impl Fn(&[Evidence<'_>]) -> Result<Classifier, BuildError>,
) -> Result<Vec<Trial<'a>>, CategoriseError> {
    let mut trials = Vec::new();
    for fold in 0..FOLDS {
        let held_out: Vec<&Known<'_>> = known
            .iter()
            .filter(|k| k.group % FOLDS == fold && is_evidence(k.stored.decision.chosen_by))
            .collect();
        if held_out.is_empty() {
            continue;
        }
        let others = known.iter().filter(|k| k.group % FOLDS != fold);
        let evidence: Vec<Evidence<'_>> = others.filter_map(|k| super::evidence(k.stored, k.key)).collect();
        let classifier = build(&evidence)?;
        for (k, ranking) in held_out.iter().zip(ranked(&classifier, &held_out)?) {
            let Some(first) = ranking.candidates.first() else { continue };
            let decided: Option<&CategoryId> = k.stored.decision.category.as_ref();
            trials.push(Trial {
                key: k.key,
                group: k.group,
                confidence: ranking.confidence,
                right: decided == Some(&first.id),
                drawn_above: drawn_above.get(&k.stored.id).copied().unwrap_or(0.0),
            });
        }
    }
    Ok(trials)
}

fn ranked(classifier: &Classifier, known: &[&Known<'_>]) -> Result<Vec<Ranking>, RankError> {
    let queries: Vec<Query<'_>> = known.iter().map(|k| k.query()).collect();
    classifier.rank(&queries)
}
