//! A text whose lines are in two encodings: UTF-8 and a single-byte one.
//!
//! A line that is strictly UTF-8 is read as that. In others what can only be UTF-8 is, and the other bytes are read in
//! the single-byte encoding.

use std::cell::RefCell;
use std::collections::VecDeque;
use std::io::{self, BufRead, Read};
use std::rc::Rc;

use encoding_rs::Encoding;
use memchr::{memchr_iter, memrchr2};

/// The lines, counted from 1, that were not in the text's main encoding.
#[derive(Debug, Clone, Default)]
pub(crate) struct OtherLines(Rc<RefCell<VecDeque<u64>>>);

impl OtherLines {
    /// Whether any of the lines up to `last` was, forgetting those before.
    pub(crate) fn any(&self, first: u64, last: u64) -> bool {
        let mut lines = self.0.borrow_mut();
        let mut any = false;
        while lines.front().is_some_and(|line| *line <= last) {
            any |= lines.pop_front().is_some_and(|line| line >= first);
        }
        any
    }

    fn add(&self, line: u64) {
        // Whoever does not ask for them must not be made to keep them all.
        const MOST: usize = 100_000;
        let mut lines = self.0.borrow_mut();
        if lines.len() < MOST && lines.back() != Some(&line) {
            lines.push_back(line);
        }
    }
}

/// Decodes lines.
pub(super) struct LineReader<R> {
    reader: R,
    single: &'static Encoding,
    /// Whether most lines are UTF-8.
    mostly_utf8: bool,
    others: OtherLines,
    /// Bytes that are not decoded yet.
    raw: Vec<u8>,
    text: Vec<u8>,
    given: usize,
    line: u64,
    drained: bool,
}

impl<R: BufRead> LineReader<R> {
    pub(super) fn new(reader: R, single: &'static Encoding, mostly_utf8: bool, others: OtherLines) -> Self {
        let (raw, text) = Default::default();
        Self { reader, single, mostly_utf8, others, raw, text, given: 0, line: 1, drained: false }
    }

    /// Decodes the next whole lines, or the next part of a very long one.
    fn refill(&mut self) -> io::Result<()> {
        const LONG: usize = 256 << 10;
        self.text.clear();
        self.given = 0;
        let whole = loop {
            let buffer = self.reader.fill_buf()?;
            if buffer.is_empty() {
                self.drained = true;
                break self.raw.len();
            }
            let length = buffer.len();
            self.raw.extend_from_slice(buffer);
            self.reader.consume(length);
            // A CR at the end may be half of a CR LF.
            let sure = &self.raw[..self.raw.len() - 1];
            if let Some(end) = memrchr2(b'\n', b'\r', sure) {
                let pair = sure[end] == b'\r' && self.raw[end + 1] == b'\n';
                break end + 1 + usize::from(pair);
            }
            if self.raw.len() > LONG {
                let ascii = self.raw.iter().rposition(|byte| byte.is_ascii() && *byte != b'\r');
                break ascii.map_or(self.raw.len(), |at| at + 1);
            }
        };
        let raw = std::mem::take(&mut self.raw);
        self.decode(&raw[..whole]);
        self.raw.extend_from_slice(&raw[whole..]);
        Ok(())
    }

    fn decode(&mut self, raw: &[u8]) {
        if self.mostly_utf8 {
            if std::str::from_utf8(raw).is_ok() {
                self.text.extend_from_slice(raw);
                self.line += line_ends(raw);
                return;
            }
        } else if !raw.windows(2).any(|pair| pair[0] >= 0xc2 && (0x80..0xc0).contains(&pair[1])) {
            decode_single(raw, self.single, &mut self.text);
            self.line += line_ends(raw);
            return;
        }
        let mut rest = raw;
        while !rest.is_empty() {
            let end = memchr::memchr2(b'\n', b'\r', rest).map_or(rest.len(), |end| {
                end + 1 + usize::from(rest[end] == b'\r' && rest.get(end + 1) == Some(&b'\n'))
            });
            let (line, behind) = rest.split_at(end);
            let other = match self.mostly_utf8 {
                true => decode_otherwise(line, self.single, &mut self.text),
                false => decode_usually_single(line, self.single, &mut self.text),
            };
            if other {
                self.others.add(self.line);
            }
            self.line += line_ends(line);
            rest = behind;
        }
    }
}

impl<R: BufRead> Read for LineReader<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        while self.given == self.text.len() && !(self.drained && self.raw.is_empty()) {
            self.refill()?;
        }
        let ready = &self.text[self.given..];
        let length = ready.len().min(buffer.len());
        buffer[..length].copy_from_slice(&ready[..length]);
        self.given += length;
        Ok(length)
    }
}

