//! `berika deliveries`.

use std::process::ExitCode;

use berika_catalog::{Clock as _, SystemClock};
use berika_store::{DeliveryFilter, DeliveryRow};

use crate::arguments::{Global, Json};
use crate::{context, output};

/// What `berika deliveries` takes.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    #[command(flatten)]
    pub(crate) json: Json,
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, clap::Subcommand)]
enum Command {
    /// List deliveries, newest first.
    List {
        /// Only to this endpoint.
        #[arg(long)]
        endpoint: Option<String>,
        /// Only in this state.
        #[arg(long, value_parser = ["pending", "delivered", "dead"])]
        state: Option<String>,
        /// Only of this product.
        #[arg(long, value_name = "SUPPLIER/SKU")]
        product: Option<String>,
        /// Only before this delivery: the last of the page before.
        #[arg(long, value_name = "ID")]
        before: Option<String>,
        /// The most rows.
        #[arg(long, default_value_t = 20)]
        limit: usize,
    },
    /// Show a delivery with its bytes and attempts.
    Show {
        /// The delivery's id.
        id: String,
    },
    /// Make deliveries due again, under their own ids and with their own bytes.
    Replay {
        /// The delivery's id.
        #[arg(required_unless_present = "dead")]
        id: Option<String>,
        /// All that were given up at this endpoint.
        #[arg(long, value_name = "ENDPOINT", conflicts_with = "id")]
        dead: Option<String>,
    },
    /// Switch an endpoint on again that answered 410 Gone.
    Enable {
        /// The endpoint.
        endpoint: String,
    },
}

pub(crate) async fn run(global: &Global, args: &Args) -> anyhow::Result<ExitCode> {
    let config = context::config(global)?;
    match &args.command {
        Command::List { endpoint, state, product, before, limit } => {
            let store = context::store_to_read(&config).await?;
            let product = match product {
                Some(product) => Some(context::product_key(&store, product).await?),
                None => None,
            };
            let (endpoint, state, before) = (endpoint.clone(), state.clone(), before.clone());
            let filter = DeliveryFilter { endpoint, state, product, before, limit: *limit };
            let rows = store.deliveries(&filter).await?;
            if global.json { output::json(&rows)? } else { print(&rows) }
        }
        Command::Show { id } => {
            let store = context::store_to_read(&config).await?;
            let detail = store.delivery(id).await?;
            let detail = detail.ok_or_else(|| anyhow::anyhow!("there is no delivery {id}"))?;
            if global.json {
                output::json(&detail)?;
            } else {
                print(std::slice::from_ref(&detail.row));
                for attempt in &detail.made {
                    output::line(format!(
                        "attempt {} at {}, {} ms: {}",
                        attempt.number, attempt.started_at, attempt.duration_ms, attempt.outcome
                    ));
                }
                let body = detail.body.as_deref();
                output::line(body.unwrap_or("no bytes: not attempted yet, or past their retention"));
            }
        }
        Command::Replay { id, dead } => {
            let store = context::store_to_work(&config).await?;
            let due = store.replay(id.as_deref(), dead.as_deref(), SystemClock.now()).await?;
            store.close().await;
            if global.json {
                output::json(&serde_json::json!({ "due": due }))?;
            } else {
                output::line(format!("{due} deliveries are due at the next run"));
            }
            if due == 0 && id.is_some() {
                return Ok(ExitCode::FAILURE);
            }
        }
        Command::Enable { endpoint } => {
            let store = context::store_to_work(&config).await?;
            let enabled = store.enable_endpoint(endpoint, SystemClock.now()).await?;
            store.close().await;
            if global.json {
                output::json(&serde_json::json!({ "endpoint": endpoint, "enabled": enabled }))?;
            } else if enabled {
                output::line(format!("{endpoint} is on; the next run delivers what waited"));
            } else {
                output::line(format!("{endpoint} was not switched off"));
            }
        }
    }
    Ok(ExitCode::SUCCESS)
}

fn print(rows: &[DeliveryRow]) {
    let mut table =
        output::table(&["id", "endpoint", "product", "type", "version", "state", "attempts", "due", "last"]);
    for row in rows {
        table.add_row([
            row.id.clone(),
            row.endpoint.clone(),
            row.product.to_string(),
            row.event.clone(),
            row.version.to_string(),
            row.state.clone(),
            row.attempts.to_string(),
            row.due_at.to_string(),
            output::cut(row.last_outcome.as_deref().unwrap_or_default(), 50),
        ]);
    }
    output::line(table);
}
