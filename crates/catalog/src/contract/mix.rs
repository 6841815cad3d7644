//! The rules on mixes: currencies, the supplier's categories, languages.

use std::collections::BTreeMap;

use super::share::percent;
use super::{Breach, Profile, Rule, Terms};
use crate::DeliveryKind;

/// The share of products that may stand elsewhere than in the last delivery.
const MOVED: f64 = 0.5;
/// How much more of it than ever before.
const MORE_THAN_EVER: f64 = 0.25;
/// Fewer products have no mix.
const FEWEST: u64 = 20;

type Counts = BTreeMap<String, u64>;

/// Mixes that are not the usual ones.
pub(super) fn shifted(new: &Profile, terms: &Terms<'_>, found: &mut Vec<Breach>) {
    let currencies = |profile: &Profile| -> Counts {
        profile.prices.iter().map(|(name, prices)| (name.clone(), prices.products)).collect()
    };
    shift(Rule::Currency, "the prices are", new, terms, &currencies, found);
    shift(Rule::Languages, "the texts are", new, terms, &|profile| profile.languages.clone(), found);
    if terms.kind == DeliveryKind::Full {
        let categories = |profile: &Profile| profile.categories.clone();
        shift(Rule::Categories, "the products are", new, terms, &categories, found);
    }
}

fn shift(
    rule: Rule,
    what: &str,
    new: &Profile,
    terms: &Terms<'_>,
    of: &dyn Fn(&Profile) -> Counts,
    found: &mut Vec<Breach>,
) {
    let earlier: Vec<Counts> = terms.earlier.iter().map(of).filter(|counts| sum(counts) >= FEWEST).collect();
    let now = of(new);
    let Some(last) = earlier.first() else { return };
    if sum(&now) < FEWEST {
        return;
    }
    let ever = earlier.windows(2).map(|pair| distance(&pair[0], &pair[1])).fold(0.0, f64::max);
    let moved = distance(last, &now);
    if moved < MOVED.max(ever + MORE_THAN_EVER) {
        return;
    }
    let names = last.keys().chain(now.keys());
    let change = |name: &&String| share(&now, name) - share(last, name);
    let by_change = |a: &&String, b: &&String| change(a).total_cmp(&change(b)).then_with(|| b.cmp(a));
    let (Some(more), Some(fewer)) = (names.clone().max_by(by_change), names.min_by(by_change)) else {
        return;
    };
    found.push(Breach {
        rule,
        subject: String::new(),
        severity: moved,
        reason: format!(
            "{what} in {} to {}, were to {}, and in {} to {}, were to {}",
            named(rule, more),
            percent(share(&now, more)),
            percent(share(last, more)),
            named(rule, fewer),
            percent(share(&now, fewer)),
            percent(share(last, fewer)),
        ),
    });
}

fn named(rule: Rule, name: &str) -> String {
    match rule {
        Rule::Categories => format!("category {name:?}"),
        Rule::Languages => format!("language {name:?}"),
        _ => name.to_owned(),
    }
}

/// The share that stands under other names.
fn distance(before: &Counts, now: &Counts) -> f64 {
    now.keys().map(|name| (share(now, name) - share(before, name)).max(0.0)).sum()
}

fn share(counts: &Counts, name: &str) -> f64 {
    counts.get(name).map_or(0.0, |count| *count as f64 / sum(counts).max(1) as f64)
}

fn sum(counts: &Counts) -> u64 {
    counts.values().sum()
}
