//! Category → description, in every market's language.

use berika_catalog::{CategoryId, Language, Taxonomy};
use berika_describe::generator::category_name;
use berika_describe::{Facts, Outcome, Request, Voice, compose, composer};
use berika_store::{ROWS_PER_TRANSACTION, StaleDescription, StoreError, StoredDescription};

use super::PAGE;
use crate::Engine;

/// Describes settled products whose description is stale. Returns how many descriptions were written or found
/// impossible.
pub(crate) async fn stage(engine: &Engine, run: &str, taxonomy: &Taxonomy) -> Result<u64, StoreError> {
    let mut done = 0;
    engine.progress.begin("description", None);
    for language in engine.config.languages() {
        let mut after = None;
        while !engine.stopping() {
            let stale = engine.store.stale_descriptions(language.as_str(), after, PAGE).await?;
            let Some(last) = stale.last() else { break };
            after = Some(last.id);
            let described: Vec<_> = tokio::task::block_in_place(|| {
                stale
                    .into_iter()
                    .map(|stale| {
                        let description = describe(taxonomy, &stale, &language);
                        (stale, description)
                    })
                    .collect()
            });
            for chunk in described.chunks(ROWS_PER_TRANSACTION) {
                engine.store.put_descriptions(run, chunk).await?;
            }
            done += described.len() as u64;
            engine.progress.advance("description", described.len() as u64);
        }
    }
    engine.progress.end("description");
    Ok(done)
}

fn describe(taxonomy: &Taxonomy, stale: &StaleDescription, language: &Language) -> StoredDescription {
    let category = stale.category.clone().and_then(|id| taxonomy.get(&CategoryId(id)));
    let request = Request {
        values: &stale.values,
        facts: &Facts::of(&stale.values),
        category: category.and_then(|category| category_name(category, language)),
        language,
        voice: &Voice::default(),
    };
    let (title, short, reason, sentences) = match compose(&request) {
        Outcome::Described(description) => {
            let sentences = serde_json::json!({
                "title": description.title.sentences.into_iter().flat_map(|s| s.fields).collect::<Vec<_>>(),
                "short": description.short.sentences,
                "left_out": description.left_out,
            });
            (Some(description.title.text), Some(description.short.text), None, sentences)
        }
        Outcome::NotDescribed(reason) => (None, None, Some(reason.to_string()), serde_json::json!({})),
    };
    StoredDescription {
        language: language.to_string(),
        title,
        short,
        reason,
        sentences,
        recipe: composer::RECIPE.to_owned(),
    }
}
