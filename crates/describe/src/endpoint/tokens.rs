//! How many tokens a text is, where nobody has counted them: a likely number and one that it cannot pass.

use crate::model::Prompt;

/// What a chat template usually puts around each message.
const MESSAGE_ABOUT: u64 = 4;

/// What a chat template puts around each message, at most.
const MESSAGE_MOST: u64 = 16;

/// What a chat template puts before the first message, at most: a date, a cut-off date, the mark of a beginning.
const TEMPLATE_MOST: u64 = 128;

/// About as many tokens as a text is: a third of its characters, rounded up. Swedish and German take fewer characters a
/// token than English does.
pub(crate) fn about(text: &str) -> u64 {
    (text.chars().count() as u64).div_ceil(3)
}

/// About as many tokens as a prompt is.
pub(crate) fn prompt_about(prompt: &Prompt) -> u64 {
    texts(prompt).map(|text| about(text) + MESSAGE_ABOUT).sum()
}

/// No prompt is more tokens: each takes at least a byte. The schema counts, for some servers put it before the prompt.
pub(crate) fn prompt_most(prompt: &Prompt) -> u64 {
    let bytes: u64 = texts(prompt).map(|text| text.len() as u64).sum();
    let messages = texts(prompt).count() as u64;
    bytes + prompt.schema.to_string().len() as u64 + messages * MESSAGE_MOST + TEMPLATE_MOST
}

/// About as many tokens as the answer will be: as many as an example's, or half of what it may take.
pub(crate) fn answer_about(prompt: &Prompt) -> u64 {
    let most = u64::from(prompt.answer_most);
    let examples: u64 = prompt.examples.iter().map(|example| about(&example.answer)).sum();
    examples.checked_div(prompt.examples.len() as u64).unwrap_or(most / 2).min(most)
}

/// What is sent, a message each.
fn texts(prompt: &Prompt) -> impl Iterator<Item = &str> {
    let examples = prompt.examples.iter().flat_map(|example| [example.input.as_str(), &example.answer]);
    [prompt.instructions.as_str(), &prompt.input].into_iter().chain(examples)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::model::Example;

    #[test]
    fn a_prompt_is_counted_with_its_examples_and_at_most_with_its_schema() {
        let mut prompt = Prompt {
            instructions: "åäö å".to_owned(),
            examples: Vec::new(),
            input: "abc".to_owned(),
            schema: json!({}),
            answer_most: 100,
        };
        assert_eq!((about(""), about("a"), about("åäö"), about("åäöa")), (0, 1, 1, 2));
        assert_eq!((prompt_about(&prompt), answer_about(&prompt)), (3 + 2 * MESSAGE_ABOUT, 50));
        assert_eq!(prompt_most(&prompt), 9 + 3 + 2 + 2 * MESSAGE_MOST + TEMPLATE_MOST);
        for answer in ["abcdef", "abcdefabcdef"] {
            prompt.examples.push(Example { input: "abc".to_owned(), answer: answer.to_owned() });
        }
        assert_eq!((prompt_about(&prompt), answer_about(&prompt)), (3 + 3 + 5 + 6 * MESSAGE_ABOUT, 3));
    }
}
