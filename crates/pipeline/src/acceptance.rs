//! What is accepted without a look at present, and why: the evidence, the audits, and whether they stopped it.
//!
//! The rules are in [`berika_classify::promise`]; what is remembered is in the store. An alarm of the audits is remembered
//! until a person resumes. It does not lift itself when a later threshold passes: the threshold follows from all
//! evidence, most of it from before the trouble, and audits that contradict it are a sign that what comes in is no longer
//! what was drawn from. Somebody has to look at them. From then on the running test begins anew, and the audits that
//! broke the promise are evidence like all others.

use std::fmt;

use berika_classify::Policy;
use berika_classify::promise::{Audits, PromiseError, Threshold, Verification, is_evidence};
use berika_store::{Stop, Store, StoreError};
use jiff::Timestamp;
use serde::Serialize;

use crate::Config;
use crate::config::WithoutEvidence;

/// Why it cannot be said what is accepted.
#[derive(Debug, thiserror::Error)]
pub enum AcceptanceError {
    /// The memory.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The promise.
    #[error("policy.promise")]
    Promise(#[from] PromiseError),
    /// What was found out before cannot be read.
    #[error(
        "what the store holds of the promise cannot be read; delete the rows of the table promises and run again"
    )]
    Stored(#[from] serde_json::Error),
}

/// Said where there is nothing to say it of yet.
pub const NOTHING_YET: &str = "nothing yet: no product has been categorised";

/// What is accepted without a look.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Acceptance {
    /// What is promised of what is accepted.
    pub promise: f64,
    /// What the evidence allows.
    pub evidence: Verification,
    /// The threshold that holds without a promise while the evidence allows none, where one is configured.
    pub unpromised: Option<f32>,
    /// Why nothing is accepted although the evidence may allow it.
    pub stopped: Option<String>,
    /// Audits decided since accepting began, or was resumed.
    pub audits: u64,
    /// Of these, audits that the machine would have got wrong.
    pub audits_wrong: u64,
    /// Audits that wait for a person.
    pub audits_open: u64,
    /// The share of automatic products that is audited from now on.
    pub audit_share: f64,
}

impl Acceptance {
    /// The policy that follows. Audits are drawn by the taxonomy's name, so that a product drawn once stays drawn.
    pub(crate) fn policy(&self, config: &Config) -> Policy {
        if self.stopped.is_some() {
            return Policy::Stopped;
        }
        match (self.evidence, self.unpromised) {
            (Verification::Threshold(Threshold { at, trials, .. }), _) => Policy::Promised {
                at,
                promise: self.promise,
                trials,
                audit: self.audit_share,
                seed: config.taxonomy.id.clone(),
            },
            (Verification::NotYet(_), Some(above)) => Policy::Unpromised { above },
            (Verification::NotYet(not_yet), None) => Policy::NotYet(not_yet),
        }
    }

    /// How sure a product has to be by the evidence, or without a promise by the configuration; `None` where none is sure
    /// enough. That audits stopped it is not counted.
    pub(crate) fn threshold(&self) -> Option<f32> {
        match self.evidence {
            Verification::Threshold(Threshold { at, .. }) => Some(at),
            Verification::NotYet(_) => self.unpromised,
        }
    }

    /// What a person has to see to, where there is something.
    pub fn problem(&self) -> Option<String> {
        let reason = self.stopped.as_ref()?;
        Some(format!(
            "nothing is accepted without a look: {reason}; look at the audits that were wrong and at what was accepted \
             meanwhile, then `berika policy resume`"
        ))
    }
}

/// In one sentence.
impl fmt::Display for Acceptance {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let percent = (self.promise * 1000.0).round() / 10.0;
        if let Some(reason) = &self.stopped {
            write!(f, "nothing: {reason}")?;
        } else {
            match (&self.evidence, self.unpromised) {
                (Verification::Threshold(found), _) => write!(
                    f,
                    "what is at least {:.3} sure; of {} random decisions {} are, and {} of these are right: at least \
                     {percent} % of what is accepted is",
                    found.at, found.trials, found.accepted, found.right
                )?,
                (Verification::NotYet(not_yet), Some(above)) => write!(
                    f,
                    "what is at least {above:.3} sure, as the configuration asks for, without a promise; a promise of \
                     {percent} % needs at least {} more random decisions beside the {} there are",
                    not_yet.missing, not_yet.have
                )?,
                (Verification::NotYet(not_yet), None) => write!(
                    f,
                    "nothing yet: a promise of {percent} % needs at least {} more random decisions beside the {} there are",
                    not_yet.missing, not_yet.have
                )?,
            }
        }
        if self.audits + self.audits_open > 0 {
            let (done, wrong, open) = (self.audits, self.audits_wrong, self.audits_open);
            write!(f, "; audits: {done} decided, {wrong} of them wrong, {open} waiting")?;
        }
        Ok(())
    }
}

/// How things stand by what the store remembers, given what the evidence allows. Nothing is written.
pub(crate) async fn stands(
    store: &Store,
    config: &Config,
    evidence: Verification,
) -> Result<(Acceptance, Option<Stop>), AcceptanceError> {
    let promise = config.policy.promise()?;
    let taxonomy = &config.taxonomy.id;
    let stops = store.stops(taxonomy).await?;
    let standing = stops.iter().find(|stop| stop.resumed_at.is_none());
    let begins = stops.iter().rfind(|stop| stop.resumed_at.is_some()).map_or(0, |stop| stop.decision);
    let mut audits = Audits::new(promise);
    let mut latest = 0;
    for audit in store.decided_audits(taxonomy).await? {
        if is_evidence(audit.chosen_by) && audit.decision > begins {
            audits.add(audit.decided.as_ref() == Some(&audit.category));
            latest = audit.decision;
        }
    }
    let new = (audits.broken() && standing.is_none()).then(|| Stop {
        stopped_at: Timestamp::UNIX_EPOCH,
        reason: format!(
            "{} of {} audits were wrong, which breaks the promise of {} %",
            audits.wrong(),
            audits.count(),
            (promise.share() * 1000.0).round() / 10.0
        ),
        decision: latest,
        resumed_at: None,
    });
    let acceptance = Acceptance {
        promise: promise.share(),
        evidence,
        unpromised: match config.policy.without_evidence {
            WithoutEvidence::Review => None,
            WithoutEvidence::AcceptAbove(above) => Some(above),
        },
        stopped: standing.or(new.as_ref()).map(|stop| stop.reason.clone()),
        audits: audits.count(),
        audits_wrong: audits.wrong(),
        audits_open: store.open_audits(taxonomy).await?,
        audit_share: audits.share(config.policy.audit_share()),
    };
    Ok((acceptance, new))
}

/// How things stand without looking at the evidence anew; `None` before the first run.
///
/// # Errors
/// [`AcceptanceError`].
pub async fn look(store: &Store, config: &Config) -> Result<Option<Acceptance>, AcceptanceError> {
    let share = config.policy.promise()?.share();
    let Some(learnt) = store.latest_promise(&config.taxonomy.id, share).await? else { return Ok(None) };
    let (acceptance, _) = stands(store, config, serde_json::from_str(&learnt.outcome)?).await?;
    Ok(Some(acceptance))
}
