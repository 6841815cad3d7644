//! The rules in small: what must hold of every product, whatever was done and in whichever order.

use std::collections::{BTreeMap, BTreeSet};

/// Fields that suppliers change and people edit.
pub(super) const FIELDS: [&str; 4] = ["title", "brand", "price", "stock"];

/// What a person set in a field.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Edit {
    pub(super) value: String,
    /// What the supplier said then, or when the person last said that the edit stays.
    pub(super) replaced: String,
}

/// What a person decided.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Decided {
    /// This category, as it is called now.
    In(String),
    /// A category that is gone. It was called so.
    Gone(String),
}

/// A product.
#[derive(Debug, Clone, Default)]
pub(super) struct Item {
    /// The supplier's last word.
    pub(super) fields: BTreeMap<&'static str, String>,
    pub(super) edits: BTreeMap<&'static str, Edit>,
    pub(super) decided: Option<Decided>,
    /// The category when it was locked, as it is called now; `None` where it is not locked.
    pub(super) locked: Option<Option<String>>,
}

impl Item {
    /// The value that holds.
    pub(super) fn value(&self, field: &str) -> &str {
        self.edits.get(field).map_or(&self.fields[field], |edit| &edit.value)
    }

    /// Fields whose supplier said something new since they were edited.
    pub(super) fn conflicts(&self) -> Vec<&'static str> {
        let conflict =
            |(field, edit): (&&'static str, &Edit)| (self.fields[field] != edit.replaced).then_some(*field);
        self.edits.iter().filter_map(conflict).collect()
    }
}

/// A change of the taxonomy.
#[derive(Debug, Clone)]
pub(super) enum Change {
    Rename { from: String, to: String },
    Merge { from: String, into: String },
    Delete { leaf: String },
    Split { leaf: String, into: [String; 2] },
    Move { leaf: String, below: String },
}

/// Everything.
#[derive(Debug, Clone, Default)]
pub(super) struct Model {
    pub(super) products: BTreeMap<String, Item>,
    pub(super) leaves: BTreeSet<String>,
    /// How many decisions were taken in all.
    pub(super) decisions: usize,
}

impl Model {
    /// The supplier says something else.
    pub(super) fn deliver(&mut self, product: &str, field: &'static str, value: &str) {
        let item = self.products.get_mut(product).unwrap();
        item.fields.insert(field, value.to_owned());
        // The supplier came round to what we said.
        if item.edits.get(field).is_some_and(|edit| edit.value == value) {
            item.edits.remove(field);
        }
    }

    pub(super) fn edit(&mut self, product: &str, field: &'static str, value: &str) {
        let item = self.products.get_mut(product).unwrap();
        let replaced = item.fields[field].clone();
        item.edits.insert(field, Edit { value: value.to_owned(), replaced });
    }

    pub(super) fn keep_ours(&mut self, product: &str, field: &'static str) {
        let item = self.products.get_mut(product).unwrap();
        let theirs = item.fields[field].clone();
        item.edits.get_mut(field).unwrap().replaced = theirs;
    }

    pub(super) fn decide(&mut self, product: &str, category: &str) {
        self.decisions += 1;
        self.products.get_mut(product).unwrap().decided = Some(Decided::In(category.to_owned()));
    }

    pub(super) fn change(&mut self, change: &Change) {
        match change {
            Change::Rename { from, to } => self.rename(from, to),
            Change::Merge { from, .. } => self.take_out(from),
            Change::Delete { leaf } => self.take_out(leaf),
            Change::Split { leaf, into } => {
                self.take_out(leaf);
                self.leaves.extend(into.iter().cloned());
            }
            Change::Move { .. } => {}
        }
    }

    /// The change is taken back.
    pub(super) fn change_back(&mut self, change: &Change) {
        match change {
            Change::Rename { from, to } => self.rename(to, from),
            Change::Merge { from, .. } => self.bring_back(from),
            Change::Delete { leaf } => self.bring_back(leaf),
            Change::Split { leaf, into } => {
                for part in into {
                    self.take_out(part);
                }
                self.bring_back(leaf);
            }
            Change::Move { .. } => {}
        }
    }

    fn rename(&mut self, from: &str, to: &str) {
        self.leaves.remove(from);
        self.leaves.insert(to.to_owned());
        for item in self.products.values_mut() {
            if item.decided == Some(Decided::In(from.to_owned())) {
                item.decided = Some(Decided::In(to.to_owned()));
            }
            if item.locked == Some(Some(from.to_owned())) {
                item.locked = Some(Some(to.to_owned()));
            }
        }
    }

    fn take_out(&mut self, leaf: &str) {
        self.leaves.remove(leaf);
        for item in self.products.values_mut() {
            if item.decided == Some(Decided::In(leaf.to_owned())) {
                item.decided = Some(Decided::Gone(leaf.to_owned()));
            }
            // Not even a lock keeps a product in a category that does not exist.
            if item.locked == Some(Some(leaf.to_owned())) {
                item.locked = Some(None);
            }
        }
    }

    fn bring_back(&mut self, leaf: &str) {
        self.leaves.insert(leaf.to_owned());
        for item in self.products.values_mut() {
            if item.decided == Some(Decided::Gone(leaf.to_owned())) {
                item.decided = Some(Decided::In(leaf.to_owned()));
            }
        }
    }
}
