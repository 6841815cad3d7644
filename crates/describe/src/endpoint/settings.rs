//! What is said of an endpoint in a configuration.

use std::fmt;
use std::time::Duration;

use berika_net::{SecretError, SecretSource, Url, redacted};
use serde::Deserialize;

use super::budget::{Budget, BudgetError};
use super::dialect::Format;

/// What chat servers call the path of their conversations.
const PATH: &str = "chat/completions";

/// No more calls than this at once.
const CONCURRENCY_MOST: usize = 256;

/// A model on a server that speaks OpenAI's protocol.
#[derive(Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Settings {
    /// The server, with or without `/v1`: `http://localhost:11434`.
    pub url: String,
    /// The model's name, as the server knows it.
    pub model: String,
    /// Where the key is. Servers on this machine need none.
    #[serde(default)]
    pub key: Option<SecretSource>,
    /// How answers are asked for at first; a server that does not take it is asked for less.
    #[serde(default)]
    pub format: Format,
    /// The seed, where the server takes one.
    #[serde(default)]
    pub seed: Option<u64>,
    /// The most calls in a minute.
    #[serde(default)]
    pub requests_per_minute: Option<u32>,
    /// The most tokens in a minute, of prompts and answers together.
    #[serde(default)]
    pub tokens_per_minute: Option<u64>,
    /// The most calls at once.
    #[serde(default = "four")]
    pub concurrency: usize,
    /// The time for one exchange.
    #[serde(default = "two_minutes")]
    pub timeout_seconds: u64,
    /// What may be spent.
    #[serde(default)]
    pub budget: Budget,
}

fn four() -> usize {
    4
}

fn two_minutes() -> u64 {
    120
}

