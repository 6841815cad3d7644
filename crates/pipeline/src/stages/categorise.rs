//! Vector → category.

mod trials;

use std::collections::HashMap;
use std::sync::Arc;

use berika_catalog::text::product_words;
use berika_catalog::{CategoryId, Digest, Taxonomy};
use berika_classify::policy::confirmed;
use berika_classify::{Classifier, Policy, Query, RankError, Ranking, Sight, Verdict};
use berika_store::{
    AuditDraw, Categorisation, ROWS_PER_TRANSACTION, StaleCategorisation, StoreError, StoredDecision,
};

use super::PAGE;
use crate::acceptance::{Acceptance, AcceptanceError};
use crate::classifier::{ClassifierError, classifier, targets};
use crate::{Encoder, Engine};

/// Why nothing can be categorised.
#[derive(Debug, thiserror::Error)]
pub enum CategoriseError {
    /// The memory.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// No classifier.
    #[error(transparent)]
    Classifier(#[from] ClassifierError),
    /// A vector does not fit.
    #[error("a stored vector does not fit the model")]
    Rank(#[from] RankError),
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
    let decisions = engine.store.current_decisions(encoder.recipe(), &taxonomy.id).await?;
    let (classifier, version) = classifier(engine, encoder, taxonomy.clone(), &decisions).await?;
    let mut acceptance = trials::acceptance(engine, version, &decisions, classifier.cross_fitted()).await?;
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
            .filter(|(stale, _)| stale.vector.is_some() || stale.text.is_empty())
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

fn rank(classifier: &Classifier, stale: &[StaleCategorisation]) -> Result<Vec<Ranking>, RankError> {
    let words: Vec<String> = stale.iter().map(|stale| product_words(&stale.values)).collect();
    let queries: Vec<Query<'_>> = stale
        .iter()
        .zip(&words)
        .map(|(stale, words)| Query {
            vector: stale.vector.as_deref(),
            text: words,
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
