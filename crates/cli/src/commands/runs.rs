//! `berika runs`: each subcommand in a file of its own.

mod diff;
mod list;
mod show;

use std::process::ExitCode;

use berika_pipeline::runs::{Run, find};
use berika_store::{RunRecord, Store};

use crate::arguments::{Global, Json};
use crate::context;

/// What `berika runs` takes.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    #[command(flatten)]
    pub(crate) json: Json,
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, clap::Subcommand)]
enum Command {
    /// List what ran, newest first.
    List(list::Args),
    /// Show a run: its recipe, what it came to per stage, supplier and endpoint, and what failed.
    Show(show::Args),
    /// Put two runs side by side: recipes that differ, figures and stage times.
    Diff(diff::Args),
}

pub(crate) async fn run(global: &Global, args: &Args) -> anyhow::Result<ExitCode> {
    let config = context::config(global)?;
    let store = context::store_to_read(&config).await?;
    match &args.command {
        Command::List(args) => list::run(global, &store, args).await?,
        Command::Show(args) => show::run(global, &store, args).await?,
        Command::Diff(args) => diff::run(global, &store, args).await?,
    }
    Ok(ExitCode::SUCCESS)
}

/// The run that the user means.
pub(crate) async fn found(store: &Store, asked: &str) -> anyhow::Result<RunRecord> {
    Ok(find(store, asked).await?.record)
}

/// How a run stands, in words.
fn state(run: &Run) -> String {
    let word = run.state.as_str();
    match &run.application {
        Some(application) if application.reverted_by.is_some() => {
            format!("{word} ({})", application.state.as_str())
        }
        _ => word.to_owned(),
    }
}

/// How long a run took, in words.
fn duration(run: &Run) -> String {
    let whole = |seconds: f64| seconds as u64;
    match run.seconds {
        None => String::new(),
        Some(seconds) if seconds < 60.0 => format!("{seconds:.1} s"),
        Some(seconds) if seconds < 3_600.0 => {
            format!("{} min {} s", whole(seconds) / 60, whole(seconds) % 60)
        }
        Some(seconds) => format!("{} h {} min", whole(seconds) / 3_600, whole(seconds) / 60 % 60),
    }
}
