//! One record of delimited text.

/// One record as it was scanned.
#[derive(Debug, Default)]
pub(super) struct Record {
    pub(super) text: String,
    pub(super) cells: Vec<(usize, usize)>,
    /// Which of the cells stand in quotes.
    pub(super) quoted: Vec<usize>,
    /// Its first line, counted from 1.
    pub(super) line: u64,
    /// How many lines it spans.
    pub(super) lines: u64,
    /// A quoted cell never ended.
    pub(super) open: bool,
    /// The cell with quotes that do not stand where they should: within a quoted cell and not doubled.
    pub(super) stray: Option<usize>,
    /// A cell without quotes ends with one.
    pub(super) bare: bool,
    /// A line end follows it.
    pub(super) terminated: bool,
    /// Its bytes in the text.
    pub(super) length: usize,
    /// The bytes of its first line.
    pub(super) first: usize,
}

impl Record {
    /// The bytes behind its first line.
    pub(super) fn beyond(&self) -> u64 {
        self.length.saturating_sub(self.first) as u64
    }

    pub(super) fn len(&self) -> usize {
        self.cells.len()
    }

    pub(super) fn get(&self, at: usize) -> Option<&str> {
        self.cells.get(at).map(|&(from, to)| &self.text[from..to])
    }

    pub(super) fn cells(&self) -> impl Iterator<Item = &str> {
        self.cells.iter().map(|&(from, to)| &self.text[from..to])
    }

    /// The cells that do not stand in quotes.
    pub(super) fn unquoted_cells(&self) -> impl Iterator<Item = &str> {
        let unquoted = |at: &usize| self.quoted.binary_search(at).is_err();
        (0..self.cells.len()).filter(unquoted).filter_map(|at| self.get(at))
    }

    /// Forgets all cells but the first so many.
    pub(super) fn truncate(&mut self, cells: usize) {
        self.cells.truncate(cells);
    }

    pub(super) fn is_blank(&self) -> bool {
        self.cells().all(|cell| cell.trim().is_empty())
    }

    /// A line without anything in it, which is no row.
    pub(super) fn is_empty_line(&self) -> bool {
        self.cells.len() < 2 && self.text.is_empty()
    }

    /// Whether it is cut off by the end of the text, perhaps within a cell.
    pub(super) fn at_end(&self) -> bool {
        !self.terminated
    }

    /// Its bytes without delimiters and quotes.
    pub(super) fn size(&self) -> usize {
        self.text.len()
    }
}
