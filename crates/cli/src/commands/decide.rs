//! `berika decide`.

use std::fs::File;
use std::io::{BufWriter, Write};
use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::Context as _;
use berika_catalog::{Clock as _, Decision, SystemClock};
use berika_pipeline::{decisions_file, taxonomy};
use berika_store::Store;
use jiff::Timestamp;

use crate::arguments::{Global, Json};
use crate::{context, output};

/// What `berika decide` takes.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    #[command(flatten)]
    pub(crate) json: Json,
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, clap::Subcommand)]
enum Command {
    /// Take in confirmed decisions: CSV with supplier, sku, category and, if wanted, decided_by, decided_at, note.
    Import {
        /// The file.
        file: PathBuf,
    },
    /// Write out the whole decision log, oldest first, in the same form.
    Export {
        /// The file; standard output where left out.
        file: Option<PathBuf>,
    },
}

pub(crate) async fn run(global: &Global, args: &Args) -> anyhow::Result<ExitCode> {
    let config = context::config(global)?;
    match &args.command {
        Command::Import { file } => {
            let store = context::store_to_work(&config).await?;
            // Decisions are on the taxonomy that products are in; before the first run that is the configured one.
            let taxonomy = match store.taxonomy(&config.taxonomy.id).await? {
                Some(stored) => stored,
                None => taxonomy::read_configured(&config)?,
            };
            let name = context::shown(file);
            let bytes = File::open(file).with_context(|| format!("cannot read {name}"))?;
            let at = written_at(&bytes);
            let decisions = decisions_file::read(&name, bytes, &taxonomy, &context::user(), at)?;
            let counts = store.append_decisions(&decisions).await?;
            store.close().await;
            if global.json {
                output::json(&serde_json::json!({
                    "read": decisions.len(), "logged": counts.appended, "known": counts.known, "waiting": counts.waiting,
                }))?;
            } else {
                output::line(format!(
                    "{} decisions read: {} logged, {} known already, {} on products not delivered yet; the next run \
                     follows them and learns from them",
                    decisions.len(),
                    counts.appended,
                    counts.known,
                    counts.waiting
                ));
            }
        }
        Command::Export { file } => {
            let store = context::store_to_read(&config).await?;
            let decisions = all(&store).await?;
            match file {
                Some(file) => {
                    let written = || format!("cannot write {}", context::shown(file));
                    let mut out = BufWriter::new(File::create(file).with_context(written)?);
                    decisions_file::write(&mut out, &decisions).with_context(written)?;
                    out.flush().with_context(written)?;
                }
                None => decisions_file::write(std::io::stdout().lock(), &decisions)?,
            }
        }
    }
    Ok(ExitCode::SUCCESS)
}

/// When a file was written: what is taken for the time of decisions that name none, so that the same file says the same
/// however often it is imported.
fn written_at(file: &File) -> Timestamp {
    let modified = file.metadata().and_then(|metadata| metadata.modified()).ok();
    modified.and_then(|time| Timestamp::try_from(time).ok()).unwrap_or_else(|| SystemClock.now())
}

async fn all(store: &Store) -> anyhow::Result<Vec<Decision>> {
    const PAGE: usize = 1_000;
    let mut all = Vec::new();
    let mut after = 0;
    loop {
        let page = store.decision_log(after, PAGE).await?;
        let Some((last, _)) = page.last() else { return Ok(all) };
        after = *last;
        all.extend(page.into_iter().map(|(_, decision)| decision));
    }
}
