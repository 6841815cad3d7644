//! One decision, and what it settles.

use std::collections::{BTreeMap, BTreeSet};

use berika_catalog::{CategoryId, ChosenBy, Decision, ProductKey, Taxonomy};
use berika_classify::look_alikes::{Look, LookAlikes};
use berika_store::{Store, StoreError};
use jiff::Timestamp;

use crate::decisions_file::known;

/// Why a decision cannot be made.
#[derive(Debug, thiserror::Error)]
pub enum DecideError {
    /// There is no such product.
    #[error("there is no product {0} in the store")]
    NoProduct(ProductKey),
    /// The category is none to decide on.
    #[error("{0}")]
    Category(String),
    /// The memory.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// What a decision settled.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Settled {
    /// The products decided on, the one that was asked for first.
    pub products: Vec<ProductKey>,
    /// Look-alikes that were decided on before and stay as they are, with their category; `None`: none of ours.
    pub left: Vec<(ProductKey, Option<CategoryId>)>,
}

/// Decides that `product` belongs to `category`, or to none of ours, and its look-alikes with it if `with_look_alikes`.
/// A decision on a look-alike that was made before stays.
///
/// Whoever decides on one product has looked at it and chosen it: it counts as active review, and its look-alikes count as
/// decided along with it. Only a product that was drawn for audit is a random draw, and stays one when the decision on it
/// is corrected.
///
/// # Errors
/// [`DecideError`]; nothing is logged then.
#[expect(clippy::too_many_arguments, reason = "a decision says who, when, what, on what and why")]
pub async fn decide(
    store: &Store,
    taxonomy: &Taxonomy,
    product: &ProductKey,
    category: Option<CategoryId>,
    with_look_alikes: bool,
    by: &str,
    at: Timestamp,
    reason: Option<String>,
) -> Result<Settled, DecideError> {
    let stored = store.product(product).await?.ok_or_else(|| DecideError::NoProduct(product.clone()))?;
    if let Some(category) = &category {
        known(category, taxonomy).map_err(DecideError::Category)?;
    }
    let mut settled = Settled { products: vec![product.clone()], left: Vec::new() };
    if with_look_alikes {
        for other in store.look_alikes(stored.id).await? {
            if other.decided {
                settled.left.push((other.key, other.category));
            } else {
                settled.products.push(other.key);
            }
        }
    }
    // Who corrects or confirms a decision on a product that was drawn at random does not undo the draw: were only the
    // doubtful ones looked at again, what is left would look too good.
    let before = match store.product_decision(product).await? {
        Some(id) => store.decision(id).await?.map(|decision| decision.chosen_by),
        None => None,
    };
    let own = match before {
        _ if store.drawn_for_audit(product).await? => ChosenBy::RandomAudit,
        Some(ChosenBy::Import) => ChosenBy::Import,
        _ => ChosenBy::ActiveReview,
    };
    let at = Timestamp::from_millisecond(at.as_millisecond()).unwrap_or(at);
    let decisions: Vec<Decision> = settled
        .products
        .iter()
        .enumerate()
        .map(|(row, key)| Decision {
            product: key.clone(),
            category: category.clone(),
            taxonomy: taxonomy.id.clone(),
            taxonomy_version: taxonomy.version,
            by: by.to_owned(),
            at,
            run: None,
            reason: reason.clone(),
            chosen_by: if row == 0 { own } else { ChosenBy::LookAlikeGroup },
        })
        .collect();
    store.append_decisions(&decisions).await?;
    Ok(settled)
}

/// Decided products that look alike and were decided differently, at least one of them among `products`: a sentence a
/// group, at most `most`.
///
/// # Errors
/// Any statement's failure.
pub async fn look_alikes_at_odds(
    store: &Store,
    products: &BTreeSet<ProductKey>,
    most: usize,
) -> Result<Vec<String>, StoreError> {
    let embedding = store.review_state().await?.map(|(_, embedding)| embedding).unwrap_or_default();
    let decided = store.decided_products(&embedding).await?;
    let keys: Vec<String> = decided.iter().map(|product| product.key.to_string()).collect();
    let looks: Vec<Look<'_>> = decided
        .iter()
        .zip(&keys)
        .map(|(product, key)| Look {
            key,
            brand: product.brand.as_deref(),
            title: product.title.as_deref(),
            language: None,
            vector: product.vector.as_deref(),
        })
        .collect();
    let alike = LookAlikes::of(&looks);
    let mut groups: BTreeMap<&str, Vec<usize>> = BTreeMap::new();
    for row in 0..decided.len() {
        groups.entry(&keys[alike.leader(row)]).or_default().push(row);
    }
    let at_odds = groups.values().filter_map(|rows| {
        let asked = rows.iter().find(|&&row| products.contains(&decided[row].key))?;
        let other = rows.iter().find(|&&row| decided[row].category != decided[*asked].category)?;
        let said =
            |row: usize| decided[row].category.as_ref().map_or("none of ours", CategoryId::as_str).to_owned();
        Some(format!(
            "{} and {} look alike and are decided differently: {} and {}",
            keys[*asked],
            keys[*other],
            said(*asked),
            said(*other)
        ))
    });
    Ok(at_odds.take(most).collect())
}
