//! Edits as delimited text, a field a row.

use berika_catalog::edit::EditField;

use super::quotes::Faults;
use super::{Asked, EditsFile, EditsFileError, Wish, note_of, product_of};

/// The columns there are.
const COLUMNS: [&str; 6] = ["product", "supplier", "sku", "field", "value", "note"];

/// The most line breaks in a row: a description has few, and a quote that is never closed takes in all rows behind it.
const BREAKS_MOST: usize = 300;

/// Reads delimited text; the delimiter is the one of `,`, `;` and tab that stands most often in the header.
pub(super) fn read(name: &str, content: &[u8], file: &mut EditsFile) -> Result<(), EditsFileError> {
    let columns = |problem: String| EditsFileError::Columns { file: name.to_owned(), problem };
    if content.trim_ascii().is_empty() {
        return Ok(());
    }
    let header = content.split(|byte| *byte == b'\n').next().unwrap_or_default();
    let count = |delimiter: &u8| header.iter().filter(|byte| *byte == delimiter).count();
    let delimiter = [b'\t', b';', b','].into_iter().max_by_key(count).unwrap_or(b',');
    if count(&delimiter) == 0 && count(&b'|') > 0 {
        let problem = "parts its columns by |, not by a comma, a semicolon or a tab";
        return Err(EditsFileError::Other { file: name.to_owned(), problem });
    }
    let faults = Faults::of(content, delimiter);
    if let Some(line) = faults.unclosed {
        return Err(EditsFileError::Unclosed { file: name.to_owned(), line });
    }
    let mut reader = csv::ReaderBuilder::new().delimiter(delimiter).flexible(true).from_reader(content);
    let headings = reader.byte_headers().map_err(|error| columns(error.to_string()))?;
    let headings: Vec<String> =
        headings.iter().map(|heading| String::from_utf8_lossy(heading).trim().to_lowercase()).collect();
    let mut places = [None; COLUMNS.len()];
    for (at, heading) in headings.iter().enumerate() {
        let Some(column) = COLUMNS.iter().position(|column| column == heading) else {
            return Err(columns(format!(
                "there is no column {:?}",
                heading.chars().take(40).collect::<String>()
            )));
        };
        if places[column].replace(at).is_some() {
            return Err(columns(format!("the column {heading} stands there twice")));
        }
    }
    let [product, supplier, sku, field, value, note] = places;
    let (Some(field), Some(value)) = (field, value) else {
        return Err(columns("field or value is not there".to_owned()));
    };
    if product.is_none() && (supplier.is_none() || sku.is_none()) {
        return Err(columns("no column names the product".to_owned()));
    }
    // Whether a line within a cell has what a row has: as many cells, a product and a field.
    let looks_like_row = |line: &[u8]| {
        let cells: Vec<&[u8]> = line.split(|byte| *byte == delimiter).collect();
        let cell = |at: usize| {
            let text = cells.get(at).and_then(|cell| std::str::from_utf8(cell).ok());
            text.map(|text| text.trim_matches(|c: char| c == '"' || c.is_whitespace())).unwrap_or_default()
        };
        let is_named =
            product.map_or_else(|| sku.is_some_and(|at| !cell(at).is_empty()), |at| cell(at).contains('/'));
        cells.len() >= headings.len() && is_named && EditField::named(cell(field)).is_ok()
    };
    let mut record = csv::ByteRecord::new();
    loop {
        // Without a length to keep and without a file to fail, every row is read.
        match reader.read_byte_record(&mut record) {
            Ok(true) => {}
            Ok(false) => return Ok(()),
            Err(error) => return Err(columns(error.to_string())),
        }
        let line = line_of(content, record.position());
        let (from, to) = (record.position().map_or(0, csv::Position::byte), reader.position().byte());
        if record.iter().all(|cell| cell.trim_ascii().is_empty()) {
            continue;
        }
        let row = || -> Result<Asked, String> {
            let breaks = record.iter().flatten().filter(|byte| **byte == b'\n').count();
            if breaks > BREAKS_MOST {
                return Err(format!(
                    "the row goes on for {breaks} lines: perhaps a quote is not closed, and the rows behind it are lost in it"
                ));
            }
            let lines = record.iter().flat_map(|cell| cell.split(|byte| *byte == b'\n').skip(1));
            let swallowed = lines.filter(|line| looks_like_row(line)).count();
            if swallowed > 0 {
                return Err(format!(
                    "a value goes on over {swallowed} lines that look like rows: perhaps its quote is not closed"
                ));
            }
            if faults.within(from, to) {
                return Err(
                    "a cell goes on behind its closing quote; a quote within quotes is doubled".to_owned()
                );
            }
            if record.len() != headings.len() {
                return Err(format!("it has {} cells, the header {}", record.len(), headings.len()));
            }
            let cell = |at: usize| {
                std::str::from_utf8(&record[at]).map_err(|_| format!("{} is not UTF-8", headings[at]))
            };
            let optional = |at: Option<usize>| at.map(cell).transpose();
            Ok(Asked {
                product: product_of(optional(product)?, optional(supplier)?, optional(sku)?)?,
                field: cell(field)?.to_owned(),
                wish: Wish::Set(cell(value)?.into()),
                note: note_of(optional(note)?)?,
                origin: Some(format!("{name} line {line}")),
            })
        };
        match row() {
            Ok(asked) => file.asked.push((line, asked)),
            Err(problem) => file.refuse(line, problem),
        }
        if file.is_full() {
            return Ok(());
        }
    }
}

/// The line in which a row begins: the reader counts from the end of the row before, and passes over empty lines.
fn line_of(content: &[u8], position: Option<&csv::Position>) -> u64 {
    let Some(position) = position else { return 0 };
    let from = usize::try_from(position.byte()).unwrap_or(usize::MAX);
    let rest = content.get(from..).unwrap_or_default();
    let empty =
        rest.iter().take_while(|byte| matches!(byte, b'\r' | b'\n')).filter(|byte| **byte == b'\n').count();
    position.line() + empty as u64
}
