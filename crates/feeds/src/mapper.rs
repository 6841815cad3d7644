//! From an item to a product, by the supplier's rules.
//!
//! A field that cannot be read costs the field, not the row: the product is stored without it and the row carries a
//! warning. Only a row without a key, or of which nothing says what it is, is no product.

mod picking;
mod plan;
mod reading;

use std::collections::BTreeMap;

use berika_catalog::{
    Currency, DeliveryKind, Language, ProductKey, ProductRecord, ProductValues, Provenance,
};

use crate::item::{Cell, CellKind, Item};
use crate::number;
use crate::output::{Look, Output};
use crate::row::shorten;
use crate::{
    DeliveryContext, FeedProblem, FieldProblem, Limits, Row, RowError, RowProblem, RowWarning, date, text,
};
use plan::Rule;
pub(crate) use plan::{Plan, column_names};
pub(crate) use reading::is_error_text;
use reading::{Picked, gtin, image_addresses};

/// Maps items of one delivery.
pub(crate) struct Mapper<'a> {
    plan: Plan,
    context: &'a DeliveryContext,
    kind: DeliveryKind,
    limits: &'a Limits,
    decimal_comma: Option<bool>,
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
        let Output { context, limits, decimal_comma, look, .. } = *output;
        if look.is_none() && plan.sku.sources.is_empty() {
            return Err(FeedProblem::NoSkuField);
        }
        Ok(Self { plan, context, kind: context.kind, limits, decimal_comma, look })
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
        let mut draft = Draft {
            mapper: self,
            item,
            values: ProductValues::default(),
            provenance: BTreeMap::new(),
            warnings: item.repairs().to_vec(),
        };
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
        let mut named = Vec::new();
        for column in &self.plan.attribute_members {
            item.values(column, &mut |cell| named.push((column.name.as_str().into(), cell)));
        }
        if self.plan.rest {
            item.outline(&mut |name, cell| named.push((name, cell)));
        }
        look(&named);
        let outcome = Err(self.error(item.number(), None, RowProblem::NoSku));
        Row { number: item.number(), folded: 0, outcome, warnings: Vec::new() }
    }

    /// The article number of a row that cannot be used otherwise, where it can be read.
    pub(crate) fn sku(&self, item: &dyn Item) -> Option<String> {
        let (values, provenance, warnings) = Default::default();
        Draft { mapper: self, item, values, provenance, warnings }.sku(&self.plan.sku).ok()
    }

    fn error(&self, row: u64, picked: Option<&Picked<'_, '_>>, problem: RowProblem) -> RowError {
        RowError {
            row,
            sku: None,
            column: picked.and_then(|p| p.column).map(str::to_owned),
            value: picked.map(|p| shorten(&p.cell.text)),
            problem,
        }
    }
}

impl<'m, 'i> Draft<'m, 'i> {
    /// Reads every field but the article number.
    fn fill(&mut self) -> Result<(), RowError> {
        let plan = &self.mapper.plan;
        self.values.title = self.text("title", &plan.title, Shape::Line)?;
        self.values.brand = self.text("brand", &plan.brand, Shape::Line)?;
        self.values.mpn = self.text("mpn", &plan.mpn, Shape::Line)?;
        self.values.description = self.text("description", &plan.description, Shape::Paragraphs)?;
        self.values.group_id = self.text("group_id", &plan.group_id, Shape::Line)?;
        self.gtin()?;
        if self.mapper.kind == DeliveryKind::Full && self.values.title.is_none() && self.values.gtin.is_none()
        {
            let column = plan.title.sources.first().map(|source| source.name.clone());
            let row = self.item.number();
            return Err(RowError { row, sku: None, column, value: None, problem: RowProblem::Nameless });
        }
        self.values.supplier_category = self.list("supplier_category", &plan.supplier_category)?;
        self.price()?;
        self.images()?;
        self.language()?;
        self.best_before()?;
        self.stock()?;
        self.attributes()
    }

