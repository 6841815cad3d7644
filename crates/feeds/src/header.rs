//! Which row of a table is its header, and which rows below it are headers too.
//!
//! The columns that the supplier's rules name decide. Where none of them is found (a renamed header, no rules yet) the
//! shape does: a header is filled, as wide as the rows below it, and holds different words rather than numbers.

use crate::text;

/// Rows that are looked at in search of a header.
pub(crate) const DEEPEST: usize = 60;

/// A header's place and what speaks for it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Header {
    /// Counted from 0.
    pub(crate) row: usize,
    /// How many of the columns that the rules name it has.
    pub(crate) named: usize,
    /// Whether it looks like one at all.
    pub(crate) shaped: bool,
}

/// The likeliest header among the first rows of a table.
pub(crate) fn find(rows: &[Vec<String>], wanted: &[&str]) -> Header {
    let first = rows.len().min(DEEPEST);
    let width = usual_width(rows);
    let filled = |row: &usize| rows[*row].iter().filter(|cell| !cell.trim().is_empty()).count();
    // Rows that name wanted columns, those that are no lone cell first, then by how many.
    let of_table = |row: &usize| width < 2 || filled(row) > 1;
    let counted = (0..first).map(|row| (of_table(&row), named(&rows[row], wanted), row));
    let best = counted
        .filter(|(_, named, _)| *named > 0)
        .max_by_key(|&(fits, named, row)| (fits, named, first - row));
    if let Some((true, named, row)) = best {
        return Header { row, named, shaped: true };
    }
    let shaped = (0..first).filter(|&row| width > 1 && is_shaped(&rows[row], width));
    match shaped.max_by_key(|row| (filled(row), first - row)) {
        Some(row) => Header { row, named: 0, shaped: true },
        None => {
            // A table of one column beside stray cells: a lone name is better than nothing.
            let wide = || rows[..first].iter().position(|row| row.len() >= width).unwrap_or_default();
            let (named, row) = best.map_or_else(|| (0, wide()), |(_, named, row)| (named, row));
            Header { row, named, shaped: false }
        }
    }
}

/// How the row at `at` would do as a header.
pub(crate) fn judge(rows: &[Vec<String>], at: usize, wanted: &[&str]) -> Header {
    let Some(row) = rows.get(at) else { return Header { row: at, named: 0, shaped: false } };
    let named = named(row, wanted);
    Header { row: at, named, shaped: named > 0 || is_shaped(row, usual_width(rows)) }
}

/// How many of the wanted names are among the cells.
fn named(row: &[String], wanted: &[&str]) -> usize {
    wanted.iter().filter(|name| row.iter().any(|cell| is_name(cell, name))).count()
}

/// How many rows directly below the header are headers as well: units, technical names, another language.
///
/// Such a row has words where the rows below it have numbers, in two columns at least, and no code where they have one.
pub(crate) fn further(below: &[Vec<String>]) -> usize {
    const MOST: usize = 3;
    let all = |&most: &usize| below[..most].iter().all(|row| is_no_data(row, &below[most..]));
    (1..=MOST.min(below.len())).rev().find(all).unwrap_or_default()
}

fn is_no_data(row: &[String], below: &[Vec<String>]) -> bool {
    const ENOUGH: usize = 3;
    let mut words = 0;
    for (column, cell) in row.iter().enumerate().filter(|(_, cell)| !cell.trim().is_empty()) {
        let values = below.iter().filter_map(|row| row.get(column)).filter(|cell| !cell.trim().is_empty());
        let (mut all, mut coded, mut numbers) = (0, 0, 0);
        for value in values {
            all += 1;
            coded += usize::from(has_digit(value));
            numbers += usize::from(is_value(value));
        }
        // A header may stand among the rows below once more.
        if all < ENOUGH || coded * 5 < all * 4 {
            continue;
        }
        if has_digit(cell) && !is_unit(cell) {
            return false;
        }
        words += usize::from(numbers * 5 >= all * 4);
    }
    words > 1
}

fn is_name(cell: &str, name: &str) -> bool {
    text::line(cell) == name.trim()
}

