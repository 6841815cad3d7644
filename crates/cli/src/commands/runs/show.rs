//! `berika runs show`.

use berika_pipeline::runs::{Run, find};
use berika_store::{RunRecord, Store};
use serde_json::Value;

use super::{duration, state};
use crate::arguments::Global;
use crate::output;

/// The most products that are shown of those left for one reason.
const MOST_SHOWN: usize = 10;

/// What `berika runs show` takes.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// The run's id or the beginning of it, or `latest`.
    run: String,
}

pub(super) async fn run(global: &Global, store: &Store, args: &Args) -> anyhow::Result<()> {
    let run = find(store, &args.run).await?;
    if global.json {
        return output::json(&run);
    }
    head(&run);
    recipes(&run.record);
    if let Some(counts) = &run.record.counts {
        stages(counts);
        suppliers(counts);
        endpoints(counts);
        left(counts);
        for failure in members(counts, "failures").filter_map(Value::as_str) {
            output::line(format!("! {failure}"));
        }
    } else {
        output::line("It has not come to its end, and nothing is known of what it did.");
    }
    Ok(())
}

fn head(run: &Run) {
    let record = &run.record;
    output::line(format!("{}  {}  by {}", record.id, record.command, record.by));
    let ended = record.finished_at.map(|at| format!(", ended {at} ({})", duration(run))).unwrap_or_default();
    output::line(format!("started {}{ended}: {}", record.started_at, state(run)));
    let made = record.counts.as_ref().and_then(|counts| counts["moved"].as_u64()).unwrap_or(0);
    if let Some(application) = &run.application {
        output::line(format!(
            "applies plan {}: {made} of {} moves made; {}",
            application.plan,
            application.moves,
            application.state.as_str()
        ));
        if let Some(by) = &application.reverted_by {
            output::line(format!("taken back by {by}"));
        }
    }
    if let Some(application) = record.recipes["application"].as_str() {
        output::line(format!("takes {application} back"));
    }
}

fn recipes(record: &RunRecord) {
    for (name, recipe) in record.recipes.as_object().into_iter().flatten() {
        if let Some(recipe) = recipe.as_str() {
            output::line(format!("  {name}: {recipe}"));
        }
    }
}

fn stages(counts: &Value) {
    let mut table = output::table(&["stage", "items", "seconds"]);
    for stage in members(counts, "stages") {
        table.add_row([
            word(&stage["stage"]),
            number(&stage["items"]),
            format!("{:.2}", stage["took"].as_f64().unwrap_or(0.0)),
        ]);
    }
    if !table.is_empty() {
        output::line(format!("\n{table}"));
    }
}

fn suppliers(counts: &Value) {
    let mut table = output::table(&[
        "supplier",
        "delivery",
        "rows read",
        "stored",
        "new",
        "changed",
        "refused",
        "accepted",
        "review",
        "rejected",
    ]);
    for supplier in members(counts, "suppliers") {
        let (outcome, standing) = (&supplier["outcome"], &supplier["standing"]);
        let taken = &outcome["counts"];
        table.add_row([
            word(&supplier["id"]),
            word(&outcome["delivery"]),
            number(&taken["read"]),
            number(&taken["stored"]),
            number(&taken["new"]),
            number(&taken["changed"]),
            number(&taken["refused"]),
            number(&standing["accepted"]),
            number(&standing["review"]),
            number(&standing["rejected"]),
        ]);
    }
    if !table.is_empty() {
        output::line(format!("\n{table}"));
    }
    for supplier in members(counts, "suppliers") {
        for key in ["error", "reason"] {
            if let Some(why) = supplier["outcome"][key].as_str() {
                output::line(format!("! supplier {}: {why}", word(&supplier["id"])));
            }
        }
    }
}

fn endpoints(counts: &Value) {
    for endpoint in members(counts, "endpoints") {
        output::line(format!(
            "endpoint {}: {} events delivered, {} attempts failed, {} waiting, {} given up",
            word(&endpoint["endpoint"]),
            number(&endpoint["delivered"]),
            number(&endpoint["failed"]),
            number(&endpoint["pending"]),
            number(&endpoint["dead"])
        ));
        for key in ["error", "disabled", "last_failure"] {
            if let Some(why) = endpoint[key].as_str() {
                output::line(format!("! endpoint {}: {why}", word(&endpoint["endpoint"])));
            }
        }
    }
}

fn left(counts: &Value) {
    if let Some(restored) = counts["restored"].as_u64() {
        output::line(format!("{restored} products stand as before"));
    }
    for left in members(counts, "left") {
        let products: Vec<&str> =
            members(left, "products").filter_map(Value::as_str).take(MOST_SHOWN).collect();
        output::line(format!(
            "{} products left, {}: {}",
            number(&left["count"]),
            word(&left["why"]),
            products.join(", ")
        ));
    }
}

fn members<'a>(value: &'a Value, name: &str) -> impl Iterator<Item = &'a Value> {
    value[name].as_array().into_iter().flatten()
}

fn word(value: &Value) -> String {
    value.as_str().unwrap_or_default().to_owned()
}

fn number(value: &Value) -> String {
    value.as_u64().map(|number| number.to_string()).unwrap_or_default()
}
