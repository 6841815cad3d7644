//! `berika decide`.

use std::collections::BTreeSet;
use std::fs::File;
use std::io::{BufWriter, Write};
use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::Context as _;
use berika_catalog::{CategoryId, Clock as _, Decision, SystemClock, Taxonomy};
use berika_pipeline::{Config, decisions_file, review, taxonomy};
use berika_store::Store;
use jiff::{SignedDuration, Timestamp};

use crate::arguments::{Global, Json};
use crate::{context, output};

/// The most bytes of a file of decisions: some million of them.
const MOST_BYTES: u64 = 256 << 20;

/// Groups of look-alikes decided differently that are named after an import.
const MOST_AT_ODDS: usize = 5;

/// What `berika decide` takes.
#[derive(Debug, clap::Args)]
#[command(args_conflicts_with_subcommands = true)]
pub(crate) struct Args {
    #[command(flatten)]
    pub(crate) json: Json,
    #[command(flatten)]
    one: One,
    #[command(subcommand)]
    command: Option<Command>,
}

/// One decision.
#[derive(Debug, clap::Args)]
struct One {
    /// The product: SUPPLIER/SKU, or a SKU that only one supplier has.
    product: Option<String>,
    /// The id of its category.
    #[arg(conflicts_with = "none_of_ours")]
    category: Option<String>,
    /// The product belongs to no category of ours.
    #[arg(long)]
    none_of_ours: bool,
    /// The same for all products that look alike and that nobody has decided on.
    #[arg(long)]
    with_look_alikes: bool,
    /// Why, in your words.
    #[arg(long, value_name = "TEXT")]
    note: Option<String>,
}

#[derive(Debug, clap::Subcommand)]
enum Command {
    /// Take in confirmed decisions: CSV with supplier, sku, category and, if wanted, decided_by, decided_at, note,
    /// chosen_by, taxonomy, taxonomy_version. What names no chosen_by counts as a random sample of the catalogue.
    Import {
        /// The file.
        file: PathBuf,
    },
    /// Write out the whole decision log, oldest first, in the same form.
    Export {
        /// The file; standard output where left out.
        file: Option<PathBuf>,
    },
}

pub(crate) async fn run(global: &Global, args: &Args) -> anyhow::Result<ExitCode> {
    let config = context::config(global)?;
    let Some(command) = &args.command else {
        return one(global, &config, &args.one).await;
    };
    match command {
        Command::Import { file } => {
            let store = context::store_to_work(&config).await?;
            let taxonomy = present_taxonomy(&store, &config).await?;
            let name = context::shown(file);
            let bytes = File::open(file).with_context(|| format!("cannot read {name}"))?;
            let at = written_at(&bytes);
            let names = store.category_names(&taxonomy.id).await?;
            let size = bytes.metadata().map_or(0, |metadata| metadata.len());
            anyhow::ensure!(size <= MOST_BYTES, "{name} has {size} bytes; at most {MOST_BYTES} are read");
            // What has no size, such as a pipe, ends there.
            let bytes = std::io::Read::take(bytes, MOST_BYTES);
            let read = decisions_file::read(&name, bytes, &taxonomy, &names, &context::user(), at)?;
            // A clock that is a little fast is no mistake; a year that is mistyped would beat every later decision.
            let latest = SystemClock.now() + SignedDuration::from_hours(24);
            if let Some(decision) = read.decisions.iter().find(|decision| decision.at > latest) {
                anyhow::bail!(
                    "{name}: {} is decided on in the future ({}), and would beat every later decision; put decided_at right",
                    decision.product,
                    decision.at
                );
            }
            let counts = store.append_decisions(&read.decisions).await?;
            let products: BTreeSet<_> =
                read.decisions.iter().map(|decision| decision.product.clone()).collect();
            let mut notices = read.notices;
            notices.extend(review::look_alikes_at_odds(&store, &products, MOST_AT_ODDS).await?);
            store.close().await;
            if global.json {
                output::json(&serde_json::json!({
                    "read": read.decisions.len(), "logged": counts.appended, "known": counts.known,
                    "waiting": counts.waiting, "notices": notices,
                }))?;
            } else {
                for notice in notices {
                    output::line(format!("note: {notice}"));
                }
                output::line(format!(
                    "{} decisions read: {} logged, {} known already, {} on products not delivered yet; the next run \
                     follows them and learns from them",
                    read.decisions.len(),
                    counts.appended,
                    counts.known,
                    counts.waiting
                ));
            }
        }
        Command::Export { file } => {
            let store = context::store_to_read(&config).await?;
            let decisions = all(&store).await?;
            match file {
                Some(file) => {
                    context::may_write(global, &config, &[file])?;
                    let written = || format!("cannot write {}", context::shown(file));
                    let mut out = BufWriter::new(File::create(file).with_context(written)?);
                    decisions_file::write(&mut out, &decisions).with_context(written)?;
                    out.flush().with_context(written)?;
                }
                None => decisions_file::write(std::io::stdout().lock(), &decisions)?,
            }
        }
    }
    Ok(ExitCode::SUCCESS)
}

