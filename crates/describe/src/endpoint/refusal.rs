//! Reading what a server says instead of an answer. Each kind of server says it in another shape.

use std::time::Duration;

use serde_json::Value;

use super::dialect::Part;

/// The most characters of a server's words that are repeated.
const SHOWN_MOST: usize = 300;

/// Words by which servers speak of the answer's form: the field, its kinds, and what holds a model to them.
const FORMAT_WORDS: [&str; 7] =
    ["response_format", "json_schema", "json_object", "grammar", "guided", "structured output", "json mode"];

/// An answer that is none.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Refusal {
    pub(crate) status: u16,
    pub(crate) retry_after: Option<Duration>,
    /// Whether it came as a success, so that a model may have been at work.
    in_success: bool,
    /// The server's words on one line, cut.
    pub(crate) said: String,
    /// The same with what else names the cause, in lower case.
    words: String,
    /// Tokens of the prompt and of what the model reads, where the server counts them in fields of their own.
    counted: Option<(usize, usize)>,
}

/// What follows from a refusal.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Meaning {
    /// Nothing will be answered until somebody mends something.
    Unusable(&'static str),
    /// A part of the request that other servers take.
    Unwanted(Part),
    /// The prompt's tokens and those that the model reads, as far as the server says.
    TooLong(Option<(usize, usize)>),
    /// The same request may be answered later.
    Later,
    /// This request will not be answered.
    Never,
}

impl Refusal {
    /// Reads the body of an answer whose status is no success.
    pub(crate) fn read(status: u16, retry_after: Option<Duration>, body: &[u8]) -> Self {
        let Ok(whole) = serde_json::from_slice::<Value>(body.trim_ascii()) else {
            let text = String::from_utf8_lossy(&body[..body.len().min(4 * SHOWN_MOST)]).into_owned();
            return Self::of(status, retry_after, &text, "", None);
        };
        // {"error": {"message", "type", "param", "code"}}, {"error": "..."}, {"object": "error", "message"}, {"detail": ...}
        let error = whole.get("error").filter(|error| !error.is_null()).unwrap_or(&whole);
        let text = |value: &Value, name: &str| value.get(name).and_then(Value::as_str).map(str::to_owned);
        let message = error.as_str().map(str::to_owned).or_else(|| text(error, "message"));
        let message =
            message.or_else(|| whole.get("detail").map(detail)).unwrap_or_else(|| whole.to_string());
        let more: Vec<String> =
            ["type", "param", "code"].iter().filter_map(|name| text(error, name)).collect();
        let count = |name: &str| usize::try_from(error.get(name)?.as_u64()?).ok();
        let counted = count("n_prompt_tokens").zip(count("n_ctx"));
        Self::of(status, retry_after, &message, &more.join(" "), counted)
    }

    /// Reads a body that came as a success and holds an error all the same.
    pub(crate) fn in_success(body: &[u8]) -> Option<Self> {
        let whole: Value = serde_json::from_slice(body.trim_ascii()).ok()?;
        let error = whole.get("error").filter(|error| !error.is_null())?;
        let code = error.get("code").and_then(Value::as_u64).filter(|code| (400..600).contains(code));
        let status = code.and_then(|code| u16::try_from(code).ok()).unwrap_or(500);
        Some(Self { in_success: true, ..Self::read(status, None, body) })
    }

    fn of(
        status: u16,
        retry_after: Option<Duration>,
        message: &str,
        more: &str,
        counted: Option<(usize, usize)>,
    ) -> Self {
        let words = format!("{message} {more}").to_lowercase();
        let said: Vec<&str> = message.split(|c: char| c.is_whitespace() || c.is_control()).collect();
        let said = said.into_iter().filter(|word| !word.is_empty()).collect::<Vec<_>>().join(" ");
        Self {
            status,
            retry_after,
            in_success: false,
            said: said.chars().take(SHOWN_MOST).collect(),
            words,
            counted,
        }
    }

    /// What to do about it.
    pub(crate) fn meaning(&self) -> Meaning {
        match self.status {
            401 | 403 => return Meaning::Unusable("the server does not accept the key: check it"),
            402 => return Meaning::Unusable("the server wants to be paid first"),
            404 | 405 => {
                return Meaning::Unusable("the server knows no such model or address: check model and url");
            }
            300..=399 => {
                return Meaning::Unusable(
                    "the server sends elsewhere: give the address where it answers as url",
                );
            }
            429 if self.names(&["insufficient_quota", "billing"]) => {
                return Meaning::Unusable("the account is out of credit");
            }
            _ => {}
        }
        // Some servers answer 500 or 501 to a field that they do not know.
        if matches!(self.status, 400 | 413 | 422 | 500 | 501) {
            if self.counted.is_some() || self.names(&["context length", "context size", "context_length"]) {
                return Meaning::TooLong(self.counted.or_else(|| self.counts()));
            }
            if self.names(&["max_completion_tokens"]) {
                return Meaning::Unwanted(Part::Limit);
            }
            if self.names(&FORMAT_WORDS) {
                return Meaning::Unwanted(Part::Format);
            }
            if self.names(&["temperature"]) {
                return Meaning::Unwanted(Part::Temperature);
            }
        }
        match self.status {
            408 | 425 | 429 => Meaning::Later,
            501 | 505 => Meaning::Never,
            500..=599 => Meaning::Later,
            _ => Meaning::Never,
        }
    }

    /// Whether the server turned the request away before a model saw it, so that it costs nothing.
    pub(crate) fn is_free(&self) -> bool {
        self.status < 500 && self.status != 408 && !self.in_success
    }

    fn names(&self, words: &[&str]) -> bool {
        words.iter().any(|word| self.words.contains(word))
    }

    /// "maximum context length is 4096 tokens. However, you requested 5000 tokens", in this order everywhere.
    fn counts(&self) -> Option<(usize, usize)> {
        let (_, rest) = self.words.split_once("maximum context length is")?;
        let mut numbers = rest.split(|c: char| !c.is_ascii_digit()).filter_map(|digits| digits.parse().ok());
        let most = numbers.next()?;
        numbers.find(|tokens| *tokens > most).map(|tokens| (tokens, most))
    }
}

/// `[{"loc": ["body", "max_tokens"], "msg": "..."}]`, or a text.
fn detail(detail: &Value) -> String {
    let Some(items) = detail.as_array() else {
        return detail.as_str().map_or_else(|| detail.to_string(), str::to_owned);
    };
    let text = |value: &Value| value.as_str().map_or_else(|| value.to_string(), str::to_owned);
    let item = |item: &Value| {
        let place: Vec<String> =
            item.get("loc").and_then(Value::as_array).into_iter().flatten().map(text).collect();
        format!("{}: {}", place.join("."), item.get("msg").map(text).unwrap_or_default())
    };
    items.iter().map(item).collect::<Vec<_>>().join("; ")
}

#[cfg(test)]
mod tests;
