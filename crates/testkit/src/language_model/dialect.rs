//! How servers of different makes put their refusals.

use axum::Json;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use serde_json::{Value, json};

/// A make of server.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ModelDialect {
    /// `{"error": {"message", "type", "param", "code"}}`
    OpenAi,
    /// `{"error": "..."}`
    Ollama,
    /// `{"object": "error", "message", "type", "code"}`
    Vllm,
    /// `{"error": {"code": 400, "message", "type"}}`
    LlamaCpp,
    /// `{"detail": [{"loc", "msg"}]}` for fields, `{"detail": "..."}` for the rest.
    FastApi,
}

impl ModelDialect {
    /// A refusal in this make's shape.
    pub(super) fn refusal(self, status: u16, message: &str, code: &str) -> Response {
        let body = match self {
            Self::OpenAi => {
                json!({ "error": { "message": message, "type": "invalid_request_error", "param": null, "code": code } })
            }
            Self::Ollama => json!({ "error": message }),
            Self::Vllm => {
                json!({ "object": "error", "message": message, "type": "BadRequestError", "param": null, "code": status })
            }
            Self::LlamaCpp => {
                json!({ "error": { "code": status, "message": message, "type": "invalid_request_error" } })
            }
            Self::FastApi => json!({ "detail": message }),
        };
        answer(status, body)
    }

    /// The refusal of a kind of `response_format`, in this make's words.
    pub(super) fn refused_format(self, format: &str) -> Response {
        let message = match self {
            Self::OpenAi => {
                format!(
                    "Invalid parameter: 'response_format' of type '{format}' is not supported with this model."
                )
            }
            Self::Ollama => format!("invalid response_format {format}"),
            Self::Vllm => format!("[{{'loc': ('body', 'response_format', 'type'), 'input': '{format}'}}]"),
            Self::LlamaCpp => {
                format!("response_format type must be one of \"text\", but got: {format}")
            }
            Self::FastApi => {
                let place = json!(["body", "response_format", "type"]);
                let item = json!({ "type": "literal_error", "loc": place, "msg": "Input should be 'text'", "input": format });
                return answer(422, json!({ "detail": [item] }));
            }
        };
        self.refusal(400, &message, "invalid_request_error")
    }
}

fn answer(status: u16, body: Value) -> Response {
    let status = StatusCode::from_u16(status).unwrap_or(StatusCode::NOT_IMPLEMENTED);
    (status, Json(body)).into_response()
}
