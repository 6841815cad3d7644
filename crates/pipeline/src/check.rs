//! A delivery looked at before it is taken in: how it is read, what becomes of its rows, whether it would be held.
//! Nothing is written.

mod findings;

use std::path::PathBuf;

use berika_catalog::contract::{Breach, Profile, Profiler};
use berika_catalog::{DeliveryKind, SupplierId};
use berika_feeds::Delivery;
use berika_store::ImportCounts;
use serde::Serialize;

use crate::Engine;
use crate::config::SupplierConfig;
use crate::stages::import::{ImportError, Spooled, contract, fetch, read};
use findings::Findings;
pub use findings::{Example, Gtins, Kind, SampleField, SampleRow};

/// What to check.
#[derive(Debug, Clone)]
pub struct CheckOptions {
    /// Whose delivery.
    pub supplier: SupplierId,
    /// A file to be read instead of what the supplier sends.
    pub file: Option<PathBuf>,
    /// How many rows are shown as they will be stored.
    pub rows: usize,
}

/// Why a delivery could not be looked at at all. One that cannot be read to its end is a [`Checked`] with an error.
#[derive(Debug, thiserror::Error)]
pub enum CheckError {
    /// A supplier that is not configured.
    #[error("there is no supplier {asked} in the configuration; there are: {known}")]
    UnknownSupplier {
        /// The one asked for.
        asked: SupplierId,
        /// Those there are.
        known: String,
    },
    /// A server that says "not modified" to a request without a condition.
    #[error("the server sent nothing: it says that nothing was changed, which was not asked")]
    NothingSent,
    /// It could not be had, or the store not be read.
    #[error(transparent)]
    Import(#[from] ImportError),
}

/// What looking at a delivery came to.
#[derive(Debug, Serialize)]
pub struct Checked {
    /// The supplier.
    pub supplier: SupplierId,
    /// The file or address, without credentials.
    pub file: String,
    /// Whether it is the whole assortment or lists changes.
    pub kind: DeliveryKind,
    /// How it was read; absent where it could not be read to its end.
    pub reading: Option<HowRead>,
    /// The first products as they will be stored.
    pub rows: Vec<SampleRow>,
    /// What taking it in would come to.
    pub counts: ImportCounts,
    /// Refused rows by what is wrong with them.
    pub refused: Vec<Kind>,
    /// Dropped and repaired fields by what is wrong with them.
    pub dropped: Vec<Kind>,
    /// What became of the GTINs.
    pub gtins: Gtins,
    /// What the contract says; absent where it could not be read to its end.
    pub contract: Option<Verdict>,
    /// Why it could not be read to its end.
    pub error: Option<String>,
}

/// How a delivery was read.
#[derive(Debug, Clone, Serialize)]
pub struct HowRead {
    /// The configured format.
    pub format: String,
    /// The encoding.
    pub encoding: Option<String>,
    /// The second best, where it was a guess.
    pub encoding_runner_up: Option<String>,
    /// The delimiter.
    pub delimiter: Option<char>,
    /// The second best, where it was a guess.
    pub delimiter_runner_up: Option<char>,
    /// What speaks for the delimiter, in words.
    pub delimiter_evidence: Option<String>,
    /// How cells are quoted, in words.
    pub quotes: Option<&'static str>,
    /// The row of a table's header.
    pub header_row: Option<u64>,
    /// The sheet.
    pub sheet: Option<String>,
    /// Columns or paths from which fields were filled.
    pub used: Vec<UsedColumn>,
    /// A table's columns from which none was.
    pub unused: Vec<String>,
    /// Paths that the mapping names and no item has.
    pub unseen: Vec<String>,
    /// What is wrong with an XML document around its items.
    pub notes: Vec<String>,
}

/// A column or path from which fields were filled.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct UsedColumn {
    /// The column or path.
    pub column: String,
    /// The fields.
    pub fields: Vec<String>,
    /// In how many products the fullest of them came from here.
    pub products: u64,
}

/// What the contract says of a delivery.
#[derive(Debug, Clone, Serialize)]
pub struct Verdict {
    /// How many earlier deliveries it was compared with.
    pub learnt_from: usize,
    /// Why it would be held, in one sentence.
    pub held: Option<String>,
    /// Whether a person let it through already.
    pub let_through: bool,
    /// Everything that is not usual.
    pub breaches: Vec<Breach>,
    /// What is new and does no harm.
    pub notes: Vec<String>,
    /// The delivery in numbers, as it would be remembered.
    pub profile: Profile,
}

