//! Merged cells: the value stands in the first of them, and a reader sees it in all.
//!
//! Downwards it counts for every row, as for a group's name beside its products. To the right it counts in the header
//! alone: a line such as a chapter's heading, which spans the whole table, must not fill every column of a row.

use std::collections::BTreeMap;

use super::header::SEEN_BYTES;
use super::part::{Part, Step, attribute, damaged};
use super::row::SheetRow;
use super::sheet::row_number;
use crate::FeedProblem;
use crate::item::Cell;

/// Cells that are shown as one.
#[derive(Debug, Clone, Copy)]
struct Region {
    rows: (u64, u64),
    columns: (usize, usize),
}

/// The merged cells of a sheet.
#[derive(Default)]
pub(super) struct Merges {
    /// By first row, the last of them first.
    ahead: Vec<Region>,
    /// Values that reach down, by column, with the last row they reach.
    down: BTreeMap<usize, (u64, Cell<'static>)>,
    /// Regions that begin in the row that was last seen.
    here: Vec<Region>,
    /// The last row of those that lack a value from above, because it was too large to be held beside the others.
    lost: u64,
}

impl Merges {
    /// Walks over the whole sheet, since they stand behind its cells.
    pub(super) fn read(mut part: Part<'_>) -> Result<Self, FeedProblem> {
        const MOST: usize = 1_000_000;
        let mut ahead: Vec<Region> = Vec::new();
        loop {
            match part.next()? {
                Step::Open(start) => match start.local_name().into_inner() {
                    "row" => part.row = row_number(&start).unwrap_or(part.row.saturating_add(1)),
                    "mergeCell" if ahead.len() == MOST => {
                        return Err(damaged(format!("the sheet has more than {MOST} merged cells")));
                    }
                    "mergeCell" => ahead.extend(attribute(&start, "ref").and_then(|text| region(&text))),
                    _ => {}
                },
                Step::Close(name) if name == "row" => part.renew(),
                Step::Close(_) | Step::Text(_) => {}
                Step::End => break,
            }
        }
        ahead.sort_by_key(|region| std::cmp::Reverse((region.rows.0, region.columns.0)));
        Ok(Self { ahead, ..Self::default() })
    }

    /// Gives the row the values that reach down to it, and remembers those that begin in it. Neither the row nor what
    /// is remembered grows over `most` bytes.
    pub(super) fn apply(&mut self, row: &mut SheetRow, most: u64) {
        self.here.clear();
        self.down.retain(|_, (last, _)| *last >= row.number);
        let mut held: u64 = self.down.values().map(|(_, cell)| cell.text.len() as u64).sum();
        let mut bytes = row.bytes();
        if row.number <= self.lost {
            row.too_large.get_or_insert(bytes.saturating_add(most));
        }
        let mut missing = Vec::new();
        for (column, (_, cell)) in &self.down {
            if row.cell(*column).is_some() {
                continue;
            }
            bytes += cell.text.len() as u64;
            if bytes > most {
                row.too_large.get_or_insert(bytes);
                break;
            }
            missing.push((*column, cell.clone()));
        }
        row.cells.extend(missing);
        row.order();
        while let Some(region) = self.ahead.pop_if(|region| region.rows.0 <= row.number) {
            if region.rows.0 < row.number {
                // It began in a row without cells: nothing stands in it.
                continue;
            }
            self.here.push(region);
            if region.rows.1 > row.number
                && let Some(cell) = row.cell(region.columns.0)
            {
                held += cell.text.len() as u64;
                if held > most {
                    self.lost = self.lost.max(region.rows.1);
                    continue;
                }
                self.down.insert(region.columns.0, (region.rows.1, cell.clone()));
            }
        }
    }

    /// The texts of the row that was last seen as a header has them: its values fill to the right. Texts beyond
    /// `most` columns are cut off after one more. Where copies would take more memory than a header does, a value
    /// stands in its first column alone.
    pub(super) fn spread(&self, row: &SheetRow, most: usize) -> Vec<String> {
        let mut copied = 0;
        let last = row.cells.last().map_or(0, |(column, _)| column + 1);
        let last = self.here.iter().map(|region| region.columns.1 + 1).fold(last, usize::max);
        let mut texts = vec![String::new(); last.min(most + 1)];
        for (column, cell) in &row.cells {
            let region = self.here.iter().find(|region| region.columns.0 == *column);
            let until = region.map_or(*column, |region| region.columns.1);
            for (at, text) in texts.iter_mut().enumerate().take(until + 1).skip(*column) {
                if text.is_empty() || until == *column {
                    copied += if at == *column { 0 } else { cell.text.len() };
                    if copied > SEEN_BYTES / 2 {
                        break;
                    }
                    *text = cell.text.clone().into_owned();
                }
            }
        }
        texts
    }
}

/// `A2:B5`, with columns counted from 0.
fn region(text: &str) -> Option<Region> {
    let (from, to) = text.trim().split_once(':')?;
    let ((first_column, first_row), (last_column, last_row)) = (place(from)?, place(to)?);
    let rows = (first_row?, last_row?);
    let sound = rows.0 <= rows.1 && first_column <= last_column;
    sound.then_some(Region { rows, columns: (first_column, last_column) })
}

/// `AB12`: the column, counted from 0, and the row, if it names one.
pub(super) fn place(text: &str) -> Option<(usize, Option<u64>)> {
    let letters = text.bytes().take_while(u8::is_ascii_alphabetic).count();
    if !(1..=3).contains(&letters) {
        return None;
    }
    let column =
        text[..letters].bytes().fold(0, |sum, b| sum * 26 + usize::from(b.to_ascii_uppercase() - b'A') + 1);
    Some((column - 1, text[letters..].parse().ok()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_are_read() {
        for (text, found) in [
            ("A1", Some((0, Some(1)))),
            ("Z9", Some((25, Some(9)))),
            ("AA10", Some((26, Some(10)))),
            ("XFD1048576", Some((16_383, Some(1_048_576)))),
            ("A", Some((0, None))),
            ("", None),
            ("12", None),
            ("AAAA1", None),
        ] {
            assert_eq!(place(text), found, "{text}");
        }
    }
}
