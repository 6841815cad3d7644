//! How long ranking takes: `cargo run --release -p berika-classify --example rank_speed -- 100000 1000 384`.

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;
use std::time::Instant;

use berika_catalog::{Category, CategoryId, Language, Taxonomy};
use berika_classify::{BuildInput, Classifier, Parameters, ProductMeans, Query, Targets, WordFrequencies};

#[expect(clippy::print_stdout, reason = "prints what it measured")]
fn main() -> Result<(), Box<dyn std::error::Error>> {
    let mut sizes = std::env::args().skip(1).map(|text| text.parse::<usize>());
    let mut size = |default| sizes.next().unwrap_or(Ok(default));
    let (products, categories, dimensions) = (size(100_000)?, size(1_000)?, size(384)?);
    let mut state = 1;
    let language = Language::parse("en")?;
    let category = |at: usize| Category {
        id: CategoryId(at.to_string()),
        parent: None,
        names: [(language.clone(), format!("category {at}"))].into(),
        descriptions: BTreeMap::new(),
        excludes: BTreeMap::new(),
        synonyms: BTreeMap::new(),
        external_ids: BTreeMap::new(),
    };
    let taxonomy = Taxonomy::new("speed", 1, (0..categories).map(category).collect())?;
    let targets = Targets::leaves(Arc::new(taxonomy));
    let vectors: HashMap<String, Vec<f32>> =
        targets.texts().into_iter().map(|text| (text, vector(&mut state, dimensions))).collect();
    let rows: Vec<Vec<f32>> = (0..products).map(|_| vector(&mut state, dimensions)).collect();
    let mut means = ProductMeans::new();
    rows.iter().take(10_000).for_each(|row| means.add(Some(&language), row));
    let begun = Instant::now();
    let classifier = Classifier::build(BuildInput {
        targets,
        vectors: &vectors,
        means: &means,
        frequencies: &WordFrequencies::new(),
        evidence: &[],
        model_recipe: "speed",
        parameters: Parameters::default(),
    })?;
    println!("build {:.3} s", begun.elapsed().as_secs_f64());
    let queries: Vec<_> = rows
        .iter()
        .map(|row| Query { vector: Some(row), language: Some(&language), ..Query::default() })
        .collect();
    let begun = Instant::now();
    let rankings = classifier.rank(&queries)?;
    let seconds = begun.elapsed().as_secs_f64();
    println!("{} products x {categories} categories x {dimensions}: {seconds:.2} s", rankings.len());
    Ok(())
}

/// Numbers in -0.5..0.5 by a linear congruential generator: only their count matters.
fn vector(state: &mut u64, dimensions: usize) -> Vec<f32> {
    (0..dimensions)
        .map(|_| {
            *state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            (*state >> 40) as f32 / (1_u64 << 24) as f32 - 0.5
        })
        .collect()
}
