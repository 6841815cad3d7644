//! How long training and ranking take, and one product alone:
//! `cargo run --release -p berika-classify --example rank_speed -- 100000 1000 10000` (products, categories, decisions).
//!
//! Texts are six words of a vocabulary of 20,000 made-up ones, some of them their category's; vectors are of 384 numbers.

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;
use std::time::Instant;

use berika_catalog::{Category, CategoryId, Language, Taxonomy};
use berika_classify::{
    BuildInput, Classifier, Evidence, Parameters, ProductMeans, Query, Targets, Trained, WordFrequencies,
};

const DIMENSIONS: usize = 384;

#[expect(clippy::print_stdout, reason = "prints what it measured")]
fn main() -> Result<(), Box<dyn std::error::Error>> {
    let mut sizes = std::env::args().skip(1).map(|text| text.parse::<usize>());
    let mut size = |default| sizes.next().unwrap_or(Ok(default));
    let (products, categories, decisions) = (size(100_000)?, size(1_000)?, size(10_000)?);
    let mut chance = Chance(1);
    let language = Language::parse("en")?;
    let category = |at: usize| Category {
        id: CategoryId(at.to_string()),
        parent: None,
        names: [(language.clone(), format!("{} {}", word(at * 2), word(at * 2 + 1)))].into(),
        descriptions: BTreeMap::new(),
        excludes: BTreeMap::new(),
        synonyms: BTreeMap::new(),
        external_ids: BTreeMap::new(),
    };
    let taxonomy = Taxonomy::new("speed", 1, (0..categories).map(category).collect())?;
    let targets = Targets::leaves(Arc::new(taxonomy));
    let centres: Vec<Vec<f32>> = (0..categories).map(|_| chance.vector(None)).collect();
    let vectors: HashMap<String, Vec<f32>> = targets
        .texts()
        .into_iter()
        .enumerate()
        .map(|(at, text)| (text, chance.vector(Some(&centres[at % categories]))))
        .collect();
    let (mut means, mut frequencies) = (ProductMeans::new(), WordFrequencies::new());
    let rows: Vec<(usize, String, Vec<f32>)> = (0..products.max(decisions))
        .map(|_| {
            let own = chance.below(categories);
            let words = (0..6).map(|_| {
                if chance.below(3) == 0 {
                    word(own * 2 + chance.below(2))
                } else {
                    word(chance.below(20_000))
                }
            });
            let text = words.collect::<Vec<_>>().join(" ");
            (own, text, chance.vector(Some(&centres[own])))
        })
        .collect();
    for (_, text, vector) in rows.iter().take(10_000) {
        means.add(Some(&language), vector);
        frequencies.add(text);
    }
    let ids: Vec<CategoryId> = (0..categories).map(|at| CategoryId(at.to_string())).collect();
    let keys: Vec<String> = (0..decisions).map(|at| at.to_string()).collect();
    let evidence: Vec<Evidence<'_>> = keys
        .iter()
        .zip(&rows)
        .zip(0..)
        .map(|((key, (own, text, vector)), group)| Evidence {
            key,
            category: Some(&ids[*own]),
            vector: Some(vector),
            text,
            language: Some(&language),
            supplier: None,
            supplier_category: &[],
            group,
            at: 0,
        })
        .collect();
    let input = || BuildInput {
        targets: targets.clone(),
        vectors: &vectors,
        means: &means,
        frequencies: &frequencies,
        evidence: &evidence,
        model_recipe: "speed",
        parameters: Parameters::default(),
    };
    let begun = Instant::now();
    let classifier = Classifier::build(input())?;
    println!(
        "training on {decisions} decisions x {categories} categories: {:.2} s",
        begun.elapsed().as_secs_f64()
    );
    let bytes = classifier.trained().to_bytes()?;
    let begun = Instant::now();
    let classifier = Classifier::with_trained(input(), Trained::from_bytes(&bytes, categories, DIMENSIONS)?)?;
    let megabytes = bytes.len() as f64 / 1e6;
    println!("read back from {megabytes:.0} MB: {:.2} s", begun.elapsed().as_secs_f64());
    let queries: Vec<_> = rows
        .iter()
        .take(products)
        .map(|(_, text, vector)| Query {
            vector: Some(vector),
            text,
            language: Some(&language),
            ..Query::default()
        })
        .collect();
    let begun = Instant::now();
    let rankings = classifier.rank(&queries)?;
    println!("{} products x {categories} categories: {:.2} s", rankings.len(), begun.elapsed().as_secs_f64());
    let right = rankings
        .iter()
        .zip(&rows)
        .filter(|(r, row)| r.candidates.first().is_some_and(|c| c.id == ids[row.0]))
        .count();
    println!("of these right: {right}");
    let begun = Instant::now();
    classifier.rank(&queries[..1])?;
    println!("one product: {:.1} ms", begun.elapsed().as_secs_f64() * 1e3);
    if let Some(line) =
        std::fs::read_to_string("/proc/self/status")?.lines().find(|line| line.starts_with("VmHWM"))
    {
        println!("{line}");
    }
    Ok(())
}

fn word(at: usize) -> String {
    let letters = [b"b", b"d", b"f", b"g", b"k", b"l", b"m", b"n", b"r", b"s", b"t", b"v"];
    let vowels = ["a", "e", "i", "o", "u"];
    let mut left = at;
    (0..4)
        .map(|_| {
            let syllable = left % 60;
            left = left / 60 + syllable * 7;
            format!("{}{}", char::from(letters[syllable % 12][0]), vowels[syllable / 12])
        })
        .collect()
}

/// A linear congruential generator: only counts and rough nearness matter.
struct Chance(u64);

impl Chance {
    fn next(&mut self) -> f32 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 40) as f32 / (1_u64 << 24) as f32 - 0.5
    }

    fn below(&mut self, most: usize) -> usize {
        (((self.next() + 0.5) * most as f32) as usize).min(most - 1)
    }

    /// Around a centre, or anywhere.
    fn vector(&mut self, centre: Option<&[f32]>) -> Vec<f32> {
        (0..DIMENSIONS).map(|at| self.next() + centre.map_or(0.0, |centre| 0.5 * centre[at])).collect()
    }
}
