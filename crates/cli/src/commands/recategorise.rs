//! `berika recategorise`: each subcommand in a file of its own.

mod apply;
mod compare;
mod plan;
mod revert;

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
    /// Do exactly what a plan says, or refuse and name what has changed since.
    Apply(apply::Args),
    /// Restore the products that an applied plan moved and that nobody has touched since.
    Revert(revert::Args),
    /// Compare two models on the same products, before anyone plans anything. Nothing public changes.
    Compare(compare::Args),
}

pub(crate) async fn run(global: &Global, args: &Args) -> anyhow::Result<ExitCode> {
    match &args.command {
        Command::Plan(args) => plan::run(global, args).await,
        Command::Apply(args) => apply::run(global, args).await,
        Command::Revert(args) => revert::run(global, args).await,
        Command::Compare(args) => compare::run(global, args).await,
    }
}
