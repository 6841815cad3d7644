//! `berika blame`.

use std::process::ExitCode;

use anyhow::Context as _;
use berika_catalog::ProductKey;
use berika_catalog::edit::EditField;
use berika_pipeline::blame::{Blame, CategoryBlame, FieldBlame, From, History, blame, history};
use berika_store::Store;
use jiff::Timestamp;

use super::conflicts::place;
use super::product::shown;
use crate::arguments::{Global, Json};
use crate::{context, output};

/// What `berika blame` takes.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    #[command(flatten)]
    pub(crate) json: Json,
    /// The product: SUPPLIER/SKU, or a SKU that only one supplier has.
    product: String,
    /// A field, for its whole history.
    field: Option<String>,
}

pub(crate) async fn run(global: &Global, args: &Args) -> anyhow::Result<ExitCode> {
    let config = context::config(global)?;
    let store = context::store_to_read(&config).await?;
    let key = context::product_key(&store, &args.product).await?;
    let said = say(global, args.field.as_deref(), &store, &key).await;
    store.close().await;
    said.map(|()| ExitCode::SUCCESS)
}

async fn say(global: &Global, field: Option<&str>, store: &Store, key: &ProductKey) -> anyhow::Result<()> {
    let absent = || format!("there is no product {key}");
    match field {
        None => {
            let blamed = blame(store, key).await?.with_context(absent)?;
            if global.json { output::json(&blamed)? } else { print(&blamed) }
        }
        Some("category") => {
            let blamed = blame(store, key).await?.with_context(absent)?;
            match &blamed.category {
                _ if global.json => output::json(&blamed.category)?,
                Some(category) => print_category(category),
                None => output::line("not categorised yet"),
            }
        }
        Some(field) => {
            // Fields that nobody edits, such as variants, have a history of one line.
            let name =
                EditField::named(field).map_or_else(|_| field.to_owned(), |field| field.name().to_owned());
            let told = history(store, key, &name).await?.with_context(absent)?;
            if told.now.is_none() && told.log.is_empty() {
                EditField::named(field)?;
                anyhow::bail!("neither {} nor a person say anything of {name} of {key}", key.supplier);
            }
            if global.json { output::json(&told)? } else { print_history(&told) }
        }
    }
    Ok(())
}

fn print(blamed: &Blame) {
    let locked = if blamed.locked { ", locked" } else { "" };
    output::line(format!("{}  ({}{locked})\n", blamed.product, blamed.state.as_str()));
    output::line(table(&blamed.fields));
    match &blamed.category {
        Some(category) => {
            output::line("");
            print_category(category);
        }
        None => output::line("\nNot categorised yet."),
    }
    if !blamed.texts.is_empty() {
        output::line(format!("\n{}", table(&blamed.texts)));
    }
}

fn table(fields: &[FieldBlame]) -> comfy_table::Table {
    let mut table = output::table(&["field", "value", "from", "since", "it replaced"]);
    for one in fields {
        let replaced = match &one.theirs {
            Some(theirs) => format!("{}; the supplier now says {}", shown(&one.replaced), shown(theirs)),
            None if one.replaced.is_null() => String::new(),
            None => shown(&one.replaced),
        };
        table.add_row([one.field.clone(), shown(&one.value), from(&one.from), time(one.at), replaced]);
    }
    table
}

fn from(from: &From) -> String {
    let quoted = |note: &Option<String>| note.as_ref().map(|note| format!(": {note}")).unwrap_or_default();
    match from {
        From::Supplier { origin } => origin.as_ref().map_or_else(|| "the supplier".to_owned(), place),
        From::Person { name, note, origin } => {
            let read = origin.as_ref().map(|origin| format!(" ({origin})")).unwrap_or_default();
            format!("{name}{read}{}", quoted(note))
        }
        From::Joined { product, reason } => format!("joined {product}: {reason}"),
        From::Composer { recipe, run } => format!("composer {recipe}{}", in_run(run.as_deref())),
        From::Model { model, recipe, run } => {
            let model = model.as_deref().unwrap_or("a model");
            format!("{model}, {recipe}{}", in_run(run.as_deref()))
        }
    }
}

fn in_run(run: Option<&str>) -> String {
    run.map(|run| format!(", {run}")).unwrap_or_default()
}

fn time(at: Option<Timestamp>) -> String {
    at.map(|at| format!("{at:.0}")).unwrap_or_default()
}

fn print_category(category: &CategoryBlame) {
    let settled = category.category.as_deref().unwrap_or("none settled");
    let since = category.at.map(|at| format!(" since {at:.0}")).unwrap_or_default();
    output::line(format!("Category: {settled} ({}){since}", category.verdict));
    match &category.decision {
        Some(decision) => {
            let why = decision.reason.as_ref().map(|why| format!(": {why}")).unwrap_or_default();
            output::line(format!("  decided by {}{why}", decision.by));
        }
        None => output::line(format!(
            "  by {}, confidence {:.2}{}",
            category.recipe,
            category.confidence,
            in_run(category.run.as_deref())
        )),
    }
    for reason in &category.reasons {
        output::line(format!("  because: {reason}"));
    }
}

fn print_history(told: &History) {
    if let Some(now) = &told.now {
        output::line(table(std::slice::from_ref(now)));
    }
    let place = told.origin.as_ref().map(|origin| format!(" ({})", place(origin))).unwrap_or_default();
    output::line(format!("\nThe supplier says {}{place}.", shown(&told.supplier)));
    if told.log.is_empty() {
        output::line("Nobody edited it.");
        return;
    }
    let mut table = output::table(&["when", "who", "did", "value", "there stood", "where", "why"]);
    for logged in &told.log {
        table.add_row([
            format!("{:.0}", logged.at),
            logged.by.clone(),
            logged.action.clone(),
            shown(&logged.value),
            shown(&logged.replaced),
            logged.origin.clone().unwrap_or_default(),
            logged.note.clone().unwrap_or_default(),
        ]);
    }
    output::line(format!("\n{table}"));
}
