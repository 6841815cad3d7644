//! Conditional fetch over real loopback sockets: what good, bad and hostile servers lead to.

use crate::support::{Peer, local_client, request};
use berika_net::{
    Client, ExchangeError, FetchError, FetchRequest, Fetched, FetchedBody, HeaderFault, Secret, Url,
    error_chain,
};
use std::io::{Read, Write};
use std::time::{Duration, Instant};
use tokio::io::AsyncWriteExt;

async fn fetch(client: &Client, request: &FetchRequest) -> (Result<Fetched, FetchError>, Vec<u8>) {
    let mut file = tempfile::tempfile().unwrap();
    file.write_all(b"left over from an earlier try").unwrap();
    let mut reader = file.try_clone().unwrap();
    let result = client.fetch(request, &mut tokio::fs::File::from_std(file)).await;
    let mut bytes = Vec::new();
    std::io::Seek::rewind(&mut reader).unwrap();
    reader.read_to_end(&mut bytes).unwrap();
    (result, bytes)
}

async fn error(peer: &Peer) -> FetchError {
    fetch(&local_client(), &request(peer.url("/feed"))).await.0.unwrap_err()
}

fn body(result: Result<Fetched, FetchError>) -> FetchedBody {
    match result.unwrap() {
        Fetched::Body(body) => body,
        Fetched::NotModified => panic!("not modified"),
    }
}

#[tokio::test]
async fn a_file_arrives_with_what_the_server_says_about_it() {
    let peer = Peer::sending(
        "HTTP/1.1 200 OK\r\nContent-Length: 5\r\nETag: W/\"v1\"\r\nLast-Modified: Sat, 21 Nov 2026 10:00:00 GMT\r\n\
         Content-Type: text/csv\r\n\r\na;b;c",
    )
    .await;
    let (result, bytes) = fetch(&local_client(), &request(peer.url("/feed.csv"))).await;
    let body = body(result);
    assert_eq!(bytes, b"a;b;c");
    assert_eq!(body.bytes_written, 5);
    assert_eq!(body.etag.as_deref(), Some("W/\"v1\""));
    assert_eq!(body.last_modified.as_deref(), Some("Sat, 21 Nov 2026 10:00:00 GMT"));
    assert_eq!(body.content_type.as_deref(), Some("text/csv"));
    assert_eq!(body.final_url, peer.url("/feed.csv"));
    let sent = peer.requests().remove(0).to_lowercase();
    assert!(sent.starts_with("get /feed.csv http/1.1\r\n"), "{sent}");
    assert!(sent.contains("accept-encoding: identity\r\n"), "{sent}");
    assert!(!sent.contains("if-none-match"), "{sent}");
}

#[tokio::test]
async fn validators_are_sent_and_a_304_is_not_modified() {
    let peer = Peer::sending("HTTP/1.1 304 Not Modified\r\n\r\n").await;
    let with_validators = FetchRequest {
        if_none_match: Some("\"v1\"".to_owned()),
        if_modified_since: Some("Sat, 21 Nov 2026 10:00:00 GMT".to_owned()),
        ..request(peer.url("/"))
    };
    assert_eq!(fetch(&local_client(), &with_validators).await.0.unwrap(), Fetched::NotModified);
    let sent = peer.requests().remove(0).to_lowercase();
    assert!(sent.contains("if-none-match: \"v1\"\r\n"), "{sent}");
    assert!(sent.contains("if-modified-since: sat, 21 nov 2026 10:00:00 gmt\r\n"), "{sent}");

    let unasked = error(&peer).await;
    assert!(matches!(unasked, FetchError::Status { status: 304, .. }), "{unasked}");
}

#[tokio::test]
async fn a_gzip_file_passes_through_untouched() {
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::default());
    encoder.write_all(&b"sku;name\n".repeat(1000)).unwrap();
    let packed = encoder.finish().unwrap();
    let mut answer =
        format!("HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: {}\r\n\r\n", packed.len())
            .into_bytes();
    answer.extend_from_slice(&packed);
    let peer = Peer::sending(answer).await;
    let (result, bytes) = fetch(&local_client(), &request(peer.url("/feed.csv.gz"))).await;
    assert_eq!(body(result).content_encoding.as_deref(), Some("gzip"));
    assert_eq!(bytes, packed);
}

#[tokio::test]
async fn a_truncated_download_is_an_error() {
    let error_of = |answer: &'static str| async move { error(&Peer::sending(answer).await).await };
    let announced = error_of("HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\nonly this").await;
    assert!(
        matches!(announced, FetchError::Truncated { received: 9, expected: Some(1000), .. }),
        "{}",
        error_chain(&announced)
    );
    assert!(announced.is_retryable());
    assert!(announced.to_string().contains("after 9 bytes of 1000"), "{announced}");
    let chunked = error_of("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n").await;
    assert!(matches!(chunked, FetchError::Truncated { received: 5, expected: None, .. }), "{chunked}");
    let no_answer = error_of("").await;
    assert!(matches!(no_answer, FetchError::Exchange(ExchangeError::Broken { .. })), "{no_answer}");
    let no_http = error_of("220 ftp.example ready\r\n").await;
    assert!(matches!(no_http, FetchError::Exchange(ExchangeError::Broken { .. })), "{no_http}");
}

