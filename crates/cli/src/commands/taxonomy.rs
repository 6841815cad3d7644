//! `berika taxonomy`.

mod lint;

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use berika_pipeline::taxonomy::{import, read_configured, read_file};
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
    /// Store the taxonomy as the next version. New and open products use it from the next run on; settled ones stay.
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
        Command::Lint(args) => lint::run(global, args).await,
    }
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
    let (version, changed) = match imported {
        TaxonomyImport::Unchanged(version) => (version, false),
        TaxonomyImport::NewVersion(version) => (version, true),
    };
    if global.json {
        output::json(&serde_json::json!({
            "taxonomy": taxonomy.id, "version": version, "changed": changed,
            "categories": taxonomy.categories().len(), "leaves": taxonomy.leaves().count(),
        }))?;
    } else {
        let state = if changed { "stored as" } else { "is the stored" };
        output::line(format!(
            "taxonomy {} ({} categories, {} leaves) {state} version {version}",
            taxonomy.id,
            taxonomy.categories().len(),
            taxonomy.leaves().count()
        ));
    }
    Ok(ExitCode::SUCCESS)
}
