//! `berika taxonomy plan`.

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use berika_catalog::Language;
use berika_catalog::taxonomy_change::Redirect;
use berika_pipeline::recategorise::plan_file;
use berika_pipeline::recategorise::taxonomy_plan::{Effect, TaxonomyPlan, plan};

use super::redirects;
use crate::arguments::Global;
use crate::{context, output};

/// The most redirects that are printed; `--redirects` and JSON have all.
const MOST_REDIRECTS: usize = 30;

/// What `berika taxonomy plan` takes.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// The changes (YAML or JSON), or a whole taxonomy.
    file: PathBuf,
    /// Where the plan is written, for `berika recategorise apply`.
    #[arg(long, short, value_name = "FILE")]
    output: Option<PathBuf>,
    /// Where what receivers must redirect is written, as CSV.
    #[arg(long, value_name = "FILE")]
    redirects: Option<PathBuf>,
}

pub(crate) async fn run(global: &Global, args: &Args) -> anyhow::Result<ExitCode> {
    let config = context::config(global)?;
    let languages = config.languages();
    let written: Vec<_> = args.output.iter().chain(&args.redirects).map(PathBuf::as_path).collect();
    context::may_write(global, &config, &written)?;
    let engine = context::engine(global, config).await?;
    let planned = plan(&engine, &args.file, &context::user()).await;
    engine.store.close().await;
    let planned = planned?;
    if let Some(output) = &args.output {
        plan_file::write(output, &planned.plan)?;
    }
    write_redirects(args.redirects.as_deref(), &planned, &languages)?;
    if global.json {
        output::json(&as_json(&planned))?;
        return Ok(ExitCode::SUCCESS);
    }
    print(&planned, &languages[0]);
    let file = context::shown(&args.file);
    match args.output.as_deref().map(context::shown) {
        Some(output) => {
            output::line(format!("\nwritten to {output}; to do it: berika recategorise apply {output}"));
        }
        None => output::line(format!("\nnothing is changed; to do it: berika taxonomy apply {file}")),
    }
    if planned.total.to_review > 0 {
        output::line(format!(
            "to see where the products would go, and move them at once: berika recategorise plan --taxonomy {file} --output \
             plan.json"
        ));
    }
    Ok(ExitCode::SUCCESS)
}

/// What a planned change of the taxonomy comes to, for machines.
pub(super) fn as_json(planned: &TaxonomyPlan) -> serde_json::Value {
    let (basis, changed) = (&planned.plan.basis, &planned.changed);
    serde_json::json!({
        "taxonomy": basis.taxonomy, "version": basis.version, "becomes": changed.taxonomy.version,
        "plan": planned.plan.id, "changes": planned.effects, "total": planned.total,
        "gone": changed.gone, "follows": changed.follows,
    })
}

/// What a planned change of the taxonomy comes to, for people.
pub(super) fn print(planned: &TaxonomyPlan, language: &Language) {
    let (before, after) = (&planned.plan.basis, &planned.changed.taxonomy);
    output::line(format!(
        "taxonomy {}: version {} becomes {}, {} categories, {} leaves\n",
        before.taxonomy,
        before.version,
        after.version,
        after.categories().len(),
        after.leaves().count()
    ));
    if planned.effects.is_empty() {
        output::line("going on with what was begun");
    } else {
        output::line(table(planned));
    }
    let redirects = &planned.total.redirects;
    if !redirects.is_empty() {
        output::line("\nto redirect");
        for redirect in redirects.iter().take(MOST_REDIRECTS) {
            print_redirect(redirect, language);
        }
        if redirects.len() > MOST_REDIRECTS {
            output::line(format!("  and {} more; --redirects writes all", redirects.len() - MOST_REDIRECTS));
        }
    }
    for note in &planned.plan.summary.notes {
        output::line(format!("note: {note}"));
    }
}

fn table(planned: &TaxonomyPlan) -> comfy_table::Table {
    let mut table = output::table(&[
        "change",
        "products",
        "confirmed",
        "to review",
        "of these confirmed",
        "published anew",
        "descriptions",
    ]);
    let mut row = |name: String, effect: &Effect| {
        let counts = [
            effect.products,
            effect.confirmed,
            effect.to_review,
            effect.confirmed_to_review,
            effect.published_anew,
            effect.descriptions,
        ];
        let cells = counts.iter().map(ToString::to_string);
        table.add_row(std::iter::once(output::cut(&name, 60)).chain(cells));
    };
    for (place, effect) in planned.effects.iter().enumerate() {
        row(format!("{}. {}", place + 1, effect.change), effect);
    }
    if planned.effects.len() > 1 {
        row("together".to_owned(), &planned.total);
    }
    table
}

fn print_redirect(redirect: &Redirect, language: &Language) {
    let path = |names: Option<&Vec<String>>| names.map(|names| names.join(" > ")).unwrap_or_default();
    let from = format!("{} ({})", redirect.from, path(redirect.from_path.get(language)));
    let targets =
        redirect.to.iter().map(|target| format!("{} ({})", target.id, path(target.path.get(language))));
    let to: Vec<String> = targets.collect();
    let to = if to.is_empty() { "nothing".to_owned() } else { to.join(" or ") };
    output::line(format!("  {}: {from} to {to}", redirect.kind.as_str().replace('_', " ")));
}

/// Writes redirects where that is asked for.
pub(super) fn write_redirects(
    file: Option<&Path>,
    planned: &TaxonomyPlan,
    languages: &[Language],
) -> anyhow::Result<()> {
    file.map_or(Ok(()), |file| redirects::write(file, &planned.changed.redirects, languages))
}
