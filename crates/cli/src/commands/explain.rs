//! `berika explain`.

use std::process::ExitCode;

use berika_describe::{Author, Description};
use berika_pipeline::explain::{Category, Explanation, explain};
use berika_store::StoredDescription;
use serde_json::Value;

use crate::arguments::{Global, Json};
use crate::commands::review;
use crate::{context, output};

/// What `berika explain` takes.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    #[command(flatten)]
    pub(crate) json: Json,
    /// The product: SUPPLIER/SKU, or a SKU that only one supplier has.
    product: String,
}

pub(crate) async fn run(global: &Global, args: &Args) -> anyhow::Result<ExitCode> {
    let config = context::config(global)?;
    let store = context::store_to_read(&config).await?;
    let key = context::product_key(&store, &args.product).await?;
    let taxonomy = store.taxonomy(&config.taxonomy.id).await?;
    let explanation = explain(&store, taxonomy.as_ref(), &key).await?;
    let explanation = explanation.ok_or_else(|| anyhow::anyhow!("there is no product {key}"))?;
    if global.json {
        output::json(&explanation)?;
    } else {
        print(&explanation);
    }
    Ok(ExitCode::SUCCESS)
}

fn print(explained: &Explanation) {
    output::line(format!("{}  ({})\n", explained.product, explained.state.as_str()));
    let standing = &explained.standing;
    if let Some(leader) = &standing.joined_into {
        output::line(format!("Part of {leader}: `berika explain {leader}` says how that stands\n"));
    }
    for other in &standing.others {
        output::line(format!("With {other}, which is the same article\n"));
    }
    let mut table = output::table(&["field", "value", "from"]);
    for (name, value) in explained.values.fields() {
        let from = origin(explained, &name);
        table.add_row([name, output::cut(&plain(&value), 70), from]);
    }
    output::line(table);

    let text = &explained.text;
    output::line(format!("\nText ({}):\n  {}", text.template, text.text));
    match &explained.category {
        Some(category) => print_category(category),
        None => output::line("\nNot categorised yet."),
    }
    if let Some(help) = &explained.help {
        review::print_help(help);
    }
    if let Some(decision) = &explained.decision {
        let category = decision.category.as_ref().map_or("none of ours", |c| c.as_str());
        output::line(format!("Decision: {category}, by {} on {}", decision.by, decision.at));
    }
    for description in &explained.descriptions {
        print_description(description);
    }
    output::line(format!("\nPublished version: {}", explained.version));
    for delivery in &explained.deliveries {
        output::line(format!(
            "  {} to {}: {} v{}, {}, {} attempts",
            delivery.id,
            delivery.endpoint,
            delivery.event,
            delivery.version,
            delivery.state,
            delivery.attempts
        ));
    }
}

/// Where a value came from: a person, a product that is the same article, or a cell of a delivery.
fn origin(explained: &Explanation, field: &str) -> String {
    if let Some(edit) = explained.edits.0.get(field) {
        return format!("{} on {}", edit.by, edit.at.strftime("%Y-%m-%d"));
    }
    if let Some(joined) = explained.joined.0.get(field) {
        return format!("{}: {}", joined.from, joined.reason);
    }
    explained.provenance.get(field).map_or_else(String::new, |origin| {
        let column = origin.column.as_deref().map(|c| format!(", {c}")).unwrap_or_default();
        let rule = origin.rule.as_deref().map(|r| format!(" ({r})")).unwrap_or_default();
        format!("{} row {}{column}{rule}", origin.file, origin.row)
    })
}

fn print_category(category: &Category) {
    let (kind, texts) = (category.confidence_kind, &category.texts);
    let category = &category.stored;
    let settled = category.category.as_deref().unwrap_or("none settled");
    output::line(format!(
        "\nCategory: {settled} ({}, confidence {:.2} {}, {})",
        category.verdict, category.confidence, kind, category.recipe
    ));
    for reason in &category.reasons {
        output::line(format!("  because: {reason}"));
    }
    let mut table = output::table(&[
        "candidate",
        "probability",
        "score",
        "description",
        "words",
        "learnt",
        "with decisions",
        "decisions",
        "supplier's vote",
    ]);
    for candidate in category.candidates.as_array().into_iter().flatten() {
        let parts = &candidate["parts"];
        let number = |value: &Value| value.as_f64().map_or_else(String::new, |n| format!("{n:.3}"));
        table.add_row([
            plain(&candidate["id"]),
            number(&candidate["probability"]),
            number(&candidate["score"]),
            number(&parts["description"]),
            number(&parts["words"]),
            number(&parts["learnt"]),
            number(&parts["blended"]),
            plain(&parts["confirmed"]),
            number(&parts["supplier_vote"]),
        ]);
    }
    output::line(table);
    for text in texts {
        output::line(format!("  compared by: {text}"));
    }
}

fn print_description(stored: &StoredDescription) {
    let written = stored.written_at.map(|at| format!(", written {at:.0}")).unwrap_or_default();
    output::line(format!("\nText in {} ({}{written}):", stored.language, stored.recipe));
    if let Some(reason) = &stored.reason {
        output::line(format!("  none: {reason}"));
    }
    let Some(Ok(description)) = stored.description.clone().map(serde_json::from_value::<Description>) else {
        return;
    };
    for (part, text) in description.texts().into_iter().filter(|(_, text)| !text.text.is_empty()) {
        let by = match text.by {
            Author::Composer => "",
            Author::Model => ", by a model",
        };
        output::line(format!("  {}{by}:", part.as_str()));
        for sentence in &text.sentences {
            output::line(format!("    {}  [{}]", sentence.text, sentence.fields.join(", ")));
        }
    }
    for removed in &description.report.removed {
        let why = removed.why.as_str();
        output::line(format!(
            "  taken out of {} ({why}: {}): {}",
            removed.part.as_str(),
            removed.words,
            removed.sentence
        ));
    }
    for cause in &description.report.causes {
        output::line(format!("  {cause}"));
    }
}

fn list(value: &Value) -> String {
    value.as_array().into_iter().flatten().map(plain).collect::<Vec<_>>().join(", ")
}

fn plain(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        Value::Null => String::new(),
        Value::Array(_) => list(value),
        Value::Object(fields) if fields.contains_key("amount") => {
            format!("{} {}", plain(&fields["amount"]), plain(fields.get("currency").unwrap_or(&Value::Null)))
        }
        other => other.to_string(),
    }
}
