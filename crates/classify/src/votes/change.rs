//! Whether a path has come to mean something else: a point in time before which one category prevails and after which
//! another does.
//!
//! Two models of the decisions on a path are compared: one urn from which all are drawn, and one urn before and another
//! after a point in time, each point as likely as any other (Pólya urns: every category starts with the same share of one
//! ball). How much likelier the second makes what was decided is evidence of a change. Drawn from one such urn, it reaches
//! [`NEEDED`] at most once in so many paths (Markov's inequality).

use std::collections::BTreeMap;

/// How much likelier a change must make the decisions than no change.
const NEEDED: f64 = 100.0;

/// A point in time from which a path means something else.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Change {
    /// When the first decision after it was made.
    pub(crate) since: i64,
    /// What prevails before, as far back as the change before.
    pub(crate) was: usize,
    /// What prevails after it.
    pub(crate) is: usize,
    /// How much likelier than no change, as a natural logarithm.
    pub(crate) evidence: f64,
}

/// When each category is decided at all, on any path: what is sorted by category changes on every path at once, and that is
/// no change of a name.
#[derive(Debug, Clone, Default)]
pub(crate) struct Spans(BTreeMap<usize, (i64, i64)>);

impl Spans {
    /// A decision.
    pub(crate) fn add(&mut self, at: i64, category: usize) {
        let (first, last) = self.0.entry(category).or_insert((at, at));
        (*first, *last) = ((*first).min(at), (*last).max(at));
    }

    /// Whether either category is decided on the other side of a point in time, too.
    fn cross(&self, at: i64, was: usize, is: usize) -> bool {
        let span = |category| self.0.get(&category);
        span(was).is_some_and(|span| span.1 >= at) || span(is).is_some_and(|span| span.0 < at)
    }
}

/// The changes of one path, earliest first. `decisions` are (time, category), ascending. What was decided at one time has no
/// order, and as often as it is one category it is one decision: many products at once are one look.
pub(crate) fn changes(decisions: &[(i64, usize)], categories: usize, spans: &Spans) -> Vec<Change> {
    let mut looks = decisions.to_vec();
    looks.dedup();
    let (mut found, mut rest) = (Vec::new(), looks.as_slice());
    while let Some(change) = likeliest(rest, categories, spans) {
        rest = &rest[rest.partition_point(|&(at, _)| at < change.since)..];
        found.push(change);
    }
    found
}

/// The likeliest point of change, where it is one.
fn likeliest(decisions: &[(i64, usize)], categories: usize, spans: &Spans) -> Option<Change> {
    let points = decisions.len().checked_sub(1)?;
    if decisions.iter().all(|&(_, category)| category == decisions[0].1) {
        return None;
    }
    let before = likelihoods(decisions.iter().map(|&(_, category)| category), categories);
    let mut after = likelihoods(decisions.iter().rev().map(|&(_, category)| category), categories);
    after.reverse();
    let whole = before[decisions.len()];
    // The likeliest point, and only then whether it is a change: next to a point that is none, others look like one.
    let mut best: Option<(usize, f64)> = None;
    for from in (1..=points).filter(|&from| decisions[from - 1].0 < decisions[from].0) {
        let evidence = before[from] + after[from] - whole - (points as f64).ln();
        if evidence >= NEEDED.ln() && best.is_none_or(|(_, most)| evidence > most) {
            best = Some((from, evidence));
        }
    }
    let (from, evidence) = best?;
    let (was, is) = (prevailing(&decisions[..from])?, prevailing(&decisions[from..])?);
    let since = decisions[from].0;
    (was != is && spans.cross(since, was, is)).then_some(Change { since, was, is, evidence })
}

/// The logarithm of the likelihood of the first 0, 1, 2, ... of these draws from an urn.
fn likelihoods(drawn: impl Iterator<Item = usize>, categories: usize) -> Vec<f64> {
    let share = 1.0 / categories.max(1) as f64;
    let mut counts: BTreeMap<usize, u32> = BTreeMap::new();
    let (mut sum, mut all) = (0.0, vec![0.0]);
    for (balls, category) in drawn.enumerate() {
        let count = counts.entry(category).or_default();
        sum += ((f64::from(*count) + share) / (balls as f64 + 1.0)).ln();
        *count += 1;
        all.push(sum);
    }
    all
}

