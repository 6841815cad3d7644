//! What confirmed decisions say of a supplier's own category path.
//!
//! Foundation: a vote per (supplier, path), bounded by `vote_weight`. With `n` decisions on a path, of which `n_c`
//! fell into category `c`, `c` gets `vote_weight · n_c / (n + vote_shrink)`: few decisions say little, decisions that
//! disagree share the vote, and the supplier's word alone never outweighs a clear text.

use std::collections::{BTreeMap, HashMap};

use berika_catalog::Digest;

use crate::Parameters;

#[derive(Debug, Default)]
pub(crate) struct Votes {
    /// (slot, votes) per supplier and path.
    counts: HashMap<String, BTreeMap<usize, u32>>,
}

impl Votes {
    /// Counts one decision. `false` where there is no path to count for.
    pub(crate) fn add(&mut self, supplier: Option<&str>, path: &[String], slot: usize) -> bool {
        let Some(key) = key(supplier, path) else { return false };
        *self.counts.entry(key).or_default().entry(slot).or_default() += 1;
        true
    }

    /// What is added to the scores of a product: (slot, bonus), ascending by slot.
    pub(crate) fn of(
        &self,
        supplier: Option<&str>,
        path: &[String],
        parameters: &Parameters,
    ) -> Vec<(usize, f32)> {
        let Some(counts) = key(supplier, path).and_then(|key| self.counts.get(&key)) else {
            return Vec::new();
        };
        let all: u32 = counts.values().sum();
        let share = parameters.vote_weight / (f64::from(all) + parameters.vote_shrink);
        counts.iter().map(|(&slot, &n)| (slot, (share * f64::from(n)) as f32)).collect()
    }
}

fn key(supplier: Option<&str>, path: &[String]) -> Option<String> {
    if path.iter().all(|name| name.trim().is_empty()) {
        return None;
    }
    let parts = std::iter::once(supplier.unwrap_or_default()).chain(path.iter().map(|name| name.trim()));
    Some(Digest::of_parts(parts).as_str().to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn path(names: &[&str]) -> Vec<String> {
        names.iter().map(|&name| name.to_owned()).collect()
    }

    #[test]
    fn votes_rise_with_agreement_and_stay_bounded() {
        let parameters = Parameters::default();
        let mut votes = Votes::default();
        let tools = path(&["Tools", "Drills"]);
        let mut last = 0.0;
        for _ in 0..1_000 {
            assert!(votes.add(Some("nord"), &tools, 7));
            let [(7, bonus)] = votes.of(Some("nord"), &tools, &parameters)[..] else { panic!() };
            assert!(bonus > last && f64::from(bonus) < parameters.vote_weight);
            last = bonus;
        }
        let before = last;
        assert!(votes.add(Some("nord"), &tools, 3));
        let [(3, little), (7, much)] = votes.of(Some("nord"), &tools, &parameters)[..] else { panic!() };
        assert!(much < before && little < 0.001);
    }

    #[test]
    fn suppliers_do_not_share_names() {
        let mut votes = Votes::default();
        votes.add(Some("nord"), &path(&["Misc"]), 1);
        assert!(votes.of(Some("syd"), &path(&["Misc"]), &Parameters::default()).is_empty());
        assert!(!votes.add(Some("nord"), &path(&[" "]), 1));
        assert!(!votes.add(Some("nord"), &[], 1));
    }
}
