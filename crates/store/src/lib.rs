//! Everything that Berika remembers, and all SQL.
//!
//! [`Store`] is one SQLite file: one writer, several readers, write-ahead log, `synchronous=FULL` (a decision whose
//! event has left must survive a power cut). Each file below holds one stage's statements: what is stale, and the
//! compare-and-set write of what was computed. No stage's logic is here.

mod applications;
mod categorisations;
mod classifiers;
mod contracts;
mod decisions;
mod deliveries;
mod descriptions;
mod duplicates;
mod edits;
mod error;
mod identity;
mod imports;
mod joins;
mod model_costs;
mod open;
mod outbox;
mod overview;
mod precision;
mod preview;
mod products;
mod promises;
mod publish;
mod review;
mod runs;
mod shadow;
mod sources;
mod taxonomies;
mod taxonomy_changes;
mod texts;
mod vectors;

pub use applications::{
    Application, ApplicationState, Moved, NewApplication, NewRevert, PlannedMove, PlannedStanding, Reverted,
    Since, Stands, TouchedSince,
};
pub use categorisations::{AuditDraw, Categorisation, StaleCategorisation};
pub use classifiers::CatalogueSample;
pub use decisions::{AppendedDecisions, StoredDecision};
pub use deliveries::{Attempt, DeliveryDetail, DeliveryFilter, DeliveryRow};
pub use descriptions::{StaleDescription, StoredDescription};
pub use duplicates::DuplicateCandidate;
pub use edits::{
    Background, EditAction, EditOutcome, FieldChange, LoggedEdit, NewEdit, Seen, TextBackground,
};
pub use error::StoreError;
pub use imports::{BatchCounts, FinishedImport, ImportCounts, ImportId, ImportMode, NewImport, RowReport};
pub use joins::{JoinError, JoinOutcome, JoinedBy, MOST_JOINED, NewGroup, RULE, SettledGroups, Standing};
pub use model_costs::ModelCost;
pub use open::{Access, Store};
pub use outbox::{AttemptRecord, AttemptResult, DueEvent, EndpointState};
pub use overview::{ProductSummary, SupplierCounts};
pub use preview::Preview;
pub use products::{ProductId, StoredProduct};
pub use promises::{DecidedAudit, LearntPromise, Stop};
pub use publish::{Publication, PublishOutcome, StalePublication};
pub use review::{DecidedProduct, LookAlike, QueuedProduct, ReviewProduct, ReviewQueue, WaitingProduct};
pub use runs::{NewRun, RunRecord};
pub use shadow::{AcceptedIn, ShadowPage, ShadowPart, ShadowProduct, ShadowStanding, ShadowText};
pub use sources::{Accepted, SourceState};
pub use taxonomies::TaxonomyImport;
pub use taxonomy_changes::{CategoryNames, CategoryStanding, GoneCategory};
pub use texts::{StaleText, StoredText};
pub use vectors::{SampledProduct, TextNumbers};

/// The most rows that one transaction writes: a kill loses at most this much work, and readers never wait long.
pub const ROWS_PER_TRANSACTION: usize = 500;
