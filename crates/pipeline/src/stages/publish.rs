//! Description → published document, with its outbox rows in the same transaction.

use berika_catalog::{ProductState, Taxonomy};
use berika_store::{Publication, ROWS_PER_TRANSACTION, StalePublication, StoreError};

use super::PAGE;
use crate::document::{compose, joined, put_aside, retired};
use crate::{Engine, event};

/// Publishes products that changed and are settled. Returns how many new versions there are.
pub(crate) async fn stage(engine: &Engine, taxonomy: &Taxonomy) -> Result<u64, StoreError> {
    let endpoints: Vec<String> = engine.config.endpoints.iter().map(|e| e.id.clone()).collect();
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
                let publication = decide(engine, taxonomy, &stale);
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

fn decide(engine: &Engine, taxonomy: &Taxonomy, stale: &StalePublication) -> Publication {
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
        return match stale.published.as_ref().and_then(retired) {
            Some(document) => Publication::Version { document, event: event::PRODUCT_RETIRED },
            None => Publication::Nothing,
        };
    }
    let structured = engine.config.descriptions.structured;
    match compose(stale, taxonomy, &engine.config.languages(), structured).or_else(|| put_aside(stale)) {
        Some(document) if stale.published.as_ref() != Some(&document) => {
            Publication::Version { document, event: event::PRODUCT_ENRICHED }
        }
        _ => Publication::Nothing,
    }
}
