//! `berika duplicates`: products that may be one, joined and parted.

mod join;
mod list;

use std::process::ExitCode;

use berika_catalog::{Clock as _, ProductKey, SystemClock};
use berika_store::{JoinedBy, Store};

use crate::arguments::{Global, Json};
use crate::{context, output};

/// What `berika duplicates` takes.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    #[command(flatten)]
    pub(crate) json: Json,
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, clap::Subcommand)]
enum Command {
    /// Propose what may be one: by GTIN, or by near texts of one brand and size. Nothing is written.
    List(list::Args),
    /// Make products one: the first leads and takes fields of the others by the configured order.
    Join(join::Args),
    /// Take products out of what they are joined into; a leader's whole group is dissolved.
    Part {
        /// The products: SUPPLIER/SKU, or a SKU that only one supplier has.
        #[arg(required = true)]
        products: Vec<String>,
        /// Why, for the log.
        #[arg(long, default_value = "")]
        reason: String,
    },
}

pub(crate) async fn run(global: &Global, args: &Args) -> anyhow::Result<ExitCode> {
    match &args.command {
        Command::List(args) => list::run(global, args).await,
        Command::Join(args) => join::run(global, args).await,
        Command::Part { products, reason } => part(global, products, reason).await,
    }
}

async fn part(global: &Global, products: &[String], reason: &str) -> anyhow::Result<ExitCode> {
    let config = context::config(global)?;
    let store = context::store_to_work(&config).await?;
    let products = keys(&store, products).await?;
    let user = context::user();
    let by = JoinedBy { by: &user, reason, now: SystemClock.now() };
    let parted = store.part(&products, &config.duplicates.field_order(), by).await?;
    store.close().await;
    if global.json {
        output::json(&serde_json::json!({ "parted": parted }))?;
    } else {
        for key in &parted {
            output::line(format!("{key} stands alone again"));
        }
        output::line("published with the next `berika run`; no rule joins what a person parted");
    }
    Ok(ExitCode::SUCCESS)
}

async fn keys(store: &Store, texts: &[String]) -> anyhow::Result<Vec<ProductKey>> {
    let mut keys = Vec::with_capacity(texts.len());
    for text in texts {
        keys.push(context::product_key(store, text).await?);
    }
    Ok(keys)
}
