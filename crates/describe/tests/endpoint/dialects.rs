//! What servers of different makes take and say.

use std::time::Duration;

use berika_describe::endpoint::{Endpoint, Format, Time};
use berika_describe::{LanguageModel, ModelError, Usage};
use berika_net::SecretSource;
use berika_testkit::{Answer, Misbehaviour, ModelDialect, ModelOptions, Said};
use serde_json::{Value, json};

use crate::support::{Bench, SAID, ask, error, prompt};

const DIALECTS: [ModelDialect; 5] = [
    ModelDialect::OpenAi,
    ModelDialect::Ollama,
    ModelDialect::Vllm,
    ModelDialect::LlamaCpp,
    ModelDialect::FastApi,
];

/// The kinds of `response_format` of all requests so far.
fn formats(bench: &Bench) -> Vec<String> {
    let kind = |request: &Value| request["response_format"]["type"].as_str().unwrap_or("none").to_owned();
    bench.server.requests().iter().map(kind).collect()
}

#[tokio::test]
async fn a_prompt_is_answered_and_what_it_took_is_told() {
    let bench = Bench::new(ModelOptions::default());
    let endpoint = bench.endpoint();
    let answer = ask(&endpoint).await.unwrap();
    let bill = bench.server.bill();
    assert_eq!(answer.text, SAID);
    assert_eq!(answer.usage, Usage { prompt_tokens: bill.prompt_tokens, output_tokens: bill.output_tokens });
    assert_eq!((endpoint.tally().tries, endpoint.tally().answers, endpoint.tally().estimated), (1, 1, 0));
}

#[tokio::test]
async fn a_form_that_a_server_does_not_take_is_asked_for_once() {
    for dialect in DIALECTS {
        let bench =
            Bench::new(ModelOptions { dialect, formats: vec!["json_object"], ..ModelOptions::default() });
        let endpoint = bench.endpoint();
        for _ in 0..3 {
            assert_eq!(ask(&endpoint).await.unwrap().text, SAID);
        }
        let requests = bench.server.requests();
        let with_schema = |request: &Value| !request["response_format"]["schema"].is_null();
        let last = requests.last().unwrap();
        assert_eq!(last["response_format"]["type"], "json_object");
        // Where it is no unknown field, an object of this schema is asked for.
        assert_eq!(with_schema(last), dialect != ModelDialect::OpenAi);
        assert_eq!(requests.len(), if dialect == ModelDialect::OpenAi { 5 } else { 4 });

        let bench = Bench::new(ModelOptions { dialect, formats: Vec::new(), ..ModelOptions::default() });
        let endpoint = bench.endpoint();
        let recipe = endpoint.recipe();
        for _ in 0..2 {
            ask(&endpoint).await.unwrap();
        }
        assert_eq!(
            formats(&bench),
            ["json_schema", "json_object", "json_object", "none", "none"],
            "{dialect:?}"
        );
        assert_eq!(endpoint.recipe(), recipe, "the next run begins the same way and writes the same texts");
    }
}

#[tokio::test]
async fn a_server_that_calls_an_unknown_form_its_own_error_is_understood() {
    // llama-cpp-python answers 500 to a kind of format that it does not know.
    let bench = Bench::new(ModelOptions { dialect: ModelDialect::FastApi, ..ModelOptions::default() });
    let message = "[{'type': 'literal_error', 'loc': ('body', 'response_format', 'type')}]";
    let body = json!({ "error": { "message": message, "type": "internal_server_error" } }).to_string();
    bench.server.next([Misbehaviour::Answer(Answer { body: body.into(), ..Answer::status(500) })]);
    ask(&bench.endpoint()).await.unwrap();
    assert_eq!(formats(&bench), ["json_schema", "json_object"]);
}

#[tokio::test]
async fn a_reasoning_model_gets_its_bound_by_its_own_name_and_no_temperature() {
    for dialect in DIALECTS {
        let bench = Bench::new(ModelOptions { dialect, reasoning: true, ..ModelOptions::default() });
        let endpoint = bench.endpoint();
        for _ in 0..2 {
            ask(&endpoint).await.unwrap();
        }
        let requests = bench.server.requests();
        assert_eq!(requests.len(), 4, "two refusals, then it is known");
        let last = &requests[3];
        assert_eq!(last["max_completion_tokens"], 100);
        assert!(last["max_tokens"].is_null() && last["temperature"].is_null());
        assert_eq!(formats(&bench)[3], "json_schema");
    }
}

#[tokio::test]
async fn a_form_can_be_chosen() {
    let mut bench = Bench::new(ModelOptions::default());
    bench.settings.format = Format::Text;
    bench.settings.seed = Some(11);
    ask(&bench.endpoint()).await.unwrap();
    assert_eq!(formats(&bench), ["none"]);
    assert_eq!(bench.server.requests()[0]["seed"], 11);
    let recipe = bench.endpoint().recipe();
    let url = format!(
        "endpoint {}/v1/chat/completions model=m format=text temperature=0 seed=11",
        bench.server.base_url()
    );
    assert_eq!(recipe, url);
}

