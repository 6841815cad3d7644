//! From an item to a product, by the supplier's rules.
//!
//! A field that cannot be read costs the field, not the row: the product is stored without it and the row carries a
//! warning. Only a row without a key, or of which nothing says what it is, is no product. Here is the order of fields;
//! how the fields of one kind are read is in a file for each kind.

mod attributes;
mod gtin;
mod identifiers;
mod picking;
mod plan;
mod prices;
mod reading;
mod rule;
mod stock;
mod texts;

use std::collections::BTreeMap;

use berika_catalog::{DeliveryKind, ProductKey, ProductRecord, ProductValues, Provenance, SharedText};

use crate::habit::{Evidence, Habit};
use crate::item::Item;
use crate::output::{Look, Output};
use crate::row::shorten;
use crate::{
    DeliveryContext, FeedProblem, FieldProblem, Limits, Row, RowError, RowProblem, RowWarning, date,
};
pub(crate) use plan::{Plan, column_names};
use reading::Picked;
pub(crate) use reading::is_error_text;
use texts::Shape;

/// Maps items of one delivery.
pub(crate) struct Mapper<'a> {
    plan: Plan,
    context: &'a DeliveryContext,
    kind: DeliveryKind,
    /// The delivery's name as provenance shows it.
    file: SharedText,
    limits: &'a Limits,
    decimal_comma: Option<bool>,
    habit: Option<&'a Habit<'a>>,
    evidence: Option<&'a Evidence>,
    look: Option<Look<'a>>,
}

/// One item on its way to a product.
struct Draft<'m, 'i> {
    mapper: &'m Mapper<'m>,
    item: &'i dyn Item,
    values: ProductValues,
    provenance: Provenance,
    warnings: Vec<RowWarning>,
}

impl<'a> Mapper<'a> {
    /// A mapper for the rows of `output`.
    ///
    /// # Errors
    /// [`FeedProblem::NoSkuField`], unless the output only looks at items.
    pub(crate) fn new(plan: Plan, output: &Output<'a>) -> Result<Self, FeedProblem> {
        let Output { context, limits, decimal_comma, habit, evidence, look, .. } = *output;
        if look.is_none() && plan.sku.sources.is_empty() {
            return Err(FeedProblem::NoSkuField);
        }
        let file = context.file.as_str().into();
        Ok(Self { plan, context, kind: context.kind, file, limits, decimal_comma, habit, evidence, look })
    }

    /// The same for a delivery that says itself what its silence means.
    pub(crate) fn of_kind(self, kind: DeliveryKind) -> Self {
        Self { kind, ..self }
    }

    /// The paths of the plan that no item had so far.
    pub(crate) fn unseen(&self) -> Vec<String> {
        self.plan.unseen()
    }

    /// The row that `item` is.
    pub(crate) fn row(&self, item: &dyn Item) -> Row {
        if let Some(look) = self.look {
            return self.looked_at(item, look);
        }
        let mut draft = self.draft(item);
        draft.warnings.extend_from_slice(item.repairs());
        let sku = draft.sku(&self.plan.sku);
        let filled = sku.and_then(|sku| match draft.fill() {
            Ok(()) => Ok(sku),
            Err(error) => Err(RowError { sku: Some(sku), ..error }),
        });
        let Draft { values, provenance, warnings, .. } = draft;
        let outcome = filled.map(|sku| ProductRecord {
            key: ProductKey { supplier: self.context.supplier.clone(), sku },
            values,
            provenance,
        });
        Row { number: item.number(), folded: 0, outcome, warnings }
    }

    /// Shows the item's values by name and makes no product of it.
    fn looked_at(&self, item: &dyn Item, look: Look<'_>) -> Row {
        let attributes = &self.plan.attributes;
        let mut named = Vec::new();
        for column in &attributes.members {
            item.values(column, &mut |cell| named.push((column.name.as_str().into(), cell)));
        }
        if attributes.rest {
            item.outline(&mut |name, cell| named.push((name, cell)));
        }
        look(&named);
        let outcome = Err(self.error(item.number(), None, RowProblem::NoSku));
        Row { number: item.number(), folded: 0, outcome, warnings: Vec::new() }
    }

    /// The article number of a row that cannot be used otherwise, where it can be read.
    pub(crate) fn sku(&self, item: &dyn Item) -> Option<String> {
        self.draft(item).sku(&self.plan.sku).ok()
    }

    fn draft<'i>(&'i self, item: &'i dyn Item) -> Draft<'i, 'i> {
        Draft {
            mapper: self,
            item,
            values: ProductValues::default(),
            provenance: BTreeMap::new(),
            warnings: Vec::new(),
        }
    }

    fn error(&self, row: u64, picked: Option<&Picked<'_, '_>>, problem: RowProblem) -> RowError {
        RowError {
            row,
            sku: None,
            column: picked.and_then(|p| p.column).map(ToString::to_string),
            value: picked.map(|p| shorten(&p.cell.text)),
            problem,
        }
    }
}

impl Draft<'_, '_> {
    /// Reads every field but the article number.
    fn fill(&mut self) -> Result<(), RowError> {
        let plan = &self.mapper.plan;
        self.values.title = self.text(&plan.title, Shape::Line)?;
        self.values.brand = self.text(&plan.brand, Shape::Line)?;
        self.values.mpn = self.text(&plan.mpn, Shape::Line)?;
        self.values.description = self.text(&plan.description, Shape::Paragraphs)?;
        self.values.group_id = self.text(&plan.group_id, Shape::Line)?;
        self.values.gtin = self.gtin(&plan.gtin)?;
        if self.mapper.kind == DeliveryKind::Full && self.values.title.is_none() && self.values.gtin.is_none()
        {
            let column = plan.title.sources.first().map(|source| source.name.clone());
            let row = self.item.number();
            return Err(RowError { row, sku: None, column, value: None, problem: RowProblem::Nameless });
        }
        self.values.supplier_category = self.list(&plan.supplier_category)?;
        let usual = self.currency(&plan.currency)?.or_else(|| self.mapper.context.currency.clone());
        self.values.price = self.money(&plan.price, usual.as_ref())?;
        self.market_prices()?;
        self.values.images = self.images(&plan.images)?;
        self.language()?;
        self.localized()?;
        self.best_before()?;
        self.values.stock = self.stock(&plan.stock)?;
        self.values.attributes = self.attributes(&plan.attributes)?;
        Ok(())
    }

    fn best_before(&mut self) -> Result<(), RowError> {
        let rule = &self.mapper.plan.best_before;
        let Some(picked) = self.pick_good(rule)? else { return Ok(()) };
        match date::date(&picked.cell.text) {
            Some(date) => {
                self.note(rule, &picked, None);
                self.values.best_before = Some(date);
            }
            None => self.warn(&rule.field, &picked, FieldProblem::Date),
        }
        Ok(())
    }
}
