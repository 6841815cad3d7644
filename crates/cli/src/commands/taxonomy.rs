//! `berika taxonomy`.

mod apply;
mod lint;
mod plan;
mod redirects;

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::Context as _;

use berika_pipeline::taxonomy::{import, jsonl, read_configured, read_file};
use berika_store::TaxonomyImport;

use crate::arguments::{Global, Json};
use crate::{context, output};

/// What `berika taxonomy` takes.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    #[command(flatten)]
    pub(crate) json: Json,
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, clap::Subcommand)]
enum Command {
    /// Say what a file of changes would mean, change by change. Nothing is changed.
    Plan(plan::Args),
    /// Make the changes of a file: the taxonomy's next version, with decisions, products and what is published carried along.
    Apply(apply::Args),
    /// Write the stored taxonomy as JSONL, so that the file under version control says the same.
    Export {
        /// The file; standard output where left out.
        file: Option<PathBuf>,
    },
    /// Store the taxonomy as the next version, as a whole: categories are known by their ids alone. Products whose category is
    /// gone return to review, settled ones stay.
    Import {
        /// The file: JSONL, CSV, YAML, or that of Google, Shopify or GS1 GPC. The configured one where left out.
        file: Option<PathBuf>,
    },
    /// Say what is amiss with the taxonomy and the decisions on it. Nothing is written.
    Lint(lint::Args),
}

pub(crate) async fn run(global: &Global, args: &Args) -> anyhow::Result<ExitCode> {
    match &args.command {
        Command::Import { file } => take_over(global, file.as_deref()).await,
        Command::Plan(args) => plan::run(global, args).await,
        Command::Apply(args) => apply::run(global, args).await,
        Command::Export { file } => export(global, file.as_deref()).await,
        Command::Lint(args) => lint::run(global, args).await,
    }
}

async fn export(global: &Global, file: Option<&Path>) -> anyhow::Result<ExitCode> {
    let config = context::config(global)?;
    let store = context::store_to_read(&config).await?;
    let id = &config.taxonomy.id;
    let taxonomy = store.taxonomy(id).await?;
    store.close().await;
    let taxonomy = taxonomy.with_context(|| {
        format!(
            "the store has no taxonomy {id} yet; `berika run` or `berika taxonomy import` takes the file in"
        )
    })?;
    let text = jsonl(&taxonomy);
    let Some(file) = file else {
        output::raw_line(text.trim_end());
        return Ok(ExitCode::SUCCESS);
    };
    context::may_write(global, &config, &[file])?;
    std::fs::write(file, text).with_context(|| format!("cannot write {}", context::shown(file)))?;
    let (version, categories) = (taxonomy.version, taxonomy.categories().len());
    if global.json {
        output::json(&serde_json::json!({ "taxonomy": id, "version": version, "categories": categories }))?;
    } else {
        output::line(format!(
            "version {version} of taxonomy {id} ({categories} categories) written to {}",
            context::shown(file)
        ));
    }
    Ok(ExitCode::SUCCESS)
}

async fn take_over(global: &Global, file: Option<&Path>) -> anyhow::Result<ExitCode> {
    let config = context::config(global)?;
    let taxonomy = match file {
        Some(file) => read_file(file, &config.taxonomy.id, &config.markets[0].language)?,
        None => read_configured(&config)?,
    };
    let engine = context::engine(global, config).await?;
    let imported = import(&engine, &taxonomy).await?;
    engine.store.close().await;
    let (version, changed, confirmed) = match imported {
        TaxonomyImport::Unchanged(version) => (version, false, 0),
        TaxonomyImport::NewVersion { version, confirmed } => (version, true, confirmed),
    };
    if global.json {
        output::json(&serde_json::json!({
            "taxonomy": taxonomy.id, "version": version, "changed": changed,
            "categories": taxonomy.categories().len(), "leaves": taxonomy.leaves().count(),
            "confirmed_to_review": confirmed,
        }))?;
    } else {
        let state = if changed { "stored as" } else { "is the stored" };
        output::line(format!(
            "taxonomy {} ({} categories, {} leaves) {state} version {version}",
            taxonomy.id,
            taxonomy.categories().len(),
            taxonomy.leaves().count()
        ));
        if confirmed > 0 {
            output::line(format!(
                "{confirmed} products that people confirmed return to review: their category is gone"
            ));
        }
    }
    Ok(ExitCode::SUCCESS)
}
