//! `berika supplier suggest`.

use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::Context as _;
use berika_catalog::SupplierId;
use berika_feeds::Limits;

use crate::arguments::Global;
use crate::output;

/// What `berika supplier suggest` takes.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// A delivery of the supplier, of any format.
    file: PathBuf,
    /// The supplier's short name. Default: from the file's name.
    #[arg(long, value_name = "NAME")]
    id: Option<String>,
}

pub(crate) fn run(global: &Global, args: &Args) -> anyhow::Result<ExitCode> {
    let mut suggestion = berika_feeds::suggest(&args.file, &Limits::default())
        .map_err(|error| error.problem)
        .with_context(|| format!("nothing can be suggested for {}", args.file.display()))?;
    if let Some(id) = &args.id {
        suggestion.id = SupplierId::new(id)?;
    }
    let next = format!("berika supplier check {}", suggestion.id);
    if global.json {
        let toml = suggestion.to_toml();
        output::json(&serde_json::json!({ "suggestion": suggestion, "toml": toml, "next": next }))?;
    } else {
        output::line(suggestion.to_toml());
        output::line(format!(
            "# Next: put this into berika.toml, then `{next}` shows rows as they will be stored."
        ));
    }
    Ok(ExitCode::SUCCESS)
}
