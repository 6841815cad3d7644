//! What can go wrong on the way to a model folder.

use std::fmt;
use std::io;
use std::path::PathBuf;

use crate::manifest::Kind;

/// The manifest is not usable.
#[derive(Debug, thiserror::Error)]
pub enum ManifestError {
    /// Not the TOML expected.
    #[error("the model manifest is not the TOML expected")]
    Syntax {
        /// Where and why.
        #[source]
        source: Box<toml::de::Error>,
    },
    /// A model states something that cannot be.
    #[error("the model manifest's `{id}`: {what}")]
    Entry {
        /// The model.
        id: String,
        /// What is wrong.
        what: String,
    },
}

/// A model is not on this machine.
#[derive(Debug, thiserror::Error)]
pub enum LocateError {
    /// Neither a model's id nor a folder.
    #[error("`{asked}` is neither a folder nor a known model; known are {}", .known.join(", "))]
    Unknown {
        /// What was asked for.
        asked: String,
        /// The ids of the manifest.
        known: Vec<String>,
    },
    /// A model that is for something else.
    #[error("model `{asked}` is for {found}, and one for {wanted} is wanted; known are {}", .known.join(", "))]
    OtherKind {
        /// What was asked for.
        asked: String,
        /// What it is for.
        found: Kind,
        /// What one is wanted for.
        wanted: Kind,
        /// The ids of the manifest that are for it.
        known: Vec<String>,
    },
    /// A known model that has not been fetched.
    #[error("model {id} is not on this machine (looked in {}); run `berika model fetch {id}`", .folder.display())]
    NotFetched {
        /// The model.
        id: String,
        /// Where it would be.
        folder: PathBuf,
    },
    /// A known model's folder that is not as it was fetched.
    #[error("model {id} is damaged: {problem}; run `berika model fetch {id}`")]
    Damaged {
        /// The model.
        id: String,
        /// The first file that is wrong, and how.
        problem: String,
    },
}

/// One source that was tried.
#[derive(Debug)]
pub struct Attempt {
    /// Which one.
    pub source: String,
    /// Why it gave nothing.
    pub reason: String,
}

impl fmt::Display for Attempt {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.source, self.reason)
    }
}

/// A model could not be fetched.
#[derive(Debug, thiserror::Error)]
pub enum FetchError {
    /// Not in the manifest.
    #[error("`{asked}` is not a known model; known are {}", .known.join(", "))]
    Unknown {
        /// What was asked for.
        asked: String,
        /// The ids of the manifest.
        known: Vec<String>,
    },
    /// The manifest has no checksums for it.
    #[error(
        "model {id} is not pinned: its revision and checksums are not known to Berika, so that what is fetched cannot be \
         checked; fetch it with the unpinned option if you trust https://huggingface.co/{repository}"
    )]
    Unpinned {
        /// The model.
        id: String,
        /// Its repository on the Hub.
        repository: String,
    },
    /// The cache folder cannot be used.
    #[error("the model cache at {} cannot be written", .path.display())]
    Cache {
        /// The path that failed.
        path: PathBuf,
        /// Why.
        #[source]
        source: io::Error,
    },
    /// No source gave the files.
    #[error("model {id} could not be fetched\n{}\n{by_hand}", lines(.attempts))]
    NoSource {
        /// The model.
        id: String,
        /// Each source and why it gave nothing.
        attempts: Vec<Attempt>,
        /// How to put the folder in place without fetching.
        by_hand: String,
    },
}

fn lines(attempts: &[Attempt]) -> String {
    attempts.iter().map(|attempt| format!("  {attempt}")).collect::<Vec<_>>().join("\n")
}
