//! Headers of two rows, and what a sheet's first rows say about where its header stands.

use crate::header;

/// Rows that are looked at.
pub(super) const SEEN: usize = 60;
/// Texts that are held for it.
pub(super) const SEEN_BYTES: usize = 1 << 20;

/// The header among a sheet's first rows.
#[derive(Debug, PartialEq)]
pub(super) struct Header {
    /// How many rows end with it.
    pub(super) rows: usize,
    pub(super) names: Vec<String>,
}

/// The row that is likeliest the header.
///
/// A row and the one above it are one header where only both together name a wanted column: `Pris` over `SEK` is
/// `Pris SEK`.
pub(super) fn find(rows: &[Vec<String>], wanted: &[&str]) -> Option<Header> {
    // Rows end with their last cell; a header's likeness shows between rows of one length.
    let width = rows.iter().map(Vec::len).max()?;
    let even: Vec<Vec<String>> = rows.iter().map(|row| padded(row, width)).collect();
    let found = header::find(&even, wanted);
    let mut best = (found.named, Header { rows: found.row + 1, names: rows.get(found.row)?.clone() });
    for (at, pair) in rows.windows(2).enumerate() {
        let names = joined(&pair[0], &pair[1]);
        let named = header::judge(std::slice::from_ref(&names), 0, wanted).named;
        if named > best.0 {
            best = (named, Header { rows: at + 2, names });
        }
    }
    Some(best.1)
}

fn padded(row: &[String], width: usize) -> Vec<String> {
    let mut row = row.to_vec();
    row.resize(width, String::new());
    row
}

/// Each column's two names as one.
fn joined(above: &[String], below: &[String]) -> Vec<String> {
    let of = |row: &[String], at: usize| row.get(at).map(|name| name.trim().to_owned()).unwrap_or_default();
    let columns = 0..above.len().max(below.len());
    columns
        .map(|at| match (of(above, at), of(below, at)) {
            (above, below) if below.is_empty() || above == below => above,
            (above, below) if above.is_empty() => below,
            (above, below) => format!("{above} {below}"),
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn row(text: &str) -> Vec<String> {
        text.split('|').map(str::to_owned).collect()
    }

    #[test]
    fn the_row_with_the_wanted_columns_is_the_header() {
        let rows = [row("Prislista 2026"), row("Gäller från maj"), row("Artnr|Namn|Pris"), row("1|Kanna|9")];
        let header = find(&rows, &["Artnr", "Namn"]).unwrap();
        assert_eq!(header, Header { rows: 3, names: row("Artnr|Namn|Pris") });
        assert_eq!(find(&rows, &[]).unwrap().rows, 3);
        assert_eq!(find(&[], &[]), None);
    }

    #[test]
    fn two_rows_are_one_header_where_both_are_needed() {
        let rows = [row("Artikel|Artikel|Pris|Pris"), row("Nr|Namn|SEK|EUR"), row("1|Kanna|9|1")];
        let header = find(&rows, &["Artikel Nr", "Pris EUR"]).unwrap();
        assert_eq!(header, Header { rows: 2, names: row("Artikel Nr|Artikel Namn|Pris SEK|Pris EUR") });
        assert_eq!(find(&rows, &["Nr", "Namn"]).unwrap().names, rows[1]);
    }
}
