//! What a run came to.

use std::collections::BTreeMap;
use std::time::Duration;

use berika_catalog::SupplierId;
use berika_catalog::contract::Breach;
use berika_store::{EndpointState, ImportCounts, SupplierCounts};
use serde::Serialize;

use crate::Acceptance;

/// A whole run.
#[derive(Debug, Clone, Serialize)]
pub struct RunReport {
    /// The run's id.
    pub run: String,
    /// Per supplier, in the order of the configuration.
    pub suppliers: Vec<SupplierReport>,
    /// Per stage, in the order of the flow.
    pub stages: Vec<StageTime>,
    /// Where the vectors of texts came from; `None` where the run did not get so far.
    pub texts: Option<TextCounts>,
    /// What is accepted without a look; `None` where the run did not get so far.
    pub acceptance: Option<Acceptance>,
    /// Per endpoint.
    pub endpoints: Vec<Delivered>,
    /// What failed apart from suppliers and endpoints, as sentences.
    pub failures: Vec<String>,
    /// Whether the run was asked to end before all was done.
    pub interrupted: bool,
    /// How long it took.
    #[serde(serialize_with = "seconds")]
    pub took: Duration,
}

/// One supplier in a run.
#[derive(Debug, Clone, Serialize)]
pub struct SupplierReport {
    /// The supplier.
    pub id: SupplierId,
    /// Its name.
    pub name: String,
    /// What became of its delivery.
    pub outcome: SupplierOutcome,
    /// How its products stand after the run.
    #[serde(serialize_with = "standing")]
    pub standing: SupplierCounts,
}

/// What became of a supplier's delivery.
#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "kebab-case", tag = "delivery")]
pub enum SupplierOutcome {
    /// It is the one taken in before.
    Unchanged,
    /// It was taken in.
    TakenIn(TakenIn),
    /// It was read as if it were taken in, and nothing was: the supplier is only reported on.
    Reported(TakenIn),
    /// It waits for a person.
    Held {
        /// Why, in one sentence.
        reason: String,
        /// Everything that is not usual of it.
        breaches: Vec<Breach>,
        /// What is new of it and does no harm.
        notes: Vec<String>,
    },
    /// It could not be had or not be read to its end.
    Failed {
        /// Why, with what to do.
        error: String,
        /// What was taken in before it failed.
        counts: ImportCounts,
    },
    /// The run ended before.
    NotReached,
}

impl SupplierOutcome {
    /// Whether what waits behind the delivery may be taken in.
    pub(crate) fn may_go_on(&self) -> bool {
        matches!(self, Self::TakenIn(_) | Self::Reported(_) | Self::Unchanged)
    }
}

/// A delivery that was taken in.
#[derive(Debug, Clone, Default, Serialize)]
pub struct TakenIn {
    /// The sums.
    pub counts: ImportCounts,
    /// Refused rows by what is wrong with them.
    pub refused: BTreeMap<String, u64>,
    /// Dropped fields by what is wrong with them.
    pub dropped: BTreeMap<String, u64>,
    /// The first few reports, as sentences.
    pub examples: Vec<String>,
    /// Whether it is not what is usual of the supplier and a person let it through.
    pub let_through: bool,
    /// What is new of the delivery and does no harm, as sentences.
    pub notes: Vec<String>,
}

/// Where the vectors of texts came from. What is wanted and neither equal, reused nor embedded belongs to settled products
/// that were categorised by another recipe: nothing is computed from it.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
pub struct TextCounts {
    /// Texts of products that are not retired, and of categories.
    pub wanted: u64,
    /// Of these, texts equal to another one, whose vector they share.
    pub equal: u64,
    /// Of the different ones, texts whose vector was stored by an earlier run.
    pub reused: u64,
    /// Of the different ones, texts embedded in this run.
    pub embedded: u64,
}

/// How long a stage took and what it did.
#[derive(Debug, Clone, Serialize)]
pub struct StageTime {
    /// The stage.
    pub stage: &'static str,
    /// How long.
    #[serde(serialize_with = "seconds")]
    pub took: Duration,
    /// How many rows, texts, products or events it worked on.
    pub items: u64,
}

