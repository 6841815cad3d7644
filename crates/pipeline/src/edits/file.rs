//! Files of edits: CSV with the columns `supplier` and `sku` (or `product`), `field`, `value` and, if wanted, `note`; or a
//! JSON object a line, `{"product": "a/1", "set": {"title": "…"}, "drop": ["brand"], "note": "…"}`.
//!
//! A row that cannot be used is named with its line and costs no other row. The same file twice changes nothing the second
//! time.

mod csv_rows;
mod json_rows;

use std::collections::HashMap;
use std::io::Read;

use berika_catalog::{ProductKey, SupplierId};
use berika_store::{Store, StoreError};
use serde::Serialize;

use super::{Asked, Considered, Verdict, Wish, consider_stored};
use crate::Config;

/// The most bytes of a file.
const FILE_MOST: u64 = 64 << 20;

/// The most changes in a file.
const CHANGES_MOST: usize = 200_000;

/// The most rows with errors that are written out; the count stays exact.
const ERRORS_MOST: usize = 1_000;

/// The most characters of a note.
const NOTE_MOST: usize = 1_000;

/// Why a file is refused as a whole.
#[derive(Debug, thiserror::Error)]
pub enum EditsFileError {
    /// It cannot be read.
    #[error("cannot read {file}: {source}")]
    Read {
        /// The file.
        file: String,
        /// Why.
        source: std::io::Error,
    },
    /// It is too large.
    #[error("{file} has more than {most}; split it")]
    TooLarge {
        /// The file.
        file: String,
        /// The most, with what it counts.
        most: String,
    },
    /// It has other columns.
    #[error(
        "{file}: {problem}; the columns are supplier, sku (or product), field, value and, if wanted, note"
    )]
    Columns {
        /// The file.
        file: String,
        /// What is wrong with them.
        problem: String,
    },
    /// There is nothing in it.
    #[error("{0} holds no edits")]
    Empty(String),
}

/// What a file says.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct EditsFile {
    /// The changes with their lines, in the order of the file.
    pub asked: Vec<(u64, Asked)>,
    /// Rows that cannot be read, the first thousand.
    pub errors: Vec<LineError>,
    /// How many there are.
    pub failed: u64,
}

/// A row that cannot be used.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct LineError {
    /// Its line, counted from 1.
    pub line: u64,
    /// What is wrong, and what would be right.
    pub problem: String,
}

/// What a file would come to, or came to.
#[derive(Debug, Clone, Default, Serialize)]
pub struct Judged {
    /// The changes with their lines.
    pub rows: Vec<JudgedRow>,
    /// Rows that cannot be used, the first thousand.
    pub errors: Vec<LineError>,
    /// How many there are.
    pub failed: u64,
}

/// A row of a file and what it comes to.
#[derive(Debug, Clone, Serialize)]
pub struct JudgedRow {
    /// Its line, counted from 1.
    pub line: u64,
    /// What it comes to: a change, or nothing.
    #[serde(flatten)]
    pub considered: Considered,
}

impl EditsFile {
    /// Reads a file; `name` is how it is called in the log and in errors.
    ///
    /// # Errors
    /// [`EditsFileError`] where nothing of it can be used.
    pub fn read(name: &str, bytes: impl Read) -> Result<Self, EditsFileError> {
        let mut content = Vec::new();
        let capped = bytes.take(FILE_MOST + 1).read_to_end(&mut content);
        capped.map_err(|source| EditsFileError::Read { file: name.to_owned(), source })?;
        if content.len() as u64 > FILE_MOST {
            let most = format!("{} MiB", FILE_MOST >> 20);
            return Err(EditsFileError::TooLarge { file: name.to_owned(), most });
        }
        let content = content.strip_prefix("\u{feff}".as_bytes()).unwrap_or(&content);
        let first = content.iter().find(|byte| !byte.is_ascii_whitespace());
        let mut file = Self::default();
        match first {
            Some(b'{') => json_rows::read(name, content, &mut file),
            _ => csv_rows::read(name, content, &mut file)?,
        }
        if file.asked.is_empty() && file.failed == 0 {
            return Err(EditsFileError::Empty(name.to_owned()));
        }
        if file.asked.len() > CHANGES_MOST {
            let most = format!("{CHANGES_MOST} changes");
            return Err(EditsFileError::TooLarge { file: name.to_owned(), most });
        }
        Ok(file)
    }

