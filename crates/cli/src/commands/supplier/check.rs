//! `berika supplier check`.

use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::Context as _;
use berika_catalog::{DeliveryKind, SupplierId};
use berika_pipeline::check::{CheckOptions, Checked, Gtins, HowRead, Kind, SampleRow, Verdict, check};
use serde_json::Value;

use crate::arguments::Global;
use crate::commands::run::INCOMPLETE;
use crate::{context, output};

/// What `berika supplier check` takes.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// The supplier.
    supplier: String,
    /// How many rows to show as they will be stored.
    #[arg(long, default_value_t = 20, value_name = "N")]
    rows: usize,
    /// Check this file instead of what the supplier sends.
    #[arg(long, value_name = "PATH")]
    file: Option<PathBuf>,
}

/// Exits with 0 where the delivery would be taken in, with 2 where it would be held, with 1 where it cannot be read.
pub(crate) async fn run(global: &Global, args: &Args) -> anyhow::Result<ExitCode> {
    let file = args.file.as_deref().map(std::path::absolute).transpose().context("--file")?;
    let supplier = SupplierId::new(&args.supplier)?;
    let engine = context::engine_to_look(global, context::config(global)?).await?;
    context::stop_on_signal(&engine);
    let checked = check(&engine, &CheckOptions { supplier, file, rows: args.rows }).await;
    engine.store.close().await;
    let checked = checked?;
    if global.json {
        output::json(&checked)?;
    } else {
        print(&checked);
    }
    let held = checked.contract.as_ref().is_some_and(|verdict| verdict.held.is_some());
    Ok(match (&checked.error, held) {
        (Some(_), _) => ExitCode::FAILURE,
        (None, true) => ExitCode::from(INCOMPLETE),
        (None, false) => ExitCode::SUCCESS,
    })
}

fn print(checked: &Checked) {
    let kind = match checked.kind {
        DeliveryKind::Full => "the whole assortment",
        DeliveryKind::Delta => "changes only",
    };
    output::line(format!("{}: {} ({kind})", checked.supplier, checked.file));
    if let Some(reading) = &checked.reading {
        print_reading(reading);
    }
    if !checked.rows.is_empty() {
        output::line(format!("\nThe first {} products as they will be stored:", checked.rows.len()));
        checked.rows.iter().for_each(print_row);
    }
    let counts = &checked.counts;
    output::line(format!(
        "\nRows read: {} = {} stored + {} folded + {} refused{}",
        counts.read,
        counts.stored,
        counts.folded,
        counts.refused,
        if counts.left == 0 { String::new() } else { format!(" + {} left out by the mode", counts.left) }
    ));
    output::line(format!(
        "Products: {} new, {} changed, {} unchanged, {} that would go missing",
        counts.new,
        counts.changed,
        counts.stored - counts.new - counts.changed,
        counts.missing
    ));
    print_gtins(&checked.gtins);
    print_kinds("Refused rows", &checked.refused);
    print_kinds("Dropped and repaired fields", &checked.dropped);
    if let Some(verdict) = &checked.contract {
        print_verdict(checked.supplier.as_str(), verdict);
    }
    if let Some(error) = &checked.error {
        output::line(format!("\n! it cannot be taken in whole: {error}"));
    }
    output::line("\nNothing was written.");
}

fn print_reading(reading: &HowRead) {
    let guess = |best: Option<String>, second: Option<String>| match (best, second) {
        (Some(best), Some(second)) => Some(format!("{best} (second best: {second})")),
        (best, _) => best,
    };
    let delimiter = guess(
        reading.delimiter.map(|delimiter| format!("{delimiter:?}")),
        reading.delimiter_runner_up.map(|delimiter| format!("{delimiter:?}")),
    );
    let encoding = guess(reading.encoding.clone(), reading.encoding_runner_up.clone());
    let lines = [
        ("format", Some(reading.format.clone())),
        ("encoding", encoding),
        ("delimiter", delimiter),
        ("which", reading.delimiter_evidence.clone()),
        ("quotes", reading.quotes.map(str::to_owned)),
        ("header row", reading.header_row.map(|row| row.to_string())),
        ("sheet", reading.sheet.clone()),
    ];
    for (what, how) in lines {
        how.into_iter().for_each(|how| output::line(format!("  {what}: {how}")));
    }
    let mut table = output::table(&["column", "fields", "products"]);
    for used in &reading.used {
        let fields = output::cut(&used.fields.join(", "), 60);
        table.add_row([output::cut(&used.column, 40), fields, used.products.to_string()]);
    }
    output::line(format!("\n{table}"));
    if !reading.unused.is_empty() {
        output::line(format!("  not used: {}", output::cut(&reading.unused.join(", "), 400)));
    }
    for path in &reading.unseen {
        output::line(format!("  no item has {path:?}, which the mapping names"));
    }
    reading.notes.iter().for_each(|note| output::line(format!("  ! {note}")));
}

fn print_row(row: &SampleRow) {
    output::line(format!("\n  row {}: {}", row.row, row.sku));
    for field in &row.fields {
        let rule = field.rule.as_deref().map(|rule| format!(" ({rule})")).unwrap_or_default();
        let column = field.column.as_deref().unwrap_or("-");
        let value = output::cut(&plain(&field.value), 70);
        output::line(format!("    {:<24} {value}  <- {column}{rule}", field.field));
    }
    row.warnings.iter().for_each(|warning| output::line(format!("    ! {warning}")));
}

fn print_gtins(gtins: &Gtins) {
    let list = |counts: &std::collections::BTreeMap<String, u64>| {
        let counts: Vec<String> = counts.iter().map(|(what, count)| format!("{count} {what}")).collect();
        if counts.is_empty() { "none".to_owned() } else { counts.join(", ") }
    };
    output::line(format!(
        "GTINs: {} good; restored: {}; damaged: {}",
        gtins.good,
        list(&gtins.restored),
        list(&gtins.damaged)
    ));
}

fn print_kinds(what: &str, kinds: &[Kind]) {
    if kinds.is_empty() {
        return;
    }
    output::line(format!("\n{what}:"));
    for kind in kinds {
        output::line(format!("  {} {}", kind.count, kind.kind));
        for example in &kind.examples {
            output::line(format!("    {}", output::cut(&example.message, 180)));
        }
    }
}

fn print_verdict(supplier: &str, verdict: &Verdict) {
    output::line(format!("\nContract (earlier deliveries read alike: {}):", verdict.learnt_from));
    match &verdict.held {
        Some(reason) => output::line(format!(
            "! it would be held: {reason}; `berika supplier accept {supplier}` lets it through once a run has held it"
        )),
        None if verdict.let_through => {
            output::line("  it is not what is usual, but a person let it through:");
        }
        None if verdict.learnt_from == 0 => {
            output::line("  nothing to compare with yet: it would be taken in");
        }
        None => output::line("  nothing in it is unusual: it would be taken in"),
    }
    if verdict.held.is_none() || verdict.breaches.len() > 1 {
        verdict.breaches.iter().for_each(|breach| output::line(format!("  - {}", breach.reason)));
    }
    verdict.notes.iter().for_each(|note| output::line(format!("  note: {note}")));
}

fn plain(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        Value::Array(values) => values.iter().map(plain).collect::<Vec<_>>().join(", "),
        Value::Object(money) if money.contains_key("amount") && money.len() == 2 => {
            format!("{} {}", plain(&money["amount"]), money.get("currency").map(plain).unwrap_or_default())
        }
        other => other.to_string(),
    }
}
