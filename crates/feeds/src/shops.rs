//! Exports of shop systems: tables in which a product stands on several rows.
//!
//! One row of them is the product's, others are variants, pictures or translations. [`gather`] brings the rows of a
//! product together, a layout (`shopify`, `magento`, `woocommerce`) says what each of them is, and [`fold`] makes one product of them with the
//! mapper that every format uses. What is not here: reading the table, which is `csv`'s.

mod columns;
mod fold;
mod gather;
mod lists;
mod made;
mod magento;
mod shopify;
mod woocommerce;

use std::collections::HashMap;
use std::ops::ControlFlow;
use std::rc::Rc;

use crate::config::{CsvFormat, FieldRule, Fields};
use crate::csv::{Dialect, Record, Table, TableRow};
use crate::item::Item;
use crate::output::Output;
use crate::source::Source;
use crate::{FeedProblem, RowError, RowProblem};
use fold::{Folded, Folder};
use gather::{Gathering, Product, Returning, Runs, hash};

/// The shop systems whose exports are known.
#[derive(Debug, Clone, Copy)]
pub(crate) enum System {
    Shopify,
    Magento,
    WooCommerce,
}

impl System {
    /// Columns by which the header is told from other rows, beside those that the supplier's rules name.
    fn hints(self, fields: &Fields) -> Fields {
        let names: &[&str] = match self {
            Self::Shopify => &["Handle", "URL handle", "Title", "Vendor"],
            Self::Magento => &["sku", "product_type", "name", "price"],
            Self::WooCommerce => &["ID", "Type", "SKU", "Name"],
        };
        Fields { group_id: Some(FieldRule::columns(names)), ..fields.clone() }
    }
}

/// How a shop system lays a product out over rows.
trait Layout {
    /// The mapping that the system's export gives, over its columns.
    fn fields(&self) -> Fields;

    /// The same for one variant. Its article number is found by [`Layout::fold`].
    fn variant_fields(&self) -> Fields;

    /// The column that says which product a row belongs to.
    fn key_column(&self) -> usize;

    /// What the rows of one product have in common; blank where nothing says which product it is.
    fn key(&self, row: &Record<'_>) -> String {
        row.text(Some(self.key_column())).trim().to_owned()
    }

    /// Columns that rules may name although the file has none of them. They stand behind the file's.
    fn further_columns(&self) -> Vec<String> {
        Vec::new()
    }

    /// The keys of other rows that are this row's variants.
    fn members(&self, _: &Record<'_>, _: &mut dyn FnMut(&str)) {}

    /// What each row of a product is.
    fn fold(&self, product: Product) -> Folded;
}

/// Reads an export. `fields` go before the system's own mapping, field by field.
pub(crate) fn read(
    source: &Source,
    system: System,
    format: &CsvFormat,
    fields: &Fields,
    output: &mut Output<'_>,
) -> Result<(), FeedProblem> {
    let dialect = Dialect::find(source, format, &system.hints(fields), output)?;
    let first = Table::open(source, &dialect, output.limits)?;
    let layout: Box<dyn Layout> = match system {
        System::Shopify => Box::new(shopify::Shopify::new(&first.columns)?),
        System::Magento => {
            let language = output.context.language.as_ref();
            Box::new(magento::Magento::new(&first.columns, fields, language)?)
        }
        System::WooCommerce => Box::new(woocommerce::WooCommerce::new(&first.columns)?),
    };
    let (keys, returning) = look_ahead(first, &*layout)?;
    let mut gathering = Gathering::new(returning, output.limits.gathered_bytes);

    let mut table = Table::open(source, &dialect, output.limits)?;
    table.set_keys(vec![layout.key_column()])?;
    output.delivery.columns.clone_from(&table.columns);
    let columns = table.columns.clone();
    let column = columns[layout.key_column()].as_str();
    let folder = Folder::new(&*layout, fields, &columns, output)?;
    while let Some(row) = table.next()? {
        let flow = match row {
            TableRow::Aside(error) => output.reject(error)?,
            TableRow::Faulty(record, error) => {
                let own = layout.key(&record);
                let key = keys.of(&own);
                let sku = (!key.is_empty()).then(|| key.to_owned());
                output.reject(RowError { sku, ..error })?
            }
            TableRow::Whole(record) => {
                let own = layout.key(&record);
                let key = keys.of(&own);
                if key.is_empty() {
                    output.reject(keyless(&record, column))?
                } else {
                    match gathering.add(key, record.kept(), column)? {
                        Some(product) => folder.give(layout.fold(product), output)?,
                        None => ControlFlow::Continue(()),
                    }
                }
            }
        };
        if flow.is_break() {
            return Ok(());
        }
    }
    for product in gathering.finish() {
        if folder.give(layout.fold(product), output)?.is_break() {
            break;
        }
    }
    Ok(())
}

/// Which product is a variant of which other, by the hashes of the variants' keys.
#[derive(Debug, Default)]
struct Keys(HashMap<u64, Rc<str>>);

impl Keys {
    /// The key of the product that a row with the key `own` belongs to.
    fn of<'k>(&'k self, own: &'k str) -> &'k str {
        // Most exports say it in every row.
        if self.0.is_empty() { own } else { self.0.get(&hash(own)).map_or(own, |parent| parent) }
    }
}

/// The first pass: which products are variants, and which products' rows stand apart.
fn look_ahead(mut table: Table<'_>, layout: &dyn Layout) -> Result<(Keys, Returning), FeedProblem> {
    let mut runs = Runs::default();
    let mut keys = Keys::default();
    table.set_keys(vec![layout.key_column()])?;
    while let Some(row) = table.next()? {
        let TableRow::Whole(record) = row else { continue };
        let key = layout.key(&record);
        if key.is_empty() {
            continue;
        }
        runs.note(&key);
        let mut parent: Option<Rc<str>> = None;
        layout.members(&record, &mut |member| {
            let parent = parent.get_or_insert_with(|| Rc::from(key.as_str()));
            keys.0.entry(hash(member)).or_insert_with(|| Rc::clone(parent));
        });
    }
    let returning = runs.returning(|own| keys.0.get(&own).map(|parent| &**parent));
    Ok((keys, returning))
}

fn keyless(record: &Record<'_>, column: &str) -> RowError {
    let column = Some(column.to_owned());
    RowError { row: record.number(), sku: None, column, value: None, problem: RowProblem::NoSku }
}
