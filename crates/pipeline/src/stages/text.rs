//! Product → text.

use berika_catalog::text::{PRODUCT_TEMPLATE, evidence_digest, facts_digest};
use berika_catalog::{Digest, ProductValues};
use berika_store::{ROWS_PER_TRANSACTION, StaleText, StoreError, StoredText};
use rayon::iter::{IntoParallelIterator, ParallelIterator};

use crate::{Encoder, Engine};

use super::PAGE;

/// Composes the texts that are stale. Returns how many.
pub(crate) async fn stage(engine: &Engine, encoder: &Encoder) -> Result<u64, StoreError> {
    let mut done = 0;
    let mut after = None;
    engine.progress.begin("text", None);
    while !engine.stopping() {
        let stale = engine.store.stale_texts(after, PAGE).await?;
        let Some(last) = stale.last() else { break };
        after = Some(last.id);
        // Finding where the model's limit cuts a text means tokenising it.
        let composed = |stale: StaleText| {
            let values = stale.product.values();
            let supplier = stale.product.key.supplier.as_str();
            (stale.id, stale.input_hash, compose(supplier, &values, encoder))
        };
        let texts: Vec<_> =
            tokio::task::block_in_place(|| encoder.compute(|| stale.into_par_iter().map(composed).collect()));
        for chunk in texts.chunks(ROWS_PER_TRANSACTION) {
            engine.store.put_texts(PRODUCT_TEMPLATE, chunk).await?;
        }
        done += texts.len() as u64;
        engine.progress.advance("text", texts.len() as u64);
    }
    engine.progress.end("text");
    Ok(done)
}

/// A product's text with the hashes that later stages compare.
pub(crate) fn compose(supplier: &str, values: &ProductValues, encoder: &Encoder) -> StoredText {
    let text = encoder.product_text(values);
    StoredText {
        text_hash: Digest::of_bytes(text.as_bytes()),
        evidence_hash: evidence_digest(supplier, values, &text),
        facts_hash: facts_digest(values),
        text,
    }
}
