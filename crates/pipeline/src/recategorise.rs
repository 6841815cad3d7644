//! Moving what is settled: planned in the shadow, looked at by a person, applied exactly, taken back.
//!
//! A plan is a file. Making one writes nothing that anybody outside sees; applying it does what it says and nothing else, or
//! refuses and names what has changed since. What an application replaces is kept row by row, so that it can be reverted.

pub mod changes_file;
pub mod plan;
pub mod plan_file;
pub mod summary;

pub use plan::Plan;
