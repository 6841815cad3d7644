//! GraphQL connections, as Shopify's Admin API has them: a POST with query and variables, `pageInfo` beside the items,
//! errors in answers with status 200, and a cost budget that refills.

use std::time::Duration;

use berika_net::{CallRequest, Secret, Url, redacted};
use serde_json::{Map, Value, json};

use super::{Page, items_at};
use crate::Surroundings;
use crate::attempts::Attempts;
use crate::config::GraphQl;
use crate::error::{PageError, SourceError};

/// The largest file with a query.
const MAX_QUERY_BYTES: u64 = 1 << 20;
/// How often in a row a page is waited for that the budget does not suffice for.
const THROTTLES: u32 = 10;
/// The longest message of a server that is shown.
const MAX_MESSAGE: usize = 300;

/// A connection that is read page by page.
pub(super) struct Connection<'a> {
    config: &'a GraphQl,
    url: Url,
    shown: String,
    query: String,
    max_page: usize,
}

impl<'a> Connection<'a> {
    /// Reads the query's file.
    pub(super) fn read(
        config: &'a GraphQl,
        url: Url,
        max_page: usize,
        around: Surroundings<'_>,
    ) -> Result<Self, SourceError> {
        let path = around.folder.join(&config.query);
        let unreadable = |source| SourceError::Query { path: path.clone(), source };
        if std::fs::metadata(&path).map_err(unreadable)?.len() > MAX_QUERY_BYTES {
            return Err(unreadable(std::io::Error::other("it is larger than 1 MB")));
        }
        let query = std::fs::read_to_string(&path).map_err(unreadable)?;
        Ok(Self { config, shown: redacted(&url), url, query, max_page })
    }

    pub(super) async fn page(
        &self,
        attempts: &mut Attempts<'_>,
        at: Option<&str>,
    ) -> Result<Page, SourceError> {
        let mut variables: Map<String, Value> = self.config.variables.clone();
        variables.insert(self.config.cursor.clone(), at.map_or(Value::Null, Value::from));
        let body = json!({ "query": self.query, "variables": variables }).to_string();
        for _ in 0..THROTTLES {
            let answer = attempts
                .call(&self.url, |mut headers, deadline| {
                    for name in ["accept", "content-type"] {
                        headers.push((name.to_owned(), Secret::from("application/json")));
                    }
                    let body = Some(body.clone().into());
                    CallRequest { url: self.url.clone(), headers, body, deadline, max_bytes: self.max_page }
                })
                .await?;
            let answer = super::json(&answer.body).map_err(|error| error.at(&self.shown))?;
            match refusal(&answer) {
                None => return self.read_page(answer),
                Some(Refusal::Throttled(wait)) => attempts.sleep(&self.url, wait).await?,
                Some(Refusal::Error(message)) => {
                    // Hidden first: a secret that the cut goes through would not be found any more.
                    let message = one_line(&attempts.without_secrets(&message));
                    return Err(PageError::GraphQl { message }.at(&self.shown));
                }
            }
        }
        Err(PageError::Throttled { times: THROTTLES }.at(&self.shown))
    }

    fn read_page(&self, mut answer: Value) -> Result<Page, SourceError> {
        let pointer = &self.config.items;
        let connection = pointer.rsplit_once('/').map_or("", |(connection, _)| connection);
        let info = answer.pointer(connection).and_then(|connection| connection.get("pageInfo"));
        let read = info.and_then(|info| {
            let more = info.get("hasNextPage")?.as_bool()?;
            Some((more, info.get("endCursor").and_then(Value::as_str).map(str::to_owned)))
        });
        let next = match read {
            Some((false, _)) => None,
            Some((true, Some(cursor))) => Some(cursor),
            Some((true, None)) | None => {
                let pointer = format!("{connection}/pageInfo");
                return Err(PageError::NoPageInfo { pointer }.at(&self.shown));
            }
        };
        let mut items = items_at(&mut answer, pointer).map_err(|error| error.at(&self.shown))?;
        if pointer.ends_with("/edges") {
            for edge in &mut items {
                *edge = edge.get_mut("node").map(Value::take).unwrap_or_default();
            }
        }
        let cut = items.iter().find_map(unfinished).map(|path| format!("{path} of an item at {pointer}"));
        Ok(Page { items, next, cut })
    }
}

