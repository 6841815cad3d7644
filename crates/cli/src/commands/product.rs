//! `berika product`.

use std::fs::File;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::{Context as _, bail};
use berika_catalog::{Clock as _, ProductKey, SystemClock};
use berika_pipeline::Config;
use berika_pipeline::edits::file::{EditsFile, Judged, judge};
use berika_pipeline::edits::{Asked, Considered, Verdict, Wish, consider, failure, write};
use berika_store::Store;
use serde_json::{Value, json};

use crate::arguments::{Global, Json};
use crate::{context, output};

/// Rows of a file that are shown one by one, and errors.
const ROWS_SHOWN: usize = 50;

/// What `berika product` takes.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    #[command(flatten)]
    pub(crate) json: Json,
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, clap::Subcommand)]
enum Command {
    /// Set fields of a product. They hold whatever the supplier delivers, until it delivers the same.
    Set {
        /// The product: SUPPLIER/SKU, or a SKU that only one supplier has.
        product: String,
        /// What is to hold, such as title="Oat drink" or price="12.50 EUR"; nothing behind the sign clears the field.
        #[arg(required = true, value_name = "FIELD=VALUE")]
        fields: Vec<String>,
        /// Why, in your words.
        #[arg(long, value_name = "TEXT")]
        note: Option<String>,
    },
    /// Take edits back: the supplier's values hold again.
    Drop {
        /// The product.
        product: String,
        /// The fields.
        #[arg(required = true)]
        fields: Vec<String>,
        /// Why, in your words.
        #[arg(long, value_name = "TEXT")]
        note: Option<String>,
    },
    /// Keep a product's category and texts as they are: only a person changes them from now on.
    Lock(Lock),
    /// Let runs change a product's category and texts again.
    Unlock(Lock),
    /// Say what a file of edits would change: CSV with supplier, sku (or product), field, value and, if wanted, note; or a
    /// JSON object a line with product, set, drop and note.
    ImportEdits {
        /// The file.
        file: PathBuf,
        /// Write them. A file with errors is refused.
        #[arg(long)]
        apply: bool,
        /// Write what can be written of a file with errors.
        #[arg(long, requires = "apply")]
        skip_errors: bool,
    },
}

#[derive(Debug, clap::Args)]
struct Lock {
    /// The product: SUPPLIER/SKU, or a SKU that only one supplier has.
    product: String,
    /// Why, in your words.
    #[arg(long, value_name = "TEXT")]
    note: Option<String>,
}

pub(crate) async fn run(global: &Global, args: &Args) -> anyhow::Result<ExitCode> {
    let config = context::config(global)?;
    match &args.command {
        Command::Set { product, fields, note } => {
            let mut wishes: Vec<(String, Wish)> = Vec::new();
            for said in fields {
                let (field, value) = said
                    .split_once('=')
                    .with_context(|| format!("{said:?} is no FIELD=VALUE such as title=\"Oat drink\""))?;
                add(&mut wishes, field.trim(), value)?;
            }
            change(global, &config, product, wishes, note.as_deref()).await
        }
        Command::Drop { product, fields, note } => {
            let wishes = fields.iter().map(|field| (field.clone(), Wish::Drop)).collect();
            change(global, &config, product, wishes, note.as_deref()).await
        }
        Command::Lock(args) => lock(global, &config, args, true).await,
        Command::Unlock(args) => lock(global, &config, args, false).await,
        Command::ImportEdits { file, apply, skip_errors } => {
            import_edits(global, &config, file, *apply, *skip_errors).await
        }
    }
}

/// Adds a wish; `images` may be named several times, once for each address.
fn add(wishes: &mut Vec<(String, Wish)>, field: &str, value: &str) -> anyhow::Result<()> {
    match wishes.iter_mut().find(|(known, _)| known == field) {
        Some((_, Wish::Set(Value::String(known)))) if field == "images" => {
            known.push(' ');
            known.push_str(value);
        }
        Some(_) => bail!("{field} is set twice"),
        None => wishes.push((field.to_owned(), Wish::Set(value.into()))),
    }
    Ok(())
}

