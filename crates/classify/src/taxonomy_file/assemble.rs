//! From rows with their lines to a checked taxonomy.

use std::collections::HashMap;

use berika_catalog::{Category, CategoryId, Taxonomy};

use super::{MOST_BYTES, MOST_CATEGORIES, MOST_ID, MOST_LEVELS, MOST_TEXT, TaxonomyFileError};

/// A category and the line it starts on, from 1.
#[derive(Debug)]
pub(super) struct Row {
    pub(super) line: usize,
    pub(super) category: Category,
}

/// The file's text without a byte order mark.
pub(super) fn text_of<'a>(file: &str, bytes: &'a [u8]) -> Result<&'a str, TaxonomyFileError> {
    if bytes.len() > MOST_BYTES {
        return Err(TaxonomyFileError::TooLarge {
            file: file.to_owned(),
            bytes: bytes.len(),
            most: MOST_BYTES,
        });
    }
    let text = std::str::from_utf8(bytes).map_err(|error| {
        let line = 1 + bytes[..error.valid_up_to()].iter().filter(|&&byte| byte == b'\n').count();
        TaxonomyFileError::NotText { file: file.to_owned(), line }
    })?;
    Ok(text.strip_prefix('\u{feff}').unwrap_or(text))
}

/// Tidies and checks `rows` and makes a taxonomy of them.
pub(super) fn assemble(
    file: &str,
    id: &str,
    version: u32,
    mut rows: Vec<Row>,
) -> Result<Taxonomy, TaxonomyFileError> {
    if rows.len() > MOST_CATEGORIES {
        return Err(TaxonomyFileError::TooMany { file: file.to_owned(), most: MOST_CATEGORIES });
    }
    for row in &mut rows {
        tidy(&mut row.category);
        check(file, row)?;
    }
    let mut lines: HashMap<&CategoryId, usize> = HashMap::with_capacity(rows.len());
    for row in &rows {
        if let Some(first) = lines.insert(&row.category.id, row.line) {
            let id = row.category.id.clone();
            return Err(TaxonomyFileError::Duplicate { file: file.to_owned(), line: row.line, id, first });
        }
    }
    for row in &rows {
        if let Some(parent) = row.category.parent.as_ref().filter(|parent| !lines.contains_key(parent)) {
            let (id, parent) = (row.category.id.clone(), parent.clone());
            return Err(TaxonomyFileError::Orphan { file: file.to_owned(), line: row.line, id, parent });
        }
    }
    check_levels(file, &rows)?;
    let categories = rows.into_iter().map(|row| row.category).collect();
    Taxonomy::new(id, version, categories)
        .map_err(|source| TaxonomyFileError::Structure { file: file.to_owned(), source })
}

/// Takes away blanks around texts, and texts that are nothing else.
pub(super) fn tidy(category: &mut Category) {
    let trimmed = |text: &String| text.trim().to_owned();
    category.id = CategoryId(trimmed(&category.id.0));
    category.parent = category.parent.take().map(|p| CategoryId(trimmed(&p.0))).filter(|p| !p.0.is_empty());
    for texts in [&mut category.names, &mut category.descriptions, &mut category.excludes] {
        for text in texts.values_mut() {
            *text = trimmed(text);
        }
        texts.retain(|_, text| !text.is_empty());
    }
    for words in category.synonyms.values_mut() {
        *words = words.iter().map(trimmed).filter(|word| !word.is_empty()).collect();
    }
    category.synonyms.retain(|_, words| !words.is_empty());
}

fn check(file: &str, row: &Row) -> Result<(), TaxonomyFileError> {
    let refused = |problem| Err(TaxonomyFileError::line(file, row.line, problem));
    fault(&row.category).map_or(Ok(()), refused)
}

/// What is wrong with a category by itself, once it is tidied.
pub(super) fn fault(category: &Category) -> Option<String> {
    if category.id.0.is_empty() {
        let name = category.names.values().next().map_or("without a name", String::as_str);
        let name = &name[..name.floor_char_boundary(60)];
        return Some(format!("the category {name:?} has no id; give it one that stays the same for good"));
    }
    if category.id.0.len() > MOST_ID {
        let start = &category.id.0[..category.id.0.floor_char_boundary(40)];
        return Some(format!("the id {start:?}… is longer than {MOST_ID} bytes; shorten it"));
    }
    if commands(&category.id.0) || category.id.0.contains(['\n', '\r', '\t']) {
        return Some(format!("the id {:?} holds a control character; remove it", category.id.0));
    }
    if category.names.is_empty() {
        return Some(format!("category {} has no name; give it one in at least one language", category.id));
    }
    let texts =
        category.names.values().chain(category.descriptions.values()).chain(category.excludes.values());
    for text in texts.chain(category.synonyms.values().flatten()) {
        if text.len() > MOST_TEXT {
            let id = &category.id;
            return Some(format!("a text of category {id} is longer than {MOST_TEXT} bytes; shorten it"));
        }
        if commands(text) {
            return Some(format!("a text of category {} holds a control character; remove it", category.id));
        }
    }
    None
}

/// Whether a text holds characters that say nothing and could command a terminal or turn the direction of writing.
pub(super) fn commands(text: &str) -> bool {
    text.contains(|c: char| {
        (c.is_control() && !matches!(c, '\n' | '\r' | '\t'))
            || matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
    })
}

/// Refuses what is nested too deep, which also keeps later walks short, and circles.
fn check_levels(file: &str, rows: &[Row]) -> Result<(), TaxonomyFileError> {
    let places: HashMap<&CategoryId, usize> =
        rows.iter().enumerate().map(|(i, row)| (&row.category.id, i)).collect();
    let parents: Vec<Option<usize>> =
        rows.iter().map(|row| row.category.parent.as_ref().and_then(|p| places.get(p)).copied()).collect();
    let mut children = vec![Vec::new(); rows.len()];
    let mut reached: Vec<usize> = Vec::new();
    for (row, parent) in parents.iter().enumerate() {
        match parent {
            Some(parent) => children[*parent].push(row),
            None => reached.push(row),
        }
    }
    // Level by level from the roots; what is in a circle, or below one, is never reached.
    let mut level = 1;
    let mut seen = vec![false; rows.len()];
    while !reached.is_empty() {
        if level > MOST_LEVELS {
            let line = rows[reached[0]].line;
            let problem = format!("more than {MOST_LEVELS} levels below the root; flatten the taxonomy");
            return Err(TaxonomyFileError::line(file, line, problem));
        }
        reached.iter().for_each(|&row| seen[row] = true);
        reached = reached.iter().flat_map(|&row| children[row].iter().copied()).collect();
        level += 1;
    }
    let Some(mut row) = seen.iter().position(|seen| !seen) else { return Ok(()) };
    // Up from there, into the circle and once around it.
    while !seen[row] {
        seen[row] = true;
        row = parents[row].unwrap_or(row);
    }
    let id = |row: usize| rows[row].category.id.as_str();
    let mut circle = vec![id(row)];
    let mut at = parents[row].unwrap_or(row);
    while at != row {
        circle.push(id(at));
        at = parents[at].unwrap_or(row);
    }
    circle.push(id(row));
    let left_out = circle.len().saturating_sub(10);
    circle.truncate(10);
    let more = if left_out > 0 { format!(" and {left_out} more") } else { String::new() };
    let problem = format!(
        "category {} is its own ancestor ({}{more}); give one of them another parent",
        id(row),
        circle.join(" below ")
    );
    Err(TaxonomyFileError::line(file, rows[row].line, problem))
}