#[tokio::test]
async fn bytes_beyond_the_announced_length_are_not_taken() {
    let peer = Peer::sending("HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\nabcdef").await;
    let (result, bytes) = fetch(&local_client(), &request(peer.url("/"))).await;
    assert_eq!(body(result).bytes_written, 3);
    assert_eq!(bytes, b"abc");
}

#[tokio::test]
async fn a_file_over_the_cap_is_refused_announced_or_not() {
    let announced = Peer::sending("HTTP/1.1 200 OK\r\nContent-Length: 10000000000\r\n\r\n").await;
    let endless = Peer::start(|mut stream| async move {
        let mut written = stream.write_all(b"HTTP/1.1 200 OK\r\n\r\n").await;
        while written.is_ok() {
            written = stream.write_all(&[b'x'; 65536]).await;
        }
    })
    .await;
    for peer in [announced, endless] {
        let capped = FetchRequest { max_bytes: 100_000, ..request(peer.url("/")) };
        let (result, bytes) = fetch(&local_client(), &capped).await;
        let error = result.unwrap_err();
        assert!(matches!(error, FetchError::TooLarge { limit: 100_000, .. }), "{error}");
        assert!(!error.is_retryable());
        assert!(bytes.len() <= 100_000);
    }
}

#[tokio::test]
async fn a_hanging_or_dripping_server_ends_at_the_deadline() {
    let hangs = Peer::sending_then_silent(b"").await;
    let half_a_head = Peer::sending_then_silent(b"HTTP/1.1 200 OK\r\nContent-").await;
    let drips = Peer::start(|mut stream| async move {
        let mut written = stream.write_all(b"HTTP/1.1 200 OK\r\nContent-Length: 1000000\r\n\r\n").await;
        while written.is_ok() {
            tokio::time::sleep(Duration::from_millis(5)).await;
            written = stream.write_all(b"x").await;
        }
    })
    .await;
    for peer in [hangs, half_a_head, drips] {
        let started = Instant::now();
        let hasty =
            FetchRequest { deadline: Duration::from_millis(150), ..request(peer.url("/feed?key=s3cret")) };
        let error = fetch(&local_client(), &hasty).await.0.unwrap_err();
        assert!(matches!(error, FetchError::Exchange(ExchangeError::Timeout { .. })), "{error}");
        assert!(error.is_retryable());
        assert!(error.to_string().ends_with("/feed?…: no complete answer within 0.15 s"), "{error}");
        assert!(started.elapsed() < Duration::from_secs(5));
        assert_eq!(peer.requests().len(), 1, "the server was reached");
    }
}

#[tokio::test]
async fn statuses_are_sorted_into_passing_and_lasting() {
    for (status, retryable) in [
        (500, true),
        (502, true),
        (503, true),
        (504, true),
        (429, true),
        (408, true),
        (501, false),
        (404, false),
        (401, false),
        (403, false),
        (410, false),
        (204, false),
        (206, false),
        (300, false),
    ] {
        let answer = format!("HTTP/1.1 {status} X\r\nRetry-After: 7\r\n\r\n");
        let error = error(&Peer::sending(answer).await).await;
        assert!(matches!(error, FetchError::Status { status: got, .. } if got == status), "{error}");
        assert_eq!(error.is_retryable(), retryable, "{status}");
        assert_eq!(error.retry_after(), Some(Duration::from_secs(7)));
    }
}

#[tokio::test]
async fn redirects_are_followed_to_the_limit_and_headers_stay_home() {
    let target = Peer::sending("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok").await;
    let there = target.url("/cdn");
    let peer = Peer::start(move |mut stream| {
        let answer = format!("HTTP/1.1 302 Found\r\nLocation: {there}\r\nContent-Length: 0\r\n\r\n");
        async move { stream.write_all(answer.as_bytes()).await.unwrap() }
    })
    .await;
    let mut start = peer.url("/feed");
    start.set_username("user").unwrap();
    start.set_password(Some("pass")).unwrap();
    let with_key =
        FetchRequest { headers: vec![("X-Api-Key".to_owned(), Secret::from("s3cret"))], ..request(start) };
    let (result, bytes) = fetch(&local_client(), &with_key).await;
    assert_eq!(body(result).final_url, target.url("/cdn"));
    assert_eq!(bytes, b"ok");
    let at_home = peer.requests().remove(0).to_lowercase();
    assert!(at_home.contains("x-api-key: s3cret") && at_home.contains("authorization: basic"), "{at_home}");
    let abroad = target.requests().remove(0).to_lowercase();
    assert!(!abroad.contains("x-api-key") && !abroad.contains("authorization"), "{abroad}");

    let none = FetchRequest { max_redirects: 0, ..request(peer.url("/")) };
    let error = fetch(&local_client(), &none).await.0.unwrap_err();
    assert!(matches!(error, FetchError::TooManyRedirects { limit: 0, .. }), "{error}");
}

