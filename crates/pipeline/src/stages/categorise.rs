//! Vector → category.

use std::collections::HashMap;
use std::sync::Arc;

use berika_catalog::{CategoryId, ChosenBy, Digest, Language, Taxonomy};
use berika_classify::policy::confirmed;
use berika_classify::{
    BuildError, BuildInput, Classifier, Evidence, Parameters, Policy, ProductMeans, Query, RankError,
    Ranking, Targets, Verdict,
};
use berika_store::{Categorisation, ROWS_PER_TRANSACTION, StaleCategorisation, StoreError, StoredDecision};

use super::PAGE;
use crate::{Encoder, Engine};

/// The most vectors that the means are taken over: beyond this they no longer move.
const MEANS_SAMPLE: usize = 20_000;

/// Why nothing can be categorised.
#[derive(Debug, thiserror::Error)]
pub enum CategoriseError {
    /// The memory.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// No classifier can be built.
    #[error("the classifier cannot be built")]
    Build(#[from] BuildError),
    /// A vector does not fit.
    #[error("a stored vector does not fit the model")]
    Rank(#[from] RankError),
    /// The means in the store cannot be read.
    #[error("the stored means cannot be read; delete the table product_means and run again")]
    Means(#[from] serde_json::Error),
}

/// The texts of the categories, which need vectors before anything can be compared.
pub(crate) fn category_texts(engine: &Engine, taxonomy: &Arc<Taxonomy>) -> Vec<String> {
    targets(engine, taxonomy.clone()).texts()
}

/// Categorises what is stale. Returns how many products.
pub(crate) async fn stage(
    engine: &Engine,
    run: &str,
    encoder: &Encoder,
    taxonomy: Arc<Taxonomy>,
) -> Result<u64, CategoriseError> {
    let decisions = engine.store.current_decisions(encoder.recipe()).await?;
    let classifier = build(engine, encoder, taxonomy.clone(), &decisions).await?;
    let policy = policy(engine);
    let version = engine.store.classifier_version(classifier.recipe(), engine.now()).await?;
    // The policy is part of the recipe: products under review are judged again when it changes.
    let recipe = format!("classifier-{version} {}", Digest::of_json(&policy));
    let decisions: HashMap<i64, &StoredDecision> = decisions.iter().map(|d| (d.id, d)).collect();

    let leaves: Vec<&str> = taxonomy.leaves().map(|leaf| taxonomy.categories()[leaf].id.as_str()).collect();

    let mut done = 0;
    let mut after = None;
    engine.progress.begin("category", None);
    while !engine.stopping() {
        let stale =
            engine.store.stale_categorisations(&recipe, encoder.recipe(), &leaves, after, PAGE).await?;
        let Some(last) = stale.last() else { break };
        after = Some(last.id);
        let rankings = tokio::task::block_in_place(|| encoder.compute(|| rank(&classifier, &stale)))?;
        let judged: Vec<_> = stale
            .into_iter()
            .zip(rankings)
            // A text without a vector is not categorised by accident as a product without a text.
            .filter(|(stale, _)| stale.vector.is_some() || !stale.has_text)
            .map(|(stale, ranking)| {
                let decision = stale.decision.and_then(|id| decisions.get(&id)).copied();
                let new = judge(&policy, &taxonomy, &ranking, decision, &recipe);
                (stale, new)
            })
            .collect();
        for chunk in judged.chunks(ROWS_PER_TRANSACTION) {
            engine.store.put_categorisations(run, chunk).await?;
        }
        done += judged.len() as u64;
        engine.progress.advance("category", judged.len() as u64);
    }
    engine.progress.end("category");
    Ok(done)
}

async fn build(
    engine: &Engine,
    encoder: &Encoder,
    taxonomy: Arc<Taxonomy>,
    decisions: &[StoredDecision],
) -> Result<Classifier, CategoriseError> {
    let targets = targets(engine, taxonomy);
    let texts = targets.texts();
    let hashes: Vec<Digest> = texts.iter().map(|text| Digest::of_bytes(text.as_bytes())).collect();
    let vectors = engine.store.vectors(encoder.recipe(), &hashes).await?;
    let vectors: HashMap<String, Vec<f32>> =
        texts.into_iter().zip(vectors).filter_map(|(text, vector)| Some((text, vector?))).collect();
    let means = means(engine, encoder.recipe()).await?;
    let keys: Vec<String> = decisions.iter().map(|d| d.decision.product.to_string()).collect();
    let evidence: Vec<Evidence<'_>> = decisions
        .iter()
        .zip(&keys)
        .filter(|(stored, _)| stored.decision.chosen_by != ChosenBy::Machine)
        .filter_map(|(stored, key)| {
            Some(Evidence {
                key,
                category: stored.decision.category.as_ref()?,
                vector: stored.vector.as_deref(),
                language: stored.language.as_ref(),
                supplier: Some(stored.decision.product.supplier.as_str()),
                supplier_category: &stored.supplier_category,
            })
        })
        .collect();
    let input = BuildInput {
        targets,
        vectors: &vectors,
        means: &means,
        evidence: &evidence,
        model_recipe: encoder.recipe(),
        parameters: Parameters::default(),
    };
    Ok(tokio::task::block_in_place(|| encoder.compute(|| Classifier::build(input)))?)
}

/// Categories are described in the languages of the markets and of the suppliers.
pub(crate) fn targets(engine: &Engine, taxonomy: Arc<Taxonomy>) -> Targets {
    let mut languages: Vec<Language> = engine.config.languages();
    languages.extend(engine.config.suppliers.iter().filter_map(|s| s.language.clone()));
    Targets::leaves(taxonomy).in_languages(&languages)
}

/// The means of the catalogue: taken when it is first categorised and again each time that it has doubled.
async fn means(engine: &Engine, recipe: &str) -> Result<ProductMeans, CategoriseError> {
    let count = engine.store.count_product_vectors(recipe).await?;
    let Some(doubling) = count.checked_ilog2() else { return Ok(ProductMeans::new()) };
    if let Some(stored) = engine.store.product_means(recipe, doubling).await? {
        return Ok(serde_json::from_str(&stored)?);
    }
    let mut means = ProductMeans::new();
    for (language, vector) in engine.store.sample_product_vectors(recipe, MEANS_SAMPLE).await? {
        means.add(language.as_ref(), &vector);
    }
    let json = serde_json::to_string(&means)?;
    engine.store.put_product_means(recipe, doubling, &json, engine.now()).await?;
    // As the next run will read them, to the last bit.
    Ok(serde_json::from_str(&json)?)
}

fn rank(classifier: &Classifier, stale: &[StaleCategorisation]) -> Result<Vec<Ranking>, RankError> {
    let queries: Vec<Query<'_>> = stale
        .iter()
        .map(|stale| Query {
            vector: stale.vector.as_deref(),
            language: stale.values.language.as_ref(),
            supplier: Some(stale.key.supplier.as_str()),
            supplier_category: &stale.values.supplier_category,
        })
        .collect();
    classifier.rank(&queries)
}

fn judge(
    policy: &Policy,
    taxonomy: &Taxonomy,
    ranking: &Ranking,
    decision: Option<&StoredDecision>,
    recipe: &str,
) -> Categorisation {
    let stored = decision;
    let decision = stored.map(|stored| &stored.decision);
    let is_leaf =
        |category: &CategoryId| taxonomy.index_of(category).is_some_and(|index| taxonomy.is_leaf(index));
    let gone = decision.and_then(|d| d.category.as_ref()).filter(|category| !is_leaf(category));
    let decided = decision.filter(|_| gone.is_none());
    let verdict = decided.map_or_else(|| policy.judge(ranking, taxonomy), confirmed);
    let mut reasons: Vec<String> = verdict.reasons().iter().map(ToString::to_string).collect();
    let mut word = verdict.word();
    let mut category = verdict.category().map(ToString::to_string);
    if let Some(gone) = gone {
        // What a person decided is not replaced by the machine's guess.
        reasons.insert(0, format!("the confirmed category {gone} is no longer a leaf of the taxonomy"));
        word = "review";
        category = None;
    }
    if let Verdict::Review { .. } = verdict {
        category = None;
    }
    Categorisation {
        verdict: word.to_owned(),
        category,
        confidence: if decided.is_some() { 1.0 } else { f64::from(ranking.confidence) },
        candidates: serde_json::to_value(&ranking.candidates).unwrap_or_default(),
        reasons,
        recipe: recipe.to_owned(),
        decision: decided.and(stored).map(|stored| stored.id),
    }
}

fn policy(engine: &Engine) -> Policy {
    let configured = engine.config.policy;
    Policy {
        accept_score: configured.accept_score,
        accept_margin: configured.accept_margin,
        reject_score: configured.reject_score,
    }
}