/// Decides on one product.
async fn one(global: &Global, config: &Config, one: &One) -> anyhow::Result<ExitCode> {
    let Some(product) = &one.product else {
        anyhow::bail!(
            "name a product and its category, or import or export a file; `berika decide --help` says how"
        );
    };
    if one.category.is_none() && !one.none_of_ours {
        anyhow::bail!("name the category of {product}, or say --none-of-ours");
    }
    let store = context::store_to_work(config).await?;
    let taxonomy = present_taxonomy(&store, config).await?;
    let key = context::product_key(&store, product).await?;
    let settled = review::decide(
        &store,
        &taxonomy,
        &key,
        one.category.clone().map(CategoryId),
        one.with_look_alikes,
        &context::user(),
        SystemClock.now(),
        one.note.clone(),
    )
    .await?;
    store.close().await;
    let category = one.category.as_deref().unwrap_or("none of ours");
    let keys: Vec<String> = settled.products.iter().map(ToString::to_string).collect();
    if global.json {
        let left: Vec<_> = settled
            .left
            .iter()
            .map(|(key, category)| serde_json::json!({"product": key.to_string(), "category": category}))
            .collect();
        output::json(&serde_json::json!({
            "category": one.category, "decided": keys, "left": left,
        }))?;
        return Ok(ExitCode::SUCCESS);
    }
    let others = keys.len() - 1;
    let along = if others == 0 { String::new() } else { format!(" and {others} look-alikes") };
    output::line(format!("{key}{along}: {category}; the next run follows and learns from it"));
    for (left, decided) in &settled.left {
        let decided = decided.as_ref().map_or("none of ours", CategoryId::as_str);
        let differs = if decided == category { "" } else { ", which differs" };
        output::line(format!("note: {left} looks alike and stays as it was decided: {decided}{differs}"));
    }
    Ok(ExitCode::SUCCESS)
}

/// The taxonomy that products are in; before the first run that is the configured one.
async fn present_taxonomy(store: &Store, config: &Config) -> anyhow::Result<Taxonomy> {
    Ok(match store.taxonomy(&config.taxonomy.id).await? {
        Some(stored) => stored,
        None => taxonomy::read_configured(config)?,
    })
}

/// When a file was written: what is taken for the time of decisions that name none, so that the same file says the same
/// however often it is imported.
fn written_at(file: &File) -> Timestamp {
    let modified = file.metadata().and_then(|metadata| metadata.modified()).ok();
    modified.and_then(|time| Timestamp::try_from(time).ok()).unwrap_or_else(|| SystemClock.now())
}

async fn all(store: &Store) -> anyhow::Result<Vec<Decision>> {
    const PAGE: usize = 1_000;
    let mut all = Vec::new();
    let mut after = 0;
    loop {
        let page = store.decision_log(after, PAGE).await?;
        let Some((last, _)) = page.last() else { return Ok(all) };
        after = *last;
        all.extend(page.into_iter().map(|(_, decision)| decision));
    }
}
