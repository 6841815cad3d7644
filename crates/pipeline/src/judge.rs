//! Products judged: by the classifier that follows from taxonomy, vectors and decisions, and by what may be accepted without
//! a look. Verdicts are computed here and written elsewhere, or nowhere.

mod trials;

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

use berika_catalog::text::product_words;
use berika_catalog::{CategoryId, Digest, Taxonomy};
use berika_classify::policy::confirmed;
use berika_classify::{Classifier, Policy, Query, RankError, Ranking, Sight, Verdict};
use berika_store::{
    AuditDraw, Categorisation, GoneCategory, StaleCategorisation, StoreError, StoredDecision,
};

use crate::acceptance::{Acceptance, AcceptanceError};
use crate::classifier::{ClassifierError, classifier};
use crate::{Config, Encoder, Engine};

/// Why nothing can be judged.
#[derive(Debug, thiserror::Error)]
pub enum JudgeError {
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

/// Whether the judgement is what runs go by.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Light {
    /// It is: audits that broke the promise stop accepting from now on.
    Public,
    /// It is only looked at: what was found out is kept, and nothing that a run goes by changes.
    Shadow,
}

/// What products are judged by.
pub(crate) struct Judge {
    classifier: Classifier,
    policy: Policy,
    taxonomy: Arc<Taxonomy>,
    decisions: HashMap<i64, StoredDecision>,
    /// What became of categories that earlier versions had.
    gone: BTreeMap<CategoryId, GoneCategory>,
    recipe: String,
    /// What may be accepted without a look.
    pub(crate) acceptance: Acceptance,
}

impl Judge {
    /// The judge that follows from these decisions, which name categories as `taxonomy` does. `config` says what is promised.
    ///
    /// # Errors
    /// [`JudgeError`].
    pub(crate) async fn of(
        engine: &Engine,
        config: &Config,
        encoder: &Encoder,
        taxonomy: Arc<Taxonomy>,
        decisions: Vec<StoredDecision>,
        light: Light,
    ) -> Result<Self, JudgeError> {
        let (classifier, version) = classifier(engine, encoder, taxonomy.clone(), &decisions).await?;
        let acceptance =
            trials::acceptance(engine, config, version, &decisions, classifier.cross_fitted(), light).await?;
        let policy = acceptance.policy(config);
        // The policy is part of the recipe: products under review are judged again when it changes, and settled ones stay.
        let recipe = format!("classifier-{version} {}", Digest::of_json(&policy));
        let decisions = decisions.into_iter().map(|decision| (decision.id, decision)).collect();
        let gone = engine.store.gone_categories(&taxonomy.id).await?;
        Ok(Self { classifier, policy, taxonomy, decisions, gone, recipe, acceptance })
    }

    /// How it judges: its classifier's version and its policy.
    pub(crate) fn recipe(&self) -> &str {
        &self.recipe
    }

    /// What it ranks by.
    pub(crate) fn classifier(&self) -> &Classifier {
        &self.classifier
    }

    /// Judges products, in their order. Blocks, and computes on the encoder's threads.
    ///
    /// # Errors
    /// A vector that does not fit the model.
    pub(crate) fn judge(
        &self,
        encoder: &Encoder,
        products: &[StaleCategorisation],
    ) -> Result<Vec<Categorisation>, RankError> {
        let rankings = tokio::task::block_in_place(|| encoder.compute(|| rank(&self.classifier, products)))?;
        let verdicts = products.iter().zip(&rankings).map(|(product, ranking)| {
            let decision = product.decision.and_then(|id| self.decisions.get(&id));
            judge(&self.policy, &self.taxonomy, product, ranking, decision, (&self.recipe, &self.gone))
        });
        Ok(verdicts.collect())
    }
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
    (recipe, became): (&str, &BTreeMap<CategoryId, GoneCategory>),
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
        reasons.insert(0, what_became(gone, became.get(gone)));
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

/// Why products cannot be put into a category that a person confirmed.
fn what_became(category: &CategoryId, became: Option<&GoneCategory>) -> String {
    let confirmed = format!("the confirmed category {category} is no longer a leaf of the taxonomy");
    match became {
        Some(became) => format!("{confirmed}: {} (version {})", became.gone.why, became.version),
        None => confirmed,
    }
}
