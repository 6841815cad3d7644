//! What is amiss with a taxonomy: gathers what [`berika_classify::lint`] looks at. Nothing is written.

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

use berika_catalog::{CategoryId, ChosenBy, Digest, ProductKey, Taxonomy};
use berika_classify::lint::confident::Opinion;
use berika_classify::lint::{Kind, Lint, LintInput, LintedProduct, lint};
use berika_classify::{CrossFitted, Targets};
use berika_store::{ProductSummary, StoreError, StoredDecision};
use serde::Serialize;

use crate::classifier::{ClassifierError, cross_fitted, targets};
use crate::languages::read_by_model;
use crate::taxonomy::{TaxonomyLoadError, read_configured};
use crate::{Encoder, Engine, ModelError};

/// Products read together.
const PAGE: usize = 4096;

/// Texts embedded together.
const TEXTS: usize = 1024;

/// Why a taxonomy cannot be looked at.
#[derive(Debug, thiserror::Error)]
pub enum LintError {
    /// There is no taxonomy.
    #[error(transparent)]
    Taxonomy(#[from] TaxonomyLoadError),
    /// The memory.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The encoder is there and fails.
    #[error(transparent)]
    Model(#[from] ModelError),
    /// The classifier.
    #[error(transparent)]
    Classifier(#[from] ClassifierError),
}

/// What was looked at, and what was found.
#[derive(Debug, Serialize)]
pub struct LintReport {
    /// The taxonomy's name.
    pub taxonomy: String,
    /// Its version in the store; `None` where it was read from a file.
    pub version: Option<u32>,
    /// Categories.
    pub categories: usize,
    /// Of these, those that products are put into.
    pub leaves: usize,
    /// Products that were looked at.
    pub products: usize,
    /// Of these, those that a person put into a category.
    pub confirmed: usize,
    /// Findings by kind.
    pub counts: BTreeMap<&'static str, usize>,
    /// The findings, and what could not be looked at.
    #[serde(flatten)]
    pub lint: Lint,
}

/// Looks at `taxonomy`, else at the one in the store, else at the configured file, and at the decisions and candidates in
/// the store. Texts of categories that have no vector yet are embedded for this once.
///
/// # Errors
/// [`LintError`]. A model that is not on this machine is no error: what needs it is left out.
pub async fn look(engine: &Engine, taxonomy: Option<Taxonomy>) -> Result<LintReport, LintError> {
    let (taxonomy, version) = match (taxonomy, engine.store.taxonomy(&engine.config.taxonomy.id).await?) {
        (Some(taxonomy), _) => (taxonomy, None),
        (None, Some(stored)) => {
            let version = stored.version;
            (stored, Some(version))
        }
        (None, None) => (read_configured(&engine.config)?, None),
    };
    let targets = targets(engine, Arc::new(taxonomy));
    let encoder = match Encoder::load(&engine.config, &engine.store).await {
        Ok(encoder) => Some(encoder),
        Err(ModelError::Locate(_) | ModelError::NoCache) => None,
        Err(error) => return Err(error.into()),
    };
    let vectors = match &encoder {
        Some(encoder) => Some(vectors(engine, encoder, &targets).await?),
        None => None,
    };
    let decisions = engine
        .store
        .current_decisions(encoder.as_ref().map_or("", Encoder::recipe), &targets.taxonomy().id)
        .await?;
    let ranked = match &encoder {
        // The decisions are on the stored taxonomy: what they say of another is worked out from its own texts.
        Some(encoder) if version.is_some() => ranked(engine, encoder, &targets, &decisions).await?,
        _ => Vec::new(),
    };
    let ranked: Vec<Ranked<'_>> =
        ranked.iter().filter_map(|fitted| Ranked::of(fitted, targets.taxonomy())).collect();
    let opinions: Vec<Opinion<'_>> = ranked.iter().map(Ranked::opinion).collect();
    let catalogue = catalogue(engine, &decisions).await?;
    let products: Vec<LintedProduct<'_>> = catalogue.iter().map(Row::linted).collect();
    let compared = read_by_model(&engine.config, targets.languages());
    let input = LintInput {
        targets: &targets,
        compared: &compared,
        language: &engine.config.markets[0].language,
        vectors: vectors.as_ref(),
        products: &products,
        opinions: Some(&opinions[..]).filter(|opinions| !opinions.is_empty()),
    };
    let found = tokio::task::block_in_place(|| match &encoder {
        Some(encoder) => encoder.compute(|| lint(&input)),
        None => lint(&input),
    });
    let mut counts: BTreeMap<&'static str, usize> = Kind::ALL.iter().map(|kind| (kind.word(), 0)).collect();
    for finding in &found.findings {
        *counts.entry(finding.kind.word()).or_default() += 1;
    }
    Ok(LintReport {
        taxonomy: targets.taxonomy().id.clone(),
        version,
        categories: targets.taxonomy().categories().len(),
        leaves: targets.categories().len(),
        products: products.len(),
        confirmed: products.iter().filter(|product| product.confirmed.is_some()).count(),
        counts,
        lint: found,
    })
}

/// The vectors of the categories' texts: the stored ones, the others computed.
async fn vectors(
    engine: &Engine,
    encoder: &Encoder,
    targets: &Targets,
) -> Result<HashMap<String, Vec<f32>>, LintError> {
    let texts = targets.texts();
    let hashes: Vec<Digest> = texts.iter().map(|text| Digest::of_bytes(text.as_bytes())).collect();
    let stored = engine.store.vectors(encoder.recipe(), &hashes).await?;
    let (mut vectors, mut missing) = (HashMap::with_capacity(texts.len()), Vec::new());
    for (text, vector) in texts.into_iter().zip(stored) {
        match vector {
            Some(vector) => drop(vectors.insert(text, vector)),
            None => missing.push(text),
        }
    }
    if missing.is_empty() {
        return Ok(vectors);
    }
    engine.progress.begin("vector", Some(missing.len() as u64));
    for texts in missing.chunks(TEXTS) {
        let rows = encoder.embed(texts.to_vec(), |_| {}).await?;
        vectors.extend(texts.iter().cloned().zip(rows.rows().map(<[f32]>::to_vec)));
        engine.progress.advance("vector", texts.len() as u64);
    }
    engine.progress.end("vector");
    Ok(vectors)
}

/// How the classifier ranks decided products without them; empty where there are too few decisions, or where it has no
/// vectors yet because no run came after what it would be built from.
async fn ranked(
    engine: &Engine,
    encoder: &Encoder,
    targets: &Targets,
    decisions: &[StoredDecision],
) -> Result<Vec<CrossFitted>, LintError> {
    match cross_fitted(engine, encoder, targets.taxonomy().clone(), decisions).await {
        Err(ClassifierError::Build(error)) => {
            tracing::debug!(%error, "without the classifier");
            Ok(Vec::new())
        }
        ranked => Ok(ranked?),
    }
}

/// A decision on a category of the taxonomy, as the classifier ranks its product without it.
struct Ranked<'a> {
    key: &'a str,
    given: usize,
    probabilities: Vec<(usize, f32)>,
}

impl<'a> Ranked<'a> {
    /// `None` for what belongs to none of ours.
    fn of(fitted: &'a CrossFitted, taxonomy: &Taxonomy) -> Option<Self> {
        let given = taxonomy.index_of(fitted.given.as_ref()?)?;
        let candidates = fitted.candidates.iter();
        let probabilities = candidates.filter_map(|(id, share)| Some((taxonomy.index_of(id)?, *share)));
        Some(Self { key: &fitted.key, given, probabilities: probabilities.collect() })
    }

    fn opinion(&self) -> Opinion<'_> {
        Opinion { key: self.key, given: self.given, probabilities: &self.probabilities }
    }
}

/// A product with what is known of its category.
#[derive(Default)]
struct Row<'a> {
    key: String,
    title: Option<String>,
    candidates: Vec<CategoryId>,
    decision: Option<&'a StoredDecision>,
}

