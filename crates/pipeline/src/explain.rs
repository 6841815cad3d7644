//! Why a product stands where it stands: everything that is remembered of it, in the order of the flow.

use berika_catalog::text::{PRODUCT_TEMPLATE, category_texts};
use berika_catalog::{
    CategoryId, Decision, Digest, Edits, Joined, Language, ProductKey, ProductState, ProductValues,
    Provenance, Taxonomy,
};
use berika_store::{
    Categorisation, DeliveryFilter, DeliveryRow, Standing, Store, StoreError, StoredDescription,
};
use serde::Serialize;

use crate::review::{Help, help, stored_ranking};

/// All that is remembered of a product.
#[derive(Debug, Clone, Serialize)]
pub struct Explanation {
    /// The product.
    pub product: String,
    /// Whether its supplier lists it.
    pub state: ProductState,
    /// The values that hold.
    pub values: ProductValues,
    /// Where each came from.
    pub provenance: Provenance,
    /// Which of them are taken from products that are the same article, and why.
    pub joined: Joined,
    /// What people set.
    pub edits: Edits,
    /// The product that it is part of, and those that are part of it.
    pub standing: Standing,
    /// The text that is embedded.
    pub text: Text,
    /// The person's decision, where there is one.
    pub decision: Option<Decision>,
    /// The category with its five candidates and reasons.
    pub category: Option<Category>,
    /// The deciding words of each candidate, the nearest products that people decided on, and the look-alikes.
    pub help: Option<Help>,
    /// The texts per language, each sentence with the fields it rests on.
    pub descriptions: Vec<StoredDescription>,
    /// The last version published, 0 where none was.
    pub version: i64,
    /// The last deliveries, newest first.
    pub deliveries: Vec<DeliveryRow>,
}

/// The text that is embedded.
#[derive(Debug, Clone, Serialize)]
pub struct Text {
    /// How it was composed.
    pub template: String,
    /// The text; empty where nothing is known, or no run has composed it yet.
    pub text: String,
}

/// A category as it is stored, with the word for its confidence.
#[derive(Debug, Clone, Serialize)]
pub struct Category {
    /// Verdict, category, confidence, candidates, reasons, recipe.
    #[serde(flatten)]
    pub stored: Categorisation,
    /// What kind of number the confidence is.
    pub confidence_kind: &'static str,
    /// The texts that the category, or else the best candidate, is compared by, in the product's language where there
    /// are such.
    pub texts: Vec<String>,
}

/// Explains a product by what the store remembers; `None` where there is no such product. The model is not needed.
///
/// # Errors
/// Any statement's failure.
pub async fn explain(
    store: &Store,
    taxonomy: Option<&Taxonomy>,
    key: &ProductKey,
) -> Result<Option<Explanation>, StoreError> {
    let Some(stored) = store.product(key).await? else { return Ok(None) };
    let values = stored.product.values();
    let text = store.text(stored.id).await?.map(|text| text.text).unwrap_or_default();
    let decision = match store.product_decision(key).await? {
        Some(id) => store.decision(id).await?,
        None => None,
    };
    let version = store.published(stored.id).await?.map_or(0, |(version, _)| version);
    let language = values.language.clone();
    let category = store.categorisation(stored.id).await?;
    let help = match (&category, taxonomy) {
        (Some(category), Some(taxonomy)) => {
            let named = taxonomy.languages();
            let shown = language.as_ref().filter(|language| named.contains(language)).or(named.first());
            let embedding = store.review_state().await?.map(|(_, embedding)| embedding).unwrap_or_default();
            let hash = Digest::of_bytes(text.as_bytes());
            let vector = store.vectors(&embedding, &[hash]).await?.pop().flatten();
            let ranking = stored_ranking(&category.candidates, category.confidence);
            match shown {
                Some(shown) => {
                    let about = (stored.id, key, &values);
                    Some(help(store, taxonomy, shown, &embedding, about, &ranking, vector.as_deref()).await?)
                }
                None => None,
            }
        }
        _ => None,
    };
    let category = category.map(|category| explained(category, taxonomy, language.as_ref()));
    let deliveries = DeliveryFilter { product: Some(key.clone()), limit: 10, ..DeliveryFilter::default() };
    Ok(Some(Explanation {
        product: key.to_string(),
        state: stored.product.state,
        provenance: stored.product.provenance,
        joined: stored.product.joined,
        edits: stored.product.edits,
        standing: store.standing(stored.id).await?,
        text: Text { template: PRODUCT_TEMPLATE.to_owned(), text },
        values,
        decision,
        category,
        help,
        descriptions: store.descriptions(stored.id).await?,
        version,
        deliveries: store.deliveries(&deliveries).await?,
    }))
}

fn explained(stored: Categorisation, taxonomy: Option<&Taxonomy>, language: Option<&Language>) -> Category {
    let best = stored.candidates.pointer("/0/id").and_then(serde_json::Value::as_str);
    let id = stored.category.as_deref().or(best).map(|id| CategoryId(id.to_owned()));
    let texts = taxonomy.zip(id).and_then(|(taxonomy, id)| {
        let named = taxonomy.languages();
        let language = language.filter(|language| named.contains(language)).or(named.first())?;
        Some(category_texts(taxonomy, taxonomy.index_of(&id)?, language))
    });
    Category { stored, confidence_kind: "calibrated", texts: texts.unwrap_or_default() }
}
