//! Text → vector: products' texts and categories' texts alike, each text once.

use std::cmp::Reverse;

use berika_catalog::Digest;
use berika_embed::Vectors;
use berika_store::{ROWS_PER_TRANSACTION, StoreError};

use crate::report::TextCounts;
use crate::{Encoder, Engine, RunError};

/// Texts read and written together: enough to find texts of like length among them, few enough that memory does not grow
/// with the catalogue.
const PAGE: usize = 4096;

/// Bytes of text that each thread is given between two looks at the stop: several forward passes, and seconds at most on a
/// slow machine.
const SLICE_OF_THREAD: usize = 16 << 10;

/// Texts with the hashes that their vectors are stored under.
pub(crate) type Page = Vec<(Digest, String)>;

/// Vectors with the hashes that they are stored under.
pub(crate) type Computed = Vec<(Vec<Digest>, Vectors)>;

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
    let mut computed = Computed::new();
    while !page.is_empty() && !engine.stopping() {
        // While one page is computed, the one before is written and the next one read.
        (computed, (), page) = tokio::try_join!(
            embed(engine, encoder, page),
            async { Ok(write(engine, recipe, &computed).await?) },
            async { Ok(next_page(engine, recipe, &mut missing, &mut after).await?) },
        )?;
        counts.embedded += computed.iter().map(|(hashes, _)| hashes.len() as u64).sum::<u64>();
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
    Ok(rows)
}

/// Embeds a page slice by slice, and no further slice once the run is to end.
///
/// # Errors
/// The model's.
pub(crate) async fn embed(engine: &Engine, encoder: &Encoder, page: Page) -> Result<Computed, RunError> {
    let mut computed = Computed::new();
    for slice in slices(page, SLICE_OF_THREAD * encoder.threads()) {
        if engine.stopping() {
            break;
        }
        let (hashes, texts) = slice.into_iter().unzip();
        let progress = engine.progress.clone();
        let mut before = 0;
        let tell = move |done: usize| {
            progress.advance("vector", (done - before) as u64);
            before = done;
        };
        computed.push((hashes, encoder.embed(texts, tell).await?));
    }
    Ok(computed)
}

/// The texts of a page, longest first, in slices that end with the text that makes them `bytes` long.
fn slices(mut page: Page, bytes: usize) -> Vec<Page> {
    page.sort_by_key(|(_, text)| Reverse(text.len()));
    let mut rest = page.into_iter().peekable();
    let slice = || {
        rest.peek()?;
        let mut taken = 0;
        let mut more = |(_, text): &(Digest, String)| {
            let more = taken < bytes;
            taken += text.len();
            more
        };
        Some(std::iter::from_fn(|| rest.next_if(&mut more)).collect())
    };
    std::iter::from_fn(slice).collect()
}

/// Stores what was computed.
///
/// # Errors
/// Any statement's failure.
pub(crate) async fn write(engine: &Engine, recipe: &str, computed: &Computed) -> Result<(), StoreError> {
    let rows: Vec<(&Digest, &[f32])> =
        computed.iter().flat_map(|(hashes, vectors)| hashes.iter().zip(vectors.rows())).collect();
    for chunk in rows.chunks(ROWS_PER_TRANSACTION) {
        engine.store.put_vectors(recipe, chunk).await?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn slices_hold_every_text_once_longest_first_and_end_where_they_are_long_enough() {
        let page = |lengths: &[usize]| -> Page {
            lengths.iter().map(|length| (Digest::of_bytes(b""), "x".repeat(*length))).collect()
        };
        let lengths = |slices: Vec<Page>| -> Vec<Vec<usize>> {
            slices.iter().map(|slice| slice.iter().map(|(_, text)| text.len()).collect()).collect()
        };
        assert_eq!(lengths(slices(page(&[1, 9, 3, 30, 2, 5]), 10)), [vec![30], vec![9, 5], vec![3, 2, 1]]);
        assert_eq!(lengths(slices(page(&[0, 4, 0]), 10)), [vec![4, 0, 0]]);
        assert!(slices(Page::new(), 10).is_empty());
    }
}
