//! `berika recategorise compare`.

use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::bail;
use berika_catalog::CategoryId;
use berika_evaluate::Estimate;
use berika_pipeline::recategorise::compare::{
    CompareOptions, Example, LabelledProduct, ModelComparison, Rows, compare,
};

use crate::arguments::Global;
use crate::commands::bench::labelled_file;
use crate::{context, output};

/// What `compare` takes.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// A model: an id that `berika model list` names, or a folder. Twice; the same one twice is a trial of the trial.
    #[arg(long = "model", value_name = "ID", required = true)]
    models: Vec<String>,
    /// On labelled products: JSON Lines as for `berika bench accuracy`, categories as names from the root down, or an id.
    #[arg(long, value_name = "FILE", required_unless_present = "audits", conflicts_with = "audits")]
    labelled: Option<PathBuf>,
    /// On the products drawn for audit that a person decided on.
    #[arg(long)]
    audits: bool,
}

pub(crate) async fn run(global: &Global, args: &Args) -> anyhow::Result<ExitCode> {
    let [first, second] = args.models.as_slice() else {
        bail!("two models are compared: give --model twice, not {} times", args.models.len());
    };
    let rows = match &args.labelled {
        Some(file) => Rows::Labelled(labelled_file::read(file)?.into_iter().map(labelled).collect()),
        None => Rows::Audits,
    };
    let config = context::config(global)?;
    let engine = context::engine(global, config).await?;
    context::stop_on_signal(&engine);
    let options = CompareOptions { models: [first.clone(), second.clone()], rows };
    let compared = compare(&engine, &options).await;
    engine.store.close().await;
    let compared = compared?;
    if global.json {
        output::json(&compared)?;
    } else {
        print(&compared);
    }
    Ok(ExitCode::SUCCESS)
}

fn labelled(row: labelled_file::LabelledRow) -> LabelledProduct {
    LabelledProduct { id: row.id, supplier: row.supplier, values: row.values, truth: row.truth }
}

fn print(compared: &ModelComparison) {
    output::line(format!("{} products, each judged by both\n", compared.rows));
    let mut table = output::table(&[
        "model",
        "right",
        "accepted without a look",
        "of these right",
        "size",
        "numbers",
        "a text takes",
        "computed",
    ]);
    for model in &compared.models {
        table.add_row([
            model.model.clone(),
            shown(&model.top1),
            shown(&model.accepted),
            model.accepted_right.as_ref().map_or_else(|| "none".to_owned(), shown),
            format!("{:.0} MB", model.bytes as f64 / 1e6),
            model.dimensions.to_string(),
            format!("{:.1} ms", model.milliseconds_per_text),
            format!("{} vectors", model.computed),
        ]);
    }
    output::line(table);
    for model in &compared.models {
        output::line(format!("{} would accept: {}", model.model, model.acceptance));
    }
    let [first, second] = &compared.models;
    let split = &compared.paired.pairs[0];
    output::line(format!(
        "\nonly {} has {} right, only {} has {} (McNemar p = {:.3})",
        first.model, split.only_this, second.model, split.only_other, split.p_value
    ));
    print_examples(&first.model, &compared.only_first);
    print_examples(&second.model, &compared.only_second);
    for note in &compared.notes {
        output::line(format!("note: {note}"));
    }
    output::line(format!("\n{}", compared.verdict.sentence));
}

fn print_examples(model: &str, examples: &[Example]) {
    if examples.is_empty() {
        return;
    }
    output::line(format!("\nOnly {model} is right:"));
    let id = |id: Option<&CategoryId>| id.map_or_else(|| "nothing".to_owned(), ToString::to_string);
    let mut table = output::table(&["product", "title", "right", "first model", "second model"]);
    for example in examples {
        table.add_row([
            example.product.clone(),
            output::cut(example.title.as_deref().unwrap_or_default(), 50),
            id(example.right.first()),
            id(example.first.as_ref()),
            id(example.second.as_ref()),
        ]);
    }
    output::line(table);
}

/// A share with its interval, in percent.
fn shown(estimate: &Estimate) -> String {
    let Estimate { value, low, high } = estimate;
    format!("{:.1} % ({:.1} to {:.1})", value * 100.0, low * 100.0, high * 100.0)
}
