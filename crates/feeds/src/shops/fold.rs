//! One product out of its rows.
//!
//! The product's own row and every variant's go through the mapper, each by rules of its own. What variants say of
//! price, stock and GTIN rises to the product where its own row is silent: the first variant's price, the sum of their
//! stock, and the GTIN of an only variant.

mod naming;

use std::borrow::Cow;
use std::ops::ControlFlow;

use berika_catalog::{DeliveryKind, Origin, ProductRecord, Variant};
use rust_decimal::Decimal;

use super::Layout;
use super::made::{Made, MadeRow};
use crate::config::{FieldRule, Fields};
use crate::csv::KeptRow;
use crate::mapper::{Mapper, Plan};
use crate::output::Output;
use crate::{FeedProblem, Row, RowError, RowProblem, RowWarning};

/// A product's rows, and what each of them is.
#[derive(Debug)]
pub(super) struct Folded {
    /// The product's article number.
    pub(super) key: String,
    pub(super) rows: Vec<KeptRow>,
    /// The place in `rows` of the row that says most of the product.
    pub(super) main: usize,
    /// What the layout read out of the product's rows.
    pub(super) product: Made,
    pub(super) variants: Vec<Part>,
    /// Rows that are refused by themselves. Never the main one.
    pub(super) refused_rows: Vec<RowError>,
    /// Why the whole product is refused.
    pub(super) refused: Option<RowError>,
    pub(super) warnings: Vec<RowWarning>,
}

/// One variant.
#[derive(Debug)]
pub(super) struct Part {
    /// The place of its row.
    pub(super) row: usize,
    /// Its article number as it stands in the file; perhaps blank.
    pub(super) sku: String,
    /// The column that it stands in.
    pub(super) column: Option<String>,
    /// Its properties are what tells it from its siblings.
    pub(super) made: Made,
}

/// A column that no file has, for the article number that a variant is given.
const VARIANT_SKU: &str = "\0variant";

/// Makes products of the rows of one delivery.
pub(super) struct Folder<'a> {
    products: Mapper<'a>,
    variants: Mapper<'a>,
    /// The place of [`VARIANT_SKU`].
    variant_sku: usize,
}

impl<'a> Folder<'a> {
    /// `fields` go before the layout's own rules.
    pub(super) fn new(
        layout: &dyn Layout,
        fields: &Fields,
        columns: &[String],
        output: &Output<'a>,
    ) -> Result<Self, FeedProblem> {
        let mut columns = columns.to_vec();
        columns.extend(layout.further_columns());
        let plan = Plan::for_known_table(fields, &layout.fields(), &columns)?;
        let products = Mapper::new(plan, output)?;

        let built_in = layout.variant_fields();
        let of_variants = Fields {
            sku: Some(FieldRule::column(VARIANT_SKU)),
            gtin: fields.gtin.clone().or(built_in.gtin),
            price: fields.price.clone().or(built_in.price),
            currency: fields.currency.clone().or(built_in.currency),
            stock: fields.stock.clone().or(built_in.stock),
            images: built_in.images,
            ..Fields::default()
        };
        columns.push(VARIANT_SKU.to_owned());
        let plan = Plan::for_known_table(&of_variants, &Fields::default(), &columns)?;
        // A variant need not say what it is.
        let variants = Mapper::new(plan, output)?.of_kind(DeliveryKind::Delta);
        Ok(Self { products, variants, variant_sku: columns.len() - 1 })
    }

