//! What every store must do, over a real SQLite file.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on panics")]

mod applications;
mod classifiers;
mod contracts;
mod decisions;
mod edits;
mod imports;
mod joins;
mod model_costs;
mod opening;
mod outbox;
mod promises;
mod scene;
mod shadow;
mod stages;
mod taxonomies;
