//! Category → description, in every market's language.

use berika_catalog::{CategoryId, Language, Taxonomy};
use berika_describe::generator::category_name;
use berika_describe::{Facts, Outcome, Request};
use berika_store::{ROWS_PER_TRANSACTION, StaleDescription, StoreError, StoredDescription};

use super::PAGE;
use crate::writers::{Voices, Writers};
use crate::{Engine, document};

/// Describes settled products whose description is stale. Returns how many descriptions were written or found
/// impossible.
pub(crate) async fn stage(
    engine: &Engine,
    run: &str,
    taxonomy: &Taxonomy,
    writers: &Writers,
    voices: &Voices,
) -> Result<u64, StoreError> {
    let mut done = 0;
    engine.progress.begin("description", None);
    for language in engine.config.languages() {
        let mut after = None;
        while !engine.stopping() {
            let mut stale = engine.store.stale_descriptions(language.as_str(), after, PAGE).await?;
            let Some(last) = stale.last() else { break };
            after = Some(last.id);
            while !stale.is_empty() && !engine.stopping() {
                let batch: Vec<_> = stale.drain(..stale.len().min(writers.batch())).collect();
                let described = describe(engine, taxonomy, writers, voices, batch, &language).await;
                for chunk in described.chunks(ROWS_PER_TRANSACTION) {
                    engine.store.put_descriptions(run, chunk).await?;
                }
                done += described.len() as u64;
                engine.progress.advance("description", described.len() as u64);
            }
        }
    }
    engine.progress.end("description");
    Ok(done)
}

/// What became of a batch, without those that the stop came before.
async fn describe(
    engine: &Engine,
    taxonomy: &Taxonomy,
    writers: &Writers,
    voices: &Voices,
    batch: Vec<StaleDescription>,
    language: &Language,
) -> Vec<(StaleDescription, StoredDescription)> {
    let facts: Vec<Facts> = batch.iter().map(|stale| Facts::of(&stale.values)).collect();
    let requests: Vec<Request<'_>> = batch
        .iter()
        .zip(&facts)
        .map(|(stale, facts)| {
            let category = stale.category.clone().and_then(|id| taxonomy.get(&CategoryId(id)));
            Request {
                values: &stale.values,
                facts,
                category: category.and_then(|category| category_name(category, language)),
                language,
                voice: voices.of(language),
            }
        })
        .collect();
    let outcomes = writers.describe(&requests, &engine.stop).await;
    drop(requests);
    let (recipe, now) = (writers.recipe(), engine.now());
    batch
        .into_iter()
        .zip(outcomes)
        .filter_map(|(stale, outcome)| {
            let (description, reason) = match outcome {
                Outcome::Described(description) => (Some(description), None),
                Outcome::NotDescribed(reason) if reason.is_stopped() => return None,
                Outcome::NotDescribed(reason) => (None, Some(reason.to_string())),
            };
            let stored = StoredDescription {
                language: language.to_string(),
                title: description.as_ref().map(|description| description.title.text.clone()),
                description: description.as_ref().map(document::stored),
                reason,
                recipe: recipe.clone(),
                written_at: Some(now),
            };
            Some((stale, stored))
        })
        .collect()
}
