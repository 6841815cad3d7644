//! The order of review, computed when what it follows from has changed, and stored: open audits, then the others.

use std::collections::BTreeMap;

use berika_classify::look_alikes::{Look, LookAlikes};
use berika_classify::review_order::{Decided, Waiting, review_order};
use berika_store::{DecidedProduct, QueuedProduct, ReviewQueue, StoreError, WaitingProduct};

use super::{first_two, stored_ranking, telling_text};
use crate::stages::PAGE;
use crate::{Encoder, Engine};

/// The most products that are ordered; those behind them have their turn when some of these are settled.
const MOST_WAITING: usize = 100_000;

/// How long the order is made, and how many audits stand before it. It is made anew after every run that changes something,
/// and its beginning is what counts.
const LONGEST: usize = 1_000;

/// Letters of a product's text that are compared word for word.
const MOST_LETTERS: usize = 300;

/// How much a price can change a product's weight, and by how much nothing in stock lowers it.
const PRICE_WEIGHT: std::ops::RangeInclusive<f64> = 0.5..=2.0;
const OUT_OF_STOCK: f64 = 0.5;

/// Computes and stores the order of review where it is no longer the right one. Returns how many products it holds.
pub(crate) async fn stage(engine: &Engine, encoder: &Encoder) -> Result<u64, StoreError> {
    let store = &engine.store;
    let seen = store.review_fingerprint(encoder.recipe()).await?;
    if store.review_state().await?.is_some_and(|(known, _)| known == seen) {
        return Ok(0);
    }
    let mut products: Vec<WaitingProduct> = Vec::new();
    while products.len() < MOST_WAITING && !engine.stopping() {
        let after = products.last().map(|last| last.id);
        let page = store.waiting_products(encoder.recipe(), after, PAGE).await?;
        if page.is_empty() {
            break;
        }
        products.extend(page);
    }
    if engine.stopping() {
        return Ok(0);
    }
    let decided = store.decided_products(encoder.recipe()).await?;
    let mut queue = tokio::task::block_in_place(|| encoder.compute(|| in_order(&products, &decided)));
    queue.seen = seen;
    encoder.recipe().clone_into(&mut queue.embedding);
    store.put_review_queue(&queue).await?;
    Ok(queue.products.len() as u64)
}

fn in_order(products: &[WaitingProduct], decided: &[DecidedProduct]) -> ReviewQueue {
    let keys: Vec<String> = products.iter().map(|product| product.key.to_string()).collect();
    let looks: Vec<Look<'_>> = products
        .iter()
        .zip(&keys)
        .map(|(product, key)| Look {
            key,
            brand: product.values.brand.as_deref(),
            title: product.values.title.as_deref(),
            language: product.values.language.as_ref(),
            vector: product.vector.as_deref(),
        })
        .collect();
    let alike = LookAlikes::of(&looks);
    let values = values(products);
    // A group's value is that of all its members together, and its leader speaks for it.
    let mut weights = vec![0.0; products.len()];
    for (row, value) in values.iter().enumerate() {
        weights[alike.leader(row)] += value;
    }
    // Each audit speaks for itself: the promise is watched by looking at what was drawn, not at what is like it.
    let audits: Vec<usize> = (0..products.len()).filter(|&row| products[row].audit).take(LONGEST).collect();
    let leaders: Vec<usize> =
        (0..products.len()).filter(|&row| alike.leader(row) == row && !products[row].audit).collect();
    let texts: Vec<String> = leaders.iter().map(|&row| shortened(&products[row])).collect();
    let waiting: Vec<Waiting<'_>> = leaders
        .iter()
        .zip(&texts)
        .map(|(&row, text)| Waiting {
            key: &keys[row],
            text,
            vector: products[row].vector.as_deref(),
            probabilities: first_two(&stored_ranking(&products[row].candidates, products[row].confidence)),
            weight: weights[row],
        })
        .collect();
    let known: Vec<String> = decided
        .iter()
        .map(|product| {
            [&product.brand, &product.title].into_iter().flatten().cloned().collect::<Vec<_>>().join(" ")
        })
        .collect();
    let audit_texts: Vec<String> = audits.iter().map(|&row| shortened(&products[row])).collect();
    // Audits are decided before the others have their turn.
    let known: Vec<Decided<'_>> = decided
        .iter()
        .zip(&known)
        .map(|(product, text)| Decided { text, vector: product.vector.as_deref() })
        .chain(
            audits
                .iter()
                .zip(&audit_texts)
                .map(|(&row, text)| Decided { text, vector: products[row].vector.as_deref() }),
        )
        .collect();
    let audits = audits.iter().map(|&row| {
        let [first, second] = first_two(&stored_ranking(&products[row].candidates, products[row].confidence));
        QueuedProduct { id: products[row].id, gain: 0.0, doubt: f64::from(1.0 - (first - second)) }
    });
    let turns = review_order(&waiting, &known, LONGEST).into_iter().map(|turn| QueuedProduct {
        id: products[leaders[turn.row]].id,
        gain: turn.gain,
        doubt: f64::from(turn.doubt),
    });
    let look_alikes = products
        .iter()
        .enumerate()
        .filter(|(row, _)| alike.size(*row) > 1)
        .map(|(row, product)| (product.id, alike.group(row)))
        .collect();
    ReviewQueue { products: audits.chain(turns).collect(), look_alikes, ..ReviewQueue::default() }
}

/// What each product is worth beside the others: the root of its price over the median price in its currency, within
/// bounds, and less where none is in stock. 1 where nothing is known.
fn values(products: &[WaitingProduct]) -> Vec<f64> {
    let price = |product: &WaitingProduct| {
        let money = product.values.price.as_ref()?;
        let amount: f64 = money.amount.to_string().parse().ok()?;
        (amount > 0.0).then(|| (money.currency.to_string(), amount))
    };
    let prices: Vec<Option<(String, f64)>> = products.iter().map(price).collect();
    let mut by_currency: BTreeMap<&str, Vec<f64>> = BTreeMap::new();
    for (currency, amount) in prices.iter().flatten() {
        by_currency.entry(currency).or_default().push(*amount);
    }
    for amounts in by_currency.values_mut() {
        amounts.sort_by(f64::total_cmp);
    }
    let median = |currency: &str| by_currency.get(currency).map_or(1.0, |amounts| amounts[amounts.len() / 2]);
    products
        .iter()
        .zip(&prices)
        .map(|(product, price)| {
            let worth = price.as_ref().map_or(1.0, |(currency, amount)| {
                (amount / median(currency)).sqrt().clamp(*PRICE_WEIGHT.start(), *PRICE_WEIGHT.end())
            });
            let none_left = product
                .values
                .stock
                .is_some_and(|stock| stock.to_string().trim_matches(['0', '.']).is_empty());
            if none_left { worth * OUT_OF_STOCK } else { worth }
        })
        .collect()
}

fn shortened(product: &WaitingProduct) -> String {
    telling_text(&product.values).chars().take(MOST_LETTERS).collect()
}
