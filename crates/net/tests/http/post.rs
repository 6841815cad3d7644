//! Posting over real loopback sockets: one deadline, bounded answers, no redirects.

use crate::support::{Peer, local_client};
use berika_net::{Bytes, ExchangeError, PostError, PostOutcome, PostRequest, Secret, error_chain};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};
use tokio::io::AsyncWriteExt;
use tokio::sync::oneshot;

fn post_to(peer: &Peer) -> PostRequest {
    PostRequest {
        url: peer.url("/hook?key=s3cret"),
        headers: vec![("webhook-id".to_owned(), Secret::from("msg_1"))],
        body: Bytes::from_static(b"{\"a\": 1}"),
        deadline: Duration::from_secs(20),
        max_response_bytes: 20_000,
    }
}

async fn answer_to(answer: &'static str) -> PostOutcome {
    local_client().post(post_to(&Peer::sending(answer).await)).await.unwrap()
}

#[tokio::test]
async fn the_body_is_sent_byte_for_byte_and_the_answer_comes_back() {
    let peer = Peer::sending("HTTP/1.1 202 Accepted\r\nContent-Length: 8\r\n\r\nthanks!\n").await;
    let outcome = local_client().post(post_to(&peer)).await.unwrap();
    assert_eq!((outcome.status, outcome.excerpt.as_str(), outcome.excerpt_cut), (202, "thanks!\n", false));
    assert_eq!(outcome.retry_after, None);
    let sent = peer.requests().remove(0);
    assert!(sent.starts_with("POST /hook?key=s3cret HTTP/1.1\r\n"), "{sent}");
    assert!(sent.ends_with("\r\n\r\n{\"a\": 1}"), "{sent}");
    let head = sent.to_lowercase();
    assert!(
        head.contains("content-type: application/json\r\n") && head.contains("webhook-id: msg_1\r\n"),
        "{head}"
    );
}

#[tokio::test]
async fn failures_and_redirects_are_answers_and_nothing_is_followed() {
    let other = Peer::sending("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n").await;
    let answer = format!("HTTP/1.1 307 X\r\nLocation: {}\r\nContent-Length: 0\r\n\r\n", other.url("/"));
    let outcome = local_client().post(post_to(&Peer::sending(answer).await)).await.unwrap();
    assert_eq!(outcome.status, 307);
    assert_eq!(other.requests().len(), 0, "the redirect was not followed");
    let busy = answer_to("HTTP/1.1 429 X\r\nRetry-After: Sat, 21 Nov 2026 10:00:00 GMT\r\n\r\n").await;
    assert_eq!((busy.status, busy.retry_after.as_deref()), (429, Some("Sat, 21 Nov 2026 10:00:00 GMT")));
}

#[tokio::test]
async fn an_answer_of_ten_gigabytes_is_cut_and_its_connection_closed() {
    let written = Arc::new(AtomicU64::new(0));
    let (closed, seen_closed) = oneshot::channel();
    let closed = std::sync::Mutex::new(Some(closed));
    let counter = Arc::clone(&written);
    let peer = Peer::start(move |mut stream| {
        let counter = Arc::clone(&counter);
        let closed = closed.lock().unwrap().take();
        async move {
            stream.write_all(b"HTTP/1.1 200 OK\r\nContent-Length: 10000000000\r\n\r\n").await.unwrap();
            while stream.write_all(&[b'x'; 65536]).await.is_ok() {
                counter.fetch_add(65536, Ordering::SeqCst);
            }
            closed.unwrap().send(()).unwrap();
        }
    })
    .await;
    let outcome = local_client().post(post_to(&peer)).await.unwrap();
    assert_eq!((outcome.status, outcome.excerpt.len(), outcome.excerpt_cut), (200, 20_000, true));
    tokio::time::timeout(Duration::from_secs(10), seen_closed)
        .await
        .expect("the connection was closed")
        .unwrap();
    let written = written.load(Ordering::SeqCst);
    assert!(written < 50_000_000, "{written} bytes of 10 GB were taken by buffers");
}

#[tokio::test]
async fn a_hanging_endpoint_ends_at_the_deadline() {
    let started = Instant::now();
    let peer = Peer::sending_then_silent(b"HTTP/1.1 200 O").await;
    let error: PostError = local_client()
        .post(PostRequest { deadline: Duration::from_millis(150), ..post_to(&peer) })
        .await
        .unwrap_err();
    assert!(matches!(error, ExchangeError::Timeout { .. }) && error.is_retryable(), "{error}");
    assert!(!error_chain(&error).contains("s3cret"), "{error}");
    assert!(started.elapsed() < Duration::from_secs(5));
}

#[tokio::test]
async fn a_status_counts_even_where_its_body_hangs_until_the_deadline() {
    let peer = Peer::sending_then_silent(b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\npart").await;
    let hasty = PostRequest { deadline: Duration::from_millis(150), ..post_to(&peer) };
    let outcome = local_client().post(hasty).await.unwrap();
    assert_eq!((outcome.status, outcome.excerpt.as_str(), outcome.excerpt_cut), (200, "part", true));
    assert!(outcome.elapsed >= Duration::from_millis(150) && outcome.elapsed < Duration::from_secs(5));
}

#[tokio::test]
async fn hostile_text_in_an_answer_cannot_drive_a_terminal() {
    let outcome = answer_to("HTTP/1.1 500 X\r\nContent-Length: 9\r\n\r\n\u{1b}[2J\0\nok!").await;
    assert_eq!(outcome.excerpt, "\u{fffd}[2J\u{fffd}\nok!");
    let exact = answer_to("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n").await;
    assert_eq!((exact.excerpt.as_str(), exact.excerpt_cut), ("", false));
}

#[tokio::test]
async fn a_connection_that_breaks_before_the_status_is_no_answer() {
    let error = local_client().post(post_to(&Peer::sending("").await)).await.unwrap_err();
    assert!(matches!(error, ExchangeError::Broken { .. }) && error.is_retryable(), "{error}");
    let unused = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap().local_addr().unwrap();
    let peer_url = format!("http://{unused}/").parse().unwrap();
    let error = local_client()
        .post(PostRequest { url: peer_url, ..post_to(&Peer::sending("").await) })
        .await
        .unwrap_err();
    assert!(matches!(error, ExchangeError::Connect { .. }), "{error}");
}
