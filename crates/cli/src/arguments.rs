//! The command line.

use std::path::PathBuf;

use clap::{Args, Parser, Subcommand};

use crate::commands::{
    bench, blame, conflicts, decide, deliveries, demo, describe, doctor, duplicates, embed, explain, model,
    policy, product, recategorise, review, run, runs, supplier, taxonomy, voice,
};

/// Enriches product data: supplier feeds in, categorised and described products out by signed webhook.
#[derive(Debug, Parser)]
#[command(name = "berika", version, arg_required_else_help = true)]
pub(crate) struct Arguments {
    #[command(flatten)]
    pub(crate) global: Global,
    #[command(subcommand)]
    pub(crate) command: Command,
}

/// What every command takes.
#[derive(Debug, Clone, Args)]
pub(crate) struct Global {
    /// The configuration.
    #[arg(long, global = true, env = "BERIKA_CONFIG", default_value = "berika.toml", value_name = "FILE")]
    pub(crate) config: PathBuf,
    /// No progress bars and no notes. Without a terminal there are none anyway.
    #[arg(long, short, global = true)]
    pub(crate) quiet: bool,
    /// Filled in from the command's own [`Json`].
    #[arg(skip)]
    pub(crate) json: bool,
}

/// For every command but `bench`, whose `--json` names a file.
#[derive(Debug, Clone, Copy, Args)]
pub(crate) struct Json {
    /// Write one JSON document to standard output, for machines.
    #[arg(long, global = true)]
    pub(crate) json: bool,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Show the main job on made-up suppliers, on this machine alone.
    Demo(demo::Args),
    /// Fetch every supplier's feed and carry it through to delivered webhooks.
    Run(run::Args),
    /// Look at what ran, and compare two runs.
    Runs(runs::Args),
    /// Say why a product stands where it stands.
    Explain(explain::Args),
    /// Show the products that a person should look at next, and what helps to decide.
    Review(review::Args),
    /// Decide on a product, take in decisions or write them out.
    Decide(decide::Args),
    /// Set fields of a product against its supplier, lock it, take in files of edits.
    Product(product::Args),
    /// Look at fields that a person edited and the supplier changed since, and settle them.
    Conflicts(conflicts::Args),
    /// Say of every value of a product where it comes from, since when, and what it replaced.
    Blame(blame::Args),
    /// Propose products that may be one, join them and part them.
    Duplicates(duplicates::Args),
    /// Look at webhooks sent and waiting, and send them again.
    Deliveries(deliveries::Args),
    /// Propose a supplier's section, look at a delivery before it is taken in, let a held one through.
    Supplier(supplier::Args),
    /// Say what is accepted without a look, and resume it.
    Policy(policy::Args),
    /// Plan how settled products are put into categories anew, apply the plan, and take it back.
    Recategorise(recategorise::Args),
    /// Take over a changed taxonomy, and say what is amiss with it.
    Taxonomy(taxonomy::Args),
    /// Write titles and descriptions for products of a file.
    Describe(describe::Args),
    /// Check how a market is to sound.
    Voice(voice::Args),
    /// Get and list models.
    Model(model::Args),
    /// Turn texts into vectors.
    Embed(embed::Args),
    /// Check everything a run depends on.
    Doctor(doctor::Args),
    /// Measure accuracy or speed on data of yours.
    Bench(bench::Args),
}

impl Command {
    /// Whether the command was asked for JSON.
    pub(crate) fn json(&self) -> bool {
        match self {
            Self::Demo(args) => args.json.json,
            Self::Run(args) => args.json.json,
            Self::Runs(args) => args.json.json,
            Self::Explain(args) => args.json.json,
            Self::Review(args) => args.json.json,
            Self::Decide(args) => args.json.json,
            Self::Product(args) => args.json.json,
            Self::Conflicts(args) => args.json.json,
            Self::Blame(args) => args.json.json,
            Self::Duplicates(args) => args.json.json,
            Self::Deliveries(args) => args.json.json,
            Self::Supplier(args) => args.json.json,
            Self::Policy(args) => args.json.json,
            Self::Recategorise(args) => args.json.json,
            Self::Taxonomy(args) => args.json.json,
            Self::Describe(args) => args.json.json,
            Self::Voice(args) => args.json.json,
            Self::Model(args) => args.json.json,
            Self::Embed(args) => args.json.json,
            Self::Doctor(args) => args.json.json,
            Self::Bench(_) => false,
        }
    }
}
