//! What `berika bench embed` writes and prints.

use std::path::Path;

use anyhow::Context as _;
use berika_embed::{Cost, Cpu};
use berika_models::Approximation;
use berika_pipeline::doctor::extensions;
use serde::Serialize;

use super::peak::Peak;
use super::vectors;
use crate::output;

/// The figures. `schema` rises whenever a name here comes to mean something else or goes away.
#[derive(Debug, Serialize)]
pub(super) struct Figures {
    pub(super) schema: u32,
    /// Of the program.
    pub(super) version: &'static str,
    /// The model as it was asked for.
    pub(super) model: String,
    /// Set where another model stood in for it: what was measured is not the model asked for.
    pub(super) approximate: Option<Approximation>,
    /// What decides its vectors.
    pub(super) recipe: String,
    /// What its products were computed in.
    pub(super) precision: &'static str,
    /// Threads that computed.
    pub(super) threads: usize,
    pub(super) machine: Machine,
    /// From the folder to a model that is ready.
    pub(super) load_seconds: f64,
    /// The most memory that the process held until all texts were embedded, loading included; `null` where the system
    /// does not say.
    pub(super) peak_memory_mib: Option<f64>,
    #[serde(flatten)]
    pub(super) speed: Speed,
    /// Of one text at a time.
    pub(super) latency: Latency,
    /// `null` where there are no bare products to measure.
    pub(super) matmul_peak: Option<Peak>,
}

/// Where it ran.
#[derive(Debug, Serialize)]
pub(super) struct Machine {
    /// The processor's name; `null` where the system does not say.
    cpu: Option<String>,
    /// Processors that this process may use.
    processors: usize,
    /// The processor's extensions that kernels make use of.
    extensions: Vec<&'static str>,
}

/// Whole runs over all texts.
#[derive(Debug, Serialize)]
pub(super) struct Speed {
    texts: usize,
    unique_texts: usize,
    /// Of the different texts; special tokens and prompt included, cut to what the model reads.
    tokens: usize,
    passes: usize,
    /// Rows that the linear products computed for the tokens.
    computed_rows: usize,
    /// Share of those rows that hold no token.
    padding_share: f64,
    /// Seconds of each run, in their order.
    seconds: Vec<f64>,
    /// Of each run, in their order.
    texts_per_second_runs: Vec<f64>,
    /// Of the median run, as are all that follow. Equal texts count each.
    texts_per_second: f64,
    tokens_per_second: f64,
    /// Billions of operations on the tokens: the encoder's linear products (query, key, value, attention's output, up, down),
    /// a multiplication and an addition counted as two.
    linear_gflop: f64,
    /// The same of attention's scores and weighted sums.
    attention_gflop: f64,
    /// Linear products' operations a second of the whole run, tokenising and all between the products included.
    linear_gflops: f64,
    /// That as a share of the measured peak of the bare products.
    share_of_matmul_peak: Option<f64>,
}

/// Milliseconds of single texts.
#[derive(Debug, Serialize)]
pub(super) struct Latency {
    texts: usize,
    p50_ms: f64,
    p99_ms: f64,
}

impl Speed {
    pub(super) fn new(cost: &Cost, seconds: &[f64], peak: Option<&Peak>) -> Self {
        let median = quantile(seconds, 0.5);
        let linear_gflop = cost.linear_operations as f64 / 1e9;
        let linear_gflops = linear_gflop / median;
        Self {
            texts: cost.texts,
            unique_texts: cost.unique,
            tokens: cost.tokens,
            passes: cost.passes,
            computed_rows: cost.rows,
            padding_share: 1.0 - cost.tokens as f64 / cost.rows.max(1) as f64,
            seconds: seconds.to_vec(),
            texts_per_second_runs: seconds.iter().map(|seconds| cost.texts as f64 / seconds).collect(),
            texts_per_second: cost.texts as f64 / median,
            tokens_per_second: cost.tokens as f64 / median,
            linear_gflop,
            attention_gflop: cost.attention_operations as f64 / 1e9,
            linear_gflops,
            share_of_matmul_peak: peak.map(|peak| linear_gflops / peak.gflops),
        }
    }
}

