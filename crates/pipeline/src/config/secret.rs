//! The signing secrets of endpoints. They come from the environment or from a file, never from `berika.toml` itself.

use std::path::PathBuf;

use berika_net::Secret;

use super::{Config, EndpointConfig, SecretSource};

/// A signing secret that is not there.
#[derive(Debug, thiserror::Error)]
pub enum SecretError {
    /// It is not where the configuration says.
    #[error(transparent)]
    Source(#[from] berika_net::SecretError),
    /// The endpoint names none.
    #[error("endpoint {0} needs secret_env or secret_file: events are always signed")]
    NoSource(String),
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
        let read = |source: SecretSource| Ok(source.read(&self.folder, environment)?);
        std::iter::once(present).chain(previous).map(read).collect()
    }
}
