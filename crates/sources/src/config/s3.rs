//! `[suppliers.source.s3]`: an object in storage that speaks S3.

use berika_net::{SecretSource, Url};
use serde::Deserialize;

/// An object in storage that speaks S3: `key`, or the newest under `prefix`.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct S3 {
    /// The bucket.
    pub bucket: String,
    /// The region.
    pub region: String,
    /// The server, where it is not Amazon's.
    pub endpoint: Option<String>,
    /// Whether the bucket stands in the path, not in the host's name.
    #[serde(default)]
    pub path_style: bool,
    /// The object.
    pub key: Option<String>,
    /// What the names of the objects begin with, of which the newest is taken.
    pub prefix: Option<String>,
    /// The access key's id.
    pub access_key_id: SecretSource,
    /// The access key.
    pub secret_access_key: SecretSource,
    /// The token of a key that holds for a while only.
    pub session_token: Option<SecretSource>,
}

impl S3 {
    pub(super) fn check(&self) -> Result<(), String> {
        let plain = |text: &str| {
            !text.is_empty()
                && text.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'.' | b'_'))
        };
        if !plain(&self.bucket) {
            return Err("source.s3.bucket is a name of letters, digits, hyphens and dots".to_owned());
        }
        if !plain(&self.region) {
            return Err("source.s3.region is a name such as eu-north-1".to_owned());
        }
        if self.key.is_some() == self.prefix.is_some() {
            return Err("source.s3 needs either key or prefix".to_owned());
        }
        if self.key.as_ref().is_some_and(|key| key.is_empty() || key.ends_with('/')) {
            return Err("source.s3.key is the name of an object".to_owned());
        }
        self.bucket_url().map(|_| ())
    }

    /// The address of the bucket, with a slash at its end.
    pub(crate) fn bucket_url(&self) -> Result<Url, String> {
        let endpoint = match &self.endpoint {
            Some(endpoint) => super::http_url("s3.endpoint", endpoint)?,
            None => super::http_url("s3.endpoint", &format!("https://s3.{}.amazonaws.com", self.region))?,
        };
        let mut url = endpoint;
        if url.path() != "/" || url.query().is_some() || !url.username().is_empty() {
            return Err("source.s3.endpoint is a server's address without path and user".to_owned());
        }
        if self.path_style {
            url.set_path(&format!("/{}/", self.bucket));
        } else {
            let host = format!("{}.{}", self.bucket, url.host_str().unwrap_or_default());
            url.set_host(Some(&host)).map_err(|_| {
                "source.s3.bucket cannot stand in the host's name: set path_style = true".to_owned()
            })?;
        }
        Ok(url)
    }
}
