//! Which delimiter and which quotes a delivery's table has, and where its header stands.
//!
//! Every likely pair of delimiter and quotes reads the beginning of the text, and the readings are compared: how many
//! of the columns that the supplier's rules name the header then has, whether there is a table at all, how alike the
//! rows are in length and how few quotes stand where none should, how many columns there are.

use super::quotes::Quotes;
use super::record::Record;
use super::scanner::{Caps, Scanner};
use crate::header::{self, Header};

const DELIMITERS: [u8; 6] = [b';', b',', b'\t', b'|', b'^', b'~'];
const ROWS: usize = 200;
const CAPS: Caps = Caps { record: u64::MAX, reach: 64 << 10 };

/// The beginning of a delivery's text.
#[derive(Debug)]
pub(super) struct Sample {
    pub(super) text: String,
    /// Whether there is more.
    pub(super) cut: bool,
}

/// What the supplier's settings say.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Known {
    pub(super) delimiter: Option<u8>,
    /// Counted from 1, a `sep=` line not counted.
    pub(super) header_row: Option<u64>,
}

/// How a table is laid out.
#[derive(Debug, Clone, Copy)]
pub(super) struct Layout {
    pub(super) delimiter: u8,
    pub(super) quotes: Quotes,
    /// Counted from 1, a `sep=` line included.
    pub(super) header_row: u64,
    /// How many rows below the header are headers too.
    pub(super) further_headers: u64,
    /// Whether rows end where their last filled cell does.
    pub(super) drops_blanks: bool,
    score: Score,
}

impl Layout {
    /// What speaks for it, in words.
    pub(super) fn evidence(&self) -> String {
        let Score { named, wanted, columns, same, rows, .. } = self.score;
        let plural = |n: usize| if n == 1 { "" } else { "s" };
        let names = match wanted {
            0 => String::new(),
            _ => format!(", {named} of {wanted} mapped columns in the header"),
        };
        format!("{columns} column{} in {same} of {rows} row{}{names}", plural(columns), plural(rows))
    }
}

/// The likeliest layout of `sample` and the likeliest with another delimiter, if it is one at all.
pub(super) fn find(sample: &Sample, known: Known, wanted: &[&str]) -> (Layout, Option<Layout>) {
    let declared = declared(&sample.text);
    let fixed = known.delimiter.or(declared);
    let mut delimiters: Vec<u8> = match fixed {
        Some(delimiter) => vec![delimiter],
        None => DELIMITERS.into_iter().filter(|&byte| sample.text.contains(char::from(byte))).collect(),
    };
    if delimiters.is_empty() {
        delimiters.push(DELIMITERS[0]);
    }
    let mut layouts: Vec<Layout> = Vec::new();
    for delimiter in delimiters {
        for quotes in Quotes::ALL.into_iter().filter(|quotes| quotes.is_likely(&sample.text)) {
            layouts.push(read(sample, delimiter, quotes, known.header_row, declared.is_some(), wanted));
        }
    }
    // Stable: of equals the first, which is the likelier, stays first.
    layouts.sort_by(|a, b| b.score.total_cmp(&a.score));
    let best = layouts[0];
    let is_table = |score: &Score| score.columns > 1 && score.shaped;
    let other = layouts.into_iter().find(|other| other.delimiter != best.delimiter && is_table(&other.score));
    (best, other)
}

/// `sep=;` as a first line, which Excel writes and reads.
fn declared(sample: &str) -> Option<u8> {
    let line = sample.lines().next()?.trim_matches('"');
    let delimiter = line.get(..4).filter(|start| start.eq_ignore_ascii_case("sep=")).map(|_| &line[4..])?;
    match delimiter.as_bytes() {
        [delimiter] if delimiter.is_ascii() => Some(*delimiter),
        [] => Some(b'\t'),
        _ => None,
    }
}

#[derive(Debug, Clone, Copy)]
struct Score {
    wanted: usize,
    named: usize,
    shaped: bool,
    columns: usize,
    /// Rows of the header's length.
    same: usize,
    rows: usize,
    /// The share of rows that are as they should be.
    regular: f64,
}

