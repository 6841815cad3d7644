//! The texts to embed: one a line, UTF-8.

use std::fs::File;
use std::io::{BufRead, BufReader};
use std::path::Path;

use anyhow::{Context as _, bail};

/// The largest file that is read, in bytes.
const CAP: u64 = 4 << 30;

/// The lines of the file, without their ends. An empty line is an empty text.
///
/// # Errors
/// If it cannot be read, is too large, has no line, or one that is not UTF-8.
pub(super) fn read(file: &Path) -> anyhow::Result<Vec<String>> {
    let shown = file.display();
    let open = File::open(file).with_context(|| format!("failed to read {shown}"))?;
    let size = open.metadata().with_context(|| format!("failed to read {shown}"))?.len();
    if size > CAP {
        bail!("{shown} has {size} bytes, and at most {CAP} are read; give a part of it");
    }
    let mut texts = Vec::new();
    for (at, line) in BufReader::new(open).split(b'\n').enumerate() {
        let mut line = line.with_context(|| format!("failed to read {shown}"))?;
        if line.last() == Some(&b'\r') {
            line.pop();
        }
        let text = String::from_utf8(line)
            .with_context(|| format!("{shown}, line {}: not UTF-8; convert the file first", at + 1))?;
        texts.push(text);
    }
    if texts.is_empty() {
        bail!("{shown} is empty; give at least one line of text");
    }
    Ok(texts)
}
