//! How good a categorisation is: figures with intervals, curves, tables, paired comparison, and the seeded choice of
//! rows to measure on.
//!
//! Everything here is a pure function of its arguments and of a seed, on any number of threads. Reading labelled
//! files, running the classifier and printing belong to the callers; nothing here does IO or knows a product.
//!
//! - [`Outcome`] is one product that was judged: the category paths that are right, the ranked paths offered, and how
//!   sure the first is.
//! - [`report`] turns outcomes into a [`Report`]: a [`Figure`] each for top-k, F1, what is accepted without a look, what
//!   could have been, and how far confidence is from the truth, with bootstrap intervals.
//! - [`reliability`] and [`precision_over_coverage`] are the curves behind the figures of confidence.
//! - [`by_category`], [`by_language`] and [`confusions`] say where the errors are.
//! - [`compare`] tells whether one result is better than another on the same rows.
//! - [`spread`] sums a figure up over seeds.
//! - [`take_labels`] and [`split`] choose rows by seed; the method is simple enough to repeat in any language.

mod bootstrap;
mod breakdown;
mod compare;
mod confidence;
mod figure;
mod metrics;
mod outcome;
mod report;
mod sample;
mod spread;

pub use breakdown::{CategoryRow, Confusion, LanguageRow, by_category, by_language, confusions};
pub use compare::{Comparison, Discordance, Pair, compare, mcnemar};
pub use confidence::{Bin, Point, precision_over_coverage, reliability};
pub use figure::Figure;
pub use outcome::{EvaluateError, Outcome};
pub use report::{Estimate, Report, Settings, report};
pub use sample::{Split, split, take_labels};
pub use spread::{Spread, spread};
