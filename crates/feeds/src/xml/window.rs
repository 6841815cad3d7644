//! The stretch of a document that is held in memory: the item at hand and what was read ahead of it.

use std::io::{self, ErrorKind, Read};

/// Bytes read at once.
const CHUNK: usize = 256 << 10;

/// Why reading on is impossible.
#[derive(Debug)]
pub(super) enum Stop {
    /// The file.
    Io(io::Error),
    /// What must be held is more than may be.
    Full,
    /// So many constructs without end that looking for more would only take time.
    Hopeless,
}

/// Text of a document as UTF-8. Places are indices into what is held and move only with [`Window::discard`].
pub(super) struct Window {
    reader: Box<dyn Read>,
    bytes: Vec<u8>,
    /// From here on bytes must be held.
    base: usize,
    /// The most bytes to hold from `base` on.
    most: usize,
    ended: bool,
    /// Bytes read so far, let go of or not.
    read: u64,
    /// A place and its line, from which counting goes on.
    counted: (usize, u64),
}

impl Window {
    pub(super) fn new(reader: Box<dyn Read>, most: u64) -> Self {
        let most = usize::try_from(most).unwrap_or(usize::MAX);
        Self { reader, bytes: Vec::new(), base: 0, most, ended: false, read: 0, counted: (0, 1) }
    }

    /// What is held between two places.
    pub(super) fn slice(&self, from: usize, to: usize) -> &[u8] {
        self.bytes.get(from..to).unwrap_or_default()
    }

    /// The byte at a place, read if it must be; `None` behind the end.
    pub(super) fn get(&mut self, at: usize) -> Result<Option<u8>, Stop> {
        if let Some(byte) = self.bytes.get(at) {
            return Ok(Some(*byte));
        }
        while self.bytes.len() <= at && self.more()? {}
        Ok(self.bytes.get(at).copied())
    }

    /// Whether these bytes stand at a place.
    pub(super) fn has(&mut self, at: usize, text: &[u8]) -> Result<bool, Stop> {
        self.get(at + text.len() - 1)?;
        Ok(self.bytes.get(at..).is_some_and(|rest| rest.starts_with(text)))
    }

    /// The next place that `search` finds, of something that is `length` bytes long.
    pub(super) fn find(
        &mut self,
        mut from: usize,
        length: usize,
        search: impl Fn(&[u8]) -> Option<usize>,
    ) -> Result<Option<usize>, Stop> {
        loop {
            if let Some(found) = self.bytes.get(from..).and_then(&search) {
                return Ok(Some(from + found));
            }
            from = from.max((self.bytes.len() + 1).saturating_sub(length));
            if !self.more()? {
                return Ok(None);
            }
        }
    }

    /// The place behind the last byte, once all was read.
    pub(super) fn end(&self) -> Option<usize> {
        self.ended.then_some(self.bytes.len())
    }

    /// How many bytes were read so far.
    pub(super) fn read(&self) -> u64 {
        self.read
    }

    /// Lets go of what stands before a place, where that is worth moving the rest. Returns where the place is now.
    pub(super) fn discard(&mut self, at: usize) -> usize {
        self.base = at;
        if at < CHUNK || at < self.bytes.len() - at {
            return at;
        }
        let line = self.line(at);
        self.bytes.drain(..at);
        (self.base, self.counted) = (0, (0, line));
        0
    }

    /// The line of a place.
    pub(super) fn line(&mut self, at: usize) -> u64 {
        let (from, line) = self.counted;
        let breaks = |from: usize, to: usize| memchr::memchr_iter(b'\n', self.slice(from, to)).count() as u64;
        let line = if at >= from { line + breaks(from, at) } else { line - breaks(at, from) };
        self.counted = (at, line);
        line
    }

    fn more(&mut self) -> Result<bool, Stop> {
        if self.ended {
            return Ok(false);
        }
        let held = self.bytes.len();
        if held - self.base > self.most {
            return Err(Stop::Full);
        }
        self.bytes.resize(held + CHUNK, 0);
        let mut filled = held;
        while filled < self.bytes.len() {
            match self.reader.read(&mut self.bytes[filled..]) {
                Ok(0) => {
                    self.ended = true;
                    break;
                }
                Ok(read) => filled += read,
                Err(error) if error.kind() == ErrorKind::Interrupted => {}
                Err(error) => {
                    self.bytes.truncate(held);
                    return Err(Stop::Io(error));
                }
            }
        }
        self.bytes.truncate(filled);
        self.read += (filled - held) as u64;
        Ok(filled > held)
    }
}
