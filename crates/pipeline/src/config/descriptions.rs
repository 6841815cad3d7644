//! `[descriptions]`: who writes texts, and what they may cost.

use std::time::Duration;

use berika_net::SecretSource;
use rust_decimal::Decimal;
use serde::Deserialize;

/// `[descriptions]`.
#[derive(Debug, Clone, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct DescriptionsConfig {
    /// Who writes, in the order in which they are asked. What none of the models writes well enough, the composer does.
    pub generators: Vec<GeneratorKind>,
    /// Whether texts by models are published in the form that Google wants of them.
    pub structured: bool,
    /// A model on this machine.
    pub local: LocalConfig,
    /// A model behind an OpenAI-compatible server.
    pub endpoint: Option<ModelEndpointConfig>,
}

impl Default for DescriptionsConfig {
    fn default() -> Self {
        Self {
            generators: vec![GeneratorKind::Composer],
            structured: false,
            local: LocalConfig::default(),
            endpoint: None,
        }
    }
}

/// Who writes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum GeneratorKind {
    /// Rules.
    Composer,
    /// A model on this machine.
    Local,
    /// A model behind a server.
    Endpoint,
}

/// `[descriptions.local]`.
#[derive(Debug, Clone, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct LocalConfig {
    /// An id of the manifest, a GGUF file, or a folder with one.
    pub model: String,
    /// How many threads compute; 0: as many as the process may use.
    pub threads: usize,
    /// 0 takes the likeliest word each time; more varies, by `seed`.
    pub temperature: f64,
    /// What varies the texts.
    pub seed: u64,
}

impl Default for LocalConfig {
    fn default() -> Self {
        Self { model: "gemma-3-270m-q4".to_owned(), threads: 0, temperature: 0.0, seed: 1 }
    }
}

/// `[descriptions.endpoint]`.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ModelEndpointConfig {
    /// The base address, with or without `/v1`.
    pub url: String,
    /// The model's name there.
    pub model: String,
    /// The key; local servers need none.
    pub key: Option<SecretSource>,
    /// How many calls may be under way at once.
    #[serde(default = "four")]
    pub concurrency: usize,
    /// How long one call may take, in seconds.
    #[serde(default = "sixty")]
    pub timeout_seconds: u64,
    /// The most calls a minute.
    pub requests_per_minute: Option<u32>,
    /// The most tokens a minute.
    pub tokens_per_minute: Option<u32>,
    /// What may be spent.
    #[serde(default)]
    pub budget: BudgetConfig,
    /// What a million tokens cost; needed for a budget in money.
    pub price: Option<PriceConfig>,
}

/// `[descriptions.endpoint.budget]`.
#[derive(Debug, Clone, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct BudgetConfig {
    /// The most tokens within `hours`.
    pub tokens: Option<u64>,
    /// The most money within `hours`, in the currency of `price`.
    pub money: Option<Decimal>,
    /// The time over which spending is counted.
    pub hours: u32,
}

impl Default for BudgetConfig {
    fn default() -> Self {
        Self { tokens: None, money: None, hours: 24 }
    }
}

/// `[descriptions.endpoint.price]`.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PriceConfig {
    /// A million tokens of prompts.
    pub prompt: Decimal,
    /// A million tokens of answers.
    pub output: Decimal,
}

fn four() -> usize {
    4
}

fn sixty() -> u64 {
    60
}

impl ModelEndpointConfig {
    /// How long one call may take.
    pub fn timeout(&self) -> Duration {
        Duration::from_secs(self.timeout_seconds.max(1))
    }
}

impl DescriptionsConfig {
    /// What types cannot say.
    pub(super) fn check(&self) -> Result<(), String> {
        if self.generators.is_empty() {
            return Err("generators names at least one of \"composer\", \"local\", \"endpoint\"".to_owned());
        }
        let composer = self.generators.iter().position(|kind| *kind == GeneratorKind::Composer);
        if composer.is_some_and(|at| at + 1 < self.generators.len()) {
            return Err(
                "generators: nobody is asked after the composer; put it last or leave it out".to_owned()
            );
        }
        if !(0.0..=2.0).contains(&self.local.temperature) {
            return Err("local.temperature is between 0 and 2".to_owned());
        }
        let Some(endpoint) = &self.endpoint else {
            let asked = self.generators.contains(&GeneratorKind::Endpoint);
            let missing =
                "generators names \"endpoint\", so [descriptions.endpoint] must say its url and model";
            return if asked { Err(missing.to_owned()) } else { Ok(()) };
        };
        if endpoint.concurrency == 0 || endpoint.concurrency > 256 {
            return Err("endpoint.concurrency is between 1 and 256".to_owned());
        }
        if endpoint.timeout_seconds > 3_600 {
            return Err("endpoint.timeout_seconds is at most 3600".to_owned());
        }
        if endpoint.budget.hours == 0 || endpoint.budget.hours > 8_760 {
            return Err("endpoint.budget.hours is between 1 and 8760".to_owned());
        }
        if endpoint.budget.money.is_some() && endpoint.price.is_none() {
            return Err("endpoint.budget.money needs [descriptions.endpoint.price]".to_owned());
        }
        let negative = |amount: &Decimal| amount.is_sign_negative();
        let price = endpoint.price.as_ref();
        if endpoint.budget.money.as_ref().is_some_and(negative)
            || price.is_some_and(|price| negative(&price.prompt) || negative(&price.output))
        {
            return Err("endpoint: budget and prices are not negative".to_owned());
        }
        Ok(())
    }
}
