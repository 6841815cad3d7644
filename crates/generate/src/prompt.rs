//! What a model is asked: text in which nothing is an instruction to the tokenizer, and control tokens by name.

/// Part of a prompt.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Part {
    /// Plain text. What looks like a control token in it is text.
    Text(String),
    /// A control token of the model, such as `<|im_end|>`.
    Control(&'static str),
}

/// A prompt or the beginning or end of one. Made from plain text by `from`, or by [`crate::Model::turn`].
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Prompt {
    pub(crate) parts: Vec<Part>,
}

impl Prompt {
    /// Nothing yet.
    pub(crate) fn new() -> Self {
        Self::default()
    }

    /// With text at its end.
    pub(crate) fn text(mut self, text: &str) -> Self {
        match self.parts.last_mut() {
            _ if text.is_empty() => {}
            Some(Part::Text(before)) => before.push_str(text),
            _ => self.parts.push(Part::Text(text.to_owned())),
        }
        self
    }

    /// With a control token at its end.
    pub(crate) fn control(mut self, name: &'static str) -> Self {
        self.parts.push(Part::Control(name));
        self
    }

    /// Both as one.
    pub(crate) fn followed_by(&self, rest: &Self) -> Self {
        rest.parts.iter().fold(self.clone(), |whole, part| match part {
            Part::Text(text) => whole.text(text),
            Part::Control(name) => whole.control(name),
        })
    }
}

impl From<&str> for Prompt {
    fn from(text: &str) -> Self {
        Self::new().text(text)
    }
}
