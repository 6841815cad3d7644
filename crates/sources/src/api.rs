//! Deliveries that come page by page: every page's items go into one JSON Lines file.
//!
//! A delivery that ends before its end (a page that does not come, pages that repeat, pages without end, items that are cut) is not lost:
//! the items before are there, and [`Delivery::incomplete`] says what is wrong. Memory holds one page.

mod graphql;
mod rest;

use std::collections::HashSet;

use berika_net::{Url, error_chain, redacted};
use serde_json::Value;
use tokio::io::AsyncWriteExt as _;

use crate::attempts::Attempts;
use crate::config::SourceConfig;
use crate::error::{PageError, SourceError};
use crate::{Delivery, Got, Sources, Surroundings, Validators};
use graphql::Connection;
use rest::Rest;

/// The largest page: read, it may take ninety times as much memory.
const MAX_PAGE_BYTES: u64 = 8 << 20;
/// The longest cursor or next link.
const MAX_NEXT_BYTES: usize = 4096;

/// One page.
struct Page {
    items: Vec<Value>,
    /// What names the next page; `None` at the end.
    next: Option<String>,
    /// Where an item holds less than there is of it.
    cut: Option<String>,
}

/// The two kinds of API.
enum Api<'a> {
    Rest(Rest<'a>),
    GraphQl(Connection<'a>),
}

impl Api<'_> {
    /// Asks for the page that `at` names, the first one where it is `None`.
    async fn page(&self, attempts: &mut Attempts<'_>, at: Option<&str>) -> Result<Page, SourceError> {
        match self {
            Self::Rest(rest) => rest.page(attempts, at).await,
            Self::GraphQl(connection) => connection.page(attempts, at).await,
        }
    }
}

/// Gets all pages.
pub(crate) async fn fetch(
    sources: &Sources,
    config: &SourceConfig,
    around: Surroundings<'_>,
) -> Result<Got, SourceError> {
    let url = config.url.as_deref().unwrap_or_default();
    let url = Url::parse(url).map_err(|source| SourceError::Url { key: "url", source })?;
    let shown = redacted(&url);
    let max_page = config.max_bytes().min(MAX_PAGE_BYTES) as usize;
    let (api, max_pages) = match (&config.paging, &config.graphql) {
        (None, None) => return Err(PageError::BadLink.at(&shown)),
        (_, Some(graphql)) => {
            (Api::GraphQl(Connection::read(graphql, url, max_page, around)?), graphql.max_pages)
        }
        (Some(paging), None) => (Api::Rest(Rest { paging, url, max_page }), paging.max_pages),
    };
    let mut attempts = Attempts::new(sources, config, around)?;
    let (file, temporary) = tempfile::NamedTempFile::new().map_err(SourceError::Spool)?.into_parts();
    let mut spool = Spool {
        file: tokio::fs::File::from_std(file),
        shown: shown.clone(),
        bytes: 0,
        max_bytes: config.max_bytes(),
        pages: 0,
        items: 0,
        seen: HashSet::new(),
        cut: None,
    };
    let problem = match all_pages(&api, &mut attempts, max_pages, &mut spool).await {
        Ok(()) => spool.cut.take(),
        Err(SourceError::Spool(error)) => return Err(SourceError::Spool(error)),
        Err(error) if spool.items == 0 => return Err(error),
        Err(error) => Some(spool.incomplete(&error)),
    };
    spool.file.flush().await.map_err(SourceError::Spool)?;
    Ok(Got::Delivery(Box::new(Delivery {
        path: temporary.to_path_buf(),
        shown,
        validators: Validators::default(),
        incomplete: problem,
        temporary: Some(temporary),
    })))
}

async fn all_pages(
    api: &Api<'_>,
    attempts: &mut Attempts<'_>,
    max_pages: u64,
    spool: &mut Spool,
) -> Result<(), SourceError> {
    let mut at: Option<String> = None;
    loop {
        if spool.pages == max_pages {
            return Err(PageError::TooManyPages { limit: max_pages }.at(&spool.shown));
        }
        let page = api.page(attempts, at.as_deref()).await?;
        spool.add(&page.items).await?;
        if let (None, Some(path)) = (&spool.cut, page.cut) {
            let error = PageError::Cut { path, page: spool.pages }.at(&spool.shown);
            spool.cut =
                Some(format!("{error}; the items are taken in as they came, and nothing counts as missing"));
        }
        let Some(next) = page.next else { return Ok(()) };
        if next.len() > MAX_NEXT_BYTES {
            return Err(PageError::LongNext.at(&spool.shown));
        }
        // A cursor or link seen before leads in a circle.
        if !spool.seen.insert(blake3::hash(next.as_bytes())) {
            return Err(PageError::Circle { page: spool.pages }.at(&spool.shown));
        }
        at = Some(next);
    }
}

/// The items of all pages so far, one JSON text a line.
struct Spool {
    file: tokio::fs::File,
    shown: String,
    bytes: u64,
    max_bytes: u64,
    pages: u64,
    items: u64,
    /// Hashes of pages, and of what named the next ones.
    seen: HashSet<blake3::Hash>,
    /// What is wrong with the first items that came cut.
    cut: Option<String>,
}

impl Spool {
    async fn add(&mut self, items: &[Value]) -> Result<(), SourceError> {
        self.pages += 1;
        let mut lines = Vec::new();
        for item in items {
            serde_json::to_writer(&mut lines, item)
                .map_err(|error| SourceError::Spool(std::io::Error::from(error)))?;
            lines.push(b'\n');
        }
        if !items.is_empty() && !self.seen.insert(blake3::hash(&lines)) {
            return Err(PageError::Repeats { page: self.pages }.at(&self.shown));
        }
        self.bytes += lines.len() as u64;
        if self.bytes > self.max_bytes {
            return Err(PageError::TooLarge { limit: self.max_bytes }.at(&self.shown));
        }
        self.file.write_all(&lines).await.map_err(SourceError::Spool)?;
        self.items += items.len() as u64;
        Ok(())
    }

    fn incomplete(&self, error: &SourceError) -> String {
        format!(
            "{}; the {} items before that are taken in, and nothing counts as missing",
            error_chain(error),
            self.items
        )
    }
}

/// The items at a pointer of a page.
fn items_at(page: &mut Value, pointer: &str) -> Result<Vec<Value>, PageError> {
    match page.pointer_mut(pointer).map(Value::take) {
        Some(Value::Array(items)) => Ok(items),
        Some(_) => Err(PageError::NoArray { pointer: pointer.to_owned() }),
        None => Err(PageError::NoItems { pointer: pointer.to_owned() }),
    }
}

/// A page as JSON. What is no JSON is told by how it begins: a web page is the usual case.
fn json(body: &[u8]) -> Result<Value, PageError> {
    serde_json::from_slice(body).map_err(|error| {
        let begins = String::from_utf8_lossy(&body[..body.len().min(200)]).trim_start().to_ascii_lowercase();
        if begins.starts_with("<!doctype html") || begins.starts_with("<html") {
            PageError::WebPage
        } else {
            PageError::NotJson { line: error.line(), column: error.column() }
        }
    })
}
