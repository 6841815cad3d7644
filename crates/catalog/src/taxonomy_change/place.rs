//! Categories added, renamed, moved and described: nobody's products go anywhere.

use std::collections::BTreeMap;

use super::draft::{Draft, named};
use super::{ChangeFault, Describe, Move, Rename};
use crate::Category;

impl Draft {
    pub(super) fn add(&mut self, category: &Category) -> Result<(), ChangeFault> {
        self.check_new(category, None)?;
        self.categories.push(category.clone());
        Ok(())
    }

    pub(super) fn rename(&mut self, rename: &Rename) -> Result<(), ChangeFault> {
        let position = self.position(&rename.category)?;
        let mut category = self.categories[position].clone();
        category.names.extend(rename.names.clone());
        if let Some(id) = &rename.id {
            category.id.clone_from(id);
        }
        named(&category)?;
        if category == self.categories[position] {
            return Err(ChangeFault::Nothing(rename.category.clone()));
        }
        let id = category.id.clone();
        if id != rename.category {
            if self.position(&id).is_ok() {
                return Err(ChangeFault::Taken(id));
            }
            for child in self.categories.iter_mut().filter(|c| c.parent.as_ref() == Some(&rename.category)) {
                child.parent = Some(id.clone());
            }
            self.traces.iter_mut().for_each(|trace| trace.renamed(&rename.category, &id));
        }
        self.categories[position] = category;
        Ok(())
    }

    pub(super) fn place(&mut self, place: &Move) -> Result<(), ChangeFault> {
        let position = self.position(&place.category)?;
        if self.categories[position].parent == place.below {
            return Err(ChangeFault::Nothing(place.category.clone()));
        }
        let mut above = place.below.as_ref();
        while let Some(id) = above {
            if *id == place.category {
                let (category, below) = (place.category.clone(), place.below.clone());
                return Err(ChangeFault::Cycle { category, below: below.unwrap_or_else(|| id.clone()) });
            }
            above = self.categories[self.position(id)?].parent.as_ref();
        }
        self.categories[position].parent.clone_from(&place.below);
        Ok(())
    }

    pub(super) fn describe(&mut self, describe: &Describe) -> Result<(), ChangeFault> {
        let category = self.category(&describe.category)?;
        let before = category.clone();
        put(&mut category.descriptions, &describe.descriptions, String::is_empty);
        put(&mut category.excludes, &describe.excludes, String::is_empty);
        put(&mut category.synonyms, &describe.synonyms, Vec::is_empty);
        put(&mut category.external_ids, &describe.external_ids, String::is_empty);
        if *category == before { Err(ChangeFault::Nothing(describe.category.clone())) } else { Ok(()) }
    }
}

/// Takes `new` values over; empty ones take out what is there.
fn put<K: Ord + Clone, V: Clone>(
    values: &mut BTreeMap<K, V>,
    new: &BTreeMap<K, V>,
    empty: impl Fn(&V) -> bool,
) {
    for (key, value) in new {
        if empty(value) {
            values.remove(key);
        } else {
            values.insert(key.clone(), value.clone());
        }
    }
}
