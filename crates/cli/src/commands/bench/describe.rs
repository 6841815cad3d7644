//! `berika bench describe`: how much is described, how much of what is known is said, and whether anything is said that is
//! not known.

mod energy;
mod hostile;
mod measured;
mod skeleton;

use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::Context as _;
use berika_catalog::Language;
use berika_describe::{Facts, Request};
use berika_pipeline::writers::Writers;
use tokio_util::sync::CancellationToken;

use crate::arguments::Global;
use crate::commands::describe::{ProductsFile, TextsFile, Writing, requests_of};
use crate::output;
use energy::EnergyMeter;
use measured::Measured;

/// What `berika bench describe` takes.
#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// The configuration.
    #[arg(long, env = "BERIKA_CONFIG", default_value = "berika.toml", value_name = "FILE")]
    config: PathBuf,
    /// The products, as `berika describe` reads them.
    #[arg(long, value_name = "FILE")]
    input: PathBuf,
    /// The languages to write in.
    #[arg(long, value_name = "TAG,...", value_delimiter = ',', required = true, value_parser = Language::parse)]
    languages: Vec<Language>,
    #[command(flatten)]
    writing: Writing,
    /// A model that invents on purpose takes the place of the generator's own: `local` in this process, `endpoint` behind a
    /// server on this machine.
    #[arg(long)]
    hostile: bool,
    /// Where the texts are written, as `berika describe` writes them.
    #[arg(long, value_name = "OUT.jsonl")]
    output: Option<PathBuf>,
    /// Describe everything so many times over, with the time of each round. Texts are those of the first.
    #[arg(long, value_name = "COUNT", default_value_t = 1)]
    rounds: u32,
    /// Where the figures are written.
    #[arg(long, value_name = "OUT.json")]
    json: Option<PathBuf>,
    /// The most sentences in 100 descriptions that the guard would not let through if a model had written them. Above it the
    /// exit code is 1. Default: no limit.
    #[arg(long, value_name = "COUNT")]
    refused_most: Option<f64>,
}

pub(super) async fn run(args: &Args) -> anyhow::Result<ExitCode> {
    let global = Global { config: args.config.clone(), quiet: true, json: false };
    let setup = args.writing.setup(&global)?;
    let products = ProductsFile::open(&args.input)?.next(usize::MAX)?;
    anyhow::ensure!(!products.is_empty(), "{} has no products", args.input.display());
    let mut texts_file = args.output.as_deref().map(|path| TextsFile::open(path, false)).transpose()?;
    let scratch = tempfile::tempdir().context("cannot make a temporary folder")?;
    let hostile = args.hostile.then(|| hostile::writers(&setup.descriptions)).transpose()?;
    let (writers, _server) = match hostile {
        Some((writers, server)) => (writers, server),
        None => (setup.writers(&scratch.path().join("job")).await?, None),
    };

    let meter = EnergyMeter::begin();
    let mut seconds = Vec::new();
    let mut measured = Measured::default();
    for round in 0..args.rounds.max(1) {
        let began = std::time::Instant::now();
        let facts: Vec<Facts> = products.iter().map(|product| Facts::of(&product.values)).collect();
        let requests: Vec<_> = requests_of(&products, &facts, &args.languages, &setup.voices).collect();
        let asked: Vec<Request<'_>> = requests.iter().map(|(_, request)| *request).collect();
        let outcomes = describe(&writers, &asked).await;
        seconds.push(began.elapsed().as_secs_f64());
        if round == 0 {
            for ((product, request), outcome) in requests.iter().zip(&outcomes) {
                measured.add(product, request, outcome);
                if let Some(file) = &mut texts_file {
                    file.write(&product.id, request.language, outcome, &request.facts.conflicts)?;
                }
            }
        }
    }
    if let Some(file) = &mut texts_file {
        file.flush()?;
    }
    let texts = measured.descriptions();
    let summary =
        measured.summary(&seconds, meter.watt_hours().map(|spent| spent / f64::from(args.rounds.max(1))));
    if let Some(path) = &args.json {
        let written = serde_json::to_vec_pretty(&summary)?;
        std::fs::write(path, written).with_context(|| format!("cannot write {}", path.display()))?;
    }
    summary.print();
    for (model, why) in writers.out_of_use() {
        output::line(format!("{model} was no longer asked: {why}"));
    }
    let refused = summary.refused_per_100();
    if let Some(most) = args.refused_most.filter(|most| refused > *most) {
        output::line(format!(
            "the guard refuses {refused:.2} sentences in 100 of {texts} descriptions, more than {most}"
        ));
        return Ok(ExitCode::FAILURE);
    }
    Ok(ExitCode::SUCCESS)
}

async fn describe(writers: &Writers, requests: &[Request<'_>]) -> Vec<berika_describe::Outcome> {
    let stop = CancellationToken::new();
    let mut outcomes = Vec::with_capacity(requests.len());
    for batch in requests.chunks(writers.batch()) {
        outcomes.extend(writers.describe(batch, &stop).await);
    }
    outcomes
}