/// Changes fields of one product: all of them, or none where one cannot be.
async fn change(
    global: &Global,
    config: &Config,
    product: &str,
    wishes: Vec<(String, Wish)>,
    note: Option<&str>,
) -> anyhow::Result<ExitCode> {
    let store = context::store_to_work(config).await?;
    let key = context::product_key(&store, product).await?;
    let mut considered = Vec::new();
    for (field, wish) in wishes {
        let note = note.map(str::trim).filter(|note| !note.is_empty()).map(str::to_owned);
        let asked = Asked { product: key.clone(), field, wish, note, origin: None };
        let one = consider(&store, config, &asked).await?;
        if let Verdict::Refused { why } = &one.verdict {
            bail!("{why}");
        }
        considered.push(one);
    }
    let outcomes = write(&store, &considered, &context::user(), SystemClock.now()).await?;
    store.close().await;
    if let Some(why) = outcomes.into_iter().flatten().find_map(failure) {
        bail!("{key}: {why}");
    }
    if global.json {
        output::json(&json!({ "product": key.to_string(), "fields": considered }))?;
        return Ok(ExitCode::SUCCESS);
    }
    for one in &considered {
        output::line(match &one.verdict {
            Verdict::Same { why } => format!("{key}: {} stays {}: {why}", one.field, shown(&one.before)),
            _ => format!("{key}: {}: {} -> {}", one.field, shown(&one.before), shown(&one.after)),
        });
    }
    if considered.iter().any(|one| one.change.is_some()) {
        output::line("the next run publishes it");
    }
    Ok(ExitCode::SUCCESS)
}

async fn lock(global: &Global, config: &Config, args: &Lock, locked: bool) -> anyhow::Result<ExitCode> {
    let store = context::store_to_work(config).await?;
    let key = context::product_key(&store, &args.product).await?;
    let stored = stored(&store, &key).await?;
    let note = args.note.as_deref().map(str::trim).filter(|note| !note.is_empty());
    let changed = store.lock(stored.id, locked, &context::user(), note, SystemClock.now()).await?;
    store.close().await;
    if global.json {
        output::json(&json!({ "product": key.to_string(), "locked": locked, "changed": changed }))?;
        return Ok(ExitCode::SUCCESS);
    }
    output::line(match (locked, changed) {
        (true, true) => format!(
            "{key} is locked: its category and texts stay as they are unless a person decides; its fields still follow \
             the supplier"
        ),
        (false, true) => format!("{key} is unlocked: the next run brings its category and texts up to date"),
        (true, false) => format!("{key} is locked already"),
        (false, false) => format!("{key} is not locked"),
    });
    Ok(ExitCode::SUCCESS)
}

async fn stored(store: &Store, key: &ProductKey) -> anyhow::Result<berika_store::StoredProduct> {
    store.product(key).await?.with_context(|| format!("there is no product {key}"))
}

