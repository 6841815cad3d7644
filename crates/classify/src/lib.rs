//! Vectors and texts to ranked categories; learns from confirmed decisions.
//!
//! A category's **description** is the prior, **confirmed products** are the evidence:
//!
//! 1. [`Targets`] names the categories that products may be put into and the texts of theirs to embed.
//! 2. [`Classifier::build`] gathers six kinds of evidence for each category: how near the description is in meaning and in
//!    the pieces of words it is made of, what a linear machine over vector and words has learnt, how near the confirmed
//!    products are, how many there are, and what decisions on the supplier's own category say. How much each counts is
//!    learnt from the decisions, by ranking each as if it were not known ([`Classifier::cross_fitted`]), and so is the
//!    probability that the first candidate is right. With nothing confirmed the description decides alone.
//! 3. [`Classifier::rank`] scores products against all categories and keeps the best five, each with its probability and the
//!    parts of its score.
//! 4. [`Policy::judge`] turns a ranking into a [`Verdict`] with its [`Reason`]. What it accepts without a look follows from
//!    randomly drawn decisions and a [`promise`].
//!
//! [`look_alikes`] groups products that one decision can serve, [`review_order`] says which products a person should
//! look at first, [`review_help`] what helps to decide.
//!
//! What is taken from products by way of centring ([`ProductMeans`]) and how rare words are ([`WordFrequencies`]) belong to
//! the classifier's version and never to the batch in hand. Rankings depend on the product alone: not on the batch it is
//! in, its order or the number of threads. [`taxonomy_file`] reads taxonomies from bytes,
//! [`lint`] says what is amiss with one. Embedding, storing and reading files belong to the callers.

mod belonging;
mod bits;
mod calibration;
mod classifier;
mod evidence;
mod hash;
mod learnt;
mod lexical;
pub mod lint;
pub mod look_alikes;
mod machine;
mod matrix;
mod means;
mod newton;
mod parameters;
pub mod policy;
mod product;
pub mod promise;
pub mod prompt;
mod rank;
pub mod review_help;
pub mod review_order;
mod space;
mod stack;
mod targets;
pub mod taxonomy_file;
mod top;
mod trained;
mod vector;
mod votes;

pub use classifier::{BuildError, BuildInput, Classifier, recipe};
pub use evidence::{CrossFitted, Evidence, Taught};
pub use lexical::{LEXICAL_DIMENSIONS, WordFrequencies};
pub use means::ProductMeans;
pub use parameters::Parameters;
pub use policy::{Policy, Reason, Sight, Verdict};
pub use rank::{Ancestor, Candidate, Parts, Query, RankError, Ranking};
pub use targets::Targets;
pub use trained::{Trained, TrainedBytesError};

/// How many candidates a ranking keeps at most.
pub const CANDIDATES: usize = 5;
