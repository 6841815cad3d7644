//! Small answers wanted in memory.

use crate::support::{Peer, local_client};
use berika_net::{CallRequest, ExchangeError, FetchError, Secret};
use std::time::Duration;

fn call(peer: &Peer) -> CallRequest {
    CallRequest {
        url: peer.url("/api?key=s3cret"),
        headers: vec![("X-Api-Key".to_owned(), Secret::from("s3cret"))],
        body: None,
        deadline: Duration::from_secs(20),
        max_bytes: 100,
    }
}

#[tokio::test]
async fn an_answer_comes_whole_with_what_paging_needs() {
    let peer = Peer::sending(
        "HTTP/1.1 200 OK\r\nLink: </a>; rel=\"prev\"\r\nLink: </b>; rel=\"next\"\r\nRetry-After: 3\r\n\
         Content-Length: 2\r\n\r\n{}",
    )
    .await;
    let answer = local_client().call(call(&peer)).await.unwrap().successful().unwrap();
    assert_eq!(answer.body, b"{}");
    assert_eq!(answer.link.as_deref(), Some("</a>; rel=\"prev\", </b>; rel=\"next\""));
    assert_eq!(answer.retry_after, Some(Duration::from_secs(3)));
    assert!(peer.requests()[0].starts_with("GET /api?key=s3cret HTTP/1.1"));
    let posted = CallRequest { body: Some("a=1".into()), ..call(&peer) };
    local_client().call(posted).await.unwrap();
    assert!(peer.requests()[1].starts_with("POST ") && peer.requests()[1].ends_with("\r\n\r\na=1"));
}

#[tokio::test]
async fn a_link_beyond_ascii_is_not_lost() {
    let mut bytes =
        b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\nLink: </n\xc3\xa4sta>; title=\"n\xe4sta\"".to_vec();
    bytes.extend_from_slice(b"; rel=\"next\"\r\n\r\n");
    let peer = Peer::sending(bytes).await;
    let answer = local_client().call(call(&peer)).await.unwrap();
    assert_eq!(answer.link.as_deref(), Some("</nästa>; title=\"n\u{fffd}sta\"; rel=\"next\""));
}

#[tokio::test]
async fn every_status_is_an_answer_and_redirects_are_not_followed() {
    let peer = Peer::sending("HTTP/1.1 302 Found\r\nLocation: /other\r\nContent-Length: 0\r\n\r\n").await;
    let answer = local_client().call(call(&peer)).await.unwrap();
    assert_eq!(answer.status, 302);
    let error = answer.successful().unwrap_err();
    assert!(matches!(error, FetchError::Status { status: 302, .. }), "{error}");
    assert_eq!(peer.requests().len(), 1);
}

#[tokio::test]
async fn answers_are_capped_dated_and_never_shown() {
    let long = Peer::sending(format!("HTTP/1.1 200 OK\r\n\r\n{}", "x".repeat(101))).await;
    let error = local_client().call(call(&long)).await.unwrap_err();
    assert!(matches!(error, FetchError::TooLarge { limit: 100, .. }), "{error}");
    let cut = Peer::sending("HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nx").await;
    let error = local_client().call(call(&cut)).await.unwrap_err();
    assert!(matches!(error, FetchError::Truncated { received: 1, .. }), "{error}");
    let packed = Peer::sending("HTTP/1.1 200 OK\r\nContent-Encoding: br\r\nContent-Length: 1\r\n\r\nx").await;
    let error = local_client().call(call(&packed)).await.unwrap_err();
    assert!(matches!(error, FetchError::Packed { .. }), "{error}");
    let silent = Peer::sending_then_silent(b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nx").await;
    let hasty = CallRequest { deadline: Duration::from_millis(100), ..call(&silent) };
    let error = local_client().call(hasty.clone()).await.unwrap_err();
    assert!(matches!(error, FetchError::Exchange(ExchangeError::Timeout { .. })), "{error}");
    let token = Peer::sending("HTTP/1.1 200 OK\r\nContent-Length: 6\r\n\r\ns3cret").await;
    let answer = local_client().call(call(&token)).await.unwrap();
    for shown in [format!("{hasty:?}"), error.to_string(), format!("{answer:?}")] {
        assert!(!shown.contains("s3cret"), "{shown}");
    }
}
