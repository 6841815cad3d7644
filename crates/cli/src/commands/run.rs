//! `berika run`.

use std::process::ExitCode;

use berika_catalog::SupplierId;
use berika_pipeline::{RunOptions, RunReport, languages, run as run_flow};

use crate::arguments::{Global, Json};
use crate::{context, output};

/// The exit code of a run that did all it could while something is left to do or to look at.
pub(crate) const INCOMPLETE: u8 = 2;

/// What `berika run` takes.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    #[command(flatten)]
    pub(crate) json: Json,
    /// Only this supplier's feed; may be given several times. Products of others are still carried on.
    #[arg(long = "supplier", value_name = "ID")]
    suppliers: Vec<String>,
    /// Fetch and read, count what would change, write nothing.
    #[arg(long)]
    dry_run: bool,
}

/// Runs the flow once. Exits with 0 where everything is done and delivered, with 2 where something waits, was held,
/// failed or was interrupted, with 1 where the run could not go on.
pub(crate) async fn run(global: &Global, args: &Args) -> anyhow::Result<ExitCode> {
    let suppliers = args.suppliers.iter().map(|id| SupplierId::new(id)).collect::<Result<_, _>>()?;
    let options = RunOptions { suppliers, dry_run: args.dry_run, by: context::user() };
    let config = context::config(global)?;
    if let Some(advice) = languages::advice(&config).filter(|_| !args.dry_run) {
        tracing::warn!("{advice}");
    }
    let engine = context::engine(global, config).await?;
    context::stop_on_signal(&engine);
    let report = run_flow(&engine, &options).await?;
    engine.store.close().await;
    if global.json {
        output::run_as_json(&report)?;
    } else {
        output::run_as_text(&report, args.dry_run);
    }
    Ok(exit_code(&report))
}

/// 0 for a run without problems, else 2.
pub(crate) fn exit_code(report: &RunReport) -> ExitCode {
    if report.problems().is_empty() { ExitCode::SUCCESS } else { ExitCode::from(INCOMPLETE) }
}