/// An endpoint in a run.
#[derive(Debug, Clone, Serialize)]
pub struct Delivered {
    /// The endpoint.
    pub endpoint: String,
    /// Events delivered in this run.
    pub delivered: u64,
    /// Attempts that failed in this run.
    pub failed: u64,
    /// Events waiting after the run.
    pub pending: u64,
    /// Events given up, of this run and before.
    pub dead: u64,
    /// What the last failure said.
    pub last_failure: Option<String>,
    /// Why the endpoint is switched off, where it is.
    pub disabled: Option<String>,
    /// Why no attempt could be made at all.
    pub error: Option<String>,
}

impl Delivered {
    /// Takes over how the endpoint stands after the run.
    pub(crate) fn stands(&mut self, state: &EndpointState) {
        self.pending = state.pending;
        self.dead = state.dead;
        self.disabled.clone_from(&state.disabled_reason);
    }
}

impl RunReport {
    /// What keeps the run from being a full success, as sentences; empty where nothing does.
    pub fn problems(&self) -> Vec<String> {
        let mut problems = self.failures.clone();
        for supplier in &self.suppliers {
            match &supplier.outcome {
                SupplierOutcome::Failed { error, .. } => problems.push(error.clone()),
                SupplierOutcome::Held { reason, .. } => problems.push(format!(
                    "supplier {}: the delivery is held: {reason}; `berika supplier accept {}` lets it through",
                    supplier.id, supplier.id
                )),
                SupplierOutcome::NotReached => {
                    problems.push(format!("supplier {}: the run ended before its delivery", supplier.id));
                }
                SupplierOutcome::Unchanged | SupplierOutcome::TakenIn(_) | SupplierOutcome::Reported(_) => {}
            }
        }
        problems.extend(self.acceptance.as_ref().and_then(Acceptance::problem));
        problems.extend(endpoint_problems(&self.endpoints));
        if self.interrupted {
            problems.push("the run was interrupted; the next one goes on where it stopped".to_owned());
        }
        problems
    }
}

/// What is to be seen to at endpoints, as sentences.
pub(crate) fn endpoint_problems(endpoints: &[Delivered]) -> Vec<String> {
    let mut problems = Vec::new();
    for endpoint in endpoints {
        let id = &endpoint.endpoint;
        if let Some(error) = &endpoint.error {
            problems.push(format!("endpoint {id}: {error}"));
        }
        if let Some(reason) = &endpoint.disabled {
            problems.push(format!(
                "endpoint {id} is switched off ({reason}); `berika deliveries enable {id}` switches it on"
            ));
        }
        if endpoint.pending > 0 {
            let last = endpoint.last_failure.as_deref().map(|f| format!(" ({f})")).unwrap_or_default();
            problems.push(format!(
                "endpoint {id}: {} events wait for a later attempt{last}; the next run makes those that are due",
                endpoint.pending
            ));
        }
        if endpoint.dead > 0 {
            problems.push(format!(
                "endpoint {id}: {} events were given up; `berika deliveries replay --dead {id}` sends them again",
                endpoint.dead
            ));
        }
    }
    problems
}

pub(crate) fn seconds<S: serde::Serializer>(took: &Duration, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_f64((took.as_secs_f64() * 1000.0).round() / 1000.0)
}

fn standing<S: serde::Serializer>(counts: &SupplierCounts, serializer: S) -> Result<S::Ok, S::Error> {
    use serde::ser::SerializeMap;
    let mut map = serializer.serialize_map(None)?;
    for (name, count) in [
        ("products", counts.products),
        ("accepted", counts.accepted),
        ("review", counts.review),
        ("rejected", counts.rejected),
        ("described", counts.described),
        ("published", counts.published),
        ("delivered", counts.delivered),
        ("pending", counts.pending),
        ("dead", counts.dead),
    ] {
        map.serialize_entry(name, &count)?;
    }
    map.end()
}
