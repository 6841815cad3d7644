//! What confirmed decisions say of a supplier's own category path.
//!
//! With `n` decisions on a path (of one supplier) in favour of a category, the category's evidence is
//! `ln(1 + n · categories)`: how much likelier than by chance it has become, with one product's doubt. Decisions that
//! disagree share the vote, and what a vote is worth at all is learnt with the other weights.
//!
//! Where a path has come to mean something else ([`change`]), only what was decided since then counts.

mod change;

use std::collections::{BTreeMap, HashMap};

use berika_catalog::Digest;

pub(crate) use change::{Spans, changes};

/// One decision on a path.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Ballot<'a> {
    pub(crate) path: &'a Path,
    /// When. The order alone counts.
    pub(crate) at: i64,
    pub(crate) slot: usize,
}

/// Votes per supplier and path.
#[derive(Debug, Clone, Default)]
pub(crate) struct Votes {
    /// What each path meant, the earliest first.
    paths: HashMap<Path, Vec<Meaning>>,
}

/// What a path meant for some time.
#[derive(Debug, Clone, Default)]
struct Meaning {
    /// Its first decision.
    since: i64,
    /// Decisions by slot.
    counts: BTreeMap<usize, u32>,
}

/// A supplier's category path, hashed.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(crate) struct Path(Digest);

impl Path {
    /// `None` where there is no path.
    pub(crate) fn of(supplier: Option<&str>, path: &[String]) -> Option<Self> {
        if path.iter().all(|name| name.trim().is_empty()) {
            return None;
        }
        let parts = std::iter::once(supplier.unwrap_or_default()).chain(path.iter().map(|name| name.trim()));
        Some(Self(Digest::of_parts(parts)))
    }
}

impl Votes {
    /// Counts decisions, in any order, among so many categories.
    pub(crate) fn of<'a>(ballots: impl Iterator<Item = Ballot<'a>>, categories: usize) -> Self {
        let mut by_path: HashMap<&Path, Vec<(i64, usize)>> = HashMap::new();
        let mut spans = Spans::default();
        for Ballot { path, at, slot } in ballots {
            by_path.entry(path).or_default().push((at, slot));
            spans.add(at, slot);
        }
        let meanings = |mut decided: Vec<(i64, usize)>| {
            decided.sort_unstable();
            let changes = changes(&decided, categories, &spans);
            let mut meanings = vec![Meaning::default()];
            meanings[0].since = i64::MIN;
            meanings
                .extend(changes.iter().map(|change| Meaning { since: change.since, ..Meaning::default() }));
            for (at, slot) in decided {
                let then = meanings.partition_point(|meaning| meaning.since <= at) - 1;
                *meanings[then].counts.entry(slot).or_default() += 1;
            }
            meanings
        };
        Self { paths: by_path.into_iter().map(|(path, decided)| (path.clone(), meanings(decided))).collect() }
    }

    /// The evidence for a product: (slot, evidence), ascending by slot, among so many categories. One that was decided on is
    /// seen by what its path meant at that time.
    pub(crate) fn for_product(
        &self,
        path: Option<&Path>,
        decided: Option<i64>,
        categories: usize,
    ) -> Vec<(usize, f32)> {
        let Some(meanings) = path.and_then(|path| self.paths.get(path)) else { return Vec::new() };
        let meaning = match decided {
            Some(at) => meanings.iter().rfind(|meaning| meaning.since <= at),
            None => meanings.last(),
        };
        let evidence = |n: u32| (f64::from(n) * categories as f64).ln_1p() as f32;
        meaning.iter().flat_map(|meaning| &meaning.counts).map(|(&slot, &n)| (slot, evidence(n))).collect()
    }
}

#[cfg(test)]
mod tests;
