//! Categories whose texts say another category.
//!
//! A taxonomy's texts are the first labelled products there are: whoever writes "Soft drinks: cola, lemonade" says where a
//! product of that text belongs. So each text of a category (its name, its description, its synonyms) is taken out of its
//! category and ranked, as a product would be, among all categories without their texts of that sort. Where another
//! category comes before its own, the two are confusable: a product that is described as the taxonomy itself describes it
//! would be put wrong. The criterion compares two cosines of one row, so it means the same for every model and language,
//! and has no threshold.

use std::collections::{BTreeMap, HashMap};

use berika_catalog::Language;
use berika_catalog::text::category_parts;
use rayon::prelude::*;

use super::{Kind, Lint, LintInput, MOST_PRODUCTS, Shown};
use crate::matrix::Packed;
use crate::space::{all_centred, centre};
use crate::vector::{Sum, normalise, usable};

/// The most leaves that are compared with one another: their number squared is what it costs.
const MOST_LEAVES: usize = 30_000;

/// Texts compared at once.
const BLOCK: usize = 64;

/// Sorts of texts, in the order of [`texts`]. Paths are compared with and never ranked: no product is called by one.
const RANKED: [(usize, &str); 3] = [(0, "name"), (2, "description"), (3, "synonyms")];

/// What shows that a pair is confusable.
struct Evidence<'a> {
    /// How much nearer the other category is, in cosine.
    lead: f32,
    /// The leaf whose text it is, and the other.
    leaves: (usize, usize),
    sort: &'static str,
    language: &'a Language,
}

pub(super) fn check(input: &LintInput<'_>, lint: &mut Lint) {
    let Some(vectors) = input.vectors else {
        lint.left_out.push(
            "which categories are near to one another: there is no model; `berika model fetch`".to_owned(),
        );
        return;
    };
    let leaves = input.targets.categories();
    if leaves.len() > MOST_LEAVES {
        lint.left_out.push(format!(
            "which categories are near to one another: {} leaves, and at most {MOST_LEAVES} are compared",
            leaves.len()
        ));
        return;
    }
    let (compared, unread): (Vec<&Language>, Vec<&Language>) =
        input.targets.languages().iter().partition(|language| input.compared.contains(language));
    if !unread.is_empty() {
        let unread: Vec<&str> = unread.into_iter().map(Language::as_str).collect();
        lint.left_out.push(format!(
            "which categories are near to one another in {}: the model does not read it",
            unread.join(", ")
        ));
    }
    let mut pairs: BTreeMap<(usize, usize), Evidence<'_>> = BTreeMap::new();
    for language in compared {
        let texts: Vec<[Option<&[f32]>; 4]> =
            leaves.iter().map(|&leaf| texts(input, vectors, leaf, language)).collect();
        for (sort, word) in RANKED {
            for (at, other, lead) in nearer_to_another(&texts, sort) {
                let leaves = (leaves[at], leaves[other]);
                let pair = (leaves.0.min(leaves.1), leaves.0.max(leaves.1));
                let evidence = Evidence { lead, leaves, sort: word, language };
                match pairs.get(&pair) {
                    Some(known) if known.lead >= lead => {}
                    _ => drop(pairs.insert(pair, evidence)),
                }
            }
        }
    }
    let shown = between(input, &pairs);
    let mut pairs: Vec<_> = pairs.into_iter().collect();
    pairs.sort_by(|(a, left), (b, right)| right.lead.total_cmp(&left.lead).then(a.cmp(b)));
    for (pair, evidence) in pairs {
        let Evidence { leaves: (own, other), sort, language, .. } = evidence;
        let verb = if sort == "synonyms" { "are" } else { "is" };
        let finding = format!(
            "the {sort} of {} ({language}) {verb} nearer to {} than to the rest of its own texts",
            input.named(own).id,
            input.named(other).id
        );
        let advice = "say in both descriptions what tells them apart, or make them one";
        let products = shown.get(&pair).cloned().unwrap_or_default();
        lint.findings.push(input.finding(Kind::Confusable, &[own, other], finding, advice, products));
    }
}