/// Settings that cannot be followed.
#[derive(Debug, thiserror::Error)]
pub enum SettingsError {
    /// Not an address. It is not shown: it may hold a password.
    #[error("the endpoint's url is not an http or https address: {0}")]
    Url(&'static str),
    /// No model.
    #[error("the endpoint has no model: give its name as the server knows it")]
    NoModel,
    /// A number that cannot be.
    #[error("the endpoint's {name} must be from 1 to {most}")]
    Number {
        /// Which.
        name: &'static str,
        /// The most.
        most: u64,
    },
    /// The key is not where it should be.
    #[error("the endpoint's key cannot be had")]
    Key(#[from] SecretError),
    /// The budget cannot be kept to.
    #[error(transparent)]
    Budget(#[from] BudgetError),
}

impl Settings {
    /// A model on a server, without a key and without bounds.
    pub fn new(url: impl Into<String>, model: impl Into<String>) -> Self {
        Self {
            url: url.into(),
            model: model.into(),
            key: None,
            format: Format::default(),
            seed: None,
            requests_per_minute: None,
            tokens_per_minute: None,
            concurrency: four(),
            timeout_seconds: two_minutes(),
            budget: Budget::default(),
        }
    }

    /// Where conversations are posted to. `/v1` is added where the path names no version; a path that ends with
    /// `chat/completions` is taken as it is.
    pub(crate) fn address(&self) -> Result<Url, SettingsError> {
        let wrong = |_| SettingsError::Url("it cannot be read");
        let mut url = Url::parse(self.url.trim()).map_err(wrong)?;
        if !matches!(url.scheme(), "http" | "https") || !url.has_host() {
            return Err(SettingsError::Url("it needs a scheme and a host, as in http://localhost:11434"));
        }
        url.set_fragment(None);
        let path = url.path().trim_end_matches('/').to_owned();
        if !path.ends_with(&format!("/{PATH}")) {
            let version = if path.split('/').any(is_version) { "" } else { "/v1" };
            url.set_path(&format!("{path}{version}/{PATH}"));
        }
        Ok(url)
    }

    /// Whether they can be followed, as far as that can be told without sending anything.
    ///
    /// # Errors
    /// [`SettingsError`].
    pub fn check(&self) -> Result<(), SettingsError> {
        if self.model.trim().is_empty() {
            return Err(SettingsError::NoModel);
        }
        let within = |name, number: u64, most: u64| {
            if (1..=most).contains(&number) { Ok(()) } else { Err(SettingsError::Number { name, most }) }
        };
        within("concurrency", self.concurrency as u64, CONCURRENCY_MOST as u64)?;
        within("timeout_seconds", self.timeout_seconds, 3600)?;
        within("requests_per_minute", self.requests_per_minute.unwrap_or(1).into(), u32::MAX.into())?;
        within("tokens_per_minute", self.tokens_per_minute.unwrap_or(1), u64::MAX)?;
        Ok(self.budget.check()?)
    }

    pub(crate) fn deadline(&self) -> Duration {
        Duration::from_secs(self.timeout_seconds)
    }
}

/// `v1`, `v4`, `v1beta`.
fn is_version(segment: &str) -> bool {
    segment.strip_prefix('v').is_some_and(|rest| rest.starts_with(|c: char| c.is_ascii_digit()))
}

/// The URL is shown [`redacted`].
impl fmt::Debug for Settings {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let url = self.address().map_or_else(|_| "(unreadable)".to_owned(), |url| redacted(&url));
        f.debug_struct("Settings")
            .field("url", &url)
            .field("model", &self.model)
            .field("format", &self.format)
            .field("seed", &self.seed)
            .field("requests_per_minute", &self.requests_per_minute)
            .field("tokens_per_minute", &self.tokens_per_minute)
            .field("concurrency", &self.concurrency)
            .field("timeout_seconds", &self.timeout_seconds)
            .field("budget", &self.budget)
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn address(url: &str) -> String {
        Settings::new(url, "m").address().unwrap().to_string()
    }

    #[test]
    fn the_base_may_stand_with_or_without_its_version() {
        for (base, whole) in [
            ("http://localhost:11434", "http://localhost:11434/v1/chat/completions"),
            ("http://localhost:8000/v1/", "http://localhost:8000/v1/chat/completions"),
            ("https://models.example/api", "https://models.example/api/v1/chat/completions"),
            ("https://models.example/v1beta/openai", "https://models.example/v1beta/openai/chat/completions"),
            ("https://m.example/v2/chat/completions", "https://m.example/v2/chat/completions"),
            ("https://m.example/x?version=7", "https://m.example/x/v1/chat/completions?version=7"),
        ] {
            assert_eq!(address(base), whole);
        }
    }

    #[test]
    fn settings_that_cannot_be_followed_say_so_without_the_password() {
        let settings = Settings::new("https://me:hunter2@models.example/v1?key=hunter2", "m");
        assert!(!format!("{settings:?}").contains("hunter2"), "{settings:?}");
        for url in ["localhost:11434", "ftp://me:hunter2@models.example", "http://hunter2:x", ""] {
            let error = Settings::new(url, "m").address().unwrap_err();
            assert!(!format!("{error} {error:?}").contains("hunter2"), "{error}");
        }
        let wrong = |change: fn(&mut Settings)| {
            let mut settings = Settings::new("http://localhost", "m");
            change(&mut settings);
            settings.check().unwrap_err().to_string()
        };
        assert!(wrong(|settings| settings.model = " ".to_owned()).contains("no model"));
        assert!(wrong(|settings| settings.concurrency = 0).contains("concurrency"));
        assert!(wrong(|settings| settings.requests_per_minute = Some(0)).contains("requests_per_minute"));
    }

    #[test]
    fn settings_are_read_from_a_configuration() {
        let text =
            "url = \"http://localhost\"\nmodel = \"m\"\nkey = { env = \"KEY\" }\nformat = \"json-object\"\n";
        let read: Settings = toml::from_str(text).unwrap();
        let wanted = Settings {
            key: Some(SecretSource::Env("KEY".to_owned())),
            format: Format::JsonObject,
            ..Settings::new("http://localhost", "m")
        };
        assert!(read == wanted);
        assert!(toml::from_str::<Settings>(&format!("{text}retries = 3")).is_err());
    }
}
