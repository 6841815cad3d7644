//! `[suppliers.source.paging]` and `[suppliers.source.graphql]`: APIs that give a delivery page by page.

use std::path::PathBuf;

use serde::Deserialize;

/// How a JSON API gives one page after the other.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Paging {
    /// What names the next page.
    #[serde(rename = "type")]
    pub kind: PagingKind,
    /// JSON pointer to the array of items in each page; the page itself where absent.
    #[serde(default)]
    pub items: String,
    /// The query parameter that names the page; the kind's own name where absent.
    pub parameter: Option<String>,
    /// The number of the first page, for `page`.
    pub first: Option<u64>,
    /// JSON pointer to what names the next page in each page: required for `cursor`; for `link` instead of the header.
    pub next: Option<String>,
    /// The query parameter for the number of items in a page.
    pub size_parameter: Option<String>,
    /// The number of items in a page.
    pub page_size: Option<u64>,
    /// The most pages of one delivery.
    #[serde(default = "ten_thousand")]
    pub max_pages: u64,
}

pub(crate) fn ten_thousand() -> u64 {
    10_000
}

/// What names the next page.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum PagingKind {
    /// Its number.
    Page,
    /// How many items are before it.
    Offset,
    /// A word in the page before it.
    Cursor,
    /// An address in the page before it: `Link: <…>; rel="next"`, or in the body.
    Link,
}

impl Paging {
    /// The query parameter that names the page.
    pub(crate) fn parameter(&self) -> &str {
        self.parameter.as_deref().unwrap_or(match self.kind {
            PagingKind::Page => "page",
            PagingKind::Offset => "offset",
            PagingKind::Cursor | PagingKind::Link => "cursor",
        })
    }

    pub(super) fn check(&self) -> Result<(), String> {
        let only = |key: &str, of: &str| Err(format!("source.paging.{key} is for {of}"));
        match self.kind {
            PagingKind::Cursor if self.next.is_none() => {
                return Err("source.paging.next must say where in a page the next cursor is".to_owned());
            }
            PagingKind::Page | PagingKind::Offset if self.next.is_some() => {
                return only("next", "type \"cursor\" and \"link\"");
            }
            PagingKind::Link if self.parameter.is_some() => {
                return only("parameter", "type \"page\", \"offset\" and \"cursor\"");
            }
            _ => {}
        }
        if self.first.is_some() && self.kind != PagingKind::Page {
            return only("first", "type \"page\"");
        }
        if self.size_parameter.is_some() != self.page_size.is_some() {
            return Err("source.paging.size_parameter and page_size belong together".to_owned());
        }
        check_pointer("paging.items", &self.items)?;
        check_pointer("paging.next", self.next.as_deref().unwrap_or_default())?;
        check_pages("paging", self.max_pages)
    }
}

/// A GraphQL connection, as Shopify's Admin API has it: `nodes` or `edges`, and `pageInfo` beside them.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct GraphQl {
    /// The file that holds the query.
    pub query: PathBuf,
    /// JSON pointer to the connection's `nodes` or `edges` in an answer, such as `/data/products/nodes`.
    pub items: String,
    /// The variable that takes the cursor.
    #[serde(default = "cursor")]
    pub cursor: String,
    /// Further variables.
    #[serde(default)]
    pub variables: serde_json::Map<String, serde_json::Value>,
    /// The most pages of one delivery.
    #[serde(default = "ten_thousand")]
    pub max_pages: u64,
}

fn cursor() -> String {
    "cursor".to_owned()
}

impl GraphQl {
    pub(super) fn check(&self) -> Result<(), String> {
        check_pointer("graphql.items", &self.items)?;
        if !(self.items.ends_with("/nodes") || self.items.ends_with("/edges")) {
            return Err("source.graphql.items must end with /nodes or /edges".to_owned());
        }
        if self.variables.contains_key(&self.cursor) {
            return Err(format!("source.graphql.variables holds {}, which takes the cursor", self.cursor));
        }
        check_pages("graphql", self.max_pages)
    }
}

fn check_pointer(key: &str, pointer: &str) -> Result<(), String> {
    if pointer.is_empty() || pointer.starts_with('/') {
        Ok(())
    } else {
        Err(format!("source.{key} is a JSON pointer: it begins with /"))
    }
}

fn check_pages(table: &str, pages: u64) -> Result<(), String> {
    if (1..=1_000_000).contains(&pages) {
        Ok(())
    } else {
        Err(format!("source.{table}.max_pages is from 1 to 1000000"))
    }
}
