//! Vector → category.

mod trials;

use std::collections::HashMap;
use std::sync::Arc;

use berika_catalog::{CategoryId, ChosenBy, Digest, Language, Taxonomy};
use berika_classify::policy::confirmed;
use berika_classify::{
    BuildError, BuildInput, Classifier, Evidence, Parameters, Policy, ProductMeans, Query, RankError,
    Ranking, Sight, Targets, Verdict,
};
use berika_store::{
    AuditDraw, Categorisation, ROWS_PER_TRANSACTION, StaleCategorisation, StoreError, StoredDecision,
};

use super::PAGE;
use crate::acceptance::{Acceptance, AcceptanceError};
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
    Means(#[source] serde_json::Error),
    /// What may be accepted without a look is not known.
    #[error("cannot say what may be accepted without a look")]
    Acceptance(#[from] AcceptanceError),
}

/// The texts of the categories, which need vectors before anything can be compared.
pub(crate) fn category_texts(engine: &Engine, taxonomy: &Arc<Taxonomy>) -> Vec<String> {
    targets(engine, taxonomy.clone()).texts()
}

/// Categorises what is stale. Returns how many products, and what is accepted without a look.
pub(crate) async fn stage(
    engine: &Engine,
    run: &str,
    encoder: &Encoder,
    taxonomy: Arc<Taxonomy>,
) -> Result<(u64, Acceptance), CategoriseError> {
    let decisions = engine.store.current_decisions(encoder.recipe()).await?;
    let material = Material::gather(engine, encoder, taxonomy.clone()).await?;
    let classifier = {
        let keys: Vec<String> = decisions.iter().map(|d| d.decision.product.to_string()).collect();
        let evidence: Vec<Evidence<'_>> =
            decisions.iter().zip(&keys).filter_map(|(stored, key)| evidence(stored, key)).collect();
        tokio::task::block_in_place(|| encoder.compute(|| material.build(&evidence)))?
    };
    let version = engine.store.classifier_version(classifier.recipe(), engine.now()).await?;
    let mut acceptance =
        trials::acceptance(engine, encoder, version, &decisions, |evidence| material.build(evidence)).await?;
    let policy = acceptance.policy(&engine.config);
    // The policy is part of the recipe: products under review are judged again when it changes, and settled ones stay.
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
                let new = judge(&policy, &taxonomy, &stale, &ranking, decision, &recipe);
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
    // With those that were drawn just now.
    acceptance.audits_open = engine.store.open_audits(&taxonomy.id).await.map_err(CategoriseError::Store)?;
    Ok((done, acceptance))
}

/// What every classifier of a run is built from, besides evidence.
struct Material<'a> {
    targets: Targets,
    vectors: HashMap<String, Vec<f32>>,
    means: ProductMeans,
    model_recipe: &'a str,
}

impl<'a> Material<'a> {
    async fn gather(
        engine: &Engine,
        encoder: &'a Encoder,
        taxonomy: Arc<Taxonomy>,
    ) -> Result<Self, CategoriseError> {
        let targets = targets(engine, taxonomy);
        let texts = targets.texts();
        let hashes: Vec<Digest> = texts.iter().map(|text| Digest::of_bytes(text.as_bytes())).collect();
        let vectors = engine.store.vectors(encoder.recipe(), &hashes).await?;
        let vectors =
            texts.into_iter().zip(vectors).filter_map(|(text, vector)| Some((text, vector?))).collect();
        let means = means(engine, encoder.recipe()).await?;
        Ok(Self { targets, vectors, means, model_recipe: encoder.recipe() })
    }

    fn build(&self, evidence: &[Evidence<'_>]) -> Result<Classifier, BuildError> {
        Classifier::build(BuildInput {
            targets: self.targets.clone(),
            vectors: &self.vectors,
            means: &self.means,
            evidence,
            model_recipe: self.model_recipe,
            parameters: Parameters::default(),
        })
    }
}

/// A decision as the classifier learns from it; `None` where it teaches nothing.
fn evidence<'a>(stored: &'a StoredDecision, key: &'a str) -> Option<Evidence<'a>> {
    if stored.decision.chosen_by == ChosenBy::Machine {
        return None;
    }
    Some(Evidence {
        key,
        category: stored.decision.category.as_ref()?,
        vector: stored.vector.as_deref(),
        language: stored.language.as_ref(),
        supplier: Some(stored.decision.product.supplier.as_str()),
        supplier_category: &stored.supplier_category,
    })
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
        return serde_json::from_str(&stored).map_err(CategoriseError::Means);
    }
    let mut means = ProductMeans::new();
    for (language, vector) in engine.store.sample_product_vectors(recipe, MEANS_SAMPLE).await? {
        means.add(language.as_ref(), &vector);
    }
    let json = serde_json::to_string(&means).map_err(CategoriseError::Means)?;
    engine.store.put_product_means(recipe, doubling, &json, engine.now()).await?;
    // As the next run will read them, to the last bit.
    serde_json::from_str(&json).map_err(CategoriseError::Means)
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
    stale: &StaleCategorisation,
    ranking: &Ranking,
    decision: Option<&StoredDecision>,
    recipe: &str,
) -> Categorisation {
    let key = stale.key.to_string();
    let stored = decision;
    let decision = stored.map(|stored| &stored.decision);
    let is_leaf =
        |category: &CategoryId| taxonomy.index_of(category).is_some_and(|index| taxonomy.is_leaf(index));
    let gone = decision.and_then(|d| d.category.as_ref()).filter(|category| !is_leaf(category));
    let decided = decision.filter(|_| gone.is_none());
    let verdict = decided.map_or_else(|| policy.judge(&Sight::of(&key, ranking), taxonomy), confirmed);
    let mut reasons: Vec<String> = verdict.reasons().iter().map(ToString::to_string).collect();
    let mut word = verdict.word();
    let mut promise = verdict.promise();
    let mut category = verdict.category().map(ToString::to_string);
    if let Some(gone) = gone {
        // What a person decided is not replaced by the machine's guess.
        reasons.insert(0, format!("the confirmed category {gone} is no longer a leaf of the taxonomy"));
        word = "review";
        category = None;
        promise = None;
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
        promise,
        audit: verdict.audit().map(|(category, threshold)| AuditDraw {
            taxonomy: taxonomy.id.clone(),
            category: category.to_string(),
            threshold,
        }),
    }
}
