//! `berika review`.

use std::process::ExitCode;

use berika_catalog::SupplierId;
use berika_pipeline::review::{Help, Offered, next};

use crate::arguments::{Global, Json};
use crate::{context, output};

/// What `berika review` takes.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    #[command(flatten)]
    pub(crate) json: Json,
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, clap::Subcommand)]
enum Command {
    /// The products to look at next: those drawn for audit, then those first whose confirmation is expected to change
    /// most, each with five candidates, the words that speak for them, the nearest decided products and the look-alikes.
    Next {
        /// How many.
        #[arg(long, default_value_t = 20, value_parser = clap::value_parser!(u64).range(1..=1_000))]
        limit: u64,
        /// Only this supplier's.
        #[arg(long, value_name = "ID")]
        supplier: Option<String>,
        /// Only those behind this place: that of the last product of the page before.
        #[arg(long, default_value_t = 0, value_name = "PLACE")]
        after: i64,
    },
}

pub(crate) async fn run(global: &Global, args: &Args) -> anyhow::Result<ExitCode> {
    let Command::Next { limit, supplier, after } = &args.command;
    let config = context::config(global)?;
    let store = context::store_to_read(&config).await?;
    let supplier = supplier.as_deref().map(SupplierId::new).transpose()?;
    if let Some(asked) = &supplier
        && config.suppliers.iter().all(|supplier| supplier.id != *asked)
    {
        let known: Vec<&str> = config.suppliers.iter().map(|supplier| supplier.id.as_str()).collect();
        anyhow::bail!("there is no supplier {asked} in the configuration; there are: {}", known.join(", "));
    }
    let Some(taxonomy) = store.taxonomy(&config.taxonomy.id).await? else {
        anyhow::bail!("nothing has been categorised yet; `berika run` does it");
    };
    let language = &config.markets[0].language;
    let page = next(&store, &taxonomy, language, supplier.as_ref(), *after, *limit as usize).await?;
    if global.json {
        output::json(&page)?;
        return Ok(ExitCode::SUCCESS);
    }
    for product in &page.products {
        print(product);
    }
    output::line(match (page.waiting, page.products.len()) {
        (0, _) => "No product waits for a person.".to_owned(),
        (waiting, 0) => format!(
            "None to show; {waiting} products wait in all. After the next run the order is made anew."
        ),
        (waiting, _) => format!(
            "{waiting} products wait in all. Decide with `berika decide PRODUCT CATEGORY [--with-look-alikes]`; the next \
             run learns from it and makes the order anew."
        ),
    });
    Ok(ExitCode::SUCCESS)
}

fn print(product: &Offered) {
    let title = product.title.as_deref().unwrap_or("no title");
    let brand = product.brand.as_deref().map(|brand| format!(" ({brand})")).unwrap_or_default();
    let audit = if product.audit { "  [audit]" } else { "" };
    output::line(format!("{}. {}  {title}{brand}{audit}", product.place, product.product));
    output::line(format!("  because {}", product.reasons.join("; ")));
    if !product.supplier_category.is_empty() {
        output::line(format!("  the supplier's category: {}", product.supplier_category.join(" > ")));
    }
    print_help(&product.help);
    output::line("");
}

/// Prints candidates with their words, the nearest decided products and the look-alikes.
pub(crate) fn print_help(help: &Help) {
    let mut table = output::table(&["category", "id", "probability", "confirmed", "words that speak for it"]);
    for offer in &help.candidates {
        let words: Vec<&str> = offer.words.iter().map(|word| word.word.as_str()).collect();
        table.add_row([
            output::cut(&offer.path.join(" > "), 50),
            offer.id.clone(),
            format!("{:.2}", offer.probability),
            offer.confirmed.to_string(),
            words.join(", "),
        ]);
    }
    output::line(table);
    for near in &help.nearest {
        let title = near.title.as_deref().unwrap_or("no title");
        let category = near.category.as_deref().unwrap_or("none of ours");
        output::line(format!("  near: {}  {}: {category}", near.product, output::cut(title, 50)));
    }
    let alike = &help.look_alikes;
    if alike.count > 0 {
        let more = if alike.count > alike.some.len() { ", …" } else { "" };
        output::line(format!("  {} look alike: {}{more}", alike.count, alike.some.join(", ")));
    }
}
