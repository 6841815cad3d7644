//! What confirmed decisions say of a supplier's own category path.
//!
//! With `n` decisions on a path (of one supplier) in favour of a category, the category's evidence is
//! `ln(1 + n · categories)`: how much likelier than by chance it has become, with one product's doubt. Decisions that
//! disagree share the vote, and what a vote is worth at all is learnt with the other weights.

use std::collections::{BTreeMap, HashMap};

use berika_catalog::Digest;

/// Votes per supplier and path.
#[derive(Debug, Clone, Default)]
pub(crate) struct Votes {
    /// (slot, votes) per supplier and path.
    counts: HashMap<Path, BTreeMap<usize, u32>>,
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
    /// Counts one decision.
    pub(crate) fn add(&mut self, path: &Path, slot: usize) {
        *self.counts.entry(path.clone()).or_default().entry(slot).or_default() += 1;
    }

    /// The evidence for a product: (slot, evidence), ascending by slot, among so many categories.
    pub(crate) fn of(&self, path: Option<&Path>, categories: usize) -> Vec<(usize, f32)> {
        let Some(counts) = path.and_then(|path| self.counts.get(path)) else { return Vec::new() };
        let evidence = |n: u32| (f64::from(n) * categories as f64).ln_1p() as f32;
        counts.iter().map(|(&slot, &n)| (slot, evidence(n))).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn path(supplier: &str, names: &[&str]) -> Option<Path> {
        let names: Vec<String> = names.iter().map(|&name| name.to_owned()).collect();
        Path::of(Some(supplier), &names)
    }

    #[test]
    fn votes_rise_with_agreement_and_disagreement_evens_them_out() {
        let mut votes = Votes::default();
        let tools = path("nord", &["Tools", "Drills"]).unwrap();
        let mut last = 0.0;
        for _ in 0..100 {
            votes.add(&tools, 7);
            let [(7, evidence)] = votes.of(Some(&tools), 50)[..] else { panic!() };
            assert!(evidence > last);
            last = evidence;
        }
        for _ in 0..100 {
            votes.add(&tools, 3);
        }
        let [(3, one), (7, other)] = votes.of(Some(&tools), 50)[..] else { panic!() };
        assert_eq!(one, other);
    }

    #[test]
    fn suppliers_do_not_share_names() {
        let mut votes = Votes::default();
        votes.add(&path("nord", &["Misc"]).unwrap(), 1);
        assert!(votes.of(path("syd", &["Misc"]).as_ref(), 5).is_empty());
        assert_eq!((path("nord", &[" "]), path("nord", &[])), (None, None));
    }
}
