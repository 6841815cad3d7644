//! Going on with a transfer that broke off, and every reason not to.

use crate::support::{Peer, local_client, request};
use berika_net::{FetchError, FetchRequest, Fetched, Partial};
use std::collections::VecDeque;
use std::sync::{Arc, Mutex};
use tokio::io::AsyncWriteExt;

/// A peer that gives these answers, one each.
async fn answering(answers: &[&str]) -> Peer {
    let answers: VecDeque<String> = answers.iter().map(|answer| (*answer).to_owned()).collect();
    let answers = Arc::new(Mutex::new(answers));
    Peer::start(move |mut stream| {
        let answer = answers.lock().unwrap().pop_front().unwrap_or_default();
        async move { stream.write_all(answer.as_bytes()).await.unwrap() }
    })
    .await
}

struct Transfer {
    file: tempfile::NamedTempFile,
    handle: tokio::fs::File,
    partial: Partial,
}

impl Transfer {
    fn new() -> Self {
        let file = tempfile::NamedTempFile::new().unwrap();
        let handle = tokio::fs::File::from_std(file.reopen().unwrap());
        Self { file, handle, partial: Partial::default() }
    }

    async fn go(&mut self, request: &FetchRequest) -> Result<Fetched, FetchError> {
        local_client().fetch_on(request, &mut self.partial, &mut self.handle).await
    }

    fn bytes(&self) -> String {
        std::fs::read_to_string(self.file.path()).unwrap()
    }
}

const BROKEN: &str = "HTTP/1.1 200 OK\r\nContent-Length: 10\r\nETag: \"v1\"\r\n\r\nabcd";
const REST: &str = "HTTP/1.1 206 Partial Content\r\nContent-Length: 6\r\nContent-Range: bytes 4-9/10\r\nETag: \"v1\"\r\n\r\nefghij";

/// Breaks off after four bytes and then gets these answers; what lies in the file, and the requests.
async fn after_break(first: &str, then: &[&str]) -> (Result<Fetched, FetchError>, String, Vec<String>) {
    let peer = answering(&[&[first], then].concat()).await;
    let request = FetchRequest { if_none_match: Some("\"v0\"".to_owned()), ..request(peer.url("/feed")) };
    let mut transfer = Transfer::new();
    let broken = transfer.go(&request).await.unwrap_err();
    assert!(matches!(broken, FetchError::Truncated { received: 4, .. }), "{broken}");
    let result = transfer.go(&request).await;
    (result, transfer.bytes(), peer.requests().iter().map(|request| request.to_lowercase()).collect())
}

#[tokio::test]
async fn the_rest_is_asked_for_and_appended() {
    let (result, bytes, requests) = after_break(BROKEN, &[REST]).await;
    let Fetched::Body(body) = result.unwrap() else { panic!("not modified") };
    assert_eq!(
        (bytes.as_str(), body.bytes_written, body.etag.as_deref()),
        ("abcdefghij", 10, Some("\"v1\""))
    );
    assert!(
        requests[0].contains("if-none-match: \"v0\"") && !requests[0].contains("range:"),
        "{}",
        requests[0]
    );
    assert!(requests[1].contains("range: bytes=4-\r\n"), "{}", requests[1]);
    assert!(requests[1].contains("if-range: \"v1\"\r\n"), "{}", requests[1]);
    assert!(!requests[1].contains("if-none-match"), "{}", requests[1]);
}

#[tokio::test]
async fn a_transfer_may_break_off_again_and_again() {
    let piece = "HTTP/1.1 206 Partial Content\r\nContent-Length: 6\r\nContent-Range: bytes 4-9/10\r\n\r\nef";
    let last = "HTTP/1.1 206 Partial Content\r\nContent-Length: 4\r\nContent-Range: bytes 6-9/10\r\n\r\nghij";
    let peer = answering(&[BROKEN, piece, last]).await;
    let request = request(peer.url("/feed"));
    let mut transfer = Transfer::new();
    for received in [4, 6] {
        transfer.go(&request).await.unwrap_err();
        assert_eq!(transfer.partial.received(), received);
    }
    transfer.go(&request).await.unwrap();
    assert_eq!(transfer.bytes(), "abcdefghij");
}

#[tokio::test]
async fn a_server_that_ignores_ranges_or_changed_the_file_starts_anew() {
    let whole = "HTTP/1.1 200 OK\r\nContent-Length: 3\r\nETag: \"v2\"\r\n\r\nNEW";
    let (result, bytes, requests) = after_break(BROKEN, &[whole]).await;
    let Fetched::Body(body) = result.unwrap() else { panic!("not modified") };
    assert_eq!((bytes.as_str(), body.etag.as_deref(), requests.len()), ("NEW", Some("\"v2\""), 2));

    for unfitting in [
        "HTTP/1.1 416 Range Not Satisfiable\r\nContent-Length: 0\r\nConnection: close\r\n\r\n",
        "HTTP/1.1 206 X\r\nContent-Length: 6\r\nContent-Range: bytes 3-8/10\r\n\r\nefghij",
        "HTTP/1.1 206 X\r\nContent-Length: 6\r\nContent-Range: bytes 4-9/11\r\n\r\nefghij",
        "HTTP/1.1 206 X\r\nContent-Length: 6\r\nContent-Range: bytes 4-9/10\r\nETag: \"v2\"\r\n\r\nefghij",
        "HTTP/1.1 206 X\r\nContent-Length: 2\r\nContent-Range: bytes 4-5/10\r\n\r\nef",
        "HTTP/1.1 206 X\r\nContent-Length: 6\r\n\r\nefghij",
    ] {
        let (result, bytes, requests) = after_break(BROKEN, &[unfitting, whole]).await;
        result.unwrap();
        assert_eq!(bytes, "NEW", "{unfitting}");
        assert!(!requests[2].contains("range:"), "{}", requests[2]);
    }
}

#[tokio::test]
async fn without_a_strong_validator_it_starts_anew() {
    for first in [
        "HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nabcd",
        "HTTP/1.1 200 OK\r\nContent-Length: 10\r\nETag: W/\"v1\"\r\n\r\nabcd",
    ] {
        let (result, bytes, requests) =
            after_break(first, &["HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\nNEW"]).await;
        result.unwrap();
        assert_eq!(bytes, "NEW");
        assert!(!requests[1].contains("range:"), "{}", requests[1]);
    }
}

#[tokio::test]
async fn the_cap_holds_over_all_tries_together() {
    let peer = answering(&[
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nETag: \"v1\"\r\n\r\n4\r\nabcd\r\n",
        "HTTP/1.1 206 X\r\nContent-Length: 6\r\nContent-Range: bytes 4-9/*\r\n\r\nefghij",
    ])
    .await;
    let request = FetchRequest { max_bytes: 8, ..request(peer.url("/feed")) };
    let mut transfer = Transfer::new();
    transfer.go(&request).await.unwrap_err();
    let error = transfer.go(&request).await.unwrap_err();
    assert!(matches!(error, FetchError::TooLarge { limit: 8, .. }), "{error}");
}

#[tokio::test]
async fn a_range_that_was_not_asked_for_is_no_file() {
    let peer = answering(&[REST]).await;
    let error = Transfer::new().go(&request(peer.url("/feed"))).await.unwrap_err();
    assert!(matches!(error, FetchError::Status { status: 206, .. }), "{error}");
}
