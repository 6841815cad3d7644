//! Labelled products, one JSON object a line.

use std::collections::BTreeMap;
use std::path::Path;

use anyhow::{Context, bail};
use berika_catalog::{Language, ProductValues};
use serde::Deserialize;
use serde_json::Value;

use crate::json_lines::JsonLines;

/// The most rows of a file.
const MOST_ROWS: usize = 2_000_000;

/// One labelled product.
#[derive(Debug)]
pub(crate) struct LabelledRow {
    /// Line in its file, from 1.
    pub(crate) line: usize,
    /// The product's id.
    pub(crate) id: String,
    /// The supplier, where named.
    pub(crate) supplier: Option<String>,
    /// What is known of the product.
    pub(crate) values: ProductValues,
    /// The right categories, the main one first; each the names from the root down.
    pub(crate) truth: Vec<Vec<String>>,
}

#[derive(Deserialize)]
struct Raw {
    id: Value,
    title: Option<String>,
    brand: Option<String>,
    description: Option<String>,
    #[serde(default)]
    attributes: BTreeMap<String, Value>,
    language: Option<String>,
    supplier: Option<String>,
    supplier_category: Option<Names>,
    category: Vec<String>,
    #[serde(default)]
    category_alt: Option<Vec<Vec<String>>>,
}

/// A path as a list, or as one text with ` > ` between the names.
#[derive(Deserialize)]
#[serde(untagged)]
enum Names {
    List(Vec<String>),
    Text(String),
}

/// Reads every row of `file`.
///
/// # Errors
/// If the file cannot be read or a row is not as it should be, naming file and line.
pub(crate) fn read(file: &Path) -> anyhow::Result<Vec<LabelledRow>> {
    let mut lines = JsonLines::open(file)?;
    let mut rows = Vec::new();
    while let Some((line, text)) = lines.next()? {
        let read = row(line, &text);
        rows.push(read.with_context(|| format!("{} is no labelled product", lines.at()))?);
        if rows.len() > MOST_ROWS {
            bail!("{} has more than {MOST_ROWS} rows; measure on a sample", file.display());
        }
    }
    Ok(rows)
}

fn row(line: usize, text: &str) -> anyhow::Result<LabelledRow> {
    let raw: Raw = serde_json::from_str(text)
        .context("expected an object with id, title, language and category (a list of names, root first)")?;
    let id = match raw.id {
        Value::String(id) if !id.trim().is_empty() => id,
        Value::Number(id) => id.to_string(),
        _ => bail!("the id is neither text nor number; give every row one"),
    };
    let truth: Vec<Vec<String>> =
        std::iter::once(raw.category).chain(raw.category_alt.unwrap_or_default()).collect();
    if truth.iter().any(|path| path.is_empty() || path.iter().any(|name| name.trim().is_empty())) {
        bail!("a category of {id} is empty or has a level without a name; give the names from the root down");
    }
    let language = raw.language.as_deref().map(Language::parse).transpose()?;
    let supplier_category = match raw.supplier_category {
        None => Vec::new(),
        Some(Names::List(names)) => names,
        Some(Names::Text(path)) => path.split(" > ").map(|name| name.trim().to_owned()).collect(),
    };
    let values = ProductValues {
        title: raw.title,
        brand: raw.brand,
        description: raw.description,
        attributes: raw
            .attributes
            .into_iter()
            .filter_map(|(name, value)| Some((name, words(value)?)))
            .collect(),
        supplier_category,
        language,
        ..ProductValues::default()
    };
    Ok(LabelledRow { line, id, supplier: raw.supplier, values, truth })
}

/// An attribute's words. Bare numbers and truth values are left out: without a unit they say nothing of a category.
fn words(value: Value) -> Option<String> {
    match value {
        Value::String(text) if !text.trim().is_empty() => Some(text),
        Value::Array(values) => {
            let words: Vec<String> = values.into_iter().filter_map(words).collect();
            (!words.is_empty()).then(|| words.join(", "))
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_row_becomes_a_product() {
        let row = row(
            7,
            r#"{"id": 5, "title": "Kaffe", "price": 12.5, "currency": "SEK", "language": "sv-SE", "category": ["Mat", "Kaffe"],
                "category_alt": [["Dryck"]], "supplier": "nord", "supplier_category": "Livs > Varmt",
                "attributes": {"size": "450g", "grams": 450, "labels": ["Krav", "Fairtrade"], "bio": true}}"#,
        )
        .unwrap();
        assert_eq!((row.line, row.id.as_str(), row.supplier.as_deref()), (7, "5", Some("nord")));
        assert_eq!(row.truth, [vec!["Mat".to_owned(), "Kaffe".to_owned()], vec!["Dryck".to_owned()]]);
        assert_eq!(row.values.supplier_category, ["Livs", "Varmt"]);
        assert_eq!(row.values.language, Some(Language::parse("sv").unwrap()));
        let attributes: Vec<(&str, &str)> =
            row.values.attributes.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
        assert_eq!(attributes, [("labels", "Krav, Fairtrade"), ("size", "450g")]);
    }

    #[test]
    fn bad_rows_name_file_and_line() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("bad.jsonl");
        let refused = |text: &[u8]| {
            std::fs::write(&file, text).unwrap();
            format!("{:#}", read(&file).unwrap_err())
        };
        let good = "{\"id\": \"a\", \"category\": [\"A\"]}\n\n";
        let missing = refused(format!("{good}{{\"id\": \"b\", \"title\": \"x\"}}\n").as_bytes());
        assert!(
            missing.contains("bad.jsonl, line 3") && missing.contains("missing field `category`"),
            "{missing}"
        );
        let empty = refused(br#"{"id": "a", "category": []}"#);
        assert!(empty.contains("line 1") && empty.contains("a category of a is empty"), "{empty}");
        let language = refused(br#"{"id": "a", "category": ["A"], "language": "5"}"#);
        assert!(language.contains("line 1") && language.contains("no language tag"), "{language}");
        assert!(refused(b"{\"id\": \"\xff\"}").contains("line 1: not UTF-8"));
        assert!(format!("{:#}", read(Path::new("/nowhere.jsonl")).unwrap_err()).contains("/nowhere.jsonl"));
    }
}
