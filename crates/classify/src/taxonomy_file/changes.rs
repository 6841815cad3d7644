//! Files of changes, in YAML or JSON:
//!
//! ```yaml
//! from_version: 3            # may be left out
//! changes:
//!   - rename: { category: food.milk, names: { en: Milk drinks } }
//!   - move: { category: food.tea, below: drinks }
//! ```

use berika_catalog::Category;
use berika_catalog::taxonomy_change::{Change, MergeTarget, Rename};
use serde::Deserialize;

use super::assemble::{fault, text_of, tidy};
use super::{MOST_ID, MOST_TEXT, TaxonomyFileError};

/// The most changes of a file.
pub const MOST_CHANGES: usize = 5_000;

/// What a file of changes says.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ChangesFile {
    /// The version of the taxonomy that they are changes of, where the file says so.
    #[serde(default)]
    pub from_version: Option<u32>,
    /// The changes in their order.
    pub changes: Vec<Change>,
}

/// Whether a file holds changes rather than a taxonomy: it is named `.json`, or it is YAML and no list.
pub fn looks_like_changes(file: &str, bytes: &[u8]) -> bool {
    let ending = file.rsplit_once('.').map(|(_, ending)| ending.to_ascii_lowercase());
    match ending.as_deref() {
        Some("json") => true,
        Some("yaml" | "yml") => {
            let text = String::from_utf8_lossy(&bytes[..bytes.len().min(64 << 10)]);
            let mut lines = text.trim_start_matches('\u{feff}').lines().map(str::trim);
            let first =
                lines.find(|line| !line.is_empty() && !line.starts_with(['#', '%']) && *line != "---");
            first.is_some_and(|line| !line.starts_with(['-', '[']))
        }
        _ => false,
    }
}

/// Reads a file of changes. `file` is the name for messages.
///
/// # Errors
/// [`TaxonomyFileError`], naming file and line or change and what to do.
pub fn read_changes(file: &str, bytes: &[u8]) -> Result<ChangesFile, TaxonomyFileError> {
    let text = text_of(file, bytes)?;
    // The reader's own budget caps depth, nodes and aliases.
    let mut read: ChangesFile = serde_saphyr::from_str(text).map_err(|error| {
        let line = error.location().map_or(1, |location| usize::try_from(location.line()).unwrap_or(1));
        let whole = error.to_string();
        let cause = whole.lines().next().unwrap_or_default();
        let problem = format!(
            "{cause}; the file is an object with a list `changes` of add, rename, move, split, merge, delete and describe \
             (docs/taxonomies.md)"
        );
        TaxonomyFileError::line(file, line.max(1), problem)
    })?;
    if read.changes.len() > MOST_CHANGES {
        return Err(TaxonomyFileError::TooManyChanges { file: file.to_owned(), most: MOST_CHANGES });
    }
    for (place, change) in read.changes.iter_mut().enumerate() {
        let refused =
            |problem| TaxonomyFileError::InChange { file: file.to_owned(), number: place + 1, problem };
        for category in categories(change) {
            tidy(category);
            fault(category).map_or(Ok(()), |problem| Err(refused(problem)))?;
        }
        for text in texts(change) {
            *text = text.trim().to_owned();
            if text.len() > MOST_TEXT || text.contains('\0') {
                return Err(refused(format!(
                    "a text is longer than {MOST_TEXT} bytes or holds a NUL byte; shorten it"
                )));
            }
        }
        if let Change::Rename(Rename { id: Some(id), .. }) = change
            && id.0.len() > MOST_ID
        {
            return Err(refused(format!("the new id is longer than {MOST_ID} bytes; shorten it")));
        }
        if let Change::Describe(describe) = change {
            for words in describe.synonyms.values_mut() {
                words.retain(|word| !word.is_empty());
            }
        }
    }
    Ok(read)
}

/// The new categories of a change.
fn categories(change: &mut Change) -> Vec<&mut Category> {
    match change {
        Change::Add(category) => vec![category],
        Change::Split(split) => split.into.iter_mut().collect(),
        Change::Merge(merge) => match &mut merge.into {
            MergeTarget::New(category) => vec![category],
            MergeTarget::Known(_) => Vec::new(),
        },
        Change::Rename(_) | Change::Move(_) | Change::Delete(_) | Change::Describe(_) => Vec::new(),
    }
}

/// The texts that a change puts into a category there is.
fn texts(change: &mut Change) -> Vec<&mut String> {
    match change {
        Change::Rename(rename) => {
            rename.names.values_mut().chain(rename.id.as_mut().map(|id| &mut id.0)).collect()
        }
        Change::Describe(describe) => {
            let texts = describe.descriptions.values_mut().chain(describe.excludes.values_mut());
            let words = describe.synonyms.values_mut().flatten();
            texts.chain(words).chain(describe.external_ids.values_mut()).collect()
        }
        _ => Vec::new(),
    }
}
