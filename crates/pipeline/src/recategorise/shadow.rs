//! Products judged in the shadow, page by page: how each would stand, and whether that is a move.

use berika_catalog::CategoryId;
use berika_catalog::taxonomy_change::{Changed, Gone};
use berika_catalog::text::PRODUCT_TEMPLATE;
use berika_store::{
    Categorisation, ShadowPage, ShadowPart, ShadowProduct, StaleCategorisation, Store, StoreError, StoredText,
};
use tokio::sync::mpsc;

use super::plan::{Candidates, Judged, Move, NewText};
use super::planning::PlanError;
use super::selection::{Chosen, Look};
use super::tally::{Tally, standing};
use super::untouched;
use super::vectors::{PAGE, Texts};
use crate::Engine;
use crate::judge::Judge;

/// What products are judged by, and what becomes of their categories.
pub(crate) struct Shadow<'a> {
    /// What every stage works with.
    pub(crate) engine: &'a Engine,
    /// How texts are had.
    pub(crate) texts: Texts<'a>,
    /// Who judges.
    pub(crate) judge: &'a Judge,
    /// The change of the taxonomy, where there is one.
    pub(crate) changed: Option<&'a Changed>,
}

impl Shadow<'_> {
    /// Looks at all that was chosen. Returns the moves, in the order of keys.
    ///
    /// # Errors
    /// [`PlanError`].
    pub(crate) async fn look(&self, chosen: &Chosen, tally: &mut Tally) -> Result<Vec<Move>, PlanError> {
        // While one page is judged, the next one is read.
        let (send, mut pages) = mpsc::channel(1);
        let embedding = self.texts.encoder.recipe().to_owned();
        tokio::spawn(read(self.engine.store.clone(), embedding, chosen.looks.clone(), send));
        let mut moves = Vec::new();
        self.engine.progress.begin("shadow", None);
        while let Some(page) = pages.recv().await {
            if self.engine.stopping() {
                return Err(PlanError::Interrupted);
            }
            let mut page = page?;
            let count = page.len() as u64;
            page.retain(|product| chosen.holds(product));
            self.judge(page, tally, &mut moves).await?;
            self.engine.progress.advance("shadow", count);
        }
        self.engine.progress.end("shadow");
        Ok(moves)
    }

    async fn judge(
        &self,
        page: Vec<ShadowProduct>,
        tally: &mut Tally,
        moves: &mut Vec<Move>,
    ) -> Result<(), PlanError> {
        let mut judged = Vec::with_capacity(page.len());
        for product in page {
            let stays = self.gone(&product).is_none();
            let why = untouched::always(&product)
                .or_else(|| untouched::while_its_category_stays(&product).filter(|_| stays));
            match why {
                Some(why) => tally.untouched(&product, why),
                None => judged.push(product),
            }
        }
        let anew = self.texts.anew(&judged);
        let vectors = self.texts.vectors(self.engine, &mut judged, &anew).await?;
        let mut stale = Vec::with_capacity(judged.len());
        let mut kept = Vec::with_capacity(judged.len());
        for ((mut product, anew), vector) in judged.into_iter().zip(anew).zip(vectors) {
            let Some(text) = &product.text else { continue };
            let text = anew.as_ref().unwrap_or(&text.stored);
            let (text, input_hash) = (text.text.clone(), text.evidence_hash.clone());
            if vector.is_none() && !text.is_empty() {
                // As the category stage: it is not judged by accident as a product without a text.
                tally.untouched(&product, untouched::STALE);
                continue;
            }
            stale.push(StaleCategorisation {
                id: product.id,
                key: product.key.clone(),
                values: std::mem::take(&mut product.values),
                vector,
                text,
                input_hash,
                decision: product.decision,
            });
            kept.push((product, anew));
        }
        let verdicts = self.judge.judge(self.texts.encoder, &stale)?;
        for (((mut product, anew), stale), verdict) in kept.into_iter().zip(stale).zip(verdicts) {
            product.values = stale.values;
            match self.step(&product, anew, verdict) {
                Some(step) => {
                    tally.moved(&product, &step, self.gone(&product).is_some());
                    moves.push(step);
                }
                None => tally.unchanged(&product),
            }
        }
        Ok(())
    }

    /// What becomes of the category that a product stands in, where products cannot stay there.
    fn gone(&self, product: &ShadowProduct) -> Option<&Gone> {
        let category = CategoryId(product.standing.as_ref()?.category.clone()?);
        self.changed?.gone.get(&category)
    }

    /// The move of a product; `None` where it stands as it would be judged.
    fn step(
        &self,
        product: &ShadowProduct,
        anew: Option<StoredText>,
        verdict: Categorisation,
    ) -> Option<Move> {
        let from = standing(product)?;
        let mut to = judged(verdict);
        match self.gone(product) {
            Some(gone) => {
                if product.locked {
                    // No machine chooses for a product that a person locked.
                    (to.verdict, to.category, to.promise, to.audit) = ("review".to_owned(), None, None, None);
                    to.reasons.clear();
                }
                to.reasons.insert(0, gone.why.clone());
            }
            None => {
                let follows = |category| self.changed.and_then(|changed| changed.follows.get(category));
                let now = from.category.as_ref().map(|category| follows(category).unwrap_or(category));
                if from.verdict == to.verdict && now == to.category.as_ref() {
                    return None;
                }
            }
        }
        Some(Move {
            product: product.key.clone(),
            from,
            to,
            decision: product.decision,
            evidence: product.text.as_ref()?.stored.evidence_hash.clone(),
            text: anew.map(new_text),
        })
    }
}

fn judged(verdict: Categorisation) -> Judged {
    Judged {
        candidates: Candidates::from(&verdict.candidates),
        verdict: verdict.verdict,
        category: verdict.category.map(CategoryId),
        confidence: verdict.confidence,
        reasons: verdict.reasons,
        recipe: verdict.recipe,
        promise: verdict.promise,
        audit: verdict.audit,
    }
}

fn new_text(text: StoredText) -> NewText {
    let StoredText { text, text_hash, evidence_hash, facts_hash } = text;
    NewText { recipe: PRODUCT_TEMPLATE.to_owned(), text, text_hash, evidence_hash, facts_hash }
}

/// Reads page after page until nobody listens any more.
async fn read(
    store: Store,
    embedding: String,
    looks: Vec<Look>,
    send: mpsc::Sender<Result<Vec<ShadowProduct>, StoreError>>,
) {
    for look in looks {
        let mut after: Option<String> = None;
        loop {
            let page = ShadowPage {
                supplier: &look.supplier,
                after: after.as_deref(),
                categories: look.categories.as_deref(),
                part: ShadowPart::All,
                embedding: &embedding,
                template: PRODUCT_TEMPLATE,
                limit: PAGE,
            };
            let page = match store.shadow_products(&page).await {
                Ok(page) => page,
                Err(error) => {
                    send.send(Err(error)).await.ok();
                    return;
                }
            };
            let Some(last) = page.last().map(|last| last.key.sku.clone()) else { break };
            if send.send(Ok(page)).await.is_err() {
                return;
            }
            after = Some(last);
        }
    }
}
