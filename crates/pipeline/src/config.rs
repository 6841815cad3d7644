//! `berika.toml`: what it may say. Reading it is in [`read`], secrets are in [`secret`].
//!
//! Every key is explained in `berika.example.toml`; a test holds that file and these types together.

mod descriptions;
mod duplicates;
mod keys;
mod read;
mod secret;

use std::path::PathBuf;
use std::time::Duration;

use berika_catalog::{Currency, DeliveryKind, Language, SupplierId};
use berika_classify::promise::{AuditShare, Promise, PromiseError};
use berika_feeds::{FeedConfig, Fields, Format};
use berika_store::ImportMode;
use serde::Deserialize;

pub use crate::precision::PrecisionSetting;
pub use berika_net::SecretSource;
pub use berika_sources::SourceConfig;
pub use descriptions::{DescriptionsConfig, GeneratorKind, LocalConfig};
pub use duplicates::{DuplicatesConfig, JoinRule};
pub use read::ConfigError;
pub use secret::SecretError;

/// The whole configuration. Paths in it are as written; [`Config::resolve`] makes them relative to its file.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Config {
    /// Files with further suppliers, such as `suppliers/*.toml`.
    #[serde(default)]
    pub include: Vec<String>,
    /// Where everything is remembered.
    #[serde(default)]
    pub store: StoreConfig,
    /// The sentence encoder.
    #[serde(default)]
    pub model: ModelConfig,
    /// The company's own categories.
    pub taxonomy: TaxonomyConfig,
    /// The markets, each with its language.
    pub markets: Vec<Market>,
    /// Who writes texts.
    #[serde(default)]
    pub descriptions: DescriptionsConfig,
    /// What is accepted without a look.
    #[serde(default)]
    pub policy: PolicyConfig,
    /// Which products are one.
    #[serde(default)]
    pub duplicates: DuplicatesConfig,
    /// Where requests may go.
    #[serde(default)]
    pub network: NetworkConfig,
    /// Who sends feeds.
    #[serde(default)]
    pub suppliers: Vec<SupplierConfig>,
    /// Who is told.
    #[serde(default)]
    pub endpoints: Vec<EndpointConfig>,
    /// How long deliveries are remembered.
    #[serde(default)]
    pub retention: RetentionConfig,
    /// The folder that paths are relative to: that of the file.
    #[serde(skip)]
    pub folder: PathBuf,
}

/// `[store]`.
#[derive(Debug, Clone, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct StoreConfig {
    /// The SQLite file.
    pub path: PathBuf,
}

impl Default for StoreConfig {
    fn default() -> Self {
        Self { path: PathBuf::from(".berika/berika.sqlite") }
    }
}

/// `[model]`.
#[derive(Debug, Clone, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct ModelConfig {
    /// An id of the manifest, or a sentence-transformers folder.
    pub id: String,
    /// What vectors are computed in.
    pub precision: PrecisionSetting,
    /// How many threads compute; 0: as many as the process may use.
    pub threads: usize,
}

impl Default for ModelConfig {
    fn default() -> Self {
        let id = "sentence-transformers/all-MiniLM-L6-v2".to_owned();
        Self { id, precision: PrecisionSetting::Auto, threads: 0 }
    }
}

/// `[taxonomy]`.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TaxonomyConfig {
    /// The file: JSONL, CSV, YAML, or that of Google, Shopify or GS1.
    pub path: PathBuf,
    /// The taxonomy's name in decisions and documents.
    #[serde(default = "own")]
    pub id: String,
}

fn own() -> String {
    "own".to_owned()
}

/// One of `[[markets]]`.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Market {
    /// The language that products are described in.
    pub language: Language,
    /// The country, ISO 3166-1.
    pub country: String,
    /// The currency.
    pub currency: Currency,
    /// How the market speaks: a voice file. Markets of one language share theirs.
    pub voice: Option<PathBuf>,
}

/// `[policy]`.
#[derive(Debug, Clone, Copy, PartialEq, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct PolicyConfig {
    /// At least this share of what is accepted without a look is right.
    pub promise: f64,
    /// What is done while there are too few randomly drawn decisions to promise anything.
    pub without_evidence: WithoutEvidence,
    /// The share of automatic products that goes to review as audit while the audits prove nothing.
    pub audit_share_most: f64,
    /// The share that always does.
    pub audit_share_least: f64,
}

/// What is done while nothing can be promised.
#[derive(Debug, Clone, Copy, PartialEq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum WithoutEvidence {
    /// Everything is left to a person.
    Review,
    /// What is at least so sure is accepted, without a promise.
    AcceptAbove(f32),
}

impl Default for PolicyConfig {
    fn default() -> Self {
        let AuditShare { most, least } = AuditShare::default();
        Self {
            promise: 0.95,
            without_evidence: WithoutEvidence::Review,
            audit_share_most: most,
            audit_share_least: least,
        }
    }
}

