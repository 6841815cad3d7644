//! GraphQL connections as Shopify's Admin API has them.

use crate::support::{SECRET, Supplier, delivery, text};
use berika_testkit::{Answer, SeenRequest};
use serde_json::{Value, json};
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};

const QUERY: &str = "query ($cursor: String, $first: Int!) { products(first: $first, after: $cursor) { nodes { id } pageInfo { hasNextPage endCursor } } }";

const SOURCE: &str = "headers = { X-Shopify-Access-Token = { env = \"SECRET\" } }\n\
                      graphql = { query = \"products.graphql\", items = \"/data/products/nodes\", variables = { first = 2 } }";

/// What was posted.
fn posted(request: &SeenRequest) -> Value {
    assert_eq!(
        (request.method.as_str(), request.headers["content-type"].as_str()),
        ("POST", "application/json")
    );
    serde_json::from_slice(&request.body).unwrap()
}

/// Three products, two a page.
fn shop(request: &SeenRequest) -> Answer {
    let asked = posted(request);
    assert_eq!(request.headers["x-shopify-access-token"], SECRET);
    assert_eq!((asked["query"].as_str(), asked["variables"]["first"].as_u64()), (Some(QUERY), Some(2)));
    let page = match asked["variables"]["cursor"].as_str() {
        None => {
            json!({ "nodes": [{ "id": "1" }, { "id": "2" }], "pageInfo": { "hasNextPage": true, "endCursor": "c2" } })
        }
        Some("c2") => {
            json!({ "nodes": [{ "id": "3" }], "pageInfo": { "hasNextPage": false, "endCursor": "c3" } })
        }
        Some(other) => panic!("{other}"),
    };
    Answer::ok(json!({ "data": { "products": page } }).to_string())
}

fn supplier() -> Supplier {
    let supplier = Supplier::new();
    supplier.file("products.graphql", QUERY);
    supplier.server.on("/graphql.json", shop);
    supplier
}

#[tokio::test]
async fn a_connection_is_read_to_its_end() {
    let supplier = supplier();
    let got = delivery(supplier.get(&supplier.source("/graphql.json", SOURCE)).await);
    assert_eq!(text(&got), "{\"id\":\"1\"}\n{\"id\":\"2\"}\n{\"id\":\"3\"}\n");
    assert_eq!((got.incomplete, supplier.server.count("/graphql.json")), (None, 2));
}

#[tokio::test]
async fn edges_give_their_nodes() {
    let supplier = supplier();
    supplier.server.on("/graphql.json", |_| {
        Answer::ok(
            "{\"data\": {\"products\": {\"edges\": [{\"cursor\": \"x\", \"node\": {\"id\": 1}}],
            \"pageInfo\": {\"hasNextPage\": false, \"endCursor\": null}}}}",
        )
    });
    let source = supplier.source("/graphql.json", &SOURCE.replace("/nodes", "/edges"));
    assert_eq!(supplier.text(&source).await, "{\"id\":1}\n");
}

#[tokio::test]
async fn a_connection_inside_an_item_that_goes_on_makes_the_delivery_incomplete() {
    for (more, expected) in [(true, Some("/variants of an item at /data/products/nodes")), (false, None)] {
        let supplier = supplier();
        let variants = json!({ "nodes": [{ "sku": "a" }], "pageInfo": { "hasNextPage": more } });
        let page = json!({ "nodes": [{ "id": 1, "variants": variants }, { "id": 2 }],
            "pageInfo": { "hasNextPage": false, "endCursor": null } });
        let answer = json!({ "data": { "products": page } }).to_string();
        supplier.server.on("/graphql.json", move |_| Answer::ok(answer.clone()));
        let got = delivery(supplier.get(&supplier.source("/graphql.json", SOURCE)).await);
        assert_eq!(text(&got).lines().count(), 2);
        match (&got.incomplete, expected) {
            (Some(reason), Some(expected)) => assert!(reason.contains(expected), "{reason}"),
            (reason, expected) => assert_eq!(reason.as_deref(), expected),
        }
    }
}

#[tokio::test]
async fn a_throttled_query_waits_for_the_budget() {
    let supplier = supplier();
    let asked = Arc::new(AtomicU32::new(0));
    supplier.server.on("/graphql.json", move |request| {
        if asked.fetch_add(1, Ordering::SeqCst) % 2 == 1 {
            return shop(request);
        }
        let throttled = json!({
            "errors": [{ "message": "Throttled", "extensions": { "code": "THROTTLED" } }],
            "extensions": { "cost": { "requestedQueryCost": 102, "actualQueryCost": null,
                "throttleStatus": { "maximumAvailable": 1000.0, "currentlyAvailable": 100, "restoreRate": 50.0 } } },
        });
        Answer::ok(throttled.to_string())
    });
    let begun = std::time::Instant::now();
    let got = delivery(supplier.get(&supplier.source("/graphql.json", SOURCE)).await);
    assert_eq!((text(&got).lines().count(), supplier.server.count("/graphql.json")), (3, 4));
    assert!(begun.elapsed() >= std::time::Duration::from_millis(80));
}

