//! A list of categories, nested or not.

use std::collections::BTreeMap;

use berika_catalog::{Category, CategoryId, Language};
use serde::Deserialize;
use serde_saphyr::Spanned;

use super::TaxonomyFileError;
use super::assemble::Row;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Node {
    id: Spanned<String>,
    #[serde(default)]
    parent: Option<String>,
    names: BTreeMap<Language, String>,
    #[serde(default)]
    descriptions: BTreeMap<Language, String>,
    #[serde(default)]
    excludes: BTreeMap<Language, String>,
    #[serde(default)]
    synonyms: BTreeMap<Language, Vec<String>>,
    #[serde(default)]
    external_ids: BTreeMap<String, String>,
    #[serde(default)]
    children: Vec<Node>,
}

pub(super) fn rows(file: &str, text: &str) -> Result<Vec<Row>, TaxonomyFileError> {
    if text.trim().is_empty() {
        return Ok(Vec::new());
    }
    // The reader's own budget caps depth, nodes and aliases.
    let nodes: Vec<Node> = serde_saphyr::from_str(text).map_err(|error| {
        let line = error.location().map_or(1, |location| usize::try_from(location.line()).unwrap_or(1));
        let whole = error.to_string();
        let cause = whole.lines().next().unwrap_or_default();
        let problem = format!("{cause}; the file is a list of objects with id, names and, nested, children");
        TaxonomyFileError::line(file, line.max(1), problem)
    })?;
    let mut rows = Vec::new();
    let mut waiting: Vec<(Option<String>, Node)> = nodes.into_iter().rev().map(|node| (None, node)).collect();
    while let Some((above, node)) = waiting.pop() {
        let line = usize::try_from(node.id.referenced.line()).unwrap_or(1);
        let id = node.id.value;
        if let (Some(above), Some(parent)) = (&above, &node.parent)
            && above != parent
        {
            let problem = format!("category {id} stands below {above} but names parent {parent}; keep one");
            return Err(TaxonomyFileError::line(file, line, problem));
        }
        waiting.extend(node.children.into_iter().rev().map(|child| (Some(id.clone()), child)));
        let category = Category {
            id: CategoryId(id),
            parent: above.or(node.parent).map(CategoryId),
            names: node.names,
            descriptions: node.descriptions,
            excludes: node.excludes,
            synonyms: node.synonyms,
            external_ids: node.external_ids,
        };
        rows.push(Row { line, category });
    }
    Ok(rows)
}
