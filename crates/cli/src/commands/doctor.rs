//! `berika doctor`.

use std::process::ExitCode;

use berika_pipeline::doctor::{check_acceptance, check_files, check_model, check_peers, check_store};

use crate::arguments::{Global, Json};
use crate::{context, output};

/// What `berika doctor` takes.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    #[command(flatten)]
    pub(crate) json: Json,
}

/// Checks configuration, taxonomy, model, store, suppliers and endpoints; exits with 1 where something is wrong.
pub(crate) async fn run(global: &Global, _args: &Args) -> anyhow::Result<ExitCode> {
    let config = context::config(global)?;
    let mut checks = check_files(&config);
    let store = check_store(&config).await;
    let usable = store.ok;
    checks.push(store);
    checks.extend(check_model(&config).await);
    if usable {
        let engine = context::engine(global, config).await?;
        checks.push(check_acceptance(&engine).await);
        checks.extend(check_peers(&engine).await);
    }
    if global.json {
        output::json(&checks)?;
    } else {
        for check in &checks {
            let mark = if check.ok { "ok  " } else { "FAIL" };
            output::line(format!("{mark}  {}: {}", check.what, check.finding));
        }
    }
    Ok(if checks.iter().all(|check| check.ok) { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}
