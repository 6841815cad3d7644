use proptest::prelude::*;

use super::*;

fn read(status: u16, body: &str) -> Refusal {
    Refusal::read(status, None, body.as_bytes())
}

#[test]
fn each_kind_of_server_is_understood() {
    for (status, body, said, meaning) in [
        // OpenAI
        (
            400,
            r#"{"error":{"message":"Invalid parameter: 'response_format' of type 'json_schema' is not supported with this model.","type":"invalid_request_error","param":null,"code":null}}"#,
            "Invalid parameter: 'response_format' of type 'json_schema' is not supported with this model.",
            Meaning::Unwanted(Part::Format),
        ),
        (
            400,
            r#"{"error":{"message":"Unsupported parameter: 'max_tokens' is not supported with this model. Use 'max_completion_tokens' instead.","type":"invalid_request_error","param":"max_tokens","code":"unsupported_parameter"}}"#,
            "Unsupported parameter: 'max_tokens' is not supported with this model. Use 'max_completion_tokens' instead.",
            Meaning::Unwanted(Part::Limit),
        ),
        (
            400,
            r#"{"error":{"message":"Unsupported value: it does not support 0 with this model.","param":"temperature","code":"unsupported_value"}}"#,
            "Unsupported value: it does not support 0 with this model.",
            Meaning::Unwanted(Part::Temperature),
        ),
        (
            400,
            r#"{"error":{"message":"This model's maximum context length is 8192 tokens. However, your messages resulted in 9001 tokens.","code":"context_length_exceeded"}}"#,
            "This model's maximum context length is 8192 tokens. However, your messages resulted in 9001 tokens.",
            Meaning::TooLong(Some((9001, 8192))),
        ),
        (
            429,
            r#"{"error":{"message":"You exceeded your current quota.","type":"insufficient_quota","code":"insufficient_quota"}}"#,
            "You exceeded your current quota.",
            Meaning::Unusable("the account is out of credit"),
        ),
        (429, r#"{"error":{"message":"Slow down."}}"#, "Slow down.", Meaning::Later),
        // Ollama
        (
            404,
            r#"{"error":"model \"m\" not found, try pulling it first"}"#,
            "model \"m\" not found, try pulling it first",
            Meaning::Unusable("the server knows no such model or address: check model and url"),
        ),
        // vLLM
        (
            400,
            r#"{"object":"error","message":"'max_tokens' or 'max_completion_tokens' is too large: 900. This model's maximum context length is 4096 tokens and your request has 4000 input tokens","type":"BadRequestError","param":null,"code":400}"#,
            "'max_tokens' or 'max_completion_tokens' is too large: 900. This model's maximum context length is 4096 tokens and your request has 4000 input tokens",
            Meaning::TooLong(None),
        ),
        (
            400,
            r#"{"object":"error","message":"Guided decoding failed to compile","code":400}"#,
            "Guided decoding failed to compile",
            Meaning::Unwanted(Part::Format),
        ),
        // llama.cpp
        (
            400,
            r#"{"error":{"code":400,"message":"the request exceeds the available context size","type":"exceed_context_size_error","n_prompt_tokens":600,"n_ctx":512}}"#,
            "the request exceeds the available context size",
            Meaning::TooLong(Some((600, 512))),
        ),
        (
            503,
            r#"{"error":{"code":503,"message":"Loading model","type":"unavailable_error"}}"#,
            "Loading model",
            Meaning::Later,
        ),
        // FastAPI
        (
            422,
            r#"{"detail":[{"type":"literal_error","loc":["body","response_format",0],"msg":"Input should be 'text'"}]}"#,
            "body.response_format.0: Input should be 'text'",
            Meaning::Unwanted(Part::Format),
        ),
        (422, r#"{"detail":"no"}"#, "no", Meaning::Never),
        // Proxies
        (502, "<html>\r\n<b>Bad\u{0} Gateway</b>", "<html> <b>Bad Gateway</b>", Meaning::Later),
        (400, "", "", Meaning::Never),
        (501, "{}", "{}", Meaning::Never),
    ] {
        let refusal = read(status, body);
        assert_eq!(refusal.said, said);
        assert_eq!(refusal.meaning(), meaning, "{status} {body}");
    }
    for status in [301, 401, 402, 403, 405] {
        assert!(matches!(read(status, "").meaning(), Meaning::Unusable(_)), "{status}");
    }
}

#[test]
fn an_error_in_a_success_is_one() {
    let inside = |body: &str| Refusal::in_success(body.as_bytes()).map(|refusal| refusal.status);
    assert_eq!(inside(r#"{"error":{"code":429,"message":"busy"}}"#), Some(429));
    assert_eq!(inside(r#"{"error":"busy"}"#), Some(500));
    assert_eq!(inside(r#"{"error":null,"choices":[]}"#), None);
    assert_eq!(inside("<html>"), None);
}

#[test]
fn a_long_answer_is_repeated_in_part() {
    assert_eq!(read(500, &"å".repeat(10_000)).said.chars().count(), SHOWN_MOST);
    assert_eq!(
        read(500, &format!("{{\"error\":\"{}\"}}", "å".repeat(10_000))).said.chars().count(),
        SHOWN_MOST
    );
}

#[test]
fn only_what_no_model_saw_is_free() {
    let free: Vec<u16> = [301, 400, 401, 404, 408, 422, 429, 500, 502, 503, 504]
        .into_iter()
        .filter(|status| read(*status, "").is_free())
        .collect();
    assert_eq!(free, [301, 400, 401, 404, 422, 429]);
    assert!(!Refusal::in_success(br#"{"error":{"code":400,"message":"no"}}"#).unwrap().is_free());
}

/// JSON of any shape under the names that are looked for.
fn any_json() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<f64>().prop_map(Value::from),
        "\\PC{0,12}|maximum context length is [0-9]{1,30} tokens, not [0-9]{1,30}|</?think>"
            .prop_map(Value::from),
    ];
    let name = prop::sample::select(vec![
        "error",
        "message",
        "detail",
        "loc",
        "msg",
        "code",
        "n_ctx",
        "n_prompt_tokens",
        "choices",
        "content",
        "usage",
        "prompt_tokens",
        "completion_tokens",
        "refusal",
        "finish_reason",
        "text",
    ]);
    leaf.prop_recursive(4, 40, 4, move |inner| {
        let object = prop::collection::hash_map(name.clone(), inner.clone(), 0..5);
        prop_oneof![
            prop::collection::vec(inner, 0..4).prop_map(Value::from),
            object.prop_map(|fields| fields
                .into_iter()
                .map(|(name, value)| (name.to_owned(), value))
                .collect()),
        ]
    })
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn whatever_a_server_says_is_read_without_panic_and_repeated_on_one_line(
        json in any_json(),
        cut in any::<usize>(),
        bytes in prop::collection::vec(any::<u8>(), 0..40),
        status in 100_u16..600,
    ) {
        let whole = json.to_string().into_bytes();
        let half = whole[..cut % (whole.len() + 1)].to_vec();
        for body in [whole, half, bytes] {
            let refusal = Refusal::read(status, None, &body);
            let _ = (refusal.meaning(), Refusal::in_success(&body));
            prop_assert!(refusal.said.chars().count() <= SHOWN_MOST);
            prop_assert!(!refusal.said.contains(char::is_control));
            if let Some(answer) = super::super::answer::read(&body) {
                prop_assert!(answer.fault.is_some() || !answer.text.is_empty());
            }
        }
    }
}
