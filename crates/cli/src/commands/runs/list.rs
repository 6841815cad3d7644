//! `berika runs list`.

use berika_pipeline::runs::list;
use berika_store::Store;

use super::{duration, state};
use crate::arguments::Global;
use crate::output;

/// What `berika runs list` takes.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// The most rows.
    #[arg(long, default_value_t = 20, value_parser = clap::value_parser!(u64).range(1..=10_000))]
    limit: u64,
}

pub(super) async fn run(global: &Global, store: &Store, args: &Args) -> anyhow::Result<()> {
    let runs = list(store, args.limit as usize).await?;
    if global.json {
        return output::json(&runs);
    }
    let mut table = output::table(&["run", "command", "by", "started", "duration", "state"]);
    for run in &runs {
        table.add_row([
            run.record.id.clone(),
            run.record.command.clone(),
            run.record.by.clone(),
            run.record.started_at.to_string(),
            duration(run),
            state(run),
        ]);
    }
    output::line(table);
    Ok(())
}
