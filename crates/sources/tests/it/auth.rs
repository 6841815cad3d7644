//! Who asks: basic, bearer, a header, OAuth 2 client credentials.

use crate::support::{SECRET, Supplier};
use berika_testkit::{Answer, SeenRequest};
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};

/// Serves `/feed.csv` only to who sends this `Authorization`.
fn guarded(supplier: &Supplier, name: &'static str, value: String) {
    supplier.server.on("/feed.csv", move |request: &SeenRequest| {
        if request.headers.get(name) == Some(&value) { Answer::ok("sku\n1\n") } else { Answer::status(401) }
    });
}

#[tokio::test]
async fn basic_bearer_and_header_are_sent_as_they_are_meant() {
    for (auth, name, value) in [
        // The base64 of `user:s3cret-of-the-test`.
        (
            "{ type = \"basic\", user = \"user\", password = { env = \"SECRET\" } }",
            "authorization",
            "Basic dXNlcjpzM2NyZXQtb2YtdGhlLXRlc3Q=".to_owned(),
        ),
        ("{ type = \"bearer\", token = { env = \"SECRET\" } }", "authorization", format!("Bearer {SECRET}")),
        (
            "{ type = \"header\", name = \"X-Api-Key\", value = { env = \"SECRET\" } }",
            "x-api-key",
            SECRET.to_owned(),
        ),
    ] {
        let supplier = Supplier::new();
        guarded(&supplier, name, value);
        let source = supplier.source("/feed.csv", &format!("auth = {auth}"));
        assert_eq!(supplier.text(&source).await, "sku\n1\n", "{auth}");
        let error = supplier.error(&supplier.source("/feed.csv", "")).await;
        assert!(error.ends_with("the server answered 401"), "{error}");
        assert_eq!(supplier.server.count("/feed.csv"), 2, "a refusal is not tried again");
    }
}

#[tokio::test]
async fn a_secret_that_is_not_there_is_named() {
    let supplier = Supplier::new();
    let error = supplier
        .error(&supplier.source("/feed.csv", "auth = { type = \"bearer\", token = { env = \"ABSENT\" } }"))
        .await;
    assert_eq!(error, "source.auth.token: the environment variable ABSENT is not set");
    let error =
        supplier.error(&supplier.source("/feed.csv", "headers = { X-Key = { file = \"absent\" } }")).await;
    assert!(error.starts_with("header X-Key: cannot read the secret in "), "{error}");
    assert_eq!(supplier.server.requests().len(), 0);
}

fn oauth(supplier: &Supplier) -> String {
    format!(
        "auth = {{ type = \"oauth2\", token_url = \"{}\", client_id = \"me\", client_secret = {{ env = \"SECRET\" }}, \
         scope = \"feeds read\" }}",
        supplier.server.url("/token")
    )
}

/// A token server that numbers its tokens, `token-1` first.
fn tokens(supplier: &Supplier, life: &'static str) {
    let given = Arc::new(AtomicU32::new(0));
    supplier.server.on("/token", move |_| {
        let number = 1 + given.fetch_add(1, Ordering::SeqCst);
        Answer::ok(format!("{{\"access_token\": \"token-{number}\", \"token_type\": \"Bearer\"{life}}}"))
    });
}

#[tokio::test]
async fn a_token_is_fetched_once_for_its_life() {
    let supplier = Supplier::new();
    tokens(&supplier, ", \"expires_in\": 3600");
    guarded(&supplier, "authorization", "Bearer token-1".to_owned());
    let source = supplier.source("/feed.csv", &oauth(&supplier));
    for _ in 0..3 {
        assert_eq!(supplier.text(&source).await, "sku\n1\n");
    }
    assert_eq!(supplier.server.count("/token"), 1);
    let asked = &supplier.server.requests()[0];
    assert_eq!(asked.method, "POST");
    assert_eq!(asked.body, b"grant_type=client_credentials&scope=feeds+read");
    // The base64 of `me:s3cret-of-the-test`.
    assert_eq!(asked.headers["authorization"], "Basic bWU6czNjcmV0LW9mLXRoZS10ZXN0");
}