    fn sku(&mut self, rule: &Rule) -> Result<String, RowError> {
        const LONGEST: usize = 200;
        let (mapper, row) = (self.mapper, self.item.number());
        let missing = || RowError {
            row,
            sku: None,
            column: rule.sources.first().map(|source| source.name.clone()),
            value: None,
            problem: RowProblem::NoSku,
        };
        let picked = self.pick(rule)?.ok_or_else(missing)?;
        let refuse = |problem| Err(mapper.error(row, Some(&picked), problem));
        if picked.is_error() {
            return refuse(RowProblem::SkuError);
        }
        if picked.cell.kind == CellKind::Date {
            return refuse(RowProblem::SkuDate);
        }
        if picked.cell.text.contains('\0') {
            return refuse(RowProblem::BadSku("it holds NUL bytes"));
        }
        if picked.cell.text.contains(char::REPLACEMENT_CHARACTER) {
            return refuse(RowProblem::BadSku("it holds bytes that are not in the file's encoding"));
        }
        let sku = text::line(&picked.cell.text);
        match sku.len() {
            0 => Err(missing()),
            1..=LONGEST => Ok(sku.into_owned()),
            _ => refuse(RowProblem::BadSku("it is longer than 200 bytes; look at the mapping")),
        }
    }

    fn text(&mut self, field: &'static str, rule: &Rule, shape: Shape) -> Result<Option<String>, RowError> {
        let Some(picked) = self.pick_good(field, rule)? else { return Ok(None) };
        let (clean, repaired) = self.clean(field, &picked, shape);
        if !clean.is_empty() {
            self.note(field, &picked, repaired);
        }
        Ok(Some(clean).filter(|clean| !clean.is_empty()))
    }

    /// A cell's text without mojibake, HTML and hidden characters, and what was done to it.
    fn clean(
        &mut self,
        field: &str,
        picked: &Picked<'_, '_>,
        shape: Shape,
    ) -> (String, Option<&'static str>) {
        let meant = self.unmangled(field, picked);
        let source = meant.as_deref().unwrap_or(&picked.cell.text);
        let rendered = match text::from_html(source) {
            Ok(rendered) => rendered,
            Err(text::UnreadableHtml) => {
                self.warn(field, picked, FieldProblem::Html);
                None
            }
        };
        let plain = rendered.as_deref().unwrap_or(source);
        let clean = match shape {
            Shape::Line => text::line(plain),
            Shape::Paragraphs => text::paragraphs(plain),
        };
        let repaired = match (meant.is_some(), rendered.is_some()) {
            (true, true) => Some("mojibake, html"),
            (true, false) => Some("mojibake"),
            (false, true) => Some("html"),
            (false, false) => None,
        };
        (clean.into_owned(), repaired)
    }

    fn list(&mut self, field: &'static str, rule: &Rule) -> Result<Vec<String>, RowError> {
        let mut parts = Vec::new();
        let mut found = self.pick_all(field, rule)?;
        if rule.split.is_some() && !rule.all {
            // Each cell is a whole list then: the first counts.
            found.truncate(1);
        }
        for picked in found {
            let (clean, repaired) = self.clean(field, &picked, Shape::Line);
            let before = parts.len();
            match &rule.split {
                Some(split) => parts.extend(clean.split(split.as_str()).map(str::trim).map(str::to_owned)),
                None => parts.push(clean),
            }
            parts.retain(|part| !part.is_empty());
            if parts.len() > before && !self.provenance.contains_key(field) {
                self.note(field, &picked, repaired);
            }
        }
        Ok(parts)
    }

    fn gtin(&mut self) -> Result<(), RowError> {
        let rule = &self.mapper.plan.gtin;
        let Some(picked) = self.pick_good("gtin", rule)? else { return Ok(()) };
        match gtin(&picked.cell) {
            Ok((number, repaired)) => {
                self.note("gtin", &picked, repaired);
                self.values.gtin = Some(number);
            }
            Err(problem) => self.warn("gtin", &picked, problem.into()),
        }
        Ok(())
    }

    fn price(&mut self) -> Result<(), RowError> {
        let plan = &self.mapper.plan;
        let usual = match self.pick_good("currency", &plan.currency)? {
            Some(picked) => match Currency::parse(&text::line(&picked.cell.text)) {
                Ok(currency) => Some(currency),
                Err(_) => {
                    self.warn("price", &picked, FieldProblem::Currency);
                    None
                }
            },
            None => None,
        };
        let usual = usual.or_else(|| self.mapper.context.currency.clone());
        let Some(picked) = self.pick_good("price", &plan.price)? else { return Ok(()) };
        let comma = self.decimal_comma(&picked.cell);
        match number::price(&picked.cell.text, comma, usual.as_ref()) {
            Ok(price) if price.amount.is_zero() => self.warn("price", &picked, FieldProblem::ZeroPrice),
            Ok(price) => match price.in_currency(usual.as_ref()) {
                Some(money) => {
                    self.note("price", &picked, None);
                    self.values.price = Some(money);
                }
                None => self.warn("price", &picked, FieldProblem::NoCurrency),
            },
            Err(problem) => self.warn("price", &picked, problem.into()),
        }
        Ok(())
    }

