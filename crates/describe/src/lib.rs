//! Product and category to a description whose every sentence names its source fields.
//!
//! Two steps: [`facts`] reads what a supplier says into typed facts, and a [`Generator`] phrases them. The only
//! generator here is the [`composer`], which writes by rules per language and states nothing but facts. Supplier
//! text is data: it is never copied as a sentence and never an instruction.
//!
//! Not here: which languages a market wants (`berika-pipeline`) and what is remembered of a text (`berika-store`).

pub mod composer;
pub mod description;
pub mod facts;
pub mod generator;

pub use composer::{Composer, compose, recipe};
pub use description::{Description, NotDescribed, Outcome, Sentence};
pub use facts::{Conflict, Fact, FactKind, FactValue, Facts, LeftOut, Reason};
pub use generator::{Generator, Request};
