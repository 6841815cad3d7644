//! Files of confirmed decisions: CSV with the columns `supplier`, `sku`, `category` and, where wanted, `decided_by`,
//! `decided_at` and `note`. An empty category says: belongs to none of ours.

use std::io::{Read, Write};

use berika_catalog::{CategoryId, ChosenBy, Decision, ProductKey, SupplierId, Taxonomy};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

/// Why a file of decisions is refused. Nothing of it is taken in then.
#[derive(Debug, thiserror::Error)]
pub enum DecisionsError {
    /// It is no CSV, or lacks a column.
    #[error(
        "{file}: {source}; the columns are supplier, sku, category and, if wanted, decided_by, decided_at, note"
    )]
    Csv {
        /// The file.
        file: String,
        /// What is wrong, with the line.
        source: csv::Error,
    },
    /// A line says what cannot be.
    #[error("{file} line {line}: {problem}")]
    Line {
        /// The file.
        file: String,
        /// The line, counted from 1.
        line: u64,
        /// What is wrong.
        problem: String,
    },
    /// There are no decisions in it.
    #[error("{0} holds no decisions")]
    Empty(String),
}

#[derive(Debug, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
struct Line {
    supplier: String,
    sku: String,
    category: Option<String>,
    #[serde(default)]
    decided_by: Option<String>,
    #[serde(default)]
    decided_at: Option<String>,
    #[serde(default)]
    note: Option<String>,
}

/// Reads decisions over `taxonomy`. Lines without a name or a time get `by` and `at`. Times count in milliseconds, as
/// the log keeps them.
///
/// # Errors
/// [`DecisionsError`] for the first line that cannot be: an unknown category names the nearest one.
pub fn read(
    file: &str,
    bytes: impl Read,
    taxonomy: &Taxonomy,
    by: &str,
    at: Timestamp,
) -> Result<Vec<Decision>, DecisionsError> {
    let mut reader = csv::ReaderBuilder::new().trim(csv::Trim::All).from_reader(bytes);
    let mut decisions = Vec::new();
    let headers =
        reader.headers().cloned().map_err(|source| DecisionsError::Csv { file: file.to_owned(), source })?;
    let mut record = csv::StringRecord::new();
    while reader
        .read_record(&mut record)
        .map_err(|source| DecisionsError::Csv { file: file.to_owned(), source })?
    {
        let number = record.position().map_or(0, csv::Position::line);
        let line: Line = record
            .deserialize(Some(&headers))
            .map_err(|source| DecisionsError::Csv { file: file.to_owned(), source })?;
        let decision = decision(line, taxonomy, by, at).map_err(|problem| DecisionsError::Line {
            file: file.to_owned(),
            line: number,
            problem,
        })?;
        decisions.push(decision);
    }
    if decisions.is_empty() { Err(DecisionsError::Empty(file.to_owned())) } else { Ok(decisions) }
}

/// Writes decisions in the same form.
///
/// # Errors
/// The writer's.
pub fn write<'a>(
    out: impl Write,
    decisions: impl IntoIterator<Item = &'a Decision>,
) -> Result<(), csv::Error> {
    let mut writer = csv::Writer::from_writer(out);
    for decision in decisions {
        writer.serialize(Line {
            supplier: decision.product.supplier.to_string(),
            sku: decision.product.sku.clone(),
            category: decision.category.as_ref().map(ToString::to_string),
            decided_by: Some(decision.by.clone()),
            decided_at: Some(decision.at.to_string()),
            note: decision.reason.clone(),
        })?;
    }
    writer.flush().map_err(csv::Error::from)
}

