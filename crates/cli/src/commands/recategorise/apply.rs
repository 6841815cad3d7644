//! `berika recategorise apply`.

use std::path::PathBuf;
use std::process::ExitCode;

use berika_pipeline::recategorise::{Applied, ApplyOptions, Left, apply, plan_file};
use berika_store::ApplicationState;

use crate::arguments::Global;
use crate::commands::run::INCOMPLETE;
use crate::{context, output};

/// The most products that are shown of those left for one reason.
const MOST_SHOWN: usize = 10;

/// What `berika recategorise apply` takes.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// The plan, as `berika recategorise plan` wrote it.
    plan: PathBuf,
    /// Make only this share of the moves for now, such as 1%, carry it through, and wait for a look.
    #[arg(long, value_name = "SHARE", value_parser = share)]
    canary: Option<f64>,
    /// Go on behind the canary.
    #[arg(long = "continue", conflicts_with = "canary")]
    go_on: bool,
    /// Leave products as they are that have changed since the plan was made, and do not mind decisions made since.
    #[arg(long)]
    skip_changed: bool,
}

/// Applies the plan. Exits with 0 where everything is done and delivered, with 2 where a canary waits, products were left, an
/// event waits or it was interrupted, with 1 where the plan is refused.
pub(crate) async fn run(global: &Global, args: &Args) -> anyhow::Result<ExitCode> {
    let config = context::config(global)?;
    let (plan, _) = plan_file::read(&args.plan)?;
    let engine = context::engine(global, config).await?;
    context::stop_on_signal(&engine);
    let options = ApplyOptions {
        canary: args.canary,
        go_on: args.go_on,
        skip_changed: args.skip_changed,
        by: context::user(),
    };
    let applied = apply(&engine, &plan, &options).await?;
    engine.store.close().await;
    let problems = applied.problems();
    if global.json {
        output::json_with_problems(&applied, &problems)?;
    } else {
        print(&applied, &problems);
    }
    Ok(if problems.is_empty() { ExitCode::SUCCESS } else { ExitCode::from(INCOMPLETE) })
}

fn print(applied: &Applied, problems: &[String]) {
    let word = match applied.state {
        ApplicationState::Applied => "is applied",
        ApplicationState::Canary => "is applied to its canary",
        _ => "is under way",
    };
    output::line(format!(
        "The plan {word}: {} of {} moves are made, in {}.\n",
        applied.moved, applied.moves, applied.run
    ));
    output::line(output::stages(&applied.stages, applied.took));
    output::endpoints(&applied.endpoints);
    left(&applied.left);
    for problem in problems {
        output::line(format!("! {problem}"));
    }
    if problems.is_empty() {
        output::line(format!("`berika recategorise revert {}` takes it back.", applied.run));
    }
}

/// Lists products left as they are.
pub(super) fn left(left: &[Left]) {
    for left in left {
        let shown: Vec<&str> = left.products.iter().take(MOST_SHOWN).map(String::as_str).collect();
        let more = if left.count > shown.len() as u64 { ", …" } else { "" };
        output::line(format!("{}: {}{more}", left.why, shown.join(", ")));
    }
}

/// A share such as `1%` or `0.01`.
fn share(text: &str) -> Result<f64, String> {
    let (number, unit) = match text.trim().strip_suffix('%') {
        Some(percent) => (percent.trim(), 100.0),
        None => (text.trim(), 1.0),
    };
    match number.parse::<f64>() {
        Ok(number) if number > 0.0 && number <= unit => Ok(number / unit),
        _ => Err("a share above 0 and at most 100 %, such as 1% or 0.01".to_owned()),
    }
}

#[cfg(test)]
mod tests {
    use super::share;

    #[test]
    fn a_share_is_a_percentage_or_a_part_of_one() {
        assert_eq!(share("1%"), Ok(0.01));
        assert_eq!(share("0.5 %"), Ok(0.005));
        assert_eq!(share("0.25"), Ok(0.25));
        assert_eq!(share("100%"), Ok(1.0));
        for wrong in ["0", "0%", "-1%", "101%", "2", "NaN", "inf", "", "%", "one"] {
            assert!(share(wrong).is_err(), "{wrong}");
        }
    }
}
