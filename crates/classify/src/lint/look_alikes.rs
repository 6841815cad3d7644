//! Products that look alike and were confirmed in different categories.

use std::collections::BTreeMap;

use rayon::prelude::*;

use super::centroids::confirmed;
use super::{Kind, Lint, LintInput, MOST_PRODUCTS, Shown};
use crate::matrix::Packed;

/// The most confirmed products that are compared with one another: their number squared is what it costs.
const MOST_COMPARED: usize = 20_000;

/// The least cosine of centred vectors from which on two products count as one: they differ in a size, a colour or a
/// count, and no taxonomy puts these apart.
const ALIKE: f32 = 0.97;

/// Products compared at once.
const BLOCK: usize = 64;

pub(super) fn check(input: &LintInput<'_>, lint: &mut Lint) {
    let mut rows = confirmed(input);
    if rows.len() > MOST_COMPARED {
        lint.left_out.push(format!(
            "look-alikes among {} of {} confirmed products: at most {MOST_COMPARED} are compared",
            rows.len() - MOST_COMPARED,
            rows.len()
        ));
        rows.truncate(MOST_COMPARED);
    }
    let Some(dimensions) = rows.first().map(|(.., vector)| vector.len()) else { return };
    let vectors: Vec<Vec<f32>> = rows.iter().map(|(.., vector)| vector.clone()).collect();
    let packed = Packed::new(&vectors, dimensions);
    let starts: Vec<usize> = (0..rows.len()).step_by(BLOCK).collect();
    // Of each product only the nearest one that was confirmed elsewhere: a hundred variants are no thousand findings.
    let alike: Vec<(f32, usize, usize)> = starts
        .par_iter()
        .flat_map_iter(|&start| {
            let block = &vectors[start..(start + BLOCK).min(vectors.len())];
            let mut scores = vec![0.0; block.len() * packed.stride()];
            packed.multiply(&block.concat(), &mut scores);
            let nearest = |(offset, scores): (usize, &[f32])| {
                let at = start + offset;
                let elsewhere = (0..rows.len()).filter(|&other| rows[other].1 != rows[at].1);
                let other = elsewhere
                    .reduce(|best, other| if scores[other] > scores[best] { other } else { best })?;
                (scores[other] >= ALIKE).then_some((scores[other], at, other))
            };
            scores.chunks(packed.stride()).enumerate().filter_map(nearest).collect::<Vec<_>>()
        })
        .collect();
    let mut pairs: BTreeMap<(usize, usize), BTreeMap<(usize, usize), f32>> = BTreeMap::new();
    for (cosine, at, other) in alike {
        let categories = (rows[at].1.min(rows[other].1), rows[at].1.max(rows[other].1));
        pairs.entry(categories).or_default().insert((at.min(other), at.max(other)), cosine);
    }
    let mut pairs: Vec<_> = pairs.into_iter().collect();
    pairs.sort_by(|(a, left), (b, right)| right.len().cmp(&left.len()).then(a.cmp(b)));
    for ((a, b), alike) in pairs {
        let finding = format!(
            "{} pairs of products look alike, one confirmed in {}, the other in {}",
            alike.len(),
            input.named(a).id,
            input.named(b).id
        );
        let mut alike: Vec<((usize, usize), f32)> = alike.into_iter().collect();
        alike.sort_by(|(a, left), (b, right)| right.total_cmp(left).then(a.cmp(b)));
        let shown: Vec<Shown> = alike
            .into_iter()
            .take(MOST_PRODUCTS)
            .map(|((one, other), _)| {
                let (product, like) = (&input.products[rows[one].0], &input.products[rows[other].0]);
                let note = format!(
                    "confirmed in {}; {} ({}) in {}",
                    input.named(rows[one].1).id,
                    like.key,
                    like.title.unwrap_or_default(),
                    input.named(rows[other].1).id
                );
                product.shown(note)
            })
            .collect();
        let advice = "decide which of the two is right and decide the others like it";
        lint.findings.push(input.finding(Kind::LookAlikes, &[a, b], finding, advice, shown));
    }
}
