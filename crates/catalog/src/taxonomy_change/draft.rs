//! Categories while changes are made on them.

use super::trace::{End, Trace};
use super::{Change, ChangeFault, Confirmed};
use crate::{Category, CategoryId, Taxonomy};

/// What the changes so far have made.
pub(super) struct Draft {
    pub(super) categories: Vec<Category>,
    /// One for each category there was at first, in their order.
    pub(super) traces: Vec<Trace>,
    pub(super) notes: Vec<String>,
    /// The number of the change in hand, from 1.
    pub(super) number: usize,
}

impl Draft {
    pub(super) fn of(before: &Taxonomy) -> Self {
        let traces = before.categories().iter().map(|category| Trace::of(&category.id)).collect();
        Self { categories: before.categories().to_vec(), traces, notes: Vec::new(), number: 0 }
    }

    /// Makes the next change. Where it cannot be made, nothing of it is.
    pub(super) fn make(&mut self, change: &Change) -> Result<(), ChangeFault> {
        self.number += 1;
        match change {
            Change::Add(category) => self.add(category),
            Change::Rename(rename) => self.rename(rename),
            Change::Move(place) => self.place(place),
            Change::Split(split) => self.split(split),
            Change::Merge(merge) => self.merge(merge),
            Change::Delete(delete) => self.delete(delete),
            Change::Describe(describe) => self.describe(describe),
        }
    }

    pub(super) fn position(&self, id: &CategoryId) -> Result<usize, ChangeFault> {
        let position = self.categories.iter().position(|category| category.id == *id);
        position.ok_or_else(|| ChangeFault::Unknown(id.clone()))
    }

    pub(super) fn category(&mut self, id: &CategoryId) -> Result<&mut Category, ChangeFault> {
        let position = self.position(id)?;
        Ok(&mut self.categories[position])
    }

    /// The position of a category without children.
    pub(super) fn leaf(&self, id: &CategoryId) -> Result<usize, ChangeFault> {
        let position = self.position(id)?;
        let children = self.children(id);
        if children.is_empty() {
            return Ok(position);
        }
        Err(ChangeFault::HasChildren { category: id.clone(), children })
    }

    pub(super) fn children(&self, id: &CategoryId) -> Vec<CategoryId> {
        let below = self.categories.iter().filter(|category| category.parent.as_ref() == Some(id));
        below.map(|category| category.id.clone()).collect()
    }

    /// Whether a new category can stand here under its id. `freed` is an id that is given up at the same time.
    pub(super) fn check_new(
        &self,
        category: &Category,
        freed: Option<&CategoryId>,
    ) -> Result<(), ChangeFault> {
        named(category)?;
        if freed != Some(&category.id) && self.position(&category.id).is_ok() {
            return Err(ChangeFault::Taken(category.id.clone()));
        }
        category.parent.as_ref().map_or(Ok(()), |parent| self.position(parent).map(|_| ()))
    }

    /// Notes that a category may only go while nothing is confirmed in it, where that is what is said.
    pub(super) fn hold_to(&mut self, id: &CategoryId, confirmed: Confirmed) {
        if confirmed == Confirmed::Refuse {
            for trace in self.traces.iter_mut().filter(|trace| trace.holder() == Some(id)) {
                trace.only_unconfirmed.get_or_insert(self.number);
            }
        }
    }

    /// Follows what was in `old` to `to`, as [`Trace::went`].
    pub(super) fn went(&mut self, old: &CategoryId, to: &[CategoryId], end: Option<End>, stays: bool) {
        self.traces.iter_mut().for_each(|trace| trace.went(old, to, end, stays));
    }
}

/// Whether a category has an id and a name.
pub(super) fn named(category: &Category) -> Result<(), ChangeFault> {
    let blank = |text: &str| text.trim().is_empty();
    if blank(category.id.as_str())
        || category.names.is_empty()
        || category.names.values().any(|name| blank(name))
    {
        return Err(ChangeFault::Nameless(category.id.clone()));
    }
    Ok(())
}
