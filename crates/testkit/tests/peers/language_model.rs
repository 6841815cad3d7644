//! The language model's server, as a real client meets it.

use crate::client::client;
use berika_net::{Bytes, CallAnswer, CallRequest, FetchError, Secret, Url};
use berika_testkit::{
    Answer, Bill, LanguageModelServer, Misbehaviour, ModelDialect, ModelOptions, RateLimit,
};
use serde_json::{Value, json};
use std::time::Duration;

async fn post(server: &LanguageModelServer, key: &str, body: Value) -> Result<CallAnswer, FetchError> {
    let request = CallRequest {
        url: Url::parse(&format!("{}/v1/chat/completions", server.base_url())).unwrap(),
        headers: vec![("authorization".to_owned(), Secret::new(format!("Bearer {key}")))],
        body: Some(Bytes::from(body.to_string())),
        deadline: Duration::from_secs(10),
        max_bytes: 100_000,
    };
    client().call(request).await
}

fn asked() -> Value {
    json!({ "model": "m", "max_tokens": 3, "messages": [{ "role": "user", "content": "a name, please" }] })
}

async fn status(server: &LanguageModelServer, key: &str, change: Value) -> u16 {
    let mut body = asked();
    body.as_object_mut().unwrap().extend(change.as_object().unwrap().clone());
    post(server, key, body).await.unwrap().status
}

#[tokio::test]
async fn it_says_what_it_is_told_to_and_bills_it() {
    let server = LanguageModelServer::start(ModelOptions::default(), |messages| {
        messages.last().unwrap().content.to_uppercase()
    });
    let server = server.unwrap();
    let answer = post(&server, "", asked()).await.unwrap();
    let body: Value = serde_json::from_slice(&answer.body).unwrap();
    assert_eq!(body["choices"][0]["message"]["content"], "A NAME, PLEA", "three tokens of four characters");
    assert_eq!(body["choices"][0]["finish_reason"], "length");
    assert_eq!(body["usage"], json!({ "prompt_tokens": 8, "completion_tokens": 3, "total_tokens": 11 }));
    assert_eq!(server.bill(), Bill { calls: 1, prompt_tokens: 8, output_tokens: 3 });
    assert_eq!((server.calls(), server.requests()), (1, vec![asked()]));
}

#[tokio::test]
async fn what_it_refuses_costs_nothing() {
    let options = ModelOptions {
        dialect: ModelDialect::FastApi,
        key: Some("right".to_owned()),
        model: Some("m".to_owned()),
        formats: vec!["json_object"],
        reasoning: true,
        ..ModelOptions::default()
    };
    let server = LanguageModelServer::start(options, |_| "yes").unwrap();
    let good = || json!({ "max_tokens": null });
    assert_eq!(status(&server, "wrong", good()).await, 401);
    assert_eq!(status(&server, "right", json!({ "max_tokens": null, "model": "n" })).await, 404);
    assert_eq!(status(&server, "right", json!({})).await, 400, "reasoning models know no max_tokens");
    assert_eq!(status(&server, "right", json!({ "max_tokens": null, "temperature": 0 })).await, 400);
    let format = json!({ "max_tokens": null, "response_format": { "type": "json_schema" } });
    assert_eq!(status(&server, "right", format).await, 422);
    assert_eq!(server.bill(), Bill::default());
    assert_eq!(status(&server, "right", good()).await, 200);
    assert_eq!(server.bill().calls, 1);
}

#[tokio::test]
async fn it_takes_so_many_calls_in_a_window_and_misbehaves_when_told() {
    let options = ModelOptions {
        rate: Some(RateLimit { calls: 3, window: Duration::from_secs(3600) }),
        every: vec![(2, Misbehaviour::Answer(Answer::status(500)))],
        ..ModelOptions::default()
    };
    let server = LanguageModelServer::start(options, |_| "yes").unwrap();
    server.next([Misbehaviour::BreakOff]);
    assert!(matches!(post(&server, "", asked()).await, Err(FetchError::Truncated { .. })));
    assert_eq!(status(&server, "", json!({})).await, 500);
    assert_eq!(status(&server, "", json!({})).await, 200);
    let refused = post(&server, "", asked()).await.unwrap();
    assert_eq!(refused.status, 429);
    assert!(refused.retry_after.unwrap() > Duration::from_secs(3000));
    // The broken one and the failed one were given to the model; the failed one for as long as it may go on.
    assert_eq!(server.bill(), Bill { calls: 3, prompt_tokens: 24, output_tokens: 1 + 3 + 1 });
}
