//! The address guard over real sockets: literals, names, redirects, and no way around by proxy.

use crate::support::{Peer, local_client, request};
use berika_net::{
    AddressPolicy, Bytes, Client, ExchangeError, FetchError, FetchRequest, Fetched, PostRequest, Url,
    error_chain,
};
use std::time::Duration;

async fn fetch(client: &Client, request: &FetchRequest) -> Result<Fetched, FetchError> {
    client.fetch(request, &mut tokio::fs::File::from_std(tempfile::tempfile().unwrap())).await
}

fn with_host(peer: &Peer, host: &str) -> Url {
    Url::parse(&format!("http://{host}:{}/", peer.address.port())).unwrap()
}

fn assert_blocked(error: &FetchError, range: &str) {
    let FetchError::Exchange(exchange @ ExchangeError::Blocked { source, .. }) = error else {
        panic!("{}", error_chain(error))
    };
    assert_eq!(source.range, range);
    assert!(!exchange.is_retryable());
}

const OK: &str = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";

#[tokio::test]
async fn loopback_is_refused_by_literal_and_by_name_unless_allowed() {
    let peer = Peer::sending(OK).await;
    let guarded = Client::new(AddressPolicy::public_only()).unwrap();
    for host in ["127.0.0.1", "localhost", "127.1", "0x7f.1", "2130706433", "[::ffff:127.0.0.1]"] {
        let error = fetch(&guarded, &request(with_host(&peer, host))).await.unwrap_err();
        let range = if host.starts_with('[') { "IPv4-mapped" } else { "loopback" };
        assert_blocked(&error, range);
    }
    assert_eq!(peer.requests().len(), 0, "no connection was made");
    for host in ["127.0.0.1", "localhost", "127.1"] {
        fetch(&local_client(), &request(with_host(&peer, host))).await.unwrap();
    }
    assert_eq!(peer.requests().len(), 3);
}

#[tokio::test]
async fn an_exception_for_one_address_opens_no_other() {
    let peer = Peer::sending(OK).await;
    let other_only = Client::new(AddressPolicy::allowing(["127.0.0.2", "10.0.0.0/8"]).unwrap()).unwrap();
    let error = fetch(&other_only, &request(with_host(&peer, "localhost"))).await.unwrap_err();
    assert_blocked(&error, "loopback");
}

#[tokio::test]
async fn every_hop_of_a_redirect_is_guarded() {
    let inside = Client::new(AddressPolicy::allowing(["127.0.0.1"]).unwrap()).unwrap();
    for (target, range) in
        [("http://169.254.169.254/latest/meta-data/", "cloud metadata"), ("http://127.0.0.2:80/", "loopback")]
    {
        let answer = format!("HTTP/1.1 302 Found\r\nLocation: {target}\r\nContent-Length: 0\r\n\r\n");
        let peer = Peer::sending(answer).await;
        assert_blocked(&fetch(&inside, &request(peer.url("/"))).await.unwrap_err(), range);
    }
}

#[tokio::test]
async fn posts_are_guarded_too() {
    let peer = Peer::sending(OK).await;
    let guarded = Client::new(AddressPolicy::public_only()).unwrap();
    for host in ["127.0.0.1", "localhost"] {
        let post = PostRequest {
            url: with_host(&peer, host),
            headers: Vec::new(),
            body: Bytes::from_static(b"{}"),
            deadline: Duration::from_secs(20),
            max_response_bytes: 100,
        };
        let error = guarded.post(post).await.unwrap_err();
        assert!(matches!(error, ExchangeError::Blocked { .. }), "{error}");
    }
    assert_eq!(peer.requests().len(), 0);
}

#[tokio::test]
async fn an_unknown_name_is_told_apart_from_a_blocked_one() {
    // A label of more than 63 characters is refused by the system without asking any server.
    let url = Url::parse(&format!("http://{}.invalid/feed", "n".repeat(64))).unwrap();
    let error = fetch(&local_client(), &request(url)).await.unwrap_err();
    assert!(
        matches!(error, FetchError::Exchange(ExchangeError::Unresolved { .. })),
        "{}",
        error_chain(&error)
    );
    assert!(error.is_retryable());
}

#[tokio::test]
async fn https_starts_a_tls_handshake_and_refuses_what_is_not_tls() {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = listener.local_addr().unwrap().port();
    let hello = tokio::spawn(async move {
        let (mut stream, _) = listener.accept().await.unwrap();
        let mut record = [0_u8; 6];
        tokio::io::AsyncReadExt::read_exact(&mut stream, &mut record).await.unwrap();
        tokio::io::AsyncWriteExt::write_all(&mut stream, b"HTTP/1.1 400 Bad Request\r\n\r\n").await.unwrap();
        record
    });
    let url = Url::parse(&format!("https://localhost:{port}/")).unwrap();
    let error = fetch(&local_client(), &request(url)).await.unwrap_err();
    assert!(matches!(error, FetchError::Exchange(ExchangeError::Connect { .. })), "{}", error_chain(&error));
    let record = hello.await.unwrap();
    assert_eq!((record[0], record[1], record[5]), (22, 3, 1), "a TLS client hello");
}
