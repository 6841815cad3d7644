//! Suppliers' category paths that have come to mean something else.

use std::collections::BTreeMap;

use super::{Kind, Lint, LintInput, LintedProduct, MOST_PRODUCTS};
use crate::votes::{Spans, changes};

const ADVICE: &str = "look at the products of this path that nobody decided on; where the name means what it did, the later decisions are wrong";

/// A decision: when, in favour of which leaf, and on what.
type Decided<'a> = (i64, usize, &'a LintedProduct<'a>);

pub(super) fn check(input: &LintInput<'_>, lint: &mut Lint) {
    let mut by_path: BTreeMap<(&str, Vec<&str>), Vec<Decided<'_>>> = BTreeMap::new();
    let mut spans = Spans::default();
    for product in input.products {
        let path: Vec<&str> = product.supplier_category.iter().map(|name| name.trim()).collect();
        let Some(category) = product.confirmed.and_then(|id| input.leaf(id)) else { continue };
        if path.iter().all(|name| name.is_empty()) {
            continue;
        }
        spans.add(product.decided_at, category);
        by_path.entry((product.supplier, path)).or_default().push((product.decided_at, category, product));
    }
    let mut findings = Vec::new();
    for ((supplier, path), mut decided) in by_path {
        decided.sort_by_key(|&(at, category, product)| (at, category, product.key));
        let order: Vec<(i64, usize)> = decided.iter().map(|&(at, category, _)| (at, category)).collect();
        let mut changes = changes(&order, input.targets.categories().len(), &spans);
        // What was changed from and back is over; the last change is what the votes go by.
        let Some(last) = changes.pop() else { continue };
        let begin = changes.last().map_or(i64::MIN, |change| change.since);
        let (old, new) = decided.split_at(decided.partition_point(|&(at, ..)| at < last.since));
        let old = &old[old.partition_point(|&(at, ..)| at < begin)..];
        let of = |decided: &[Decided<'_>], slot| {
            decided.iter().filter(|&&(_, category, _)| category == slot).count()
        };
        let finding = format!(
            "supplier {supplier} has come to use {:?} for something else: {} of the {} products decided before are \
             confirmed in {}, {} of the {} since then in {}",
            path.join(" > "),
            of(old, last.was),
            old.len(),
            input.named(last.was).id,
            of(new, last.is),
            new.len(),
            input.named(last.is).id,
        );
        // The last of what it meant, and the first of what it means.
        let meant = old.iter().rfind(|(_, category, _)| *category == last.was);
        let means = new.iter().filter(|(_, category, _)| *category == last.is);
        let shown = meant.into_iter().chain(means.take(MOST_PRODUCTS - 1));
        let shown = shown
            .map(|&(_, category, product)| {
                product.shown(format!("confirmed in {}", input.named(category).id))
            })
            .collect();
        let found = input.finding(Kind::PathReused, &[last.was, last.is], finding, ADVICE, shown);
        findings.push((last.evidence, found));
    }
    findings.sort_by(|(left, _), (right, _)| right.total_cmp(left));
    lint.findings.extend(findings.into_iter().map(|(_, finding)| finding));
}
