//! How the families mark whose turn it is.

use crate::prompt::Prompt;
use crate::settings::Family;
use crate::tokenizer::Tokenizer;

/// A way of marking turns.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Template {
    /// None: a base model goes on with a text.
    Plain,
    /// Gemma has no system turn; instructions stand before the user's own words.
    Gemma,
    /// ChatML, as Qwen has it. Whether the answer begins with thoughts that were not thought.
    ChatMl {
        /// Qwen 3 is told so by an empty pair of marks.
        thoughtless: bool,
    },
    /// Llama 3.
    Headers,
}

impl Template {
    /// Of a model whose file has a chat template, as its family and the control tokens that it knows say.
    pub(crate) fn of(family: Family, tokenizer: &Tokenizer, stated: bool) -> Self {
        let knows = |names: &[&str]| stated && names.iter().all(|name| tokenizer.has_control(name));
        if knows(&["<|im_start|>", "<|im_end|>"]) {
            let thoughtless = family == Family::Qwen3 && knows(&["<think>", "</think>"]);
            Self::ChatMl { thoughtless }
        } else if knows(&["<start_of_turn>", "<end_of_turn>"]) {
            Self::Gemma
        } else if knows(&["<|start_header_id|>", "<|end_header_id|>", "<|eot_id|>"]) {
            Self::Headers
        } else {
            Self::Plain
        }
    }

    /// What is the same for many prompts, and what differs, as two parts of one prompt.
    pub(crate) fn turn(self, system: &str, shared: &str, own: &str) -> (Prompt, Prompt) {
        let start = Prompt::default();
        match self {
            Self::Plain => {
                let between = if system.is_empty() { "" } else { "\n\n" };
                (start.text(system).text(between).text(shared), Prompt::from(own))
            }
            Self::Gemma => {
                let between = if system.is_empty() { "" } else { "\n\n" };
                let begin =
                    start.control("<start_of_turn>").text("user\n").text(system).text(between).text(shared);
                let end = Prompt::from(own)
                    .control("<end_of_turn>")
                    .text("\n")
                    .control("<start_of_turn>")
                    .text("model\n");
                (begin, end)
            }
            Self::ChatMl { thoughtless } => {
                let mut begin = start;
                if !system.is_empty() {
                    begin = begin
                        .control("<|im_start|>")
                        .text("system\n")
                        .text(system)
                        .control("<|im_end|>")
                        .text("\n");
                }
                let begin = begin.control("<|im_start|>").text("user\n").text(shared);
                let end = Prompt::from(own)
                    .control("<|im_end|>")
                    .text("\n")
                    .control("<|im_start|>")
                    .text("assistant\n");
                let silent =
                    |end: Prompt| end.control("<think>").text("\n\n").control("</think>").text("\n\n");
                (begin, if thoughtless { silent(end) } else { end })
            }
            Self::Headers => {
                let header = |prompt: Prompt, role: &str| {
                    prompt.control("<|start_header_id|>").text(role).control("<|end_header_id|>").text("\n\n")
                };
                let mut begin = start;
                if !system.is_empty() {
                    begin = header(begin, "system").text(system).control("<|eot_id|>");
                }
                let begin = header(begin, "user").text(shared);
                (begin, header(Prompt::from(own).control("<|eot_id|>"), "assistant"))
            }
        }
    }
}
