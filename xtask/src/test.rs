//! `cargo xtask test`: every test, and one line for each thing this machine cannot test.

use crate::process::{show, works};
use crate::{machine, multilingual};
use std::time::Instant;

/// What `cargo xtask test` takes.
#[derive(clap::Args)]
pub(crate) struct Options {
    /// Install what the machine lacks (Debian and Ubuntu, by apt-get), and fail where a model cannot be fetched.
    #[arg(long)]
    install: bool,
}

/// Runs the tests of the whole workspace: by cargo-nextest if it is there, else by `cargo test`; then the doc tests.
///
/// # Errors
/// If a test fails, or if an installation that was asked for does.
pub(crate) fn run(options: &Options) -> anyhow::Result<()> {
    let started = Instant::now();
    let mut skipped = machine::prepare(options.install)?;
    skipped.extend(multilingual::prepare(options.install)?);
    for line in &skipped {
        println!("{line}");
    }

    if works(&["cargo", "nextest", "--version"]) {
        show(&["cargo", "nextest", "run", "--workspace"])?;
    } else {
        println!(
            "cargo-nextest is not installed, which is fine: `cargo test` runs the same tests, a little slower"
        );
        show(&["cargo", "test", "--workspace", "--lib", "--bins", "--tests"])?;
    }
    show(&["cargo", "test", "--workspace", "--doc"])?;

    println!("\nall tests passed in {} s", started.elapsed().as_secs());
    for line in &skipped {
        println!("{line}");
    }
    Ok(())
}