fn has_digit(cell: &str) -> bool {
    cell.bytes().any(|byte| byte.is_ascii_digit())
}

/// The units that hold a digit.
fn is_unit(cell: &str) -> bool {
    let cell = cell.trim().trim_matches(['(', ')', '[', ']']);
    ["m2", "m3", "cm2", "cm3", "mm2", "mm3", "dm3", "kg/m2", "kg/m3", "CO2"].contains(&cell)
}

/// The number of cells that most rows have.
fn usual_width(rows: &[Vec<String>]) -> usize {
    let mut widths: Vec<usize> = rows.iter().map(Vec::len).collect();
    widths.sort_unstable();
    let mut runs: Vec<(usize, usize)> = Vec::new();
    for width in widths {
        match runs.last_mut() {
            Some((last, times)) if *last == width => *times += 1,
            _ => runs.push((width, 1)),
        }
    }
    runs.into_iter().max_by_key(|&(width, times)| (times, width)).map_or(0, |(width, _)| width)
}

fn is_shaped(row: &[String], width: usize) -> bool {
    let last = row.iter().rposition(|cell| !cell.trim().is_empty());
    let Some(last) = last.filter(|_| row.len() == width) else { return false };
    let cells: Vec<&str> = row[..=last].iter().map(|cell| cell.trim()).collect();
    let filled: Vec<&str> = cells.iter().copied().filter(|cell| !cell.is_empty()).collect();
    let mut different = filled.clone();
    different.sort_unstable();
    different.dedup();
    let values = filled.iter().filter(|cell| is_value(cell)).count();
    filled.len() > 1
        && filled.len() * 2 > width
        && filled.len() * 5 >= cells.len() * 4
        && different.len() * 10 >= filled.len() * 9
        && values * 5 <= filled.len()
}

/// A number, a date, an address, a text: what stands below headers.
fn is_value(cell: &str) -> bool {
    const LONGEST_NAME: usize = 80;
    (has_digit(cell) && !cell.chars().any(char::is_alphabetic))
        || cell.starts_with("http://")
        || cell.starts_with("https://")
        || cell.len() > LONGEST_NAME
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rows(text: &str) -> Vec<Vec<String>> {
        text.lines().map(|line| line.split(';').map(str::to_owned).collect()).collect()
    }

    #[test]
    fn named_columns_decide_before_shape() {
        let table = rows("Prislista;Pris\nNamn;Antal;Art\nsku;title;price\n1;Ett;9,00\n2;title;8,00");
        assert_eq!(find(&table, &["sku", "title", "price"]), Header { row: 2, named: 3, shaped: true });
        assert_eq!(find(&table, &["x"]).row, 1);
    }

    #[test]
    fn shape_finds_a_header_below_junk() {
        let table = rows(
            "Firman AB;;;\nStorgatan 1;;;\nExport;2026-11-30;;\n\nNr;Namn;EAN 13;Pris\n1;Ett;7350042700110;9,00\n2;Två;;8,00",
        );
        assert_eq!(find(&table, &[]), Header { row: 4, named: 0, shaped: true });
        assert_eq!(find(&rows("a;b\nc;d\ne;f"), &[]).row, 0);
        assert_eq!(find(&rows("1;2\n3;4"), &[]), Header { row: 0, named: 0, shaped: false });
        assert_eq!(find(&[], &["a"]).row, 0);
    }

    #[test]
    fn headers_below_the_header_have_words_for_numbers() {
        let data = "10;Ett;9,00;1,2\n11;Två;8,00;0,3\n12;Tre;7,00;4\n";
        for (below, headers) in [
            ("", 0),
            (";;SEK;kg\n", 1),
            ("art_no;name;price;weight\n;;SEK;kg\n", 2),
            ("X;Fyra;6,00;\n", 0),
            (";Rubrik;;\n", 0),
            ("ABC;Ring för pris;på förfrågan;1\n", 0),
        ] {
            assert_eq!(further(&rows(&format!("{below}{data}"))), headers, "{below}");
        }
    }
}
