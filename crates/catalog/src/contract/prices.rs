//! The rule on price levels.

use rust_decimal::prelude::ToPrimitive;

use super::share::{median, percent};
use super::{Breach, PriceRatio, Profile, Rule, Sample, Terms};
use crate::DeliveryKind;

/// Fewer prices say nothing of a level.
const FEWEST: u64 = 10;
/// The factor that the prices of known products may move by.
const KNOWN_FACTOR: f64 = 1.5;
/// The same where nearly all of them move by one factor: VAT is in them now, or no longer.
const COMMON_FACTOR: f64 = 1.15;
/// How many are nearly all.
const COMMON_SHARE: f64 = 0.8;
/// A delta holds what changed: a campaign in it is no breach.
const DELTA_FACTOR: f64 = 3.0;
/// The factor that the median of all prices may move by, where few products are known.
const LEVEL_FACTOR: f64 = 5.0;

/// The middle one of a delivery's prices in a currency.
pub(super) fn median_of(sample: &Sample, currency: &str) -> f64 {
    let of = sample.prices().filter(|price| price.currency.as_str() == currency);
    median(&of.filter_map(|price| price.amount.to_f64()).collect::<Vec<f64>>()).unwrap_or_default()
}

/// Prices at another level, per currency.
pub(super) fn level(new: &Profile, terms: &Terms<'_>, found: &mut Vec<Breach>) {
    for (currency, prices) in &new.prices {
        let medians: Vec<f64> = terms
            .earlier
            .iter()
            .filter_map(|profile| profile.prices.get(currency))
            .filter(|prices| prices.products >= FEWEST && prices.median > 0.0)
            .map(|prices| prices.median)
            .collect();
        let Some(before) = median(&medians) else { continue };
        if prices.products < FEWEST || prices.median <= 0.0 {
            continue;
        }
        let known = new.known.as_ref().and_then(|known| known.price_ratios.get(currency));
        let moved = match known.filter(|ratio| ratio.products >= FEWEST) {
            Some(ratio) => known_moved(ratio, terms.kind).then_some((ratio.median, Some(ratio))),
            None => {
                let factor = prices.median / before;
                // A delta lists whatever changed: its median is no level.
                let full = terms.kind == DeliveryKind::Full;
                (full && beyond(factor, LEVEL_FACTOR)).then_some((factor, None))
            }
        };
        let Some((factor, ratio)) = moved else { continue };
        let of = match ratio {
            Some(ratio) if ratio.alike >= COMMON_SHARE => {
                format!(
                    "{} of the known products cost {} times what they did",
                    percent(ratio.alike),
                    times(factor)
                )
            }
            Some(_) => {
                format!("the known products cost {} times what they did, in the middle", times(factor))
            }
            None => format!("the price level is {} times the usual", times(factor)),
        };
        found.push(Breach {
            rule: Rule::PriceLevel,
            subject: format!("{currency} {}", if factor > 1.0 { "up" } else { "down" }),
            severity: factor.log10().abs(),
            reason: format!(
                "{of} (median of {}: {before:.2} -> {:.2} {currency}){}",
                deliveries(medians.len()),
                prices.median,
                hint(factor)
            ),
        });
    }
}

fn known_moved(ratio: &PriceRatio, kind: DeliveryKind) -> bool {
    match kind {
        DeliveryKind::Delta => beyond(ratio.median, DELTA_FACTOR),
        DeliveryKind::Full => {
            beyond(ratio.median, KNOWN_FACTOR)
                || (ratio.alike >= COMMON_SHARE && beyond(ratio.median, COMMON_FACTOR))
        }
    }
}

/// Whether a factor lies further from 1 than this, upwards or downwards.
fn beyond(factor: f64, limit: f64) -> bool {
    factor > limit || factor < 1.0 / limit
}

/// What makes prices move by such a factor, where something well known does.
fn hint(factor: f64) -> &'static str {
    let near = |common: f64| (factor / common - 1.0).abs() < 0.2;
    if near(100.0) {
        ": perhaps öre or cents for the currency's main unit"
    } else if near(0.01) {
        ": perhaps the main unit for öre or cents"
    } else if [10.0, 0.1, 1_000.0, 0.001].into_iter().any(near) {
        ": perhaps a decimal sign or a separator of thousands is misread"
    } else if (1.18..1.26).contains(&factor) {
        ": perhaps with VAT now"
    } else if (1.0 / 1.26..1.0 / 1.18).contains(&factor) {
        ": perhaps without VAT now"
    } else {
        ""
    }
}

fn times(factor: f64) -> String {
    if factor >= 10.0 {
        format!("{factor:.0}")
    } else if factor >= 0.1 {
        format!("{factor:.2}")
    } else {
        format!("{factor:.4}")
    }
}

fn deliveries(count: usize) -> String {
    if count == 1 { "the last delivery".to_owned() } else { format!("the last {count} deliveries") }
}
