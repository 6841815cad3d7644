//! Files of one JSON object a line, read line by line.

use std::fs::File;
use std::io::{BufRead, BufReader, Read};
use std::path::{Path, PathBuf};

use anyhow::{Context as _, bail};

/// The longest line that is read, in bytes.
const LINE_MOST: u64 = 4 << 20;

/// A file's lines that are not empty.
pub(crate) struct JsonLines {
    path: PathBuf,
    reader: BufReader<File>,
    /// Of the line read last, from 1.
    number: usize,
    bytes: Vec<u8>,
}

impl JsonLines {
    /// Opens a file.
    pub(crate) fn open(path: &Path) -> anyhow::Result<Self> {
        let file = File::open(path).with_context(|| format!("cannot read {}", path.display()))?;
        Ok(Self { path: path.to_owned(), reader: BufReader::new(file), number: 0, bytes: Vec::new() })
    }

    /// Where the line read last stands.
    pub(crate) fn at(&self) -> String {
        format!("{}, line {}", self.path.display(), self.number)
    }

    /// The next line with its number; `None` at the end.
    ///
    /// # Errors
    /// Where it cannot be read, is too long or no UTF-8, naming it.
    pub(crate) fn next(&mut self) -> anyhow::Result<Option<(usize, String)>> {
        loop {
            self.bytes.clear();
            self.number += 1;
            let capped = (&mut self.reader).take(LINE_MOST).read_until(b'\n', &mut self.bytes);
            let read = capped.with_context(|| format!("failed to read {}", self.at()))?;
            if read == 0 {
                return Ok(None);
            }
            if read as u64 == LINE_MOST && self.bytes.last() != Some(&b'\n') {
                bail!(
                    "{}: the line is longer than {LINE_MOST} bytes; is this one JSON object a line?",
                    self.at()
                );
            }
            let text =
                std::str::from_utf8(&self.bytes).with_context(|| format!("{}: not UTF-8", self.at()))?;
            let text = text.trim_start_matches('\u{feff}').trim();
            if !text.is_empty() {
                return Ok(Some((self.number, text.to_owned())));
            }
        }
    }
}
