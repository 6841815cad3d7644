//! `berika supplier`: each subcommand in a file of its own.

mod accept;
mod check;
mod suggest;

use std::process::ExitCode;

use crate::arguments::{Global, Json};

/// What `berika supplier` takes.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    #[command(flatten)]
    pub(crate) json: Json,
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, clap::Subcommand)]
enum Command {
    /// Let the held delivery of a supplier through at the next run.
    Accept(accept::Args),
    /// Show what taking a supplier's delivery in would come to, and write nothing.
    Check(check::Args),
    /// Propose a supplier section for a file.
    Suggest(suggest::Args),
}

pub(crate) async fn run(global: &Global, args: &Args) -> anyhow::Result<ExitCode> {
    match &args.command {
        Command::Accept(args) => accept::run(global, args).await,
        Command::Check(args) => check::run(global, args).await,
        Command::Suggest(args) => suggest::run(global, args),
    }
}
