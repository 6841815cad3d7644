//! Files of edits: CSV with the columns `supplier` and `sku` (or `product`), `field`, `value` and, if wanted, `note`; or a
//! JSON object a line, `{"product": "a/1", "set": {"title": "…"}, "drop": ["brand"], "note": "…"}`.
//!
//! A row that cannot be used is named with its line and costs no other row. The same file twice changes nothing the second
//! time.

mod csv_rows;
mod json_rows;
mod quotes;

use std::collections::HashMap;
use std::io::Read;

use berika_catalog::{ProductKey, SupplierId};
use berika_store::{Store, StoreError};
use serde::Serialize;

use super::{Asked, Considered, Known, Verdict, Wish, consider_known, note_of};
use crate::Config;

/// The most bytes of a file.
const FILE_MOST: u64 = 64 << 20;

/// The most changes in a file.
const CHANGES_MOST: usize = 200_000;

/// The most rows with errors that are written out; the count stays exact.
const ERRORS_MOST: usize = 1_000;

/// Why a file is refused as a whole.
#[derive(Debug, thiserror::Error)]
pub enum EditsFileError {
    /// It cannot be read.
    #[error("cannot read {file}")]
    Read {
        /// The file.
        file: String,
        /// Why.
        source: std::io::Error,
    },
    /// It is something else.
    #[error(
        "{file} {problem}; a file of edits is UTF-8: CSV with the columns supplier, sku (or product), field, value and, if \
         wanted, note, or a JSON object a line"
    )]
    Other {
        /// The file.
        file: String,
        /// What it is.
        problem: &'static str,
    },
    /// A quote takes in all rows behind it.
    #[error("{file}: the quote opened in line {line} is never closed")]
    Unclosed {
        /// The file.
        file: String,
        /// The line, counted from 1.
        line: u64,
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
        if let Some(problem) = something_else(&content) {
            return Err(EditsFileError::Other { file: name.to_owned(), problem });
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

/// What a file is that holds no edits as we read them; `None` where it may.
fn something_else(content: &[u8]) -> Option<&'static str> {
    let start = &content[..content.len().min(1_000)];
    let marked = start.starts_with(b"\xff\xfe") || start.starts_with(b"\xfe\xff");
    let zeros = |from: usize| start.iter().skip(from).step_by(2).filter(|byte| **byte == 0).count();
    let (even, odd) = (zeros(0), zeros(1));
    // Nearly all characters of a table take one byte, and the other of the two is zero.
    let is_wide = (even > start.len() / 4) != (odd > start.len() / 4);
    match start.iter().find(|byte| !byte.is_ascii_whitespace()) {
        _ if start.starts_with(b"PK\x03\x04") => Some("is a workbook or another ZIP archive"),
        _ if marked || is_wide => Some("is in UTF-16"),
        _ if even + odd > 0 => Some("is no text"),
        Some(b'[') => Some("is one JSON array"),
        _ => None,
    }
}

/// Says of each row of a file what it would come to.
///
/// # Errors
/// Any statement's failure.
pub async fn judge(store: &Store, config: &Config, file: &EditsFile) -> Result<Judged, StoreError> {
    let mut errors = file.errors.clone();
    let mut failed = file.failed;
    let mut rows: Vec<(usize, JudgedRow)> = Vec::new();
    // A product is read once, however its rows are strewn over the file.
    let product = |at: usize| &file.asked[at].1.product;
    let mut order: Vec<usize> = (0..file.asked.len()).collect();
    order.sort_by(|&one, &other| product(one).cmp(product(other)));
    for of_one in order.chunk_by(|&one, &other| product(one) == product(other)) {
        let mut known = Known::read(store, product(of_one[0])).await?;
        // What was asked of each field, and where.
        let mut asked_of: HashMap<String, (u64, &Wish)> = HashMap::new();
        for &at in of_one {
            let (line, asked) = &file.asked[at];
            let line = *line;
            let considered = consider_known(store, config, asked, &known).await?;
            let row = match (&considered.verdict, asked_of.get(&considered.field)) {
                (Verdict::Refused { .. }, _) => considered,
                (_, Some((_, wish))) if **wish == asked.wish => {
                    let verdict = Verdict::Same { why: "an earlier row asks for the same" };
                    Considered { verdict, change: None, ..considered }
                }
                (_, Some((first, _))) => {
                    let (field, product) = (&considered.field, &considered.product);
                    let why = format!("{field} of {product} is changed otherwise in line {first} already");
                    Considered { verdict: Verdict::Refused { why }, change: None, ..considered }
                }
                (_, None) => {
                    asked_of.insert(considered.field.clone(), (line, &asked.wish));
                    known.admit(considered)
                }
            };
            match row.verdict {
                Verdict::Refused { why } => {
                    errors.push(LineError { line, problem: why });
                    failed += 1;
                }
                _ => rows.push((at, JudgedRow { line, considered: row })),
            }
        }
    }
    rows.sort_by_key(|(at, _)| *at);
    errors.sort_by_key(|error| error.line);
    errors.truncate(ERRORS_MOST);
    Ok(Judged { rows: rows.into_iter().map(|(_, row)| row).collect(), errors, failed })
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

#[cfg(test)]
mod tests;
