//! What became of a category that was there at first, followed through all changes.

use crate::CategoryId;

/// Why products cannot stay in a category.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum End {
    Split,
    Merged,
    Deleted,
    /// A whole new taxonomy does not have it, or has categories below it.
    LeftOut,
}

/// A category that was there at first.
#[derive(Debug, Clone)]
pub(super) struct Trace {
    /// Its id at first.
    pub(super) id: CategoryId,
    /// The category that it is still, under whatever id.
    pub(super) same: Option<CategoryId>,
    /// Why products cannot stay in it; `None` while they can, be it in the category that it became part of.
    pub(super) end: Option<End>,
    /// What takes its place.
    pub(super) into: Vec<CategoryId>,
    /// The change that is refused where products are confirmed in it.
    pub(super) only_unconfirmed: Option<usize>,
}

impl Trace {
    pub(super) fn of(id: &CategoryId) -> Self {
        Self { id: id.clone(), same: Some(id.clone()), end: None, into: Vec::new(), only_unconfirmed: None }
    }

    /// The category that its products and the decisions on it are in.
    pub(super) fn holder(&self) -> Option<&CategoryId> {
        if self.end.is_some() { None } else { self.same.as_ref().or(self.into.first()) }
    }

    /// `old` is called `new` from now on.
    pub(super) fn renamed(&mut self, old: &CategoryId, new: &CategoryId) {
        for id in self.same.iter_mut().chain(&mut self.into) {
            if id == old {
                id.clone_from(new);
            }
        }
    }

    /// `to` takes the place of `old`: with its products where there is no `end`. `stays`: it is still there, for others.
    pub(super) fn went(&mut self, old: &CategoryId, to: &[CategoryId], end: Option<End>, stays: bool) {
        let held = self.holder() == Some(old);
        if self.same.as_ref() == Some(old) {
            if held {
                self.into = to.to_vec();
            }
            if !stays {
                self.same = None;
            }
        } else if let Some(at) = self.into.iter().position(|id| id == old) {
            self.into.splice(at..=at, to.iter().cloned());
            let mut seen = Vec::new();
            self.into.retain(|id| {
                !seen.contains(id) && {
                    seen.push(id.clone());
                    true
                }
            });
        }
        if held {
            self.end = end;
        }
    }
}