impl Latency {
    pub(super) fn new(seconds: &[f64]) -> Self {
        let ms = |share| quantile(seconds, share) * 1e3;
        Self { texts: seconds.len(), p50_ms: ms(0.5), p99_ms: ms(0.99) }
    }
}

/// The number that a share of all are at most as large as; the mean of the two middle ones for the half of an even number.
pub(super) fn quantile(numbers: &[f64], share: f64) -> f64 {
    let mut sorted = numbers.to_vec();
    sorted.sort_by(f64::total_cmp);
    let at = |place: usize| sorted.get(place).copied().unwrap_or_default();
    if share == 0.5 && sorted.len().is_multiple_of(2) {
        let middle = sorted.len() / 2;
        return (at(middle.saturating_sub(1)) + at(middle)) / 2.0;
    }
    at(((sorted.len() as f64 * share).ceil() as usize).saturating_sub(1))
}

impl Machine {
    pub(super) fn here(cpu: Cpu, processors: usize) -> Self {
        Self { cpu: field_of("/proc/cpuinfo", "model name"), processors, extensions: extensions(cpu) }
    }
}

/// The most memory that this process ever held, where the system says.
pub(super) fn peak_memory_mib() -> Option<f64> {
    let held = field_of("/proc/self/status", "VmHWM")?;
    let kib: f64 = held.strip_suffix("kB")?.trim().parse().ok()?;
    Some(kib / 1024.0)
}

/// The value of the first line `name: value` of a file that Linux makes up.
fn field_of(file: &str, name: &str) -> Option<String> {
    let text = std::fs::read_to_string(file).ok()?;
    text.lines().find_map(|line| {
        let (found, value) = line.split_once(':')?;
        (found.trim() == name).then(|| value.trim().to_owned())
    })
}

impl Figures {
    /// Writes them as one JSON object.
    ///
    /// # Errors
    /// If the file cannot be written.
    pub(super) fn write(&self, file: &Path) -> anyhow::Result<()> {
        let mut text = serde_json::to_string_pretty(self)?;
        text.push('\n');
        std::fs::write(file, text).with_context(|| format!("failed to write {}", file.display()))
    }

    pub(super) fn print(&self) {
        let Self { speed, latency, matmul_peak: peak, machine, .. } = self;
        output::line(format!(
            "{}, {}, threads: {}, recipe {}",
            vectors::shown(&self.model, self.approximate.as_ref()),
            self.precision,
            self.threads,
            self.recipe
        ));
        let cpu = machine.cpu.as_deref().unwrap_or("processor unknown");
        output::line(format!("{cpu}, {} processors: {}", machine.processors, machine.extensions.join(" ")));
        let runs: Vec<String> =
            speed.texts_per_second_runs.iter().map(|speed| format!("{speed:.0}")).collect();
        let memory = self.peak_memory_mib.map_or("unknown".to_owned(), |mib| format!("{mib:.0} MiB"));
        let peak = (peak.as_ref().zip(speed.share_of_matmul_peak))
            .map_or_else(String::new, |(peak, share)| {
                format!("{:.0} % of the bare products' {:.0}", 100.0 * share, peak.gflops)
            });
        let mut table = output::table(&["figure", "value", ""]);
        for (name, value, more) in [
            ("texts", speed.texts.to_string(), format!("{} different", speed.unique_texts)),
            (
                "tokens",
                speed.tokens.to_string(),
                format!("{:.1} a text", speed.tokens as f64 / speed.unique_texts as f64),
            ),
            ("texts/s", format!("{:.0}", speed.texts_per_second), format!("runs: {}", runs.join(" "))),
            ("tokens/s", format!("{:.0}", speed.tokens_per_second), String::new()),
            (
                "padding",
                format!("{:.2} %", 100.0 * speed.padding_share),
                format!("of {} rows in {} passes", speed.computed_rows, speed.passes),
            ),
            ("linear products", format!("{:.0} GFLOP/s", speed.linear_gflops), peak),
            (
                "one text",
                format!("{:.2} ms", latency.p50_ms),
                format!("p99 {:.2} ms, of {}", latency.p99_ms, latency.texts),
            ),
            ("peak memory", memory, String::new()),
            ("load", format!("{:.2} s", self.load_seconds), String::new()),
        ] {
            table.add_row([name, &value, &more]);
        }
        output::line(table);
    }
}
