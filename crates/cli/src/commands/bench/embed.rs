//! `berika bench embed`: how fast a model embeds the user's own texts on this machine, and what limits it.
//!
//! Everything is measured in one process and on one pool of threads: whole runs over all texts, single texts, and the bare
//! matrix products of the model's own shapes to compare with. Nothing is traced while speed is measured.

use std::num::NonZeroUsize;
use std::path::PathBuf;
use std::process::ExitCode;
use std::str::FromStr;
use std::time::Instant;

use anyhow::Context as _;
use berika_embed::{Cpu, Limits, Model, Precision, Prompt, UnknownPrecision};
use clap::builder::RangedU64ValueParser;

use super::vectors;
use figures::{Figures, Latency, Machine, Speed};

mod figures;
mod peak;
mod texts;
mod trace;

/// Single texts whose latency is measured.
const SINGLE_TEXTS: usize = 200;
/// Texts embedded before anything is measured.
const WARM_UP: usize = 500;

/// What `berika bench embed` takes.
#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// The model: an id of the manifest, fetched where it is missing, or a sentence-transformers folder.
    #[arg(long, default_value = "all-MiniLM-L6-v2", value_name = "ID|DIR")]
    model: String,
    /// The texts, one a line, UTF-8.
    #[arg(long, value_name = "FILE")]
    input: PathBuf,
    /// How many threads compute; without it, as many as there are processors.
    #[arg(long, value_name = "N", value_parser = RangedU64ValueParser::<usize>::new().range(1..=1024))]
    threads: Option<usize>,
    /// What products are computed in: f32, bf16, int8, or auto, the fastest on this machine for what it costs.
    #[arg(long, default_value = "auto", value_name = "PRECISION")]
    precision: Wanted,
    /// How often all texts are embedded.
    #[arg(long, default_value_t = 5, value_name = "N", value_parser = RangedU64ValueParser::<usize>::new().range(1..=1000))]
    repeat: usize,
    /// Where a trace of one forward pass on one thread is written, for a browser's trace viewer.
    #[arg(long, value_name = "FILE")]
    trace: Option<PathBuf>,
    /// Where the figures are written.
    #[arg(long, value_name = "OUT.json")]
    json: PathBuf,
}

/// A precision, or whichever is fastest.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Wanted {
    Auto,
    This(Precision),
}

impl FromStr for Wanted {
    type Err = String;

    fn from_str(word: &str) -> Result<Self, String> {
        match word {
            "auto" => Ok(Self::Auto),
            word => {
                word.parse().map(Self::This).map_err(|error: UnknownPrecision| format!("{error}, or auto"))
            }
        }
    }
}

impl Wanted {
    fn on(self, cpu: Cpu) -> Precision {
        match self {
            Self::Auto => Precision::fastest(cpu),
            Self::This(precision) => precision,
        }
    }
}

/// Measures, writes the file and prints the figures.
///
/// # Errors
/// If the texts cannot be read, the model cannot be had, or a file cannot be written.
pub(super) fn run(args: &Args) -> anyhow::Result<ExitCode> {
    let texts = texts::read(&args.input)?;
    let texts: Vec<&str> = texts.iter().map(String::as_str).collect();
    let folder = vectors::folder(&args.model)?;
    let cpu = Cpu::detected();
    let precision = args.precision.on(cpu);
    let processors = std::thread::available_parallelism().map_or(1, NonZeroUsize::get);
    let threads = args.threads.unwrap_or(processors);
    let pool = pool(threads)?;

    let began = Instant::now();
    let model = pool
        .install(|| Model::load_with(&folder, precision, cpu))
        .with_context(|| format!("failed to load model {}", args.model))?;
    let load_seconds = began.elapsed().as_secs_f64();
    let prompt = Prompt::Default;
    let cost = pool.install(|| model.cost(&texts, prompt))?;

    let timed = |texts: &[&str]| -> anyhow::Result<f64> {
        let began = Instant::now();
        pool.install(|| model.embed(texts, prompt, &mut |_| {}))?;
        Ok(began.elapsed().as_secs_f64())
    };
    timed(&texts[..texts.len().min(WARM_UP)])?;
    let seconds = (0..args.repeat).map(|_| timed(&texts)).collect::<anyhow::Result<Vec<f64>>>()?;
    let peak_memory_mib = figures::peak_memory_mib();
    let singles = spaced(&texts, SINGLE_TEXTS);
    let latencies = singles.iter().map(|text| timed(&[text])).collect::<anyhow::Result<Vec<f64>>>()?;
    let peak = peak::measure(&pool, model.shape(), precision, cpu, Limits::default().tokens);

    let figures = Figures {
        schema: 1,
        version: env!("CARGO_PKG_VERSION"),
        model: args.model.clone(),
        approximate: berika_models::approximation(&folder),
        recipe: model.recipe(prompt)?,
        precision: precision.as_str(),
        threads,
        machine: Machine::here(cpu, processors),
        load_seconds,
        peak_memory_mib,
        speed: Speed::new(&cost, &seconds, peak.as_ref()),
        latency: Latency::new(&latencies),
        matmul_peak: peak,
    };
    figures.write(&args.json)?;
    figures.print();
    if let Some(file) = &args.trace {
        let one = one_pass(&model, &texts)?;
        trace::one_pass(&model, &one, prompt, file)?;
    }
    Ok(ExitCode::SUCCESS)
}

fn pool(threads: usize) -> anyhow::Result<rayon::ThreadPool> {
    rayon::ThreadPoolBuilder::new()
        .num_threads(threads)
        .build()
        .with_context(|| format!("failed to start {threads} threads; give --threads fewer"))
}

/// So many texts from all over the file; where it has fewer, some of them more than once.
fn spaced<'a>(texts: &[&'a str], count: usize) -> Vec<&'a str> {
    (0..count).map(|at| texts[at * texts.len() / count]).collect()
}

/// Texts from all over the file that about fill one forward pass.
fn one_pass<'a>(model: &Model, texts: &[&'a str]) -> anyhow::Result<Vec<&'a str>> {
    let mut count = texts.len().min(SINGLE_TEXTS);
    loop {
        let some = spaced(texts, count);
        if count == 1 || model.cost(&some, Prompt::Default)?.passes == 1 {
            return Ok(some);
        }
        count = (count * 19 / 20).max(1);
    }
}

#[cfg(test)]
mod tests;
