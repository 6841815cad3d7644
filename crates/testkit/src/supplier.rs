//! A supplier's web server: the files of a folder with validators, and misbehaviour on request.

use crate::body::{ENDLESS_BYTES, dripping, endless, truncated};
use crate::host::{Host, StartError};
use crate::resource::{Resource, content_type};
use crate::scripted::{Answer, Handler};
use axum::Router;
use axum::body::Body;
use axum::extract::{Request, State};
use axum::http::header::{CONTENT_LENGTH, CONTENT_TYPE, LOCATION, RETRY_AFTER};
use axum::http::{HeaderMap, HeaderName, Method, StatusCode};
use axum::response::{IntoResponse, Response};
use std::collections::{BTreeMap, HashMap, VecDeque};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

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
    /// Announces the whole file without validators, sends half of it and cuts the connection.
    Truncate,
    /// Serves the file, or the range of it that is asked for, with validators, and cuts the connection after half.
    BreakOff,
    /// Serves the whole file, whatever range of it is asked for.
    IgnoreRange,
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
    /// The method, such as `GET`.
    pub method: String,
    /// The path, with its leading slash and without query.
    pub path: String,
    /// The query, where there was one.
    pub query: Option<String>,
    /// Headers by lower-case name; of a repeated one the last.
    pub headers: BTreeMap<String, String>,
    /// The body, up to 1 MB.
    pub body: Vec<u8>,
    /// The status answered; `None` where the request was left hanging.
    pub status: Option<u16>,
}

/// Serves the files of a folder on loopback until it is dropped.
///
/// Files are read anew for each request, so a test may replace them. A file's `ETag` is a hash of its content, its
/// `Last-Modified` the file's own time; `If-None-Match` goes before `If-Modified-Since`. `Range: bytes=N-` is answered
/// with the rest, unless `If-Range` names another version.
#[derive(Debug)]
pub struct SupplierServer {
    host: Host,
    shared: Arc<Shared>,
}

#[derive(Debug)]
struct Shared {
    folder: PathBuf,
    scripts: Mutex<HashMap<String, Script>>,
    handlers: Mutex<HashMap<String, Handler>>,
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
        let shared = Arc::new(Shared {
            folder: folder.into(),
            scripts: Mutex::default(),
            handlers: Mutex::default(),
            seen: Mutex::default(),
        });
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

    /// From now on requests for `path`, of any method, are answered by `answer`. What [`Self::always`] and
    /// [`Self::next`] say goes before it. A path that ends with `*` stands for all that begin so.
    pub fn on(&self, path: &str, answer: impl Fn(&SeenRequest) -> Answer + Send + Sync + 'static) {
        lock(&self.shared.handlers).insert(path.to_owned(), Handler(Arc::new(answer)));
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
    let (head, body) = request.into_parts();
    let mut seen = SeenRequest {
        method: head.method.to_string(),
        path: head.uri.path().to_owned(),
        query: head.uri.query().map(str::to_owned),
        headers: plain_headers(&head.headers),
        body: axum::body::to_bytes(body, 1 << 20).await.map(|bytes| bytes.to_vec()).unwrap_or_default(),
        status: None,
    };
    let behaviour = lock(&shared.scripts)
        .get_mut(&seen.path)
        .and_then(|script| script.next.pop_front().or_else(|| script.always.clone()));
    let handler = shared.handler(&seen.path).filter(|_| behaviour.is_none());
    let hangs = behaviour == Some(Behaviour::Hang);
    let response = if let Some(handler) = handler {
        handler.0(&seen).into_response()
    } else if matches!(head.method, Method::GET | Method::HEAD) || behaviour.is_some() {
        answer(&shared.folder, &seen.path, &head.headers, behaviour)
    } else {
        StatusCode::METHOD_NOT_ALLOWED.into_response()
    };
    seen.status = (!hangs).then(|| response.status().as_u16());
    lock(&shared.seen).push(seen);
    if hangs {
        std::future::pending::<()>().await;
    }
    response
}

impl Shared {
    /// The handler of a path, or the one of its longest beginning.
    fn handler(&self, path: &str) -> Option<Handler> {
        let handlers = lock(&self.handlers);
        let fits = |pattern: &str| match pattern.strip_suffix('*') {
            Some(beginning) => path.starts_with(beginning),
            None => path == pattern,
        };
        handlers
            .iter()
            .filter(|(pattern, _)| fits(pattern))
            .max_by_key(|(pattern, _)| pattern.len())
            .map(|(_, handler)| handler.clone())
    }
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
                Some(Behaviour::IgnoreRange) => resource.whole(asked),
                Some(Behaviour::BreakOff) => resource.half(asked),
                _ => resource.answer(asked),
            },
            None => StatusCode::NOT_FOUND.into_response(),
        },
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