    fn stock(&mut self) -> Result<(), RowError> {
        let Some(picked) = self.pick_good("stock", &self.mapper.plan.stock)? else { return Ok(()) };
        let comma = self.decimal_comma(&picked.cell);
        match number::decimal(&picked.cell.text, comma) {
            Ok(stock) => {
                self.note("stock", &picked, None);
                self.values.stock = Some(stock.normalize());
            }
            Err(problem) => self.warn("stock", &picked, problem.into()),
        }
        Ok(())
    }

    fn images(&mut self) -> Result<(), RowError> {
        let rule = &self.mapper.plan.images;
        for picked in self.pick_all("images", rule)? {
            for address in image_addresses(&picked.cell.text, rule.split.as_deref()) {
                let Ok(address) = address else {
                    self.warn("images", &picked, FieldProblem::Image);
                    continue;
                };
                if !self.values.images.contains(&address) {
                    self.values.images.push(address);
                }
            }
            if !self.values.images.is_empty() && !self.provenance.contains_key("images") {
                self.note("images", &picked, None);
            }
        }
        Ok(())
    }

    fn language(&mut self) -> Result<(), RowError> {
        if let Some(picked) = self.pick_good("language", &self.mapper.plan.language)? {
            match Language::parse(&picked.cell.text) {
                Ok(language) => {
                    self.note("language", &picked, None);
                    self.values.language = Some(language);
                    return Ok(());
                }
                Err(_) => self.warn("language", &picked, FieldProblem::Language),
            }
        }
        if let Some(language) = &self.mapper.context.language {
            self.values.language = Some(language.clone());
            let origin = self.origin(None, Some("supplier"));
            self.provenance.insert("language".to_owned(), origin);
        }
        Ok(())
    }

    fn best_before(&mut self) -> Result<(), RowError> {
        let Some(picked) = self.pick_good("best_before", &self.mapper.plan.best_before)? else {
            return Ok(());
        };
        match date::date(&picked.cell.text) {
            Some(date) => {
                self.note("best_before", &picked, None);
                self.values.best_before = Some(date);
            }
            None => self.warn("best_before", &picked, FieldProblem::Date),
        }
        Ok(())
    }

    fn attributes(&mut self) -> Result<(), RowError> {
        for (name, rule) in &self.mapper.plan.named_attributes {
            if let Some(picked) = self.pick_good(&format!("attributes.{name}"), rule)? {
                self.attribute(name, &picked)?;
            }
        }
        let mut found: Vec<(String, Cell<'i>)> = Vec::new();
        let mut collect = |name: std::borrow::Cow<'i, str>, cell: Cell<'i>| {
            if !cell.is_blank() {
                found.push((name.into_owned(), cell));
            }
        };
        let plan = &self.mapper.plan;
        for source in &plan.attribute_members {
            self.item.members(source, &mut collect);
        }
        if plan.own_properties {
            self.item.properties(&mut collect);
        }
        if plan.rest {
            self.item.everything(&mut collect);
            found.retain(|(name, _)| !plan.is_used(name));
        }
        for (name, cell) in found {
            let column = name.clone();
            let picked = Picked { cell, column: Some(&column), rule: None };
            self.attribute(&name, &picked)?;
        }
        Ok(())
    }

    /// Adds one attribute. One that is there already is joined to, so that `Färg: röd` and `Färg: blå` are both kept.
    fn attribute(&mut self, name: &str, picked: &Picked<'_, '_>) -> Result<(), RowError> {
        self.within_cap(picked)?;
        let name = text::line(name);
        if name.is_empty() {
            return Ok(());
        }
        let field = format!("attributes.{name}");
        if !self.sound(&field, picked) {
            return Ok(());
        }
        let (clean, repaired) = self.clean(&field, picked, Shape::Line);
        if clean.is_empty() {
            return Ok(());
        }
        match self.values.attributes.get_mut(name.as_ref()) {
            Some(known) if known.split(", ").any(|part| part == clean) => {}
            Some(known) => {
                known.push_str(", ");
                known.push_str(&clean);
            }
            None => {
                self.values.attributes.insert(name.into_owned(), clean);
                self.note(&field, picked, repaired);
            }
        }
        Ok(())
    }
}

/// How much of a text's lines is kept.
#[derive(Clone, Copy)]
enum Shape {
    Line,
    Paragraphs,
}
