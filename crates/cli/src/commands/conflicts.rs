//! `berika conflicts`.

use std::process::ExitCode;

use anyhow::bail;
use berika_catalog::edit::EditField;
use berika_catalog::{Clock as _, SupplierId, SystemClock};
use berika_pipeline::edits::conflicts::{AtOdds, Selection, Side, conflicts, take};
use berika_store::Store;
use serde_json::json;

use super::product::shown;
use crate::arguments::{Global, Json};
use crate::{context, output};

/// What `berika conflicts` takes.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    #[command(flatten)]
    pub(crate) json: Json,
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, clap::Subcommand)]
enum Command {
    /// List fields that a person edited and the supplier changed since. The edits hold.
    List {
        /// Of this supplier only.
        #[arg(long, value_name = "ID")]
        supplier: Option<String>,
    },
    /// Take one side.
    Take {
        #[command(subcommand)]
        side: Take,
    },
}

#[derive(Debug, clap::Subcommand)]
enum Take {
    /// The edit stays, and what the supplier says now is no conflict any more.
    Ours(Which),
    /// The edit is taken back, and the supplier's value holds.
    Theirs(Which),
}

#[derive(Debug, clap::Args)]
struct Which {
    /// The product: SUPPLIER/SKU, or a SKU that only one supplier has.
    #[arg(required_unless_present_any = ["all", "supplier"], conflicts_with_all = ["all", "supplier"])]
    product: Option<String>,
    /// The fields; all that are at odds where none is named.
    fields: Vec<String>,
    /// All conflicts there are.
    #[arg(long)]
    all: bool,
    /// All of this supplier.
    #[arg(long, value_name = "ID")]
    supplier: Option<String>,
}

pub(crate) async fn run(global: &Global, args: &Args) -> anyhow::Result<ExitCode> {
    let config = context::config(global)?;
    match &args.command {
        Command::List { supplier } => {
            let store = context::store_to_read(&config).await?;
            let supplier = supplier.as_deref().map(SupplierId::new).transpose()?;
            let found = conflicts(&store, &Selection { supplier, ..Selection::default() }).await?;
            store.close().await;
            if global.json {
                output::json(&json!({ "conflicts": found }))?;
            } else if found.is_empty() {
                output::line("no supplier changed a field that a person edited");
            } else {
                output::line(table(&found));
                output::line(format!(
                    "{} conflicts; ours hold. `berika conflicts take ours|theirs SUPPLIER/SKU` settles them",
                    found.len()
                ));
            }
        }
        Command::Take { side } => {
            let (side, which) = match side {
                Take::Ours(which) => (Side::Ours, which),
                Take::Theirs(which) => (Side::Theirs, which),
            };
            let store = context::store_to_work(&config).await?;
            let selection = selection(&store, which).await?;
            let taken = take(&store, side, &selection, &context::user(), SystemClock.now()).await?;
            store.close().await;
            if global.json {
                output::json(&json!({ "taken": taken }))?;
            } else {
                say(side, &taken);
            }
        }
    }
    Ok(ExitCode::SUCCESS)
}

async fn selection(store: &Store, which: &Which) -> anyhow::Result<Selection> {
    let mut selection = Selection {
        supplier: which.supplier.as_deref().map(SupplierId::new).transpose()?,
        ..Selection::default()
    };
    for field in &which.fields {
        selection.fields.insert(EditField::named(field)?.name().to_owned());
    }
    if let Some(product) = &which.product {
        let key = context::product_key(store, product).await?;
        let of_product = Selection { product: Some(key.clone()), ..Selection::default() };
        let found = conflicts(store, &of_product).await?;
        // A slip in a field's name must not pass for success.
        let at_odds = |field: &&String| found.iter().any(|conflict| conflict.field == **field);
        if let Some(field) = selection.fields.iter().find(|field| !at_odds(field)) {
            bail!("{key}: there is no conflict on {field}");
        }
        selection.product = Some(key);
    }
    Ok(selection)
}

fn table(found: &[AtOdds]) -> comfy_table::Table {
    let mut table = output::table(&["product", "field", "ours", "by", "at", "it replaced", "theirs", "from"]);
    for one in found {
        let from = match (&one.joined_from, &one.from) {
            (Some(product), _) => format!("joined {product}"),
            (None, Some(origin)) => place(origin),
            (None, None) => String::new(),
        };
        table.add_row([
            one.product.clone(),
            one.field.clone(),
            shown(&one.ours.value),
            one.ours.by.clone(),
            format!("{:.0}", one.ours.at),
            shown(&one.ours.replaced),
            shown(&one.theirs),
            from,
        ]);
    }
    table
}

/// Where a value stands in a delivery.
pub(crate) fn place(origin: &berika_catalog::Origin) -> String {
    let column = origin.column.as_deref().map(|column| format!(", {column}")).unwrap_or_default();
    let rule = origin.rule.as_deref().map(|rule| format!(" ({rule})")).unwrap_or_default();
    format!("{} row {}{column}{rule}", origin.file, origin.row)
}

fn say(side: Side, taken: &[AtOdds]) {
    const SHOWN: usize = 50;
    for one in taken.iter().take(SHOWN) {
        output::line(match side {
            Side::Ours => format!(
                "{}: {} stays {}; {} of the supplier is known",
                one.product,
                one.field,
                shown(&one.ours.value),
                shown(&one.theirs)
            ),
            Side::Theirs => format!(
                "{}: {}: {} -> {}",
                one.product,
                one.field,
                shown(&one.ours.value),
                shown(&one.theirs)
            ),
        });
    }
    if taken.len() > SHOWN {
        output::line(format!("  and {} more", taken.len() - SHOWN));
    }
    output::line(match (side, taken.len()) {
        (_, 0) => "there is no conflict to settle".to_owned(),
        (Side::Ours, count) => format!("{count} conflicts settled: ours"),
        (Side::Theirs, count) => format!("{count} conflicts settled: theirs; the next run publishes them"),
    });
}