/// Where in a value a connection goes on: only the outer one is read page by page.
fn unfinished(value: &Value) -> Option<String> {
    match value {
        Value::Object(members) => {
            if value.pointer("/pageInfo/hasNextPage") == Some(&Value::Bool(true)) {
                return Some(String::new());
            }
            members.iter().find_map(|(name, member)| Some(format!("/{name}{}", unfinished(member)?)))
        }
        Value::Array(elements) => {
            elements.iter().find_map(|element| Some(format!("/*{}", unfinished(element)?)))
        }
        _ => None,
    }
}

enum Refusal {
    /// The budget will suffice after this time.
    Throttled(Duration),
    /// The server's own words.
    Error(String),
}

/// What an answer with status 200 refuses. An answer that holds data and errors is refused too: it is not whole.
fn refusal(answer: &Value) -> Option<Refusal> {
    let errors = answer.get("errors").filter(|errors| !errors.is_null())?;
    let list = errors.as_array().map(Vec::as_slice).unwrap_or_default();
    let throttled = |error: &Value| error.pointer("/extensions/code").is_some_and(|code| code == "THROTTLED");
    if list.iter().any(throttled) {
        return Some(Refusal::Throttled(until_restored(answer)));
    }
    let first = list.first().and_then(|error| error.get("message")).or(Some(errors)).and_then(Value::as_str);
    let message = first.unwrap_or("no message").to_owned();
    // An empty list says that nothing is wrong.
    (errors.as_array().is_none_or(|list| !list.is_empty())).then_some(Refusal::Error(message))
}

/// The beginning of a server's message, without line breaks.
fn one_line(message: &str) -> String {
    message.chars().take(MAX_MESSAGE).map(|c| if c.is_control() { ' ' } else { c }).collect()
}

/// How long the budget takes to refill as far as the query costs: 1 s where the server does not say.
fn until_restored(answer: &Value) -> Duration {
    const UNTOLD: Duration = Duration::from_secs(1);
    let number = |pointer: &str| answer.pointer(pointer).and_then(Value::as_f64);
    let told = || {
        let cost = number("/extensions/cost/requestedQueryCost")?;
        let available = number("/extensions/cost/throttleStatus/currentlyAvailable")?;
        let rate = number("/extensions/cost/throttleStatus/restoreRate").filter(|rate| *rate > 0.0)?;
        Duration::try_from_secs_f64(((cost - available) / rate).max(0.0)).ok()
    };
    told().unwrap_or(UNTOLD)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_wait_is_what_the_budget_needs_to_refill() {
        let throttled = |cost: f64, available: f64, rate: f64| {
            json!({
                "errors": [{ "message": "Throttled", "extensions": { "code": "THROTTLED" } }],
                "extensions": { "cost": { "requestedQueryCost": cost,
                    "throttleStatus": { "maximumAvailable": 1000.0, "currentlyAvailable": available, "restoreRate": rate } } },
            })
        };
        assert_eq!(until_restored(&throttled(202.0, 102.0, 50.0)), Duration::from_secs(2));
        assert_eq!(until_restored(&throttled(202.0, 302.0, 50.0)), Duration::ZERO);
        assert_eq!(until_restored(&throttled(202.0, 2.0, 0.0)), Duration::from_secs(1));
        assert!(matches!(refusal(&throttled(1.0, 0.0, 1.0)), Some(Refusal::Throttled(_))));
        assert!(refusal(&json!({ "data": {} })).is_none());
        assert!(refusal(&json!({ "data": {}, "errors": [] })).is_none());
        for error in [json!([{ "message": "a\nb" }]), json!("a\nb")] {
            let Some(Refusal::Error(message)) = refusal(&json!({ "errors": error })) else { panic!() };
            assert_eq!(one_line(&message), "a b");
        }
    }
}
