//! Google's product taxonomy: `ID - A > B > C` a line, after a line that names the version.

use std::collections::{BTreeMap, HashMap};

use berika_catalog::{Category, CategoryId};

use super::assemble::{Row, text_of};
use super::{GoogleFile, MOST_CATEGORIES, TaxonomyFileError};

/// What a line looks like, for messages.
const EXAMPLE: &str = "418 - Food > Beverages > Milk";

pub(super) fn looks_like(bytes: &[u8]) -> bool {
    let start = String::from_utf8_lossy(&bytes[..bytes.len().min(2_000)]).into_owned();
    let mut lines = start.trim_start_matches('\u{feff}').lines();
    lines.next().is_some_and(|line| line.starts_with("# Google_Product_Taxonomy") || entry(line).is_some())
}

pub(super) fn rows(files: &[GoogleFile<'_>]) -> Result<Vec<Row>, TaxonomyFileError> {
    let mut rows: Vec<Row> = Vec::new();
    let mut places: HashMap<String, usize> = HashMap::new();
    for source in files {
        let file = source.file;
        let mut ids: HashMap<String, &str> = HashMap::new();
        for (index, line) in text_of(file, source.bytes)?.lines().enumerate() {
            let (line_no, line) = (index + 1, line.trim());
            if line.is_empty() || line.starts_with('#') {
                continue;
            }
            let Some((id, path)) = entry(line).map(|(id, path)| (id, tidy(path))) else {
                let problem = format!("not of the form {EXAMPLE:?}; take the file \"with ids\"");
                return Err(TaxonomyFileError::line(file, line_no, problem));
            };
            // Two ids may have come to the same words in translation; what stands below belongs to the first.
            ids.entry(path.clone()).or_insert(id);
            let (parent, name) = match path.rsplit_once(" > ") {
                None => (None, path.as_str()),
                Some((above, name)) => match ids.get(above) {
                    Some(parent) => (Some(CategoryId((*parent).to_owned())), name),
                    None => {
                        let problem =
                            format!("the category above, {above:?}, is not on an earlier line; add it");
                        return Err(TaxonomyFileError::line(file, line_no, problem));
                    }
                },
            };
            if let Some(&place) = places.get(id) {
                let names = &mut rows[place].category.names;
                if names.insert(source.language.clone(), name.to_owned()).is_some() {
                    let problem = format!("id {id} is there twice in {}; remove one", source.language);
                    return Err(TaxonomyFileError::line(file, line_no, problem));
                }
                continue;
            }
            if rows.len() == MOST_CATEGORIES {
                return Err(TaxonomyFileError::TooMany { file: file.to_owned(), most: MOST_CATEGORIES });
            }
            places.insert(id.to_owned(), rows.len());
            let category = Category {
                id: CategoryId(id.to_owned()),
                parent,
                names: [(source.language.clone(), name.to_owned())].into(),
                descriptions: BTreeMap::new(),
                excludes: BTreeMap::new(),
                synonyms: BTreeMap::new(),
                external_ids: [("google".to_owned(), id.to_owned())].into(),
            };
            rows.push(Row { line: line_no, category });
        }
    }
    Ok(rows)
}

/// The path with single blanks: translations have stray ones, and a name must be written alike on every line.
fn tidy(path: &str) -> String {
    path.split_whitespace().collect::<Vec<_>>().join(" ")
}

fn entry(line: &str) -> Option<(&str, &str)> {
    let (id, path) = line.split_once(" - ")?;
    let is_id = !id.is_empty() && id.len() <= 12 && id.bytes().all(|byte| byte.is_ascii_digit());
    (is_id && !path.trim().is_empty()).then_some((id, path.trim()))
}
