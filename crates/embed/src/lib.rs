//! Texts to unit vectors: model folder, tokenizer, batch plan, encoder, pooling. Knows no product.
//!
//! [`Model::load`] reads a sentence-transformers folder with a BERT or XLM-R encoder and [`Model::embed`] turns texts
//! into vectors of length one. Everything is synchronous and nothing is written or fetched: getting a folder onto the
//! machine is the work of `berika-models`, keeping vectors that of the store.
//!
//! The same texts give the same vectors on any number of threads.

mod backend;
mod checkpoint;
mod cost;
mod encoder;
mod error;
mod folder;
mod model;
mod npy;
mod plan;
mod pooling;
mod precision;
mod tokenize;
mod vectors;
mod weights;

pub use berika_kernels::Cpu;
pub use cost::{Cost, Shape};
pub use error::{EmbedError, LoadError};
pub use model::{Model, Prompt};
pub use npy::write_npy;
pub use plan::{Limits, plan};
pub use precision::{Precision, UnknownPrecision};
pub use vectors::Vectors;
