//! Text → vector: products' texts and categories' texts alike, each text once.

use berika_catalog::Digest;
use berika_store::ROWS_PER_TRANSACTION;

use crate::{Encoder, Engine, RunError};

/// Texts embedded at once: enough to sort by length, few enough that a stop does not wait long.
const WINDOW: usize = ROWS_PER_TRANSACTION;

/// Embeds the texts that have no vector yet. Returns how many.
pub(crate) async fn stage(
    engine: &Engine,
    encoder: &Encoder,
    category_texts: Vec<String>,
) -> Result<u64, RunError> {
    let recipe = encoder.recipe();
    let keyed: Vec<(Digest, String)> =
        category_texts.into_iter().map(|text| (Digest::of_bytes(text.as_bytes()), text)).collect();
    let hashes: Vec<Digest> = keyed.iter().map(|(hash, _)| hash.clone()).collect();
    let known = engine.store.vectors(recipe, &hashes).await?;
    let missing: Vec<_> =
        keyed.into_iter().zip(known).filter(|(_, vector)| vector.is_none()).map(|(text, _)| text).collect();
    let total = missing.len() as u64 + engine.store.count_texts_without_vector(recipe).await?;
    if total == 0 {
        return Ok(0);
    }
    engine.progress.begin("vector", Some(total));
    let mut done = 0;
    for window in missing.chunks(WINDOW) {
        if engine.stopping() {
            break;
        }
        done += embed(engine, encoder, window.to_vec()).await?;
    }
    let mut after = None;
    while !engine.stopping() {
        let window = engine.store.texts_without_vector(recipe, after.as_ref(), WINDOW).await?;
        let Some((last, _)) = window.last() else { break };
        after = Some(last.clone());
        done += embed(engine, encoder, window).await?;
    }
    engine.progress.end("vector");
    Ok(done)
}

async fn embed(engine: &Engine, encoder: &Encoder, texts: Vec<(Digest, String)>) -> Result<u64, RunError> {
    let (hashes, texts): (Vec<Digest>, Vec<String>) = texts.into_iter().unzip();
    let vectors: Vec<_> = hashes.into_iter().zip(encoder.embed(texts).await?).collect();
    engine.store.put_vectors(encoder.recipe(), &vectors).await?;
    engine.progress.advance("vector", vectors.len() as u64);
    Ok(vectors.len() as u64)
}
