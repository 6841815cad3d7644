//! How a language model's server behaves.

use super::ModelDialect;
use crate::scripted::Answer;
use serde_json::Value;
use std::sync::Arc;
use std::time::{Duration, Instant};

/// One turn of a conversation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ChatMessage {
    /// `system`, `user` or `assistant`.
    pub role: String,
    /// What was said.
    pub content: String,
}

/// What the model says.
#[derive(Debug, Clone, PartialEq)]
pub struct Said {
    /// A text; or whatever else a server may put there: `null`, parts.
    pub content: Value,
    /// `stop`, `length`, `content_filter`.
    pub finish_reason: String,
    /// Further fields of the message, such as `reasoning_content`; `Null` for none.
    pub further: Value,
}

impl<T: Into<Value>> From<T> for Said {
    fn from(content: T) -> Self {
        Self { content: content.into(), finish_reason: "stop".to_owned(), further: Value::Null }
    }
}

/// What a call gets in place of a good answer. A call that was given to the model is billed, whatever came of it: only what
/// is answered with a status from 300 to 499 costs nothing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Misbehaviour {
    /// This, whatever it is.
    Answer(Answer),
    /// Nothing, ever.
    Hang,
    /// A byte at a time, without end.
    Drip,
    /// As many bytes as the client takes.
    Endless,
    /// Half of the answer; then the connection is cut.
    BreakOff,
    /// The answer, whose content is cut in the middle as if it were whole.
    HalfContent,
    /// The answer without its usage.
    NoUsage,
}

/// So many calls in a window of time; the others get 429 and `Retry-After`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RateLimit {
    /// Calls.
    pub calls: u64,
    /// The window. It begins with the first call after the last one's end.
    pub window: Duration,
}

/// How the server behaves.
#[derive(Clone)]
pub struct ModelOptions {
    /// How it puts its refusals.
    pub dialect: ModelDialect,
    /// The key that it wants.
    pub key: Option<String>,
    /// The only model that it knows; any where none is given.
    pub model: Option<String>,
    /// The kinds of `response_format` that it takes.
    pub formats: Vec<&'static str>,
    /// Whether it takes `max_completion_tokens` and no temperature, as reasoning models do.
    pub reasoning: bool,
    /// Time until an answer begins.
    pub latency: Duration,
    /// How many calls it takes.
    pub rate: Option<RateLimit>,
    /// What each n-th call gets; of several the first.
    pub every: Vec<(u64, Misbehaviour)>,
    /// How many tokens a text is; a quarter of its characters unless told.
    pub tokens: fn(&str) -> u64,
    /// What time it is, since any moment; the machine's unless told.
    pub now: Arc<dyn Fn() -> Duration + Send + Sync>,
}

impl Default for ModelOptions {
    fn default() -> Self {
        let begun = Instant::now();
        Self {
            dialect: ModelDialect::OpenAi,
            key: None,
            model: None,
            formats: vec!["json_schema", "json_object"],
            reasoning: false,
            latency: Duration::ZERO,
            rate: None,
            every: Vec::new(),
            tokens: |text| (text.chars().count() as u64).div_ceil(4),
            now: Arc::new(move || begun.elapsed()),
        }
    }
}
