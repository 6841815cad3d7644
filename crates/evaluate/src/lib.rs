//! How good a categorisation is: metrics with confidence intervals, and the seeded choice of rows to measure on.
//!
//! Everything here is a pure function of its arguments and of a seed, on any number of threads. Reading labelled
//! files, running the classifier and printing belong to the callers; nothing here does IO or knows a product.
//!
//! - [`Outcome`] is one product that was judged: the category paths that are right, and the ranked paths offered.
//! - [`report`] turns outcomes into a [`Report`]: top-1/3/5, macro-F1 and hierarchical F1 with bootstrap intervals.
//! - [`take_labels`] and [`split`] choose rows by seed; the method is simple enough to repeat in any language.

mod bootstrap;
mod metrics;
mod outcome;
mod report;
mod sample;

pub use outcome::{EvaluateError, Outcome};
pub use report::{Estimate, Report, Settings, report};
pub use sample::{Split, split, take_labels};
