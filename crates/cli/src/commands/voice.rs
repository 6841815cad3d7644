//! `berika voice`.

use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::Context as _;
use berika_describe::{Voice, voice};

use crate::arguments::{Global, Json};
use crate::output;

/// What `berika voice` takes.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    #[command(flatten)]
    pub(crate) json: Json,
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, clap::Subcommand)]
enum Command {
    /// Judge a voice file's examples by the code that judges published texts.
    Check {
        /// The voice files.
        #[arg(required = true, value_name = "FILE")]
        files: Vec<PathBuf>,
    },
}

/// Exit code 1 where an example is not judged as its file says.
pub(crate) fn run(global: &Global, args: &Args) -> anyhow::Result<ExitCode> {
    let Command::Check { files } = &args.command;
    let mut wrong = 0;
    let mut checked = Vec::new();
    for file in files {
        let text = std::fs::read_to_string(file)
            .with_context(|| format!("cannot read the voice {}", file.display()))?;
        let voice = Voice::parse(&text, file)?;
        let verdicts = voice::check(&voice, &voice.examples);
        let surprising = verdicts.iter().filter(|verdict| !verdict.as_expected()).count();
        wrong += surprising;
        if !global.json {
            output::line(format!(
                "{}: {} of {} examples are judged as the file says",
                file.display(),
                verdicts.len() - surprising,
                verdicts.len()
            ));
            for verdict in verdicts.iter().filter(|verdict| !verdict.as_expected()) {
                let judged = match &verdict.found {
                    None => "keeps to the voice".to_owned(),
                    Some(breach) => format!("breaks {} ({})", breach.rule.as_str(), breach.words),
                };
                output::line(format!(
                    "  example {}: {judged}, unlike the file says: {}",
                    verdict.number, verdict.example.text
                ));
            }
        }
        checked.push(serde_json::json!({ "file": file, "verdicts": verdicts }));
    }
    if global.json {
        output::json(&checked)?;
    }
    Ok(if wrong == 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}
