//! Leaves that nothing falls into, and decisions for categories that are no leaves.

use std::collections::{BTreeMap, BTreeSet};

use berika_catalog::CategoryId;

use super::{Finding, Kind, Lint, LintInput, LintedProduct, MOST_PRODUCTS, Named};

pub(super) fn check(input: &LintInput<'_>, lint: &mut Lint) {
    gone(input, lint);
    if input.products.iter().all(|product| product.candidates.is_empty()) {
        lint.left_out
            .push("which leaves nothing falls into: no product is categorised yet; run first".to_owned());
        return;
    }
    let used: BTreeSet<usize> = input
        .products
        .iter()
        .flat_map(|product| product.confirmed.into_iter().chain(product.candidates.first()))
        .filter_map(|id| input.leaf(id))
        .collect();
    let all = input.by_parent(input.targets.categories().iter().copied());
    let mut findings = Vec::new();
    for (parent, leaves) in all {
        let unused: Vec<usize> = leaves.iter().copied().filter(|leaf| !used.contains(leaf)).collect();
        if unused.is_empty() {
            continue;
        }
        let finding = format!(
            "{} of {} leaves {} are the first candidate of no product, and nothing is confirmed in them",
            unused.len(),
            leaves.len(),
            input.below(parent)
        );
        let advice =
            "say in the description what belongs there in the suppliers' words, or remove what is not sold";
        findings.push((unused.len(), input.finding(Kind::Unused, &unused, finding, advice, Vec::new())));
    }
    findings.sort_by_key(|(count, _)| std::cmp::Reverse(*count));
    lint.findings.extend(findings.into_iter().map(|(_, finding)| finding));
}

fn gone(input: &LintInput<'_>, lint: &mut Lint) {
    let mut by_category: BTreeMap<&CategoryId, Vec<&LintedProduct<'_>>> = BTreeMap::new();
    for product in input.products {
        if let Some(category) = product.confirmed.filter(|category| input.leaf(category).is_none()) {
            by_category.entry(category).or_default().push(product);
        }
    }
    let mut findings: Vec<(usize, Finding)> = by_category
        .into_iter()
        .map(|(category, products)| {
            let index = input.taxonomy().index_of(category);
            let why =
                index.map_or("is not in the taxonomy", |_| "has categories below it and takes no products");
            let count = products.len();
            let finding = Finding {
                kind: Kind::Gone,
                categories: vec![index.map_or_else(
                    || Named { id: category.clone(), path: String::new() },
                    |index| input.named(index),
                )],
                more: 0,
                finding: format!("{count} products are confirmed in {category}, which {why}"),
                advice: "decide these products anew, or bring the category back under its id",
                products: products
                    .iter()
                    .take(MOST_PRODUCTS)
                    .map(|p| p.shown(format!("confirmed in {category}")))
                    .collect(),
            };
            (count, finding)
        })
        .collect();
    findings.sort_by_key(|(count, _)| std::cmp::Reverse(*count));
    lint.findings.extend(findings.into_iter().map(|(_, finding)| finding));
}
