//! A supplier's web server: the files of a folder with validators, and misbehaviour on request.

use crate::body::{ENDLESS_BYTES, dripping, endless, truncated};
use crate::host::{Host, StartError};
use axum::Router;
use axum::body::Body;
use axum::extract::{Request, State};
use axum::http::header::{
    CONTENT_LENGTH, CONTENT_TYPE, ETAG, IF_MODIFIED_SINCE, IF_NONE_MATCH, LAST_MODIFIED, LOCATION,
    RETRY_AFTER,
};
use axum::http::{HeaderMap, HeaderName, Method, StatusCode};
use axum::response::{IntoResponse, Response};
use std::collections::{BTreeMap, HashMap, VecDeque};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::SystemTime;

/// What a path does instead of serving its file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Behaviour {
    /// Answers with this status and a short text.
    Status(u16),
    /// Answers with this status and `Retry-After`.
    RetryLater {
        /// The status, such as 429 or 503.
        status: u16,
        /// The header's value: seconds or an HTTP date.
        retry_after: String,
    },
    /// Redirects (302) to this target.
    Redirect(String),
    /// Takes the request and never answers.
    Hang,
    /// Sends a head and then one byte at a time, without end.
    Drip,
    /// Announces the whole file, sends half of it and cuts the connection.
    Truncate,
    /// Announces 10 GB and sends as much as the client takes.
    Endless,
    /// Serves the file under another content type.
    ContentType(String),
    /// Serves the file under this entity tag whatever its content, and answers 304 to whoever sends the tag.
    Etag(String),
    /// Serves these bytes in place of the file (which need not exist), with a tag of their own and without a date.
    Content(Vec<u8>),
}

/// A request as it arrived and what was answered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SeenRequest {
    /// The path, with its leading slash and without query.
    pub path: String,
    /// The query, where there was one.
    pub query: Option<String>,
    /// Headers by lower-case name; of a repeated one the last.
    pub headers: BTreeMap<String, String>,
    /// The status answered; `None` where the request was left hanging.
    pub status: Option<u16>,
}

/// Serves the files of a folder on loopback until it is dropped.
///
/// Files are read anew for each request, so a test may replace them. A file's `ETag` is a hash of its content, its
/// `Last-Modified` the file's own time; `If-None-Match` goes before `If-Modified-Since`.
#[derive(Debug)]
pub struct SupplierServer {
    host: Host,
    shared: Arc<Shared>,
}

#[derive(Debug)]
struct Shared {
    folder: PathBuf,
    scripts: Mutex<HashMap<String, Script>>,
    seen: Mutex<Vec<SeenRequest>>,
}

#[derive(Debug, Default)]
struct Script {
    next: VecDeque<Behaviour>,
    always: Option<Behaviour>,
}

impl SupplierServer {
    /// Starts serving `folder`.
    ///
    /// # Errors
    /// Where no socket or thread is to be had. A folder that does not exist answers 404.
    pub fn start(folder: impl Into<PathBuf>) -> Result<Self, StartError> {
        let shared =
            Arc::new(Shared { folder: folder.into(), scripts: Mutex::default(), seen: Mutex::default() });
        let router = Router::new().fallback(serve).with_state(Arc::clone(&shared));
        Ok(Self { host: Host::start("supplier-server", router)?, shared })
    }

    /// `http://127.0.0.1:PORT`, without a slash at the end.
    pub fn base_url(&self) -> String {
        self.host.base_url()
    }

    /// The URL of a path such as `/feed.csv`.
    pub fn url(&self, path: &str) -> String {
        format!("{}{path}", self.base_url())
    }

    /// From now on `path` behaves like this.
    pub fn always(&self, path: &str, behaviour: Behaviour) {
        lock(&self.shared.scripts).entry(path.to_owned()).or_default().always = Some(behaviour);
    }

    /// The next requests for `path` are answered like this, one each; afterwards as before.
    pub fn next(&self, path: &str, behaviours: impl IntoIterator<Item = Behaviour>) {
        lock(&self.shared.scripts).entry(path.to_owned()).or_default().next.extend(behaviours);
    }

    /// From now on `path` serves its file again.
    pub fn normal(&self, path: &str) {
        lock(&self.shared.scripts).remove(path);
    }

    /// Every request so far, in order of arrival.
    pub fn requests(&self) -> Vec<SeenRequest> {
        lock(&self.shared.seen).clone()
    }

    /// How many requests for `path` there were.
    pub fn count(&self, path: &str) -> usize {
        lock(&self.shared.seen).iter().filter(|request| request.path == path).count()
    }

    /// How many requests for `path` were answered with `status`.
    pub fn count_status(&self, path: &str, status: u16) -> usize {
        let matches = |request: &&SeenRequest| request.path == path && request.status == Some(status);
        lock(&self.shared.seen).iter().filter(matches).count()
    }

    /// Closes the listener and every connection.
    pub fn stop(self) {
        drop(self);
    }
}

async fn serve(State(shared): State<Arc<Shared>>, request: Request) -> Response {
    let path = request.uri().path().to_owned();
    let behaviour = lock(&shared.scripts)
        .get_mut(&path)
        .and_then(|script| script.next.pop_front().or_else(|| script.always.clone()));
    let hangs = behaviour == Some(Behaviour::Hang);
    let response = if matches!(*request.method(), Method::GET | Method::HEAD) {
        answer(&shared.folder, &path, request.headers(), behaviour)
    } else {
        StatusCode::METHOD_NOT_ALLOWED.into_response()
    };
    lock(&shared.seen).push(SeenRequest {
        path,
        query: request.uri().query().map(str::to_owned),
        headers: plain_headers(request.headers()),
        status: (!hangs).then(|| response.status().as_u16()),
    });
    if hangs {
        std::future::pending::<()>().await;
    }
    response
}

