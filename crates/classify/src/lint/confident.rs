//! Likely label errors by confident learning: Northcutt, Jiang, Chuang, "Confident Learning: Estimating Uncertainty in
//! Dataset Labels", Journal of Artificial Intelligence Research 70 (2021).
//!
//! How sure a classifier is on average where it agrees with the label differs by category; an opinion against the label
//! counts only where it is as sure as that. So each category `j` has its own threshold, the mean probability of `j` over
//! the products given `j`. A product given `i` is counted in the confident joint at `(i, j)` for the likeliest `j` whose
//! threshold its probability reaches; off the diagonal it is a likely error.

use std::collections::BTreeMap;

/// How a product that a person put into a category is ranked by a classifier that did not learn from it.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Opinion<'a> {
    /// The product.
    pub key: &'a str,
    /// Position in the taxonomy of the category that it was given.
    pub given: usize,
    /// Positions of candidates with their probabilities, in any order; a category that is not listed has none.
    pub probabilities: &'a [(usize, f32)],
}

impl Opinion<'_> {
    /// The probability of a category.
    pub fn of(&self, category: usize) -> f32 {
        let found = self.probabilities.iter().find(|(candidate, _)| *candidate == category);
        found.map_or(
            0.0,
            |(_, probability)| if probability.is_finite() { probability.clamp(0.0, 1.0) } else { 0.0 },
        )
    }

    /// The likeliest category; of equals the first in the taxonomy.
    pub fn first(&self) -> Option<usize> {
        likeliest(self.probabilities.iter().map(|(category, _)| (*category, self.of(*category))))
    }
}

/// A product whose category is likely another one.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct LikelyError {
    /// Index of the opinion.
    pub opinion: usize,
    /// Position of the category that it more likely belongs to.
    pub suggested: usize,
    /// The probability of the category suggested less that of the one given.
    pub margin: f32,
}

/// The likely errors, the surest first. Only categories that were given to at least one product can be suggested: of
/// others it is not known how sure the classifier ought to be.
pub fn likely_errors(opinions: &[Opinion<'_>]) -> Vec<LikelyError> {
    let mut sums: BTreeMap<usize, (f64, u32)> = BTreeMap::new();
    for opinion in opinions {
        let (sum, count) = sums.entry(opinion.given).or_default();
        *sum += f64::from(opinion.of(opinion.given));
        *count += 1;
    }
    let thresholds: BTreeMap<usize, f64> =
        sums.into_iter().map(|(category, (sum, count))| (category, sum / f64::from(count))).collect();
    let mut errors: Vec<LikelyError> = opinions
        .iter()
        .enumerate()
        .filter_map(|(at, opinion)| {
            let sure = opinion.probabilities.iter().map(|(category, _)| (*category, opinion.of(*category)));
            // A category that is never chosen even where it is given has a threshold of zero, and no opinion reaches it.
            let sure = sure.filter(|(category, probability)| {
                *probability > 0.0
                    && thresholds.get(category).is_some_and(|least| f64::from(*probability) >= *least)
            });
            let suggested = likeliest(sure).filter(|suggested| *suggested != opinion.given)?;
            let margin = opinion.of(suggested) - opinion.of(opinion.given);
            // The given category may be likelier still, where it is usually surer than this.
            (margin > 0.0).then_some(LikelyError { opinion: at, suggested, margin })
        })
        .collect();
    errors.sort_by(|a, b| b.margin.total_cmp(&a.margin).then(a.opinion.cmp(&b.opinion)));
    errors
}

fn likeliest(categories: impl Iterator<Item = (usize, f32)>) -> Option<usize> {
    categories
        .reduce(|a, b| if b.1 > a.1 || (b.1 == a.1 && b.0 < a.0) { b } else { a })
        .map(|(category, _)| category)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// 20 products of each of two categories; category 0 is ranked with 0.9, category 1, the harder one, with 0.6.
    fn sound() -> Vec<(usize, Vec<(usize, f32)>)> {
        let easy = (0, vec![(0, 0.9), (1, 0.1)]);
        let hard = (1, vec![(1, 0.6), (0, 0.4)]);
        [vec![easy; 20], vec![hard; 20]].concat()
    }

    fn errors(rows: &[(usize, Vec<(usize, f32)>)]) -> Vec<(usize, usize)> {
        let opinions: Vec<Opinion<'_>> =
            rows.iter().map(|(given, row)| Opinion { key: "", given: *given, probabilities: row }).collect();
        likely_errors(&opinions).into_iter().map(|error| (error.opinion, error.suggested)).collect()
    }

    #[test]
    fn an_opinion_counts_only_where_it_is_as_sure_as_is_usual_of_its_category() {
        assert!(errors(&sound()).is_empty());
        let mut rows = sound();
        // As sure as is usual of category 1: wrong. Of category 0 the same probability says nothing.
        rows.push((0, vec![(1, 0.65), (0, 0.35)]));
        rows.push((1, vec![(0, 0.65), (1, 0.35)]));
        rows.push((1, vec![(0, 0.95), (1, 0.05)]));
        assert_eq!(errors(&rows), [(42, 0), (40, 1)]);
    }

    #[test]
    fn planted_errors_are_found_among_the_sound() {
        let mut rows = sound();
        for row in rows.iter_mut().step_by(10) {
            row.0 = 1 - row.0;
        }
        let mut found: Vec<usize> = errors(&rows).into_iter().map(|(at, _)| at).collect();
        found.sort_unstable();
        assert_eq!(found, [0, 10, 20, 30]);
    }

    #[test]
    fn a_category_that_nothing_was_given_is_never_suggested_and_broken_rows_are_survived() {
        assert!(errors(&[(0, vec![(7, 0.9)]), (0, vec![(0, 0.2)])]).is_empty());
        assert!(errors(&[(0, vec![(0, f32::NAN), (1, f32::INFINITY)]), (1, vec![])]).is_empty());
        assert!(errors(&[]).is_empty());
    }
}
