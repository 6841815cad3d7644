//! What counts as evidence, and how many times.

use std::collections::BTreeMap;

use berika_catalog::ChosenBy;

/// How one randomly drawn product fared.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Trial<'a> {
    /// A stable name of the product, such as `supplier/sku`.
    pub key: &'a str,
    /// Products of one group look alike and are one trial together.
    pub group: u64,
    /// The classifier's confidence in its first candidate, not having learnt from this product, 0..=1.
    pub confidence: f32,
    /// Whether that candidate is what was decided.
    pub right: bool,
    /// Whether the product was drawn for an audit, from what an earlier classifier accepted, rather than from all products.
    /// Such a draw holds the products that were easy for that classifier: where it came out right it says nothing of a
    /// threshold; where it came out wrong it counts against one, which can only make the threshold stricter.
    pub audit: bool,
}

/// Whether decisions chosen so are evidence for a promise. Only what was drawn at random is: a product picked because an
/// answer would teach most is harder than its neighbours, one decided along with a look-alike was not looked at, and the
/// machine's own word proves nothing.
pub fn is_evidence(chosen_by: ChosenBy) -> bool {
    match chosen_by {
        ChosenBy::Import | ChosenBy::RandomAudit => true,
        ChosenBy::ActiveReview | ChosenBy::LookAlikeGroup | ChosenBy::Machine => false,
    }
}

/// One trial a group, that with the lowest key; without audits that came out right, and without those whose confidence is no number, which are never accepted.
/// In the order of confidence, highest first.
pub(super) fn one_per_group(trials: &[Trial<'_>]) -> Vec<Counted> {
    let mut kept: BTreeMap<u64, &Trial<'_>> = BTreeMap::new();
    for trial in trials.iter().filter(|trial| !(trial.audit && trial.right)) {
        let rank = |t: &Trial<'_>| (t.key.to_owned(), t.confidence.to_bits(), t.right, t.audit);
        kept.entry(trial.group)
            .and_modify(|known| {
                if trial.key < known.key || (trial.key == known.key && rank(trial) < rank(known)) {
                    *known = trial;
                }
            })
            .or_insert(trial);
    }
    let mut counted: Vec<Counted> = kept
        .into_values()
        .filter(|trial| !trial.confidence.is_nan())
        .map(|trial| Counted { confidence: trial.confidence, right: trial.right })
        .collect();
    counted.sort_by(|a, b| b.confidence.total_cmp(&a.confidence));
    counted
}

/// A trial that stands for its group.
#[derive(Debug, Clone, Copy)]
pub(super) struct Counted {
    pub(super) confidence: f32,
    pub(super) right: bool,
}
