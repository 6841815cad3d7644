//! Products looked at, one after the other, summed up for people.

use std::collections::BTreeMap;

use berika_catalog::CategoryId;
use berika_store::{AcceptedIn, ShadowProduct};

use super::plan::{Move, Standing};
use super::summary::{Example, Flow, Summary};

/// The most examples of a flow.
const MOST_EXAMPLES: usize = 5;

/// Where from and where to.
type Way = (Option<CategoryId>, String, Option<CategoryId>, String);

/// Products that go one way.
#[derive(Default)]
struct Going {
    products: u64,
    before: f64,
    after: f64,
    examples: Vec<Example>,
}

/// The sums.
#[derive(Default)]
pub(crate) struct Tally {
    products: u64,
    unchanged: u64,
    untouched: BTreeMap<String, u64>,
    review_before: u64,
    review_after: u64,
    ways: BTreeMap<Way, Going>,
    /// Moves that end accepted.
    pub(crate) accepted: u64,
    /// Published products that lose their category.
    pub(crate) withdrawn: u64,
    /// Products drawn for audit.
    pub(crate) audits: u64,
    /// Accepted products that leave their category, by where they were.
    pub(crate) left: BTreeMap<String, AcceptedIn>,
}

impl Tally {
    /// A product that is not touched.
    pub(crate) fn untouched(&mut self, product: &ShadowProduct, why: &str) {
        self.looked_at(product);
        *self.untouched.entry(why.to_owned()).or_default() += 1;
    }

    /// A product that stays as it is.
    pub(crate) fn unchanged(&mut self, product: &ShadowProduct) {
        self.looked_at(product);
        self.unchanged += 1;
    }

    /// A product that moves; out of a category that goes, where `gone`.
    pub(crate) fn moved(&mut self, product: &ShadowProduct, step: &Move, gone: bool) {
        self.looked_at(product);
        let (from, to) = (&step.from, &step.to);
        self.review_after -= u64::from(from.verdict == "review");
        self.review_after += u64::from(to.verdict == "review");
        self.audits += u64::from(to.audit.is_some());
        let published = product.published > 0;
        let accepted = to.verdict == "accept";
        self.accepted += u64::from(accepted);
        self.withdrawn += u64::from(gone && published && !accepted);
        if let (Some(category), "accept") = (&from.category, from.verdict.as_str()) {
            let left = self.left.entry(category.to_string()).or_default();
            left.products += 1;
            left.unlocked += u64::from(!product.locked);
            left.published += u64::from(published);
        }
        let way = (from.category.clone(), from.verdict.clone(), to.category.clone(), to.verdict.clone());
        let going = self.ways.entry(way).or_default();
        going.products += 1;
        going.before += from.confidence;
        going.after += to.confidence;
        if going.examples.len() < MOST_EXAMPLES {
            going.examples.push(Example {
                product: step.product.clone(),
                title: product.values.title.clone(),
                reason: to.reasons.iter().take(2).cloned().collect::<Vec<_>>().join("; "),
                confidence_before: rounded(from.confidence),
                confidence_after: rounded(to.confidence),
            });
        }
    }

    fn looked_at(&mut self, product: &ShadowProduct) {
        self.products += 1;
        let review = product.standing.as_ref().is_some_and(|standing| standing.verdict == "review");
        self.review_before += u64::from(review);
        self.review_after += u64::from(review);
    }

    /// How many move.
    pub(crate) fn moves(&self) -> u64 {
        self.ways.values().map(|going| going.products).sum()
    }

    /// The sums as a summary that lacks what follows from them.
    pub(crate) fn summary(self) -> Summary {
        let moves = self.moves() as f64;
        let mean = |sum: f64, of: f64| if of > 0.0 { rounded(sum / of) } else { 0.0 };
        let sum = |of: fn(&Going) -> f64| self.ways.values().map(of).sum::<f64>();
        let (before, after) = (sum(|going| going.before), sum(|going| going.after));
        let flow = |((from, from_verdict, to, to_verdict), going): (Way, Going)| Flow {
            from,
            from_verdict,
            to,
            to_verdict,
            products: going.products,
            confidence_before: mean(going.before, going.products as f64),
            confidence_after: mean(going.after, going.products as f64),
            examples: going.examples,
        };
        let mut flows: Vec<Flow> = self.ways.into_iter().map(flow).collect();
        // The most frequent first; the order of ids among those as frequent stays.
        flows.sort_by_key(|flow| std::cmp::Reverse(flow.products));
        Summary {
            products: self.products,
            unchanged: self.unchanged,
            untouched: self.untouched,
            flows,
            review_before: self.review_before,
            review_after: self.review_after,
            confidence_before: mean(before, moves),
            confidence_after: mean(after, moves),
            ..Summary::default()
        }
    }
}

/// How a product stands, as a plan says it.
pub(crate) fn standing(product: &ShadowProduct) -> Option<Standing> {
    product.standing.as_ref().map(|standing| Standing {
        verdict: standing.verdict.clone(),
        category: standing.category.clone().map(CategoryId),
        confidence: standing.confidence,
        recipe: standing.recipe.clone(),
    })
}

/// Four digits: for people, and read back as they were written.
fn rounded(share: f64) -> f64 {
    (share * 1e4).round() / 1e4
}

#[cfg(test)]
pub(super) mod tests;
