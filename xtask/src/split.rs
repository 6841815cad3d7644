//! `cargo xtask split`: a labelled file in two, as accuracy is measured.

use anyhow::Context;
use std::fs;
use std::path::{Path, PathBuf};

/// What `cargo xtask split` takes.
#[derive(clap::Args)]
pub(crate) struct Options {
    /// A file with one row a line (JSONL).
    file: PathBuf,
    /// Share of the rows for training; the rest is for testing.
    #[arg(long, default_value_t = 0.6)]
    fraction: f64,
    /// Which split: the same seed always gives the same rows.
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// Folder for NAME.train.jsonl and NAME.test.jsonl, made if it is not there.
    #[arg(long)]
    out: PathBuf,
}

/// Writes the two parts, rows byte for byte and in the file's order.
///
/// # Errors
/// If the file cannot be read, the fraction is not between 0 and 1, or a part cannot be written.
pub(crate) fn run(options: &Options) -> anyhow::Result<()> {
    let Options { file, fraction, seed, out } = options;
    let text = fs::read_to_string(file).with_context(|| format!("failed to read {}", file.display()))?;
    let rows: Vec<&str> = text.lines().filter(|line| !line.trim().is_empty()).collect();
    let parts = berika_evaluate::split(rows.len(), *fraction, *seed)?;
    let name = file.file_stem().unwrap_or_default().to_string_lossy();
    fs::create_dir_all(out).with_context(|| format!("failed to make {}", out.display()))?;
    write(&out.join(format!("{name}.train.jsonl")), &rows, &parts.first)?;
    write(&out.join(format!("{name}.test.jsonl")), &rows, &parts.second)
}

fn write(path: &Path, rows: &[&str], chosen: &[usize]) -> anyhow::Result<()> {
    let mut text: String = chosen.iter().map(|&row| rows[row]).collect::<Vec<_>>().join("\n");
    if !text.is_empty() {
        text.push('\n');
    }
    fs::write(path, text).with_context(|| format!("failed to write {}", path.display()))?;
    println!("{}: {} rows", path.display(), chosen.len());
    Ok(())
}
