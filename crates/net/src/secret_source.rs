//! Where a configuration says that a secret is: the environment or a file, never the configuration itself.

use crate::secret::Secret;
use std::path::{Path, PathBuf};

/// Where a secret is.
#[derive(Debug, Clone, PartialEq, Eq, serde::Deserialize)]
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
