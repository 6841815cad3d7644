//! Prompts to texts with a quantised language model in GGUF: header, tokenizer, decoder, sampling. Knows no product.
//!
//! [`Model::load`] reads a GGUF file of the families Gemma 3, Qwen 2.5, Qwen 3 and Llama. [`Model::prefix`] computes what many
//! prompts begin with once, and [`Model::generate`] goes on from there. Everything is synchronous and nothing is
//! written or fetched: getting a file onto the machine is the work of `berika-models`.
//!
//! The same prompt, options and seed give the same text on any number of threads, with the prefix kept apart or not and
//! whatever else is generated beside it.
//!
//! Products are computed on candle's own threads, one fewer than there are cores beside the one that calls. They are
//! started by the first call and take its priority.

mod answer;
mod arithmetic;
mod cache;
mod decoder;
mod error;
mod gguf;
mod linear;
mod model;
mod options;
mod prompt;
mod rotation;
mod sampling;
mod settings;
mod template;
mod tokenizer;
mod weights;

pub use error::{GenerateError, LoadError};
pub use model::{Model, Prefix};
pub use options::{Finish, Generated, Options};
pub use prompt::Prompt;
