//! What a job may take, in tokens and money, and what it will take.

use berika_catalog::Currency;
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};

use super::tokens::{answer_about, prompt_about, prompt_most};
use crate::model::{Prompt, Usage};

/// No price is higher, so that no sum is beyond what a decimal holds.
const PRICE_MOST: Decimal = Decimal::from_parts(1_000_000, 0, 0, false, 0);

/// What may be taken.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Budget {
    /// The most tokens, of prompts and answers together.
    pub tokens: Option<u64>,
    /// The most money, in the currency of the prices.
    pub money: Option<Decimal>,
    /// What tokens cost: needed where money is bounded.
    pub prices: Option<Prices>,
}

/// What a million tokens cost.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Prices {
    /// The currency of both.
    pub currency: Currency,
    /// For prompts.
    pub prompt: Decimal,
    /// For answers.
    pub output: Decimal,
}

/// Tokens and what they cost.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Cost {
    /// Of prompts and answers together.
    pub tokens: u64,
    /// In the currency of the prices; 0 where there are none.
    pub money: Decimal,
}

/// What a job will take.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Estimate {
    /// Prompts.
    pub calls: u64,
    /// As examples and usual tokens go, each prompt sent once.
    pub expected: Cost,
    /// No more than this: every prompt tried as often as it may be, a byte a token, answers as long as they may be; and
    /// never more than the budget.
    pub most: Cost,
}

/// A budget that cannot be kept to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum BudgetError {
    /// Nobody can count it.
    #[error(
        "the budget bounds money but gives no prices: give what a million tokens of prompts and answers cost"
    )]
    NoPrices,
    /// Less than nothing, or more than anybody asks.
    #[error("a price or an amount of the budget is below 0 or above 1000000 a million tokens")]
    Amount,
}

impl Budget {
    /// Whether it can be kept to.
    ///
    /// # Errors
    /// [`BudgetError`].
    pub fn check(&self) -> Result<(), BudgetError> {
        let prices = self.prices.iter().flat_map(|prices| [prices.prompt, prices.output]);
        if self.money.is_some() && self.prices.is_none() {
            return Err(BudgetError::NoPrices);
        }
        let wrong = |amount: Decimal| amount < Decimal::ZERO;
        if self.money.is_some_and(wrong) || prices.into_iter().any(|price| wrong(price) || price > PRICE_MOST)
        {
            return Err(BudgetError::Amount);
        }
        Ok(())
    }

    /// What this usage costs.
    pub fn cost(&self, usage: Usage) -> Cost {
        let of = |tokens: u64, price: Decimal| {
            Decimal::from(tokens).saturating_mul(price).saturating_mul(Decimal::new(1, 6))
        };
        let money = self.prices.as_ref().map_or(Decimal::ZERO, |prices| {
            of(usage.prompt_tokens, prices.prompt).saturating_add(of(usage.output_tokens, prices.output))
        });
        Cost { tokens: usage.total(), money }
    }

    /// The most that sending a prompt once can cost.
    pub fn most(&self, prompt: &Prompt) -> Cost {
        self.cost(Usage { prompt_tokens: prompt_most(prompt), output_tokens: u64::from(prompt.answer_most) })
    }

