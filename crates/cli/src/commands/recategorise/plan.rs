//! `berika recategorise plan`.

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::Context as _;
use berika_catalog::{CategoryId, Digest};
use berika_pipeline::recategorise::plan::Selection;
use berika_pipeline::recategorise::planning::{plan, taxonomies};
use berika_pipeline::recategorise::report::{Beside, clean, duration, page, percent};
use berika_pipeline::recategorise::summary::{Flow, Summary};
use berika_pipeline::recategorise::{Plan, PlanOptions, plan_file};

use crate::arguments::Global;
use crate::{context, output};

/// The most flows that are printed; JSON and the page have all.
const MOST_FLOWS: usize = 30;

/// Of how many flows an example is printed.
const MOST_EXAMPLES: usize = 10;

/// What `berika recategorise plan` takes.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// Only products of this supplier; may be given several times.
    #[arg(long = "supplier", value_name = "ID")]
    suppliers: Vec<String>,
    /// Only products in this category or below it; may be given several times.
    #[arg(long = "category", value_name = "ID")]
    categories: Vec<String>,
    /// Only products of which this holds: FIELD=VALUE, FIELD!=VALUE, FIELD~TEXT, confidence<0.8, confidence>0.8. FIELD is one
    /// of the product's (`brand`, `attributes.Material`), or verdict, category, confidence, state. Several hold together.
    #[arg(long = "filter", value_name = "COND")]
    filters: Vec<String>,
    /// Judge by this model instead of the configured one.
    #[arg(long, value_name = "ID")]
    model: Option<String>,
    /// Judge by this taxonomy: a file of changes, or a whole taxonomy.
    #[arg(long, value_name = "FILE")]
    taxonomy: Option<PathBuf>,
    /// Promise that at least this share of what is accepted is right, instead of the configured one.
    #[arg(long, value_name = "SHARE")]
    promise: Option<f64>,
    /// Where the plan is written.
    #[arg(long, short, value_name = "FILE")]
    output: PathBuf,
    /// Write the plan as a page for people, too.
    #[arg(long, value_name = "FILE")]
    report: Option<PathBuf>,
}

pub(crate) async fn run(global: &Global, args: &Args) -> anyhow::Result<ExitCode> {
    let config = context::config(global)?;
    let language = config.markets[0].language.clone();
    let options = PlanOptions {
        selection: Selection {
            suppliers: args.suppliers.clone(),
            categories: args.categories.iter().cloned().map(CategoryId).collect(),
            filters: args.filters.clone(),
        },
        model: args.model.clone(),
        taxonomy: args.taxonomy.clone(),
        promise: args.promise,
        by: context::user(),
    };
    // Not after the work is done.
    let written: Vec<&Path> =
        std::iter::once(&args.output).chain(&args.report).map(PathBuf::as_path).collect();
    context::may_write(global, &config, &written)?;
    for file in std::iter::once(&args.output).chain(&args.report) {
        let folder = file.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
        anyhow::ensure!(
            folder.is_dir(),
            "there is no folder {} to write {} into",
            folder.display(),
            file.display()
        );
    }
    let engine = context::engine(global, config).await?;
    context::stop_on_signal(&engine);
    let plan = plan(&engine, &options).await?;
    let digest = plan_file::write(&args.output, &plan)?;
    if let Some(report) = &args.report {
        let (before, changed) = taxonomies(&engine, &plan).await?;
        let beside = Beside {
            digest: &digest,
            file: &args.output,
            before: &before,
            changed: changed.as_ref(),
            language: &language,
        };
        let page = page(&plan, &beside);
        std::fs::write(report, page).with_context(|| format!("cannot write {}", report.display()))?;
    }
    engine.store.close().await;
    if global.json {
        print_json(&plan, &digest, &args.output)?;
    } else {
        print(&plan, &args.output, args.report.as_deref());
    }
    Ok(ExitCode::SUCCESS)
}

