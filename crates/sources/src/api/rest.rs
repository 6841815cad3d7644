//! JSON APIs with page numbers, offsets, cursors or links.

use berika_net::{CallRequest, Secret, Url, redacted};
use serde_json::Value;

use super::{Page, items_at, json};
use crate::attempts::Attempts;
use crate::config::{Paging, PagingKind};
use crate::error::{PageError, SourceError};

pub(super) struct Rest<'a> {
    pub(super) paging: &'a Paging,
    pub(super) url: Url,
    pub(super) max_page: usize,
}

impl Rest<'_> {
    pub(super) async fn page(
        &self,
        attempts: &mut Attempts<'_>,
        at: Option<&str>,
    ) -> Result<Page, SourceError> {
        let url = self.address(at)?;
        let shown = redacted(&url);
        let answer = attempts
            .call(&url, |mut headers, deadline| {
                headers.push(("accept".to_owned(), Secret::from("application/json")));
                CallRequest { url: url.clone(), headers, body: None, deadline, max_bytes: self.max_page }
            })
            .await?;
        let mut page = json(&answer.body).map_err(|error| error.at(&shown))?;
        // The next one is read first: taking the items out may take it along.
        let named = self.named(&page, at.is_none());
        let items = items_at(&mut page, &self.paging.items).map_err(|error| error.at(&shown))?;
        let named = named.map_err(|error| error.at(&shown))?;
        let next = match self.paging.kind {
            PagingKind::Page if items.is_empty() => None,
            PagingKind::Page => Some(self.number(at).saturating_add(1).to_string()),
            PagingKind::Offset if items.is_empty() => None,
            PagingKind::Offset => Some(self.number(at).saturating_add(items.len() as u64).to_string()),
            PagingKind::Cursor => named,
            PagingKind::Link => {
                let link = match self.paging.next {
                    Some(_) => named,
                    None => answer.link.as_deref().and_then(next_link),
                };
                link.map(|link| self.followed(&url, &link)).transpose().map_err(|error| error.at(&shown))?
            }
        };
        Ok(Page { items, next, cut: None })
    }

    /// What the page itself names as the next one. A pointer that leads nowhere on the first page, or to an object or
    /// array on any, is taken for a wrong one: otherwise that page would pass for the whole delivery.
    fn named(&self, page: &Value, first: bool) -> Result<Option<String>, PageError> {
        let Some(pointer) = &self.paging.next else { return Ok(None) };
        match page.pointer(pointer) {
            None if !first => Ok(None),
            None | Some(Value::Object(_) | Value::Array(_)) => {
                Err(PageError::NoNext { pointer: pointer.clone() })
            }
            Some(value) => Ok(word(value)),
        }
    }

    /// The number that names a page.
    fn number(&self, at: Option<&str>) -> u64 {
        let first = match self.paging.kind {
            PagingKind::Page => self.paging.first.unwrap_or(1),
            _ => 0,
        };
        at.and_then(|at| at.parse().ok()).unwrap_or(first)
    }

    fn address(&self, at: Option<&str>) -> Result<Url, SourceError> {
        let mut url = self.url.clone();
        if let (Some(parameter), Some(size)) = (&self.paging.size_parameter, self.paging.page_size) {
            set(&mut url, parameter, &size.to_string());
        }
        match (self.paging.kind, at) {
            (PagingKind::Link, Some(link)) => {
                return Url::parse(link).map_err(|source| SourceError::Url { key: "url", source });
            }
            (PagingKind::Page | PagingKind::Offset, _) => {
                set(&mut url, self.paging.parameter(), &self.number(at).to_string());
            }
            (PagingKind::Cursor, Some(cursor)) => set(&mut url, self.paging.parameter(), cursor),
            (PagingKind::Cursor | PagingKind::Link, None) => {}
        }
        Ok(url)
    }

    /// The next link, which must not carry the credentials to anyone else.
    fn followed(&self, from: &Url, link: &str) -> Result<String, PageError> {
        // What was no UTF-8 in a header would lead to another page, or to none.
        if link.contains(char::REPLACEMENT_CHARACTER) {
            return Err(PageError::BadLink);
        }
        let mut next = from.join(link).map_err(|_| PageError::BadLink)?;
        next.set_fragment(None);
        if next.origin() == self.url.origin() {
            Ok(next.into())
        } else {
            Err(PageError::OtherHost { host: next.host_str().unwrap_or_default().to_owned() })
        }
    }
}

/// A cursor or link in a page: a text or a number; nothing else names a page.
fn word(value: &Value) -> Option<String> {
    match value {
        Value::String(text) if !text.is_empty() => Some(text.clone()),
        Value::Number(number) => Some(number.to_string()),
        _ => None,
    }
}

/// Sets a query parameter, in place of the one that the address may have already.
fn set(url: &mut Url, name: &str, value: &str) {
    let others: Vec<(String, String)> =
        url.query_pairs().filter(|(known, _)| known != name).map(|(n, v)| (n.into(), v.into())).collect();
    url.query_pairs_mut().clear().extend_pairs(others).append_pair(name, value);
}

/// The target of `rel="next"` in `Link` headers (RFC 8288).
pub(super) fn next_link(header: &str) -> Option<String> {
    let mut rest = header;
    while let Some((_, after)) = rest.split_once('<') {
        let (target, after) = after.split_once('>')?;
        // Commas and semicolons may stand in quotes, angle brackets begin the next link.
        let end = after.find('<').unwrap_or(after.len());
        let mut parameters = after[..end].split([';', ',']);
        let is_next = parameters.any(|parameter| {
            let (name, value) = parameter.split_once('=').unwrap_or((parameter, ""));
            let mut kinds = value.trim().trim_matches('"').split_ascii_whitespace();
            name.trim().eq_ignore_ascii_case("rel") && kinds.any(|kind| kind.eq_ignore_ascii_case("next"))
        });
        if is_next {
            return Some(target.trim().to_owned());
        }
        rest = &after[end..];
    }
    None
}
