//! The `berika` command: arguments, output for people and machines, exit codes. What is done is in the libraries.

mod arguments;
mod commands;
mod context;
mod output;

use std::process::ExitCode;

use clap::Parser;

use arguments::{Arguments, Command};

fn main() -> ExitCode {
    let arguments = Arguments::parse();
    output::start_log(&arguments.global);
    match dispatch(arguments) {
        Ok(code) => code,
        Err(error) => {
            output::error(&error);
            ExitCode::FAILURE
        }
    }
}

fn dispatch(arguments: Arguments) -> anyhow::Result<ExitCode> {
    let global = arguments.global;
    match arguments.command {
        // Synchronous: they compute, and use every core for it.
        Command::Bench(args) => commands::bench::run(&args),
        Command::Embed(args) => commands::embed::run(&global.with(args.json), &args),
        Command::Model(args) => commands::model::run(&global.with(args.json), &args),
        // The others wait: for the network, for the store.
        Command::Demo(args) => wait(commands::demo::run(&global.with(args.json), &args)),
        Command::Run(args) => wait(commands::run::run(&global.with(args.json), &args)),
        Command::Explain(args) => wait(commands::explain::run(&global.with(args.json), &args)),
        Command::Decide(args) => wait(commands::decide::run(&global.with(args.json), &args)),
        Command::Deliveries(args) => wait(commands::deliveries::run(&global.with(args.json), &args)),
        Command::Supplier(args) => wait(commands::supplier::run(&global.with(args.json), &args)),
        Command::Taxonomy(args) => wait(commands::taxonomy::run(&global.with(args.json), &args)),
        Command::Doctor(args) => wait(commands::doctor::run(&global.with(args.json), &args)),
    }
}

fn wait<T>(work: impl Future<Output = anyhow::Result<T>>) -> anyhow::Result<T> {
    tokio::runtime::Builder::new_multi_thread().enable_all().build()?.block_on(work)
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory as _;

    #[test]
    fn the_arguments_do_not_contradict_one_another() {
        crate::arguments::Arguments::command().debug_assert();
    }
}