fn line_ends(raw: &[u8]) -> u64 {
    let alone = |at: &usize| raw.get(at + 1) != Some(&b'\n');
    (memchr_iter(b'\n', raw).count() + memchr_iter(b'\r', raw).filter(alone).count()) as u64
}

fn decode_single(raw: &[u8], single: &'static Encoding, text: &mut Vec<u8>) {
    text.extend_from_slice(single.decode_without_bom_handling(raw).0.as_bytes());
}

/// A line among lines of UTF-8; whether it is otherwise.
fn decode_otherwise(line: &[u8], single: &'static Encoding, text: &mut Vec<u8>) -> bool {
    let mut other = false;
    for chunk in line.utf8_chunks() {
        text.extend_from_slice(chunk.valid().as_bytes());
        if !chunk.invalid().is_empty() {
            other = true;
            decode_single(chunk.invalid(), single, text);
        }
    }
    other
}

/// A line among lines of the single-byte encoding; whether there is UTF-8 in it.
fn decode_usually_single(line: &[u8], single: &'static Encoding, text: &mut Vec<u8>) -> bool {
    if let Ok(valid) = std::str::from_utf8(line)
        && is_surely_utf8(valid)
    {
        text.extend_from_slice(line);
        return !line.is_ascii();
    }
    let mut other = false;
    let mut begun = 0;
    let mut at = 0;
    for chunk in line.utf8_chunks() {
        for c in chunk.valid().chars() {
            if is_only_utf8(c) {
                decode_single(&line[begun..at], single, text);
                begun = at + c.len_utf8();
                text.extend_from_slice(&line[at..begun]);
                other = true;
            }
            at += c.len_utf8();
        }
        at += chunk.invalid().len();
    }
    decode_single(&line[begun..], single, text);
    other
}

fn is_surely_utf8(line: &str) -> bool {
    const DIFFERENT: usize = 3;
    let mut beyond: Vec<char> = line.chars().filter(|c| !c.is_ascii()).collect();
    if beyond.is_empty() || beyond.iter().any(|c| is_only_utf8(*c)) {
        return true;
    }
    beyond.sort_unstable();
    beyond.dedup();
    beyond.len() >= DIFFERENT
}

/// A character whose bytes of UTF-8 are no sequence of letters in a single-byte encoding: `Ã¶`, `â€“`. Not so `É®`.
fn is_only_utf8(c: char) -> bool {
    matches!(c, '\u{a0}'..='\u{ff}' | '\u{2000}'..='\u{22ff}')
}

#[cfg(test)]
mod tests {
    use encoding_rs::WINDOWS_1252;

    use super::*;

    fn read(bytes: &[u8], mostly_utf8: bool) -> (String, Vec<u64>) {
        let others = OtherLines::default();
        // A tiny buffer, so that every place is cut somewhere.
        let reader = io::BufReader::with_capacity(3, bytes);
        let mut text = String::new();
        LineReader::new(reader, WINDOWS_1252, mostly_utf8, others.clone()).read_to_string(&mut text).unwrap();
        let lines = others.0.borrow().iter().copied().collect();
        (text, lines)
    }

    #[test]
    fn each_line_is_read_as_what_it_is() {
        let mixed = b"K\xc3\xb6tt\r\nK\xf6tt\rMj\xc3\xb6lk\n\nM\xc3\xb6s K\xf6tt";
        let text = "Kött\r\nKött\rMjölk\n\nMös Kött";
        assert_eq!(read(mixed, true), (text.to_owned(), vec![2, 5]));
        assert_eq!(read(mixed, false), (text.to_owned(), vec![1, 3, 5]));
    }

    #[test]
    fn letters_that_could_be_utf8_by_chance_stay() {
        for text in ["NESCAFÉ® Röd", "NESCAFÉ®", "”SMÅ”", "SMÅ™ och PLÅ®", "90°–100°"] {
            let (bytes, _, _) = WINDOWS_1252.encode(text);
            assert_eq!(read(&bytes, false), (text.to_owned(), Vec::new()));
        }
    }

    #[test]
    fn lines_are_counted_whatever_ends_them() {
        let others = OtherLines::default();
        for line in [2, 5, 5, 9] {
            others.add(line);
        }
        assert!(!others.any(1, 1));
        assert!(others.any(1, 3));
        assert!(others.any(4, 6));
        assert!(!others.any(7, 8));
        assert!(others.any(9, 9));
    }
}