/// Looks at a delivery.
///
/// # Errors
/// [`CheckError`] where there is nothing to look at.
pub async fn check(engine: &Engine, options: &CheckOptions) -> Result<Checked, CheckError> {
    let suppliers = &engine.config.suppliers;
    let Some(supplier) = suppliers.iter().find(|supplier| supplier.id == options.supplier) else {
        let known = suppliers.iter().map(|s| s.id.as_str()).collect::<Vec<_>>().join(", ");
        return Err(CheckError::UnknownSupplier { asked: options.supplier.clone(), known });
    };
    let spooled = match &options.file {
        Some(file) => fetch::local(engine, supplier, file).await?,
        None => fetch::fetch_whole(engine, supplier).await?.ok_or(CheckError::NothingSent)?,
    };
    let supplier = &read::with_kind(supplier, &spooled).await?;
    let findings = Findings::showing(options.rows);
    let read::Previewed { read, taken, conflicts } =
        read::previewed(engine, supplier, &spooled, findings).await?;
    let Findings { profiler, shown, refused, dropped, gtins, .. } = read.watch;
    let mut checked = Checked {
        supplier: supplier.id.clone(),
        file: spooled.delivery.shown.clone(),
        kind: supplier.delivery,
        reading: None,
        rows: shown,
        counts: taken.counts.clone(),
        refused: refused.into_values().collect(),
        dropped: dropped.into_values().collect(),
        gtins,
        contract: None,
        error: spooled.delivery.incomplete.clone(),
    };
    checked.refused.extend(Kind::of_conflicts(&conflicts));
    match read.delivery {
        Ok(delivery) => {
            let verdict = verdict(engine, (supplier, &spooled), profiler, &delivery).await?;
            checked.reading = Some(how_read(supplier, &delivery, &verdict.profile));
            checked.contract = Some(verdict);
            if !checked.counts.agree() {
                checked.error = Some("the sums of its rows do not agree; this is a bug in berika".to_owned());
            }
        }
        Err(error) => checked.error = Some(error.to_string()),
    }
    Ok(checked)
}

async fn verdict(
    engine: &Engine,
    (supplier, spooled): (&SupplierConfig, &Spooled),
    profiler: Profiler,
    delivery: &Delivery,
) -> Result<Verdict, ImportError> {
    let state = engine.store.source(&supplier.id).await?;
    let look = contract::judged(engine, (supplier, spooled), &state, profiler, delivery).await?;
    Ok(Verdict {
        learnt_from: look.judgement.learnt_from,
        held: look.held,
        let_through: look.let_through,
        breaches: look.judgement.breaches,
        notes: look.judgement.notes,
        profile: look.profile,
    })
}

fn how_read(supplier: &SupplierConfig, delivery: &Delivery, profile: &Profile) -> HowRead {
    let format = serde_json::to_value(&supplier.format).unwrap_or_default();
    let mut used: Vec<UsedColumn> = Vec::new();
    let sku = supplier.fields.sku.iter().flat_map(|rule| &rule.from);
    let sku = sku.filter(|column| delivery.columns.contains(column)).take(1);
    let sku = sku.map(|column| (column.as_str(), "sku", profile.products));
    let others = profile.fields.iter().flat_map(|(name, field)| {
        field.columns.iter().map(|(column, products)| (column.as_str(), name.as_str(), *products))
    });
    for (column, field, products) in sku.chain(others) {
        match used.iter_mut().find(|known| known.column == column) {
            Some(known) => {
                known.fields.push(field.to_owned());
                known.products = known.products.max(products);
            }
            None => {
                let fields = vec![field.to_owned()];
                used.push(UsedColumn { column: column.to_owned(), fields, products });
            }
        }
    }
    // In the order of the file, where it has one.
    let place = |column: &str| delivery.columns.iter().position(|known| known == column);
    used.sort_by_key(|column| place(&column.column).unwrap_or(usize::MAX));
    let is_used = |column: &&String| used.iter().any(|known| known.column == **column);
    let unused = delivery.columns.iter().filter(|column| !column.is_empty() && !is_used(column)).cloned();
    HowRead {
        format: format["type"].as_str().unwrap_or_default().to_owned(),
        encoding: delivery.encoding.clone(),
        encoding_runner_up: delivery.encoding_runner_up.clone(),
        delimiter: delivery.delimiter,
        delimiter_runner_up: delivery.delimiter_runner_up,
        delimiter_evidence: delivery.delimiter_evidence.clone(),
        quotes: delivery.quotes,
        header_row: delivery.header_row,
        sheet: delivery.sheet.clone(),
        unused: unused.collect(),
        used,
        unseen: delivery.unseen.clone(),
        notes: delivery.notes.clone(),
    }
}
