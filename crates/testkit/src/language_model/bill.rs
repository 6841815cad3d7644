//! What a call takes, as a server counts it that leaves nothing out.

use super::{Misbehaviour, Said};
use serde_json::Value;

/// What a chat template puts around each message.
const MESSAGE_TOKENS: u64 = 4;

/// What would have been billed.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Bill {
    /// Calls that reached the model.
    pub calls: u64,
    /// Tokens of prompts.
    pub prompt_tokens: u64,
    /// Tokens of answers.
    pub output_tokens: u64,
}

/// An answer as it is said within its bound, with what it takes.
pub(super) struct Counted {
    pub(super) said: Said,
    pub(super) prompt: u64,
    pub(super) output: u64,
    bound: u64,
}

impl Counted {
    /// Counts; a text that is longer than the request permits is cut.
    pub(super) fn of(asked: &Value, mut said: Said, tokens: fn(&str) -> u64) -> Self {
        let messages = asked["messages"].as_array().map(Vec::as_slice).unwrap_or_default();
        let format = &asked["response_format"];
        let schemas = [&format["json_schema"]["schema"], &format["schema"]];
        let mut prompt: u64 =
            schemas.iter().filter(|schema| !schema.is_null()).map(|schema| tokens(&schema.to_string())).sum();
        for message in messages {
            prompt += tokens(message["content"].as_str().unwrap_or_default()) + MESSAGE_TOKENS;
        }
        let bound = asked["max_tokens"].as_u64().or_else(|| asked["max_completion_tokens"].as_u64());
        let bound = bound.unwrap_or(u64::MAX);
        let mut output = tokens(&text(&said.content)) + tokens(&text(&said.further));
        if output > bound {
            let mut kept = text(&said.content);
            while tokens(&kept) > bound {
                kept.pop();
            }
            (said.content, said.finish_reason, output) = (kept.into(), "length".to_owned(), bound);
        }
        Self { said, prompt, output, bound }
    }
}

impl Bill {
    pub(super) fn enter(&mut self, counted: &Counted, misbehaviour: Option<&Misbehaviour>) {
        let output = match misbehaviour {
            Some(Misbehaviour::Answer(answer)) if (300..500).contains(&answer.status) => return,
            // The model goes on for as long as it may.
            Some(
                Misbehaviour::Answer(_) | Misbehaviour::Hang | Misbehaviour::Drip | Misbehaviour::Endless,
            ) => counted.bound,
            Some(Misbehaviour::BreakOff | Misbehaviour::HalfContent | Misbehaviour::NoUsage) | None => {
                counted.output
            }
        };
        self.calls += 1;
        self.prompt_tokens = self.prompt_tokens.saturating_add(counted.prompt);
        self.output_tokens = self.output_tokens.saturating_add(output);
    }
}

fn text(value: &Value) -> String {
    match value {
        Value::Null => String::new(),
        Value::String(text) => text.clone(),
        other => other.to_string(),
    }
}
