//! A bounded part of a delivery, column by column, read by the same readers as any delivery.

use std::cell::RefCell;
use std::collections::HashMap;
use std::ops::ControlFlow;

use berika_catalog::DeliveryKind;

use super::profile::Profile;
use crate::config::{AttributesRule, FeedConfig, Fields, Format};
use crate::output::Output;
use crate::source::Source;
use crate::{Delivery, DeliveryContext, FeedProblem, Limits, read_format};

/// What was seen of a delivery.
#[derive(Debug)]
pub(super) struct Sample {
    /// In the order of the table, else of first appearance.
    pub(super) columns: Vec<Profile>,
    /// What the reader found: encoding, delimiter and so on.
    pub(super) delivery: Delivery,
    /// Items looked at.
    pub(super) items: u32,
    /// Rows that could not be looked at because they are faulty as rows.
    pub(super) faulty: u32,
    /// Whether that is the whole delivery.
    pub(super) whole: bool,
    /// Pairs of columns where most values of the first stand in the second: a brand in titles.
    contained: HashMap<(usize, usize), u32>,
}

/// Every item up to here is looked at, then every tenth.
const FIRST: u64 = 1_000;
const EVERY: u64 = 10;
const LAST: u64 = 10_000;
/// Columns beyond are not profiled.
const MOST_COLUMNS: usize = 2_000;

#[derive(Default)]
struct Looked {
    columns: Vec<Profile>,
    places: HashMap<String, usize>,
    items: u32,
    seen: u64,
    contained: HashMap<(usize, usize), u32>,
}

impl Sample {
    pub(super) fn read(source: &Source, format: &Format, limits: &Limits) -> Result<Self, FeedProblem> {
        let context = context();
        let config = FeedConfig {
            format: format.clone(),
            fields: Fields { attributes: Some(AttributesRule::Rest), ..Fields::default() },
            member: None,
        };
        let looked = RefCell::new(Looked::default());
        let faulty = RefCell::new(0);
        let look = |named: &[(std::borrow::Cow<'_, str>, crate::item::Cell<'_>)]| {
            looked.borrow_mut().add(named);
        };
        let before = RefCell::new(0);
        let mut sink = |_| {
            let seen = looked.borrow().seen;
            if *before.borrow() == seen {
                *faulty.borrow_mut() += 1;
            }
            *before.borrow_mut() = seen;
            if seen >= LAST { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
        };
        let mut output = Output::new(&context, limits, format.decimal_comma(), &mut sink);
        output.look = Some(&look);
        let read = read_format(source, &config, &mut output);
        let delivery = output.delivery;
        let Looked { mut columns, items, contained, .. } = looked.into_inner();
        if items == 0 {
            read?;
            return Err(FeedProblem::NoRows);
        }
        // What was read before a fault is enough to judge by.
        let whole = read.is_ok() && !delivery.stopped;
        columns.iter_mut().for_each(|column| column.rows = items);
        let faulty = faulty.into_inner();
        Ok(Self { columns, delivery, items, faulty, whole, contained })
    }

    /// The share of the values of column `part` that stand within the value of column `whole` in the same item.
    pub(super) fn contained(&self, part: usize, whole: usize) -> f64 {
        let count = self.contained.get(&(part, whole)).copied().unwrap_or(0);
        let filled = self.columns[part].filled.clamp(1, CONTAINED_ITEMS);
        f64::from(count) / f64::from(filled)
    }
}

const CONTAINED_ITEMS: u32 = 200;

impl Looked {
    fn add(&mut self, named: &[(std::borrow::Cow<'_, str>, crate::item::Cell<'_>)]) {
        self.seen += 1;
        if self.seen > FIRST && !self.seen.is_multiple_of(EVERY) {
            return;
        }
        self.items += 1;
        let mut by_column: Vec<(usize, Vec<&crate::item::Cell<'_>>)> = Vec::new();
        let mut at: HashMap<usize, usize> = HashMap::new();
        for (name, cell) in named {
            let Some(column) = self.column(name) else { continue };
            let place = *at.entry(column).or_insert_with(|| {
                by_column.push((column, Vec::new()));
                by_column.len() - 1
            });
            by_column[place].1.push(cell);
        }
        for (column, cells) in &by_column {
            self.columns[*column].add(cells.iter().copied());
        }
        if self.items <= CONTAINED_ITEMS && by_column.len() <= 100 {
            self.compare(&by_column);
        }
    }

    /// Notes which short texts stand within longer ones.
    fn compare(&mut self, by_column: &[(usize, Vec<&crate::item::Cell<'_>>)]) {
        let texts: Vec<(usize, String)> = by_column
            .iter()
            .filter_map(|(column, cells)| Some((*column, cells.first()?.text.trim().to_lowercase())))
            .filter(|(_, text)| text.len() >= 2 && text.len() <= 300 && text.contains(char::is_alphabetic))
            .collect();
        for (part, short) in texts.iter().filter(|(_, text)| text.len() <= 30) {
            for (whole, long) in &texts {
                if long.len() > short.len() && long.contains(short.as_str()) {
                    *self.contained.entry((*part, *whole)).or_default() += 1;
                }
            }
        }
    }

    fn column(&mut self, name: &str) -> Option<usize> {
        if let Some(at) = self.places.get(name) {
            return Some(*at);
        }
        if self.columns.len() >= MOST_COLUMNS || name.is_empty() {
            return None;
        }
        self.columns.push(Profile::new(name, 0));
        self.places.insert(name.to_owned(), self.columns.len() - 1);
        Some(self.columns.len() - 1)
    }
}

/// A context in which nothing is known.
pub(super) fn context() -> DeliveryContext {
    DeliveryContext {
        supplier: super::name::unnamed(),
        file: String::new(),
        kind: DeliveryKind::Full,
        language: None,
        currency: None,
    }
}
