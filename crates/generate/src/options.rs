//! How a text is generated, and what came of it.

use crate::error::GenerateError;

/// How a text is generated. The default is greedy: the likeliest token each time.
#[derive(Clone, Debug, PartialEq)]
pub struct Options {
    /// The most tokens of the text.
    pub max_tokens: usize,
    /// 0 takes the likeliest token; above, tokens are drawn, the more freely the higher.
    pub temperature: f32,
    /// Of the tokens to be drawn from, only the likeliest that together have this probability, above 0 to 1.
    pub top_p: f32,
    /// What is drawn follows from it and the prompt alone.
    pub seed: u64,
    /// Divides the odds of tokens that the text already has; 1 leaves them. From 1 to 10.
    pub repetition_penalty: f32,
    /// The text ends before the first of these.
    pub stop: Vec<String>,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            max_tokens: 256,
            temperature: 0.0,
            top_p: 1.0,
            seed: 0,
            repetition_penalty: 1.0,
            stop: Vec::new(),
        }
    }
}

impl Options {
    /// # Errors
    /// When an option is out of its range.
    pub(crate) fn check(&self) -> Result<(), GenerateError> {
        let within = |option, value: f32, sound: bool, must| {
            if sound { Ok(()) } else { Err(GenerateError::Option { option, value, must }) }
        };
        let Self { temperature, top_p, repetition_penalty: penalty, .. } = *self;
        within("temperature", temperature, (0.0..=100.0).contains(&temperature), "from 0 to 100")?;
        within("top_p", top_p, top_p > 0.0 && top_p <= 1.0, "above 0 and at most 1")?;
        within("repetition_penalty", penalty, (1.0..=10.0).contains(&penalty), "from 1 to 10")
    }
}

/// A text that was generated.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Generated {
    /// The text, without the prompt and without what stopped it.
    pub text: String,
    /// Tokens of the prompt, those of the prefix included.
    pub prompt_tokens: usize,
    /// Tokens that were generated.
    pub output_tokens: usize,
    /// Why it ends.
    pub finish: Finish,
}

/// Why a text ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Finish {
    /// The model ended it, or one of the stop strings did.
    Stop,
    /// It has the most tokens that it may have.
    Length,
    /// It began to repeat itself word for word; the text has the repeated part once.
    Loop,
    /// The caller asked to stop.
    Cancelled,
}