#[tokio::test]
async fn a_redirect_on_the_same_origin_keeps_the_headers_and_loops_end() {
    let peer = Peer::sending("HTTP/1.1 301 Moved\r\nLocation: again?x=1\r\nContent-Length: 0\r\n\r\n").await;
    let looping = FetchRequest {
        headers: vec![("X-Api-Key".to_owned(), Secret::from("s3cret"))],
        max_redirects: 3,
        ..request(peer.url("/a/feed"))
    };
    let error = fetch(&local_client(), &looping).await.0.unwrap_err();
    assert!(matches!(error, FetchError::TooManyRedirects { limit: 3, .. }), "{error}");
    let requests = peer.requests();
    assert_eq!(requests.len(), 4);
    assert!(requests[3].starts_with("GET /a/again?x=1 "), "{}", requests[3]);
    assert!(requests[3].to_lowercase().contains("x-api-key: s3cret"));
}

#[tokio::test]
async fn redirects_to_other_schemes_or_nowhere_are_refused() {
    for location in ["ftp://127.0.0.1/feed", "file:///etc/passwd", "http://", "javascript:alert(1)"] {
        let error =
            error(&Peer::sending(format!("HTTP/1.1 302 X\r\nLocation: {location}\r\n\r\n")).await).await;
        assert!(matches!(error, FetchError::BadRedirect { .. }), "{location}: {error}");
    }
    let error = error(&Peer::sending("HTTP/1.1 302 X\r\n\r\n").await).await;
    assert!(matches!(error, FetchError::BadRedirect { .. }), "{error}");
}

#[tokio::test]
async fn other_schemes_and_injected_headers_never_leave() {
    for url in ["file:///etc/passwd", "ftp://127.0.0.1/x", "data:text/csv,a"] {
        let error = fetch(&local_client(), &request(Url::parse(url).unwrap())).await.0.unwrap_err();
        assert!(matches!(error, FetchError::Exchange(ExchangeError::Scheme { .. })), "{url}: {error}");
    }
    let peer = Peer::sending("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n").await;
    let injected = FetchRequest {
        headers: vec![("X-Api-Key".to_owned(), Secret::from("s3cret\r\nX-Evil: 1"))],
        ..request(peer.url("/"))
    };
    let error = fetch(&local_client(), &injected).await.0.unwrap_err();
    assert!(
        matches!(
            &error,
            FetchError::Exchange(ExchangeError::Header { header, source: HeaderFault::Value, .. }) if header == "X-Api-Key"
        ),
        "{error}"
    );
    assert!(!error_chain(&error).contains("s3cret"));
    let injected = FetchRequest { if_none_match: Some("\"a\"\r\nx: 1".to_owned()), ..request(peer.url("/")) };
    let error = fetch(&local_client(), &injected).await.0.unwrap_err();
    assert!(matches!(error, FetchError::Exchange(ExchangeError::Header { .. })), "{error}");
    assert_eq!(peer.requests().len(), 0);
}

#[tokio::test]
async fn errors_show_neither_credentials_nor_query() {
    let unused = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap().local_addr().unwrap();
    let refused = Url::parse(&format!("http://me:passw0rd@{unused}/feed?token=s3cret")).unwrap();
    let asked = request(refused);
    let error = fetch(&local_client(), &asked).await.0.unwrap_err();
    assert!(matches!(error, FetchError::Exchange(ExchangeError::Connect { .. })), "{error}");
    assert!(error.is_retryable());
    for shown in [error_chain(&error), format!("{error:?}"), format!("{asked:?}")] {
        assert!(shown.contains(&format!("http://{unused}/feed")), "{shown}");
        assert!(!shown.contains("passw0rd") && !shown.contains("s3cret"), "{shown}");
    }
}

#[tokio::test]
async fn a_file_that_cannot_be_written_is_an_error_of_its_own() {
    let peer = Peer::sending("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok").await;
    let file = tempfile::NamedTempFile::new().unwrap();
    let mut read_only = tokio::fs::File::open(file.path()).await.unwrap();
    let error = local_client().fetch(&request(peer.url("/")), &mut read_only).await.unwrap_err();
    assert!(matches!(error, FetchError::Write { .. }) && !error.is_retryable(), "{error}");
}
