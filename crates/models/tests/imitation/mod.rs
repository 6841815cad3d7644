//! A Hub on loopback that answers as the real one does to hf-hub: a metadata request for one byte with the commit and
//! the etag in headers, ranges, and large files behind a redirect.

use std::collections::HashMap;
use std::io::{BufRead as _, BufReader, Write as _};
use std::net::{Shutdown, SocketAddr, TcpListener, TcpStream};
use std::sync::{Arc, Mutex};
use std::time::Duration;

pub(crate) const REVISION: &str = "0123456789abcdef0123456789abcdef01234567";

#[derive(Default)]
struct State {
    files: HashMap<String, Vec<u8>>,
    /// Bytes after which an answer breaks off, and how many more times.
    drops: HashMap<String, (usize, usize)>,
    stalls: HashMap<String, usize>,
    /// Path and start of the range of each request.
    requests: Vec<(String, usize)>,
}

pub(crate) struct Hub {
    address: SocketAddr,
    state: Arc<Mutex<State>>,
}

impl Hub {
    pub(crate) fn start(files: Vec<(String, Vec<u8>)>) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap();
        let state = Arc::new(Mutex::new(State { files: files.into_iter().collect(), ..State::default() }));
        let shared = Arc::clone(&state);
        std::thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                let shared = Arc::clone(&shared);
                std::thread::spawn(move || answer(stream, address, &shared));
            }
        });
        Self { address, state }
    }

    pub(crate) fn endpoint(&self) -> String {
        format!("http://{}", self.address)
    }

    pub(crate) fn drop_after(&self, path: &str, bytes: usize, times: usize) {
        self.state.lock().unwrap().drops.insert(path.to_owned(), (bytes, times));
    }

    pub(crate) fn stall_after(&self, path: &str, bytes: usize) {
        self.state.lock().unwrap().stalls.insert(path.to_owned(), bytes);
    }

    pub(crate) fn requests(&self) -> Vec<(String, usize)> {
        self.state.lock().unwrap().requests.clone()
    }

    pub(crate) fn range_starts(&self, path: &str) -> Vec<usize> {
        self.requests()
            .into_iter()
            .filter(|(asked, _)| asked.ends_with(path))
            .map(|(_, start)| start)
            .collect()
    }
}

/// Answers one request and closes.
fn answer(mut stream: TcpStream, address: SocketAddr, state: &Mutex<State>) {
    let mut lines = BufReader::new(stream.try_clone().unwrap()).lines().map_while(Result::ok);
    let Some(target) = lines.next().and_then(|line| line.split(' ').nth(1).map(str::to_owned)) else {
        return;
    };
    let mut range = None;
    for line in lines.take_while(|line| !line.is_empty()) {
        if let Some((name, value)) = line.split_once(':')
            && name.eq_ignore_ascii_case("range")
        {
            let (start, end) = value.trim().trim_start_matches("bytes=").split_once('-').unwrap();
            range = Some((start.parse::<usize>().unwrap(), end.parse::<usize>().ok()));
        }
    }
    let resolved = target.strip_prefix(&format!("/owner/tiny/resolve/{REVISION}/"));
    let resolved = resolved.or_else(|| target.strip_prefix("/owner/tiny/resolve/main/"));
    let stored = target.strip_prefix("/cdn/");
    let path = resolved.or(stored).unwrap_or_default().to_owned();
    let (start, end) = range.unwrap_or((0, None));
    let (body, broken, stalled) = {
        let mut state = state.lock().unwrap();
        state.requests.push((target.clone(), start));
        // Only the answer that carries the bytes breaks, not the redirect to it.
        let carries = end.is_none() && stored.is_some();
        let broken = match state.drops.get_mut(&path) {
            Some((bytes, times)) if *times > 0 && carries => {
                *times -= 1;
                Some(*bytes)
            }
            _ => None,
        };
        let stalled = state.stalls.get(&path).copied().filter(|_| carries);
        (state.files.get(&path).cloned(), broken, stalled)
    };
    let mut head = |text: String| stream.write_all(text.as_bytes());
    let Some(body) = body else {
        head("HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\nConnection: close\r\n\r\n".to_owned()).ok();
        return;
    };
    let etag = format!("\"etag-of-{}\"", path.replace(['/', '.'], "-"));
    if resolved.is_some() && body.len() > 100_000 {
        head(format!(
            "HTTP/1.1 302 Found\r\nLocation: http://{address}/cdn/{path}\r\nX-Repo-Commit: {REVISION}\r\n\
             X-Linked-Etag: {etag}\r\nX-Linked-Size: {}\r\nContent-Length: 0\r\nConnection: close\r\n\r\n",
            body.len()
        ))
        .ok();
        return;
    }
    if start >= body.len() {
        head(
            "HTTP/1.1 416 Range Not Satisfiable\r\nContent-Length: 0\r\nConnection: close\r\n\r\n".to_owned(),
        )
        .ok();
        return;
    }
    let last = end.unwrap_or(usize::MAX).min(body.len() - 1);
    head(format!(
        "HTTP/1.1 206 Partial Content\r\nContent-Range: bytes {start}-{last}/{}\r\nContent-Length: {}\r\nETag: {etag}\r\n\
         X-Repo-Commit: {REVISION}\r\nConnection: close\r\n\r\n",
        body.len(),
        last + 1 - start
    ))
    .ok();
    let part = &body[start..=last];
    match (broken, stalled) {
        (Some(bytes), _) => {
            stream.write_all(&part[..bytes.min(part.len())]).ok();
            stream.shutdown(Shutdown::Both).ok();
        }
        (None, Some(bytes)) => {
            stream.write_all(&part[..bytes.min(part.len())]).ok();
            // Held open without a byte: longer than any time-out of the tests.
            std::thread::sleep(Duration::from_secs(20));
        }
        (None, None) => {
            stream.write_all(part).ok();
        }
    }
}
