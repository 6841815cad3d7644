//! Where a classifier that has not learnt from a decision disagrees with it: often, and the categories are confused;
//! seldom and surely, and the decision is likely wrong.

use std::collections::{BTreeMap, HashMap};

use super::centroids::{confirmed, opinions};
use super::confident::{Opinion, likely_errors};
use super::{Kind, Lint, LintInput, LintedProduct, MOST_PRODUCTS, Shown};

/// The fewest products that show a confusion: one may be a slip.
const FEWEST: usize = 2;

/// The least share of the products of two categories that are ranked first in the other one.
const LEAST_SHARE: f64 = 0.1;

pub(super) fn check(input: &LintInput<'_>, lint: &mut Lint) {
    let computed = if input.opinions.is_none() { opinions(input, &confirmed(input)) } else { Vec::new() };
    let of_computed: Vec<Opinion<'_>> = computed
        .iter()
        .map(|owned| Opinion {
            key: input.products[owned.product].key,
            given: owned.given,
            probabilities: &owned.probabilities,
        })
        .collect();
    let opinions = input.opinions.unwrap_or(&of_computed);
    if opinions.is_empty() {
        lint.left_out.push(
            "where decisions disagree: nothing is confirmed yet, or nothing confirmed has a vector"
                .to_owned(),
        );
        return;
    }
    let products: HashMap<&str, &LintedProduct<'_>> =
        input.products.iter().map(|product| (product.key, product)).collect();
    let show = |opinion: &Opinion<'_>, other: usize| {
        let probability = |category| opinion.of(category) * 100.0;
        let note = format!(
            "confirmed in {} ({:.0} %), ranked in {} ({:.0} %) without that decision",
            input.named(opinion.given).id,
            probability(opinion.given),
            input.named(other).id,
            probability(other)
        );
        match products.get(opinion.key) {
            Some(product) => product.shown(note),
            None => Shown { key: opinion.key.to_owned(), title: None, note },
        }
    };
    confused(input, opinions, &show, lint);
    errors(input, opinions, &show, lint);
}

/// An opinion that puts another category before the one given.
struct Against<'a> {
    margin: f32,
    opinion: &'a Opinion<'a>,
    first: usize,
}

fn confused(
    input: &LintInput<'_>,
    opinions: &[Opinion<'_>],
    show: &dyn Fn(&Opinion<'_>, usize) -> Shown,
    lint: &mut Lint,
) {
    let mut given: HashMap<usize, usize> = HashMap::new();
    let mut pairs: BTreeMap<(usize, usize), Vec<Against<'_>>> = BTreeMap::new();
    for opinion in opinions {
        *given.entry(opinion.given).or_default() += 1;
        if let Some(first) = opinion.first().filter(|first| *first != opinion.given) {
            let pair = (opinion.given.min(first), opinion.given.max(first));
            let margin = opinion.of(first) - opinion.of(opinion.given);
            pairs.entry(pair).or_default().push(Against { margin, opinion, first });
        }
    }
    let count = |category| given.get(&category).copied().unwrap_or(0);
    let mut found: Vec<_> = pairs
        .into_iter()
        .map(|(pair, wrong)| (pair, count(pair.0) + count(pair.1), wrong))
        .filter(|(_, all, wrong)| wrong.len() >= FEWEST && wrong.len() as f64 >= LEAST_SHARE * *all as f64)
        .collect();
    found.sort_by(|(a, _, left), (b, _, right)| right.len().cmp(&left.len()).then(a.cmp(b)));
    for ((a, b), all, mut wrong) in found {
        wrong.sort_by(|left, right| right.margin.total_cmp(&left.margin));
        let finding = format!(
            "{} of the {all} products confirmed in {} or {} are ranked first in the other one",
            wrong.len(),
            input.named(a).id,
            input.named(b).id
        );
        let advice = "say in both descriptions what tells them apart, decide a few more products of each, or make them one";
        let shown =
            wrong.iter().take(MOST_PRODUCTS).map(|against| show(against.opinion, against.first)).collect();
        lint.findings.push(input.finding(Kind::Confused, &[a, b], finding, advice, shown));
    }
}

fn errors(
    input: &LintInput<'_>,
    opinions: &[Opinion<'_>],
    show: &dyn Fn(&Opinion<'_>, usize) -> Shown,
    lint: &mut Lint,
) {
    let mut groups: BTreeMap<(usize, usize), (f32, Vec<usize>)> = BTreeMap::new();
    // The surest first, and so within each group.
    for error in likely_errors(opinions) {
        let pair = (opinions[error.opinion].given, error.suggested);
        let (margins, wrong) = groups.entry(pair).or_default();
        *margins += error.margin;
        wrong.push(error.opinion);
    }
    let mut groups: Vec<_> = groups.into_iter().collect();
    // Many and sure before few and unsure.
    groups.sort_by(|(a, (left, _)), (b, (right, _))| right.total_cmp(left).then(a.cmp(b)));
    for ((given, suggested), (_, wrong)) in groups {
        let finding = format!(
            "{} products confirmed in {} are more likely {}",
            wrong.len(),
            input.named(given).id,
            input.named(suggested).id
        );
        let advice = "look at these decisions again; where they are right, the descriptions do not say so";
        let shown = wrong.iter().take(MOST_PRODUCTS).map(|&at| show(&opinions[at], suggested)).collect();
        lint.findings.push(input.finding(Kind::LikelyError, &[given, suggested], finding, advice, shown));
    }
}
