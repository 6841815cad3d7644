//! Description → published document, with its outbox rows in the same transaction.

use berika_catalog::{Document, ProductState, Taxonomy};
use berika_store::{Publication, ROWS_PER_TRANSACTION, StalePublication, StoreError};

use super::PAGE;
use crate::document::{FormerCategories, compose, followed, joined, put_aside, retired};
use crate::{Engine, event};

/// Publishes products that changed and are settled. Returns how many new versions there are.
pub(crate) async fn stage(engine: &Engine, taxonomy: &Taxonomy) -> Result<u64, StoreError> {
    let endpoints: Vec<String> = engine.config.endpoints.iter().map(|e| e.id.clone()).collect();
    let former = FormerCategories {
        names: engine.store.category_names(&taxonomy.id).await?,
        gone: engine.store.gone_categories(&taxonomy.id).await?,
    };
    let mut published = 0;
    let mut after = None;
    engine.progress.begin("publish", None);
    while !engine.stopping() {
        let stale = engine.store.stale_publications(after, PAGE).await?;
        let Some(last) = stale.last() else { break };
        after = Some(last.id);
        let batch: Vec<_> = stale
            .into_iter()
            .map(|stale| {
                let publication = decide(engine, taxonomy, &former, &stale);
                (stale, publication)
            })
            .collect();
        for chunk in batch.chunks(ROWS_PER_TRANSACTION) {
            let now = engine.now();
            let mut new_id = || engine.with_ids(|ids| ids.next("msg", now));
            let outcome = engine.store.publish(&endpoints, chunk, &mut new_id, now).await?;
            published += outcome.published;
            engine.progress.advance("publish", outcome.published);
        }
    }
    engine.progress.end("publish");
    Ok(published)
}

fn decide(
    engine: &Engine,
    taxonomy: &Taxonomy,
    former: &FormerCategories,
    stale: &StalePublication,
) -> Publication {
    // Also of one that is retired: what it was is still to be had.
    if stale.joined_into.is_some() {
        return match joined(stale) {
            Some(document) if stale.published.as_ref() != Some(&document) => {
                Publication::Version { document, event: event::PRODUCT_JOINED }
            }
            _ => Publication::Nothing,
        };
    }
    if stale.product.state == ProductState::Retired {
        return match retired(stale, taxonomy, former) {
            Some(document) if stale.published.as_ref() != Some(&document) => {
                Publication::Version { document, event: event::PRODUCT_RETIRED }
            }
            _ => Publication::Nothing,
        };
    }
    let structured = engine.config.descriptions.structured;
    let composed = compose(stale, taxonomy, &engine.config.languages(), structured);
    match composed.or_else(|| unsettled(taxonomy, former, stale)) {
        Some(document) if stale.published.as_ref() != Some(&document) => {
            Publication::Version { document, event: event::PRODUCT_ENRICHED }
        }
        _ => Publication::Nothing,
    }
}

/// What is published of a product of which nothing new is settled, as it is to be said now.
fn unsettled(taxonomy: &Taxonomy, former: &FormerCategories, stale: &StalePublication) -> Option<Document> {
    let by_person =
        stale.categorisation.as_ref().is_some_and(|c| c.verdict == "reject" && c.decision.is_some());
    let followed = if by_person { None } else { followed(stale, taxonomy, former) };
    followed.or_else(|| put_aside(stale, taxonomy))
}
