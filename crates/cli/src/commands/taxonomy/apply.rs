//! `berika taxonomy apply`.

use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::Context as _;
use berika_pipeline::recategorise::taxonomy_plan::apply;

use super::plan::{as_json, print, write_redirects};
use crate::arguments::Global;
use crate::commands::run::INCOMPLETE;
use crate::{context, output};

/// What `berika taxonomy apply` takes.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// The changes (YAML or JSON), or a whole taxonomy.
    file: PathBuf,
    /// Where what receivers must redirect is written, as CSV.
    #[arg(long, value_name = "FILE")]
    redirects: Option<PathBuf>,
}

/// Makes the changes. Exits with 0 where everything is done and delivered, with 2 where an event waits or it was interrupted,
/// with 1 where the changes are refused.
pub(crate) async fn run(global: &Global, args: &Args) -> anyhow::Result<ExitCode> {
    let config = context::config(global)?;
    let languages = config.languages();
    let configured = context::shown(&config.resolve(&config.taxonomy.path));
    let engine = context::engine(global, config).await?;
    context::stop_on_signal(&engine);
    let mut seen = None;
    let applied =
        apply(&engine, &args.file, &context::user(), |planned| seen = Some(planned.clone())).await?;
    engine.store.close().await;
    let planned = seen.context("a plan that was applied was seen before")?;
    write_redirects(args.redirects.as_deref(), &planned, &languages)?;
    let problems = applied.problems();
    if global.json {
        let mut all = as_json(&planned);
        all["applied"] = serde_json::to_value(&applied)?;
        output::json_with_problems(&all, &problems)?;
    } else {
        print(&planned, &languages[0]);
        output::line("");
        output::line(output::stages(&applied.stages, applied.took));
        output::endpoints(&applied.endpoints);
        for problem in &problems {
            output::line(format!("! {problem}"));
        }
        let version = planned.changed.taxonomy.version;
        output::line(format!(
            "version {version} of the taxonomy holds, made in {run}; `berika recategorise revert {run}` takes it back",
            run = applied.run
        ));
        output::line(format!(
            "the configured file {configured} does not know it yet: `berika taxonomy export FILE` writes what is stored"
        ));
    }
    Ok(if problems.is_empty() { ExitCode::SUCCESS } else { ExitCode::from(INCOMPLETE) })
}
