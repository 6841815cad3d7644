//! `berika bench`: how good and how fast, measured on the user's own data.

mod accuracy;
mod categories;
mod describe;
mod embed;
mod embedded;
pub(crate) mod labelled_file;
mod review;
mod stages;
mod vectors;

use std::process::ExitCode;

/// What `berika bench` takes.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, clap::Subcommand)]
enum Command {
    /// Accuracy of categorisation on labelled products.
    Accuracy(accuracy::Args),
    /// What decisions asked for in the order of `berika review next` are worth, against random ones.
    Review(review::Args),
    /// What descriptions of your products say, leave out and invent, and how fast they come.
    Describe(describe::Args),
    /// Speed of a model on texts of yours.
    Embed(embed::Args),
}

/// Runs the benchmark that was asked for.
///
/// # Errors
/// As the benchmark says.
pub(crate) fn run(args: &Args) -> anyhow::Result<ExitCode> {
    match &args.command {
        Command::Accuracy(args) => accuracy::run(args),
        Command::Review(args) => review::run(args),
        Command::Describe(args) => crate::wait(describe::run(args)),
        Command::Embed(args) => embed::run(args),
    }
}
