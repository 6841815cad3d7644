//! Loopback peers for tests and the demo: a supplier server, a webhook receiver and a language model's server, and what
//! a language model says that lies.
//!
//! All are real HTTP servers on `127.0.0.1` with a port of their own, each on a thread and runtime of its own: they
//! can be started from synchronous and asynchronous code, a paused or blocked caller does not stop them, and stopping
//! one closes its sockets at once. All can be told to misbehave. They know nothing of Berika's other crates.

mod body;
mod host;
mod hostile_model;
mod journal;
mod language_model;
mod ranges;
mod receiver;
mod resource;
mod scripted;
mod signature;
mod supplier;

pub use host::StartError;
pub use hostile_model::{HOSTILE_LANGUAGES, HostileForm, Invention, hostile_answer, inventions};
pub use journal::{Received, read_journal};
pub use language_model::{
    Bill, ChatMessage, LanguageModelServer, Misbehaviour, ModelDialect, ModelOptions, RateLimit, Said,
};
pub use receiver::{ReceiverOptions, Reply, WebhookReceiver};
pub use scripted::Answer;
pub use supplier::{Behaviour, SeenRequest, SupplierServer};