#[tokio::test]
async fn errors_in_a_good_answer_are_errors() {
    for (answer, part) in [
        (
            json!({ "data": null, "errors": [{ "message": format!("Field 'x' doesn't\nexist {SECRET}") }] }),
            "the server refuses the query: \"Field 'x' doesn't exist (hidden)\"",
        ),
        (json!({ "errors": "[API] Invalid API key" }), "\"[API] Invalid API key\""),
        (json!({ "data": { "products": { "nodes": [] } } }), "nothing usable at /data/products/pageInfo"),
        (
            json!({ "data": { "products": { "pageInfo": { "hasNextPage": false } } } }),
            "nothing at /data/products/nodes",
        ),
    ] {
        let supplier = supplier();
        supplier.server.on("/graphql.json", move |_| Answer::ok(answer.to_string()));
        let error = supplier.error(&supplier.source("/graphql.json", SOURCE)).await;
        assert!(error.contains(part), "{error}");
        assert_eq!(supplier.server.count("/graphql.json"), 1);
    }
}

/// The error of a source that goes in by `auth`, where the server's message is `message`.
async fn refused(auth: &str, message: String) -> String {
    let supplier = supplier();
    supplier.server.on("/token", |_| Answer::ok("{\"access_token\": \"TOKENSECRET12345\"}"));
    let answer = json!({ "errors": [{ "message": message }] }).to_string();
    supplier.server.on("/graphql.json", move |_| Answer::ok(answer.clone()));
    let auth = auth.replace("TOKEN_URL", &supplier.server.url("/token"));
    let (_, graphql) = SOURCE.split_once('\n').unwrap();
    supplier.error(&supplier.source("/graphql.json", &format!("auth = {auth}\n{graphql}"))).await
}

const OAUTH: &str = "{ type = \"oauth2\", token_url = \"TOKEN_URL\", client_id = \"me\", client_secret = { env = \"SECRET\" } }";

#[tokio::test]
async fn a_message_is_shown_without_the_secrets_of_every_kind_of_auth() {
    let message = format!("bad token Bearer TOKENSECRET12345 of {SECRET}");
    let error = refused(OAUTH, message).await;
    assert!(error.ends_with("\"bad token Bearer (hidden) of (hidden)\""), "{error}");
    let basic = "{ type = \"basic\", user = \"user\", password = { env = \"SECRET\" } }";
    let error = refused(basic, format!("bad {SECRET} in dXNlcjpzM2NyZXQtb2YtdGhlLXRlc3Q=")).await;
    assert!(error.ends_with("\"bad (hidden) in (hidden)\""), "{error}");
}

#[tokio::test]
async fn a_secret_at_the_end_of_a_long_message_is_hidden_before_it_is_cut() {
    let error = refused(OAUTH, format!("{}TOKENSECRET12345", "x".repeat(290))).await;
    assert!(error.contains("xxx(hidden)") && !error.contains("TOKEN"), "{error}");
    let error = refused(OAUTH, "y".repeat(1000)).await;
    assert!(error.ends_with(&format!("\"{}\"", "y".repeat(300))), "{error}");
}

#[tokio::test]
async fn throttling_without_end_and_a_cursor_in_a_circle_end() {
    let supplier = supplier();
    supplier.server.on("/graphql.json", |_| {
        Answer::ok("{\"errors\": [{\"extensions\": {\"code\": \"THROTTLED\"}}], \"extensions\": {\"cost\": {\"requestedQueryCost\": 1,
            \"throttleStatus\": {\"currentlyAvailable\": 1, \"restoreRate\": 1}}}}")
    });
    let error = supplier.error(&supplier.source("/graphql.json", SOURCE)).await;
    assert!(error.ends_with("still throttled after 10 waits"), "{error}");

    let count = Arc::new(AtomicU32::new(0));
    supplier.server.on("/graphql.json", move |_| {
        let id = count.fetch_add(1, Ordering::SeqCst);
        let page = json!({ "nodes": [id], "pageInfo": { "hasNextPage": true, "endCursor": "same" } });
        Answer::ok(json!({ "data": { "products": page } }).to_string())
    });
    let got = delivery(supplier.get(&supplier.source("/graphql.json", SOURCE)).await);
    assert_eq!(text(&got), "0\n1\n");
    assert!(got.incomplete.unwrap().contains("leads back"), "a cursor seen before");
}

#[tokio::test]
async fn a_query_that_is_not_there_is_named() {
    let supplier = Supplier::new();
    let error = supplier.error(&supplier.source("/graphql.json", SOURCE)).await;
    assert!(error.contains("products.graphql") && error.contains("query"), "{error}");
    assert_eq!(supplier.server.requests().len(), 0);
}