#[tokio::test]
async fn the_life_of_a_token_is_a_number_or_a_text() {
    for (life, times) in [("\"3600\"", 1), ("\"0.001\"", 2), ("\"an hour\"", 1), ("{}", 1), ("null", 1)] {
        let supplier = Supplier::new();
        let token = format!("{{\"access_token\": \"t\", \"expires_in\": {life}}}");
        supplier.server.on("/token", move |_| Answer::ok(token.clone()));
        guarded(&supplier, "authorization", "Bearer t".to_owned());
        let source = supplier.source("/feed.csv", &oauth(&supplier));
        for _ in 0..2 {
            assert_eq!(supplier.text(&source).await, "sku\n1\n");
        }
        assert_eq!(supplier.server.count("/token"), times, "{life}");
    }
}

#[tokio::test]
async fn a_refused_token_is_renewed_once() {
    let supplier = Supplier::new();
    tokens(&supplier, "");
    guarded(&supplier, "authorization", "Bearer token-2".to_owned());
    let source = supplier.source("/feed.csv", &oauth(&supplier));
    assert_eq!(supplier.text(&source).await, "sku\n1\n");
    guarded(&supplier, "authorization", "Bearer none".to_owned());
    let error = supplier.error(&source).await;
    assert!(error.ends_with("the server answered 401"), "{error}");
    assert_eq!((supplier.server.count("/token"), supplier.server.count("/feed.csv")), (3, 4));
}

#[tokio::test]
async fn a_token_server_that_wants_the_secret_in_the_body_gets_it_there() {
    let supplier = Supplier::new();
    supplier.server.on("/token", |request| {
        let body = String::from_utf8_lossy(&request.body);
        if body.contains(&format!("client_id=me&client_secret={SECRET}")) {
            Answer::ok("{\"access_token\": \"t\"}")
        } else {
            Answer { status: 400, ..Answer::ok("{\"error\": \"invalid_request\"}") }
        }
    });
    guarded(&supplier, "authorization", "Bearer t".to_owned());
    assert_eq!(supplier.text(&supplier.source("/feed.csv", &oauth(&supplier))).await, "sku\n1\n");
}

#[tokio::test]
async fn a_token_server_that_refuses_is_named_without_what_it_repeats() {
    for (answer, part) in [
        (
            Answer {
                status: 401,
                ..Answer::ok(format!("{{\"error\": \"invalid_client\", \"x\": \"{SECRET}\"}}"))
            },
            "no access token: the server says \"invalid_client\" (401)",
        ),
        (
            Answer { status: 400, ..Answer::ok(format!("{{\"error\": \"{SECRET}\"}}")) },
            "the server answered 400",
        ),
        (
            Answer { status: 400, ..Answer::ok("{\"error\": \"hushhush_said_nobody\"}") },
            "the server answered 400",
        ),
        (Answer::ok("{\"error\": \"hushhush_said_nobody\"}"), "no access token: the answer (200) holds none"),
        (Answer::ok("<html>log in</html>"), "no access token: the answer (200) holds none"),
        (Answer::ok("{\"access_token\": \"t\", \"token_type\": \"mac\"}"), "of a kind other than bearer"),
    ] {
        let supplier = Supplier::new();
        supplier.server.on("/token", move |_| answer.clone());
        let error = supplier.error(&supplier.source("/feed.csv", &oauth(&supplier))).await;
        assert!(error.contains(part), "{error}");
        assert!(error.contains("/token") && !error.contains("hushhush"), "{error}");
        assert_eq!(supplier.server.count("/feed.csv"), 0);
    }
}

#[tokio::test]
async fn requests_are_kept_apart() {
    let supplier = Supplier::new();
    supplier.server.on("/feed.csv", |_| Answer::status(503));
    let begun = std::time::Instant::now();
    supplier.error(&supplier.source("/feed.csv", "requests_per_second = 50")).await;
    assert_eq!(supplier.server.count("/feed.csv"), 4);
    assert!(begun.elapsed() >= std::time::Duration::from_millis(60), "{:?}", begun.elapsed());
}
