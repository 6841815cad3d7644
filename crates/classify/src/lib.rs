//! Vectors and texts to ranked categories; learns from confirmed decisions.
//!
//! A category's **description** is the prior, **confirmed products** are the evidence:
//!
//! 1. [`Targets`] names the categories that products may be put into and the texts of theirs to embed.
//! 2. [`Classifier::build`] centres the category vectors, blends the vectors of confirmed products into them and
//!    counts, per supplier category, what was confirmed ([`Evidence`]). Products are centred by [`ProductMeans`],
//!    which belong to the classifier's version and never to the batch in hand.
//! 3. [`Classifier::rank`] compares products with all categories in one matrix product and keeps the best five, each
//!    with the parts of its score.
//! 4. [`Policy::judge`] turns a ranking into a [`Verdict`] with its [`Reason`]. What it accepts without a look follows from
//!    randomly drawn decisions and a [`promise`].
//!
//! [`look_alikes`] groups products that one decision can serve, [`review_order`] says which products a person should
//! look at first, [`review_help`] what helps to decide.
//!
//! Rankings depend on the product alone: not on the batch it is in, its order or the number of threads.
//! [`taxonomy_file`] reads taxonomies from bytes, [`lint`] says what is amiss with one. Embedding, storing and reading files belong to the callers.

mod classifier;
mod evidence;
pub mod lint;
pub mod look_alikes;
mod matrix;
mod means;
mod parameters;
pub mod policy;
pub mod promise;
pub mod prompt;
mod rank;
pub mod review_help;
pub mod review_order;
mod space;
mod targets;
pub mod taxonomy_file;
mod top;
mod vector;
mod votes;

pub use classifier::{BuildError, BuildInput, Classifier};
pub use evidence::{Evidence, Taught};
pub use means::ProductMeans;
pub use parameters::Parameters;
pub use policy::{Policy, Reason, Sight, Verdict};
pub use rank::{Candidate, Parts, Query, RankError, Ranking};
pub use targets::Targets;

/// How many candidates a ranking keeps at most.
pub const CANDIDATES: usize = 5;
