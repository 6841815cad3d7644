//! `berika taxonomy lint`.

use std::path::PathBuf;
use std::process::ExitCode;

use berika_classify::lint::{Finding, Kind};
use berika_pipeline::taxonomy::read_file;
use berika_pipeline::taxonomy_lint::{LintReport, look};

use crate::arguments::Global;
use crate::{context, output};

/// The most findings of a kind that are printed; JSON has all.
const MOST_PRINTED: usize = 20;

/// The most categories of a finding that are printed.
const MOST_NAMED: usize = 5;

/// What `berika taxonomy lint` takes.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// A file to look at before it is taken over. Where left out: the stored taxonomy, else the configured file.
    file: Option<PathBuf>,
    /// Exit with 1 where anything is found.
    #[arg(long)]
    strict: bool,
}

pub(crate) async fn run(global: &Global, args: &Args) -> anyhow::Result<ExitCode> {
    let config = context::config(global)?;
    let language = config.markets[0].language.clone();
    let taxonomy =
        args.file.as_ref().map(|file| read_file(file, &config.taxonomy.id, &language)).transpose()?;
    let engine = context::engine_to_look(global, config).await?;
    let report = look(&engine, taxonomy).await;
    engine.store.close().await;
    let report = report?;
    if global.json {
        output::json(&report)?;
    } else {
        print(&report);
    }
    let found = !report.lint.findings.is_empty();
    Ok(if args.strict && found { ExitCode::FAILURE } else { ExitCode::SUCCESS })
}

fn print(report: &LintReport) {
    let version =
        report.version.map_or_else(|| "from its file".to_owned(), |version| format!("version {version}"));
    output::line(format!(
        "taxonomy {}, {version}: {} categories, {} leaves; {} products, {} of them confirmed by people",
        report.taxonomy, report.categories, report.leaves, report.products, report.confirmed
    ));
    for kind in Kind::ALL {
        let findings: Vec<&Finding> =
            report.lint.findings.iter().filter(|finding| finding.kind == kind).collect();
        if findings.is_empty() {
            continue;
        }
        output::line(format!("\n{}: {}", kind.heading(), findings.len()));
        // What to do is the same for most of a kind: it is said once.
        let mut advice = "";
        for finding in findings.iter().take(MOST_PRINTED) {
            print_finding(finding);
            if finding.advice != advice {
                advice = finding.advice;
                output::line(format!("    to do: {advice}"));
            }
        }
        if findings.len() > MOST_PRINTED {
            output::line(format!("  and {} more; --json has all", findings.len() - MOST_PRINTED));
        }
    }
    if report.lint.findings.is_empty() {
        output::line("\nnothing found");
    }
    for reason in &report.lint.left_out {
        output::line(format!("\nnot looked at: {reason}"));
    }
}

fn print_finding(finding: &Finding) {
    output::line(format!("  {}", finding.finding));
    for category in finding.categories.iter().take(MOST_NAMED) {
        output::line(format!("    {}  {}", category.id, category.path));
    }
    let more = finding.categories.len().saturating_sub(MOST_NAMED) + finding.more;
    if more > 0 {
        output::line(format!("    and {more} more"));
    }
    for product in &finding.products {
        let title = output::cut(product.title.as_deref().unwrap_or_default(), 60);
        output::line(format!("    {}  {title}: {}", product.key, product.note));
    }
}
