//! Which of a product's prices holds.

use rust_decimal::Decimal;

use super::catalogue::Catalogue;
use super::names::{all, child, date, text_of};
use crate::pairs::Pairs;
use crate::xml::Node;

/// Kinds of price, the one that holds for us first.
const PRICE_TYPES: [&str; 5] = ["net_customer", "net_customer_exp", "net_list", "gros_list", "nrp"];

/// Adds the price that was valid when the catalogue was made, of the kind that holds for us, for the smallest
/// quantity, and for one unit: a price for a hundred is divided.
pub(super) fn add<'t>(product: Node<'t>, catalogue: &'t Catalogue, pairs: &mut Pairs<'t>) {
    let details: Vec<Node<'t>> = all(product, "PRODUCT_PRICE_DETAILS").collect();
    let today = catalogue.date.as_deref();
    let is_valid = |details: &Node<'t>| {
        let (from, to) = (date(*details, "VALID_START_DATE"), date(*details, "VALID_END_DATE"));
        today.is_none_or(|today| from.is_none_or(|from| from <= today) && to.is_none_or(|to| today <= to))
    };
    let valid: Vec<Node<'t>> = details.iter().copied().filter(is_valid).collect();
    let details = if valid.is_empty() { details } else { valid };

    let prices = details.iter().flat_map(|details| all(*details, "PRODUCT_PRICE"));
    let prices = prices.filter_map(|price| text_of(price, "PRICE_AMOUNT").map(|amount| (price, amount)));
    let rank = |price: Node<'t>| {
        let kind = price.attribute("price_type").unwrap_or_default();
        let kind = PRICE_TYPES.iter().position(|known| *known == kind).unwrap_or(PRICE_TYPES.len());
        let from = text_of(price, "LOWER_BOUND").and_then(|bound| bound.parse().ok());
        (kind, from.unwrap_or(Decimal::ZERO))
    };
    let Some((price, amount)) = prices.min_by_key(|(price, _)| rank(*price)) else { return };
    let order = child(product, "PRODUCT_ORDER_DETAILS");
    let quantity = order.and_then(|order| text_of(order, "PRICE_QUANTITY"));
    match per_unit(amount, quantity) {
        Some(amount) => pairs.push("PRICE_AMOUNT", amount),
        None => pairs.push("PRICE_AMOUNT", amount),
    }
    // Whether tax is in it is the buyer's to know; the currency is not.
    let currency = text_of(price, "PRICE_CURRENCY").or(catalogue.currency.as_deref());
    pairs.values.extend(currency.map(|currency| ("PRICE_CURRENCY".into(), currency.into())));
}

/// The price of one where it is given for several.
fn per_unit(amount: &str, quantity: Option<&str>) -> Option<String> {
    let quantity: Decimal = quantity?.parse().ok()?;
    let amount: Decimal = amount.parse().ok()?;
    if quantity <= Decimal::ONE {
        return None;
    }
    Some(amount.checked_div(quantity)?.round_dp(6).normalize().to_string())
}
