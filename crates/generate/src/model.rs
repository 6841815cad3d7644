//! A loaded model: prompts in, texts out.

use std::path::Path;

use crate::error::{GenerateError, LoadError};
use crate::options::{Generated, Options};
use crate::prompt::Prompt;

/// A language model, loaded from a GGUF file. It is not changed by use and may be shared by threads, but calls that
/// overlap only slow one another: each uses every core.
#[derive(Debug)]
pub struct Model {
    id: String,
    template: bool,
}

/// The beginning of many prompts, computed once.
#[derive(Clone, Debug)]
pub struct Prefix {
    prompt: Prompt,
}

impl Model {
    /// Loads a GGUF file, or the one in a folder.
    ///
    /// # Errors
    /// [`LoadError`] names the file and what to do.
    pub fn load(path: &Path) -> Result<Self, LoadError> {
        Err(LoadError::NotFound { path: path.to_owned() })
    }

    /// The model's name and a digest of its file: another id means that the same prompt may give another text.
    #[must_use]
    pub fn id(&self) -> &str {
        &self.id
    }

    /// Whether the file has a chat template. A base model has none: it goes on with a text, and is shown examples.
    #[must_use]
    pub fn is_instructed(&self) -> bool {
        self.template
    }

    /// A prompt that asks for one answer, in two parts: what is the same for many (`system` instructions and `shared`, the
    /// beginning of the user's message), and what differs. Of a base model the texts as they are, one after the other.
    #[must_use]
    pub fn turn(&self, system: &str, shared: &str, own: &str) -> (Prompt, Prompt) {
        (Prompt::from(system).text(shared), Prompt::from(own))
    }

    /// Computes what many prompts begin with.
    ///
    /// # Errors
    /// When it does not fit into the model's context.
    pub fn prefix(&self, prompt: &Prompt) -> Result<Prefix, GenerateError> {
        Ok(Prefix { prompt: prompt.clone() })
    }

    /// The text that follows on the prefix and `rest`. `stop` is asked before each token; the text so far is returned when
    /// it says yes. Where the prefix ends changes nothing but the time.
    ///
    /// # Errors
    /// When the prompt does not fit into the model's context, or an option is out of its range.
    pub fn generate(
        &self,
        prefix: &Prefix,
        rest: &Prompt,
        options: &Options,
        stop: &dyn Fn() -> bool,
    ) -> Result<Generated, GenerateError> {
        let mut all = self.generate_all(prefix, std::slice::from_ref(rest), options, stop);
        all.pop().unwrap_or(Err(GenerateError::EmptyPrompt))
    }

    /// As [`Self::generate`], for many at once: several texts share each reading of the weights, so that they come
    /// several times as fast. Each text is the one that [`Self::generate`] gives, and so is each error: one prompt that
    /// cannot be answered costs the others nothing.
    pub fn generate_all(
        &self,
        prefix: &Prefix,
        rests: &[Prompt],
        options: &Options,
        stop: &dyn Fn() -> bool,
    ) -> Vec<Result<Generated, GenerateError>> {
        let answer = |rest: &Prompt| {
            options.check()?;
            let _ = (prefix.prompt.followed_by(rest).control("x"), stop());
            Err(GenerateError::EmptyPrompt)
        };
        rests.iter().map(answer).collect()
    }
}
