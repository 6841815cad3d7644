//! `[descriptions]`: who writes texts, and what they may cost.

use berika_describe::endpoint::Settings;
use serde::Deserialize;

/// The most threads that compute; more cost more than they bring on any machine.
pub(super) const MOST_THREADS: usize = 1024;

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
    pub endpoint: Option<Settings>,
    /// The time over which the endpoint's spending is counted, back from each call, in hours.
    pub budget_hours: u32,
}

impl Default for DescriptionsConfig {
    fn default() -> Self {
        Self {
            generators: vec![GeneratorKind::Composer],
            structured: false,
            local: LocalConfig::default(),
            endpoint: None,
            budget_hours: 24,
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
        if self.local.threads > MOST_THREADS {
            return Err(format!("local.threads is at most {MOST_THREADS}"));
        }
        if !(0.0..=2.0).contains(&self.local.temperature) {
            return Err("local.temperature is between 0 and 2".to_owned());
        }
        if self.budget_hours == 0 || self.budget_hours > 8_760 {
            return Err("budget_hours is between 1 and 8760".to_owned());
        }
        match &self.endpoint {
            Some(endpoint) => endpoint.check().map_err(|error| error.to_string()),
            None if self.generators.contains(&GeneratorKind::Endpoint) => {
                Err("generators names \"endpoint\", so [descriptions.endpoint] must say its url and model"
                    .to_owned())
            }
            None => Ok(()),
        }
    }
}
