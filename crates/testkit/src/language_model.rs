//! A language model's server that speaks OpenAI's protocol, counts what it would have billed, and misbehaves on request.

mod bill;
mod dialect;
mod options;

use crate::body::{ENDLESS_BYTES, dripping, endless, truncated};
use crate::host::{Host, StartError};
use crate::supplier::lock;
use axum::Router;
use axum::extract::{Request, State};
use axum::http::header::{AUTHORIZATION, CONTENT_LENGTH, CONTENT_TYPE};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use serde_json::{Value, json};
use std::collections::VecDeque;
use std::fmt;
use std::sync::{Arc, Mutex};
use std::time::Duration;

pub use bill::Bill;
use bill::Counted;
pub use dialect::ModelDialect;
pub use options::{ChatMessage, Misbehaviour, ModelOptions, RateLimit, Said};

/// The largest request that is read.
const REQUEST_BYTES_MOST: usize = 16 << 20;

/// So many requests are kept to be looked at.
const KEPT_MOST: usize = 1_000;

/// Answers `POST /v1/chat/completions` on loopback until it is dropped.
#[derive(Debug)]
pub struct LanguageModelServer {
    host: Host,
    shared: Arc<Shared>,
}

type Answerer = dyn Fn(&[ChatMessage]) -> Said + Send + Sync;

struct Shared {
    options: ModelOptions,
    answer: Box<Answerer>,
    state: Mutex<Served>,
}

#[derive(Default)]
struct Served {
    calls: u64,
    next: VecDeque<Misbehaviour>,
    window: Option<(Duration, u64)>,
    bill: Bill,
    kept: Vec<Value>,
    at_once: usize,
    most_at_once: usize,
}

/// Counts a call for as long as it is served.
struct Serving<'a>(&'a Shared);

impl Drop for Serving<'_> {
    fn drop(&mut self) {
        lock(&self.0.state).at_once -= 1;
    }
}

impl fmt::Debug for Shared {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Shared").field("dialect", &self.options.dialect).finish_non_exhaustive()
    }
}

impl LanguageModelServer {
    /// Starts a server whose model says what `answer` makes of a conversation.
    ///
    /// # Errors
    /// Where no socket or thread is to be had.
    pub fn start<S: Into<Said>>(
        options: ModelOptions,
        answer: impl Fn(&[ChatMessage]) -> S + Send + Sync + 'static,
    ) -> Result<Self, StartError> {
        let answer = Box::new(move |messages: &[ChatMessage]| answer(messages).into());
        let shared = Arc::new(Shared { options, answer, state: Mutex::default() });
        let router = Router::new().fallback(serve).with_state(Arc::clone(&shared));
        Ok(Self { host: Host::start("language-model-server", router)?, shared })
    }

    /// `http://127.0.0.1:PORT`, without a slash at the end.
    pub fn base_url(&self) -> String {
        self.host.base_url()
    }

    /// The next calls that reach the model get this, one each; afterwards as before.
    pub fn next(&self, misbehaviours: impl IntoIterator<Item = Misbehaviour>) {
        lock(&self.shared.state).next.extend(misbehaviours);
    }

    /// How many calls there were, refused ones among them.
    pub fn calls(&self) -> u64 {
        lock(&self.shared.state).calls
    }

    /// What it would have billed.
    pub fn bill(&self) -> Bill {
        lock(&self.shared.state).bill
    }

    /// How many calls it served at once, at most.
    pub fn most_at_once(&self) -> usize {
        lock(&self.shared.state).most_at_once
    }

    /// The bodies of the first 1,000 calls, in order of arrival.
    pub fn requests(&self) -> Vec<Value> {
        lock(&self.shared.state).kept.clone()
    }
}

async fn serve(State(shared): State<Arc<Shared>>, request: Request) -> Response {
    let (head, body) = request.into_parts();
    let body = axum::body::to_bytes(body, REQUEST_BYTES_MOST).await.unwrap_or_default();
    let asked: Value = serde_json::from_slice(&body).unwrap_or_default();
    let call = {
        let mut state = lock(&shared.state);
        state.calls += 1;
        state.at_once += 1;
        state.most_at_once = state.most_at_once.max(state.at_once);
        if state.kept.len() < KEPT_MOST {
            state.kept.push(asked.clone());
        }
        state.calls
    };
    let _serving = Serving(&shared);
    if head.uri.path() != "/v1/chat/completions" {
        return StatusCode::NOT_FOUND.into_response();
    }
    if let Some(refused) = shared.refusal(&head.headers, &asked) {
        return refused;
    }
    tokio::time::sleep(shared.options.latency).await;
    shared.answer(call, &asked).await
}

