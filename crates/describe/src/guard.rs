//! Lets through only what rests on facts: each sentence of a model's draft is traced to source fields or removed.
//!
//! Guarding is closed, not open: a sentence passes if every word of it is either harmless in its language or stands in a
//! source field, so that what nobody thought of does not pass either. Harmless words are lists in `vocabulary/`, for Swedish,
//! Danish, Norwegian, German and English; in another language only words of the fields and those that the market's voice
//! declares neutral pass. Numbers go with the fact that their noun names. Claims, allergens and negations stand within the
//! product's own name, or where a fact proves them, and nowhere else.

mod amounts;
mod claims;
mod clean;
mod draft;
mod grounds;
mod inflection;
mod judge;
mod nouns;
mod parts;
mod report;
mod sentences;
#[cfg(test)]
mod tests;
mod tokens;
mod units;
mod vocabulary;

pub use draft::Guarded;
pub use report::{Removed, Report, Why};
pub use sentences::sentences;

use crate::facts::quantity::scan;
use crate::{Request, Text};
use grounds::Grounds;
use judge::Verdict;

/// The version of the rules: rises whenever a sentence would be judged otherwise.
pub const VERSION: &str = "guard-3";

/// Whether a word says what the law regulates or is a number in letters: such a word no voice declares harmless.
pub(crate) fn is_regulated(word: &str) -> bool {
    let lower = word.to_lowercase();
    claims::of(&lower).is_some() || parts::is_number_word(&lower)
}

/// Whether a word is a claim that the law regulates.
pub(crate) fn is_claim_word(word: &str) -> bool {
    claims::of(&word.to_lowercase()) == Some(claims::Regulated::Claim)
}

/// What a product's sentences in one language may say.
#[derive(Debug)]
pub struct Guard<'a> {
    request: &'a Request<'a>,
    grounds: Grounds<'a>,
    /// The product's own writing of its name, whose odd characters are its own.
    own: String,
}

impl<'a> Guard<'a> {
    /// The grounds for sentences about a product in one language.
    pub fn new(request: &'a Request<'a>) -> Self {
        let title = request.values.title.as_deref().and_then(crate::facts::usable_title).unwrap_or_default();
        let brand = request.values.brand.as_deref().filter(|brand| brand.len() < 300).unwrap_or_default();
        let own: String = format!("{title} {brand}").chars().filter(|c| !c.is_control()).collect();
        Self { request, grounds: Grounds::of(request), own }
    }

    /// The fields that `sentence` rests on.
    ///
    /// # Errors
    /// [`Why`] it may not be published, with the words that are to blame.
    pub fn sentence(&self, sentence: &str) -> Result<Vec<String>, (Why, String)> {
        self.judge(sentence).map(|verdict| verdict.fields)
    }

    fn judge(&self, sentence: &str) -> Result<Verdict, (Why, String)> {
        clean::check(sentence, &self.own)?;
        let text = tokens::folded(sentence);
        let tokens = tokens::sentence(&text, self.request.language);
        clean::check_text(&text, &tokens, &self.grounds.title)?;
        let verdict = judge::judge(&self.grounds, &tokens)?;
        self.check_numbers(&text, &tokens)?;
        let names = [self.own.as_str()];
        let voice = self.request.voice;
        voice
            .check_sentence_about(&self.preferred(sentence), Some(self.request.language), &names)
            .map_err(|breach| (Why::Voice, breach.words))?;
        Ok(verdict)
    }

    /// The sentence in the market's own words.
    fn preferred(&self, sentence: &str) -> String {
        self.request.voice.apply_preferred(sentence, &[&self.own])
    }

    /// A second opinion on numbers, by the reader of supplier values: what it sees as a quantity was seen as one here too, or
    /// stands so in a field.
    fn check_numbers(&self, text: &str, tokens: &[tokens::Token]) -> Result<(), (Why, String)> {
        for found in scan(text, Some(self.request.language)) {
            let overlaps = |token: &&tokens::Token| token.start < found.end && found.start < token.end;
            let seen = tokens.iter().filter(overlaps).any(|token| token.quantity.is_some());
            let written = text[found.start..found.end].to_lowercase();
            if !seen && !self.grounds.title.contains(&written) && !self.is_in_fact(&written) {
                return Err((Why::Number, written));
            }
        }
        Ok(())
    }

    fn is_in_fact(&self, written: &str) -> bool {
        self.request.facts.facts.iter().any(|fact| match &fact.value {
            crate::facts::FactValue::Text(text) | crate::facts::FactValue::Verbatim(text) => {
                tokens::folded(text).to_lowercase().contains(written)
            }
            _ => false,
        })
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
