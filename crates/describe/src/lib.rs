//! Product and category to a description whose every sentence names its source fields.
//!
//! Facts come first: [`facts`] reads what a supplier says into typed facts. A [`Generator`] phrases them: the [`composer`]
//! by rules per language, or a [`LanguageModel`] whose every sentence passes the [`guard`]. Supplier text is data: it is never
//! an instruction.
//!
//! Not here: which languages a market wants (`berika-pipeline`) and what is remembered of a text (`berika-store`).

pub mod composer;
pub mod description;
pub mod endpoint;
pub mod facts;
pub mod generator;
pub mod guard;
pub mod model;
pub mod phrase;
pub mod prompt;
pub mod voice;

pub use composer::{Composer, compose};
pub use description::{Author, Description, NotDescribed, Origin, Outcome, Part, Sentence, Text};
pub use endpoint::Endpoint;
pub use facts::{Conflict, Fact, FactKind, FactValue, Facts, LeftOut, Reason};
pub use generator::{BoxFuture, Generator, Request};
pub use model::{Completion, Example, LanguageModel, ModelError, Prompt, Usage};
pub use voice::Voice;
