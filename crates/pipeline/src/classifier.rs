//! The classifier of the store's taxonomy, decisions and vectors: trained where what it follows from has changed, else read
//! back as it was kept.

use std::collections::HashMap;
use std::sync::Arc;

use berika_catalog::text::product_words;
use berika_catalog::{ChosenBy, Digest, Language, Taxonomy};
use berika_classify::look_alikes::{Look, LookAlikes};
use berika_classify::{
    BuildError, BuildInput, Classifier, CrossFitted, Evidence, Parameters, ProductMeans, Targets, Trained,
    WordFrequencies, recipe,
};
use berika_store::{CatalogueSample, StoreError, StoredDecision};

use crate::{Encoder, Engine};

/// The most products that means and frequencies are taken over: beyond this they no longer move.
const SAMPLE: usize = 20_000;

/// Why there is no classifier.
#[derive(Debug, thiserror::Error)]
pub enum ClassifierError {
    /// The memory.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// No classifier can be built.
    #[error("the classifier cannot be built")]
    Build(#[from] BuildError),
    /// The means in the store cannot be read.
    #[error("what is stored of the catalogue cannot be read; delete the table product_means and run again")]
    Sample(#[from] serde_json::Error),
    /// What was learnt cannot be written.
    #[error("what the classifier learnt cannot be written")]
    Training(#[from] berika_classify::TrainedBytesError),
}

/// Categories are described in the languages of the markets and of the suppliers.
pub(crate) fn targets(engine: &Engine, taxonomy: Arc<Taxonomy>) -> Targets {
    let mut languages: Vec<Language> = engine.config.languages();
    languages.extend(engine.config.suppliers.iter().filter_map(|s| s.language.clone()));
    Targets::leaves(taxonomy).in_languages(&languages)
}

/// The classifier that follows from `decisions`, with its version. What it learnt is kept.
///
/// # Errors
/// [`ClassifierError`].
pub(crate) async fn classifier(
    engine: &Engine,
    encoder: &Encoder,
    taxonomy: Arc<Taxonomy>,
    decisions: &[StoredDecision],
) -> Result<(Classifier, i64), ClassifierError> {
    let (classifier, recipe, known) = made(engine, encoder, taxonomy, decisions, true).await?;
    let version = engine.store.classifier_version(&recipe, engine.now()).await?;
    if !known && classifier.taught().learnt > 0 {
        engine.store.put_training(version, &classifier.trained().to_bytes()?).await?;
    }
    Ok((classifier, version))
}

/// How each of `decisions` would be ranked without it: see [`Classifier::cross_fitted`]. Nothing is written.
///
/// # Errors
/// [`ClassifierError`].
pub(crate) async fn cross_fitted(
    engine: &Engine,
    encoder: &Encoder,
    taxonomy: Arc<Taxonomy>,
    decisions: &[StoredDecision],
) -> Result<Vec<CrossFitted>, ClassifierError> {
    let (classifier, ..) = made(engine, encoder, taxonomy, decisions, false).await?;
    Ok(classifier.cross_fitted().to_vec())
}

/// The classifier with its recipe, and whether what it learnt was kept by an earlier run.
async fn made(
    engine: &Engine,
    encoder: &Encoder,
    taxonomy: Arc<Taxonomy>,
    decisions: &[StoredDecision],
    keep: bool,
) -> Result<(Classifier, String, bool), ClassifierError> {
    let targets = targets(engine, taxonomy);
    let (categories, texts) = (targets.categories().len(), targets.texts());
    let hashes: Vec<Digest> = texts.iter().map(|text| Digest::of_bytes(text.as_bytes())).collect();
    let vectors = engine.store.vectors(encoder.recipe(), &hashes).await?;
    let vectors: HashMap<String, Vec<f32>> =
        texts.into_iter().zip(vectors).filter_map(|(text, vector)| Some((text, vector?))).collect();
    let (means, frequencies) = sample(engine, encoder.recipe(), keep).await?;
    let taught: Vec<&StoredDecision> =
        decisions.iter().filter(|stored| stored.decision.chosen_by != ChosenBy::Machine).collect();
    let keys: Vec<String> = taught.iter().map(|stored| stored.decision.product.to_string()).collect();
    let alike = tokio::task::block_in_place(|| encoder.compute(|| look_alikes(&taught, &keys)));
    let words: Vec<String> = taught.iter().map(|stored| product_words(&stored.values)).collect();
    let evidence: Vec<Evidence<'_>> = (0..taught.len())
        .map(|row| evidence(taught[row], &keys[row], &words[row], alike.group(row)))
        .collect();
    let input = BuildInput {
        targets,
        vectors: &vectors,
        means: &means,
        frequencies: &frequencies,
        evidence: &evidence,
        model_recipe: encoder.recipe(),
        parameters: Parameters::default(),
    };
    let recipe = recipe(&input);
    let dimensions = vectors.values().next().map_or(0, Vec::len);
    let kept = match engine.store.known_classifier(&recipe).await? {
        Some(version) => engine.store.training(version).await?,
        None => None,
    };
    let kept = kept.and_then(|bytes| match Trained::from_bytes(&bytes, categories, dimensions) {
        Ok(trained) => Some(trained),
        Err(error) => {
            tracing::warn!(%error, "training anew");
            None
        }
    });
    let known = kept.is_some();
    let classifier = tokio::task::block_in_place(|| {
        encoder.compute(|| match kept {
            Some(trained) => Classifier::with_trained(input, trained),
            None => Classifier::build(input),
        })
    })?;
    Ok((classifier, recipe, known))
}

fn look_alikes(taught: &[&StoredDecision], keys: &[String]) -> LookAlikes {
    let looks: Vec<Look<'_>> = taught
        .iter()
        .zip(keys)
        .map(|(stored, key)| Look {
            key,
            brand: stored.values.brand.as_deref(),
            title: stored.values.title.as_deref(),
            language: stored.values.language.as_ref(),
            vector: stored.vector.as_deref(),
        })
        .collect();
    LookAlikes::of(&looks)
}

/// A decision as the classifier learns from it.
fn evidence<'a>(stored: &'a StoredDecision, key: &'a str, text: &'a str, group: u64) -> Evidence<'a> {
    Evidence {
        key,
        category: stored.decision.category.as_ref(),
        vector: stored.vector.as_deref(),
        text,
        language: stored.values.language.as_ref(),
        supplier: Some(stored.decision.product.supplier.as_str()),
        supplier_category: &stored.values.supplier_category,
        group,
        at: stored.decision.at.as_microsecond(),
    }
}

/// The means and frequencies of the catalogue: taken when it is first categorised and again each time that it has doubled.
async fn sample(
    engine: &Engine,
    recipe: &str,
    keep: bool,
) -> Result<(ProductMeans, WordFrequencies), ClassifierError> {
    let count = engine.store.count_product_vectors(recipe).await?;
    let Some(doubling) = count.checked_ilog2() else {
        return Ok((ProductMeans::new(), WordFrequencies::new()));
    };
    if let Some(stored) = engine.store.catalogue_sample(recipe, doubling).await? {
        return Ok((serde_json::from_str(&stored.means)?, serde_json::from_str(&stored.words)?));
    }
    let (mut means, mut frequencies) = (ProductMeans::new(), WordFrequencies::new());
    for product in engine.store.sample_products(recipe, SAMPLE).await? {
        means.add(product.values.language.as_ref(), &product.vector);
        frequencies.add(&product_words(&product.values));
    }
    let sample = CatalogueSample {
        means: serde_json::to_string(&means)?,
        words: serde_json::to_string(&frequencies)?,
    };
    if keep {
        engine.store.put_catalogue_sample(recipe, doubling, &sample, engine.now()).await?;
    }
    // As the next run will read them, to the last bit.
    Ok((serde_json::from_str(&sample.means)?, serde_json::from_str(&sample.words)?))
}

#[cfg(test)]
mod tests;
