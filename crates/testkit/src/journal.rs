//! What a receiver got, kept as lines of JSON that outlive the process.

use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::fs::{File, OpenOptions};
use std::io::{self, Write};
use std::path::Path;

/// One request as it arrived.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Received {
    /// `webhook-id`, empty where missing.
    pub id: String,
    /// `webhook-timestamp`: Unix seconds.
    pub timestamp: Option<i64>,
    /// Unix seconds of the receiver's clock.
    pub received_at: i64,
    /// Whether the signature was right and the timestamp near.
    pub verified: bool,
    /// Why it was not.
    pub reason: Option<String>,
    /// The status answered; `None` where the sender was left hanging.
    pub answered: Option<u16>,
    /// The request's path.
    pub path: String,
    /// Headers by lower-case name.
    pub headers: BTreeMap<String, String>,
    /// The body as text, byte for byte (what is not UTF-8 is replaced, and cannot have been signed).
    pub raw: String,
}

impl Received {
    /// The body as JSON; `Null` where it is none.
    pub fn body(&self) -> serde_json::Value {
        serde_json::from_str(&self.raw).unwrap_or_default()
    }
}

/// Reads a journal. A last line without its line break was being written when the process ended and is left out.
///
/// # Errors
/// Where the file cannot be read, or a complete line is not a record.
pub fn read_journal(path: impl AsRef<Path>) -> io::Result<Vec<Received>> {
    let text = std::fs::read_to_string(path)?;
    let complete = text.rfind('\n').map_or("", |end| &text[..=end]);
    complete.lines().map(|line| serde_json::from_str(line).map_err(io::Error::from)).collect()
}

pub(crate) struct Journal {
    file: File,
}

impl Journal {
    pub(crate) fn open(path: &Path) -> io::Result<Self> {
        Ok(Self { file: OpenOptions::new().create(true).append(true).open(path)? })
    }

    /// One write for the whole line: when it returns, the line survives the end of this process.
    pub(crate) fn append(&mut self, received: &Received) -> io::Result<()> {
        let mut line = serde_json::to_vec(received)?;
        line.push(b'\n');
        self.file.write_all(&line)
    }
}
