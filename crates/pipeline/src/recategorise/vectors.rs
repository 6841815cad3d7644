//! The vectors that a plan is made from: stored ones where there are any, and the missing ones computed and kept, so that a
//! plan that was killed is gone on with by the next.

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

use berika_catalog::text::PRODUCT_TEMPLATE;
use berika_catalog::{Digest, Taxonomy};
use berika_store::{ShadowPage, ShadowPart, ShadowProduct, StoreError, StoredDecision, StoredText};
use rayon::iter::{IntoParallelRefIterator, ParallelIterator};

use super::planning::PlanError;
use super::selection::{Chosen, Look};
use super::untouched;
use crate::stages::categorise::category_texts;
use crate::stages::{embed, text};
use crate::{Encoder, Engine};

/// Products that are looked at together.
pub(crate) const PAGE: usize = 2000;

/// How products' texts are had.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Texts<'a> {
    /// The encoder that reads them.
    pub(crate) encoder: &'a Encoder,
    /// Whether it is another model than the stored texts were composed for.
    pub(crate) other_model: bool,
}

impl Texts<'_> {
    /// The texts of these products where they are composed anew and become others than are stored; `None` where the
    /// stored one holds.
    pub(crate) fn anew(&self, products: &[ShadowProduct]) -> Vec<Option<StoredText>> {
        let anew = |product: &ShadowProduct| {
            let stored = product.text.as_ref()?;
            if !self.other_model && stored.recipe == PRODUCT_TEMPLATE {
                return None;
            }
            let composed = text::compose(product.key.supplier.as_str(), &product.values, self.encoder);
            (composed != stored.stored || stored.recipe != PRODUCT_TEMPLATE).then_some(composed)
        };
        if !self.other_model
            && products.iter().all(|p| p.text.as_ref().is_none_or(|t| t.recipe == PRODUCT_TEMPLATE))
        {
            return vec![None; products.len()];
        }
        tokio::task::block_in_place(|| self.encoder.compute(|| products.par_iter().map(anew).collect()))
    }

    /// The products' vectors: of the stored text, or of the one composed anew.
    ///
    /// # Errors
    /// The store's.
    pub(crate) async fn vectors(
        &self,
        engine: &Engine,
        products: &mut [ShadowProduct],
        anew: &[Option<StoredText>],
    ) -> Result<Vec<Option<Vec<f32>>>, StoreError> {
        let hashes: Vec<Digest> = anew.iter().flatten().map(|text| text.text_hash.clone()).collect();
        let mut found = engine.store.vectors(self.encoder.recipe(), &hashes).await?.into_iter();
        let of = |(product, anew): (&mut ShadowProduct, &Option<StoredText>)| match anew {
            Some(_) => found.next().flatten(),
            None => product.text.as_mut()?.vector.take(),
        };
        Ok(products.iter_mut().zip(anew).map(of).collect())
    }
}

/// Computes the vectors that are missing: of the categories, of all products that a person decided on, and of the products
/// that are looked at. Returns how many.
///
/// # Errors
/// [`PlanError`]; what was computed up to then is kept.
pub(crate) async fn complete(
    engine: &Engine,
    texts: Texts<'_>,
    taxonomy: &Arc<Taxonomy>,
    chosen: &Chosen,
) -> Result<u64, PlanError> {
    let keyed = category_texts(engine, taxonomy).into_iter();
    let keyed: BTreeMap<Digest, String> =
        keyed.map(|text| (Digest::of_bytes(text.as_bytes()), text)).collect();
    let hashes: Vec<Digest> = keyed.keys().cloned().collect();
    let known = engine.store.vectors(texts.encoder.recipe(), &hashes).await?;
    let missing = keyed.into_iter().zip(known).filter(|(_, vector)| vector.is_none()).map(|(text, _)| text);
    let mut computed = compute(engine, texts.encoder, missing.collect()).await?;

    let everywhere: Vec<Look> = engine
        .store
        .suppliers_with_products()
        .await?
        .into_iter()
        .map(|supplier| Look { supplier, categories: None })
        .collect();
    // A text composed anew may have a vector where the stored one has none, and the other way round.
    let part = if texts.other_model { ShadowPart::All } else { ShadowPart::WithoutVector };
    for (looks, part) in [(everywhere.as_slice(), ShadowPart::Decided), (chosen.looks.as_slice(), part)] {
        for look in looks {
            let mut after = None;
            loop {
                let mut page = page(engine, texts.encoder, look, after.as_deref(), part).await?;
                let Some(last) = page.last() else { break };
                after = Some(last.key.sku.clone());
                page.retain(|product| part == ShadowPart::Decided || chosen.holds(product));
                computed += compute(engine, texts.encoder, without(engine, texts, page).await?).await?;
            }
        }
    }
    engine.progress.end("vector");
    Ok(computed)
}