impl Row<'_> {
    fn linted(&self) -> LintedProduct<'_> {
        LintedProduct {
            key: &self.key,
            title: self.title.as_deref(),
            language: self.decision.and_then(|stored| stored.values.language.as_ref()),
            vector: self.decision.and_then(|stored| stored.vector.as_deref()),
            confirmed: self.decision.and_then(|stored| stored.decision.category.as_ref()),
            decided_at: self.decision.map_or(0, |stored| stored.decision.at.as_microsecond()),
            supplier: self.decision.map_or("", |stored| stored.decision.product.supplier.as_str()),
            supplier_category: self.decision.map_or(&[], |stored| &stored.values.supplier_category),
            candidates: &self.candidates,
        }
    }
}

/// Every product that is categorised or that a person decided on, by key.
async fn catalogue<'a>(engine: &Engine, decisions: &'a [StoredDecision]) -> Result<Vec<Row<'a>>, StoreError> {
    let mut rows: BTreeMap<ProductKey, Row<'a>> = BTreeMap::new();
    let mut after: Option<ProductKey> = None;
    loop {
        let page = engine.store.categorised_products(after.as_ref(), PAGE).await?;
        let Some(last) = page.last() else { break };
        after = Some(last.key.clone());
        for ProductSummary { key, title, best, second, .. } in page {
            let candidates = best.into_iter().chain(second).map(CategoryId).collect();
            rows.insert(key.clone(), Row { key: key.to_string(), title, candidates, decision: None });
        }
    }
    for stored in decisions.iter().filter(|stored| stored.decision.chosen_by != ChosenBy::Machine) {
        let key = &stored.decision.product;
        let row = rows.entry(key.clone()).or_insert_with(|| Row { key: key.to_string(), ..Row::default() });
        row.decision = Some(stored);
    }
    Ok(rows.into_values().collect())
}
