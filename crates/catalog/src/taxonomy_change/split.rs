//! One leaf becomes several.

use std::collections::HashSet;

use super::draft::Draft;
use super::trace::End;
use super::{ChangeFault, Split};
use crate::{Category, CategoryId};

impl Draft {
    pub(super) fn split(&mut self, split: &Split) -> Result<(), ChangeFault> {
        let position = self.leaf(&split.category)?;
        if split.into.len() < 2 {
            return Err(ChangeFault::TooFewParts(split.category.clone()));
        }
        // A leaf that parts stand below is still there, as the category above them.
        let stays = split.into.iter().any(|part| part.parent.as_ref() == Some(&split.category));
        let whole = self.categories[position].clone();
        let mut seen = HashSet::new();
        for part in &split.into {
            if !seen.insert(&part.id) {
                return Err(ChangeFault::Taken(part.id.clone()));
            }
            // The leaf's id may go to one of its parts: that is another category all the same.
            self.check_new(part, Some(&split.category).filter(|_| !stays))?;
        }
        let parts = split.into.iter().map(|part| {
            let mut part = part.clone();
            if part.parent.is_none() {
                part.parent.clone_from(&whole.parent);
            }
            // An id elsewhere goes to all parts unless one of them claims that place.
            for (scheme, id) in &whole.external_ids {
                if split.into.iter().all(|part| !part.external_ids.contains_key(scheme)) {
                    part.external_ids.insert(scheme.clone(), id.clone());
                }
            }
            part
        });
        let parts: Vec<Category> = parts.collect();
        let ids: Vec<CategoryId> = parts.iter().map(|part| part.id.clone()).collect();
        let at = if stays { position + 1 } else { position };
        self.categories.splice(at..=position, parts);
        self.went(&split.category, &ids, Some(End::Split), stays);
        Ok(())
    }
}
