//! Which character separates the cells of a delivery's table.

const CANDIDATES: [u8; 4] = [b';', b',', b'\t', b'|'];
const ROWS: usize = 60;

/// The likeliest delimiter of `sample` and the next, if there is one at all.
///
/// Counted are: how many of the columns that the supplier's rules name the header would then have, then how alike the
/// rows are in length, then how many columns there are. A text of one column takes the first candidate.
pub(crate) fn find(sample: &str, cut: bool, header_row: usize, wanted: &[&str]) -> (u8, Option<u8>) {
    let mut scored: Vec<(Score, u8)> = CANDIDATES
        .iter()
        .map(|&delimiter| (score(sample, cut, header_row, wanted, delimiter), delimiter))
        .collect();
    scored.sort_by(|a, b| b.0.total_cmp(&a.0));
    let runner_up = scored.get(1).filter(|(score, _)| score.columns > 1).map(|(_, delimiter)| *delimiter);
    (scored[0].1, runner_up)
}

/// `sep=;` as a first line, which Excel writes and reads.
pub(crate) fn declared(sample: &str) -> Option<u8> {
    let line = sample.lines().next()?.trim_matches('"');
    match line.strip_prefix("sep=")?.as_bytes() {
        [delimiter] => Some(*delimiter),
        [] => Some(b'\t'),
        _ => None,
    }
}

#[derive(Debug, Clone, Copy)]
struct Score {
    wanted: usize,
    alike: f64,
    columns: usize,
}

impl Score {
    fn total_cmp(&self, other: &Self) -> std::cmp::Ordering {
        self.wanted
            .cmp(&other.wanted)
            .then((self.columns > 1).cmp(&(other.columns > 1)))
            .then(self.alike.total_cmp(&other.alike))
            .then(self.columns.cmp(&other.columns))
    }
}

fn score(sample: &str, cut: bool, header_row: usize, wanted: &[&str], delimiter: u8) -> Score {
    let mut reader = csv::ReaderBuilder::new()
        .delimiter(delimiter)
        .has_headers(false)
        .flexible(true)
        .from_reader(sample.as_bytes());
    let mut rows: Vec<csv::StringRecord> = reader.records().take(ROWS + 1).map_while(Result::ok).collect();
    // The sample's end, or the last row taken, may be half a row.
    if (cut || rows.len() > ROWS) && rows.len() > 1 {
        rows.pop();
    }
    let mut rows = rows.iter().skip(header_row.saturating_sub(1));
    let Some(header) = rows.next() else { return Score { wanted: 0, alike: 0.0, columns: 0 } };
    let found = wanted.iter().filter(|name| header.iter().any(|cell| cell.trim() == **name)).count();
    let (mut same, mut all) = (0_u32, 0_u32);
    for row in rows {
        all += 1;
        same += u32::from(row.len() == header.len());
    }
    let alike = if all == 0 { 1.0 } else { f64::from(same) / f64::from(all) };
    Score { wanted: found, alike, columns: header.len() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_header_and_even_rows_tell_the_delimiter() {
        assert_eq!(find("a;b,c;d\n1;2,5;3\n", false, 1, &[]).0, b';');
        assert_eq!(find("a\tb\n1,5\t2\n1,7\t3\n", false, 1, &[]), (b'\t', None));
        assert_eq!(find("a,b|c,d\n1,2|3,4\n", false, 1, &["b|c"]).0, b',');
        assert_eq!(find("x\n1\n", false, 1, &[]), (b';', None));
        assert_eq!(find("namn;text\n1;\"a,b,c\nd,e,f\"\n2;x\n", false, 1, &[]).0, b';');
    }

    #[test]
    fn a_declared_delimiter_is_read() {
        assert_eq!(declared("sep=;\r\na;b"), Some(b';'));
        assert_eq!(declared("\"sep=|\"\na"), Some(b'|'));
        assert_eq!(declared("a;b"), None);
    }
}
