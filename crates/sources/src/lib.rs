//! Where deliveries come from: a supplier's source to a file on this machine, with validators.
//!
//! [`Sources::get`] is the entrance. Everything that leaves the machine goes through `berika-net` and its address guard;
//! secrets are read when they are needed and are never shown. Clock and randomness are the caller's: waits are Tokio's,
//! and [`Surroundings::random`] gives the numbers.
//!
//! Not here: what a file means (`feeds`), whether it is new and what becomes of it (`pipeline`).

mod api;
mod attempts;
mod auth;
mod config;
mod error;
mod file;
mod pace;
mod pattern;
mod s3;
mod token;
mod watch;

use std::path::{Path, PathBuf};
use std::time::Duration;

use berika_net::{Client, RetryPolicy};
use jiff::Timestamp;

pub use config::{Auth, GraphQl, Paging, PagingKind, Ready, S3, SourceConfig, Watch};
pub use error::{ObjectError, PageError, SourceError};
pub use watch::{Watched, archive, ready_files};

/// What is remembered of the last delivery that was taken in.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Validators {
    /// Its `ETag`.
    pub etag: Option<String>,
    /// Its `Last-Modified`.
    pub last_modified: Option<String>,
}

/// What getting a delivery depends on besides its configuration.
#[derive(Clone, Copy)]
pub struct Surroundings<'a> {
    /// The folder that paths of the configuration are relative to.
    pub folder: &'a Path,
    /// Looks a variable of the environment up.
    pub environment: &'a (dyn Fn(&str) -> Option<String> + Send + Sync),
    /// Tells the time.
    pub now: &'a (dyn Fn() -> Timestamp + Send + Sync),
    /// Gives a random number from 0 to 1.
    pub random: &'a (dyn Fn() -> f64 + Send + Sync),
}

/// A delivery that lies on this machine.
#[derive(Debug)]
pub struct Delivery {
    /// Its file.
    pub path: PathBuf,
    /// Its file or address as it is shown, without credentials.
    pub shown: String,
    /// What to remember once it is taken in.
    pub validators: Validators,
    /// What of it did not come, where something is there all the same: then nothing counts as missing.
    pub incomplete: Option<String>,
    /// Deletes the file in the end, where it was fetched.
    pub temporary: Option<tempfile::TempPath>,
}

/// What came of asking for a delivery.
#[derive(Debug)]
pub enum Got {
    /// The supplier says that it is the one taken in before.
    Unchanged,
    /// It is here.
    Delivery(Box<Delivery>),
}

/// Gets deliveries. One for the whole process: tokens are kept for as long as they hold.
#[derive(Debug)]
pub struct Sources {
    client: Client,
    tokens: token::Tokens,
    patience: RetryPolicy,
}

/// Four tries, after about 1, 2 and 4 s, or when the server says so, if that is within a minute and a half.
pub const PATIENCE: RetryPolicy =
    RetryPolicy { tries: 4, first_pause: Duration::from_secs(1), longest_pause: Duration::from_secs(90) };

impl Sources {
    /// Sources that are reached through this client, each request as patiently as `patience` says: [`PATIENCE`] but for
    /// tests.
    pub fn new(client: Client, patience: RetryPolicy) -> Self {
        Self { client, tokens: token::Tokens::default(), patience }
    }

    /// Gets a delivery of a path, an address or a bucket; a watched folder's files are found by [`ready_files`]. `known` are the validators of the one that need not come again.
    ///
    /// # Errors
    /// [`SourceError`], on one line and without secrets.
    pub async fn get(
        &self,
        config: &SourceConfig,
        known: &Validators,
        around: Surroundings<'_>,
    ) -> Result<Got, SourceError> {
        if let Some(path) = &config.path {
            return Ok(Got::Delivery(Box::new(Delivery::of_file(&around.folder.join(path)))));
        }
        if config.is_paged() {
            return api::fetch(self, config, around).await;
        }
        if let Some(s3) = &config.s3 {
            return s3::fetch(self, config, s3, known, around).await;
        }
        file::fetch(self, config, known, around).await
    }
}

impl Delivery {
    /// A file of this machine as it lies.
    pub fn of_file(path: &Path) -> Self {
        let name = path.file_name().map(|name| name.to_string_lossy().into_owned());
        Self {
            path: path.to_owned(),
            shown: name.unwrap_or_else(|| path.display().to_string()),
            validators: Validators::default(),
            incomplete: None,
            temporary: None,
        }
    }
}
