//! Taxonomies from bytes: JSONL, CSV, YAML, and the files of Google, Shopify and GS1. Opening files is the caller's work.
//!
//! Formats of one's own carry the same: `id`, `parent`, and per language a name, a description, what does not belong
//! there, and synonyms.
//!
//! - **JSONL**, an object a line: `{"id": "food.milk", "parent": "food", "names": {"sv": "Mjölk", "en": "Milk"},
//!   "descriptions": {"en": "…"}, "excludes": {"en": "…"}, "synonyms": {"sv": ["mellanmjölk"]}, "external_ids": {"google": "418"}}`. Only `id`
//!   and `names` are needed.
//! - **CSV** with a header; see [`mod@self`]'s table below.
//! - **YAML**, a list of the same objects. In place of `parent` they may be nested: `children` holds more of them.
//! - **Shopify** and **GS1 GPC**, JSONL whose lines have a `path` in place of `names`; told by their first line.
//! - **Google**, `418 - Food > Beverages > Milk`; several languages are merged by id ([`read_google`]).
//!
//! | CSV column | holds |
//! |---|---|
//! | `id` | the stable id; may be left out where there is a `path`, whose names then make the id |
//! | `parent` | the id of the category above; empty for a root |
//! | `path.sv` | in place of `parent` and `name.sv`: all names from the root, `Mat > Mejeri > Mjölk`. Ancestors without a row of their own are added. Plain `path` is `path.en` |
//! | `name.sv` | the name in Swedish; plain `name` is `name.en` |
//! | `description.sv` | what belongs there; plain `description` is `description.en` |
//! | `excludes.sv` | what does not; for people, never compared with products |
//! | `synonyms.sv` | other words, separated by `\|`; plain `synonyms` is `synonyms.en` |
//! | `external.google` | the id in another taxonomy |
//!
//! The delimiter is whichever of comma, semicolon, tab the header has most of.

mod assemble;
mod changes;
mod delimited;
mod error;
mod google;
mod jsonl;
mod paths;
mod yaml;

use berika_catalog::{Language, Taxonomy};

use assemble::{assemble, text_of};
pub use changes::{ChangesFile, MOST_CHANGES, looks_like_changes, read_changes};
pub use error::TaxonomyFileError;

/// The most bytes of a taxonomy file.
pub const MOST_BYTES: usize = 64 << 20;
/// The most categories.
pub const MOST_CATEGORIES: usize = 200_000;
/// The most levels from root to leaf.
pub const MOST_LEVELS: usize = 32;
/// The most bytes of an id.
pub const MOST_ID: usize = 500;
/// The most bytes of one name, description or synonym.
pub const MOST_TEXT: usize = 20_000;

/// The formats.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Format {
    /// An object a line.
    Jsonl,
    /// A header and a category a row.
    Csv,
    /// A list, nested or not.
    Yaml,
    /// Google's product taxonomy with ids.
    Google,
    /// Shopify's taxonomy or GS1's product classification: an object with its path a line.
    Paths,
}

impl Format {
    /// The format that a file's name and first line speak of; `None` where they do not.
    pub fn of(file: &str, bytes: &[u8]) -> Option<Self> {
        let ending = file.rsplit_once('.').map(|(_, ending)| ending.to_ascii_lowercase());
        match ending.as_deref() {
            Some("jsonl" | "ndjson") if paths::looks_like(bytes) => Some(Self::Paths),
            Some("jsonl" | "ndjson") => Some(Self::Jsonl),
            Some("csv" | "tsv") => Some(Self::Csv),
            Some("yaml" | "yml") => Some(Self::Yaml),
            _ if google::looks_like(bytes) => Some(Self::Google),
            _ if paths::looks_like(bytes) => Some(Self::Paths),
            _ => None,
        }
    }
}

/// Reads a taxonomy. `file` is the name for messages; the taxonomy is called `id`. `language` is that of a Google
/// file, which does not say; other formats name their languages.
///
/// # Errors
/// [`TaxonomyFileError`], naming file and line and what to do.
pub fn read(
    file: &str,
    format: Format,
    language: &Language,
    id: &str,
    version: u32,
    bytes: &[u8],
) -> Result<Taxonomy, TaxonomyFileError> {
    if format == Format::Google {
        return read_google(id, version, &[GoogleFile { file, language: language.clone(), bytes }]);
    }
    let text = text_of(file, bytes)?;
    let rows = match format {
        Format::Jsonl => jsonl::rows(file, text)?,
        Format::Paths => paths::rows(file, text)?,
        Format::Csv => delimited::rows(file, text)?,
        Format::Yaml | Format::Google => yaml::rows(file, text)?,
    };
    assemble(file, id, version, rows)
}

/// One language of Google's product taxonomy.
#[derive(Debug, Clone)]
pub struct GoogleFile<'a> {
    /// The name for messages.
    pub file: &'a str,
    /// The language of the names in it.
    pub language: Language,
    /// The file.
    pub bytes: &'a [u8],
}

/// Reads Google's taxonomy in one or several languages, merged by id. Where languages disagree on a category's
/// place, the first file that has it decides.
///
/// # Errors
/// [`TaxonomyFileError`], naming file and line and what to do.
pub fn read_google(id: &str, version: u32, files: &[GoogleFile<'_>]) -> Result<Taxonomy, TaxonomyFileError> {
    let rows = google::rows(files)?;
    assemble(files.first().map_or("no file", |first| first.file), id, version, rows)
}

#[cfg(test)]
mod tests;
