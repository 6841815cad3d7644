//! JSON text by its structure alone: where a value begins and ends, whatever stands in it.
//!
//! Nothing is judged here. A value with a fault in it has an end all the same, mostly the right one, so that what
//! follows can be read.

use std::io::{self, Read};

use crate::FeedProblem;

const CHUNK: usize = 64 << 10;

/// The document's text and the place in it.
pub(super) struct Scanner<R> {
    text: R,
    buffer: Vec<u8>,
    at: usize,
    line: u64,
    /// Bytes before this line's first in all.
    line_start: u64,
    passed: u64,
}

/// How a value ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum End {
    /// With its own last character.
    Closed,
    /// With a bracket that belongs to what it stands in.
    Unclosed,
    /// With the document.
    Document,
    /// It has more bytes than are held.
    Limit,
}

impl<R: Read> Scanner<R> {
    pub(super) fn new(text: R) -> Self {
        Self { text, buffer: Vec::new(), at: 0, line: 1, line_start: 0, passed: 0 }
    }

    /// The line of the next character, counted from 1.
    pub(super) fn line(&self) -> u64 {
        self.line
    }

    /// That the document is no JSON at the next character.
    pub(super) fn problem(&self, reason: impl Into<String>) -> FeedProblem {
        let column = (self.passed - self.line_start) as usize + 1;
        FeedProblem::Json { line: self.line as usize, column, reason: reason.into() }
    }

    /// The next character that is no white space; it is not passed. `None` at the end.
    pub(super) fn peek(&mut self) -> Result<Option<u8>, FeedProblem> {
        loop {
            match self.next_byte()? {
                // A byte order mark stands where files were put one behind the other.
                Some(b' ' | b'\t' | b'\r' | b'\n' | 0xef | 0xbb | 0xbf) => self.pass(),
                found => return Ok(found),
            }
        }
    }

    /// Passes the next character.
    pub(super) fn pass(&mut self) {
        let Some(byte) = self.buffer.get(self.at) else { return };
        self.at += 1;
        self.passed += 1;
        if *byte == b'\n' {
            self.line += 1;
            self.line_start = self.passed;
        }
    }

    /// Goes back to before `text`, which was read last.
    pub(super) fn put_back(&mut self, text: &[u8]) {
        self.buffer.splice(..self.at, text.iter().copied());
        self.at = 0;
        self.passed -= text.len() as u64;
        self.line -= text.iter().filter(|byte| **byte == b'\n').count() as u64;
        self.line_start = self.line_start.min(self.passed);
    }

    /// Reads one value into `into`, or as much of it as `limit` allows.
    pub(super) fn value(&mut self, into: &mut Vec<u8>, limit: u64) -> Result<End, FeedProblem> {
        into.clear();
        self.walk(|byte| {
            into.push(byte);
            into.len() as u64 <= limit
        })
    }

    /// Passes one value of any size.
    pub(super) fn skip(&mut self) -> Result<End, FeedProblem> {
        self.walk(|_| true)
    }

    /// Passes one value, showing each byte to `take`, which says whether it wants more.
    fn walk(&mut self, mut take: impl FnMut(u8) -> bool) -> Result<End, FeedProblem> {
        /// A value that nests deeper is larger than any limit on values.
        const DEEPEST: usize = 1 << 20;
        let Some(first) = self.peek()? else { return Ok(End::Document) };
        let mut open: Vec<u8> = Vec::new();
        let (mut quoted, mut escaped, mut begun) = (false, false, false);
        loop {
            let Some(byte) = self.next_byte()? else {
                let whole = open.is_empty() && !quoted && begun;
                return Ok(if whole { End::Closed } else { End::Document });
            };
            if open.is_empty()
                && begun
                && !quoted
                && matches!(byte, b',' | b']' | b'}' | b':' | b' ' | b'\n' | b'\r' | b'\t')
            {
                return Ok(End::Closed);
            }
            let closes = match byte {
                b']' if !quoted => Some(b'['),
                b'}' if !quoted => Some(b'{'),
                _ => None,
            };
            if let Some(opening) = closes {
                // What was opened within and never closed ends with it.
                match open.iter().rposition(|found| *found == opening) {
                    Some(at) => open.truncate(at),
                    None => return Ok(End::Unclosed),
                }
            }
            self.pass();
            if !take(byte) {
                return Ok(End::Limit);
            }
            begun = true;
            if quoted {
                (quoted, escaped) = (escaped || byte != b'"', !escaped && byte == b'\\');
            } else if byte == b'"' {
                quoted = true;
                continue;
            } else if matches!(byte, b'[' | b'{') {
                if open.len() >= DEEPEST {
                    return Ok(End::Limit);
                }
                open.push(byte);
            }
            let ended = open.is_empty() && !quoted;
            if ended && matches!(first, b'"' | b'[' | b'{') {
                return Ok(End::Closed);
            }
        }
    }

    fn next_byte(&mut self) -> Result<Option<u8>, FeedProblem> {
        while self.at == self.buffer.len() {
            self.buffer.resize(CHUNK, 0);
            self.at = 0;
            let read = match self.text.read(&mut self.buffer) {
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {
                    self.buffer.clear();
                    continue;
                }
                read => read.map_err(FeedProblem::io("read the file"))?,
            };
            self.buffer.truncate(read);
            if read == 0 {
                return Ok(None);
            }
        }
        Ok(Some(self.buffer[self.at]))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn values(text: &str) -> Vec<(String, End)> {
        let mut scanner = Scanner::new(text.as_bytes());
        let (mut values, mut value) = (Vec::new(), Vec::new());
        while let Some(next) = scanner.peek().unwrap() {
            if matches!(next, b',' | b']' | b'}' | b':') {
                scanner.pass();
                continue;
            }
            let end = scanner.value(&mut value, 1_000).unwrap();
            values.push((String::from_utf8(value.clone()).unwrap(), end));
        }
        values
    }

    #[test]
    fn values_end_where_their_structure_does() {
        for (text, found) in [
            (r#"{"a": "}"} 12 ,"x\"]" , [1, [2]]"#, vec![r#"{"a": "}"}"#, "12", r#""x\"]""#, "[1, [2]]"]),
            (r#"{"a": [1, 2}, {"b": 1}"#, vec![r#"{"a": [1, 2}"#, r#"{"b": 1}"#]),
            ("{}{}", vec!["{}", "{}"]),
            ("true,null", vec!["true", "null"]),
        ] {
            let ended = |text: &str| (text.to_owned(), End::Closed);
            assert_eq!(values(text), found.into_iter().map(ended).collect::<Vec<_>>());
        }
        assert_eq!(values(r#"{"a": 1]"#)[0], (r#"{"a": 1"#.to_owned(), End::Unclosed));
        assert_eq!(values(r#"{"a": "1}"#)[0].1, End::Document);
    }

    #[test]
    fn what_is_put_back_is_read_again_with_its_line() {
        let mut scanner = Scanner::new("[1,\n2]\n{\"a\":\n1}".as_bytes());
        let mut value = Vec::new();
        scanner.value(&mut value, 100).unwrap();
        scanner.put_back(&value[2..]);
        assert_eq!((scanner.peek().unwrap(), scanner.line()), (Some(b','), 1));
        scanner.pass();
        assert_eq!((scanner.peek().unwrap(), scanner.line()), (Some(b'2'), 2));
    }

    proptest! {
        #[test]
        fn every_text_comes_to_an_end(text in "[\\[\\]{}\",:\\\\ a1\\n]{0,60}") {
            values(&text);
        }
    }
}