    /// Gives out the product, and behind it the rows that are refused by themselves.
    pub(super) fn give(
        &self,
        mut folded: Folded,
        output: &mut Output<'_>,
    ) -> Result<ControlFlow<()>, FeedProblem> {
        let more = folded.rows.len() as u64 - 1;
        if let Some(error) = folded.refused {
            return output.give(Row {
                number: error.row,
                folded: more,
                outcome: Err(error),
                warnings: Vec::new(),
            });
        }
        naming::name_variants(&mut folded);
        let main = MadeRow { row: &folded.rows[folded.main], made: &folded.product };
        let mut row = self.products.row(&main);
        row.warnings.extend(folded.rows.iter().flat_map(|row| row.repairs.iter().cloned()));
        row.warnings.append(&mut folded.warnings);
        let first = folded.variants.first().map(|part| folded.rows[part.row].row);
        let mut variants: Vec<ProductRecord> = Vec::new();
        for part in std::mem::take(&mut folded.variants) {
            let place = part.row;
            match self.variant(&folded, part, &mut row.warnings) {
                Ok(variant) => variants.push(variant),
                Err(error) if place != folded.main => folded.refused_rows.push(error),
                Err(error) => row.outcome = Err(error),
            }
        }
        if let Ok(product) = &mut row.outcome {
            rise(product, &variants);
            let file = output.context.file.as_str().into();
            let first = first.filter(|_| !variants.is_empty());
            let origin = first.map(|row| Origin { file, row, column: None, rule: None, original: None });
            product.provenance.extend(origin.map(|origin| ("variants".into(), origin)));
            product.values.variants = variants.into_iter().map(variant).collect();
        }
        row.folded = more - folded.refused_rows.len() as u64;
        let mut flow = output.give(row)?;
        for error in folded.refused_rows {
            if flow.is_continue() {
                flow = output.reject(error)?;
            }
        }
        Ok(flow)
    }

    fn variant(
        &self,
        folded: &Folded,
        mut part: Part,
        warnings: &mut Vec<RowWarning>,
    ) -> Result<ProductRecord, RowError> {
        part.made.set(Some(self.variant_sku), vec![part.sku]);
        let row = self.variants.row(&MadeRow { row: &folded.rows[part.row], made: &part.made });
        warnings.extend(
            row.warnings.into_iter().map(|w| RowWarning { field: format!("variants.{}", w.field), ..w }),
        );
        let named = |error| RowError { sku: Some(folded.key.clone()), column: part.column, ..error };
        row.outcome.map_err(named)
    }
}

/// Why a row is refused that is the same product, or the same variant of it, as an earlier one.
pub(super) fn repeated(row: &KeptRow, first: &KeptRow, product: &str) -> RowError {
    let problem = RowProblem::Repeated { product: product.to_owned(), first: first.row };
    RowError { row: row.row, sku: Some(product.to_owned()), column: None, value: None, problem }
}

/// Gives the product what only its variants say.
fn rise(product: &mut ProductRecord, variants: &[ProductRecord]) {
    let values = &mut product.values;
    let mut note = |field: &'static str, from: Option<&ProductRecord>, rule: Option<&'static str>| {
        let origin = from.and_then(|variant| variant.provenance.get(field)).cloned();
        let rule = rule.map(Cow::Borrowed);
        let origin = origin.map(|origin| Origin { rule: rule.or_else(|| origin.rule.clone()), ..origin });
        product.provenance.extend(origin.map(|origin| (field.into(), origin)));
    };
    if values.price.is_none()
        && let Some(first) = variants.iter().find(|variant| variant.values.price.is_some())
    {
        values.price.clone_from(&first.values.price);
        note("price", Some(first), None);
    }
    if let (None, [only]) = (&values.gtin, variants) {
        values.gtin.clone_from(&only.values.gtin);
        note("gtin", Some(only), None);
    }
    let sum = |sum: Decimal, variant: &ProductRecord| sum.checked_add(variant.values.stock?);
    let stock = variants.iter().try_fold(Decimal::ZERO, sum);
    if let (None, Some(stock), [first, ..]) = (values.stock, stock, variants) {
        values.stock = Some(stock);
        note("stock", Some(first), (variants.len() > 1).then_some("sum of variants"));
    }
}

fn variant(record: ProductRecord) -> Variant {
    let ProductRecord { key, values, .. } = record;
    Variant {
        sku: key.sku,
        gtin: values.gtin,
        attributes: values.attributes,
        price: values.price,
        stock: values.stock,
        images: values.images,
    }
}
