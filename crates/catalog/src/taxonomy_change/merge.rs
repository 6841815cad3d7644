//! Leaves that go: into another one, or for good.

use std::collections::{BTreeMap, BTreeSet, HashSet};

use super::draft::Draft;
use super::trace::End;
use super::{ChangeFault, Confirmed, Delete, Merge, MergeTarget};
use crate::{Category, CategoryId};

impl Draft {
    pub(super) fn merge(&mut self, merge: &Merge) -> Result<(), ChangeFault> {
        let Some(first) = merge.categories.first() else { return Err(ChangeFault::NothingToMerge) };
        let mut going = HashSet::new();
        for id in &merge.categories {
            self.leaf(id)?;
            if !going.insert(id) {
                return Err(ChangeFault::Twice(id.clone()));
            }
        }
        let into = match &merge.into {
            MergeTarget::Known(id) => id.clone(),
            MergeTarget::New(category) => category.id.clone(),
        };
        if going.contains(&into) {
            return Err(ChangeFault::IntoItself(into));
        }
        match &merge.into {
            MergeTarget::Known(id) => {
                self.leaf(id)?;
            }
            MergeTarget::New(category) => {
                let mut category = Category::clone(category);
                let at = self.position(first)?;
                if category.parent.is_none() {
                    category.parent.clone_from(&self.categories[at].parent);
                }
                if let Some(parent) = category.parent.as_ref().filter(|parent| going.contains(parent)) {
                    return Err(ChangeFault::Unknown(parent.clone()));
                }
                self.check_new(&category, None)?;
                self.categories.insert(at, category);
            }
        }
        self.take_ids(&merge.categories, &into)?;
        let end = (merge.confirmed != Confirmed::Follow).then_some(End::Merged);
        for id in &merge.categories {
            self.hold_to(id, merge.confirmed);
            self.went(id, std::slice::from_ref(&into), end, false);
        }
        self.categories.retain(|category| !merge.categories.contains(&category.id));
        Ok(())
    }

    pub(super) fn delete(&mut self, delete: &Delete) -> Result<(), ChangeFault> {
        let position = self.leaf(&delete.category)?;
        if let Some(into) = &delete.redirect {
            self.position(into)?;
            if *into == delete.category {
                return Err(ChangeFault::IntoItself(into.clone()));
            }
        }
        let follow = delete.confirmed == Confirmed::Follow;
        match &delete.redirect {
            None if follow => {
                let (category, confirmed) = (delete.category.clone(), delete.confirmed);
                return Err(ChangeFault::NothingToFollow { category, confirmed });
            }
            Some(into) if follow && self.leaf(into).is_err() => {
                let (category, into) = (delete.category.clone(), into.clone());
                return Err(ChangeFault::NotALeaf { category, into });
            }
            _ => {}
        }
        self.hold_to(&delete.category, delete.confirmed);
        let to: Vec<CategoryId> = delete.redirect.iter().cloned().collect();
        self.went(&delete.category, &to, (!follow).then_some(End::Deleted), false);
        self.categories.remove(position);
        Ok(())
    }

    /// Gives `into` the ids elsewhere that those which go agree on and it has none of its own for.
    fn take_ids(&mut self, going: &[CategoryId], into: &CategoryId) -> Result<(), ChangeFault> {
        let mut ids: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
        for id in going {
            for (scheme, id) in &self.categories[self.position(id)?].external_ids {
                ids.entry(scheme.clone()).or_default().insert(id.clone());
            }
        }
        let number = self.number;
        let category = self.category(into)?;
        let mut notes = Vec::new();
        for (scheme, ids) in ids {
            let listed =
                |ids: &BTreeSet<String>| ids.iter().map(String::as_str).collect::<Vec<_>>().join(", ");
            match (category.external_ids.get(&scheme), ids.first()) {
                (Some(own), _) if ids.iter().all(|id| id == own) => {}
                (Some(own), _) => notes.push(format!(
                    "change {number}: {into} keeps {scheme} {own}; what was merged into it had {}",
                    listed(&ids)
                )),
                (None, Some(id)) if ids.len() == 1 => {
                    category.external_ids.insert(scheme, id.clone());
                }
                _ => notes.push(format!(
                    "change {number}: {into} has no {scheme} id, for what was merged into it had several ({}); describe can \
                     give it one",
                    listed(&ids)
                )),
            }
        }
        self.notes.append(&mut notes);
        Ok(())
    }
}
