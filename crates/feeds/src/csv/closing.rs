//! Rows that close a table: totals, counts, "end of file".
//!
//! A product may be called Total too. So the word alone decides nothing: the article number must be missing, or the
//! word must stand in its place with nothing but amounts beside it and only such rows below.

use super::record::Record;
use super::scanner::{cells_of_line, lines};

/// Words that begin or make up a closing row, in lower case.
const WORDS: [&str; 33] = [
    "summa",
    "totalt",
    "total",
    "totals",
    "totalsumma",
    "delsumma",
    "sum",
    "subtotal",
    "grand",
    "gesamt",
    "gesamtsumme",
    "summe",
    "zwischensumme",
    "i",
    "yhteensä",
    "antal",
    "antall",
    "anzahl",
    "count",
    "number",
    "rows",
    "rader",
    "rækker",
    "zeilen",
    "artiklar",
    "artikler",
    "poster",
    "slut",
    "end",
    "ende",
    "eof",
    "slutt",
    "loppu",
];

/// Whether a row may close the table, its article number in one of the columns `keys`.
pub(super) fn may_close(record: &Record, keys: &[usize]) -> bool {
    let mut filled = record.cells().enumerate().filter(|(_, cell)| !cell.trim().is_empty());
    let Some((first, cell)) = filled.next() else { return false };
    filled.all(|(_, cell)| is_amount(cell))
        && !keys.is_empty()
        && (keys.contains(&first) || has_no_key(record, keys))
        && closes(cell)
}

/// Whether nothing in a row that may close the table stands in the column of its article number.
pub(super) fn has_no_key(record: &Record, keys: &[usize]) -> bool {
    keys.iter().all(|&key| record.get(key).is_none_or(|cell| cell.trim().is_empty()))
}

/// Whether all lines of the text behind a row that may close the table are such, too.
pub(super) fn only_closing(rest: &str, delimiter: u8) -> bool {
    let delimiter = char::from(delimiter);
    lines(rest).all(|line| {
        let mut filled = line.split(delimiter).map(|cell| cell.trim().trim_matches(['"', '\'']));
        let mut filled = filled.by_ref().filter(|cell| !cell.is_empty());
        filled.next().is_none_or(|cell| closes(cell) && filled.all(is_amount))
    })
}

/// `Summa`, `Total:`, `Antal artiklar: 300`, `*** End of file ***`.
fn closes(cell: &str) -> bool {
    const LONGEST: usize = 60;
    let cell = cell.trim().trim_matches(['*', '-', '=', '#', '<', '>', '[', ']', '(', ')', ' ']);
    if cell.is_empty() || cell.len() > LONGEST || !cell.starts_with(|c: char| c.is_alphanumeric()) {
        return false;
    }
    const FEW: usize = 4;
    let lower = cell.to_lowercase();
    if let Some((_, word)) =
        lower.split_once(' ').filter(|(count, _)| count.bytes().all(|b| b.is_ascii_digit()))
    {
        // `300 artiklar`.
        return WORDS.contains(&word);
    }
    let end = lower.find(|c: char| !c.is_alphabetic()).unwrap_or(lower.len());
    let (first, others) = lower.split_at(end);
    WORDS.contains(&first)
        && (others.is_empty() || others.starts_with([' ', ':']))
        && others.split_whitespace().count() <= FEW
        && (first != "i" || others.starts_with(" alt"))
}

/// A number, perhaps with its currency.
fn is_amount(cell: &str) -> bool {
    const CURRENCY: usize = 4;
    let cell = cell.trim();
    cell.bytes().any(|byte| byte.is_ascii_digit())
        && cell.chars().filter(|c| c.is_alphabetic()).count() <= CURRENCY
        || cell.is_empty()
}

/// Whether the lines that follow a row of `found` cells are the rest of a row of `columns` that line breaks without
/// quotes have cut in pieces; how many lines they are.
pub(super) fn pieces_behind(found: usize, columns: usize, ahead: &str, delimiter: u8) -> usize {
    const MOST: usize = 20;
    let mut sum = found;
    for (number, line) in ahead.split(['\n', '\r']).filter(|line| !line.is_empty()).take(MOST).enumerate() {
        let cells = cells_of_line(line, delimiter);
        if cells >= columns {
            return 0;
        }
        sum += cells - 1;
        if sum == columns {
            return number + 1;
        }
        if sum > columns {
            return 0;
        }
    }
    0
}
