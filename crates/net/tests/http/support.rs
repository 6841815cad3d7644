//! A peer that speaks raw bytes over a real loopback socket, so that it can misbehave in every way.

use berika_net::{AddressPolicy, Client, FetchRequest, Url};
use std::future::Future;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex};
use std::time::Duration;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};

/// A running peer; it ends with the test's runtime.
pub(crate) struct Peer {
    pub(crate) address: SocketAddr,
    requests: Arc<Mutex<Vec<String>>>,
}

impl Peer {
    /// Reads one request from each connection, keeps it, and leaves the connection to `answer`.
    pub(crate) async fn start<F, A>(answer: F) -> Self
    where
        F: Fn(TcpStream) -> A + Send + Sync + 'static,
        A: Future<Output = ()> + Send + 'static,
    {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let requests = Arc::new(Mutex::new(Vec::new()));
        let kept = Arc::clone(&requests);
        let answer = Arc::new(answer);
        tokio::spawn(async move {
            while let Ok((mut stream, _)) = listener.accept().await {
                let (kept, answer) = (Arc::clone(&kept), Arc::clone(&answer));
                tokio::spawn(async move {
                    if let Some(request) = read_request(&mut stream).await {
                        kept.lock().unwrap().push(request);
                        answer(stream).await;
                    }
                });
            }
        });
        Self { address, requests }
    }

    /// A peer that sends these bytes and closes.
    pub(crate) async fn sending(bytes: impl Into<Vec<u8>>) -> Self {
        let bytes: Arc<[u8]> = bytes.into().into();
        Self::start(move |mut stream| {
            let bytes = Arc::clone(&bytes);
            async move {
                let _closed_early = stream.write_all(&bytes).await;
                let _closed_early = stream.shutdown().await;
            }
        })
        .await
    }

    /// A peer that sends these bytes and then keeps the connection open without a word.
    pub(crate) async fn sending_then_silent(bytes: &'static [u8]) -> Self {
        Self::start(move |mut stream| async move {
            stream.write_all(bytes).await.unwrap();
            std::future::pending::<()>().await;
        })
        .await
    }

    pub(crate) fn url(&self, path: &str) -> Url {
        Url::parse(&format!("http://{}{path}", self.address)).unwrap()
    }

    /// The requests so far: head and body as text.
    pub(crate) fn requests(&self) -> Vec<String> {
        self.requests.lock().unwrap().clone()
    }
}

async fn read_request(stream: &mut TcpStream) -> Option<String> {
    let mut bytes = Vec::new();
    let head_end = loop {
        if let Some(at) = bytes.windows(4).position(|window| window == b"\r\n\r\n") {
            break at + 4;
        }
        if stream.read_buf(&mut bytes).await.ok()? == 0 {
            return None;
        }
    };
    let head = String::from_utf8_lossy(&bytes[..head_end]).to_lowercase();
    let length = head
        .lines()
        .find_map(|line| line.strip_prefix("content-length: "))
        .map_or(0, |value| value.trim().parse::<usize>().unwrap());
    while bytes.len() < head_end + length {
        if stream.read_buf(&mut bytes).await.ok()? == 0 {
            return None;
        }
    }
    Some(String::from_utf8_lossy(&bytes).into_owned())
}

/// A client that may talk to loopback.
pub(crate) fn local_client() -> Client {
    Client::new(AddressPolicy::allowing(["127.0.0.0/8", "::1"]).unwrap()).unwrap()
}

/// A request with a deadline that a healthy loopback peer never reaches.
pub(crate) fn request(url: Url) -> FetchRequest {
    FetchRequest { deadline: Duration::from_secs(20), ..FetchRequest::new(url) }
}