impl Score {
    fn total_cmp(&self, other: &Self) -> std::cmp::Ordering {
        self.named
            .cmp(&other.named)
            .then((self.columns > 1).cmp(&(other.columns > 1)))
            .then(self.shaped.cmp(&other.shaped))
            .then(self.regular.total_cmp(&other.regular))
            .then(self.columns.cmp(&other.columns))
    }
}

/// The sample as one delimiter and one way of quoting have it.
fn read(
    sample: &Sample,
    delimiter: u8,
    quotes: Quotes,
    header_row: Option<u64>,
    declared: bool,
    wanted: &[&str],
) -> Layout {
    let above = usize::from(declared);
    let starts = starts(sample, delimiter, quotes);
    let header = match header_row {
        Some(row) => header::judge(&starts, usize::try_from(row).unwrap_or(usize::MAX) - 1 + above, wanted),
        None => {
            let found = header::find(starts.get(above..).unwrap_or_default(), wanted);
            Header { row: found.row + above, ..found }
        }
    };
    let Reading { rows, faults } = Reading::of(sample, delimiter, quotes, header.row as u64);
    let columns = rows.first().map_or(0, Vec::len);
    let below = rows.get(1..).unwrap_or_default();
    let same = below.iter().filter(|row| row.len() == columns).count();
    let short = below.iter().filter(|row| row.len() > 1 && row.len() < columns).count();
    // One or two broken quotes do not tell that there are none at all.
    let handicap = if quotes == Quotes::None { 2.5 } else { 0.0 };
    let regular = match below.len() {
        0 => 1.0,
        all => (same as f64 + short as f64 / 2.0 - faults as f64 - handicap) / all as f64,
    };
    let lone_short = lone_short_rows(below, columns);
    Layout {
        delimiter,
        quotes,
        header_row: header.row as u64 + 1,
        further_headers: header::further(below) as u64,
        drops_blanks: lone_short > 2 && lone_short * 10 > below.len(),
        score: Score {
            wanted: wanted.len(),
            named: header.named,
            shaped: header.shaped,
            columns,
            same,
            rows: below.len(),
            regular,
        },
    }
}

/// Rows that are too short and not half of a row that a line break cut in two.
fn lone_short_rows(rows: &[Vec<String>], columns: usize) -> usize {
    let short = |row: &Vec<String>| row.len() > 1 && row.len() < columns;
    let halves = |pair: &[Vec<String>]| {
        pair[0].len() < columns && pair[1].len() < columns && pair[0].len() + pair[1].len() == columns + 1
    };
    let all = rows.iter().filter(|row| short(row)).count();
    all.saturating_sub(rows.windows(2).filter(|pair| halves(pair)).count() * 2)
}

/// What each of the first lines would be as a row.
fn starts(sample: &Sample, delimiter: u8, quotes: Quotes) -> Vec<Vec<String>> {
    let mut scanner = Scanner::new(sample.text.as_bytes(), delimiter, quotes, CAPS);
    let mut record = Record::default();
    let mut rows = Vec::new();
    // Text in memory gives no error.
    while rows.len() <= header::DEEPEST && scanner.scan(&mut record).unwrap_or(false) {
        if !record.is_empty_line() {
            rows.push(record.cells().map(str::to_owned).collect());
        }
        scanner.take_line(&record);
    }
    rows
}

/// The header, the rows below it, and how many of them have quotes where they should not.
struct Reading {
    rows: Vec<Vec<String>>,
    faults: usize,
}