fn print_json(plan: &Plan, digest: &Digest, file: &Path) -> anyhow::Result<()> {
    output::json(&serde_json::json!({
        "plan": plan.id, "digest": digest, "file": file, "moves": plan.moves.len(),
        "basis": plan.basis, "selection": plan.selection, "summary": plan.summary,
    }))
}

fn print(plan: &Plan, file: &Path, report: Option<&Path>) {
    let summary = &plan.summary;
    if summary.flows.is_empty() {
        output::line("no product would move");
    } else {
        output::line(flows(&summary.flows));
        if let Some(more) = summary.flows.len().checked_sub(MOST_FLOWS).filter(|more| *more > 0) {
            output::line(format!("and {more} more ways; --json and --report have all"));
        }
        output::line("\nfor example");
        for flow in summary.flows.iter().take(MOST_EXAMPLES) {
            example(flow);
        }
    }
    output::line("");
    figures(plan);
    for note in summary.notes.iter().filter(|note| *note != "no product would move") {
        output::line(format!("note: {}", clean(note)));
    }
    if let Some(report) = report {
        output::line(format!("\nthe page: {}", context::shown(report)));
    }
    let file = context::shown(file);
    if plan.moves.is_empty() && plan.taxonomy.is_none() {
        output::line(format!("\nwritten to {file}; applying it would change nothing"));
    } else {
        // A taxonomy is changed for all products at once.
        let canary = if plan.taxonomy.is_none() { " --canary 1%" } else { "" };
        output::line(format!("\nwritten to {file}; to do it: berika recategorise apply {file}{canary}"));
    }
}

fn flows(flows: &[Flow]) -> comfy_table::Table {
    let mut table = output::table(&["from", "", "to", "", "products", "confidence"]);
    let id = |category: &Option<CategoryId>| clean(category.as_ref().map_or("-", CategoryId::as_str));
    for flow in flows.iter().take(MOST_FLOWS) {
        table.add_row([
            output::cut(&id(&flow.from), 40),
            flow.from_verdict.clone(),
            output::cut(&id(&flow.to), 40),
            flow.to_verdict.clone(),
            flow.products.to_string(),
            format!("{:.2} → {:.2}", flow.confidence_before, flow.confidence_after),
        ]);
    }
    table
}

fn example(flow: &Flow) {
    let Some(example) = flow.examples.first() else { return };
    let title = output::cut(&clean(example.title.as_deref().unwrap_or_default()), 60);
    output::line(format!("  {}  {title}: {}", clean(&example.product.to_string()), clean(&example.reason)));
}

fn figures(plan: &Plan) {
    let summary = &plan.summary;
    let Summary { products, unchanged, review_before, review_after, .. } = *summary;
    output::line(format!(
        "{products} products looked at: {} move, {unchanged} stay as they are",
        plan.moves.len()
    ));
    let untouched: Vec<String> =
        summary.untouched.iter().map(|(why, count)| format!("{count} {why}")).collect();
    if !untouched.is_empty() {
        output::line(format!("not touched: {}", untouched.join(", ")));
    }
    let share = |count: u64| percent(if products == 0 { 0.0 } else { count as f64 / products as f64 });
    output::line(format!(
        "under review: {review_before} ({}) before, {review_after} ({}) after",
        share(review_before),
        share(review_after)
    ));
    if !summary.descriptions.is_empty() {
        output::line(format!("descriptions to write: {}", listed(&summary.descriptions)));
    }
    if !summary.deliveries.is_empty() {
        output::line(format!("events to deliver: {}", listed(&summary.deliveries)));
    }
    let seconds: f64 = summary.seconds.values().sum();
    if seconds > 0.0 {
        output::line(format!("applying it takes about {}", duration(seconds)));
    }
}

fn listed(counts: &std::collections::BTreeMap<String, u64>) -> String {
    counts.iter().map(|(of, count)| format!("{of} {count}")).collect::<Vec<_>>().join(", ")
}
