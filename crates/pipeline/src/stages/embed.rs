//! Text → vector: products' texts and categories' texts alike, each text once.

use berika_catalog::Digest;
use berika_embed::Vectors;
use berika_store::{ROWS_PER_TRANSACTION, StoreError};

use crate::report::TextCounts;
use crate::{Encoder, Engine, RunError};

/// Texts embedded together: enough to keep every thread busy with texts of like length, few enough that a stop does not
/// wait long and that memory does not grow with the catalogue.
const PAGE: usize = 4096;

/// Texts with the hashes that their vectors are stored under.
#[derive(Default)]
struct Page {
    hashes: Vec<Digest>,
    texts: Vec<String>,
}

/// Embeds the texts that have no vector yet.
pub(crate) async fn stage(
    engine: &Engine,
    encoder: &Encoder,
    category_texts: Vec<String>,
) -> Result<TextCounts, RunError> {
    let recipe = encoder.recipe();
    let keyed: Vec<(Digest, String)> =
        category_texts.into_iter().map(|text| (Digest::of_bytes(text.as_bytes()), text)).collect();
    let hashes: Vec<Digest> = keyed.iter().map(|(hash, _)| hash.clone()).collect();
    let known = engine.store.vectors(recipe, &hashes).await?;
    let categories = keyed.len() as u64;
    let mut missing: Vec<(Digest, String)> =
        keyed.into_iter().zip(known).filter(|(_, vector)| vector.is_none()).map(|(text, _)| text).collect();
    let products = engine.store.count_texts(recipe).await?;
    let mut counts = TextCounts {
        wanted: products.texts + categories,
        equal: products.texts - products.different,
        reused: products.with_vector + categories - missing.len() as u64,
        embedded: 0,
    };
    let total = missing.len() as u64 + engine.store.count_texts_without_vector(recipe).await?;
    if total == 0 {
        return Ok(counts);
    }
    engine.progress.begin("vector", Some(total));
    let mut after = None;
    let mut page = next_page(engine, recipe, &mut missing, &mut after).await?;
    let mut computed = (Vec::new(), Vectors::default());
    while !page.texts.is_empty() && !engine.stopping() {
        let Page { hashes, texts } = page;
        counts.embedded += texts.len() as u64;
        // While one page is computed, the one before is written and the next one read.
        let vectors;
        (vectors, (), page) = tokio::try_join!(
            embed(engine, encoder, texts),
            async { Ok(write(engine, recipe, &computed).await?) },
            async { Ok(next_page(engine, recipe, &mut missing, &mut after).await?) },
        )?;
        computed = (hashes, vectors);
    }
    write(engine, recipe, &computed).await?;
    engine.progress.end("vector");
    Ok(counts)
}

/// The categories' texts that are left, then products' texts behind `after`, which moves on.
async fn next_page(
    engine: &Engine,
    recipe: &str,
    categories: &mut Vec<(Digest, String)>,
    after: &mut Option<Digest>,
) -> Result<Page, StoreError> {
    let mut rows = categories.split_off(categories.len().saturating_sub(PAGE));
    if rows.len() < PAGE {
        let more = engine.store.texts_without_vector(recipe, after.as_ref(), PAGE - rows.len()).await?;
        if let Some((last, _)) = more.last() {
            *after = Some(last.clone());
        }
        rows.extend(more);
    }
    let (hashes, texts) = rows.into_iter().unzip();
    Ok(Page { hashes, texts })
}

async fn embed(engine: &Engine, encoder: &Encoder, texts: Vec<String>) -> Result<Vectors, RunError> {
    let progress = engine.progress.clone();
    let mut before = 0;
    let tell = move |done: usize| {
        progress.advance("vector", (done - before) as u64);
        before = done;
    };
    Ok(encoder.embed(texts, tell).await?)
}

async fn write(
    engine: &Engine,
    recipe: &str,
    (hashes, vectors): &(Vec<Digest>, Vectors),
) -> Result<(), StoreError> {
    let rows: Vec<(&Digest, &[f32])> = hashes.iter().zip(vectors.rows()).collect();
    for chunk in rows.chunks(ROWS_PER_TRANSACTION) {
        engine.store.put_vectors(recipe, chunk).await?;
    }
    Ok(())
}
