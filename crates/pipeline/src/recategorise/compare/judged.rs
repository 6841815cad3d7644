//! Products as one model judges them.

use std::collections::{HashMap, HashSet};

use berika_catalog::text::product_words;
use berika_catalog::{CategoryId, ChosenBy, Digest, ProductValues, Taxonomy};
use berika_classify::{CrossFitted, Query};
use berika_evaluate::Outcome;
use berika_store::{ROWS_PER_TRANSACTION, StoredDecision};

use super::rows::{LabelledProduct, Names};
use super::{CompareError, Example};
use crate::judge::Judge;
use crate::{Encoder, Engine};

/// What stands for none of ours where a category is expected: no category is called so.
const NONE_OF_OURS: &str = "\u{0}";

/// A product as one model judges it.
#[derive(Debug, Clone)]
pub(super) struct JudgedRow {
    pub(super) key: String,
    pub(super) values: ProductValues,
    /// The right categories; empty where it belongs to none of ours.
    pub(super) right: Vec<CategoryId>,
    pub(super) candidates: Vec<CategoryId>,
    pub(super) confidence: f32,
    pub(super) accepted: bool,
}

impl JudgedRow {
    pub(super) fn is_right(&self) -> bool {
        self.candidates.first().is_some_and(|first| self.right.contains(first))
    }

    pub(super) fn outcome(&self) -> Outcome {
        let path = |id: &CategoryId| vec![id.to_string()];
        let mut truth: Vec<Vec<String>> = self.right.iter().map(path).collect();
        if truth.is_empty() {
            truth.push(vec![NONE_OF_OURS.to_owned()]);
        }
        Outcome {
            truth,
            candidates: self.candidates.iter().map(path).collect(),
            confidence: self.confidence,
            accepted: self.accepted,
            language: None,
        }
    }
}

/// A product on which the two disagree.
pub(super) fn example(first: &JudgedRow, second: &JudgedRow) -> Example {
    Example {
        product: first.key.clone(),
        title: first.values.title.clone(),
        right: first.right.clone(),
        first: first.candidates.first().cloned(),
        second: second.candidates.first().cloned(),
    }
}

/// Leaves what both have, in the order of the first.
pub(super) fn keep_shared(first: &mut Vec<JudgedRow>, second: &mut Vec<JudgedRow>) {
    let mut by_key: HashMap<String, JudgedRow> = second.drain(..).map(|row| (row.key.clone(), row)).collect();
    first.retain(|row| by_key.contains_key(&row.key));
    second.extend(first.iter().filter_map(|row| by_key.remove(&row.key)));
}

/// The decided audits, each as it would be ranked without the decision on it.
pub(super) fn audits(judge: &Judge, decisions: &[StoredDecision]) -> Vec<JudgedRow> {
    let fitted = fitted(judge);
    let drawn = decisions.iter().filter(|stored| stored.decision.chosen_by == ChosenBy::RandomAudit);
    let row = |stored: &StoredDecision| {
        let key = stored.decision.product.to_string();
        let ranked = fitted.get(key.as_str())?;
        let right = stored.decision.category.clone().into_iter().collect();
        Some(from_fitted(judge, ranked, stored.values.clone(), right))
    };
    drawn.filter_map(row).collect()
}