    /// Whether it has more changes than a file may have: reading on is of no use.
    fn is_full(&self) -> bool {
        self.asked.len() > CHANGES_MOST
    }

    fn refuse(&mut self, line: u64, problem: String) {
        note_error(&mut self.errors, &mut self.failed, line, problem);
    }
}

/// Says of each row of a file what it would come to.
///
/// # Errors
/// Any statement's failure.
pub async fn judge(store: &Store, config: &Config, file: &EditsFile) -> Result<Judged, StoreError> {
    let mut judged = Judged { rows: Vec::new(), errors: file.errors.clone(), failed: file.failed };
    // What was asked of each field, and where.
    let mut asked_of: HashMap<(String, String), (u64, &Wish)> = HashMap::new();
    let mut last: Option<(ProductKey, Option<berika_store::StoredProduct>)> = None;
    for (line, asked) in &file.asked {
        if last.as_ref().is_none_or(|(key, _)| *key != asked.product) {
            last = Some((asked.product.clone(), store.product(&asked.product).await?));
        }
        let stored = last.as_ref().and_then(|(_, stored)| stored.as_ref());
        let considered = consider_stored(store, config, asked, stored).await?;
        if let Verdict::Refused { why } = considered.verdict {
            note_error(&mut judged.errors, &mut judged.failed, *line, why);
            continue;
        }
        let of = (considered.product.clone(), considered.field.clone());
        match asked_of.get(&of) {
            Some((_, wish)) if **wish == asked.wish => {
                let verdict = Verdict::Same { why: "an earlier row asks for the same" };
                let considered = Considered { verdict, change: None, ..considered };
                judged.rows.push(JudgedRow { line: *line, considered });
            }
            Some((first, _)) => {
                let problem = format!("{} of {} is changed otherwise in line {first} already", of.1, of.0);
                note_error(&mut judged.errors, &mut judged.failed, *line, problem);
            }
            None => {
                asked_of.insert(of, (*line, &asked.wish));
                judged.rows.push(JudgedRow { line: *line, considered });
            }
        }
    }
    judged.errors.sort_by_key(|error| error.line);
    Ok(judged)
}

fn note_error(errors: &mut Vec<LineError>, failed: &mut u64, line: u64, problem: String) {
    *failed += 1;
    if errors.len() < ERRORS_MOST {
        errors.push(LineError { line, problem });
    }
}

/// The product that a row names, by key or by its halves.
fn product_of(
    product: Option<&str>,
    supplier: Option<&str>,
    sku: Option<&str>,
) -> Result<ProductKey, String> {
    let said = |text: Option<&str>| text.map(str::trim).filter(|text| !text.is_empty()).map(str::to_owned);
    match (said(product), said(supplier), said(sku)) {
        (Some(product), None, None) => ProductKey::parse(&product).map_err(|error| error.to_string()),
        (None, Some(supplier), Some(sku)) => {
            let supplier = SupplierId::new(&supplier).map_err(|error| error.to_string())?;
            Ok(ProductKey { supplier, sku })
        }
        (Some(_), ..) => {
            Err("it names product and, beside it, supplier or sku; one of both is enough".to_owned())
        }
        _ => Err("it names no product: supplier and sku, or product".to_owned()),
    }
}

/// A note as it is kept.
fn note_of(note: Option<&str>) -> Result<Option<String>, String> {
    let note = note.map(str::trim).filter(|note| !note.is_empty());
    match note {
        Some(note) if note.chars().count() > NOTE_MOST => {
            Err(format!("the note is longer than {NOTE_MOST} characters"))
        }
        note => Ok(note.map(str::to_owned)),
    }
}

#[cfg(test)]
mod tests;