/// Name, path, description and synonyms as vectors. A text that is another one's equal is left out.
fn texts<'a>(
    input: &LintInput<'_>,
    vectors: &'a HashMap<String, Vec<f32>>,
    leaf: usize,
    language: &Language,
) -> [Option<&'a [f32]>; 4] {
    let parts = category_parts(input.taxonomy(), leaf, language);
    let vector = |text: &str| vectors.get(text).map(Vec::as_slice).filter(|vector| usable(vector));
    let path = (parts.path != parts.name).then(|| vector(&parts.path)).flatten();
    let described =
        parts.description.and_then(|description| vector(&format!("{}. {description}", parts.name)));
    [vector(&parts.name), path, described, parts.synonyms.and_then(|synonyms| vector(&synonyms))]
}

/// Categories whose text of this sort is at least as near to the other texts of another category as to those of its
/// own: both positions, and by how much.
fn nearer_to_another(texts: &[[Option<&[f32]>; 4]], sort: usize) -> Vec<(usize, usize, f32)> {
    let Some(dimensions) = texts.iter().flatten().flatten().map(|vector| vector.len()).next() else {
        return Vec::new();
    };
    let rest = |texts: &[Option<&[f32]>; 4], all: bool| {
        let mut sum = Sum::new(dimensions);
        for (_, vector) in texts.iter().enumerate().filter(|(at, _)| all || *at != sort) {
            if let Some(vector) = vector.filter(|vector| vector.len() == dimensions) {
                let mut unit = vector.to_vec();
                normalise(&mut unit);
                sum.add(&unit, 1.0);
            }
        }
        sum.normalised()
    };
    let rests: Vec<Vec<f32>> = texts.iter().map(|texts| rest(texts, false)).collect();
    // A category that has no other text is compared by what it has, and its own is not ranked.
    let ranked: Vec<usize> = (0..texts.len())
        .filter(|&at| usable(&rests[at]) && texts[at][sort].is_some_and(|vector| vector.len() == dimensions))
        .collect();
    let compared: Vec<Vec<f32>> = rests
        .into_iter()
        .zip(texts)
        .map(|(vector, texts)| if usable(&vector) { vector } else { rest(texts, true) })
        .collect();
    let queries: Vec<Vec<f32>> =
        ranked.iter().map(|&at| texts[at][sort].unwrap_or_default().to_vec()).collect();
    let (compared, queries) = (centred(&compared, dimensions), centred(&queries, dimensions));
    let packed = Packed::new(&compared, dimensions);
    let blocks: Vec<(&[usize], &[Vec<f32>])> = ranked.chunks(BLOCK).zip(queries.chunks(BLOCK)).collect();
    let nearer = blocks.par_iter().flat_map_iter(|(block, queries)| {
        let mut scores = vec![0.0; block.len() * packed.stride()];
        packed.multiply(&queries.concat(), &mut scores);
        let rows = scores.chunks(packed.stride()).zip(*block);
        let nearest = |(row, &at): (&[f32], &usize)| {
            let others = (0..compared.len()).filter(|&other| other != at && usable(&compared[other]));
            // The first of equals, so that the order of the file decides.
            let best = others.reduce(|best, other| if row[other] > row[best] { other } else { best })?;
            (row[best] >= row[at]).then(|| (at, best, row[best] - row[at]))
        };
        rows.filter_map(nearest).collect::<Vec<_>>()
    });
    nearer.collect()
}

/// One long, with what all share taken away.
fn centred(vectors: &[Vec<f32>], dimensions: usize) -> Vec<Vec<f32>> {
    let mut units = vectors.to_vec();
    for unit in &mut units {
        normalise(unit);
    }
    all_centred(&units, &centre(&units, dimensions))
}

/// Products that no person has decided and whose first two candidates are a pair of these.
fn between<T>(
    input: &LintInput<'_>,
    pairs: &BTreeMap<(usize, usize), T>,
) -> HashMap<(usize, usize), Vec<Shown>> {
    let mut shown: HashMap<(usize, usize), Vec<Shown>> = HashMap::new();
    for product in input.products.iter().filter(|product| product.confirmed.is_none()) {
        let [first, second, ..] = product.candidates else { continue };
        let (Some(a), Some(b)) = (input.leaf(first), input.leaf(second)) else { continue };
        let pair = (a.min(b), a.max(b));
        if !pairs.contains_key(&pair) {
            continue;
        }
        let products = shown.entry(pair).or_default();
        if products.len() < MOST_PRODUCTS {
            products.push(product.shown(format!("{first} first, {second} second")));
        }
    }
    shown
}