async fn import_edits(
    global: &Global,
    config: &Config,
    file: &Path,
    apply: bool,
    skip_errors: bool,
) -> anyhow::Result<ExitCode> {
    let name = context::shown(file);
    let bytes = File::open(file).with_context(|| format!("cannot read {name}"))?;
    let read = EditsFile::read(&name, bytes)?;
    let store =
        if apply { context::store_to_work(config).await? } else { context::store_to_read(config).await? };
    let mut judged = judge(&store, config, &read).await?;
    let refused = judged.failed > 0 && !skip_errors;
    let written = apply && !refused;
    let mut unwritten = false;
    if written {
        let rows: Vec<Considered> = judged.rows.iter().map(|row| row.considered.clone()).collect();
        let outcomes = write(&store, &rows, &context::user(), SystemClock.now()).await?;
        for (row, outcome) in judged.rows.iter_mut().zip(outcomes) {
            if let Some(why) = outcome.and_then(failure) {
                row.considered.verdict = Verdict::Refused { why: why.to_owned() };
                unwritten = true;
            }
        }
    }
    store.close().await;
    let counts = Counts::of(&judged);
    if global.json {
        output::json(&json!({
            "file": name, "applied": written, "changes": counts.changes, "same": counts.same, "failed": counts.failed,
            "rows": judged.rows, "errors": judged.errors,
        }))?;
    } else {
        print(&judged, &counts);
    }
    let Counts { changes, same, failed } = counts;
    if apply && refused {
        bail!(
            "{failed} rows of {name} cannot be used, and nothing was written; --skip-errors writes the others"
        );
    }
    if !global.json {
        let did = if written {
            "written; the next run publishes them"
        } else {
            "would be written: --apply does it"
        };
        output::line(format!("{changes} changes {did}; {same} are so already, {failed} cannot be"));
    }
    Ok(if unwritten || (failed > 0 && !apply) { ExitCode::FAILURE } else { ExitCode::SUCCESS })
}

struct Counts {
    changes: usize,
    same: usize,
    failed: u64,
}

impl Counts {
    fn of(judged: &Judged) -> Self {
        let mut counts = Self { changes: 0, same: 0, failed: judged.failed };
        for row in &judged.rows {
            match row.considered.verdict {
                Verdict::Change => counts.changes += 1,
                Verdict::Same { .. } => counts.same += 1,
                Verdict::Refused { .. } => counts.failed += 1,
            }
        }
        counts
    }
}

fn print(judged: &Judged, counts: &Counts) {
    let mut table = output::table(&["line", "product", "field", "now", "then"]);
    let changes = judged.rows.iter().filter(|row| row.considered.verdict != Verdict::Change);
    let unchanged = changes.count();
    let changed = judged.rows.iter().filter(|row| row.considered.verdict == Verdict::Change);
    for row in changed.take(ROWS_SHOWN) {
        let one = &row.considered;
        table.add_row([
            row.line.to_string(),
            one.product.clone(),
            one.field.clone(),
            shown(&one.before),
            shown(&one.after),
        ]);
    }
    if counts.changes > 0 {
        output::line(table);
        more(counts.changes);
    }
    if unchanged > 0 {
        let rows = judged.rows.iter();
        for row in rows.filter(|row| row.considered.verdict != Verdict::Change).take(ROWS_SHOWN) {
            let one = &row.considered;
            let why = match &one.verdict {
                Verdict::Same { why } => (*why).to_owned(),
                Verdict::Refused { why } => why.clone(),
                Verdict::Change => String::new(),
            };
            output::line(format!("line {}: {} {}: {why}", row.line, one.product, one.field));
        }
        more(unchanged);
    }
    for error in judged.errors.iter().take(ROWS_SHOWN) {
        output::line(format!("! line {}: {}", error.line, output::cut(&error.problem, 300)));
    }
    more(judged.failed as usize);
}

fn more(count: usize) {
    if count > ROWS_SHOWN {
        output::line(format!("  and {} more; --json shows them", count - ROWS_SHOWN));
    }
}

/// A value in a line.
pub(crate) fn shown(value: &Value) -> String {
    const MOST: usize = 60;
    let text = match value {
        Value::Null => return "nothing".to_owned(),
        Value::String(text) => format!("{:?}", output::cut(text, MOST)),
        Value::Array(list) => list.iter().map(plain).collect::<Vec<_>>().join(", "),
        value => plain(value),
    };
    output::cut(&text, MOST + 2)
}

/// A value without quotes; a price as people write it.
fn plain(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        Value::Object(price) if price.contains_key("amount") => {
            let part = |name: &str| price.get(name).map(plain).unwrap_or_default();
            format!("{} {}", part("amount"), part("currency"))
        }
        value => value.to_string(),
    }
}
