//! `berika recategorise`.

mod plan;

use std::process::ExitCode;

use crate::arguments::{Global, Json};

/// What `berika recategorise` takes.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    #[command(flatten)]
    pub(crate) json: Json,
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, clap::Subcommand)]
enum Command {
    /// Compute what another taxonomy, model or promise would change, and write it down. Nothing public changes.
    Plan(plan::Args),
}

pub(crate) async fn run(global: &Global, args: &Args) -> anyhow::Result<ExitCode> {
    match &args.command {
        Command::Plan(args) => plan::run(global, args).await,
    }
}
