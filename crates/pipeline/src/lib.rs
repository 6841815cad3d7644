//! Configuration, the flow and its stages, back-pressure, shutdown.
//!
//! [`flow`] is the only place that knows the order of stages. Each stage in [`stages`] asks the store what is stale,
//! computes it off the async threads, and writes it by compare-and-set: a stage may be stopped anywhere and run again.

pub mod acceptance;
pub mod blame;

pub mod check;
mod classifier;
pub mod config;
pub mod decisions_file;
pub mod doctor;
mod document;
pub mod duplicates;
pub mod edits;
mod engine;
pub mod event;
pub mod explain;
pub mod flow;
mod ids;
mod judge;
pub mod languages;
mod model;
mod precision;
mod progress;
pub mod recategorise;
mod report;
pub mod review;
pub mod runs;
mod stages;
pub mod taxonomy;
pub mod taxonomy_lint;
mod workers;
pub mod writers;

pub use acceptance::Acceptance;
pub use config::{Config, ConfigError};
pub use engine::{Engine, EngineError, Environment};
pub use flow::{RunError, RunOptions, run};
pub use ids::Ids;
pub use judge::JudgeError;
pub use model::{Encoder, ModelError};
pub use precision::{ChosenPrecision, PrecisionOrigin, PrecisionSetting, UnknownSetting};
pub use progress::Progress;
pub use report::{Delivered, RunReport, StageTime, SupplierOutcome, TakenIn, TextCounts};
pub use stages::import::ImportError;
