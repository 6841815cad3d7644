//! `berika recategorise revert`.

use std::process::ExitCode;

use berika_pipeline::recategorise::{RevertOptions, revert};

use super::apply;
use crate::arguments::Global;
use crate::commands::run::INCOMPLETE;
use crate::commands::runs;
use crate::{context, output};

/// What `berika recategorise revert` takes.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// The run that applied the plan, or the beginning of its id; `latest`: the last plan that was applied.
    run: String,
}

/// Takes the application back. Exits with 0 where every product stands as before and that is delivered, with 2 where products
/// were left, an event waits or it was interrupted, with 1 where nothing can be taken back.
pub(crate) async fn run(global: &Global, args: &Args) -> anyhow::Result<ExitCode> {
    let config = context::config(global)?;
    let engine = context::engine(global, config).await?;
    context::stop_on_signal(&engine);
    let asked = match args.run.as_str() {
        "latest" => {
            let last = engine.store.applications().await?.pop();
            last.ok_or_else(|| anyhow::anyhow!("no plan was applied to this store yet"))?.run
        }
        asked => runs::found(&engine.store, asked).await?.id,
    };
    let taken_back = revert(&engine, &asked, &RevertOptions { by: context::user() }).await?;
    engine.store.close().await;
    let problems = taken_back.problems();
    if global.json {
        output::json_with_problems(&taken_back, &problems)?;
    } else {
        output::line(format!(
            "{} products stand as before {}; this was {}.\n",
            taken_back.restored, taken_back.application, taken_back.run
        ));
        output::line(output::stages(&taken_back.stages, taken_back.took));
        output::endpoints(&taken_back.endpoints);
        apply::left(&taken_back.left);
        for problem in &problems {
            output::line(format!("! {problem}"));
        }
    }
    Ok(if problems.is_empty() { ExitCode::SUCCESS } else { ExitCode::from(INCOMPLETE) })
}