impl PolicyConfig {
    /// The promise.
    ///
    /// # Errors
    /// [`PromiseError`] where it cannot be kept.
    pub fn promise(&self) -> Result<Promise, PromiseError> {
        Promise::new(self.promise)
    }

    /// How much is audited.
    pub fn audit_share(&self) -> AuditShare {
        AuditShare { most: self.audit_share_most, least: self.audit_share_least }
    }

    /// What types cannot say.
    fn check(&self) -> Result<(), String> {
        self.promise().map_err(|error| error.to_string())?;
        let share = |share: f64| (0.0..=1.0).contains(&share);
        if !share(self.audit_share_most) || !share(self.audit_share_least) {
            return Err("audit_share_most and audit_share_least are shares between 0 and 1".to_owned());
        }
        if self.audit_share_least > self.audit_share_most {
            return Err("audit_share_least is more than audit_share_most".to_owned());
        }
        match self.without_evidence {
            WithoutEvidence::AcceptAbove(above) if !(0.0..=1.0).contains(&above) => {
                Err("without_evidence: accept_above is a confidence between 0 and 1".to_owned())
            }
            _ => Ok(()),
        }
    }
}

/// `[network]`.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct NetworkConfig {
    /// Addresses or ranges that are let through although they are not public.
    pub allow: Vec<String>,
}

/// `[retention]`.
#[derive(Debug, Clone, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct RetentionConfig {
    /// How long the bytes of delivered events are kept, in days.
    pub payload_days: u32,
    /// How long attempts are kept, in days.
    pub attempt_days: u32,
}

impl Default for RetentionConfig {
    fn default() -> Self {
        Self { payload_days: 30, attempt_days: 90 }
    }
}

/// One of `[[suppliers]]`, or a file that `include` names.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SupplierConfig {
    /// The short name in keys.
    pub id: SupplierId,
    /// The name in tables; the id where absent.
    pub name: Option<String>,
    /// Whether a delivery is the whole assortment.
    pub delivery: DeliveryKind,
    /// What deliveries may do.
    #[serde(default)]
    pub mode: ImportMode,
    /// After how many complete full deliveries without it a product is retired.
    #[serde(default = "three")]
    pub retire_after: u32,
    /// The share by which a full delivery may shrink before a person is asked.
    #[serde(default = "thirty_percent")]
    pub shrink_limit: f64,
    /// The language of the texts; detected per product where absent.
    pub language: Option<Language>,
    /// The currency of prices that do not name one.
    pub currency: Option<Currency>,
    /// Where deliveries come from.
    pub source: SourceConfig,
    /// What kind of file it is.
    pub format: Format,
    /// Which column or path is which field.
    #[serde(default)]
    pub fields: Fields,
}

fn three() -> u32 {
    3
}

fn thirty_percent() -> f64 {
    0.30
}

impl SupplierConfig {
    /// Format and mapping, as the reader wants them.
    pub fn feed(&self) -> FeedConfig {
        FeedConfig {
            format: self.format.clone(),
            fields: self.fields.clone(),
            member: self.source.member.clone(),
        }
    }

    /// The name in tables.
    pub fn shown(&self) -> &str {
        self.name.as_deref().unwrap_or(self.id.as_str())
    }
}

/// One of `[[endpoints]]`.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct EndpointConfig {
    /// The short name in tables.
    pub id: String,
    /// Where events are posted to, http or https.
    pub url: String,
    /// The environment variable that holds the signing secret, `whsec_…`.
    pub secret_env: Option<String>,
    /// The file that holds it.
    pub secret_file: Option<PathBuf>,
    /// While a secret is rotated: the environment variable that holds the one before.
    pub previous_secret_env: Option<String>,
    /// The file that holds the one before.
    pub previous_secret_file: Option<PathBuf>,
    /// Further header names to secrets, such as `Authorization`: sent with every attempt, not covered by the signature.
    #[serde(default)]
    pub headers: std::collections::BTreeMap<String, SecretSource>,
    /// How long one attempt may take, in seconds.
    #[serde(default = "twenty")]
    pub timeout_seconds: u64,
    /// How many attempts may be under way at once.
    #[serde(default = "eight")]
    pub concurrency: usize,
}

fn twenty() -> u64 {
    20
}

fn eight() -> usize {
    8
}

impl EndpointConfig {
    /// How long one attempt may take.
    pub fn timeout(&self) -> Duration {
        Duration::from_secs(self.timeout_seconds.max(1))
    }
}

impl Config {
    /// A path of the configuration, relative to its file.
    pub fn resolve(&self, path: &std::path::Path) -> PathBuf {
        self.folder.join(path)
    }

    /// The languages that every product is described in, each once, in the order of the markets.
    pub fn languages(&self) -> Vec<Language> {
        let mut languages: Vec<Language> = Vec::new();
        for market in &self.markets {
            if !languages.contains(&market.language) {
                languages.push(market.language.clone());
            }
        }
        languages
    }
}

#[cfg(test)]
mod example;
#[cfg(test)]
mod tests;
