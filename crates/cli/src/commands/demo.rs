//! `berika demo`: the code of `berika run` against suppliers and a shop that are played on loopback.

mod outcome;
mod peers;

use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::Arc;

use anyhow::{Context as _, bail};
use berika_catalog::{Clock as _, SystemClock};
use berika_pipeline::{Config, RunOptions, run as run_flow};
use berika_store::{Access, Store};
use berika_testkit::{ReceiverOptions, SupplierServer, WebhookReceiver};

use crate::arguments::{Global, Json};
use crate::output::{self, Bars};
use crate::{commands, context};

/// What `berika demo` takes.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    #[command(flatten)]
    pub(crate) json: Json,
    /// Forget what earlier demos did.
    #[arg(long)]
    fresh: bool,
    /// The folder with the demo's feeds, taxonomy and configuration.
    #[arg(long, value_name = "DIR", default_value = "fixtures")]
    fixtures: PathBuf,
    /// The folder that the demo remembers in.
    #[arg(long, value_name = "DIR", default_value = ".berika")]
    data: PathBuf,
}

/// Exits with 0 only where every event was delivered and its signature verified.
pub(crate) async fn run(global: &Global, args: &Args) -> anyhow::Result<ExitCode> {
    let file = args.fixtures.join("demo/berika.toml");
    if !file.is_file() {
        bail!("there is no {}; run the demo in a checkout of berika, or say --fixtures DIR", file.display());
    }
    let data = std::path::absolute(&args.data)?;
    if args.fresh {
        forget(&data).await?;
    }
    std::fs::create_dir_all(&data).with_context(|| format!("cannot make {}", data.display()))?;

    let mut config = Config::read(&file, &[])?;
    let suppliers = SupplierServer::start(args.fixtures.join("feeds"))?;
    let secret = peers::secret(&data.join("webhook-secret"))?;
    let seconds = || SystemClock.now().as_second();
    let shop = WebhookReceiver::start(ReceiverOptions::new(secret, seconds))?;
    peers::connect(&mut config, &data, &suppliers.base_url(), &shop.url())?;
    fetch_model(global, &config).await?;

    let engine = context::engine(global, config).await?;
    context::stop_on_signal(&engine);
    let options = RunOptions { suppliers: Vec::new(), dry_run: false, by: "demo".to_owned() };
    let report = run_flow(&engine, &options).await?;
    let outcome = outcome::look(&engine, &report, &shop, &args.fixtures).await?;
    engine.store.close().await;
    shop.stop();
    suppliers.stop();

    if global.json {
        output::json(&outcome)?;
    } else {
        output::run_as_text(&report, false);
        outcome::print(&outcome);
    }
    Ok(if outcome.all_is_well() { ExitCode::SUCCESS } else { ExitCode::from(commands::run::INCOMPLETE) })
}

/// Removes what earlier demos left, and nothing else that may lie in the folder.
async fn forget(data: &Path) -> anyhow::Result<()> {
    let store = data.join("berika.sqlite");
    if store.exists() {
        // Refused while another demo works on it.
        Store::open(&store, Access::Work).await?.close().await;
    }
    for name in
        ["berika.sqlite", "berika.sqlite-wal", "berika.sqlite-shm", "berika.sqlite.lock", "webhook-secret"]
    {
        let path = data.join(name);
        match std::fs::remove_file(&path) {
            Err(error) if error.kind() != std::io::ErrorKind::NotFound => {
                return Err(error).with_context(|| format!("cannot remove {}", path.display()));
            }
            _ => {}
        }
    }
    Ok(())
}

async fn fetch_model(global: &Global, config: &Config) -> anyhow::Result<()> {
    let (id, cache) = (config.model.id.clone(), context::model_cache()?);
    let global = Arc::new(global.clone());
    tokio::task::spawn_blocking(move || {
        let progress = Bars::fetching(&global);
        berika_models::ensure(&id, &cache, &*progress, &berika_models::Options::default())
    })
    .await??;
    Ok(())
}