    /// What a job of these prompts will take, where each is tried `tries` times at most.
    pub fn estimate<'a>(&self, prompts: impl IntoIterator<Item = &'a Prompt>, tries: u32) -> Estimate {
        let mut estimate = Estimate::default();
        for prompt in prompts {
            estimate.calls += 1;
            let likely = Usage { prompt_tokens: prompt_about(prompt), output_tokens: answer_about(prompt) };
            estimate.expected = estimate.expected.plus(self.cost(likely));
            let most = self.most(prompt);
            estimate.most = estimate.most.plus(Cost {
                tokens: most.tokens.saturating_mul(u64::from(tries)),
                money: most.money.saturating_mul(tries.into()),
            });
        }
        estimate.expected = self.within(estimate.expected);
        estimate.most = self.within(estimate.most);
        estimate
    }

    /// Whether so much may be taken in all.
    pub fn covers(&self, cost: Cost) -> bool {
        self.within(cost) == cost
    }

    /// The currency of the prices.
    pub fn currency(&self) -> Option<&Currency> {
        self.prices.as_ref().map(|prices| &prices.currency)
    }

    fn within(&self, cost: Cost) -> Cost {
        Cost {
            tokens: self.tokens.map_or(cost.tokens, |most| most.min(cost.tokens)),
            money: self.money.map_or(cost.money, |most| most.min(cost.money)),
        }
    }

    /// An amount for people: `1200 tokens, 0.0042 EUR`.
    pub fn shown(&self, cost: Cost) -> String {
        match self.currency() {
            Some(currency) => format!("{} tokens, {} {currency}", cost.tokens, cost.money.normalize()),
            None => format!("{} tokens", cost.tokens),
        }
    }
}

impl Cost {
    /// Both together.
    #[must_use]
    pub fn plus(self, other: Self) -> Self {
        Self {
            tokens: self.tokens.saturating_add(other.tokens),
            money: self.money.saturating_add(other.money),
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn euros(text: &str) -> Decimal {
        text.parse().unwrap()
    }

    fn budget(tokens: Option<u64>, money: Option<&str>) -> Budget {
        let currency = Currency::parse("EUR").unwrap();
        let prices = Prices { currency, prompt: euros("0.15"), output: euros("0.6") };
        Budget { tokens, money: money.map(euros), prices: Some(prices) }
    }

    #[test]
    fn a_cost_is_exact_to_the_last_token() {
        let cost = budget(None, None).cost(Usage { prompt_tokens: 1, output_tokens: 3 });
        assert_eq!(cost, Cost { tokens: 4, money: euros("0.00000195") });
        assert_eq!(budget(None, None).shown(cost), "4 tokens, 0.00000195 EUR");
        assert_eq!(Budget::default().cost(Usage { prompt_tokens: 1, output_tokens: 3 }).money, Decimal::ZERO);
        let vast = Usage { prompt_tokens: u64::MAX, output_tokens: u64::MAX };
        assert!(budget(None, None).cost(vast).money > euros("13000000000000"));
    }

    #[test]
    fn a_job_is_estimated_with_what_it_takes_and_what_it_can_take_at_most() {
        let prompt = Prompt {
            instructions: "x".repeat(300),
            examples: Vec::new(),
            input: "y".repeat(60),
            schema: json!({}),
            answer_most: 200,
        };
        let estimate = budget(None, None).estimate([&prompt, &prompt], 3);
        assert_eq!((estimate.calls, estimate.expected.tokens), (2, 2 * (128 + 100)));
        assert_eq!(estimate.expected.money, euros("0.0001584"));
        assert_eq!(estimate.most.tokens, 6 * budget(None, None).most(&prompt).tokens);
        let held = budget(Some(1000), Some("0.0001")).estimate([&prompt, &prompt], 3);
        assert_eq!(held.most, Cost { tokens: 1000, money: euros("0.0001") });
    }

    #[test]
    fn a_budget_in_money_needs_prices_that_make_sense() {
        assert_eq!(
            Budget { money: Some(Decimal::ONE), ..Budget::default() }.check(),
            Err(BudgetError::NoPrices)
        );
        assert_eq!(budget(None, Some("-1")).check(), Err(BudgetError::Amount));
        assert_eq!(budget(Some(1), Some("1")).check(), Ok(()));
        let text =
            "tokens = 5\nmoney = 1.5\nprices = { currency = \"EUR\", prompt = 0.15, output = \"0.60\" }";
        let read: Budget = toml::from_str(text).unwrap();
        assert_eq!(read, budget(Some(5), Some("1.5")));
    }
}
