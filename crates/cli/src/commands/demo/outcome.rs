//! What the demo shows after the run: what the shop received, examples, accuracy against the labels, what to try next.

use std::collections::HashMap;
use std::path::Path;

use anyhow::Context as _;
use berika_catalog::ProductKey;
use berika_pipeline::explain::explain;
use berika_pipeline::{Engine, RunReport};
use berika_store::ProductSummary;
use berika_testkit::WebhookReceiver;
use serde::Serialize;

use crate::output;

/// What the demo came to.
#[derive(Debug, Serialize)]
pub(super) struct Outcome {
    report: RunReport,
    /// Requests that the shop received in this run.
    received: usize,
    /// Of these, with a signature that verified.
    verified: usize,
    accuracy: Accuracy,
    examples: Vec<Example>,
}

/// The categories against the hand-written labels.
#[derive(Debug, Default, Serialize)]
struct Accuracy {
    /// Labelled products.
    labelled: usize,
    /// Of these, products that have a category of ours.
    ours: usize,
    /// Of these, with the right category as the best candidate.
    best_right: usize,
    /// Labelled products whose category was accepted without a look.
    accepted: usize,
    /// Of these, right.
    accepted_right: usize,
}

#[derive(Debug, Serialize)]
struct Example {
    product: String,
    title: String,
    category: String,
    confidence: f64,
    reasons: Vec<String>,
    language: String,
    described: String,
    short: String,
}

impl Outcome {
    /// Whether every event was delivered and verified, and nothing failed.
    pub(super) fn all_is_well(&self) -> bool {
        self.report.problems().is_empty() && self.received == self.verified
    }
}

pub(super) async fn look(
    engine: &Engine,
    report: &RunReport,
    shop: &WebhookReceiver,
    fixtures: &Path,
) -> anyhow::Result<Outcome> {
    let mut products: Vec<ProductSummary> = Vec::new();
    loop {
        let page = engine.store.categorised_products(products.last().map(|p| &p.key), 500).await?;
        if page.is_empty() {
            break;
        }
        products.extend(page);
    }
    let labels = labels(&fixtures.join("labels.csv"))?;
    Ok(Outcome {
        report: report.clone(),
        received: shop.count(),
        verified: shop.count() - shop.unverified().len(),
        accuracy: accuracy(&products, &labels),
        examples: examples(engine, &products).await?,
    })
}

pub(super) fn print(outcome: &Outcome) {
    output::line("");
    for example in &outcome.examples {
        output::line(format!("{}  {}", example.product, example.title));
        output::line(format!("    {}  (probability {:.2})", example.category, example.confidence));
        output::line(format!("    because {}", example.reasons.join("; ")));
        if !example.described.is_empty() {
            output::line(format!("    {}: {} | {}", example.language, example.described, example.short));
        }
    }
    let accuracy = &outcome.accuracy;
    output::line(format!(
        "\nAccuracy against {} hand-written labels: best candidate right {} of {}, accepted without a look {}, of which right {}",
        accuracy.labelled,
        share(accuracy.best_right, accuracy.ours),
        accuracy.ours,
        share(accuracy.accepted, accuracy.labelled),
        share(accuracy.accepted_right, accuracy.accepted),
    ));
    output::line(format!(
        "The shop received {} webhooks in this run and verified the signature of {}.",
        outcome.received, outcome.verified
    ));
    output::line(
        "\nTry next:\n  \
         berika demo                       again: nothing changed, so nothing is computed or sent\n  \
         edit fixtures/feeds/nordmat.csv   and run the demo: only what changed is sent\n  \
         berika demo --fresh               start over\n  \
         berika.example.toml               every key, for your own suppliers; then `berika doctor` and `berika run`",
    );
}

fn share(part: usize, whole: usize) -> String {
    if whole == 0 {
        return "0".to_owned();
    }
    format!("{part} ({:.1} %)", 100.0 * part as f64 / whole as f64)
}

/// The true category by product; `None`: outside the taxonomy.
fn labels(file: &Path) -> anyhow::Result<HashMap<ProductKey, Option<String>>> {
    let read = || format!("cannot read the labels in {}", file.display());
    let text = std::fs::read_to_string(file).with_context(read)?;
    let mut labels = HashMap::new();
    for line in text.lines().skip(1) {
        let mut parts = line.splitn(3, ',');
        let (Some(supplier), Some(sku), Some(category)) = (parts.next(), parts.next(), parts.next()) else {
            continue;
        };
        let key = ProductKey::parse(&format!("{supplier}/{sku}")).with_context(read)?;
        labels.insert(key, Some(category.trim().to_owned()).filter(|category| !category.is_empty()));
    }
    Ok(labels)
}

fn accuracy(products: &[ProductSummary], labels: &HashMap<ProductKey, Option<String>>) -> Accuracy {
    let mut accuracy = Accuracy::default();
    for product in products {
        let Some(truth) = labels.get(&product.key) else { continue };
        accuracy.labelled += 1;
        // A product outside the taxonomy has no right best candidate, but may be accepted wrongly.
        if truth.is_some() {
            accuracy.ours += 1;
            accuracy.best_right += usize::from(product.best == *truth);
        }
        if product.verdict == "accept" {
            accuracy.accepted += 1;
            accuracy.accepted_right += usize::from(product.category == *truth);
        }
    }
    accuracy
}

/// The surest product of each supplier and one for review: chosen by confidence, not by hand.
async fn examples(engine: &Engine, products: &[ProductSummary]) -> anyhow::Result<Vec<Example>> {
    let mut chosen: Vec<&ProductSummary> = Vec::new();
    for supplier in &engine.config.suppliers {
        let of = products.iter().filter(|p| p.key.supplier == supplier.id && p.verdict == "accept");
        chosen.extend(of.max_by(|a, b| a.confidence.total_cmp(&b.confidence)));
    }
    let open = products.iter().filter(|p| p.verdict == "review");
    chosen.extend(open.max_by(|a, b| a.confidence.total_cmp(&b.confidence)));

    let language = engine.config.languages().first().map(ToString::to_string).unwrap_or_default();
    let mut examples = Vec::with_capacity(chosen.len());
    for product in chosen {
        let Some(explained) = explain(&engine.store, None, &product.key).await? else { continue };
        let described = explained.descriptions.into_iter().find(|d| d.language == language);
        let category = match (&product.category, &product.best) {
            (Some(category), _) => category.clone(),
            (None, Some(best)) => format!("for review, perhaps {best}"),
            (None, None) => "for review".to_owned(),
        };
        examples.push(Example {
            product: product.key.to_string(),
            title: product.title.clone().unwrap_or_default(),
            category,
            confidence: product.confidence,
            reasons: product.reasons.clone(),
            language: language.clone(),
            described: described.as_ref().and_then(|d| d.title.clone()).unwrap_or_default(),
            short: described.as_ref().and_then(|d| d.text("short")).unwrap_or_default().to_owned(),
        });
    }
    Ok(examples)
}