/// The category of most decisions, the first of several.
fn prevailing(decisions: &[(i64, usize)]) -> Option<usize> {
    let mut counts: BTreeMap<usize, usize> = BTreeMap::new();
    decisions.iter().for_each(|(_, category)| *counts.entry(*category).or_default() += 1);
    let most = counts.into_iter().max_by_key(|&(category, count)| (count, std::cmp::Reverse(category)));
    most.map(|(category, _)| category)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// Decisions one after the other, and all categories decided elsewhere throughout.
    fn found(slots: &[usize]) -> Vec<Change> {
        let decisions: Vec<(i64, usize)> = (0..).zip(slots.iter().copied()).collect();
        let mut spans = Spans::default();
        for slot in 0..10 {
            spans.add(-1, slot);
            spans.add(slots.len() as i64, slot);
        }
        changes(&decisions, 10, &spans)
    }

    fn repeated(parts: &[(usize, usize)]) -> Vec<usize> {
        parts.iter().flat_map(|&(slot, count)| std::iter::repeat_n(slot, count)).collect()
    }

    #[test]
    fn a_name_used_for_something_else_is_noticed_after_a_few_decisions_and_not_after_one() {
        assert_eq!(found(&repeated(&[(1, 20), (2, 1)])), []);
        let [change] = found(&repeated(&[(1, 20), (2, 4)]))[..] else { panic!() };
        assert_eq!((change.since, change.was, change.is), (20, 1, 2));
        let more = found(&repeated(&[(1, 20), (2, 8)]))[0].evidence;
        assert!(more > change.evidence);
    }

    #[test]
    fn each_of_several_changes_is_found() {
        let found = found(&repeated(&[(1, 20), (2, 20), (3, 20)]));
        let said: Vec<_> = found.iter().map(|change| (change.since, change.was, change.is)).collect();
        assert_eq!(said, [(20, 1, 2), (40, 2, 3)]);
    }

    #[test]
    fn a_mixed_path_and_a_slip_are_no_change() {
        let mixed: Vec<usize> = (0..60).map(|at| [1, 2, 1, 3, 2][at * 7 % 5]).collect();
        assert_eq!(found(&mixed), []);
        assert_eq!(found(&repeated(&[(1, 10), (2, 1), (1, 10), (3, 1), (1, 5)])), []);
    }

    #[test]
    fn decisions_sorted_by_category_or_made_at_once_are_no_change() {
        let sorted: Vec<(i64, usize)> = (0..).zip(repeated(&[(1, 20), (2, 20)])).collect();
        let mut spans = Spans::default();
        sorted.iter().for_each(|&(at, slot)| spans.add(at, slot));
        assert_eq!(changes(&sorted, 10, &spans), []);
        let at_once: Vec<(i64, usize)> = sorted.iter().map(|&(_, slot)| (7, slot)).collect();
        spans.add(9, 1);
        assert_eq!(changes(&at_once, 10, &spans), []);
        spans.add(30, 1);
        assert_eq!(changes(&sorted, 10, &spans).len(), 1);
    }

    #[test]
    fn many_products_decided_at_once_are_one_decision() {
        let mut decisions: Vec<(i64, usize)> = (0..20).map(|at| (at, 1)).collect();
        let mut spans = Spans::default();
        (-1..=100).step_by(101).for_each(|at| spans.add(at, 1));
        decisions.extend([(30, 2); 15]);
        assert_eq!(changes(&decisions, 10, &spans), []);
        decisions.extend([(31, 2), (32, 2), (33, 2)]);
        let [change] = changes(&decisions, 10, &spans)[..] else { panic!() };
        assert_eq!((change.since, change.was, change.is), (30, 1, 2));
    }

    proptest! {
        #[test]
        fn without_a_change_one_is_seldom_found(slots in prop::collection::vec(0_usize..3, 0..60), seed in 0_usize..60) {
            // The same decisions in any rotation: at most few of them look like a change.
            let mut alarms = 0;
            for turn in 0..slots.len() {
                let shuffled: Vec<usize> =
                    (0..slots.len()).map(|at| slots[(at * 37 + turn + seed) % slots.len()]).collect();
                alarms += usize::from(!found(&shuffled).is_empty());
            }
            prop_assert!(alarms * 4 <= slots.len(), "{alarms} of {}", slots.len());
        }
    }
}
