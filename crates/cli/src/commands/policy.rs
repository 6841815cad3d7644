//! `berika policy`: what is accepted without a look, and resuming it after audits stopped it.

use std::process::ExitCode;

use anyhow::bail;
use berika_catalog::{Clock as _, SystemClock};
use berika_pipeline::acceptance;
use serde::Serialize;

use crate::arguments::{Global, Json};
use crate::{context, output};

/// What `berika policy` takes.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    #[command(flatten)]
    pub(crate) json: Json,
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, clap::Subcommand)]
enum Command {
    /// Say what is accepted without a look, and on what evidence.
    Show,
    /// Accept without a look again after audits stopped it and you looked at them.
    Resume,
}

/// What `show` says.
#[derive(Debug, Serialize)]
struct Shown<'a> {
    sentence: String,
    acceptance: Option<&'a acceptance::Acceptance>,
}

pub(crate) async fn run(global: &Global, args: &Args) -> anyhow::Result<ExitCode> {
    let config = context::config(global)?;
    let store = match args.command {
        Command::Show => context::store_to_read(&config).await?,
        Command::Resume => {
            let store = context::store_to_work(&config).await?;
            let now = SystemClock.now();
            if !store.resume_accepting(&config.taxonomy.id, &context::user(), now).await? {
                bail!("nothing is stopped; `berika policy show` says what is accepted without a look");
            }
            store
        }
    };
    let acceptance = acceptance::look(&store, &config).await?;
    store.close().await;
    let sentence =
        acceptance.as_ref().map_or_else(|| acceptance::NOTHING_YET.to_owned(), ToString::to_string);
    if global.json {
        output::json(&Shown { sentence, acceptance: acceptance.as_ref() })?;
    } else {
        output::line(format!("accepted without a look: {sentence}"));
    }
    Ok(ExitCode::SUCCESS)
}
