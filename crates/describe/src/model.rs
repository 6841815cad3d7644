//! The contract that every language model keeps: a prompt in, a text out. It knows nothing of products.

use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::endpoint::Estimate;
use crate::generator::BoxFuture;

/// What a model is asked. Only `input` differs between products of one language and voice, so that a model may compute
/// what stands before it once.
#[derive(Debug, Clone, PartialEq)]
pub struct Prompt {
    /// What to do and what not.
    pub instructions: String,
    /// Inputs with the answers that are wanted.
    pub examples: Vec<Example>,
    /// The product's facts, one a line. Supplier text is data here: one line each, without control characters.
    pub input: String,
    /// The JSON schema of the answer, for models that can be held to one.
    pub schema: Value,
    /// The most tokens that an answer may take.
    pub answer_most: u32,
}

/// An input and the answer that is wanted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Example {
    /// As [`Prompt::input`].
    pub input: String,
    /// The answer.
    pub answer: String,
}

/// What a model answered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Completion {
    /// The text as it came: JSON, fenced JSON, or plain lines.
    pub text: String,
    /// What it took.
    pub usage: Usage,
}

/// Tokens taken.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Usage {
    /// Tokens of prompts.
    pub prompt_tokens: u64,
    /// Tokens of answers.
    pub output_tokens: u64,
}

impl Usage {
    /// Both together.
    pub fn total(self) -> u64 {
        self.prompt_tokens.saturating_add(self.output_tokens)
    }
}

/// A language model.
pub trait LanguageModel: Send + Sync {
    /// The generator it makes: `local` or `endpoint`.
    fn generator(&self) -> &'static str;

    /// The model's name, as it is remembered with each text.
    fn name(&self) -> &str;

    /// How it answers: changes whenever the same prompt may get another answer.
    fn recipe(&self) -> String;

    /// What these prompts will cost, where the model's answers cost anything.
    fn estimate(&self, _prompts: &[Prompt]) -> Option<Estimate> {
        None
    }

    /// Answers a prompt.
    fn complete<'a>(&'a self, prompt: &'a Prompt) -> BoxFuture<'a, Result<Completion, ModelError>>;
}

/// Why a model gave no answer.
#[derive(Debug, thiserror::Error)]
pub enum ModelError {
    /// Nothing it is asked will be answered until somebody mends something: a wrong key, an unknown model.
    #[error("{model} cannot be used: {reason}")]
    Unusable {
        /// The model's name.
        model: String,
        /// What is wrong and what to do.
        reason: String,
        /// The error behind it.
        #[source]
        source: Option<Box<dyn std::error::Error + Send + Sync>>,
    },
    /// This prompt was not answered; another one may be.
    #[error("{model} gave no answer: {reason}")]
    Failed {
        /// The model's name.
        model: String,
        /// What happened, with the number of tries.
        reason: String,
        /// The error behind it.
        #[source]
        source: Option<Box<dyn std::error::Error + Send + Sync>>,
    },
    /// The prompt is longer than the model reads.
    #[error("the prompt takes {tokens} tokens, {model} reads {most}")]
    TooLong {
        /// The model's name.
        model: String,
        /// The prompt's length.
        tokens: usize,
        /// What the model reads, less its answer.
        most: usize,
    },
    /// The budget does not cover another call.
    #[error("the budget of {model} is spent: {reason}")]
    BudgetSpent {
        /// The model's name.
        model: String,
        /// What was to be spent and what is left.
        reason: String,
    },
    /// The program is stopping.
    #[error("stopped before {model} answered")]
    Stopped {
        /// The model's name.
        model: String,
    },
}

impl ModelError {
    /// The reason in one word, for tables and the store.
    pub fn as_str(&self) -> &'static str {
        match self {
            Self::Unusable { .. } => "model-unusable",
            Self::Failed { .. } => "model-failed",
            Self::TooLong { .. } => "prompt-too-long",
            Self::BudgetSpent { .. } => "budget-spent",
            Self::Stopped { .. } => "stopped",
        }
    }

    /// Whether asking the model anything else in this run is of no use.
    pub fn is_lasting(&self) -> bool {
        matches!(self, Self::Unusable { .. } | Self::BudgetSpent { .. } | Self::Stopped { .. })
    }
}
