//! Reading what a server answers to a prompt.

use serde_json::Value;

use crate::model::Usage;

/// An answer as far as it concerns us.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Answer {
    /// What the model says, without what it thinks.
    pub(crate) text: String,
    /// What it took, where the server tells.
    pub(crate) usage: Option<Usage>,
    /// Why the text is not whole or not wanted.
    pub(crate) fault: Option<Fault>,
}

/// What is wrong with an answer that came.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Fault {
    /// It reached its bound.
    Cut,
    /// The server's filter took it.
    Filtered,
    /// The model will not.
    Refused(String),
    /// Nothing is said.
    Empty,
}

/// Reads a body; `None` where it is no chat completion.
pub(crate) fn read(body: &[u8]) -> Option<Answer> {
    let body: Value = serde_json::from_slice(body.trim_ascii()).ok()?;
    let choice = body.get("choices")?.get(0)?;
    let message = choice.get("message")?;
    let text = without_thoughts(&content(message.get("content").unwrap_or(&Value::Null)));
    let fault = match choice.get("finish_reason").and_then(Value::as_str) {
        Some("length") => Some(Fault::Cut),
        Some("content_filter") => Some(Fault::Filtered),
        _ => match message.get("refusal").and_then(Value::as_str) {
            Some(refusal) if !refusal.trim().is_empty() => Some(Fault::Refused(refusal.to_owned())),
            _ if text.is_empty() => Some(Fault::Empty),
            _ => None,
        },
    };
    Some(Answer { text, usage: body.get("usage").and_then(usage), fault })
}

/// A text, or the texts among a list of parts.
fn content(content: &Value) -> String {
    match content {
        Value::String(text) => text.clone(),
        Value::Array(parts) => parts
            .iter()
            .filter_map(|part| part.as_str().or_else(|| part.get("text").and_then(Value::as_str)))
            .collect(),
        _ => String::new(),
    }
}

/// Both counts, or nothing: half of them would be too little.
fn usage(usage: &Value) -> Option<Usage> {
    let count = |name: &str| usage.get(name).and_then(Value::as_u64);
    let usage = Usage { prompt_tokens: count("prompt_tokens")?, output_tokens: count("completion_tokens")? };
    // No prompt is of no tokens: a server that says so has not counted.
    (usage.prompt_tokens > 0).then_some(usage)
}

/// What stands in `<think>` is dropped, also where the beginning was part of the prompt or the end never came.
fn without_thoughts(text: &str) -> String {
    let mut said = String::new();
    let mut rest = match text.split_once("</think>") {
        Some((before, after)) if !before.contains("<think>") => after,
        _ => text,
    };
    while let Some((before, thought)) = rest.split_once("<think>") {
        said.push_str(before);
        rest = thought.split_once("</think>").map_or("", |(_, after)| after);
    }
    said.push_str(rest);
    said.trim().to_owned()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn said(content: &Value) -> Answer {
        let choice = json!({ "message": { "content": content }, "finish_reason": "stop" });
        read(json!({ "choices": [choice] }).to_string().as_bytes()).unwrap()
    }

    #[test]
    fn content_is_a_text_or_parts_and_thoughts_are_not_said() {
        for (content, text) in [
            (json!(" {\"a\":1}\n"), "{\"a\":1}"),
            (json!("```json\n{}\n```"), "```json\n{}\n```"),
            (json!([{ "type": "text", "text": "a" }, { "type": "image" }, "b"]), "ab"),
            (json!("<think>hm</think>\n{}"), "{}"),
            (json!("hm, well</think>{}"), "{}"),
            (json!("a<think>x</think>b<think>y</think>c"), "abc"),
        ] {
            assert_eq!(said(&content), Answer { text: text.to_owned(), usage: None, fault: None });
        }
        for content in [json!(null), json!(""), json!(" \n"), json!([]), json!(7), json!("<think>hm")] {
            assert_eq!(said(&content).fault, Some(Fault::Empty), "{content}");
        }
    }

    #[test]
    fn what_is_cut_filtered_or_refused_is_no_answer() {
        let fault = |reason: &str, refusal: Value| {
            let message = json!({ "content": "a", "refusal": refusal, "reasoning_content": "hm" });
            let choice = json!({ "message": message, "finish_reason": reason });
            read(json!({ "choices": [choice] }).to_string().as_bytes()).unwrap().fault
        };
        assert_eq!(fault("length", json!(null)), Some(Fault::Cut));
        assert_eq!(fault("content_filter", json!(null)), Some(Fault::Filtered));
        assert_eq!(fault("stop", json!("No.")), Some(Fault::Refused("No.".to_owned())));
        assert_eq!(fault("stop", json!("")), None);
    }

    #[test]
    fn usage_counts_only_where_it_is_whole() {
        let read = |usage: Value| {
            let choices = json!([{ "message": { "content": "a" } }]);
            read(json!({ "choices": choices, "usage": usage }).to_string().as_bytes()).unwrap().usage
        };
        let whole = json!({ "prompt_tokens": 5, "completion_tokens": 2, "total_tokens": 7 });
        assert_eq!(read(whole), Some(Usage { prompt_tokens: 5, output_tokens: 2 }));
        for usage in [
            json!(null),
            json!({ "total_tokens": 7 }),
            json!({ "prompt_tokens": -1, "completion_tokens": 2 }),
            json!({ "prompt_tokens": 0, "completion_tokens": 0 }),
        ] {
            assert_eq!(read(usage), None);
        }
    }

    #[test]
    fn what_is_no_completion_is_not_read_as_one() {
        for body in ["", "{}", "[]", "<html>", "{\"choices\":[]}", "{\"choices\":[{\"text\":\"a\"}]}", "null"]
        {
            assert_eq!(read(body.as_bytes()), None, "{body}");
        }
    }
}