impl Reading {
    fn of(sample: &Sample, delimiter: u8, quotes: Quotes, above: u64) -> Self {
        let mut scanner = Scanner::new(sample.text.as_bytes(), delimiter, quotes, CAPS);
        let mut record = Record::default();
        let mut reading = Self { rows: Vec::new(), faults: 0 };
        let mut more = scanner.skip_lines(&mut record, above).unwrap_or(false);
        while more && reading.rows.len() < ROWS && scanner.scan(&mut record).unwrap_or(false) {
            if sample.cut && record.at_end() && !reading.rows.is_empty() {
                break;
            }
            let mut fault = record.open || record.stray.is_some();
            if fault && (record.open || record.lines > 1) {
                more = scanner.scan_line(&mut record).unwrap_or(false);
            }
            scanner.take(&record);
            if record.is_empty_line() {
                continue;
            }
            fault |= record.unquoted_cells().any(is_wrapped);
            reading.faults += usize::from(fault);
            reading.rows.push(record.cells().map(str::to_owned).collect());
        }
        reading
    }
}

/// A cell still within quotes: they were not the ones that the reading took for quotes.
fn is_wrapped(cell: &str) -> bool {
    let cell = cell.trim();
    cell.len() > 1 && ['"', '\''].iter().any(|&mark| cell.starts_with(mark) && cell.ends_with(mark))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn layout(text: &str, wanted: &[&str]) -> (char, Quotes, u64, Option<char>) {
        let sample = Sample { text: text.to_owned(), cut: false };
        let (best, other) = find(&sample, Known::default(), wanted);
        (char::from(best.delimiter), best.quotes, best.header_row, other.map(|o| char::from(o.delimiter)))
    }

    #[test]
    fn the_header_and_even_rows_tell_the_delimiter() {
        for (text, wanted, delimiter) in [
            ("a;b,c;d\n1;2,5;3\n", [].as_slice(), ';'),
            ("a\tb\n1,5\t2\n1,7\t3\n", &[], '\t'),
            ("a,b|c,d\n1,2|3,4\n", &["b|c"], ','),
            ("x\n1\n", &[], ';'),
            ("namn;text\n1;\"a,b,c\nd,e,f\"\n2;x\n", &[], ';'),
            ("sku;pris\n1;12,50\n2;9,00\n", &[], ';'),
            ("a^b^c\n1^2^3\n", &[], '^'),
            ("a~b~c\n1~2~3\n", &[], '~'),
        ] {
            assert_eq!(layout(text, wanted).0, delimiter, "{text}");
        }
        assert_eq!(layout("a\tb\n1,5\t2\n1,7\t3\n", &[]).3, None);
        assert_eq!(layout("x\n1\n", &[]).3, None);
    }

    #[test]
    fn quotes_are_told_by_what_they_leave() {
        for (text, quotes) in [
            ("a;b\n1;\"x;y\"\n", Quotes::Doubled),
            ("a;b\n1;\"x \"\"y\"\" z\"\n", Quotes::Doubled),
            ("a;b\n1;\"x \\\"y\\\"; z\"\n2;\"u\"\n", Quotes::Backslash),
            ("a;b\n1;'x;y'\n2;'z'\n", Quotes::Single),
            ("a;b\n1;'n Beetje\n2;'s avonds\n", Quotes::Doubled),
            ("a;b\n1;\"5 tum rör\n2;\"6 tum rör\n3;\"7 tum rör\n", Quotes::None),
            ("a;b\n1;\"C:\\\"\n2;\"D:\\\"\n", Quotes::Doubled),
        ] {
            assert_eq!(layout(text, &[]).1, quotes, "{text}");
        }
    }

    #[test]
    fn a_declared_delimiter_is_read() {
        assert_eq!(declared("sep=;\r\na;b"), Some(b';'));
        assert_eq!(declared("\"SEP=|\"\na"), Some(b'|'));
        assert_eq!(declared("a;b"), None);
        assert_eq!(layout("sep=,\na;b,c\n1,2\n", &[]).0, ',');
    }

    #[test]
    fn a_header_below_junk_is_found_in_its_own_dialect() {
        let text = "Firman AB, Storgatan 1\nTelefon: 1,2,3\n\nsku;title;price\n1;Ett;9,00\n2;Två;8,50\n";
        assert_eq!(layout(text, &["sku", "title"]).0, ';');
        assert_eq!(layout(text, &["sku", "title"]).2, 3);
        assert_eq!((layout(text, &[]).0, layout(text, &[]).2), (';', 3));
    }
}
