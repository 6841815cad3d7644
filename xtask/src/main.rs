//! The project's own chores, run as `cargo xtask CHORE`: one file a chore.
//!
//! This is no part of the product. It may print, and it may run other programs.
#![expect(clippy::print_stdout, clippy::print_stderr, reason = "a chore talks to the person who started it")]

mod lint;
mod machine;
mod multilingual;
mod process;
mod sanitise;
mod split;
mod test;

use clap::Parser;
use std::process::ExitCode;

/// The project's own chores.
#[derive(Parser)]
#[command(name = "cargo xtask", bin_name = "cargo xtask")]
enum Chore {
    /// Run every test, and say which ones this machine cannot run.
    Test(test::Options),
    /// Formatting, clippy with warnings as errors, and cargo-deny where it is installed.
    Lint,
    /// Run the tests of the only unsafe code under AddressSanitizer.
    Sanitise,
    /// Fetch the multilingual test model, as `test` does before its tests.
    Model,
    /// Split a file of labelled rows in two by seed, as the accuracy figures need it.
    Split(split::Options),
}

fn main() -> ExitCode {
    let done = match Chore::parse() {
        Chore::Test(options) => test::run(&options),
        Chore::Lint => lint::run(),
        Chore::Sanitise => sanitise::run(),
        Chore::Model => multilingual::run(),
        Chore::Split(options) => split::run(&options),
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error:#}");
            ExitCode::FAILURE
        }
    }
}