fn decision(line: Line, taxonomy: &Taxonomy, by: &str, default_at: Timestamp) -> Result<Decision, String> {
    let present = |text: Option<String>| text.filter(|text| !text.is_empty());
    let supplier = SupplierId::new(&line.supplier).map_err(|error| error.to_string())?;
    if line.sku.is_empty() {
        return Err("sku is empty".to_owned());
    }
    let category = present(line.category).map(CategoryId);
    if let Some(category) = &category {
        known(category, taxonomy)?;
    }
    let at: Timestamp = match present(line.decided_at) {
        Some(text) => text
            .parse()
            .map_err(|_| format!("decided_at {text:?} is no time such as 2026-05-01T09:30:00Z"))?,
        None => default_at,
    };
    // The log keeps milliseconds; a decision read back from it must be the same one.
    let at = Timestamp::from_millisecond(at.as_millisecond()).unwrap_or(at);
    Ok(Decision {
        product: ProductKey { supplier, sku: line.sku },
        category,
        taxonomy: taxonomy.id.clone(),
        taxonomy_version: taxonomy.version,
        by: present(line.decided_by).unwrap_or_else(|| by.to_owned()),
        at,
        run: None,
        reason: present(line.note),
        chosen_by: ChosenBy::Import,
    })
}

/// Whether products can be put into this category; else what to say.
pub(crate) fn known(category: &CategoryId, taxonomy: &Taxonomy) -> Result<(), String> {
    let leaf = |index: usize| taxonomy.categories()[index].id.as_str();
    match taxonomy.index_of(category) {
        Some(index) if taxonomy.is_leaf(index) => Ok(()),
        Some(_) => Err(format!("category {category} has categories below it; decide on one of those")),
        None => {
            let nearest = taxonomy
                .leaves()
                .map(leaf)
                .max_by(|a, b| {
                    let alike = |id| strsim::jaro_winkler(category.as_str(), id);
                    alike(a).total_cmp(&alike(b))
                })
                .unwrap_or_default();
            Err(format!(
                "there is no category {category} in taxonomy {} version {}; the nearest is {nearest}",
                taxonomy.id, taxonomy.version
            ))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use berika_catalog::{Category, Language};

    fn taxonomy() -> Taxonomy {
        let category = |id: &str, parent: Option<&str>| Category {
            id: CategoryId(id.to_owned()),
            parent: parent.map(|p| CategoryId(p.to_owned())),
            names: [(Language::parse("en").unwrap(), id.to_owned())].into(),
            descriptions: Default::default(),
            excludes: Default::default(),
            synonyms: Default::default(),
            external_ids: Default::default(),
        };
        Taxonomy::new("own", 3, vec![category("food", None), category("food.milk", Some("food"))]).unwrap()
    }

    fn read_text(text: &str) -> Result<Vec<Decision>, DecisionsError> {
        read("d.csv", text.as_bytes(), &taxonomy(), "buyer", Timestamp::UNIX_EPOCH)
    }

    #[test]
    fn what_is_written_reads_back() {
        let decisions =
            read_text("supplier,sku,category,note\nnordmat,1,food.milk,\"clear, really\"\nnordmat,2,,\n")
                .unwrap();
        assert_eq!(decisions[0].category, Some(CategoryId("food.milk".to_owned())));
        assert_eq!((decisions[0].by.as_str(), decisions[0].taxonomy_version), ("buyer", 3));
        assert_eq!(decisions[1].category, None);
        let mut bytes = Vec::new();
        write(&mut bytes, &decisions).unwrap();
        assert_eq!(read_text(std::str::from_utf8(&bytes).unwrap()).unwrap(), decisions);
    }

    #[test]
    fn mistakes_are_named_with_their_line() {
        let refused = |text: &str| read_text(text).unwrap_err().to_string();
        let head = "supplier,sku,category\n";
        assert!(
            refused(&format!("{head}nordmat,1,food.milc\n"))
                .contains("line 2: there is no category food.milc")
        );
        assert!(refused(&format!("{head}nordmat,1,food.milc\n")).contains("the nearest is food.milk"));
        assert!(refused(&format!("{head}nordmat,1,food\n")).contains("categories below it"));
        assert!(refused(&format!("{head}nordmat,,food.milk\n")).contains("sku is empty"));
        assert!(refused(&format!("{head}Nord Mat,1,food.milk\n")).contains("supplier id"));
        assert!(refused("supplier,category\nnordmat,food.milk\n").contains("sku"));
        assert!(refused(head).contains("no decisions"));
        assert!(refused("supplier,sku,category,decided_at\na,1,food.milk,yesterday\n").contains("no time"));
    }
}
