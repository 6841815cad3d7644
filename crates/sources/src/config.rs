//! `[suppliers.source]`: where deliveries come from, and what of it contradicts itself.

mod api;
mod s3;
mod watch;

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::time::Duration;

use berika_net::{SecretSource, Url};
use serde::Deserialize;

pub use api::{GraphQl, Paging, PagingKind};
pub use s3::S3;
pub use watch::{Ready, Watch};

/// Where a supplier's deliveries come from: exactly one of `path`, `url`, `watch` and `s3`.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SourceConfig {
    /// A file.
    pub path: Option<PathBuf>,
    /// An address, http or https.
    pub url: Option<String>,
    /// A folder that files are put into.
    pub watch: Option<Watch>,
    /// An object in storage that speaks S3.
    pub s3: Option<S3>,
    /// Header names to secrets, such as `X-Api-Key`.
    #[serde(default)]
    pub headers: BTreeMap<String, SecretSource>,
    /// How Berika shows who it is.
    pub auth: Option<Auth>,
    /// How the address gives one page after the other.
    pub paging: Option<Paging>,
    /// What a GraphQL address is asked, page by page.
    pub graphql: Option<GraphQl>,
    /// The most requests in a second.
    pub requests_per_second: Option<f64>,
    /// How long one delivery may take to come, in seconds.
    #[serde(default = "ten_minutes")]
    pub timeout_seconds: u64,
    /// The most megabytes of one delivery as it comes.
    #[serde(default = "two_gigabytes")]
    pub max_megabytes: u64,
    /// The file to be read where a delivery is a zip archive of several; `*` stands for anything.
    pub member: Option<String>,
    /// The most megabytes of one delivery unpacked.
    #[serde(default = "ten_gigabytes")]
    pub max_unpacked_megabytes: u64,
}

fn ten_minutes() -> u64 {
    600
}

fn two_gigabytes() -> u64 {
    2_048
}

fn ten_gigabytes() -> u64 {
    10_240
}

/// How Berika shows who it is.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(tag = "type", rename_all = "lowercase", deny_unknown_fields)]
pub enum Auth {
    /// User name and password (RFC 7617).
    Basic {
        /// The user's name.
        user: String,
        /// The password.
        password: SecretSource,
    },
    /// A token that does not change (RFC 6750).
    Bearer {
        /// The token.
        token: SecretSource,
    },
    /// A key in a header of its own.
    Header {
        /// The header's name, such as `X-Api-Key`.
        name: String,
        /// The key.
        value: SecretSource,
    },
    /// OAuth 2 client credentials (RFC 6749, 4.4): a token is fetched, used for as long as it holds, and renewed once
    /// where it is refused.
    Oauth2 {
        /// Where tokens are given, http or https.
        token_url: String,
        /// The client's id.
        client_id: String,
        /// The client's secret.
        client_secret: SecretSource,
        /// What the token is to allow.
        scope: Option<String>,
        /// What the token is for, where the server wants to know.
        audience: Option<String>,
    },
}

impl SourceConfig {
    /// How long one delivery may take to come.
    pub fn timeout(&self) -> Duration {
        Duration::from_secs(self.timeout_seconds.max(1))
    }

    /// The most bytes of one delivery as it comes.
    pub(crate) fn max_bytes(&self) -> u64 {
        self.max_megabytes.saturating_mul(1 << 20)
    }

    /// Whether what comes is put together from pages: one JSON text a line.
    pub fn is_paged(&self) -> bool {
        self.paging.is_some() || self.graphql.is_some()
    }

    /// What types cannot say.
    ///
    /// # Errors
    /// What contradicts itself or cannot be, as a sentence about `source`.
    pub fn check(&self) -> Result<(), String> {
        const MOST_SECONDS: u64 = 86_400;
        if self.timeout_seconds > MOST_SECONDS {
            return Err(format!("timeout_seconds is at most {MOST_SECONDS}"));
        }
        if let Some(rate) = self.requests_per_second
            && !(0.001..=1_000.0).contains(&rate)
        {
            return Err("source.requests_per_second is from 0.001 to 1000".to_owned());
        }
        let places = [self.path.is_some(), self.url.is_some(), self.watch.is_some(), self.s3.is_some()];
        if places.iter().filter(|given| **given).count() != 1 {
            return Err("source needs exactly one of path, url, watch and s3".to_owned());
        }
        if let Some(url) = &self.url {
            return self.check_http(url);
        }
        self.check_needless()?;
        match (&self.watch, &self.s3) {
            (Some(watch), _) => watch.check(),
            (None, Some(s3)) => s3.check(),
            (None, None) => Ok(()),
        }
    }

    /// What only an address can have.
    fn check_needless(&self) -> Result<(), String> {
        let given = [
            ("headers", !self.headers.is_empty()),
            ("auth", self.auth.is_some()),
            ("paging", self.paging.is_some()),
            ("graphql", self.graphql.is_some()),
            ("requests_per_second", self.s3.is_none() && self.requests_per_second.is_some()),
        ];
        match given.iter().find(|(_, given)| *given) {
            Some((key, _)) => Err(format!("source.{key} needs url")),
            None => Ok(()),
        }
    }

    fn check_http(&self, url: &str) -> Result<(), String> {
        let url = http_url("url", url)?;
        match &self.auth {
            Some(Auth::Basic { user, .. }) if user.contains(':') => {
                return Err("source.auth.user may not hold a colon".to_owned());
            }
            Some(Auth::Oauth2 { token_url, .. }) => {
                http_url("auth.token_url", token_url)?;
            }
            _ => {}
        }
        match (&self.paging, &self.graphql) {
            (Some(_), Some(_)) => return Err("source needs either paging or graphql".to_owned()),
            (Some(paging), None) => paging.check()?,
            (None, Some(graphql)) => graphql.check()?,
            (None, None) => {}
        }
        let own = self.auth.as_ref().map(Auth::header);
        let twice = self.headers.keys().find(|name| own.is_some_and(|own| own.eq_ignore_ascii_case(name)));
        if let Some(name) = twice {
            return Err(format!("source.auth and source.headers both set the header {name}"));
        }
        if self.auth.is_some() && (!url.username().is_empty() || url.password().is_some()) {
            return Err("source.url holds a user name although source.auth says who asks".to_owned());
        }
        Ok(())
    }
}

impl Auth {
    /// The header that it sets.
    fn header(&self) -> &str {
        match self {
            Self::Header { name, .. } => name,
            Self::Basic { .. } | Self::Bearer { .. } | Self::Oauth2 { .. } => "Authorization",
        }
    }
}

/// An address of the configuration.
fn http_url(key: &str, text: &str) -> Result<Url, String> {
    let url = Url::parse(text).map_err(|error| format!("source.{key} is no address: {error}"))?;
    if matches!(url.scheme(), "http" | "https") && url.has_host() {
        Ok(url)
    } else {
        Err(format!("source.{key} must begin with https:// or http://"))
    }
}

#[cfg(test)]
mod tests;
