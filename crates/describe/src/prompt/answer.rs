//! A model's answer as sentences of each text. The answer is foreign text: nothing in it is believed yet.

use serde_json::{Map, Value};

use super::Form;
use crate::Part;

/// The most bytes of an answer that are read.
const ANSWER_READ: usize = 64 * 1024;

/// The most sentences of one text that are looked at.
const SENTENCES_READ: usize = 40;

/// What a model drafted, not yet guarded.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Draft {
    parts: Vec<(Part, Vec<String>)>,
}

/// An answer in which no text was found.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Unreadable {
    /// Nothing came.
    #[error("the answer is empty")]
    Empty,
    /// It is longer than texts are.
    #[error("the answer has {bytes} bytes, at most {ANSWER_READ} are read")]
    TooLong {
        /// Its length.
        bytes: usize,
    },
    /// JSON was asked for and something else came, or it broke off.
    #[error("the answer is no JSON object with texts")]
    NoJson,
}

impl Draft {
    /// Reads an answer: JSON with or without a fence or words around it, or plain lines.
    ///
    /// # Errors
    /// [`Unreadable`] where no text is in it.
    pub fn read(answer: &str, form: Form) -> Result<Self, Unreadable> {
        if answer.len() > ANSWER_READ {
            return Err(Unreadable::TooLong { bytes: answer.len() });
        }
        if answer.trim().is_empty() {
            return Err(Unreadable::Empty);
        }
        match form {
            Form::Json => Self::from_json(answer).ok_or(Unreadable::NoJson),
            Form::Lines => {
                let lines = answer.lines().map(str::trim).filter(|line| !line.is_empty());
                let lines: Vec<String> = lines.take(SENTENCES_READ).map(str::to_owned).collect();
                Ok(Self { parts: vec![(Part::Short, lines)] })
            }
        }
    }

    /// What was drafted for one text: sentences, or runs of several.
    pub fn part(&self, part: Part) -> &[String] {
        self.parts.iter().find(|(of, _)| *of == part).map_or(&[], |(_, sentences)| sentences)
    }

    fn from_json(answer: &str) -> Option<Self> {
        // Models wrap JSON in fences and words; the first object that reads is meant.
        let object = answer.match_indices('{').take(8).find_map(|(at, _)| {
            let first =
                serde_json::Deserializer::from_str(&answer[at..]).into_iter::<Map<String, Value>>().next();
            first?.ok()
        })?;
        let parts: Vec<_> = Part::ALL
            .into_iter()
            .filter_map(|part| {
                let sentences = sentences(object.get(part.as_str())?);
                (!sentences.is_empty()).then_some((part, sentences))
            })
            .collect();
        (!parts.is_empty()).then_some(Self { parts })
    }
}

fn sentences(value: &Value) -> Vec<String> {
    let texts = match value {
        Value::String(text) => vec![text.as_str()],
        Value::Array(items) => items.iter().filter_map(Value::as_str).collect(),
        _ => Vec::new(),
    };
    let trimmed = texts.into_iter().map(str::trim).filter(|text| !text.is_empty());
    trimmed.take(SENTENCES_READ).map(str::to_owned).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn json_is_found_in_fences_and_words() {
        let plain = r#"{"title": "Asta Hammare", "short": ["Den väger 1 kg.", " "], "long": "En. Två."}"#;
        for answer in [plain.to_owned(), format!("Here you are:\n```json\n{plain}\n```\nEnjoy {{!")] {
            let draft = Draft::read(&answer, Form::Json).unwrap();
            assert_eq!(draft.part(Part::Title), ["Asta Hammare"]);
            assert_eq!(draft.part(Part::Short), ["Den väger 1 kg."]);
            assert_eq!(draft.part(Part::Long), ["En. Två."]);
            assert!(draft.part(Part::SeoTitle).is_empty());
        }
    }

    #[test]
    fn what_is_no_answer_is_named() {
        let read = |answer: &str| Draft::read(answer, Form::Json);
        assert_eq!(read(" \n"), Err(Unreadable::Empty));
        assert_eq!(read("I cannot do that."), Err(Unreadable::NoJson));
        assert_eq!(read(r#"{"short": ["Den väger"#), Err(Unreadable::NoJson));
        assert_eq!(read(r#"{"short": 5, "other": "x"}"#), Err(Unreadable::NoJson));
        assert_eq!(read(&"{".repeat(70_000)), Err(Unreadable::TooLong { bytes: 70_000 }));
        assert_eq!(read(&"{".repeat(60_000)), Err(Unreadable::NoJson));
    }

    #[test]
    fn lines_are_the_short_text() {
        let draft = Draft::read("Den väger 1 kg.\n\n Den är röd.", Form::Lines).unwrap();
        assert_eq!(draft.part(Part::Short), ["Den väger 1 kg.", "Den är röd."]);
    }
}
