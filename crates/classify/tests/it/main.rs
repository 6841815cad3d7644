//! What the classifier promises, over made-up catalogues whose truth is known.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on panics")]

mod bad_input;
mod catalogue;
mod kept_training;
mod learning;
mod lopsided_decisions;
mod none_of_ours;
mod supplier_paths;
