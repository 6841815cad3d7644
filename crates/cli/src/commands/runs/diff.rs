//! `berika runs diff`.

use berika_pipeline::runs::{FigureDiff, diff};
use berika_store::Store;

use super::found;
use crate::arguments::Global;
use crate::output;

/// What `berika runs diff` takes.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// A run's id or the beginning of it, or `latest`.
    run: String,
    /// The one to compare it with.
    with: String,
}

pub(super) async fn run(global: &Global, store: &Store, args: &Args) -> anyhow::Result<()> {
    let (before, after) = (found(store, &args.run).await?, found(store, &args.with).await?);
    let diff = diff(&before, &after);
    if global.json {
        return output::json(&diff);
    }
    let shown = |text: &Option<String>| output::cut(text.as_deref().unwrap_or_default(), 60);
    if diff.recipes.is_empty() {
        output::line("The recipes are the same.");
    } else {
        let mut table = output::table(&["recipe", &before.id, &after.id]);
        for recipe in &diff.recipes {
            table.add_row([recipe.name.clone(), shown(&recipe.before), shown(&recipe.after)]);
        }
        output::line(table);
    }
    let seconds = |number: f64| format!("{number:.2}");
    output::line(format!("\n{}", table(["seconds", &before.id, &after.id], &diff.stages, seconds)));
    output::line(format!("\n{}", table(["figure", &before.id, &after.id], &diff.figures, |n| n.to_string())));
    Ok(())
}

fn table(
    [of, before, after]: [&str; 3],
    figures: &[FigureDiff],
    shown: impl Fn(f64) -> String,
) -> comfy_table::Table {
    let mut table = output::table(&[of, before, after, "difference"]);
    for figure in figures {
        let said = |number: Option<f64>| number.map(&shown).unwrap_or_default();
        let difference =
            figure.difference().map(|d| if d > 0.0 { format!("+{}", shown(d)) } else { shown(d) });
        table.add_row([
            figure.name.clone(),
            said(figure.before),
            said(figure.after),
            difference.unwrap_or_default(),
        ]);
    }
    table
}
