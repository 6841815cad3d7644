//! Secrets come from the environment or from a file, never from `berika.toml` itself.

use std::path::{Path, PathBuf};

use berika_net::Secret;
use serde::Deserialize;

use super::{Config, EndpointConfig};

/// Where a secret is.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase", deny_unknown_fields)]
pub enum SecretSource {
    /// In this environment variable.
    Env(String),
    /// In this file; blanks around it do not count.
    File(PathBuf),
}

/// A secret that is not where the configuration says.
#[derive(Debug, thiserror::Error)]
pub enum SecretError {
    /// The variable is not set.
    #[error("the environment variable {0} is not set")]
    Unset(String),
    /// The file cannot be read.
    #[error("cannot read the secret in {}", path.display())]
    Unreadable {
        /// The file.
        path: PathBuf,
        /// Why.
        source: std::io::Error,
    },
    /// There is nothing in it.
    #[error("the secret in {0} is empty")]
    Empty(String),
    /// The endpoint names none.
    #[error("endpoint {0} needs secret_env or secret_file: events are always signed")]
    NoSource(String),
}

impl SecretSource {
    /// Reads the secret. `environment` looks a variable up; `folder` is where relative files are.
    ///
    /// # Errors
    /// [`SecretError`], which never holds the secret.
    pub fn read(
        &self,
        folder: &Path,
        environment: &dyn Fn(&str) -> Option<String>,
    ) -> Result<Secret, SecretError> {
        let (place, text) = match self {
            Self::Env(name) => {
                (name.clone(), environment(name).ok_or_else(|| SecretError::Unset(name.clone()))?)
            }
            Self::File(path) => {
                let path = folder.join(path);
                let text = std::fs::read_to_string(&path)
                    .map_err(|source| SecretError::Unreadable { path: path.clone(), source })?;
                (path.display().to_string(), text)
            }
        };
        let text = text.trim();
        if text.is_empty() { Err(SecretError::Empty(place)) } else { Ok(Secret::new(text)) }
    }
}

impl Config {
    /// An endpoint's signing secrets: the present one and, while it is rotated, the one before.
    ///
    /// # Errors
    /// [`SecretError`] where there is none or it cannot be read.
    pub fn signing_secrets(
        &self,
        endpoint: &EndpointConfig,
        environment: &dyn Fn(&str) -> Option<String>,
    ) -> Result<Vec<Secret>, SecretError> {
        let source = |env: &Option<String>, file: &Option<PathBuf>| match (env, file) {
            (Some(name), _) => Some(SecretSource::Env(name.clone())),
            (None, Some(path)) => Some(SecretSource::File(path.clone())),
            (None, None) => None,
        };
        let present = source(&endpoint.secret_env, &endpoint.secret_file)
            .ok_or_else(|| SecretError::NoSource(endpoint.id.clone()))?;
        let previous = source(&endpoint.previous_secret_env, &endpoint.previous_secret_file);
        std::iter::once(present).chain(previous).map(|s| s.read(&self.folder, environment)).collect()
    }
}
