//! A file as a web server sees it: bytes, type and validators.

use crate::body::truncated;
use crate::ranges::rest_wanted;
use axum::body::Body;
use axum::http::header::{
    CONTENT_LENGTH, CONTENT_RANGE, CONTENT_TYPE, ETAG, IF_MODIFIED_SINCE, IF_NONE_MATCH, LAST_MODIFIED,
};
use axum::http::{HeaderMap, HeaderName, StatusCode};
use axum::response::{IntoResponse, Response};
use std::path::Path;
use std::time::SystemTime;

pub(crate) struct Resource {
    pub(crate) bytes: Vec<u8>,
    pub(crate) content_type: String,
    pub(crate) etag: String,
    pub(crate) modified: Option<SystemTime>,
}

impl Resource {
    pub(crate) fn of(path: &str, bytes: Vec<u8>) -> Self {
        let etag = format!("\"{}\"", &blake3::hash(&bytes).to_hex()[..32]);
        Self { bytes, content_type: content_type(path).to_owned(), etag, modified: None }
    }

    /// The file of a path; `None` where there is none, or where the path is not made of plain names alone.
    pub(crate) fn read(folder: &Path, path: &str) -> Option<Self> {
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

    pub(crate) fn answer(self, asked: &HeaderMap) -> Response {
        match rest_wanted(asked, &self.etag, self.bytes.len()) {
            Some(from) => self.part(from, |rest| rest.to_vec().into()),
            None => self.whole(asked),
        }
    }

    /// Half of what is asked for; then the connection is cut.
    pub(crate) fn half(self, asked: &HeaderMap) -> Response {
        let from = rest_wanted(asked, &self.etag, self.bytes.len());
        let length = self.bytes.len() - from.unwrap_or(0);
        let mut response = match from {
            Some(from) => self.part(from, truncated),
            None => self.with_headers(StatusCode::OK, truncated(&self.bytes)),
        };
        response.headers_mut().insert(CONTENT_LENGTH, length.into());
        response
    }

    pub(crate) fn whole(self, asked: &HeaderMap) -> Response {
        if self.is_what_the_client_has(asked) {
            return self.with_headers(StatusCode::NOT_MODIFIED, Body::empty());
        }
        let body = self.bytes.clone().into();
        self.with_headers(StatusCode::OK, body)
    }

    fn part(self, from: usize, body: impl Fn(&[u8]) -> Body) -> Response {
        let range = format!("bytes {from}-{}/{}", self.bytes.len() - 1, self.bytes.len());
        let body = body(&self.bytes[from..]);
        ([(CONTENT_RANGE, range)], self.with_headers(StatusCode::PARTIAL_CONTENT, body)).into_response()
    }

    fn with_headers(&self, status: StatusCode, body: Body) -> Response {
        let named = [(ETAG, self.etag.clone()), (CONTENT_TYPE, self.content_type.clone())];
        match self.modified.map(|time| [(LAST_MODIFIED, httpdate::fmt_http_date(time))]) {
            Some(date) => (status, named, date, body).into_response(),
            None => (status, named, body).into_response(),
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

pub(crate) fn content_type(path: &str) -> &'static str {
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
