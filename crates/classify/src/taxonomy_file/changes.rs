//! Files of changes, in YAML or JSON:
//!
//! ```yaml
//! from_version: 3            # may be left out
//! changes:
//!   - rename: { category: food.milk, names: { en: Milk drinks } }
//!   - move: { category: food.tea, below: drinks }
//! ```

use berika_catalog::taxonomy_change::Change;
use serde::Deserialize;

use super::TaxonomyFileError;

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
/// [`TaxonomyFileError`], naming file and line and what to do.
pub fn read_changes(file: &str, bytes: &[u8]) -> Result<ChangesFile, TaxonomyFileError> {
    let text = super::text_of(file, bytes)?;
    serde_saphyr::from_str(text).map_err(|error| {
        let line = error.location().map_or(1, |location| usize::try_from(location.line()).unwrap_or(1));
        let whole = error.to_string();
        let cause = whole.lines().next().unwrap_or_default();
        TaxonomyFileError::line(
            file,
            line.max(1),
            format!("{cause}; docs/taxonomies.md says what a change is"),
        )
    })
}
