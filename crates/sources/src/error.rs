//! Why a delivery could not be got. Every message is one line and shows no secret.

use std::path::PathBuf;

use berika_net::{FetchError, SecretError};

/// Why a delivery could not be got.
#[derive(Debug, thiserror::Error)]
pub enum SourceError {
    /// An address cannot be used.
    #[error("source.{key} is no address")]
    Url {
        /// The key of the configuration.
        key: &'static str,
        /// Why.
        source: url::ParseError,
    },
    /// A secret is not there.
    #[error("{what}")]
    Secret {
        /// What needs it, such as `header X-Api-Key`.
        what: String,
        /// Why.
        source: SecretError,
    },
    /// It did not come.
    #[error(transparent)]
    Fetch(#[from] FetchError),
    /// The token server gave no token.
    #[error("{url}: no access token: {reason}")]
    Token {
        /// The token server, without secrets.
        url: String,
        /// What it answered.
        reason: String,
    },
    /// A page of an API is none, or leads nowhere.
    #[error("{url}: {problem}")]
    Page {
        /// The page, without secrets.
        url: String,
        /// What is wrong with it.
        problem: PageError,
    },
    /// A folder cannot be looked through.
    #[error("cannot list {}", path.display())]
    Folder {
        /// The folder.
        path: PathBuf,
        /// Why.
        source: std::io::Error,
    },
    /// The file with the query cannot be read.
    #[error("cannot read the query in {}", path.display())]
    Query {
        /// The file.
        path: PathBuf,
        /// Why.
        source: std::io::Error,
    },
    /// An object is not to be found.
    #[error(transparent)]
    Object(#[from] ObjectError),
    /// It cannot be written here.
    #[error("a temporary file cannot be written")]
    Spool(#[source] std::io::Error),
}

/// What is wrong with a page of an API, or with the way from one to the next.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum PageError {
    /// A page for people, such as a login page.
    #[error("a web page (HTML) where JSON is expected")]
    WebPage,
    /// Not JSON.
    #[error("no valid JSON at line {line}, column {column}")]
    NotJson {
        /// The line, from 1.
        line: usize,
        /// The column, from 1.
        column: usize,
    },
    /// The pointer leads to nothing.
    #[error("nothing at {pointer}, where the items should be")]
    NoItems {
        /// The JSON pointer.
        pointer: String,
    },
    /// The pointer leads to something else than an array.
    #[error("no array at {pointer:?}, where the items should be")]
    NoArray {
        /// The JSON pointer.
        pointer: String,
    },
    /// The pointer to the next page leads to nothing, or to what can name none.
    #[error(
        "nothing at {pointer} that names the next page (paging.next); after the last page it would be null"
    )]
    NoNext {
        /// The JSON pointer.
        pointer: String,
    },
    /// GraphQL without `pageInfo`: the query must ask for it.
    #[error("nothing usable at {pointer}: the query must ask for pageInfo {{ hasNextPage endCursor }}")]
    NoPageInfo {
        /// The JSON pointer.
        pointer: String,
    },
    /// GraphQL: a connection inside an item has a next page, which nothing asks for.
    #[error(
        "page {page} does not hold all of {path:?} (hasNextPage): the query must ask for more of them at once"
    )]
    Cut {
        /// Where in an item.
        path: String,
        /// The page, from 1.
        page: u64,
    },
    /// A page that came before came again.
    #[error("page {page} repeats an earlier one")]
    Repeats {
        /// Which one, from 1.
        page: u64,
    },
    /// A cursor or link that was followed before.
    #[error("what page {page} names as the next one leads back to an earlier one")]
    Circle {
        /// Which one, from 1.
        page: u64,
    },
    /// More pages than permitted.
    #[error("more than {limit} pages (max_pages)")]
    TooManyPages {
        /// The limit.
        limit: u64,
    },
    /// More bytes than permitted.
    #[error("the pages are together larger than the limit of {limit} bytes (max_megabytes)")]
    TooLarge {
        /// The limit.
        limit: u64,
    },
    /// A next link or cursor of absurd length.
    #[error("what names the next page is longer than 4096 bytes")]
    LongNext,
    /// The next link is no address.
    #[error("the link to the next page is no address")]
    BadLink,
    /// The next link leads to another host.
    #[error("the next page is on another host ({host}), which must not get the credentials")]
    OtherHost {
        /// The host.
        host: String,
    },
    /// GraphQL's own refusal, with status 200.
    #[error("the server refuses the query: {message:?}")]
    GraphQl {
        /// The server's first message.
        message: String,
    },
    /// The budget never sufficed.
    #[error("the query is still throttled after {times} waits")]
    Throttled {
        /// How often it was waited for.
        times: u32,
    },
}

impl PageError {
    /// The same, with the page that it is about.
    pub(crate) fn at(self, url: &str) -> SourceError {
        SourceError::Page { url: url.to_owned(), problem: self }
    }
}

/// Why an object in storage is not to be found.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ObjectError {
    /// The bucket has no address.
    #[error("{problem}")]
    Bucket {
        /// Why.
        problem: String,
    },
    /// The listing is no listing.
    #[error("{url}: the list of objects cannot be read")]
    Listing {
        /// Its address, without secrets.
        url: String,
    },
    /// No object has such a name.
    #[error("{bucket}: there is no object whose name begins with {prefix:?}")]
    Nothing {
        /// The bucket.
        bucket: String,
        /// How the name should begin.
        prefix: String,
    },
    /// Too many objects have such a name to look for the newest.
    #[error(
        "{bucket}: more than {pages} pages of objects have names that begin with {prefix:?}; give a longer prefix"
    )]
    TooMany {
        /// The bucket.
        bucket: String,
        /// How the names begin.
        prefix: String,
        /// How many pages were read.
        pages: u32,
    },
}