/// The products of a file: those that people decided on as they would be ranked without that, the others as they are.
/// Returns how many vectors were computed, too.
///
/// # Errors
/// [`CompareError`].
pub(super) async fn labelled(
    engine: &Engine,
    judge: &Judge,
    encoder: &Encoder,
    taxonomy: &Taxonomy,
    products: &[LabelledProduct],
    decisions: &[StoredDecision],
    notes: &mut Vec<String>,
) -> Result<(Vec<JudgedRow>, u64), CompareError> {
    let names = Names::of(taxonomy);
    let fitted = fitted(judge);
    let decided: HashSet<String> =
        decisions.iter().map(|stored| stored.decision.product.to_string()).collect();
    let (mut rows, mut ranked) = (Vec::new(), Vec::new());
    let (mut strange, mut unranked, mut seen) = (0, 0, HashSet::new());
    for product in products {
        let key = product
            .supplier
            .as_ref()
            .map_or_else(|| product.id.clone(), |supplier| format!("{supplier}/{}", product.id));
        let right = names.read(&product.truth);
        if right.is_empty() || !seen.insert(key.clone()) {
            strange += 1;
        } else if let Some(known) = fitted.get(key.as_str()) {
            rows.push(from_fitted(judge, known, product.values.clone(), right));
        } else if decided.contains(&key) {
            unranked += 1;
        } else {
            ranked.push((key, product, right));
        }
    }
    if strange > 0 {
        notes.push(format!(
            "{strange} rows are left out: twice in the file, or in no leaf of {}",
            taxonomy.id
        ));
    }
    if unranked > 0 {
        notes.push(format!("{unranked} rows are left out: the classifier has learnt from them"));
    }
    let texts: Vec<String> =
        ranked.iter().map(|(_, product, _)| encoder.product_text(&product.values)).collect();
    let (vectors, computed) = vectors(engine, encoder, &texts).await?;
    let words: Vec<String> = ranked.iter().map(|(_, product, _)| product_words(&product.values)).collect();
    let queries: Vec<Query<'_>> = (0..ranked.len())
        .map(|at| {
            let product = ranked[at].1;
            Query {
                vector: vectors[at].as_deref(),
                text: &words[at],
                language: product.values.language.as_ref(),
                supplier: product.supplier.as_deref(),
                supplier_category: &product.values.supplier_category,
            }
        })
        .collect();
    let rankings = tokio::task::block_in_place(|| encoder.compute(|| judge.classifier().rank(&queries)))?;
    for ((key, product, right), ranking) in ranked.into_iter().zip(rankings) {
        let candidates: Vec<CategoryId> = ranking.candidates.into_iter().map(|one| one.id).collect();
        rows.push(JudgedRow {
            accepted: ranking.outside.is_none() && accepts(judge, ranking.confidence, &candidates),
            key,
            values: product.values.clone(),
            right,
            candidates,
            confidence: ranking.confidence,
        });
    }
    Ok((rows, computed))
}

fn fitted(judge: &Judge) -> HashMap<&str, &CrossFitted> {
    judge.classifier().cross_fitted().iter().map(|fitted| (fitted.key.as_str(), fitted)).collect()
}

fn from_fitted(
    judge: &Judge,
    fitted: &CrossFitted,
    values: ProductValues,
    right: Vec<CategoryId>,
) -> JudgedRow {
    let candidates: Vec<CategoryId> = fitted.candidates.iter().map(|(id, _)| id.clone()).collect();
    JudgedRow {
        key: fitted.key.clone(),
        values,
        right,
        accepted: accepts(judge, fitted.confidence, &candidates),
        candidates,
        confidence: fitted.confidence,
    }
}

/// Whether it would be accepted without a look. That audits stopped it for the present model is not counted.
fn accepts(judge: &Judge, confidence: f32, candidates: &[CategoryId]) -> bool {
    let at = judge.acceptance.threshold();
    !candidates.is_empty() && at.is_some_and(|at| confidence >= at)
}

/// The vectors of these texts: stored ones where there are any, the others computed and stored.
async fn vectors(
    engine: &Engine,
    encoder: &Encoder,
    texts: &[String],
) -> Result<(Vec<Option<Vec<f32>>>, u64), CompareError> {
    let hashes: Vec<Digest> = texts.iter().map(|text| Digest::of_bytes(text.as_bytes())).collect();
    let mut found = engine.store.vectors(encoder.recipe(), &hashes).await?;
    let missing: Vec<usize> =
        (0..texts.len()).filter(|&at| found[at].is_none() && !texts[at].is_empty()).collect();
    for page in missing.chunks(ROWS_PER_TRANSACTION) {
        let wanted: Vec<String> = page.iter().map(|&at| texts[at].clone()).collect();
        let computed = encoder.embed(wanted, |_| {}).await;
        let computed =
            computed.map_err(|source| CompareError::Model { model: encoder.recipe().to_owned(), source })?;
        let rows: Vec<(&Digest, &[f32])> = page.iter().map(|&at| &hashes[at]).zip(computed.rows()).collect();
        engine.store.put_vectors(encoder.recipe(), &rows).await?;
        for (&at, vector) in page.iter().zip(computed.rows()) {
            found[at] = Some(vector.to_vec());
        }
    }
    Ok((found, missing.len() as u64))
}