/// A page of products with what `encoder` made of their stored texts.
pub(crate) async fn page(
    engine: &Engine,
    encoder: &Encoder,
    look: &Look,
    after: Option<&str>,
    part: ShadowPart,
) -> Result<Vec<ShadowProduct>, StoreError> {
    let page = ShadowPage {
        supplier: &look.supplier,
        after,
        categories: look.categories.as_deref(),
        part,
        embedding: encoder.recipe(),
        template: PRODUCT_TEMPLATE,
        limit: PAGE,
    };
    engine.store.shadow_products(&page).await
}

/// Texts of these products that have no vector, each once.
async fn without(
    engine: &Engine,
    texts: Texts<'_>,
    mut products: Vec<ShadowProduct>,
) -> Result<BTreeMap<Digest, String>, StoreError> {
    products.retain(|product| product.decision.is_some() || untouched::always(product).is_none());
    let anew = texts.anew(&products);
    let vectors = texts.vectors(engine, &mut products, &anew).await?;
    let text =
        |(product, anew): (ShadowProduct, Option<StoredText>)| anew.or(product.text.map(|text| text.stored));
    let missing = products.into_iter().zip(anew).map(text).zip(vectors);
    Ok(missing
        .filter_map(|(text, vector)| text.filter(|text| vector.is_none() && !text.text.is_empty()))
        .map(|text| (text.text_hash, text.text))
        .collect())
}

/// Computes and stores vectors.
async fn compute(
    engine: &Engine,
    encoder: &Encoder,
    texts: BTreeMap<Digest, String>,
) -> Result<u64, PlanError> {
    if engine.stopping() {
        return Err(PlanError::Interrupted);
    }
    if texts.is_empty() {
        return Ok(0);
    }
    engine.progress.begin("vector", None);
    let count = texts.len() as u64;
    let computed = embed::embed(engine, encoder, texts.into_iter().collect()).await?;
    embed::write(engine, encoder.recipe(), &computed).await?;
    if engine.stopping() {
        return Err(PlanError::Interrupted);
    }
    Ok(count)
}

/// Gives decisions the vectors of their products' texts composed anew, where these are others than are stored.
///
/// # Errors
/// The store's.
pub(crate) async fn of_decided(
    engine: &Engine,
    texts: Texts<'_>,
    decisions: &mut [StoredDecision],
) -> Result<(), StoreError> {
    let mut found: HashMap<i64, Vec<f32>> = HashMap::new();
    for supplier in engine.store.suppliers_with_products().await? {
        let look = Look { supplier, categories: None };
        let mut after = None;
        loop {
            let mut page = page(engine, texts.encoder, &look, after.as_deref(), ShadowPart::Decided).await?;
            let Some(last) = page.last() else { break };
            after = Some(last.key.sku.clone());
            let anew = texts.anew(&page);
            let vectors = texts.vectors(engine, &mut page, &anew).await?;
            for ((product, anew), vector) in page.iter().zip(anew).zip(vectors) {
                if let (Some(decision), Some(_), Some(vector)) = (product.decision, anew, vector) {
                    found.insert(decision, vector);
                }
            }
        }
    }
    for decision in decisions {
        if let Some(vector) = found.remove(&decision.id) {
            decision.vector = Some(vector);
        }
    }
    Ok(())
}
