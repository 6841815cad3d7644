//! Moving what is settled: planned in the shadow, looked at by a person, applied exactly, taken back.
//!
//! A plan is a file. Making one writes nothing that anybody outside sees; applying it does what it says and nothing else, or
//! refuses and names what has changed since. What an application replaces is kept row by row, so that it can be reverted.

mod apply;
mod canary;
mod changed;
pub mod changes_file;
pub mod compare;
mod estimate;
mod filter;
pub mod plan;
pub mod plan_file;
pub mod planning;
pub mod report;
mod revert;
mod selection;
mod shadow;
pub mod summary;
mod tally;
pub mod taxonomy_plan;
pub mod untouched;
mod vectors;

pub use apply::{Applied, ApplyError, ApplyOptions, Left, apply};
pub use changed::{Difference, Differences};
pub use filter::FilterError;
pub use plan::Plan;
pub use planning::{PlanError, PlanOptions};
pub use revert::{RevertError, RevertOptions, TakenBack, revert};
pub use selection::SelectionError;