impl Shared {
    /// Why a call never comes to the model.
    fn refusal(&self, headers: &HeaderMap, asked: &Value) -> Option<Response> {
        let options = &self.options;
        let dialect = options.dialect;
        if let Some(key) = &options.key {
            let given = headers.get(AUTHORIZATION).and_then(|value| value.to_str().ok()).unwrap_or_default();
            if given != format!("Bearer {key}") {
                // Servers do repeat what they were given.
                return Some(dialect.refusal(
                    401,
                    &format!("Incorrect API key provided: {given}"),
                    "invalid_api_key",
                ));
            }
        }
        if let Some(wait) = self.over_limit() {
            let mut answer = dialect.refusal(429, "Rate limit reached", "rate_limit_exceeded");
            let seconds = wait.as_secs() + u64::from(wait.subsec_nanos() > 0);
            answer.headers_mut().insert("retry-after", seconds.into());
            return Some(answer);
        }
        if let Some(model) = &options.model
            && asked["model"] != model.as_str()
        {
            let message = format!("model {} not found, try pulling it first", asked["model"]);
            return Some(dialect.refusal(404, &message, "model_not_found"));
        }
        let Some(messages) = asked["messages"].as_array().filter(|messages| !messages.is_empty()) else {
            return Some(dialect.refusal(400, "messages is required", "invalid_request"));
        };
        if options.reasoning {
            if !asked["max_tokens"].is_null() {
                let message =
                    "'max_tokens' is not supported with this model. Use 'max_completion_tokens' instead.";
                return Some(dialect.refusal(400, message, "unsupported_parameter"));
            }
            if !asked["temperature"].is_null() {
                let message = "'temperature' does not support 0 with this model.";
                return Some(dialect.refusal(400, message, "unsupported_value"));
            }
        }
        let format = asked["response_format"]["type"].as_str();
        if let Some(format) = format.filter(|format| !options.formats.contains(format)) {
            return Some(dialect.refused_format(format));
        }
        if dialect == ModelDialect::OpenAi && !asked["response_format"]["schema"].is_null() {
            return Some(dialect.refusal(
                400,
                "Unknown parameter: 'response_format.schema'.",
                "unknown_parameter",
            ));
        }
        let says_json =
            messages.iter().any(|message| message["content"].to_string().to_lowercase().contains("json"));
        if format == Some("json_object") && dialect == ModelDialect::OpenAi && !says_json {
            let message = "'messages' must contain the word 'json' in some form, to use 'response_format' of type 'json_object'.";
            return Some(dialect.refusal(400, message, "invalid_request_error"));
        }
        None
    }

    /// How long a caller has to wait, where it has to.
    fn over_limit(&self) -> Option<Duration> {
        let RateLimit { calls, window } = self.options.rate?;
        let now = (self.options.now)();
        let mut state = lock(&self.state);
        let (begun, taken) = state.window.filter(|(begun, _)| now < *begun + window).unwrap_or((now, 0));
        state.window = Some((begun, taken + 1));
        (taken >= calls).then(|| begun + window - now)
    }

    async fn answer(&self, call: u64, asked: &Value) -> Response {
        let counted = Counted::of(asked, (self.answer)(&messages(asked)), self.options.tokens);
        let misbehaviour = {
            let due = || self.options.every.iter().find(|(every, _)| call.is_multiple_of(*every));
            let mut state = lock(&self.state);
            let misbehaviour =
                state.next.pop_front().or_else(|| due().map(|(_, misbehaviour)| misbehaviour.clone()));
            state.bill.enter(&counted, misbehaviour.as_ref());
            misbehaviour
        };
        let body = |usage, content: &Value| {
            let mut message = json!({ "role": "assistant", "content": content });
            if let (Value::Object(message), Value::Object(further)) = (&mut message, &counted.said.further) {
                message.extend(further.clone());
            }
            let choice =
                json!({ "index": 0, "message": message, "finish_reason": counted.said.finish_reason });
            let mut body = json!({ "id": "chatcmpl-1", "object": "chat.completion", "model": asked["model"], "choices": [choice] });
            if usage {
                body["usage"] = json!({
                    "prompt_tokens": counted.prompt,
                    "completion_tokens": counted.output,
                    "total_tokens": counted.prompt + counted.output,
                });
            }
            body.to_string()
        };
        let json = |body: String| ([(CONTENT_TYPE, "application/json")], body).into_response();
        let content = &counted.said.content;
        match misbehaviour {
            None => json(body(true, content)),
            Some(Misbehaviour::NoUsage) => json(body(false, content)),
            Some(Misbehaviour::HalfContent) => {
                let text = content.as_str().unwrap_or_default();
                let half: String = text.chars().take(text.chars().count() / 2).collect();
                json(body(true, &half.into()))
            }
            Some(Misbehaviour::Answer(answer)) => answer.into_response(),
            Some(Misbehaviour::Hang) => std::future::pending().await,
            Some(Misbehaviour::Drip) => dripping().into_response(),
            Some(Misbehaviour::Endless) => {
                ([(CONTENT_LENGTH, ENDLESS_BYTES.to_string())], endless()).into_response()
            }
            Some(Misbehaviour::BreakOff) => {
                let whole = body(true, content);
                ([(CONTENT_LENGTH, whole.len().to_string())], truncated(whole.as_bytes())).into_response()
            }
        }
    }
}

fn messages(asked: &Value) -> Vec<ChatMessage> {
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    let message =
        |message: &Value| ChatMessage { role: text(&message["role"]), content: text(&message["content"]) };
    asked["messages"].as_array().into_iter().flatten().map(message).collect()
}
