//! What a job will cost, said before it begins.

use std::fmt;

use berika_describe::{Facts, Request};
use berika_pipeline::writers::Writers;
use serde::Serialize;

use super::writing::Setup;
use super::{Args, ProductsFile, requests_of};
use crate::json_lines::JsonLines;

/// So many products are looked at; the others are taken to be like them.
const SAMPLE: usize = 200;

/// What is expected of a job.
#[derive(Debug, Serialize)]
pub(super) struct Forecast {
    /// Products times languages.
    descriptions: u64,
    /// Tokens expected, those of the budget at most.
    tokens: u64,
    /// Money expected, in the currency of the prices; 0 where there are none.
    money: String,
    currency: Option<String>,
    /// The most that will be spent.
    budget_tokens: Option<u64>,
    budget_money: Option<String>,
}

/// The forecast of a job; `None` where nobody is paid.
pub(super) fn of(args: &Args, setup: &Setup, writers: &Writers) -> anyhow::Result<Option<Forecast>> {
    let products = ProductsFile::open(&args.input)?.next(SAMPLE)?;
    let facts: Vec<Facts> = products.iter().map(|product| Facts::of(&product.values)).collect();
    let requests = requests_of(&products, &facts, &args.languages, &setup.voices);
    let requests: Vec<Request<'_>> = requests.map(|(_, request)| request).collect();
    let Some(estimate) = writers.estimate(&requests).filter(|_| !products.is_empty()) else {
        return Ok(None);
    };
    let (mut file, mut lines) = (JsonLines::open(&args.input)?, 0_u64);
    while file.next()?.is_some() {
        lines += 1;
    }
    let (seen, budget) = (products.len() as u64, setup.budget());
    let tokens = estimate.expected.tokens.saturating_mul(lines) / seen;
    let money =
        estimate.expected.money * rust_decimal::Decimal::from(lines) / rust_decimal::Decimal::from(seen);
    Ok(Some(Forecast {
        descriptions: lines * args.languages.len() as u64,
        tokens: budget.tokens.map_or(tokens, |most| most.min(tokens)),
        money: budget.money.map_or(money, |most| most.min(money)).round_dp(4).to_string(),
        currency: budget.currency().map(ToString::to_string),
        budget_tokens: budget.tokens,
        budget_money: budget.money.map(|money| money.to_string()),
    }))
}

impl fmt::Display for Forecast {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "about {} tokens", self.tokens)?;
        if let Some(currency) = &self.currency {
            write!(f, ", {} {currency},", self.money)?;
        }
        write!(f, " are expected for {} descriptions", self.descriptions)?;
        match (self.budget_tokens, &self.budget_money) {
            (None, None) => write!(f, "; no budget is set"),
            (Some(tokens), None) => write!(f, "; never more than {tokens} tokens"),
            (None, Some(money)) => write!(f, "; never more than {money}"),
            (Some(tokens), Some(money)) => write!(f, "; never more than {tokens} tokens or {money}"),
        }
    }
}