fn answer(folder: &Path, path: &str, asked: &HeaderMap, behaviour: Option<Behaviour>) -> Response {
    match behaviour {
        Some(Behaviour::Status(status)) => status_answer(status, None),
        Some(Behaviour::RetryLater { status, retry_after }) => {
            status_answer(status, Some((RETRY_AFTER, &retry_after)))
        }
        Some(Behaviour::Redirect(target)) => status_answer(302, Some((LOCATION, &target))),
        Some(Behaviour::Hang) => StatusCode::OK.into_response(),
        Some(Behaviour::Drip) => ([(CONTENT_TYPE, content_type(path))], dripping()).into_response(),
        Some(Behaviour::Endless) => {
            ([(CONTENT_LENGTH, ENDLESS_BYTES.to_string())], endless()).into_response()
        }
        Some(Behaviour::Content(bytes)) => Resource::of(path, bytes).answer(asked),
        other => match Resource::read(folder, path) {
            Some(resource) => match other {
                Some(Behaviour::Truncate) => {
                    let length = resource.bytes.len().to_string();
                    ([(CONTENT_LENGTH, length)], truncated(&resource.bytes)).into_response()
                }
                Some(Behaviour::ContentType(content_type)) => {
                    Resource { content_type, ..resource }.answer(asked)
                }
                Some(Behaviour::Etag(etag)) => Resource { etag, ..resource }.answer(asked),
                _ => resource.answer(asked),
            },
            None => StatusCode::NOT_FOUND.into_response(),
        },
    }
}

struct Resource {
    bytes: Vec<u8>,
    content_type: String,
    etag: String,
    modified: Option<SystemTime>,
}

impl Resource {
    fn of(path: &str, bytes: Vec<u8>) -> Self {
        let etag = format!("\"{}\"", &blake3::hash(&bytes).to_hex()[..32]);
        Self { bytes, content_type: content_type(path).to_owned(), etag, modified: None }
    }

    /// The file of a path; `None` where there is none, or where the path is not made of plain names alone.
    fn read(folder: &Path, path: &str) -> Option<Self> {
        let relative = path.strip_prefix('/')?;
        let plain =
            |name: &str| !name.is_empty() && name != "." && name != ".." && !name.contains(['\\', ':', '%']);
        if !relative.split('/').all(plain) {
            return None;
        }
        let file = folder.join(relative);
        let bytes = std::fs::read(&file).ok()?;
        let modified = std::fs::metadata(&file).and_then(|data| data.modified()).ok();
        Some(Self { modified, ..Self::of(path, bytes) })
    }

    fn answer(self, asked: &HeaderMap) -> Response {
        let not_modified = self.is_what_the_client_has(asked);
        let (status, body) = if not_modified {
            (StatusCode::NOT_MODIFIED, Body::empty())
        } else {
            (StatusCode::OK, self.bytes.into())
        };
        let modified = self.modified.map(|time| [(LAST_MODIFIED, httpdate::fmt_http_date(time))]);
        match modified {
            Some(date) => {
                (status, [(ETAG, self.etag), (CONTENT_TYPE, self.content_type)], date, body).into_response()
            }
            None => (status, [(ETAG, self.etag), (CONTENT_TYPE, self.content_type)], body).into_response(),
        }
    }

    fn is_what_the_client_has(&self, asked: &HeaderMap) -> bool {
        let text = |name: HeaderName| asked.get(name).and_then(|value| value.to_str().ok());
        if let Some(tags) = text(IF_NONE_MATCH) {
            let bare = |tag: &str| tag.trim().trim_start_matches("W/").to_owned();
            return tags.split(',').any(|tag| tag.trim() == "*" || bare(tag) == bare(&self.etag));
        }
        let since = text(IF_MODIFIED_SINCE).and_then(|date| httpdate::parse_http_date(date).ok());
        match (since, self.modified) {
            // HTTP dates hold whole seconds only.
            (Some(since), Some(modified)) => unix_seconds(modified) <= unix_seconds(since),
            _ => false,
        }
    }
}

fn unix_seconds(time: SystemTime) -> u64 {
    time.duration_since(SystemTime::UNIX_EPOCH).map_or(0, |since| since.as_secs())
}

fn content_type(path: &str) -> &'static str {
    match path.rsplit_once('.').map_or("", |(_, extension)| extension) {
        "csv" => "text/csv",
        "tsv" => "text/tab-separated-values",
        "txt" => "text/plain",
        "json" => "application/json",
        "jsonl" => "application/x-ndjson",
        "xml" => "application/xml",
        "rss" => "application/rss+xml",
        "xlsx" => "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        "gz" => "application/gzip",
        "zip" => "application/zip",
        _ => "application/octet-stream",
    }
}

/// An answer without a file; a status or header value that HTTP does not know is a mistake of the script and says so.
pub(crate) fn status_answer(status: u16, header: Option<(HeaderName, &str)>) -> Response {
    let mut builder = Response::builder().status(status);
    if let Some((name, value)) = header {
        builder = builder.header(name, value);
    }
    builder
        .body(Body::from(format!("scripted answer {status}\n")))
        .unwrap_or_else(|error| (StatusCode::NOT_IMPLEMENTED, format!("script: {error}\n")).into_response())
}

pub(crate) fn plain_headers(headers: &HeaderMap) -> BTreeMap<String, String> {
    let text = |value: &[u8]| String::from_utf8_lossy(value).into_owned();
    headers.iter().map(|(name, value)| (name.as_str().to_owned(), text(value.as_bytes()))).collect()
}

/// A panic in one request handler must not take the server's other requests with it.
pub(crate) fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
