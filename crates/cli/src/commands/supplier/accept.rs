//! `berika supplier accept`.

use std::process::ExitCode;

use berika_catalog::SupplierId;

use crate::arguments::Global;
use crate::{context, output};

/// What `berika supplier accept` takes.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// The supplier.
    supplier: String,
}

pub(crate) async fn run(global: &Global, args: &Args) -> anyhow::Result<ExitCode> {
    let supplier = &args.supplier;
    let store = context::store_to_work(&context::config(global)?).await?;
    let reason = store.accept_held_delivery(&SupplierId::new(supplier)?).await?;
    store.close().await;
    if global.json {
        output::json(
            &serde_json::json!({ "supplier": supplier, "accepted": reason.is_some(), "reason": reason }),
        )?;
    } else if let Some(reason) = &reason {
        output::line(format!("the next run takes the delivery of {supplier} in, although {reason}"));
    } else {
        output::line(format!("no delivery of {supplier} is held"));
    }
    Ok(if reason.is_some() { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}
