//! What hangs together.

use std::collections::BTreeMap;

/// Disjoint sets of numbers below a count.
pub(super) struct Sets(Vec<usize>);

impl Sets {
    /// Each number by itself.
    pub(super) fn new(count: usize) -> Self {
        Self((0..count).collect())
    }

    /// The number that stands for the set: its least.
    pub(super) fn of(&mut self, number: usize) -> usize {
        let mut root = number;
        while self.0[root] != root {
            root = self.0[root];
        }
        let mut at = number;
        while self.0[at] != root {
            at = std::mem::replace(&mut self.0[at], root);
        }
        root
    }

    /// Makes two sets one.
    pub(super) fn unite(&mut self, one: usize, other: usize) {
        let (one, other) = (self.of(one), self.of(other));
        self.0[one.max(other)] = one.min(other);
    }

    /// The sets of more than one number, by their least, each in ascending order.
    pub(super) fn several(mut self) -> BTreeMap<usize, Vec<usize>> {
        let mut sets: BTreeMap<usize, Vec<usize>> = BTreeMap::new();
        for number in 0..self.0.len() {
            sets.entry(self.of(number)).or_default().push(number);
        }
        sets.retain(|_, set| set.len() > 1);
        sets
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_linked_through_others_is_one_set() {
        let mut sets = Sets::new(6);
        sets.unite(4, 2);
        sets.unite(5, 3);
        sets.unite(2, 0);
        assert_eq!((sets.of(4), sets.of(1)), (0, 1));
        let several: Vec<Vec<usize>> = sets.several().into_values().collect();
        assert_eq!(several, [vec![0, 2, 4], vec![3, 5]]);
    }
}
