//! The `berika` command: arguments, output for people and machines, exit codes. What is done is in the libraries.

mod arguments;
mod commands;
mod context;
mod json_lines;
mod output;

use std::process::ExitCode;

use clap::Parser;

use arguments::{Arguments, Command};

fn main() -> ExitCode {
    let mut arguments = match Arguments::try_parse() {
        Ok(arguments) => arguments,
        Err(answer) => {
            // Help and version are answers; a mistake in the arguments ends like any other error, because 2 says that a
            // run left something to do.
            let code = if answer.use_stderr() { ExitCode::FAILURE } else { ExitCode::SUCCESS };
            return if answer.print().is_ok() { code } else { ExitCode::FAILURE };
        }
    };
    arguments.global.json = arguments.command.json();
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
        Command::Embed(args) => commands::embed::run(&global, &args),
        Command::Model(args) => commands::model::run(&global, &args),
        Command::Voice(args) => commands::voice::run(&global, &args),
        // The others wait: for the network, for the store.
        Command::Demo(args) => wait(commands::demo::run(&global, &args)),
        Command::Run(args) => wait(commands::run::run(&global, &args)),
        Command::Runs(args) => wait(commands::runs::run(&global, &args)),
        Command::Explain(args) => wait(commands::explain::run(&global, &args)),
        Command::Review(args) => wait(commands::review::run(&global, &args)),
        Command::Decide(args) => wait(commands::decide::run(&global, &args)),
        Command::Product(args) => wait(commands::product::run(&global, &args)),
        Command::Conflicts(args) => wait(commands::conflicts::run(&global, &args)),
        Command::Blame(args) => wait(commands::blame::run(&global, &args)),
        Command::Duplicates(args) => wait(commands::duplicates::run(&global, &args)),
        Command::Deliveries(args) => wait(commands::deliveries::run(&global, &args)),
        Command::Supplier(args) => wait(commands::supplier::run(&global, &args)),
        Command::Policy(args) => wait(commands::policy::run(&global, &args)),
        Command::Recategorise(args) => wait(commands::recategorise::run(&global, &args)),
        Command::Taxonomy(args) => wait(commands::taxonomy::run(&global, &args)),
        Command::Describe(args) => wait(commands::describe::run(&global, &args)),
        Command::Doctor(args) => wait(commands::doctor::run(&global, &args)),
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
