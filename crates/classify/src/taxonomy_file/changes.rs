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

use super::assemble::{commands, fault, text_of, tidy};
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
            if text.len() > MOST_TEXT || commands(text) {
                return Err(refused(format!(
                    "a text is longer than {MOST_TEXT} bytes or holds a control character; shorten it"
                )));
            }
        }
        if let Change::Rename(Rename { id: Some(id), .. }) = change
            && (id.0.len() > MOST_ID || id.0.contains(['\n', '\r', '\t']))
        {
            let problem =
                format!("the new id is longer than {MOST_ID} bytes or has several lines; shorten it");
            return Err(refused(problem));
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

#[cfg(test)]
mod tests {
    use berika_catalog::taxonomy_change::changed;
    use berika_catalog::{CategoryId, Language};

    use super::*;
    use crate::taxonomy_file::{Format, read};

    fn refused(text: &str) -> String {
        read_changes("c.yaml", text.as_bytes()).unwrap_err().to_string()
    }

    #[test]
    fn names_and_ids_command_no_terminal() {
        for change in [
            r#"{"rename": {"category": "a", "id": "b\u001b[31m"}}"#,
            r#"{"rename": {"category": "a", "id": "b\nc"}}"#,
            r#"{"rename": {"category": "a", "names": {"en": "x\u202ey"}}}"#,
            r#"{"add": {"id": "b\u0007", "names": {"en": "B"}}}"#,
        ] {
            let file = format!(r#"{{"changes": [{change}]}}"#);
            assert!(read_changes("c.json", file.as_bytes()).is_err(), "{change}");
        }
    }

    #[test]
    fn the_fixture_has_a_change_of_each_kind_and_can_be_made() {
        let taxonomy = include_bytes!("../../../../fixtures/taxonomy.jsonl");
        let english = Language::parse("en").unwrap();
        let taxonomy = read("t.jsonl", Format::Jsonl, &english, "own", 1, taxonomy).unwrap();
        let bytes = include_bytes!("../../../../fixtures/taxonomies/changes.yaml");
        assert!(looks_like_changes("changes.yaml", bytes));
        let file = read_changes("changes.yaml", bytes).unwrap();
        assert_eq!(file.from_version, Some(1));
        let mut kinds: Vec<&str> = file.changes.iter().map(Change::word).collect();
        kinds.sort_unstable();
        kinds.dedup();
        assert_eq!(kinds, ["add", "delete", "describe", "merge", "move", "rename", "split"]);
        let changed = changed(&taxonomy, &file.changes).unwrap();
        let id = |text: &str| CategoryId(text.to_owned());
        assert_eq!(changed.follows.len(), 3);
        assert_eq!(changed.gone.len(), 2);
        let cultured = changed.taxonomy.get(&id("food.dairy.cultured")).unwrap();
        assert_eq!(cultured.names[&Language::parse("sv").unwrap()], "Yoghurt och fil");
    }

    #[test]
    fn json_says_the_same() {
        let yaml = "changes:\n  - move: { category: tea, below: drinks }\n  - delete: { category: milk }\n";
        let json = r#"{"changes": [{"move": {"category": "tea", "below": "drinks"}}, {"delete": {"category": "milk"}}]}"#;
        let read = |file: &str, text: &str| read_changes(file, text.as_bytes()).unwrap();
        assert_eq!(read("c.yaml", yaml), read("c.json", json));
    }

    #[test]
    fn a_file_of_changes_is_told_from_a_taxonomy() {
        let changes = b"\xef\xbb\xbf# what changes\n---\n\nchanges: []\n";
        assert!(looks_like_changes("c.yaml", changes));
        assert!(looks_like_changes("c.YML", b"{changes: []}"));
        assert!(looks_like_changes("c.json", b"["));
        assert!(!looks_like_changes("t.yaml", b"# ours\n- id: food\n"));
        assert!(!looks_like_changes("t.yaml", b"[{id: food}]"));
        assert!(!looks_like_changes("t.jsonl", b"{}"));
        assert!(!looks_like_changes("c.yaml", b""));
    }

    #[test]
    fn mistakes_are_named_with_their_line_or_change() {
        let said = refused("changes:\n  - move: { category: tea }\n  - remove: { category: milk }\n");
        assert!(said.starts_with("c.yaml, line 3") && said.contains("remove"), "{said}");
        let said = refused("changes:\n  - move: { category: tea, under: food }\n");
        assert!(said.starts_with("c.yaml, line 2") && said.contains("under"), "{said}");
        assert!(refused("- id: food\n").contains("`changes`"));
        assert!(refused("").contains("`changes`"));
        let said = refused("changes:\n  - add: { id: ' ', names: { en: Tea } }\n");
        assert!(said.starts_with("c.yaml, change 1: the category \"Tea\" has no id"), "{said}");
        let long = "x".repeat(MOST_ID + 1);
        let said = refused(&format!("changes:\n  - rename: {{ category: tea, id: {long} }}\n"));
        assert!(said.contains("change 1: the new id is longer"), "{said}");
        let many = "  - delete: { category: tea }\n".repeat(MOST_CHANGES + 1);
        assert!(refused(&format!("changes:\n{many}")).contains("more than 5000 changes"));
    }

    #[test]
    fn texts_are_tidied_as_those_of_a_taxonomy() {
        let text = "changes:\n  - add: { id: ' tea ', names: { en: ' Tea ', sv: '' } }\n  - describe: { category: tea, synonyms: { en: [' chai ', ''] } }\n";
        let read = read_changes("c.yaml", text.as_bytes()).unwrap();
        let Change::Add(category) = &read.changes[0] else { panic!() };
        assert_eq!((category.id.as_str(), category.names.len()), ("tea", 1));
        let Change::Describe(describe) = &read.changes[1] else { panic!() };
        assert_eq!(describe.synonyms.values().next().unwrap(), &["chai"]);
    }
}