#[tokio::test]
async fn a_wrong_key_or_model_is_found_out_once() {
    for dialect in DIALECTS {
        let mut bench =
            Bench::new(ModelOptions { dialect, key: Some("another".to_owned()), ..ModelOptions::default() });
        bench.settings.key = Some(SecretSource::Env("KEY".to_owned()));
        bench.settings.requests_per_minute = Some(1);
        assert_once(&bench, &bench.endpoint(), "does not accept the key").await;
        let bench =
            Bench::new(ModelOptions { dialect, model: Some("n".to_owned()), ..ModelOptions::default() });
        assert_once(&bench, &bench.endpoint(), "check model and url").await;
    }
    for (status, message) in [(403, "key"), (402, "paid"), (302, "sends elsewhere")] {
        let bench = Bench::new(ModelOptions::default());
        bench.server.next([Misbehaviour::Answer(Answer::status(status))]);
        assert_once(&bench, &bench.endpoint(), message).await;
    }
    let bench = Bench::new(ModelOptions::default());
    let body = r#"{"error":{"message":"You exceeded your current quota","code":"insufficient_quota"}}"#;
    bench.server.next([Misbehaviour::Answer(Answer { body: body.into(), ..Answer::status(429) })]);
    assert_once(&bench, &bench.endpoint(), "out of credit").await;
}

async fn assert_once(bench: &Bench, endpoint: &Endpoint, message: &str) {
    let failures = [error(endpoint).await, error(endpoint).await];
    assert_eq!(failures[0].0, "model-unusable");
    assert!(failures[0].1.contains(message), "{}", failures[0].1);
    assert_eq!(failures[0], failures[1]);
    assert_eq!(bench.server.calls(), 1);
    assert_eq!(bench.time.now(), Duration::ZERO, "there is nothing to wait for");
}

#[tokio::test]
async fn a_prompt_that_is_too_long_or_unwelcome_costs_its_neighbours_nothing() {
    let bench = Bench::new(ModelOptions::default());
    let too_long =
        r#"{"error":{"code":400,"type":"exceed_context_size_error","n_prompt_tokens":600,"n_ctx":512}}"#;
    let answer =
        |status, body: &str| Misbehaviour::Answer(Answer { body: body.into(), ..Answer::status(status) });
    bench.server.next([answer(400, too_long), answer(400, "{\"error\":\"I do not like it\"}")]);
    let endpoint = bench.endpoint();
    let error = ask(&endpoint).await.unwrap_err();
    assert!(matches!(error, ModelError::TooLong { tokens: 600, most: 512, .. }), "{error}");
    assert!(!error.is_lasting());
    let error = ask(&endpoint).await.unwrap_err();
    assert_eq!(error.as_str(), "model-failed");
    assert!(error.to_string().contains("I do not like it (1 try)"), "{error}");
    ask(&endpoint).await.unwrap();
    assert_eq!(bench.server.calls(), 3, "what will not be answered is not asked again");
}

#[tokio::test]
async fn answers_of_all_shapes_are_read() {
    let said = |content: Value, finish_reason: &str, further: Value| Said {
        content,
        finish_reason: finish_reason.to_owned(),
        further,
    };
    for (answer, wanted) in [
        (said(json!([{ "type": "text", "text": SAID }]), "stop", Value::Null), Ok(SAID)),
        (said(json!("<think>Hm.</think>{}"), "stop", json!({ "reasoning_content": "Hm." })), Ok("{}")),
        (said(json!("```json\n{}\n```"), "stop", Value::Null), Ok("```json\n{}\n```")),
        (said(json!(SAID), "length", Value::Null), Err("longer than 100 tokens")),
        (said(json!(SAID), "content_filter", Value::Null), Err("filter")),
        (said(Value::Null, "stop", json!({ "refusal": "I cannot." })), Err("it refuses: I cannot.")),
        (said(Value::Null, "stop", json!({ "reasoning_content": "Hm." })), Err("its answer is empty")),
        (said(json!("x".repeat(1000)), "stop", Value::Null), Err("longer than 100 tokens")),
    ] {
        let bench = Bench::saying(ModelOptions::default(), move |_| answer.clone());
        let endpoint = bench.endpoint();
        match (ask(&endpoint).await, wanted) {
            (Ok(completion), Ok(text)) => assert_eq!(completion.text, text),
            (Err(error), Err(reason)) => assert!(error.to_string().contains(reason), "{error}"),
            other => panic!("{other:?}"),
        }
        assert_eq!(bench.server.calls(), 1, "the same prompt would get the same answer");
    }
}

#[tokio::test]
async fn usage_that_is_not_told_is_estimated_and_the_books_hold_the_most() {
    let bench =
        Bench::new(ModelOptions { every: vec![(1, Misbehaviour::NoUsage)], ..ModelOptions::default() });
    let endpoint = bench.endpoint();
    let answer = ask(&endpoint).await.unwrap();
    let third = |text: &str| (text.chars().count() as u64).div_ceil(3);
    let prompt = prompt(1);
    let usage = Usage {
        prompt_tokens: third(&prompt.instructions) + 4 + third(&prompt.input) + 4,
        output_tokens: third(SAID),
    };
    assert_eq!(answer.usage, usage);
    assert_eq!(endpoint.tally().estimated, 1);
}
