//! The suggested section put to the test: some rows read with it, and what came of them.

use std::collections::BTreeMap;
use std::ops::ControlFlow;
use std::path::Path;

use berika_catalog::{DeliveryKind, ProductRecord};

use crate::config::FeedConfig;
use crate::row::shorten_to;
use crate::{DeliveryContext, FeedProblem, Limits, Row};

/// What a field held in the rows tried.
#[derive(Debug, Default)]
pub(super) struct Held {
    pub(super) filled: u64,
    pub(super) samples: Vec<String>,
    /// The column or path that it came from most recently.
    pub(super) column: Option<String>,
}

/// The outcome of a trial.
#[derive(Debug, Default)]
pub(super) struct Trial {
    pub(super) rows: u64,
    pub(super) products: u64,
    pub(super) fields: BTreeMap<String, Held>,
    /// Titles and descriptions.
    pub(super) texts: String,
    pub(super) addresses: String,
    /// What was wrong, by kind, with the first example.
    pub(super) problems: BTreeMap<String, (u64, String)>,
    pub(super) currencies: BTreeMap<String, u64>,
}

/// Reads up to so many rows.
pub(super) fn read(
    path: &Path,
    config: &FeedConfig,
    context: &DeliveryContext,
    limits: &Limits,
) -> Result<Trial, FeedProblem> {
    const ROWS: u64 = 300;
    let mut trial = Trial::default();
    let read = crate::read(path, config, context, limits, &mut |row| {
        trial.add(row);
        if trial.rows >= ROWS { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
    });
    match read {
        // What comes before a fault is enough to judge the section by.
        Err(error) if trial.products == 0 => Err(error.problem),
        _ => Ok(trial),
    }
}

/// The context that the suggested section would give.
pub(super) fn context(
    kind: DeliveryKind,
    language: Option<berika_catalog::Language>,
    currency: Option<berika_catalog::Currency>,
) -> DeliveryContext {
    DeliveryContext { kind, language, currency, ..super::sample::context() }
}

impl Trial {
    fn add(&mut self, row: Row) {
        self.rows += 1;
        for warning in row.warnings.iter().filter(|_| row.outcome.is_ok()) {
            let kind =
                format!("{} {}", warning.field.split('.').next().unwrap_or_default(), warning.problem.kind());
            self.problem(kind, || warning.to_string());
        }
        match row.outcome {
            Ok(product) => self.product(&product),
            Err(error) => self.problem(format!("row {}", error.problem.kind()), || error.to_string()),
        }
    }

    fn problem(&mut self, kind: String, example: impl FnOnce() -> String) {
        self.problems.entry(kind).or_insert_with(|| (0, example())).0 += 1;
    }

    fn product(&mut self, product: &ProductRecord) {
        const MOST_TEXT: usize = 6_000;
        self.products += 1;
        let values = &product.values;
        self.hold("sku", &product.key.sku, None);
        for (name, value) in values.fields() {
            let column =
                product.provenance.get(name.as_str()).and_then(|o| Some(o.column.as_ref()?.to_string()));
            self.hold(&name, &shown(&value), column);
        }
        if let Some(price) = &values.price {
            *self.currencies.entry(price.currency.to_string()).or_default() += 1;
        }
        for text in [&values.title, &values.description].into_iter().flatten() {
            if self.texts.len() < MOST_TEXT {
                self.texts.push_str(&shorten_to(text, 300));
                self.texts.push('\n');
            }
        }
        if self.addresses.len() < MOST_TEXT {
            self.addresses.extend(values.images.iter().take(1).map(|address| format!("{address}\n")));
        }
    }

    fn hold(&mut self, field: &str, value: &str, column: Option<String>) {
        let held = self.fields.entry(field.to_owned()).or_default();
        held.filled += 1;
        if held.samples.len() < 3 && !held.samples.iter().any(|known| known == value) {
            held.samples.push(shorten_to(value, 60));
        }
        if column.is_some() {
            held.column = column;
        }
    }
}

/// A value as people write it.
fn shown(value: &serde_json::Value) -> String {
    let text = |value: &serde_json::Value| match value {
        serde_json::Value::String(text) => text.clone(),
        other => other.to_string(),
    };
    match value {
        serde_json::Value::Array(list) => list.iter().map(text).collect::<Vec<_>>().join(" > "),
        serde_json::Value::Object(object) => object.values().map(text).collect::<Vec<_>>().join(" "),
        value => text(value),
    }
}
