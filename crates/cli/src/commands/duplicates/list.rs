//! `berika duplicates list`.

use std::process::ExitCode;

use berika_catalog::SupplierId;
use berika_pipeline::duplicates::{Asked, Proposal, Proposals, ProposedProduct, proposals};
use serde::Serialize;

use crate::arguments::Global;
use crate::{context, output};

/// What `list` takes.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// Only what a product of this supplier belongs to.
    #[arg(long, value_parser = SupplierId::new)]
    supplier: Option<SupplierId>,
    /// The most proposals shown.
    #[arg(long, default_value_t = 20)]
    limit: usize,
}

/// What `list --json` says.
#[derive(Debug, Serialize)]
struct Listed<'p> {
    /// How many proposals there are in all.
    total: usize,
    #[serde(flatten)]
    found: &'p Proposals,
}

pub(crate) async fn run(global: &Global, args: &Args) -> anyhow::Result<ExitCode> {
    let config = context::config(global)?;
    if let Some(asked) = &args.supplier
        && config.suppliers.iter().all(|supplier| supplier.id != *asked)
    {
        anyhow::bail!("there is no supplier {asked} in the configuration");
    }
    let store = context::store_to_read(&config).await?;
    let asked = Asked { supplier: args.supplier.clone(), by_rule: false };
    let mut found = proposals(&store, &config, &asked).await?;
    let total = found.proposals.len();
    found.proposals.truncate(args.limit);
    if global.json {
        output::json(&Listed { total, found: &found })?;
    } else {
        print(&found, total);
    }
    Ok(ExitCode::SUCCESS)
}

fn print(found: &Proposals, total: usize) {
    for proposal in &found.proposals {
        print_proposal(proposal);
    }
    for suspicious in &found.suspicious {
        let suppliers: Vec<String> =
            suspicious.suppliers.iter().map(|(id, count)| format!("{count} of {id}")).collect();
        output::line(format!(
            "{} products hang together ({}), too many to be one: does it stand for nothing?",
            suspicious.products,
            suppliers.join(", ")
        ));
        for why in &suspicious.because {
            output::line(format!("  {why}"));
        }
        for example in &suspicious.examples {
            output::line(format!("  such as {example}"));
        }
    }
    for block in &found.not_compared {
        output::line(format!(
            "{} products of brand {} and size {} are too many to compare by their texts",
            block.products, block.brand, block.size
        ));
    }
    if !found.compared_texts {
        output::line("texts were not compared: there are vectors only after `berika run`");
    }
    let shown = found.proposals.len();
    if shown < total {
        output::line(format!("{shown} of {total} proposals; --limit {total} shows all"));
    } else {
        output::line(format!("{total} proposals; `berika duplicates join LEADER OTHER` joins"));
    }
}

fn print_proposal(proposal: &Proposal) {
    print_product("", &proposal.leader);
    for other in &proposal.others {
        print_product("  + ", other);
    }
    for why in &proposal.because {
        output::line(format!("    because: {why}"));
    }
    for doubt in &proposal.doubts {
        output::line(format!("    but: {doubt}"));
    }
    output::line("");
}

fn print_product(before: &str, product: &ProposedProduct) {
    let title = output::cut(product.title.as_deref().unwrap_or("(no title)"), 70);
    let brand = product.brand.as_deref().map(|brand| format!(", {brand}")).unwrap_or_default();
    output::line(format!("{before}{}  {title}{brand}", product.product));
    for joined in &product.joined {
        output::line(format!("      with {joined}, which is part of it already"));
    }
}
