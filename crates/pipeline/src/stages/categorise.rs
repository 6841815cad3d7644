//! Vector → category.

use std::sync::Arc;

use berika_catalog::Taxonomy;
use berika_store::ROWS_PER_TRANSACTION;

use super::PAGE;
use crate::acceptance::Acceptance;
use crate::classifier::targets;
use crate::judge::{Judge, JudgeError, Light};
use crate::{Encoder, Engine};

/// The texts of the categories, which need vectors before anything can be compared.
pub(crate) fn category_texts(engine: &Engine, taxonomy: &Arc<Taxonomy>) -> Vec<String> {
    targets(engine, taxonomy.clone()).texts()
}

/// Categorises what is stale. Returns how many products, and what is accepted without a look.
pub(crate) async fn stage(
    engine: &Engine,
    run: &str,
    encoder: &Encoder,
    taxonomy: Arc<Taxonomy>,
) -> Result<(u64, Acceptance), JudgeError> {
    let decisions = engine.store.current_decisions(encoder.recipe(), &taxonomy.id).await?;
    let judge =
        Judge::of(engine, &engine.config, encoder, taxonomy.clone(), decisions, Light::Public).await?;
    let leaves: Vec<&str> = taxonomy.leaves().map(|leaf| taxonomy.categories()[leaf].id.as_str()).collect();

    let mut done = 0;
    let mut after = None;
    engine.progress.begin("category", None);
    while !engine.stopping() {
        let mut stale = engine
            .store
            .stale_categorisations(judge.recipe(), encoder.recipe(), &leaves, after, PAGE)
            .await?;
        let Some(last) = stale.last() else { break };
        after = Some(last.id);
        // A text without a vector is not categorised by accident as a product without a text.
        stale.retain(|stale| stale.vector.is_some() || stale.text.is_empty());
        let verdicts = judge.judge(encoder, &stale)?;
        let judged: Vec<_> = stale.into_iter().zip(verdicts).collect();
        for chunk in judged.chunks(ROWS_PER_TRANSACTION) {
            engine.store.put_categorisations(run, chunk).await?;
        }
        done += judged.len() as u64;
        engine.progress.advance("category", judged.len() as u64);
    }
    engine.progress.end("category");
    // With those that were drawn just now.
    let mut acceptance = judge.acceptance;
    acceptance.audits_open = engine.store.open_audits(&taxonomy.id).await?;
    Ok((done, acceptance))
}
